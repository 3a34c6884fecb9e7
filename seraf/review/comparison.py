"""What changed between SERAFs of one child, and what earlier ones leave standing at a review. A fall is never called good news."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from seraf.case_view import CaseView
from seraf.form.circumstances import Facts
from seraf.form.instrument import Instrument, Item, Option
from seraf.form.responses import Case, Responses, named_items, option_given
from seraf.form.vocabulary import EARLIER_CATEGORY, LASTING, NOT_KNOWN, STILL_COUNTS, Meaning
from seraf.review.carry_over import Carried
from seraf.score.scoring import Score, band_of

Windows = tuple[int, ...] | None
RANKS = (Meaning.ABSENT, Meaning.EARLIER, Meaning.CURRENT)


class How(StrEnum):
    """What became of one response."""

    NEW = "new"
    """There now, or there again, or for longer."""
    FOUND = "found"
    """There; last time nobody had looked into it."""
    PASSED = "passed"
    """Time alone has taken it out of its window."""
    UNKNOWN = "unknown"
    """It was known, and now it is not."""
    ENDED = "ended"
    """It is said not to be so any more."""
    AT_ODDS = "at-odds"
    """The two cannot both be so: by what was said last time, it still counts."""
    RULED_OUT = "ruled-out"
    """Looked into since, and not there."""
    SAME = "same"
    """Nothing changed."""


ORDER = {how: at for at, how in enumerate(How)}
"""Rises first, then falls, then the rest."""

FALLS = frozenset({How.PASSED, How.UNKNOWN, How.ENDED, How.AT_ODDS})
"""What took points away, or may hide some."""


@dataclass(frozen=True, slots=True)
class ItemChange:
    """One item that was answered differently: the option then and now, None where it was not known."""

    item: Item
    then: Option | None
    now: Option | None
    how: How


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two SERAFs side by side.

    Each score is that of the list it was made with. `changes` are rises first, then falls, then the rest, each in the
    order of the form; `same` counts the items that did not change; `added` were not asked then, `dropped` are not now.
    """

    then: Score
    now: Score
    changes: tuple[ItemChange, ...]
    same: int
    added: tuple[Item, ...]
    dropped: tuple[Item, ...]

    @property
    def has_fall(self) -> bool:
        """Whether anything took points away, or may hide some."""
        return any(change.how in FALLS for change in self.changes)


def compare(then: Carried, made_with: Instrument, *, now: Carried, instrument: Instrument) -> Comparison:
    """Today's SERAF compared with the earlier one; an item whose words were changed is another question."""
    months = (now.year - then.year) * 12 + now.month - then.month
    before, after = then.case(), now.case()
    was = {item.id: option for item, option in CaseView(made_with, before).marks.given}
    both = [(item, option) for item, option in CaseView(instrument, after).marks.given if is_asked(item, made_with)]
    changes = [_change(item, was[item.id], option, months=months) for item, option in both]
    asked = {item.id for item, _ in both}
    found = [change for change in changes if change.how is not How.SAME]
    return Comparison(
        then=CaseView(made_with, before).score,
        now=CaseView(instrument, after).score,
        changes=tuple(sorted(found, key=lambda change: ORDER[change.how])),
        same=len(changes) - len(found),
        added=tuple(item for item in instrument.items if item.id not in asked),
        dropped=tuple(item for item in made_with.items if not is_asked(item, instrument)),
    )


def is_asked(item: Item, instrument: Instrument) -> bool:
    """Whether a list has the item, in the same words."""
    # By its label too: an id that was given to other words is another question, and its old answer would mislead.
    return item.id in instrument and instrument.item(item.id).label == item.label


def how(then: Option | None, now: Option | None, *, windows: Windows, months: int) -> How:
    """What became of a response in so many months, by the windows of its section."""
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
    """Whether what was there then must still be there so many months later, by the windows of its section."""
    return then is not None and then.is_present and _gone(then, windows, months=months) is How.AT_ODDS


