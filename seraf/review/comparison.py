"""Changes between SERAFs of one child, and what still applies from earlier ones. A lower score is never good news."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from seraf.case_view import CaseView
from seraf.form.circumstances import Facts
from seraf.form.instrument import Instrument, Item, Option
from seraf.form.responses import Case, option_given
from seraf.form.vocabulary import EARLIER_CATEGORY, HEIGHTS, LASTING, NOT_KNOWN, STILL_COUNTS, Meaning
from seraf.review.carry_over import Carried
from seraf.score.scoring import Score, band_of

Windows = tuple[int, ...] | None
RANKS = (Meaning.ABSENT, Meaning.EARLIER, Meaning.CURRENT)


class How(StrEnum):
    """How a response changed since the earlier SERAF."""

    NEW = "new"  # present now, again, or for longer
    FOUND = "found"  # present, and not looked into last time
    PASSED = "passed"  # outside its window only because time has passed
    UNKNOWN = "unknown"  # known then, not known now
    ENDED = "ended"  # reported as no longer present
    AT_ODDS = "at-odds"  # contradicts the earlier answer, which still counts
    RULED_OUT = "ruled-out"  # looked into since, and not present
    SAME = "same"


ORDER = {how: at for at, how in enumerate(How)}
"""The order in which changes are listed: rises, then falls, then all others."""

FALLS = frozenset({How.PASSED, How.UNKNOWN, How.ENDED, How.AT_ODDS})
"""The changes that removed points or may hide points."""


@dataclass(frozen=True, slots=True)
class ItemChange:
    """An item whose response changed, with its options `then` and `now`. None means “not known”."""

    item: Item
    then: Option | None
    now: Option | None
    how: How


@dataclass(frozen=True, slots=True)
class Comparison:
    """The comparison of two SERAFs, each scored by its own instrument.

    `changes` has rises, then falls, then the others, each in item order; `same` counts unchanged items. `added` are
    items that the earlier instrument lacks, `dropped` those that today's lacks.
    """

    then: Score
    now: Score
    changes: tuple[ItemChange, ...]
    same: int
    added: tuple[Item, ...]
    dropped: tuple[Item, ...]

    @property
    def has_fall(self) -> bool:
        """True if a change removed points or may hide points."""
        return any(change.how in FALLS for change in self.changes)


def compare(then: Carried, made_with: Instrument, *, now: Carried, instrument: Instrument) -> Comparison:
    """Return how today's SERAF differs from an earlier one. An item whose label changed counts as another question."""
    months = (now.year - then.year) * 12 + now.month - then.month
    before, after = then.case(), now.case()
    was = {item.id: option for item, option in CaseView(made_with, before).marks.given}
    both = [(item, option) for item, option in CaseView(instrument, after).marks.given if is_asked(item, made_with)]
    changes = [
        ItemChange(item, was[item.id], option, how(was[item.id], option, windows=item.section.windows, months=months))
        for item, option in both
    ]
    asked = {item.id for item, _ in both}
    changed = [change for change in changes if change.how is not How.SAME]
    return Comparison(
        then=CaseView(made_with, before).score,
        now=CaseView(instrument, after).score,
        changes=tuple(sorted(changed, key=lambda change: ORDER[change.how])),
        same=len(changes) - len(changed),
        added=tuple(item for item in instrument.items if item.id not in asked),
        dropped=tuple(item for item in made_with.items if not is_asked(item, instrument)),
    )


def is_asked(item: Item, instrument: Instrument) -> bool:
    """Return True if the instrument has this item with the same label."""
    # An id given to another label is another question, and its old answer would mislead.
    return item.id in instrument and instrument.item(item.id).label == item.label


def how(then: Option | None, now: Option | None, *, windows: Windows, months: int) -> How:
    """Return how a response changed after this many months. `windows` are those of its section (in months)."""
    if now is None:
        return How.SAME if then is None else How.UNKNOWN
    if then is None:
        return How.FOUND if now.is_present else How.RULED_OUT
    if then.means is now.means and (then.id == now.id or then.points == now.points):
        return How.SAME
    if _rank(now) > _rank(then):
        return How.NEW
    return How.PASSED if now.is_present else _gone(then, windows, months=months)


