"""A turn of a made-up case as one takes it alone. It reads and changes nothing of a room."""

from dataclasses import replace
from typing import assert_never

from dialogs.core.act_codes import act_of, code_of
from dialogs.core.acts import Rehearse, Say
from dialogs.core.events import Began, Commanded, Event, Ignored, Lapsed, Noted, Occasion, Pressed, Typed
from dialogs.core.keys import URGENT
from dialogs.core.replies import Document, Effect, Toast
from dialogs.core.script import Script
from dialogs.rehearsal.core.made_up import MEASURED
from dialogs.rehearsal.core.practice import Practice, left
from dialogs.rehearsal.core.rehearsed_script import rehearsed_script, without_hints
from dialogs.rehearsal.core.stages import acted, after_answer, at_the_menu, away, picked, urgent
from dialogs.rehearsal.together.keys import LINKS
from dialogs.rehearsal.turn.keys import acts_on, shows_seraf
from dialogs.rehearsal.turn.values import Person, RehearsalTurn
from dialogs.turn.step import step
from state_machines.rehearsal import Stage, Turn

ERASING = ("erase", "cancel")
"""Commands that end a rehearsal."""


def alone(practice: Practice, event: Event, *, script: Script, person: Person) -> RehearsalTurn:
    """What an event comes to for somebody who rehearses, or is about to."""
    if isinstance(event, Lapsed):
        return RehearsalTurn(practice, person.card)
    if not practice.is_under_way or (_asks_to_measure(event) and practice.is_free):
        return _open(practice, event, script=script, person=person)
    return _go_on(practice, event, script=script, card=person.card)


def _asks_to_measure(event: Event) -> bool:
    """Whether the event asks for a case that is made to measure."""
    return isinstance(event, Commanded) and (event.name, event.words.strip().casefold()) == ("rehearse", MEASURED)


def _open(practice: Practice, event: Event, *, script: Script, person: Person) -> RehearsalTurn:
    if not script.pack.vignettes or practice.newer:
        why = "newer-rehearsal" if practice.newer else "no-vignettes"
        return RehearsalTurn(practice, person.card, (Toast(why),))
    opened = at_the_menu(practice, person.remembered)
    if _asks_to_measure(event) and script.pack.fragments:
        opened = picked(opened, MEASURED, occasion=event.occasion, pack=script.pack)
    return RehearsalTurn(opened, person.card)


def _go_on(practice: Practice, event: Event, *, script: Script, card: int) -> RehearsalTurn:
    match event:
        case Pressed(_, token, _) if token != card:
            return RehearsalTurn(practice, card, (Toast("stale"),))
        case Pressed(occasion, _, code):
            act = next((each for each in acts_on(practice, script) if code_of(each) == code), None)
            if act is not None:
                return _acted(practice, act, occasion=occasion, script=script, card=card)
            if code == code_of(URGENT.act) and practice.session is not None:
                return RehearsalTurn(urgent(practice), card)
        case Commanded(_, "rehearse", _):
            return RehearsalTurn(practice, card, (Toast("rehearsing"),))
        case Commanded(_, name, _) if name in ERASING:
            return RehearsalTurn(left(practice), card, (Toast("rehearsal-left"),))
        case Began() | Commanded(_, "start" | "review", _):
            return RehearsalTurn(away(practice), card)
        case Commanded() | Typed() | Noted() | Ignored() | Lapsed():
            pass  # the SERAF within it answers
        case _:
            assert_never(event)
    return _within(practice, event, script=script, card=card)


def _acted(practice: Practice, act: Rehearse, *, occasion: Occasion, script: Script, card: int) -> RehearsalTurn:
    """One of the rehearsal's own buttons, with what is said in passing; a document that it asks for comes with the card."""
    after = acted(practice, act, occasion=occasion, script=script)
    said: tuple[Effect, ...] = ()
    if act.turn is Turn.DRAW:
        said = (Document(act.about), Toast(f"document-{act.about}"))
    elif act.turn is Turn.TICKETS:
        said = (Document(LINKS), Toast(f"document-{LINKS}"))
    elif act.turn is Turn.FREE:
        said = (Toast("seats-freed"),)
    elif act.turn is Turn.RELEASE:
        said = (Toast("key-released"),)
    elif practice.stage is Stage.HELD and after.stage is Stage.HELD:
        said = (Toast("key-held"),)
    return RehearsalTurn(after, card, said)


def _within(practice: Practice, event: Event, *, script: Script, card: int) -> RehearsalTurn:
    """What the SERAF within the rehearsal makes of an event. Only what it says in passing goes out of it."""
    before = practice.session
    if before is None or (isinstance(event, Pressed) and not shows_seraf(practice)):
        return RehearsalTurn(practice, card, (Toast("no-button"),))
    reply = step(before, event, rehearsed_script(practice, script))
    said = tuple(each for each in reply.effects if isinstance(each, Toast))
    after = replace(practice, session=reply.session)
    if isinstance(event, Pressed) and isinstance(act_of(event.code), Say):
        after = after_answer(after, before, pack=script.pack)
    return RehearsalTurn(without_hints(after), card, said)
