"""The cards of people who are not admitted or whose chat is locked, and what an event does there."""

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import assert_never

from dialogs.asking import ASK
from dialogs.call import OF_THE_CASE
from dialogs.cards.overlay_cards import ASKS_FOR, overlay_paragraphs, overlay_rows
from dialogs.cards.plain_page import parts_of, simple_page, ways_of
from dialogs.cards.show import button, page_of, pressed, with_landmarks
from dialogs.core.acts import WHOM_TO_CALL, Agree, Clear, Close, Digit, GateAct, Kind, Open, Overlay, code_of
from dialogs.core.events import Began, Commanded, Event, Ignored, Lapsed, LookedUp, Noted, Pressed, Typed
from dialogs.core.keys import CALL, CONTACTS, HELP, URGENT
from dialogs.core.page import Button, Calls, More, PageKind, PagePart, PinField, SectionPart, Text, Ways, WholePage
from dialogs.core.replies import Card, Effect, Paragraph, Toast
from dialogs.core.script import Script
from dialogs.core.session import Session, fresh
from dialogs.phrases.whom_to_call import call_of, urgent_calls, urgent_line
from dialogs.turn.commands import ASKED_CLOSED, command
from seraf.advice.contacts import LocalTime
from seraf.form.responses import NOTHING

DIGITS = 6  # number of digits of a PIN

HELPING = {
    **{code_of(Open(Overlay(Kind(name)))): name for name in ("urgent", "call", "contacts", "help")},
    code_of(Open(OF_THE_CASE)): "call",
}
"""The buttons that work while a chat is locked, even those of an earlier card: each one's code and its command.

They show general information, and nothing about a case.
"""


class AccountState(StrEnum):
    """The state of a person's account, which decides what their chat may show."""

    OPEN = "open"  # everything
    NO_CASES = "no-cases"  # everything except assessments, which the role does not allow
    LOCKED = "locked"  # nothing about a case until the PIN is entered
    NEW_PIN = "new-pin"  # nothing about a case until a PIN is chosen
    NOTICE = "notice"  # nothing about a case until the notice is accepted
    BARRED = "barred"  # nothing about a case until an administrator unlocks the chat, after too many wrong PINs
    LAPSED = "lapsed"  # nothing about a case until the admission is renewed
    UNREACHABLE = "unreachable"  # nothing about a case: the person's record cannot be read at the moment
    STRANGER = "stranger"  # only whom to call: the person was never admitted, or was removed


KEYPADS = frozenset({AccountState.LOCKED, AccountState.NEW_PIN})  # states in which the card has a keypad for the PIN


@dataclass(frozen=True, slots=True)
class Gate:
    """What the card of a locked chat is drawn from.

    `over` is the open overlay; `entered` is the number of digits tapped so far; `layout` is the order of the digit
    buttons; `is_again` is True while a new PIN is entered for the second time.
    """

    standing: AccountState
    over: Overlay | None = None
    entered: int = 0
    layout: tuple[int, ...] = tuple(range(10))
    is_again: bool = False


@dataclass(frozen=True, slots=True)
class AtTheGate:
    """The result of an event in a locked chat: the overlay that is open afterwards, or None, and the effects."""

    over: Overlay | None
    effects: tuple[Effect, ...] = ()


def front(card: int, over: Overlay | None) -> Session:
    """Return a session without a case, which the help and contact cards need while a chat is locked."""
    return replace(fresh(card, NOTHING), overlay=over)


def ask_at(gate: Gate, event: Event, *, card: int, script: Script) -> AtTheGate:
    """Return the result of an event in a locked chat. An event about a case is refused with a toast that says why."""
    match event:
        case Commanded(_, name) if name == ASK and gate.standing is not AccountState.NO_CASES:
            return AtTheGate(gate.over, (Toast("typed-locked"),))
        case Commanded(_, name) if name in ASKED_CLOSED:
            reply = command(front(card, gate.over), name)
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
                return AtTheGate(command(front(0, None), asked).session.overlay)
            match pressed(code, front(0, live.over), script=script, now=event.occasion.now):
                case Open(overlay):
                    return AtTheGate(overlay)
                case Close():
                    return AtTheGate(None)
            return closed
        case Began():
            return AtTheGate(None)
        case LookedUp(_, about):
            return AtTheGate(Overlay(Kind.ASK, about))
        case Typed() | Noted():
            return AtTheGate(gate.over, (Toast("typed-locked"),))
        case Ignored(_, kind):
            return AtTheGate(gate.over, (Toast(f"ignored-{kind}"),))
        case Commanded() | Lapsed():
            return AtTheGate(gate.over, (Toast(f"closed-{gate.standing}"),))
    assert_never(event)


def gate_card(gate: Gate, token: int, *, script: Script, now: LocalTime, notice: str = "") -> Card:
    """Return the card of a locked chat, with `notice` at its top unless that is empty."""
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
        card = with_landmarks(card, script, above=len(above))
        if not script.channel.draws_pages:
            return card
        return replace(card, page=page_of(card, session, script=script, now=now, notice=notice))
    helping = tuple(button(key, script) for key in (URGENT, CALL, CONTACTS))
    card = Card(token, (*above, *_paragraphs(gate, script, now)), (*_rows(gate, script), helping))
    card = with_landmarks(card, script, above=len(above))
    if not script.channel.draws_pages:
        return card
    return replace(card, page=_page(gate, card, script=script, now=now, notice=notice))


def _page(gate: Gate, card: Card, *, script: Script, now: LocalTime, notice: str) -> WholePage:
    """Return the page of a locked chat. Its title says no more than that it is locked."""
    say, contacts, standing = script.wording.say, script.pack.contacts, gate.standing
    plain = simple_page(card, script, notice=notice)
    parts: list[PagePart] = [*parts_of(Paragraph(say(f"gate.{standing}.text")))]
    calls, title = urgent_calls(script, now), say("leaf.locked")
    match standing:
        case AccountState.NOTICE:
            parts.append(Ways((Button(say("button.agree"), Agree()),), is_main=True))
        case AccountState.NEW_PIN:
            parts.append(
                PinField(
                    say("leaf.pin-new"), say("leaf.pin-keep"), hint=say("leaf.pin-rule"), again=say("leaf.pin-again")
                )
            )
        case AccountState.LOCKED:
            parts.append(PinField(say("leaf.pin"), say("leaf.pin-send"), hint=say("leaf.pin-how")))
            parts.append(More(say("leaf.pin-forgotten"), (Text(say("leaf.pin-forgotten-text")),)))
        case AccountState.UNREACHABLE:  # nothing here can be pressed
            calls = tuple(call_of(each, script, now=now) for each in contacts.by_likelihood(now) if each.value)
            return replace(plain, parts=(*parts, Calls(calls)))
        case AccountState.STRANGER | AccountState.NO_CASES:
            title = plain.title
    ways = tuple(ways_of(card, script, lambda each: isinstance(each.act, GateAct)))
    parts.append(SectionPart(say("leaf.to-call"), (Calls(calls), *ways)))
    return replace(plain, shape=PageKind.LOCKED, title=title, parts=tuple(parts))


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