def still_counts(then: Option | None, windows: Windows, *, months: int) -> bool:
    """Return True if an earlier sign must still count this many months later. `windows` are those of its section."""
    return then is not None and then.is_present and _gone(then, windows, months=months) is How.AT_ODDS


def _gone(then: Option, windows: Windows, *, months: int) -> How:
    """Return what explains that a sign that was present is now reported as absent."""
    if windows is None:
        return How.ENDED
    # It counts “at any time”, so it cannot have ended: the two answers contradict each other.
    if not windows:
        return How.AT_ODDS
    current, *longer = windows
    if not longer:
        # In a single window nobody knows when the sign was, so an early No is taken at its word.
        return How.PASSED if months >= current else How.ENDED
    # The fewest months after which it may lie outside: an “earlier” sign may have been at the far end of the whole window,
    # a current one at the far end of the first. Only whole months are known, so no more is claimed.
    needed = 1 if then.means is Meaning.EARLIER else longer[0] - current
    return How.PASSED if months >= needed else How.AT_ODDS


def _rank(option: Option) -> tuple[int, int]:
    return RANKS.index(option.means), option.points


Past = tuple[Carried, Instrument | None]
"""An earlier SERAF and its instrument, which is None if it is no longer known."""


@dataclass(frozen=True, slots=True)
class Outstanding:
    """What still applies from earlier SERAFs at a review.

    `category` (1 to 4) is the highest of the earlier SERAFs, 0 if none is known, and `gravest` the latest SERAF that
    had it; `unread` are those whose instrument is no longer known. `items` are items of today's instrument that were
    present, are not reported as present now, and are still within their window. `facts` are members of `LASTING`.
    """

    category: int
    gravest: Carried | None
    unread: tuple[Carried, ...]
    items: tuple[Item, ...]
    facts: tuple[str, ...]

    def as_facts(self) -> Facts:
        """Return the facts `EARLIER_CATEGORY` and `STILL_COUNTS` for the rules of a pack."""
        words = {str(self.category)} if self.category else set()
        return {
            # A code that cannot be read may have been of Category 4, so “not known” is added to the highest that was read.
            EARLIER_CATEGORY: frozenset(words | ({NOT_KNOWN} if self.unread else set())),
            STILL_COUNTS: frozenset(
                (*[name for item in self.items for name in (item.id, item.section.id)], *self.facts)
            ),
        }


def outstanding(past: Iterable[Past], now: Case, *, day: date, instrument: Instrument) -> Outstanding:
    """Return what still applies from earlier SERAFs (oldest first) to today's case, made on `day` with `instrument`."""
    every = tuple(past)
    read = [(carried, carried.case(), made_with) for carried, made_with in every if made_with is not None]
    weighed = [
        (band_of(made_with, CaseView(made_with, case).total).category, carried) for carried, case, made_with in read
    ]
    category = max((grade for grade, _ in weighed), default=0)
    counting = set()
    for carried, case, made_with in read:
        months = (day.year - carried.year) * 12 + day.month - carried.month
        for item in CaseView(made_with, case).marks.ticked:
            if not is_asked(item, instrument):
                continue
            today = instrument.item(item.id)
            option = option_given(today, now.responses)
            # Neither “not known” nor a No takes away today what time cannot have ended (ADR 0038).
            is_present = option is not None and option.is_present
            then = option_given(item, case.responses)
            if not is_present and still_counts(then, today.section.windows, months=months):
                counting.add(item.id)
    # These facts belong to the code format, so they are also read from codes with an unknown list. Only a Yes ends one,
    # since then today's own answer leads: a No at the review cannot take back what a child told.
    told = {
        fact
        for carried, _ in every
        for fact in LASTING
        if carried.facts.get(fact) in ("yes", *HEIGHTS) and now.answers.get(fact) != "yes"
    }
    return Outstanding(
        category=category,
        # They come oldest first, so the first from the end is the latest.
        gravest=next((carried for grade, carried in reversed(weighed) if grade == category), None),
        unread=tuple(carried for carried, made_with in every if made_with is None),
        items=tuple(item for item in instrument.items if item.id in counting),
        facts=tuple(fact for fact in LASTING if fact in told),
    )
