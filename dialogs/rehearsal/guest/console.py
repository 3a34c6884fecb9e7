"""The turns and the card of a trainer without an account, who leads a room from a console, and the clock of the session."""

from dataclasses import replace
from datetime import timedelta

from dialogs.core.acts import Rehearse, act_of, code_of
from dialogs.core.events import Occasion, Pressed
from dialogs.core.replies import Card, Toast
from dialogs.core.script import Script
from dialogs.rehearsal.core.practice import NOT_REHEARSING, Practice
from dialogs.rehearsal.core.rooms import Counts, Ended, Room
from dialogs.rehearsal.core.stages import beginning
from dialogs.rehearsal.guest.seat import NOBODY
from dialogs.rehearsal.kit.papers import HANDOUT, KEY, NOTE, PLANS, SHEET
from dialogs.rehearsal.together.cards import LINKS, MAP, PAPER, RESULTS
from dialogs.rehearsal.turn.alone import Person, RehearsalTurn, rehearse, still_rehearsable
from dialogs.rehearsal.turn.cards import EVERY, show_rehearsal
from seraf.advice.contacts import LocalTime
from seraf.rehearsal.agreement import Compared
from seraf.rehearsal.session_plan import session_plan
from state_machines.rehearsal import Stage, Together, Turn

# A console has papers and slides of its own, and there is nothing to go back to or to leave before a case is chosen.
ELSEWHERE = frozenset({Turn.DRAW, Turn.PAPERS, Turn.SCREEN, Turn.PAGE})
LED = (Stage.ROOM, Stage.ROOM_REPORT)
"""The stages at which the console shows slides. At the others it shows a card."""


def choosing(occasion: Occasion, script: Script, *, case: str = "", card: int = 0) -> RehearsalTurn:
    """Return the turn of a trainer who begins, at the list of cases, or with the room of this case of the pack open."""
    turned = RehearsalTurn(beginning(NOT_REHEARSING, NOBODY, together=Together.ROOM), card + 1)
    for act in (Rehearse(Turn.PICK, case), Rehearse(Turn.HOST)) if case else ():
        event = Pressed(occasion, turned.card, code_of(act))
        turned = trainer_pressed(turned.practice, event, script=script, card=turned.card, room=None)
    return turned


def trainer_pressed(
    practice: Practice, event: Pressed, *, script: Script, card: int, room: Room | None
) -> RehearsalTurn:
    """Return the turn after a trainer pressed a button of the console. Whoever leaves a room chooses the next case."""
    kept, act = still_rehearsable(practice, script.pack), act_of(event.code)
    if not kept.is_under_way:
        return choosing(event.occasion, script, card=card)
    if isinstance(act, Rehearse) and act.turn is Turn.PAGE and kept.stage in LED:
        if event.card != card:
            return RehearsalTurn(kept, card, (Toast("stale"),))
        number = int(act.about) if act.about.isascii() and act.about.isdecimal() and len(act.about) <= 3 else 1
        return RehearsalTurn(replace(kept, page=max(number, 1)), card + 1)
    if isinstance(act, Rehearse) and act.turn in ELSEWHERE:
        return RehearsalTurn(kept, card, (Toast("no-button"),))
    turned = rehearse(kept, event, script=script, person=Person(card, NOBODY), room=room)
    after = turned.practice
    if after.is_under_way and after.together is Together.ROOM:
        return turned
    return replace(choosing(event.occasion, script, card=turned.card), ends=turned.ends)


def trainer_card(practice: Practice, script: Script, *, now: LocalTime, card: int) -> Card:
    """Return the card of a trainer at a stage that has no slides."""
    kept = still_rehearsable(practice, script.pack)
    hidden = {Turn.BACK, Turn.LEAVE} if kept.stage is Stage.LIST else {Turn.LEAVE} if kept.stage is Stage.CHOSEN else ()
    return show_rehearsal(kept, script, now=now, card=card, turns=EVERY - ELSEWHERE - frozenset(hidden))


def session_papers(practice: Practice, script: Script) -> tuple[tuple[str, str], ...]:
    """Return the kind and the label of each paper that the trainer can have now."""
    say, seen = script.wording.say, practice.membership.seen
    closed = isinstance(seen, Ended) and isinstance(seen.outcome, Compared)
    links = (LINKS,) if isinstance(seen, Counts) and seen.tickets is not None else ()
    kinds = (*links, HANDOUT, SHEET, KEY, NOTE, *PLANS.values(), *((PAPER, MAP, RESULTS) if closed else ()))
    named = {kind: say("button.fetch-plan", number=minutes) for minutes, kind in PLANS.items()}
    return tuple((kind, named.get(kind) or say(f"button.fetch-{kind}")) for kind in kinds)


def is_leading(practice: Practice) -> bool:
    """Return True if the console shows slides now, and not a card."""
    is_covered = practice.session is not None and practice.session.overlay is not None
    return practice.stage in LED and not is_covered


def clock_line(elapsed: timedelta, script: Script, *, minutes: int) -> str:
    """Return which step of the plan of this many minutes a session is at, given the time since its room opened."""
    say, minute = script.wording.say, int(elapsed.total_seconds() // 60)
    steps = session_plan(minutes)
    now = next((each for each in steps if minute < each.begins + each.minutes), None)
    if now is None:
        return say("console.over", minute=minute, minutes=minutes)
    title, left = say(f"kit.step.{now.step}.title"), now.begins + now.minutes - minute
    return say("console.clock", minute=minute, minutes=minutes, title=title, left=left)
