"""The screen of a chat that is not open, where a person can read the notice, choose or enter a PIN, and see whom to call."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import assert_never

from bot.access.account import MOST_TRIES, Account, Terms, state_of
from bot.crypto.pins import Keypads, Pins, is_same, is_weak, salt_of
from bot.storage.values import NeedsHash
from bot.trail.audit import AuditEvent
from dialogs.core.acts import Agree, Clear, Digit, Entered, GateAct, act_of, code_of
from dialogs.core.events import Event, Pressed
from dialogs.core.replies import Effect, Toast
from dialogs.core.script import Script
from dialogs.locked import DIGITS, KEYPADS, AccountState, Gate, ask_at


@dataclass(frozen=True, slots=True)
class Visit:
    """The circumstances of an event: its person, the number of their live card, its time, and random bytes drawn for it.

    `derived` has the PIN hashes for which earlier decisions on this event asked. `entered` is the PIN that came with the
    act `Entered`, and, if it is a new one, the PIN again on a second line. It is never stored.
    """

    person: str
    card: int
    at: datetime
    random_bytes: bytes
    derived: Mapping[NeedsHash, str] = field(repr=False)
    entered: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class Answer:
    """The result of an event: the account, the effects, the audit events (`what`), and whether the card stays the same."""

    account: Account
    effects: tuple[Effect, ...] = ()
    what: tuple[AuditEvent, ...] = ()
    is_same_card: bool = False


@dataclass(frozen=True, slots=True)
class LockScreen:
    """The lock screen. It answers the events of chats that are not open."""

    pins: Pins
    keypads: Keypads
    terms: Terms

    def gate(self, account: Account, person: str, *, card: int, now: datetime) -> Gate:
        """Return the values from which the card of the lock screen is drawn."""
        return Gate(
            state_of(account, now, terms=self.terms),
            account.door.over,
            entered=len(self.keypads.digits(account.pin.taps, card)),
            layout=self.keypads.layout(person, card),
            is_again=bool(account.pin.pending),
        )

    def answer(self, account: Account, visit: Visit, *, event: Event, script: Script) -> Answer | NeedsHash:
        gate = self.gate(account, visit.person, card=visit.card, now=visit.at)
        if isinstance(event, Pressed) and event.card == visit.card and gate.over is None:
            own = self._own(gate, account, visit=visit, code=event.code, is_page=script.channel.draws_pages)
            if own is not None:
                return own
        asked = ask_at(gate, event, card=visit.card, script=script)
        after = replace(account, door=account.door.under(asked.over))
        return Answer(after, asked.effects, is_same_card=after == account)

    def _own(
        self, gate: Gate, account: Account, *, visit: Visit, code: str, is_page: bool
    ) -> Answer | NeedsHash | None:
        """Answer a button of the notice or of the keypad, or a PIN typed into a page. Return None for another act."""
        if gate.standing is AccountState.NOTICE and code == code_of(Agree()):
            return Answer(replace(account, door=replace(account.door, noticed=visit.at)), what=(AuditEvent.NOTICE,))
        if gate.standing not in KEYPADS or account.pin.opens_by_sign_in:
            return None
        act = act_of(code)
        if not isinstance(act, GateAct):
            return None
        is_locked = gate.standing is AccountState.LOCKED
        match act:
            case Entered() if is_page:
                pin, _, again = visit.entered.partition("\n")
                if len(pin) != DIGITS or not (pin.isascii() and pin.isdecimal()):
                    return Answer(account, (Toast("pin-digits"),), is_same_card=True)
                if not is_locked and again != pin:
                    return Answer(account, (Toast("pin-differs"),), is_same_card=True)
            case Clear() if (
                not is_page
            ):  # the next card is another one, since an earlier tap on this one may arrive twice
                return Answer(account.tapped(""))
            case Digit(place, digit) if not is_page and digit in gate.layout:
                taps = self.keypads.tap(account.pin.taps, visit.card, place=place, digit=digit)
                pin = self.keypads.digits(taps, visit.card)
                if len(pin) < DIGITS:
                    return Answer(account.tapped(taps), is_same_card=True)
            case Digit() | Clear() | Entered() | Agree():
                return None
            case _:
                assert_never(act)
        account = account.tapped("")  # the six digits are the PIN itself, which is not stored
        kept = account.pin.hash if is_locked else "" if is_page else account.pin.pending
        if not kept and is_weak(pin):
            return Answer(account, (Toast("weak-pin"),))
        need = NeedsHash(pin, salt_of(kept) if kept else visit.random_bytes[:16], self.pins.hashed)
        hashed = visit.derived.get(need)
        if hashed is None:
            return need
        if is_locked:
            if is_same(hashed, kept):
                return Answer(account.opened(visit.at), what=(AuditEvent.UNLOCKED,))
            after = replace(account, pin=account.pin.wronged(visit.at))
            left = MOST_TRIES - after.pin.tries
            if left == 0:
                return Answer(after, (Toast("barred"),), (AuditEvent.BARRED,))
            toast = Toast("wrong-pin-last") if left == 1 else Toast("wrong-pin", (("left", str(left)),))
            return Answer(after, (toast,), (AuditEvent.WRONG_PIN,))
        # A new PIN is chosen: typed twice, on a page at once.
        if not kept and not is_page:
            return Answer(replace(account, pin=replace(account.pin, pending=hashed)))
        if kept and not is_same(hashed, kept):
            return Answer(replace(account, pin=replace(account.pin, pending="")), (Toast("pin-differs"),))
        chosen = replace(account, pin=replace(account.pin, hash=hashed, pending="", wrong=0))
        return Answer(chosen.opened(visit.at), what=(AuditEvent.PIN_CHOSEN,))
