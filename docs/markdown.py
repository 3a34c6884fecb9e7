"""Helpers for Markdown documents: tables, whole pages, and generated parts between two marks."""

import re
from collections.abc import Iterable, Mapping, Sequence

GENERATED = (
    "<!-- Written by `python -m docs.generate`. Change the code or the pack it is drawn from, not this file. -->"
)


def table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return a table in Markdown. A line break within a cell becomes `<br>`."""
    lines = [heads, ["---"] * len(heads), *rows]
    return "\n".join(f"| {' | '.join(map(_cell, line))} |" for line in lines) + "\n"


def page(title: str, *parts: str) -> str:
    """Return a whole generated document: a notice that it is generated, its title, and its parts."""
    return "\n\n".join((GENERATED, f"# {title}", *(part.strip("\n") for part in parts))) + "\n"


def fill(text: str, pieces: Mapping[str, str]) -> str:
    """Return the text with each generated part between its marks. Raise `ValueError` if the text lacks the marks."""
    for name, piece in pieces.items():
        begin, end = f"<!-- begin {name} -->", f"<!-- end {name} -->"
        pattern = re.compile(f"{re.escape(begin)}.*?{re.escape(end)}", re.DOTALL)
        place = pattern.search(text)
        if place is None:
            raise ValueError(f"there is no {begin} … {end} in it")
        before, after = text[: place.start()], text[place.end() :]
        text = f"{before}{begin}\n\n{piece.strip()}\n\n{end}{after}"
    return text


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", "<br>")
