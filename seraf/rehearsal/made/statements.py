"""Which statements a case has: one for everything that is present or not known, and fillers that score nothing."""

from collections.abc import Iterator

from seraf.case_view import CaseView
from seraf.cases.fragments import Said, Telling
from seraf.form.evidence import option_given
from seraf.form.instrument import Item
from seraf.form.responses import Case
from seraf.form.vocabulary import Meaning
from seraf.rehearsal.made.openings import CaseRequest

MOST_OUTSIDE = 2
"""The most statements about what lies outside the window: with more of them a case would read like a list."""


def statements_of(order: CaseRequest, case: Case, *, opening: Said | None) -> tuple[Said, ...]:
    """What is said of every item that is present or not known, the opening first; one that follows another comes after it."""
    settled = opening.settles if opening else frozenset()
    said = {
        item.id: order.fragments.plain(item.id, case.responses.get(item.id) or "")
        for item in order.instrument.items
        if item.id not in settled and case.responses.get(item.id) != absent_of(item)
    }
    names = sorted(order.seed.ordered(tuple(said), "statements"), key=lambda name: _rank(order, case, item=name))
    return tuple(each for each in (opening, *(said[name] for name in names)) if each)


def _rank(order: CaseRequest, case: Case, *, item: str) -> tuple[bool, bool]:
    """What is known comes before what is not, and a person before what they did."""
    return option_given(order.instrument.item(item), case.responses) is None, item in order.fragments.follows


def fillers_of(order: CaseRequest, case: Case, *, taken: tuple[Said, ...]) -> Iterator[Said]:
    """Statements that score nothing, about items that nothing was said of: with these a short case becomes long enough."""
    settled = {item for said in taken for item in said.settles}
    outside = sum(said.telling is Telling.OUTSIDE for said in taken)
    present = CaseView(order.instrument, case).certain["present"]
    could = [said for said in order.fragments.said if said.is_of(case.age) and not said.unless & present]
    fitting = {f"{said.item} {said.telling}": said for said in could if _scores_nothing(order, said)}
    for said in (fitting[name] for name in order.seed.ordered(tuple(fitting), "fillers")):
        is_outside = said.telling is Telling.OUTSIDE
        if not said.settles & settled and not (is_outside and outside >= MOST_OUTSIDE):
            settled |= said.settles
            outside += is_outside
            yield said


def _scores_nothing(order: CaseRequest, said: Said) -> bool:
    """Whether it was looked into and not so, or so before the window."""
    means = order.instrument.item(said.item).option(said.answer).means
    return said.telling is Telling.OUTSIDE or (said.telling is Telling.PLAIN and means is Meaning.ABSENT)


def absent_of(item: Item) -> str:
    """The id of the option that says that an item is absent."""
    return next(option.id for option in item.section.options if option.means is Meaning.ABSENT)
