"""How a document is written in Markdown: tables, notes, and pieces that are filled in between two marks."""

import re
from collections.abc import Iterable, Mapping, Sequence

GENERATED = (
    "<!-- Written by `python -m docs.generate`. Change the code or the pack it is drawn from, not this file. -->"
)


def table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table; a line's end within a cell becomes a break."""
    lines = [heads, ["---"] * len(heads), *rows]
    return "\n".join(f"| {' | '.join(map(_cell, line))} |" for line in lines) + "\n"


def page(title: str, *parts: str) -> str:
    """A whole document that is drawn from code and data."""
    return "\n\n".join((GENERATED, f"# {title}", *(part.strip("\n") for part in parts))) + "\n"


def fill(text: str, pieces: Mapping[str, str]) -> str:
    """The document with each piece between its marks. Raises `ValueError` where a document has no place for one."""
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
