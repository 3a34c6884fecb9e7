"""The buttons of a session's card, as `Key` values in rows. A key has the name of its label; the label is in the wording file."""

from typing import assert_never

from dialogs.call import CASE_SCRIPT, call_key
from dialogs.cards.overlay_cards import overlay_rows
from dialogs.core.acts import Act, Change, Go, Kind, Open, Overlay, Page, Rehearse, Rest, Say, Tick, code_of
from dialogs.core.keys import (
    ANOTHER,
    BACK,
    ERASE,
    GUIDE,
    HELP,
    IN_A_ROW,
    MORE,
    URGENT,
    Key,
    Rows,
    fitting,
    in_rows,
    turning,
)
from dialogs.core.script import Script
from dialogs.core.session import Session
from dialogs.form.item_cards import alone_rows, is_ticked
from dialogs.form.path import CARDS, check_page, on_card, options, section_at
from dialogs.form.reasons import is_enough_to_call, reasons_key
from dialogs.result.action_card import action_rows
from dialogs.result.call_taps import SOMETHING_CHANGED
from dialogs.result.result_pages import recorded_rows
from dialogs.summary.carried import SUMMARY
from seraf.advice.contacts import LocalTime
from seraf.form.instrument import Instrument, Item
from seraf.form.vocabulary import NOT_KNOWN, Meaning
from seraf.pack import Pack
from state_machines.assessment import ASKING, Phase, Trigger
from state_machines.rehearsal import Turn

REST = {Meaning.ABSENT: "rest-no", Meaning.UNKNOWN: "rest-not-known"}  # for all items without a tick
WIDE = ("profession", "danger", "how")  # questions whose answers are too long for three in a row on a phone


def rows(session: Session, script: Script, *, now: LocalTime, pages: tuple[str, ...]) -> Rows:
    """Return the buttons of the session's card in rows: those of its overlay if there is one, otherwise those of the card itself.

    `pages` names the content of each page of the card, and is empty if the card has no pages.
    """
    if session.overlay:
        return overlay_rows(session.overlay, session, script=script, now=now)
    return (*base_rows(session, script, now=now, pages=pages), *_footer(session, script))


def act_for(code: str, offered: Rows, *, pack: Pack) -> Act | None:
    """Return the act with this code if one of these buttons offers it, else None. A tick may be repeated after its button has changed."""
    acts = [key.act for row in offered for key in row]
    for act in acts:
        if code_of(act) == code:
            return act
    repeats = (each for act in acts if isinstance(act, Tick) for each in _repeats(act, pack))
    return next((act for act in repeats if code_of(act) == code), None)


