"""The figures that `bench.postgres` measured, kept in `bench/measured.json`, and their table in docs/speed.md."""

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from docs.markdown import fill, table

KEPT = Path(__file__).with_name("measured.json")
PAGE = Path(__file__).parent.parent / "docs" / "speed.md"

DELAYS = (0.0, 0.5, 1.0)
"""The distances to the server: milliseconds added in each direction."""

Figures = Mapping[str, Any]


@cache
def kept() -> Figures:
    """Return the figures of the last measurement that was written."""
    found: Figures = json.loads(KEPT.read_text(encoding="utf-8"))
    return found


def save(found: Figures) -> None:
    """Keep these figures, and write their table into docs/speed.md."""
    KEPT.write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")
    kept.cache_clear()
    PAGE.write_text(fill(PAGE.read_text(encoding="utf-8"), {"postgresql": postgresql_piece()}), encoding="utf-8")


def postgresql_piece() -> str:
    """Return the tables of what a tap costs in PostgreSQL, and how several copies get on together."""
    found = kept()
    one, other, trips = found["alone"]["sqlite"], found["alone"]["postgresql"], found["trips"]
    rows = [("taps in one transaction", *_batches(found))]
    for copies in ("1", "2", "4"):
        each = [found["copies"][f"{delay:g}"][copies] for delay in DELAYS]
        named = f"{copies} {'copy' if copies == '1' else 'copies'}: taps a second, p50, p99"
        rows.append((named, *(f"{it['rate']:.0f}, {it['p50']:.0f} ms, {it['p99']:.0f} ms" for it in each)))
    heads = ("", *(f"{2 * delay:g} ms there and back" for delay in DELAYS))
    return (
        f"Written by `python -m bench.postgres --write`, on {found['machine']}. A tap alone takes the store"
        f" {one['wall']:.2f} ms in SQLite, of which the processor {one['cpu']:.2f}; in PostgreSQL on the same machine"
        f" {other['wall']:.2f} ms, of which this process {other['cpu']:.2f}: **{found['alone']['ratio']:.1f}** times as long. It"
        f" waits for the server {trips['tap']} times, {trips['tap with a message']} with a message to remove; five taps in one"
        f" transaction {trips['five']} times. At each copy five people tap, each again once answered.\n\n{table(heads, rows)}\n"
        f"{_aims(found)}"
    )


def _aims(found: Figures) -> str:
    four, far = found["copies"]["0"]["4"], found["batches"]["0.5"]["1"]
    aims = {
        "waits for the server at most seven times": found["trips"]["tap with a message"] <= 7,
        "takes at most 9 ms with the server 1 ms away": far <= 9,
        "is one of at least 300 a second at four copies, p99 at most 200 ms": four["rate"] >= 300
        and four["p99"] <= 200,
    }
    words = (f"{aim}: {'yes' if is_met else '**no**'}" for aim, is_met in aims.items())
    return f"A tap {'; '.join(words)}.\n"


def _batches(found: Figures) -> list[str]:
    every = [found["batches"][f"{delay:g}"] for delay in DELAYS]
    return [", ".join(f"{size}: {each[size]:.1f} ms" for size in ("1", "5", "20")) for each in every]
