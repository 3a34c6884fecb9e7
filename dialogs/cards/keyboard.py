"""What may be pressed on the card of a session, and in which rows. It names words; the wording file says them."""

from typing import assert_never

from dialogs.call import CASE_SCRIPT, call_key
from dialogs.cards.overlay_cards import overlay_rows
from dialogs.core.acts import Act, Change, Go, Kind, Open, Overlay, Page, Rest, Say, Tick, code_of
from dialogs.core.keys import (
    BACK,
    CHANGED,
    ERASE,
    ERASE_NOW,
    GUIDE,
    HELP,
    IN_A_ROW,
    MORE,
    REHEARSE,
    REVIEW,
    URGENT,
    Key,
    Rows,
    fitting,
    in_rows,
)
from dialogs.core.script import Script
from dialogs.core.session import Session
from dialogs.form.item_cards import alone_rows
from dialogs.form.path import CARDS, check_page, on_card, options, section_at
from dialogs.form.reasons import is_enough_to_call, reasons_key
from dialogs.result.action_card import action_rows
from dialogs.result.call_taps import SOMETHING_CHANGED
from dialogs.result.result_pages import recorded_rows
from dialogs.summary.carried import SUMMARY
from seraf.advice.contacts import LocalTime
from seraf.form.instrument import Instrument, Item, Section
from seraf.form.vocabulary import NOT_KNOWN, Meaning
from seraf.pack import Pack
from state_machines.assessment import ASKING, Phase, Trigger

REST = {Meaning.ABSENT: "rest-no", Meaning.UNKNOWN: "rest-not-known"}
"""What the rest of a card of ticks may be."""


FIRST_PAGE = Key(Page(1), "first-page")

ONWARD = {"steps": "all-steps"}
"""What the way to the next page is called where it is no mere next page."""

WIDE = ("profession", "danger", "how")
"""Questions with answers too long for three in a row on a phone."""


def rows(session: Session, script: Script, *, now: LocalTime, pages: tuple[str, ...]) -> Rows:
    """The keys of the session's card: of its overlay where there is one, else of the card itself.

    `pages` names what is on each page of the card, where it has pages.
    """
    if session.overlay:
        return overlay_rows(session.overlay, session, script=script, now=now)
    return (*base_rows(session, script, now=now, pages=pages), *_footer(session, script))


def act_for(code: str, offered: Rows, *, pack: Pack) -> Act | None:
    """The act behind a code, if these keys offer it. A tick may also be repeated, since it says the wanted state."""
    acts = [key.act for row in offered for key in row]
    for act in acts:
        if code_of(act) == code:
            return act
    repeats = (each for act in acts if isinstance(act, Tick) for each in _repeats(act, pack))
    return next((act for act in repeats if code_of(act) == code), None)


def base_rows(session: Session, script: Script, *, now: LocalTime, pages: tuple[str, ...]) -> Rows:
    """The keys of the card itself, without those at its foot and without any overlay."""
    pack = script.pack
    match session.phase:
        case Phase.WELCOME:
            review = (REVIEW,) if script.codes and not script.is_rehearsal else ()
            rehearse = (REHEARSE,) if pack.vignettes and not script.is_rehearsal else ()
            start = (Key(Go(Trigger.START), "start"), Key(URGENT.act, "call-now"))
            return (start, *in_rows((*rehearse, *review)), (GUIDE, HELP))
        case Phase.CLOSING if session.place in CARDS:
            return _circumstances(session, pack)
        case Phase.CLOSING if (alone := pack.guidance.circumstance(session.place)) is not None:
            return alone_rows(alone, session)
        case Phase.OPENING | Phase.CLOSING | Phase.JUDGEMENT:
            return _answers(session.place, session)
        case Phase.ITEMS:
            return _items(session, pack.instrument)
        case Phase.CHECK:
            return _check(session, pack, pages=len(pages))
        case Phase.RESULT:
            return (*recorded_rows(session, pages), *_result(session, script, now=now, pages=pages))
        case Phase.PAUSED:
            erase = () if script.is_rehearsal else (ERASE,)
            return ((Key(Go(Trigger.RESUME), "resume"), Key(URGENT.act, "call-now"), *erase),)
        case Phase.ELSEWHERE:
            done = () if script.is_rehearsal else (Key(ERASE_NOW.act, "done"),)
            return ((BACK, *done, URGENT),)
        case Phase.ERASED:
            return ((Key(Go(Trigger.START), "start"), Key(URGENT.act, "call-now")),)
    assert_never(session.phase)


def _items(session: Session, instrument: Instrument) -> Rows:
    """The responses to one item, or the ticks of a section."""
    section = section_at(session.place, instrument)
    if section:
        return _ticks(section, session, instrument=instrument)
    return _options(instrument.item(session.place), session)


