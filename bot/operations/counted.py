"""The monthly counts that may be shown: of past months, at least five each, and no sum that would reveal a hidden count."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from bot.operations.housekeeping import months_before
from bot.runtime.clock import local_time
from bot.runtime.errors import SettingsFault
from bot.storage.store import Store
from bot.storage.values import CountsByMonth, MonthCounts
from seraf.rehearsal.agreement import SMALLEST_GROUP

FEWEST = SMALLEST_GROUP  # the smallest count that is shown

KINDS = {
    "lead": "What led the result, when it was first shown",
    "going_on": "“Is any of this going on now?” (yes: now, or may be; no: over)",
    "outcome": "What was said of calls",
    "asked": "Questions for which nothing was found",
}
"""The heading of each kind of count, on the page about a year."""


def large_enough(counts: MonthCounts) -> MonthCounts:
    """Return the counts that are at least `FEWEST`. No total is given, since it would reveal a hidden count."""
    large = {kind: {word: n for word, n in sorted(words.items()) if n >= FEWEST} for kind, words in counts.items()}
    return {kind: words for kind, words in large.items() if words}


async def last_month(store: Store, now: datetime) -> dict[str, Any]:
    """Return the counts of last month that may be shown. Those of the current month would reveal what happened today."""
    month = months_before(local_time(now).at, 1)
    counts = (await store.read(lambda t: t.monthly_counts.by_month())).get(month, {})
    return {"counted": large_enough(counts), "counted_month": month if counts else ""}


def demand_whole_year(year: int, *, now: datetime, months_kept: int) -> None:
    """Raise `SettingsFault` unless the year is over and all its months are stored, since a page with fewer would reveal one."""
    if not 1 <= year < local_time(now).today.year:
        raise SettingsFault(f"{year}: a page is made of a year that is over.")
    if f"{year:04}-01" < months_before(local_time(now).at, months_kept):
        raise SettingsFault(
            f"{year}: its first months are dropped by now, since counts are kept as long as the audit: {months_kept} months"
            " (SERAF_AUDIT_MONTHS). Make the page in January."
        )


def year_of(counts: CountsByMonth, year: int) -> MonthCounts:
    """Return the sums of a year. Months in which a count is hidden are only added if together they reach `FEWEST`."""
    by_word: dict[tuple[str, str], list[int]] = {}
    for month, kinds in counts.items():
        if month.startswith(f"{year:04}-"):
            for kind, words in kinds.items():
                for word, number in words.items():
                    by_word.setdefault((kind, word), []).append(number)
    sums: dict[str, dict[str, int]] = {}
    for (kind, word), numbers in sorted(by_word.items()):
        hidden = sum(number for number in numbers if number < FEWEST)
        shown = sum(number for number in numbers if number >= FEWEST)
        sums.setdefault(kind, {})[word] = shown + (hidden if hidden >= FEWEST else 0)
    return large_enough(sums)


def year_page(counts: MonthCounts, year: int, *, titles: Mapping[str, str]) -> Iterator[str]:
    """Yield the lines of the page about a year, in Markdown. `titles` has the title of each reason to act, by its id."""
    yield from (f"# Counted in {year}", "")
    yield "Of no person, no case and no day. A number under five is not shown, and is not a nought."
    yield "A number may be up to four too low, since what is too small in its month may be left out."
    for kind, about in KINDS.items():
        yield from ("", f"## {about}", "")
        words = counts.get(kind, {})
        yield from ("| | number |", "| --- | --- |") if words else ("Nothing that may be shown.",)
        for word, number in sorted(words.items(), key=lambda pair: -pair[1]):
            yield f"| {word}{f': {titles[word]}' if kind == 'lead' and word in titles else ''} | {number} |"
