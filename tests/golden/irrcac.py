"""Draw 500 random tables, including degenerate ones, and write irrCAC's results for each, as tests/golden/agreement.csv.

irrCAC wants older libraries than the bot, so this runs in an environment of its own:

    python3 -m venv build/irrcac && build/irrcac/bin/pip install irrCAC==0.4.4
    build/irrcac/bin/python tests/golden/irrcac.py > tests/golden/agreement.csv
"""

import csv
import importlib
import random
import sys
import warnings
from collections.abc import Callable, Iterator
from typing import Any

TABLES = 500
HEADS = ("options", "table", "percent", "alpha", "alpha_low", "alpha_high", "ac1", "ac1_low", "ac1_high")
DIGITS = 5

Table = tuple[int, tuple[str, ...]]
"""The number of options, and a row for each item: a digit for each person, a dot for a gap."""

DEGENERATE: tuple[Table, ...] = (
    (2, ("00", "00")),
    (3, ("1111", "1111", "1111")),
    (3, ("012",)),
    (3, ("0000",)),
    (3, ("0000", "1111", "2222")),
    (5, ("01", "12", "23", "34", "40")),
    (3, ("0.", ".1", "00")),
    (3, ("0..", "01.", "...", "222")),
    (5, ("....0", "4444.", "44444")),
    (2, ("01", "10")),
)


def tables() -> Iterator[Table]:
    """Yield the degenerate tables, then random ones: two to five options, and people who mostly agree or mostly do not."""
    yield from DEGENERATE
    for seed in range(TABLES - len(DEGENERATE)):
        draw = random.Random(seed)
        options, people, items = draw.randint(2, 5), draw.randint(2, 12), draw.randint(1, 30)
        gaps, hard = draw.choice((0.0, 0.0, 0.1, 0.4)), draw.choice((0.05, 0.3, 0.6, 1.0))
        rows = []
        for _ in range(items):
            usual = draw.randrange(options)
            given = (str(draw.randrange(options) if draw.random() < hard else usual) for _ in range(people))
            rows.append("".join("." if draw.random() < gaps else each for each in given))
        yield options, tuple(rows)


def figures(table: Table) -> list[float | str]:
    """Return irrCAC's numbers, or nothing if it has none. It fails below two comparable items."""
    options, rows = table
    answered = [row for row in rows if row.strip(".")]
    if sum(len(row.replace(".", "")) > 1 for row in answered) < 2:
        return [""] * 7
    frame = importlib.import_module("pandas").DataFrame(
        [[None if each == "." else int(each) for each in row] for row in answered]
    )
    cac = importlib.import_module("irrCAC.raw").CAC(frame, categories=list(range(options)), digits=DIGITS)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return [cac.gwet()["est"]["pa"], *_interval(cac.krippendorff), *_interval(cac.gwet)]


def _interval(ask: Callable[[], Any]) -> list[float | str]:
    try:
        found = ask()["est"]
    except ZeroDivisionError:
        return ["", "", ""]
    three = [found["coefficient_value"], *found["confidence_interval"]]
    return [float(each) if each == each and abs(each) != float("inf") else "" for each in three]


def main() -> None:
    out = csv.writer(sys.stdout, lineterminator="\n")
    out.writerow(HEADS)
    for table in tables():
        out.writerow((table[0], " ".join(table[1]), *figures(table)))


if __name__ == "__main__":
    main()
