"""Writes the documents that are generated from code and data: `python -m docs.generate`. `--check` only checks them."""

import sys
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from pathlib import Path

from bench import scale
from bench.figures import postgresql_piece
from docs.conversation import conversation_page
from docs.coverage import coverage_page
from docs.floors import floors_picture
from docs.markdown import fill
from docs.noting import kinds_piece, rates_piece
from docs.pages import (
    assumed_piece,
    bands_piece,
    commands_piece,
    example_file,
    facts_piece,
    items_piece,
    options_piece,
    settings_page,
    shares_piece,
    worked_piece,
)
from docs.phone.strip import phone_picture
from docs.proof import proven_packs
from docs.schema import summary_schema
from docs.staff import staff_page
from docs.terminal import terminal_picture
from docs.units import TEMPLATES
from docs.watching import events_piece

ROOT = Path(__file__).parent.parent

Draw = Callable[[], str]

WHOLE: Mapping[str, Draw] = {
    ".env.example": example_file,
    "docs/conversation.md": conversation_page,
    "docs/coverage-of-the-guidance.md": coverage_page,
    "docs/for-staff.md": staff_page,
    "docs/pictures/terminal.svg": terminal_picture,
    "docs/pictures/floors.svg": floors_picture,
    "docs/pictures/phone.svg": phone_picture,
    "docs/settings.md": settings_page,
    "docs/summary.schema.json": summary_schema,
    **TEMPLATES,
    "seraf/packs/proven.txt": proven_packs,
}
"""The function that generates each file, by path, for files that are generated as a whole."""

PIECES: Mapping[str, Mapping[str, Draw]] = {
    "docs/calibration.md": {"shares": shares_piece, "assumed": assumed_piece},
    "docs/command-line.md": {"commands": commands_piece},
    "docs/deploy/watching.md": {"events": events_piece},
    "docs/notes.md": {"kinds": kinds_piece, "rates": rates_piece},
    "docs/scale.md": scale.PIECES,
    "docs/scoring.md": {
        "items": items_piece,
        "options": options_piece,
        "bands": bands_piece,
        "worked": worked_piece,
    },
    "docs/speed.md": {"postgresql": postgresql_piece},
    "docs/writing-a-pack.md": {"facts": facts_piece},
}
"""The functions that generate parts of files, by path and name of the part. The rest of these files is handwritten."""


def contents(root: Path) -> dict[str, str]:
    """Return the correct content of each generated file, by its path relative to the root of the project."""
    drawn = {path: _drawn(draw) for path, draw in WHOLE.items()}
    for path, pieces in PIECES.items():
        written = (root / path).read_text(encoding="utf-8")
        drawn[path] = fill(written, {name: _drawn(draw) for name, draw in pieces.items()})
    return drawn


def out_of_date(root: Path) -> dict[str, str]:
    """Return the correct content of each generated file that is not up to date, by path."""
    return {path: text for path, text in contents(root).items() if _read(root / path) != text}


def main(arguments: Sequence[str], root: Path) -> int:
    """Write the files, or check them with `--check`. Return the exit status: 1 if `--check` finds an outdated file."""
    if tuple(arguments) not in ((), ("--check",)):
        sys.stderr.write("usage: python -m docs.generate [--check]\n")
        return 2
    stale = out_of_date(root)
    if arguments:
        sys.stderr.writelines(f"{path}: out of date; `make docs-write` writes it again\n" for path in stale)
        return 1 if stale else 0
    for path, text in stale.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text, encoding="utf-8")
        sys.stdout.write(f"{path}: written\n")
    return 0


@cache
def _drawn(draw: Draw) -> str:
    """Return the text that `draw` generates. It is cached, since code and data do not change while the process runs."""
    return draw()


def _read(path: Path) -> str | None:
    return path.read_text(encoding="utf-8") if path.exists() else None


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:], ROOT))
