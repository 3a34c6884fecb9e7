"""Writes the table of results into docs/promises.md, between its marks. The rest of the page is handwritten."""

import re
from collections.abc import Mapping

from docs.markdown import fill
from tests.support.proving.kept import Proved

MARK = "proved"
UNPROVEN = "not proven in full yet"
HEAD = "| promise | tries | as promised | commit |\n| --- | ---: | ---: | --- |"


def page(text: str, names: list[str], proved: Mapping[str, Proved]) -> str:
    """Return the page with a row for every promise. One without a result keeps its row, or is called unproven."""
    before = re.search(f"<!-- begin {MARK} -->(.*?)<!-- end {MARK} -->", text, re.DOTALL)
    stood = {line.split(" ")[1]: line for line in (before[1] if before else "").splitlines() if line}
    rows = [_row(proved[name]) if name in proved else stood.get(name, f"| {name} | {UNPROVEN} | | |") for name in names]
    return fill(text, {MARK: "\n".join((HEAD, *rows))})


def _row(proved: Proved) -> str:
    """Return the row of a promise, with its counts added up. Extra successes of one part do not make up for another."""
    asked = sum(each.asked for each in proved.rows)
    reached = sum(min(each.asked, each.reached) for each in proved.rows)
    shown = f"{reached:,}" if reached == asked and proved.is_kept else f"**{reached:,}**"
    return f"| {proved.promise} | {asked:,} | {shown} | {proved.commit} |"
