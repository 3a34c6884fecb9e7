"""What changed between two SERAFs of one child: item by item, and what each fall rests on. A fall is never called good news."""

from dataclasses import dataclass
from enum import StrEnum

from seraf.case_view import CaseView
from seraf.form.instrument import Instrument, Item, Option
from seraf.form.vocabulary import Meaning
from seraf.review.carried import Carried
from seraf.score.scoring import Score

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
