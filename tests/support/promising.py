"""The counts that a test of a promise (docs/promises.md) records, and the table of these counts.

Nothing here runs a test: the fixture and the printing are in `tests/conftest.py`.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import pytest

PROPERTY = "promise"
"""The name of the property of a test's report that contains its counts."""

HEAD = ("promise", "what", "asked", "reached", "")
COUNTS = (2, 3)
"""The columns of the table that have numbers, and so are aligned to the right."""


@dataclass(frozen=True, slots=True)
class Tried:
    """How often a part of a promise was tried, and how often it was kept. `of` says what was counted."""

    name: str
    of: str
    asked: int
    reached: int
    is_kept: bool = True

    @property
    def order(self) -> tuple[int, str, str]:
        """The position of the count in the table, by the number of the promise."""
        return int(self.name[1:]), self.name, self.of


class Promise:
    """The object that a test uses to record how often it tried a promise, and how often the promise was kept."""

    def __init__(self, properties: list[tuple[str, object]]) -> None:
        self._properties = properties

    def reached(self, name: str, *, asked: int, reached: int, of: str = "") -> None:
        """Record counts of a promise, such as "P18". Raise AssertionError if it was broken at least once."""
        if not re.fullmatch(r"P[1-9]\d?", name):
            raise ValueError(f"a promise is named P and its number, not {name!r}")
        self._properties.append((PROPERTY, (name, of, asked, reached)))
        assert reached >= asked, f"{name}: {reached:,} of {asked:,} {of}"


@dataclass(frozen=True, slots=True)
class Run:
    """A test of a promise: its outcome (passed, failed or skipped), its counts, and its duration in seconds."""

    test: str
    outcome: str
    tried: tuple[Tried, ...] = ()
    seconds: float = 0.0


def runs(stats: Mapping[str, Sequence[Any]]) -> list[Run]:
    """Return each test of a promise once, from pytest's statistics.

    A test failed if any part of it did, such as a fixture; so did a module that could not be imported.
    """
    found: dict[str, Run] = {}
    for kind, outcome in (("passed", "passed"), ("skipped", "skipped"), ("failed", "failed"), ("error", "failed")):
        for report in stats.get(kind, ()):
            if isinstance(report, pytest.CollectReport):
                found[report.nodeid] = Run(report.nodeid, outcome)
            elif isinstance(report, pytest.TestReport) and "prove" in report.keywords:
                found[report.nodeid] = Run(report.nodeid, outcome, _tried_in(report), report.duration)
    return list(found.values())


def _tried_in(report: pytest.TestReport) -> tuple[Tried, ...]:
    written = [value for name, value in report.user_properties if name == PROPERTY]
    return tuple(replace(Tried(*value), is_kept=report.passed) for value in written if isinstance(value, tuple | list))


def table(found: Iterable[Run]) -> list[str]:
    """Return the table: counts by promise, then tests without a count, the failed ones first."""
    tests = list(found)
    rows = [_row(each) for each in _summed(tried for run in tests for tried in run.tried)]
    widths = [max(map(len, column)) for column in zip(HEAD, *rows, strict=True)]
    lines = [_line(row, widths) for row in (HEAD, *rows)] if rows else []
    unsaid = [run for run in tests if not run.tried]
    words = {"failed": "BROKEN", "passed": "kept", "skipped": "untried"}
    return lines + [f"{words[kind]:7} {run.test}" for kind in words for run in unsaid if run.outcome == kind]


def _summed(tried: Iterable[Tried]) -> list[Tried]:
    """Return the sums of the counts over all tests, for each promise and what was counted."""
    sums: dict[tuple[str, str], Tried] = {}
    for each in tried:
        before = sums.get((each.name, each.of), replace(each, asked=0, reached=0))
        asked, reached = before.asked + each.asked, before.reached + each.reached
        is_kept = before.is_kept and each.is_kept and each.reached >= each.asked
        sums[each.name, each.of] = replace(before, asked=asked, reached=reached, is_kept=is_kept)
    return sorted(sums.values(), key=lambda each: each.order)


def _row(tried: Tried) -> tuple[str, ...]:
    return tried.name, tried.of, f"{tried.asked:,}", f"{tried.reached:,}", "kept" if tried.is_kept else "BROKEN"


def _line(row: Sequence[str], widths: Sequence[int]) -> str:
    cells = [
        cell.rjust(width) if place in COUNTS else cell.ljust(width)
        for place, (cell, width) in enumerate(zip(row, widths, strict=True))
    ]
    return "  ".join(cells).rstrip()
