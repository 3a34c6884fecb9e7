"""The path that a conversation takes through its places, derived from what has been answered."""

from collections.abc import Mapping
from typing import assert_never

from dialogs.core.session import Session
from dialogs.form.questions import CARDS, OPENING, PREPARE, QUICK, closing
from seraf.advice.guidance import Advice
from seraf.form.circumstances import Circumstance
from seraf.form.instrument import Instrument, Section
from seraf.form.vocabulary import NOT_KNOWN
from seraf.pack import Pack
from state_machines.assessment import Phase

CHANGEABLE = ("danger", "told_or_seen", "age", "profession")
"""The opening questions that the check page lists: the others say how the items are taken, not what is so."""

CHECKED_A_PAGE = 6
"""Responses on one page of the check."""

TICKS_A_CARD = 6
"""Short questions on one card."""

OPTIONAL = ("stage", "known")
"""What is not asked of somebody who finishes now: nothing that has to be done hangs on it."""


def places(session: Session, pack: Pack, *, phase: Phase) -> tuple[str, ...]:
    """The places of a phase, in the order in which they are visited; phases with pages begin at page 1."""
    match phase:
        case Phase.OPENING:
            return tuple(each for each in OPENING if each != "how" or not _is_order_known(session))
        case Phase.ITEMS:
            return session.detour.reopened or item_places(order_of(session), pack.instrument)
        case Phase.CLOSING:
            return _closing_places(session, pack)
        case Phase.JUDGEMENT:
            return ("judgement",)
        case Phase.CHECK | Phase.RESULT | Phase.WELCOME | Phase.PAUSED | Phase.ELSEWHERE | Phase.ERASED:
            return ("1",)
    assert_never(phase)


def places_ahead(session: Session, pack: Pack) -> tuple[str, ...]:
    """Return the places of the phase after this one; before a call those alone at which something is not answered yet."""
    path = places(session, pack, phase=session.phase)
    ahead = path[path.index(session.place) + 1 :] if session.place in path else path
    if session.phase is not Phase.ITEMS or order_of(session) != PREPARE or session.detour.reopened:
        return ahead
    return tuple([each for each in ahead if not is_place_answered(each, session, pack=pack)])


def is_place_answered(place: str, session: Session, *, pack: Pack) -> bool:
    """Return whether the item at this place, or every item of the section, was answered."""
    items = [place] if place in pack.instrument else [each.id for each in pack.instrument.of_section(place)]
    return session.answers.items.covers(frozenset(items))


def item_places(how: str, instrument: Instrument) -> tuple[str, ...]:
    """The places of the items for a way of taking them (`questions.ORDERS`): items, or whole sections in quick mode."""
    sections = reversed(instrument.sections) if how in ("serious", PREPARE) else instrument.sections
    found: list[str] = []
    for section in sections:
        if how in (QUICK, PREPARE) and section.tick:
            found.append(section.id)
        else:
            found.extend(item.id for item in instrument.of_section(section.id))
    return tuple(found)


def section_at(place: str, instrument: Instrument) -> Section | None:
    """The section whose card this place is, or None where it is no section card."""
    return next((section for section in instrument.sections if section.id == place), None)


def phase_of(place: str, instrument: Instrument) -> Phase:
    """The phase that asks for this place."""
    if place in instrument:
        return Phase.ITEMS
    return Phase.OPENING if place in OPENING else Phase.CLOSING


def _cards(asked: tuple[Circumstance, ...]) -> Mapping[str, tuple[Circumstance, ...]]:
    """What is ticked on each card of short questions, by its place: one card where all fit on it, else two."""
    ticked = [each for each in asked if each.card]
    if len(ticked) <= TICKS_A_CARD:
        return {CARDS[0]: tuple(ticked)} if ticked else {}
    first = ticked[0].card
    of_first = tuple(each for each in ticked if each.card == first)
    return {CARDS[0]: of_first, CARDS[1]: tuple(each for each in ticked if each.card != first)}


