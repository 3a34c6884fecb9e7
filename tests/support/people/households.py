"""People who use the bot behind its lock screen, without a messenger. Each action is a turn of one store."""

from dataclasses import dataclass, field
from datetime import datetime
from random import Random

from bot.access.account import Account, Terms, read_account
from bot.access.admission import plain_code
from bot.access.lock_screen import LockScreen
from bot.channels.turn_queue import read_press
from bot.conversation.conversation import Conversation
from bot.conversation.people.deeds import once_looked_up
from bot.conversation.records import with_session
from bot.crypto.pins import Keypads, Pins
from bot.crypto.sealing import KeyRing
from bot.rehearsal.mode import REHEARSALS
from bot.runtime.clock import local_time
from bot.storage.sqlite.memory import in_memory
from bot.storage.store import Store
from bot.storage.turning import once_derived
from bot.storage.values import Decide, Done, Inbound, NeedsEverybody, Outcome, Record, Undecided
from dialogs.core.events import Began, Commanded, Event, Occasion, Pressed, Typed
from dialogs.core.replies import Card
from dialogs.core.role import Role
from dialogs.core.session import Answers, Session
from seraf.form.responses import Responses
from state_machines.assessment import Phase
from tests.fakes.telegram import FakeClock
from tests.support.cheap_pins import demand_no_transaction
from tests.support.people.accounts import account_with
from tests.support.people.admitting import LONG, PIN
from tests.support.shipped import INSTRUMENT, SCRIPT
from tests.support.telegram.bots import At

KEYS = KeyRing.fresh()


class CheapPins(Pins):
    """PINs that are hashed at no cost, so that thousands of runs are quick. The real hash has its own tests."""

    def hashed(self, pin: str, salt: bytes) -> str:
        """Return the PIN as stored, whatever the salt."""
        demand_no_transaction()
        return KEYS.lasting("cheap pin", pin).hex()

    def matches(self, pin: str, kept: str) -> bool:
        return self.hashed(pin, b"") == kept


def guarded_at(clock: FakeClock, terms: Terms | None = None) -> Conversation:
    """Return a conversation behind a new lock screen."""
    own = LockScreen(CheapPins(KEYS.pepper), Keypads(KEYS), terms or Terms())
    return Conversation(SCRIPT, At(clock), lambda: "NOBODY NOWHERE 10", REHEARSALS, door=own)


@dataclass(frozen=True, slots=True)
class Act:
    """One action of a person: button data or typed words, its event key, and the reference for a new case."""

    person: str
    key: str
    data: str = ""
    words: str = ""
    reference: str = ""

    def event(self, at: datetime) -> Event:
        """Return the event that a channel makes of the action."""
        occasion = Occasion(local_time(at), self.reference)
        if self.data:
            token, code = read_press(self.data) or (-1, "")
            return Pressed(occasion, token, code)
        name, _, words = self.words.removeprefix("/").partition(" ")
        if not self.words.startswith("/"):
            return Typed(occasion)
        return Began(occasion) if name == "start" else Commanded(occasion, name, words)

    @property
    def code(self) -> str:
        """Return the one-time code in a `/start` command, or an empty text."""
        return plain_code(self.words.partition(" ")[2]) if self.words.startswith("/start ") else ""


@dataclass(slots=True)
class Household:
    """One store and one lock screen, and the people who use them."""

    clock: FakeClock
    conversation: Conversation
    store: Store = field(default_factory=in_memory)
    operated: int = 0

    @classmethod
    def at(cls, clock: FakeClock, terms: Terms | None = None) -> "Household":
        """Return a new household with this clock."""
        return cls(clock, guarded_at(clock, terms))

    @property
    def terms(self) -> Terms:
        """The retention periods of this household."""
        return self.conversation.door.terms

    def heard(self, act: Act) -> Inbound:
        """Return the action as a channel passes it to the store."""
        event, now = act.event(self.clock()), self.clock()
        return Inbound(act.key, now, act.person, self.conversation.decide(event, code=act.code), None)

    async def turns(self, *batch: Inbound) -> tuple[Outcome, ...]:
        """Pass events to the store as an inbox does."""
        return await once_derived(self.store.turns, batch)

    async def take(self, act: Act) -> Outcome:
        """Let a person act, and return the outcome of the turn."""
        inbound = self.heard(act)
        (outcome,) = await self.turns(inbound)
        if isinstance(outcome, Undecided) and isinstance(outcome.needed, NeedsEverybody):
            again = await once_looked_up(self.store, inbound, outcome.needed)
            assert isinstance(again, Inbound), again
            (outcome,) = await self.store.turns([again])
        return outcome

    async def operate(self, person: str, decide: Decide) -> Outcome:
        """Let the command line change a person, and return the outcome of the turn."""
        self.operated += 1
        (outcome,) = await self.store.turns([Inbound(f"cli {self.operated}", self.clock(), person, decide, None)])
        return outcome

    async def record(self, person: str) -> Record | None:
        found = await self.store.recall(person)
        return found[0] if found else None

    async def access(self, person: str) -> Account:
        record = await self.record(person)
        access = read_account(record.access) if record else None
        assert isinstance(access, Account), access
        return access

    async def card(self, person: str) -> Card | None:
        """Return the card that a person sees now, or None."""
        record = await self.record(person)
        return self.conversation.card(record) if record else None

    async def digits(self, person: str, pin: str) -> tuple[str, ...]:
        """Return the data of the buttons that enter a PIN on the person's keypad."""
        record = await self.record(person)
        return tuple(f"{record.card if record else 0}:k:{place}:{digit}" for place, digit in enumerate(pin))


def standing_at(clock: FakeClock, role: Role, who: str) -> Account:
    """Return an account whose chat is open from now on, and which stays admitted."""
    now = clock()
    pin = CheapPins(KEYS.pepper).hashed(PIN, b"")
    return account_with(who, role, until=now + LONG, noticed=now + LONG, pin=pin, seen=now)


def in_the_middle(draw: Random, *, card: int, reference: str) -> Session:
    """Return a session at a random item, with random responses to the items before it."""
    until = draw.randrange(1, len(INSTRUMENT.items))
    given = {item.id: draw.choice(item.section.options).id for item in INSTRUMENT.items[:until]}
    facts = {"danger": "no", "told_or_seen": "no", "concern": "yes", "age": "13-15", "how": "form"}
    return Session(
        card=card,
        phase=Phase.ITEMS,
        place=INSTRUMENT.items[until].id,
        reference=reference,
        fingerprint=INSTRUMENT.fingerprint,
        answers=Answers(around=Responses.of(facts), items=Responses.of(given)),
    )


def with_case(record: Record, session: Session) -> Record:
    """Return the record with this session as its case."""
    return with_session(record, session)


def accepted(outcome: Outcome) -> Done:
    """Return the outcome as an accepted turn. Raise AssertionError if the turn was not accepted."""
    assert isinstance(outcome, Done), outcome
    return outcome


def words_of(card: Card | None) -> str:
    """Return the readable text of a card, with the label and code of every button. Empty without a card."""
    if card is None:
        return ""
    return card.text + "".join(f"\n{button.label} {button.code}" for button in card.buttons)
