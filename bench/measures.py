"""The size of the project and the amount of code that one tap runs, counted from the source and from a trace."""

import asyncio
import sys
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

from rich.console import Console
from rich.table import Table

from tests.project.measures import PRODUCT, largest_value, lines, modules, modules_of_tests
from tests.support.places import ROOT
from tests.support.way import Way, way_of_a_form, way_of_a_tap

OWN = (".git", ".venv", "build", "node_modules", "mutants")
"""Folders whose documents were not written for this project."""


def words_of_documents() -> int:
    """Return the number of words in all documents, as `wc -w` counts them."""
    found = [path for path in ROOT.rglob("*.md") if not set(path.relative_to(ROOT).parts) & set(OWN)]
    return sum(len(path.read_text(encoding="utf-8").split()) for path in found)


def decision_records() -> int:
    """Return the number of decision records."""
    return len(list((ROOT / "docs" / "adr").glob("0*.md")))


def way_words(way: Way) -> str:
    """Return the counts of a trace as text: files, calls, changes from one file to another, and depth of calls."""
    return f"{len(way.files)} · {len(way.calls)} · {way.changes} · {way.depth}"


def rows() -> Iterator[tuple[str, str]]:
    """Yield each measure that is counted from the source: its name, and its count as text."""
    yield "lines · modules of the product", f"{lines(modules(*PRODUCT))} · {len(modules(*PRODUCT))}"
    for folder in (*PRODUCT, "bot/storage", "bot/channels", "bot/cli"):
        yield f"  of them {folder}", f"{lines(modules(folder))} · {len(modules(folder))}"
    tests, product = lines(modules_of_tests()), lines(modules(*PRODUCT))
    yield "lines of tests · for one of the product", f"{tests} · {tests / product:.2f}"
    fields, name = largest_value()
    yield "fields of the largest value", f"{fields} ({name})"
    yield "words of documents · decision records", f"{words_of_documents()} · {decision_records()}"


async def ways() -> tuple[Way, Way]:
    """Return two traces: of a tap in Telegram, and of a form that is submitted on a web page."""
    with TemporaryDirectory() as one, TemporaryDirectory() as other:
        return await way_of_a_tap(Path(one)), await way_of_a_form(Path(other))


def main() -> int:
    """Print all counts."""
    table = Table("Measure", "Count")
    tap, form = asyncio.run(ways())
    table.add_row("files · calls · changes of file · depth of a tap in Telegram", way_words(tap))
    table.add_row("the same of a form of a page, with the page that follows", way_words(form))
    for row in rows():
        table.add_row(*row)
    Console(width=110).print(table)
    return 0


if __name__ == "__main__":
    sys.exit(main())
