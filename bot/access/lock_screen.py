"""What a person whose chat is closed can do there: read the notice, choose a PIN, tap it, and see whom to call."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import assert_never

from bot.access.account import MOST_TRIES, Account, Terms, state_of
from bot.crypto.pins import Keypads, Pins, is_weak
from bot.trail.audit import AuditEvent
from dialogs.core.acts import Agree, Clear, Digit, GateAct, act_of, code_of
from dialogs.core.events import Event, Pressed
from dialogs.core.replies import Effect, Toast
from dialogs.core.script import Script
from dialogs.locked import DIGITS, KEYPADS, AccountState, Gate, ask_at

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

    account: Account
    effects: tuple[Effect, ...] = ()
    what: tuple[AuditEvent, ...] = ()
    is_same_card: bool = False


@dataclass(frozen=True, slots=True)
class LockScreen:
    """Answers at closed chats."""

    pins: Pins
    keypads: Keypads
    terms: Terms

    def gate(self, account: Account, person: str, *, card: int, now: datetime) -> Gate:
        """All that the card of this closed chat is drawn from."""
        return Gate(
            state_of(account, now, terms=self.terms),
            account.door.over,
            entered=len(self.keypads.digits(person, card)),
            layout=self.keypads.layout(person, card),
            is_again=bool(account.pin.pending),
        )

    def answer(self, account: Account, visit: Visit, *, event: Event, script: Script) -> Answer:
        """What comes of an event at a closed chat."""
        gate = self.gate(account, visit.person, card=visit.card, now=visit.at)
        if isinstance(event, Pressed) and event.card == visit.card and gate.over is None:
            own = self._own(gate, account, visit=visit, code=event.code)
            if own is not None:
                return own
        asked = ask_at(gate, event, card=visit.card, script=script)
        after = replace(account, door=account.door.under(asked.over))
        return Answer(after, asked.effects, is_same_card=after == account)

    def _own(self, gate: Gate, account: Account, *, visit: Visit, code: str) -> Answer | None:
        """What a button of the notice or the keypad does; None for every other button."""
        if gate.standing is AccountState.NOTICE and code == code_of(Agree()):
            return Answer(replace(account, door=account.door.agreed(visit.at)), what=(AuditEvent.NOTICE,))
        if gate.standing not in KEYPADS or account.pin.opens_by_sign_in:
            return None
        key = _key_of(code)
        match key:
            case Clear():  # on another card, since a tap of before may still be sent again
                return Answer(account)
            case Digit(place, digit) if digit in gate.layout:
                pin = self.keypads.tap(visit.person, visit.card, place=place, digit=digit)
            case Digit() | Agree() | None:
                return None
            case _:
                assert_never(key)
        if len(pin) < DIGITS:
            return Answer(account, is_same_card=True)
        return (
            self._try(account, visit, pin=pin)
            if gate.standing is AccountState.LOCKED
            else self._choose(account, visit, pin=pin)
        )

    def _try(self, account: Account, visit: Visit, *, pin: str) -> Answer:
        if self.pins.matches(pin, account.pin.hash):
            return Answer(account.opened(visit.at), what=(AuditEvent.UNLOCKED,))
        after = replace(account, pin=account.pin.wronged(visit.at))
        left = MOST_TRIES - after.pin.tries
        if left == 0:
            return Answer(after, (Toast("barred"),), (AuditEvent.BARRED,))
        said = Toast("wrong-pin-last") if left == 1 else Toast("wrong-pin", (("left", str(left)),))
        return Answer(after, (said,), (AuditEvent.WRONG_PIN,))

    def _choose(self, account: Account, visit: Visit, *, pin: str) -> Answer:
        if account.pin.pending:
            if not self.pins.matches(pin, account.pin.pending):
                return Answer(replace(account, pin=account.pin.asked_again("")), (Toast("pin-differs"),))
            chosen = replace(account, pin=account.pin.chosen())
            return Answer(chosen.opened(visit.at), what=(AuditEvent.PIN_CHOSEN,))
        if is_weak(pin):
            return Answer(account, (Toast("weak-pin"),))
        pending = self.pins.hashed(pin, visit.random_bytes[:SALT_BYTES])
        return Answer(replace(account, pin=account.pin.asked_again(pending)))


def _key_of(code: str) -> GateAct | None:
    """The key of the notice or the keypad that a code means; None for every other button."""
    act = act_of(code)
    return act if isinstance(act, GateAct) else None
