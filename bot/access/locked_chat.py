"""What a person whose chat is closed can do there: read the notice, choose a PIN, tap it, and see whom to call."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import assert_never

from bot.access.standing import MOST_TRIES, Access, Terms, forgiven, standing_of, wronged
from bot.crypto.pins import Keypads, Pins, is_weak
from bot.trail.audit import What
from dialogs.core.acts import Agree, Clear, Digit, GateAct, act_of, code_of
from dialogs.core.events import Event, Pressed
from dialogs.core.replies import Effect, Toast
from dialogs.core.script import Script
from dialogs.locked import DIGITS, KEYPADS, Gate, Standing, ask_at

SALT_BYTES = 16


@dataclass(frozen=True, slots=True)
class Visit:
    """One event of one person: who they are, the live card, when it is, and random bytes drawn for it."""

    person: str
    card: int
    at: datetime
    random_bytes: bytes


@dataclass(frozen=True, slots=True)
class Answer:
    """What came of a visit: the standing, what is said in passing, what the audit is told, and whether the card stays."""

    access: Access
    effects: tuple[Effect, ...] = ()
    what: tuple[What, ...] = ()
    is_same_card: bool = False


@dataclass(frozen=True, slots=True)
class LockedChat:
    """Answers at closed chats."""

    pins: Pins
    keypads: Keypads
    terms: Terms

    def gate(self, access: Access, person: str, *, card: int, now: datetime) -> Gate:
        """All that the card of this closed chat is drawn from."""
        return Gate(
            standing_of(access, now, terms=self.terms),
            access.over,
            entered=len(self.keypads.digits(person, card)),
            layout=self.keypads.layout(person, card),
            is_again=bool(access.pending),
        )

    def answer(self, access: Access, visit: Visit, *, event: Event, script: Script) -> Answer:
        """What comes of an event at a closed chat."""
        gate = self.gate(access, visit.person, card=visit.card, now=visit.at)
        if isinstance(event, Pressed) and event.card == visit.card and gate.over is None:
            own = self._own(gate, access, visit=visit, code=event.code)
            if own is not None:
                return own
        asked = ask_at(gate, event, card=visit.card, script=script)
        after = replace(access, over=asked.over)
        return Answer(after, asked.effects, is_same_card=after == access)

    def _own(self, gate: Gate, access: Access, *, visit: Visit, code: str) -> Answer | None:
        """What a button of the notice or the keypad does; None for every other button."""
        if gate.standing is Standing.NOTICE and code == code_of(Agree()):
            return Answer(replace(access, noticed=visit.at), what=(What.NOTICE,))
        if gate.standing not in KEYPADS or access.opens_by_sign_in:
            return None
        key = _key_of(code)
        match key:
            case Clear():  # on another card, since a tap of before may still be sent again
                return Answer(access)
            case Digit(place, digit) if digit in gate.layout:
                pin = self.keypads.tap(visit.person, visit.card, place=place, digit=digit)
            case Digit() | Agree() | None:
                return None
            case _:
                assert_never(key)
        if len(pin) < DIGITS:
            return Answer(access, is_same_card=True)
        return (
            self._try(access, visit, pin=pin)
            if gate.standing is Standing.LOCKED
            else self._choose(access, visit, pin=pin)
        )

    def _try(self, access: Access, visit: Visit, *, pin: str) -> Answer:
        if self.pins.matches(pin, access.pin):
            return Answer(after_right_pin(access, visit.at), what=(What.UNLOCKED,))
        after = wronged(access, visit.at)
        left = MOST_TRIES - after.tries
        if left == 0:
            return Answer(after, (Toast("barred"),), (What.BARRED,))
        said = Toast("wrong-pin-last") if left == 1 else Toast("wrong-pin", (("left", str(left)),))
        return Answer(after, (said,), (What.WRONG_PIN,))

    def _choose(self, access: Access, visit: Visit, *, pin: str) -> Answer:
        if access.pending:
            if not self.pins.matches(pin, access.pending):
                return Answer(replace(access, pending=""), (Toast("pin-differs"),))
            chosen = replace(access, pin=access.pending, pending="", wrong=0)
            return Answer(after_right_pin(chosen, visit.at), what=(What.PIN_CHOSEN,))
        if is_weak(pin):
            return Answer(access, (Toast("weak-pin"),))
        return Answer(replace(access, pending=self.pins.hashed(pin, visit.random_bytes[:SALT_BYTES])))


def _key_of(code: str) -> GateAct | None:
    """The key of the notice or the keypad that a code means; None for every other button."""
    act = act_of(code)
    return act if isinstance(act, GateAct) else None


def after_right_pin(access: Access, now: datetime) -> Access:
    """The standing once the PIN was right; its owner is told of wrong ones before it."""
    return replace(forgiven(access), is_locked=False, seen=now, opened=now, over=None)
