"""A turn of somebody who may be rehearsing: what is rehearsed lies over the real conversation and never touches it."""

from dataclasses import dataclass, field, replace

from dialogs.core.act_codes import act_of, code_of
from dialogs.core.acts import Rehearse, Say
from dialogs.core.events import Began, Commanded, Event, Lapsed, Pressed
from dialogs.core.keys import URGENT
from dialogs.core.replies import Document, Effect, Toast
from dialogs.core.script import Script
from dialogs.core.session import Session
from dialogs.rehearsal.core.made_up import MEASURED, vignette_of
from dialogs.rehearsal.core.practice import NOT_REHEARSING, Practice, left
from dialogs.rehearsal.core.rooms import Room, plain
from dialogs.rehearsal.core.stages import acted, after_answer, at_the_menu, away, picked, urgent
from dialogs.rehearsal.together.commands import JOIN, NAMES, begun, is_free, is_refused, why_refused
from dialogs.rehearsal.together.room_turn import followed, gathered
from dialogs.rehearsal.turn.keys import acts_on, shows_seraf
from dialogs.turn.step import step
from seraf.pack import Pack
from state_machines.assessment import Phase
from state_machines.rehearsal import Stage, Turn

OPENING = code_of(Rehearse(Turn.OPEN))
"""The code of the welcome's button."""

ERASING = ("erase", "cancel")
"""Commands that end a rehearsal."""


@dataclass(frozen=True, slots=True)
class RealAndRehearsed:
    """All of one person's conversation: the real session, and what they rehearse, which hides it while it is under way."""

    session: Session
    practice: Practice = NOT_REHEARSING


@dataclass(frozen=True, slots=True)
class TurnResult:
    """What is held after a turn, and what else is to happen; `room` is one that it changed, `ends` the code of one that goes."""

    held: RealAndRehearsed
    effects: tuple[Effect, ...] = ()
    room: Room | None = None
    ends: str = field(default="", repr=False)


def room_asked(held: RealAndRehearsed, event: Event) -> str:
    """The code of the room that a turn has to know of; empty where it needs none."""
    is_joining = isinstance(event, Commanded) and event.name == JOIN and is_free(held.practice)
    return plain(event.words) if is_joining and isinstance(event, Commanded) else held.practice.room


def step_any(held: RealAndRehearsed, event: Event, script: Script, room: Room | None = None) -> TurnResult:
    """What is held after an event; `room` is what is open under the code that was asked for.

    A rehearsal that is under way takes every event; the real session is left where it is.
    """
    before, now = held, still_rehearsable(held.practice, script.pack)
    room = room if room and room.fingerprint == script.pack.instrument.fingerprint else None
    if room_asked(held, event) == now.room:
        now = followed(now, room)
    held = replace(held, practice=now)
    is_over = bool(before.practice.room) and not now.room and not isinstance(event, Lapsed)
    turned = (
        _on_its_card(before, TurnResult(held)) if is_over and not now.is_under_way else _talk(held, event, script, room)
    )
    if is_over and not before.practice.is_host:
        turned = replace(turned, effects=(*turned.effects, Toast("room-over" if before.practice.seat else "no-room")))
    left_there = gathered(before.practice, turned.held.practice, room, script.pack, event.occasion.now.today)
    held = replace(turned.held, practice=left_there.practice)
    return replace(turned, held=held, room=left_there.room, ends=left_there.ends)


def _talk(held: RealAndRehearsed, event: Event, script: Script, room: Room | None) -> TurnResult:
    if isinstance(event, Commanded) and event.name in NAMES and is_free(held.practice):
        return _on_its_card(held, _gather(held, event, script, room))
    if _asks_to_measure(event) and is_free(held.practice):
        return _on_its_card(held, _open(held, event, script))
    if is_refused(held.practice, event, held.session.card, room):
        return _on_its_card(held, TurnResult(replace(held, practice=left(held.practice)), (Toast("room-full"),)))
    if held.practice.is_under_way and not isinstance(event, Lapsed):
        return _on_its_card(held, _rehearse(held, event, script))
    if _opens(event, held.session):
        return _on_its_card(held, _open(held, event, script))
    reply = step(held.session, event, script)
    return TurnResult(replace(held, session=reply.session), reply.effects)


def _gather(held: RealAndRehearsed, event: Commanded, script: Script, room: Room | None) -> TurnResult:
    """Begin a room or a pair, or come to the one of that code."""
    why = why_refused(held.practice, event, script, room)
    if why:
        return TurnResult(held, (Toast(why),))
    return TurnResult(replace(held, practice=begun(held.practice, held.session, event, room)))


