"""The path that a conversation takes through its places, derived from what has been answered."""

from dialogs.questions import OPENING, closing
from dialogs.session import Session
from seraf.evidence import response_of
from seraf.instrument import Instrument, Option, Section
from state_machines.assessment import Phase

CHANGEABLE = ("danger", "told_or_seen", "age")
"""The opening questions that the check page lists: the others say how the items are taken, not what is so."""

CHECKED_A_PAGE = 6
"""Responses on one page of the check."""


def places(session: Session, instrument: Instrument, phase: Phase) -> tuple[str, ...]:
    """The places of a phase, in the order in which they are visited; phases with pages begin at page 1."""
    match phase:
        case Phase.OPENING:
            return tuple(each for each in OPENING if each != "how" or not session.answers.get("order"))
        case Phase.ITEMS:
            return item_places(_order(session), instrument)
        case Phase.CLOSING:
            return _closing_places(session, instrument)
        case Phase.JUDGEMENT:
            return ("judgement",)
        case _:
            return ("1",)


def item_places(how: str, instrument: Instrument) -> tuple[str, ...]:
    """The places of the items for a way of taking them (`questions.ORDERS`): items, or whole sections in quick mode."""
    sections = reversed(instrument.sections) if how == "serious" else instrument.sections
    found: list[str] = []
    for section in sections:
        if how == "quick" and tick_of(section):
            found.append(section.id)
        else:
            found.extend(item.id for item in instrument.of_section(section.id))
    return tuple(found)


def section_at(place: str, instrument: Instrument) -> Section | None:
    """The section whose card this place is, or None where it is no section card."""
    return next((section for section in instrument.sections if section.id == place), None)


def tick_of(section: Section) -> Option | None:
    """The one option that ticks an item of the section, or None where its items need more than a tick."""
    ticks = [option for option in section.options if option.is_present]
    return ticks[0] if len(ticks) == 1 else None


def phase_of(place: str, instrument: Instrument) -> Phase:
    """The phase that asks for this place."""
    if place in instrument:
        return Phase.ITEMS
    return Phase.OPENING if place in OPENING else Phase.CLOSING


def checked(session: Session, instrument: Instrument) -> tuple[str, ...]:
    """All that the check page lists: items not known, then those ticked, then the rest, then the questions."""
    case = session.case()
    by_weight = sorted(instrument.items, key=lambda item: _weight(response_of(item, case)))
    return (*(item.id for item in by_weight), *CHANGEABLE, *closing(instrument))


def _weight(option: Option | None) -> int:
    if option is None:
        return 0
    return 1 if option.is_present else 2


def check_page(session: Session, instrument: Instrument, number: int) -> tuple[str, ...]:
    """What the check lists on a page, counted from 1."""
    return checked(session, instrument)[(number - 1) * CHECKED_A_PAGE : number * CHECKED_A_PAGE]


def check_page_count(session: Session, instrument: Instrument) -> int:
    """How many pages the check has, at least one."""
    return -(-len(checked(session, instrument)) // CHECKED_A_PAGE)


def _order(session: Session) -> str:
    return session.answers.get("order") or session.answers.get("how") or "form"


def _closing_places(session: Session, instrument: Instrument) -> tuple[str, ...]:
    """The closing questions; the profession is asked once a person, and again only to change it."""
    asked = closing(instrument)
    known = session.answers.get("profession") is not None and session.place != "profession"
    return asked[:-1] if known else asked
