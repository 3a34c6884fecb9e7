"""The table of what was proven, between its marks in docs/promises.md; the words around it are written by hand."""

import re
from collections.abc import Iterator, Mapping

from docs.markdown import fill
from tests.support.proving.kept import Measured, Proved
from tests.support.proving.named import REST
from tests.support.proving.plan import seconds

MARK = "proved"
UNPROVEN = "not proven in full yet"
HEAD = "| promise | what | asked | reached | seconds | seeds | commit |\n| --- | --- | --- | --- | --- | --- | --- |"


def page(text: str, names: list[str], proved: Mapping[str, Proved]) -> str:
    """The page with a row for everything that was asked. What nobody proved here stands as it stood, or as not proven yet."""
    before = re.search(f"<!-- begin {MARK} -->(.*?)<!-- end {MARK} -->", text, re.DOTALL)
    stood = before[1].splitlines() if before else []
    rows = [row for name in names for row in _rows(name, proved.get(name), stood)]
    return fill(text, {MARK: "\n".join((HEAD, *rows))})


def _rows(name: str, proved: Proved | None, stood: list[str]) -> Iterator[str]:
    if proved is not None:
        yield from (_row(each, proved) for each in (_together(proved) if name == REST else proved.rows))
    elif here := [line for line in stood if line.startswith(f"| {name} |") and UNPROVEN not in line]:
        yield from here
    else:
        yield f"| {name} | {UNPROVEN}; about {seconds(name):,} s | | | | | |"


def _together(proved: Proved) -> tuple[Measured, ...]:
    """All tests that name no promise in one row: each says of itself what it shows."""
    asked, reached = sum(each.asked for each in proved.rows), sum(each.reached for each in proved.rows)
    return (Measured("tests that name no promise", asked, reached, sum(each.seconds for each in proved.rows), "each"),)


def _row(row: Measured, proved: Proved) -> str:
    reached = f"{row.reached:,}" if row.reached >= row.asked and proved.is_kept else f"**{row.reached:,}**"
    cells = (proved.promise, row.of, f"{row.asked:,}", reached, f"{row.seconds:,.1f}", row.seeds, proved.commit)
    return f"| {' | '.join(cells)} |"