def still_rehearsable(practice: Practice, pack: Pack) -> Practice:
    """The practice; left where the pack has made-up cases no more, or not this one, or asks other items by now."""
    session = practice.session
    is_gone = practice.case and vignette_of(practice.case, pack) is None
    is_outdated = session and session.has_case and session.fingerprint != pack.instrument.fingerprint
    return left(practice) if practice.is_under_way and (is_gone or is_outdated or not pack.vignettes) else practice


def rehearsal_script(script: Script) -> Script:
    """The script of the SERAF within a rehearsal: nothing is noted, and its codes are not those of real ones."""
    return replace(script, codes=script.rehearsal_codes, notes=None, is_rehearsal=True)


def _on_its_card(before: RealAndRehearsed, turned: TurnResult) -> TurnResult:
    """The same on the next card, unless nothing changed and no document was asked for, or the SERAF within it says that the
    card still counts.
    """
    practice, card = turned.held.practice, before.session.card
    inner = practice.session
    if turned.held == before and not any(isinstance(each, Document) for each in turned.effects):
        return turned
    is_same = inner is not None and inner.card == card and practice.stage is before.practice.stage
    if is_same and shows_seraf(practice) and practice.stage is Stage.SERAF:
        return turned
    practice = replace(practice, session=inner and replace(inner, card=card + 1))
    return replace(turned, held=RealAndRehearsed(replace(turned.held.session, card=card + 1), practice))


def _opens(event: Event, session: Session) -> bool:
    """Whether the event asks for a rehearsal while there is none."""
    match event:
        case Commanded(_, "rehearse", _):
            return True
        case Pressed(_, card, code):
            is_welcome = session.phase is Phase.WELCOME and session.overlay is None
            return is_welcome and (card, code) == (session.card, OPENING)
        case _:
            return False


def _asks_to_measure(event: Event) -> bool:
    """Whether the event asks for a case that is made to measure."""
    return isinstance(event, Commanded) and (event.name, event.words.strip().casefold()) == ("rehearse", MEASURED)


def _open(held: RealAndRehearsed, event: Event, script: Script) -> TurnResult:
    if not script.pack.vignettes or held.practice.newer:
        return TurnResult(held, (Toast("newer-rehearsal" if held.practice.newer else "no-vignettes"),))
    practice = at_the_menu(held.practice, held.session)
    if _asks_to_measure(event) and script.pack.fragments:
        practice = picked(practice, MEASURED, event.occasion, script.pack)
    return TurnResult(replace(held, practice=practice))


def _rehearse(held: RealAndRehearsed, event: Event, script: Script) -> TurnResult:
    practice = held.practice
    match event:
        case Pressed(_, card, _) if card != held.session.card:
            return TurnResult(held, (Toast("stale"),))
        case Pressed(occasion, _, code):
            act = next((each for each in acts_on(practice, script) if code_of(each) == code), None)
            if act is not None:
                return TurnResult(replace(held, practice=acted(practice, act, occasion, script)), _asked_for(act))
            if code == code_of(URGENT.act) and practice.session is not None:
                return TurnResult(replace(held, practice=urgent(practice)))
        case Commanded(_, "rehearse", _):
            return TurnResult(held, (Toast("rehearsing"),))
        case Commanded(_, name, _) if name in NAMES:
            return TurnResult(held, (Toast("rehearsing-first"),))
        case Commanded(occasion, name, _) if name in ERASING and practice.stage is Stage.ROOM and practice.room:
            return TurnResult(replace(held, practice=acted(practice, Rehearse(Turn.END), occasion, script)))
        case Commanded(_, name, _) if name in ERASING:
            return TurnResult(replace(held, practice=left(practice)), (Toast("rehearsal-left"),))
        case Began() | Commanded(_, "start" | "review", _):
            return TurnResult(replace(held, practice=away(practice)))
        case _:
            pass
    return _within(held, event, script)


def _asked_for(act: Rehearse) -> tuple[Effect, ...]:
    """The document that a rehearsal's own button asks for; it comes beside the card."""
    return (Document(act.about), Toast(f"document-{act.about}")) if act.turn is Turn.DRAW else ()


def _within(held: RealAndRehearsed, event: Event, script: Script) -> TurnResult:
    """What the SERAF within the rehearsal makes of an event. Only what it says in passing goes out of it."""
    practice, before = held.practice, held.practice.session
    if before is None or (isinstance(event, Pressed) and not shows_seraf(practice)):
        return TurnResult(held, (Toast("no-button"),))
    reply = step(before, event, rehearsal_script(script))
    said = tuple(each for each in reply.effects if isinstance(each, Toast))
    if reply.session.phase is Phase.ERASED:
        return TurnResult(replace(held, practice=left(practice)), (Toast("rehearsal-left"),))
    after = replace(practice, session=reply.session)
    if isinstance(event, Pressed) and isinstance(act_of(event.code), Say):
        after = after_answer(after, before, script.pack)
    return TurnResult(replace(held, practice=after), said)