def _footer(session: Session, script: Script) -> Rows:
    """What every card of an assessment has: what counts, back, more, and always the way to urgent help."""
    if session.phase is Phase.RESULT:
        return ((SOMETHING_CHANGED, URGENT),) if session.place == "1" else ((BACK, MORE, URGENT),)
    if session.phase not in (*ASKING, Phase.CHECK, Phase.JUDGEMENT):
        return ()
    what = () if session.phase is Phase.CHECK else (Key(Open(Overlay(Kind.WHAT, session.place)), "what"),)
    is_said = not script.is_silent and is_enough_to_call(session, script.pack)
    call = (call_key(session, script),) if is_said else ()
    return ((*what, BACK, MORE), (URGENT, *call))


def _answers(question: str, session: Session) -> Rows:
    given = session.answers.get(question)
    keys = [Key(Say(each), f"answer.{question}.{each}", is_chosen=each == given) for each in options(question)]
    return in_rows(keys, 2 if question in WIDE else IN_A_ROW)


def _options(item: Item, session: Session) -> Rows:
    given = session.answers.items.get(item.id)
    keys = [Key(Say(each.id), text=each.label, is_chosen=each.id == given) for each in item.section.options]
    return fitting(keys)


def _ticks(section: Section, session: Session, *, instrument: Instrument) -> Rows:
    keys = [_tick(item, session) for item in instrument.of_section(section.id)]
    rest = [Key(Rest(each.id), REST[each.means]) for each in section.options if each.means in REST]
    return (*in_rows(keys, 2), *in_rows(rest))


def _circumstances(session: Session, pack: Pack) -> Rows:
    """A tick for each answer that a short question has apart from No; a tick takes the place of another of its question."""
    keys = []
    for each in on_card(session.place, session, pack=pack):
        given = session.answers.get(each.id)
        for tick in each.ticks:
            is_ticked = given == tick.answer
            keys.append(Key(Tick(each.id, None if is_ticked else tick.answer), text=tick.short, is_chosen=is_ticked))
    rest = (Key(Rest("no"), REST[Meaning.ABSENT]), Key(Rest(NOT_KNOWN), REST[Meaning.UNKNOWN]))
    return (*in_rows(keys, 2), rest)


def _tick(item: Item, session: Session) -> Key:
    tick = item.section.tick
    is_ticked = tick is not None and session.answers.items.get(item.id) == tick.id
    return Key(Tick(item.id, tick.id if tick and not is_ticked else None), text=item.short, is_chosen=is_ticked)


def _repeats(act: Tick, pack: Pack) -> tuple[Tick, ...]:
    """Every state that the ticks of one item or circumstance may be set to."""
    circumstance = pack.guidance.circumstance(act.item)
    tick = None if circumstance else pack.instrument.item(act.item).section.tick
    answers = [each.answer for each in circumstance.ticks] if circumstance else [tick.id] if tick else []
    return (Tick(act.item, None), *(Tick(act.item, answer) for answer in answers))


def _check(session: Session, pack: Pack, *, pages: int) -> Rows:
    number = int(session.place)
    listed = check_page(session, pack, number=number)
    changes = [_change(place, pack.instrument) for place in listed]
    turning = [Key(Page(number - 1), "earlier")] if number > 1 else []
    turning += [Key(Page(number + 1), "later")] if number < pages else []
    onward = (*reasons_key(session, pack), Key(Go(Trigger.CONFIRM), "confirm"))
    wide = pack.instrument.ids.issuperset(listed)
    return (*in_rows(changes, IN_A_ROW if wide else 2), *((tuple(turning),) if turning else ()), onward)


def _change(place: str, instrument: Instrument) -> Key:
    if place in instrument:
        return Key(Change(place), "change-number", number=str(instrument.number(place)))
    own = [question.id for question in instrument.questions]
    if place in own:
        return Key(Change(place), "change-own", number=str(own.index(place) + 1))
    return Key(Change(place), f"change.{place}")


def _result(session: Session, script: Script, *, now: LocalTime, pages: tuple[str, ...]) -> Rows:
    """The first page has its lines; every other leads to the next, and the last back to the first."""
    number = int(session.place)
    if number == 1:
        return action_rows(session, script, now=now, pages=pages)
    onward = Key(Page(number + 1), ONWARD.get(pages[number - 1], "next-page")) if number < len(pages) else FIRST_PAGE
    changed = (CHANGED,) if session.earlier and pages[number - 1] == "number" else ()
    kept = (SUMMARY,) if number == len(pages) and not script.is_rehearsal else ()
    return ((onward, CASE_SCRIPT, *changed, *kept),)
