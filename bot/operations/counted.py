"""Counts by month as they may be shown: of months that are over, never under five, and so that nothing hidden can be worked out.

It refuses to know what is counted; a store keeps every count, sealed.
"""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from bot.operations.housekeeping import months_before
from bot.runtime.clock import local_time
from bot.runtime.errors import SettingsFault
from bot.storage.store import Store
from bot.storage.values import CountsByMonth, MonthCounts
from seraf.rehearsal.agreement import SMALLEST_GROUP

FEWEST = SMALLEST_GROUP
"""The smallest number that is shown."""

KINDS = {
    "lead": "What led the result, when it was first shown",
    "going_on": "“Is any of this going on now?” (yes: now, or may be; no: over)",
    "outcome": "What was said of calls",
}
"""What each kind of count is about."""


def large_enough(counts: MonthCounts) -> MonthCounts:
    """Return the counts of a month without those that are too small. No sum is among them, from which one could be worked out."""
    large = {kind: {word: n for word, n in sorted(words.items()) if n >= FEWEST} for kind, words in counts.items()}
    return {kind: words for kind, words in large.items() if words}


async def last_month(store: Store, now: datetime) -> dict[str, Any]:
    """Return what may be shown of the last month that is over: one that still runs would tell by its next change what happened today."""
    month = months_before(local_time(now).at, 1)
    counts = (await store.read(lambda t: t.monthly_counts.by_month())).get(month, {})
    return {"counted": large_enough(counts), "counted_month": month if counts else ""}


def demand_whole_year(year: int, *, now: datetime, months_kept: int) -> None:
    """Raise `SettingsFault` unless a year is over and all of it is still kept.

    Two pages of one year, of which one has a month more, would tell that month by their difference, however small it is.
    """
    if not 1 <= year < local_time(now).today.year:
        raise SettingsFault(f"{year}: a page is made of a year that is over.")
    if f"{year:04}-01" < months_before(local_time(now).at, months_kept):
        raise SettingsFault(
            f"{year}: its first months are dropped by now, since counts are kept as long as the audit: {months_kept} months"
            " (SERAF_AUDIT_MONTHS). Make the page in January."
        )


def year_of(counts: CountsByMonth, year: int) -> MonthCounts:
    """Return the sums over a year.

    What was too small in its month is added only where all that was is large enough together: else whoever has the
    months, too, would know what was hidden in one of them.
    """
    by_word: dict[tuple[str, str], list[int]] = {}
    for month in (each for each in counts if each.startswith(f"{year:04}-")):
        for kind, words in counts[month].items():
            for word, number in words.items():
                by_word.setdefault((kind, word), []).append(number)
    sums: dict[str, dict[str, int]] = {}
    for (kind, word), numbers in sorted(by_word.items()):
        sums.setdefault(kind, {})[word] = _sum(numbers)
    return large_enough(sums)


def _sum(numbers: list[int]) -> int:
    hidden = sum(number for number in numbers if number < FEWEST)
    return sum(number for number in numbers if number >= FEWEST) + (hidden if hidden >= FEWEST else 0)


def year_page(counts: MonthCounts, year: int, *, titles: Mapping[str, str]) -> Iterator[str]:
    """Yield the lines of the page of a year (Markdown), to be kept with the papers. `titles` says of a lead what it is called."""
    yield from (
        f"# Counted in {year}",
        "",
        "Of no person, no case and no day. A number under five is not shown, and is not a nought.",
    )
    yield "A number may be up to four too low, since what is too small in its month may be left out."
    for kind, about in KINDS.items():
        yield from ("", f"## {about}", "")
        words = counts.get(kind, {})
        yield from ("| | number |", "| --- | --- |") if words else ("Nothing that may be shown.",)
        for word, number in sorted(words.items(), key=lambda pair: -pair[1]):
            yield f"| {word}{f': {titles[word]}' if kind == 'lead' and word in titles else ''} | {number} |"
