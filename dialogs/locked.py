"""The cards of a person who is not admitted, or whose chat is locked, and what an event does there."""

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import assert_never

from dialogs.call import OF_THE_CASE
from dialogs.cards.keyboard import act_for
from dialogs.cards.overlay_cards import ASKS_FOR, overlay_paragraphs, overlay_rows
from dialogs.cards.show import button, with_landmarks
from dialogs.core.acts import WHOM_TO_CALL, Agree, Clear, Close, Digit, Kind, Open, Overlay, code_of
from dialogs.core.events import Began, Commanded, Event, Ignored, Lapsed, Noted, Pressed, Typed
from dialogs.core.keys import CALL, CONTACTS, HELP, URGENT
from dialogs.core.replies import Button, Card, Effect, Paragraph, Toast
from dialogs.core.script import Script
from dialogs.core.session import Session, fresh
from dialogs.phrases.whom_to_call import urgent_line
from dialogs.turn.commands import ASKED_CLOSED, command
from seraf.advice.contacts import LocalTime
from seraf.form.responses import NOTHING

DIGITS = 6  # digits of a PIN

HELPING = {
    **{code_of(Open(Overlay(Kind(name)))): name for name in ("urgent", "call", "contacts", "help")},
    code_of(Open(OF_THE_CASE)): "call",
}
"""Buttons that work while a chat is locked, even on an earlier card, with the commands that they stand for.

They show general words instead of those for a case.
"""


class AccountState(StrEnum):
    """What may be shown to a person, by their account and the time."""

    OPEN = "open"  # everything
    NO_CASES = "no-cases"  # everything but assessments: the role has none
    LOCKED = "locked"  # nothing of a case before the PIN
    NEW_PIN = "new-pin"  # nothing of a case before a PIN is chosen
    NOTICE = "notice"  # nothing of a case before the notice is accepted
    BARRED = "barred"  # nothing of a case before an administrator unlocks the chat: too many wrong PINs
    LAPSED = "lapsed"  # nothing of a case before the admission is renewed
    UNREACHABLE = "unreachable"  # nothing of a case, to anybody: their record cannot be read now
    STRANGER = "stranger"  # nothing but whom to call, to a person who was never admitted, or was removed


KEYPADS = frozenset({AccountState.LOCKED, AccountState.NEW_PIN})  # states in which digits are tapped


@dataclass(frozen=True, slots=True)
class Gate:
    """The values that the card of a locked chat is drawn from.

    `over` is the overlay; `entered` counts the digits tapped; `layout` is the order of the keys; `is_again` is True
    while a new PIN is tapped the second time.
    """

    standing: AccountState
    over: Overlay | None = None
    entered: int = 0
    layout: tuple[int, ...] = tuple(range(10))
    is_again: bool = False


@dataclass(frozen=True, slots=True)
class AtTheGate:
    """The result of an event at a locked chat: the overlay of its card, and effects."""

    over: Overlay | None
    effects: tuple[Effect, ...] = ()


def front(card: int, over: Overlay | None) -> Session:
    """Return the empty session that help and contacts are drawn from while a chat is locked."""
    return replace(fresh(card, NOTHING), overlay=over)


def ask_at(gate: Gate, event: Event, *, card: int, script: Script) -> AtTheGate:
    """Return what an event does at a locked chat. What concerns a case is refused, and the reply says what to do."""
    match event:
        case Commanded(_, name, words) if name in ASKED_CLOSED:
            reply = command(front(card, gate.over), name, words=words, script=script)
            return AtTheGate(reply.session.overlay, reply.effects)
        case Pressed(_, token, code) if token != card and code not in HELPING:
            return AtTheGate(gate.over, (Toast("stale"),))
        case Pressed(_, token, code):
            # A button of an earlier card keeps its meaning there, whatever overlay the card has now.
            live = gate if token == card else replace(gate, over=None)
            closed = AtTheGate(live.over, (Toast(f"closed-{live.standing}"),))
            if live.over is None:
                asked = HELPING.get(code)
                if not asked:
                    return closed
                return AtTheGate(command(front(0, None), asked, words="", script=script).session.overlay)
            offered = overlay_rows(live.over, front(0, live.over), script=script, now=event.occasion.now)
            match act_for(code, offered, pack=script.pack):
                case Open(overlay):
                    return AtTheGate(overlay)
                case Close():
                    return AtTheGate(None)
            return closed
        case Began():
            return AtTheGate(None)
        case Typed() | Noted():
            return AtTheGate(gate.over, (Toast("typed"),))
        case Ignored(_, kind):
            return AtTheGate(gate.over, (Toast(f"ignored-{kind}"),))
        case Commanded() | Lapsed():
            return AtTheGate(gate.over, (Toast(f"closed-{gate.standing}"),))
    assert_never(event)


def gate_card(gate: Gate, token: int, *, script: Script, now: LocalTime, notice: str = "") -> Card:
    """Return the card of a locked chat, with the notice, if any, above it."""
    above = (Paragraph(notice),) if notice else ()
    if gate.over is not None:
        session = front(token, gate.over)
        rows = overlay_rows(gate.over, session, script=script, now=now)
        paragraphs = overlay_paragraphs(gate.over, session, script=script, now=now)
        card = Card(
            token,
            (*above, *paragraphs),
            tuple(tuple(button(key, script) for key in row) for row in rows),
            asks_for=ASKS_FOR.get(gate.over.kind, ""),
            goes_first=gate.over.kind in WHOM_TO_CALL,
        )
        return with_landmarks(card, script, above=len(above))
    helping = tuple(button(key, script) for key in (URGENT, CALL, CONTACTS))
    card = Card(token, (*above, *_paragraphs(gate, script, now)), (*_rows(gate, script), helping))
    return with_landmarks(card, script, above=len(above))


def _paragraphs(gate: Gate, script: Script, now: LocalTime) -> tuple[Paragraph, ...]:
    say = script.wording.say
    name = "new-pin-again" if gate.is_again else str(gate.standing)
    title = Paragraph(say(f"gate.{name}.title"), is_strong=True)
    text = Paragraph(say(f"gate.{name}.text"))
    if gate.standing in (AccountState.UNREACHABLE, AccountState.STRANGER):
        return (title, text, Paragraph(urgent_line(script, now)))
    if gate.standing not in KEYPADS:
        return (title, text)
    dots = "●" * gate.entered + "○" * (DIGITS - gate.entered)
    return (title, text, Paragraph(say("gate.entered", entered=gate.entered, of=DIGITS, dots=dots)))


def _rows(gate: Gate, script: Script) -> tuple[tuple[Button, ...], ...]:
    if gate.standing is AccountState.NOTICE:
        return ((Button(script.wording.say("button.agree"), Agree()),),)
    if gate.standing is AccountState.NO_CASES:
        return ((button(HELP, script),),)
    if gate.standing not in KEYPADS:
        return ()
    keys = [Button(str(digit), Digit(gate.entered, digit)) for digit in gate.layout]
    last = (keys[9], Button(script.wording.say("button.clear"), Clear()))
    return (*(tuple(keys[start : start + 3]) for start in range(0, 9, 3)), last)