def on_card(place: str, session: Session, *, pack: Pack) -> tuple[Circumstance, ...]:
    """The short questions that are ticked at this place; none where it is no card of them."""
    return _cards(advised(session, pack).asked).get(place, ()) if place in CARDS else ()


def left_to_ask(session: Session, pack: Pack) -> tuple[str, ...]:
    """What is still to be asked of somebody who finishes now, from where they are."""
    path = _closing_places(session, pack)
    ahead = path[path.index(session.place) + 1 :] if session.phase is Phase.CLOSING else path
    return tuple(each for each in ahead if each not in OPTIONAL and not _is_answered(each, session, pack=pack))


def checked(session: Session, pack: Pack) -> tuple[str, ...]:
    """All that the check page lists: items not known, then those ticked, then the rest, then the questions."""
    marked, asked = session.view(pack.instrument).marks, advised(session, pack).asked
    absent = [item for item, option in marked.given if option and not option.is_present]
    questions = (each for each in closing(pack.instrument) if each != "known" or _is_known_asked(session))
    short = (*_cards(asked), *(each.id for each in asked if not each.card))
    return (*[item.id for item in (*marked.unknown, *marked.ticked, *absent)], *CHANGEABLE, *questions, *short)


def check_page(session: Session, pack: Pack, *, number: int) -> tuple[str, ...]:
    """What the check lists on a page, counted from 1."""
    return checked(session, pack)[(number - 1) * CHECKED_A_PAGE : number * CHECKED_A_PAGE]


def check_page_count(session: Session, pack: Pack) -> int:
    """How many pages the check has, at least one."""
    return -(-len(checked(session, pack)) // CHECKED_A_PAGE)


def order_of(session: Session) -> str:
    """How the items are taken: one of `questions.ORDERS`, or for a call that is due."""
    if session.answers.get("how") == PREPARE:
        return PREPARE
    return session.answers.get("order") or session.answers.get("how") or "form"


def _is_order_known(session: Session) -> bool:
    """Whether nobody has to be asked how the items are to be taken."""
    return bool(session.answers.get("order")) or session.answers.get("how") == PREPARE


def _closing_places(session: Session, pack: Pack) -> tuple[str, ...]:
    """What is asked after the items in this case; what is being changed is among it."""
    place, advice = session.place, advised(session, pack)
    is_cut_short = not session.answers.items.covers(pack.instrument.ids)
    # Codes of earlier SERAFs say that it is a review.
    left_out = {"stage": bool(session.earlier) or is_cut_short, "known": not _is_known_asked(session)}
    asked = [each for each in closing(pack.instrument) if each == place or not left_out.get(each, False)]
    cards = _cards(advice.asked)
    shown = [each for each in CARDS if each in cards or each == place]
    # those that were put at once are not put again
    answers = session.answers.around.by_item
    alone = [
        each.id
        for each in advice.asked
        if not each.card and (not each.at_once or each.id == place or each.is_waiting(answers, settled=advice.settled))
    ]
    return (*asked, *shown, *alone)


def advised(session: Session, pack: Pack) -> Advice:
    """What the guidance says of the case as if it were finished now."""
    return session.view(pack.instrument).advice(pack.guidance)


def _is_known_asked(session: Session) -> bool:
    """Whether it is asked if the child is known: at a review, and where nobody knows whether it is one."""
    return session.answers.get("stage") in ("review", NOT_KNOWN)


def _is_answered(question: str, session: Session, *, pack: Pack) -> bool:
    circumstance = pack.guidance.circumstance(question)
    if circumstance is not None and circumstance.again:
        return not circumstance.is_waiting(session.answers.around.by_item, settled=advised(session, pack).settled)
    if question not in CARDS:
        return session.answers.get(question) is not None
    return all(session.answers.get(each.id) is not None for each in on_card(question, session, pack=pack))