def _gone(then: Option, windows: Windows, *, months: int) -> How:
    """Why something that was there is said not to be."""
    if windows is None:
        return How.ENDED
    # It counts “at any time”, so what was so once cannot end: the two answers contradict each other.
    if not windows:
        return How.AT_ODDS
    current, *longer = windows
    if not longer:
        # In a single window nobody can say when in it the thing was, so a No soon after is
        # taken for what somebody says.
        return How.PASSED if months >= current else How.ENDED
    # The fewest months after which it may lie outside: what was “earlier” can have been at the far end of the window,
    # what was current at the far end of the first one. Only whole months are known, so no more is claimed.
    needed = 1 if then.means is Meaning.EARLIER else longer[0] - current
    return How.PASSED if months >= needed else How.AT_ODDS


def _rank(option: Option) -> tuple[int, int]:
    return RANKS.index(option.means), option.points


def _change(item: Item, then: Option | None, now: Option | None, *, months: int) -> ItemChange:
    return ItemChange(item, then, now, how(then, now, windows=item.section.windows, months=months))


Past = tuple[Carried, Instrument | None]
"""An earlier SERAF and the instrument it was made with, None where that is not known any more."""


@dataclass(frozen=True, slots=True)
class Outstanding:
    """What stands at a review.

    `category` (1 to 4) is the highest that an earlier SERAF came to, 0 where that is not known of any; `gravest` is the
    latest of those that came to it, and `unread` those whose list is not known any more. `items` are of the list of today, in
    its order: there then, not said to be there now, and still within their window. `facts` are words of `vocabulary.LASTING`.
    """

    category: int
    gravest: Carried | None
    unread: tuple[Carried, ...]
    items: tuple[Item, ...]
    facts: tuple[str, ...]

    def as_facts(self) -> Facts:
        """The same as facts that the rules of a pack are judged on."""
        words = {str(self.category)} if self.category else set()
        return {
            # A code that cannot be read may have been of Category 4: it is also said to be not known
            # the highest that was read.
            EARLIER_CATEGORY: frozenset(words | ({NOT_KNOWN} if self.unread else set())),
            STILL_COUNTS: named_items(self.items) | frozenset(self.facts),
        }


def outstanding(past: Iterable[Past], now: Case, *, day: date, instrument: Instrument) -> Outstanding:
    """What these SERAFs leave standing next to today's, which was made on this day with this instrument."""
    every = tuple(past)
    read = [(carried, carried.case(), made_with) for carried, made_with in every if made_with is not None]
    weighed = [(_category(case, made_with), carried) for carried, case, made_with in read]
    category = max((found for found, _ in weighed), default=0)
    counting = {
        item.id
        for carried, case, made_with in read
        for item in _counting(case, made_with, today=now.responses, instrument=instrument, months=_months(carried, day))
    }
    # Of every code, those with an unknown list too: these facts belong to the format, so they
    # are read without the list.
    told = {fact for carried, _ in every for fact in _lasting(carried, now.answers)}
    return Outstanding(
        category=category,
        # They come oldest first: from the end, it is the latest of those that were as grave.
        gravest=next((carried for found, carried in reversed(weighed) if found == category), None),
        unread=tuple(carried for carried, made_with in every if made_with is None),
        items=tuple(item for item in instrument.items if item.id in counting),
        facts=tuple(fact for fact in LASTING if fact in told),
    )


def _counting(
    before: Case, made_with: Instrument, *, today: Responses, instrument: Instrument, months: int
) -> Iterator[Item]:
    for item in CaseView(made_with, before).marks.ticked:
        if not is_asked(item, instrument):
            continue
        asked = instrument.item(item.id)
        said = option_given(asked, today)
        # Neither “not known” nor a No takes away today what time cannot have ended (ADR 0038).
        is_there = said is not None and said.is_present
        if not is_there and still_counts(option_given(item, before.responses), asked.section.windows, months=months):
            yield asked


def _months(then: Carried, day: date) -> int:
    """How many months lie between the two."""
    return (day.year - then.year) * 12 + day.month - then.month


def _category(case: Case, made_with: Instrument) -> int:
    return band_of(made_with, CaseView(made_with, case).total).category


def _lasting(then: Carried, answers: Mapping[str, str]) -> Iterator[str]:
    # Only a Yes ends it, since then today's own answer leads: a No at the review cannot unsay what a child told.
    return (fact for fact in LASTING if then.facts.get(fact) == "yes" and answers.get(fact) != "yes")