def base_rows(session: Session, script: Script, *, now: LocalTime, pages: tuple[str, ...]) -> Rows:
    """Return the buttons of the card itself, without those of an overlay and without the rows at the foot of most cards."""
    pack = script.pack
    match session.phase:
        case Phase.WELCOME:
            review = (Key(Open(Overlay(Kind.REVIEW)), "review"),) if script.codes and not script.is_rehearsal else ()
            rehearse = (Key(Rehearse(Turn.OPEN), "rehearse"),) if pack.vignettes and not script.is_rehearsal else ()
            start = (Key(Go(Trigger.START), "start"), Key(URGENT.act, "call-now"))
            return (start, *in_rows((*rehearse, *review)), (GUIDE, HELP))
        case Phase.CLOSING if session.place in CARDS:
            keys = []
            for circumstance in on_card(session.place, session, pack=pack):
                given = session.answers.get(circumstance.id)
                for tick in circumstance.ticks:
                    is_ticked = given == tick.answer
                    # A tick replaces another tick of the same question.
                    act = Tick(circumstance.id, None if is_ticked else tick.answer)
                    keys.append(Key(act, text=tick.short, is_chosen=is_ticked))
            others = (Key(Rest("no"), REST[Meaning.ABSENT]), Key(Rest(NOT_KNOWN), REST[Meaning.UNKNOWN]))
            return (*in_rows(keys, 2), others)
        case Phase.CLOSING if (alone := pack.guidance.circumstance(session.place)) is not None:
            return alone_rows(alone, session)
        case Phase.OPENING | Phase.CLOSING | Phase.JUDGEMENT:
            question = session.place
            given, words = session.answers.get(question), options(question)
            keys = [Key(Say(word), f"answer.{question}.{word}", is_chosen=word == given) for word in words]
            return in_rows(keys, 2 if question in WIDE else IN_A_ROW)
        case Phase.ITEMS:
            instrument = pack.instrument
            section = section_at(session.place, instrument)
            if section:
                keys = [_tick(item, session) for item in instrument.of_section(section.id)]
                rest = [Key(Rest(each.id), REST[each.means]) for each in section.options if each.means in REST]
                return (*in_rows(keys, 2), *in_rows(rest))
            item = instrument.item(session.place)
            given = session.answers.items.get(item.id)
            keys = [Key(Say(each.id), text=each.label, is_chosen=each.id == given) for each in item.section.options]
            return fitting(keys)
        case Phase.CHECK:
            number = int(session.place)
            listed = check_page(session, pack, number=number)
            changes = [_change(place, pack.instrument) for place in listed]
            turns = turning(number, len(pages), lambda to: Page(int(to)))
            onward = (*reasons_key(session, pack), Key(Go(Trigger.CONFIRM), "confirm"))
            wide = pack.instrument.ids.issuperset(listed)
            return (*in_rows(changes, IN_A_ROW if wide else 2), *((turns,) if turns else ()), onward)
        case Phase.RESULT:
            return (*recorded_rows(session, pages), *_result(session, script, now=now, pages=pages))
        case Phase.PAUSED:
            resume, own = (Key(Go(Trigger.RESUME), "resume"), Key(URGENT.act, "call-now")), not script.is_rehearsal
            return ((*resume, ERASE), (ANOTHER,)) if own else (resume,)
        case Phase.ELSEWHERE:
            done = () if script.is_rehearsal else (Key(Go(Trigger.ERASE), "done"),)
            return ((BACK, *done, URGENT),)
        case Phase.ERASED:
            return ((Key(Go(Trigger.START), "start"), Key(URGENT.act, "call-now")),)
    assert_never(session.phase)


def _footer(session: Session, script: Script) -> Rows:
    if session.phase is Phase.RESULT:
        return ((SOMETHING_CHANGED, URGENT),) if session.place == "1" else ((BACK, MORE, URGENT),)
    if session.phase not in (*ASKING, Phase.CHECK, Phase.JUDGEMENT):
        return ()
    what = () if session.phase is Phase.CHECK else (Key(Open(Overlay(Kind.WHAT, session.place)), "what"),)
    is_said = not script.is_silent and is_enough_to_call(session, script.pack)
    call = (call_key(session, script),) if is_said else ()
    return ((*what, BACK, MORE), (URGENT, *call))


def _tick(item: Item, session: Session) -> Key:
    tick, is_on = item.section.tick, is_ticked(item, session)
    return Key(Tick(item.id, tick.id if tick and not is_on else None), text=item.short, is_chosen=is_on)


def _repeats(act: Tick, pack: Pack) -> tuple[Tick, ...]:
    circumstance = pack.guidance.circumstance(act.item)
    tick = None if circumstance else pack.instrument.item(act.item).section.tick
    answers = [each.answer for each in circumstance.ticks] if circumstance else [tick.id] if tick else []
    return (Tick(act.item, None), *(Tick(act.item, answer) for answer in answers))


def _change(place: str, instrument: Instrument) -> Key:
    if place in instrument:
        return Key(Change(place), "change-number", number=str(instrument.number(place)))
    own = [question.id for question in instrument.questions]
    if place in own:
        return Key(Change(place), "change-own", number=str(own.index(place) + 1))
    return Key(Change(place), f"change.{place}")


def _result(session: Session, script: Script, *, now: LocalTime, pages: tuple[str, ...]) -> Rows:
    number = int(session.place)
    if number == 1:
        return action_rows(session, script, now=now, pages=pages)
    onward, kind = Key(Page(1), "first-page"), pages[number - 1]
    if number < len(pages):
        onward = Key(Page(number + 1), "all-steps" if kind == "steps" else "next-page")
    changed = (Key(Open(Overlay(Kind.CHANGED, "1")), "changed"),) if session.earlier and kind == "number" else ()
    kept = (SUMMARY,) if number == len(pages) and not script.is_rehearsal else ()
    return ((onward, CASE_SCRIPT, *changed, *kept),)
