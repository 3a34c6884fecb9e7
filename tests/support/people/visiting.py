"""A person who uses the bot behind its lock screen, with any store, and a clock that the test moves."""

import itertools
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from bot.access.account import Account, Removed, Terms, read_account, written
from bot.conversation.conversation import Conversation
from bot.conversation.people.deeds import once_looked_up
from bot.conversation.records import session_of
from bot.crypto.sealing import KeyRing
from bot.operations.housekeeping import pass_time
from bot.rehearsal.mode import REHEARSALS
from bot.storage.cases import CaseHead
from bot.storage.sqlite.memory import in_memory
from bot.storage.store import Store
from bot.storage.turning import once_derived
from bot.storage.values import (
    AboutEverybody,
    Decide,
    Decided,
    Decision,
    Done,
    Everybody,
    Inbound,
    Lookup,
    NeedsEverybody,
    Outcome,
    Record,
    Refused,
    Undecided,
    first_record,
)
from bot.trail.chain import Entry
from dialogs.core.events import Began, Commanded, Event, Pressed, Typed
from dialogs.core.replies import Card, Toast
from dialogs.core.role import Role
from dialogs.core.session import Session
from tests.support.people.admitting import PIN, access, door
from tests.support.shipped import SCRIPT
from tests.support.talk.talking import CHOSEN

START = datetime(2026, 3, 4, 12, tzinfo=UTC)
KEYS = KeyRing.fresh()
REFERENCE = "BRISK OTTER 41"
PERSON = "telegram:7"
OPEN = {role: access(KEYS, role, at=START) for role in Role}
"""For each role, an account that stays admitted and whose chat is open at `START`."""
ROLE = "School"
"""The answer that a person gives when the bot first asks for their profession."""

TO_ITEM_ONE = ("Start", ROLE, "Neither", "No", "Yes", "13–15", "Form order")


class Hands:
    """A clock that a test sets."""

    at = START

    def now(self) -> datetime:
        return self.at


class Visitor:
    """A person and their row, alone or together with others in one store.

    `outcome`, `effects` and `toasts` belong to the last turn. Every decision is made twice, since a store may repeat
    it.
    """

    def __init__(
        self,
        person: str = PERSON,
        *,
        terms: Terms | None = None,
        admins: tuple[str, ...] = (),
        beside: "Visitor | None" = None,
        store: Store | None = None,
    ) -> None:
        self.person = person
        self.clock: Hands = beside.clock if beside else Hands()
        self.store: Store = beside.store if beside else store or in_memory()
        own, led_by = door(KEYS, terms), frozenset(admins)
        self.bot = Conversation(SCRIPT, self.clock, lambda: REFERENCE, REHEARSALS, door=own, admins=led_by)
        self.record: Record = first_record(person)
        self.outcome: Outcome | None = None
        self._keys = (f"{person} {number}" for number in itertools.count(1))

    @classmethod
    async def let_in(
        cls,
        standing: Account | Removed | Role = Role.PRACTITIONER,
        *,
        terms: Terms | None = None,
        store: Store | None = None,
    ) -> "Visitor":
        """Return an admitted person. Their chat is open, unless the given account says otherwise."""
        visitor = cls(terms=terms, store=store)
        await visitor.set(OPEN[standing] if isinstance(standing, Role) else standing)
        return visitor

    @property
    def access(self) -> Account:
        found = read_account(self.record.access)
        assert isinstance(found, Account)
        return found

    @property
    def session(self) -> Session:
        return session_of(self.record)

    @property
    def card(self) -> Card | None:
        return self.bot.card(self.record)

    @property
    def text(self) -> str:
        """The text of the card, or an empty text if the chat must be empty."""
        return self.card.text if self.card else ""

    @property
    def labels(self) -> list[str]:
        """The labels of the card's buttons, without the mark of the chosen answer."""
        return [button.label.removesuffix(CHOSEN) for button in self.card.buttons] if self.card else []

    @property
    def effects(self) -> tuple[object, ...]:
        """The effects of the last turn other than its card."""
        return self.outcome.effects if isinstance(self.outcome, Done) else ()

    @property
    def toasts(self) -> list[str]:
        """The wording keys of the toasts of the last turn."""
        return [effect.key for effect in self.effects if isinstance(effect, Toast)]

    def later(self, **time: float) -> "Visitor":
        """Move the clock on, without any work of the bot."""
        self.clock.at += timedelta(**time)
        return self

    async def start(self, code: str = "") -> "Visitor":
        """Type `/start`, followed by a code if one is given."""
        return await self.take(Began(self.bot.occasion()), code)

    async def command(self, name: str, words: str = "") -> "Visitor":
        return await (self.start() if name == "start" else self.take(Commanded(self.bot.occasion(), name, words)))

    async def type(self, words: str = "") -> "Visitor":
        return await self.take(Typed(self.bot.occasion()), words=words)

    async def press(self, *labels: str) -> "Visitor":
        """Press buttons of the card, one after another, by their labels."""
        for label in labels:
            assert self.card is not None, "there is no card"
            codes = [each.code for each in self.card.buttons if each.label.removesuffix(CHOSEN) == label]
            assert len(codes) == 1, f"{label!r} is not on the card, or twice: {self.labels}\n{self.text}"
            await self.tap(codes[0])
        return self

    async def tap(self, code: str, card: int | None = None) -> "Visitor":
        """Press the button with this code on the current card, or on the card with the number `card`."""
        return await self.take(Pressed(self.bot.occasion(), self.record.card if card is None else card, code))

    async def pin(self, digits: str = PIN) -> "Visitor":
        """Enter digits on the keypad."""
        return await self.press(*digits)

    async def begin(self) -> "Visitor":
        """Start an assessment, and answer the opening questions up to item 1."""
        await self.start()
        await self.press("Start")
        if ROLE in self.labels:
            await self.press(ROLE)
        return await self.press(*TO_ITEM_ONE[2:])

    async def finish(self) -> "Visitor":
        """Go from an item to the result. The remaining items become not known."""
        await self.press("More", "Finish now", "Not known", "None of the others")
        await self.press("Continue")
        return await self.press("Not sure")

    async def pass_time(self, *, is_old: bool = False, **time: float) -> "Visitor":
        """Move the clock on, and let the bot do the work that is due then."""
        self.later(**time)
        now, found = self.clock.now(), await self.store.recall(self.person)
        old_card = found[0].card if is_old and found is not None else None
        return await self._came(await pass_time(self.store, self.bot, person=self.person, now=now, old_card=old_card))

    async def set(self, standing: Account | Removed) -> "Visitor":
        """Give the person an account directly in the store."""
        return await self._turn(lambda record, _: Decision(replace(record, access=written(standing)), ()))

    @property
    def head(self) -> CaseHead:
        """The head of the case in hand, which must exist."""
        assert self.record.head is not None
        return self.record.head

    async def set_head(self, **values: Any) -> "Visitor":
        """Change these fields of the head of the case in hand directly in the store."""

        def change(record: Record, _: object) -> Decision:
            heads = (replace(head, **values) if head.reference == record.hand else head for head in record.heads)
            return Decision(replace(record, heads=tuple(heads)), ())

        return await self._turn(change)

    async def take(self, event: Event, code: str = "", *, words: str = "") -> "Visitor":
        """Let the person cause this event, with what they typed."""
        return await self._turn(_twice(self.bot.decide(event, words=words, code=code)), next(self._keys))

    async def entries(self) -> list[Entry]:
        return list(await self.store.read(lambda t: t.audit.entries()))

    async def words(self) -> list[str]:
        """Return the kinds of all audit entries, in order."""
        return [str(entry.what) for entry in await self.store.read(lambda t: t.audit.entries())]

    async def _turn(self, decide: Decide, key: str = "set") -> "Visitor":
        inbound = Inbound(f"{key}:{next(self._keys)}", self.clock.now(), self.person, decide, None)
        (outcome,) = await once_derived(self.store.turns, [inbound])
        if isinstance(outcome, Undecided) and isinstance(outcome.needed, NeedsEverybody):
            needed = replace(outcome.needed, asking=AskedTwice(outcome.needed.asking))
            again = await once_looked_up(self.store, inbound, needed)
            assert isinstance(again, Inbound), again
            (outcome,) = await self.store.turns([again])
        return await self._came(outcome)

    async def _came(self, outcome: Outcome) -> "Visitor":
        assert not isinstance(outcome, Refused), outcome
        self.outcome, found = outcome, await self.store.recall(self.person)
        self.record = found[0] if found else first_record(self.person)
        return self


@dataclass(frozen=True)
class AskedTwice:
    """A question about all people, whose decisions are made twice and must be the same."""

    asking: AboutEverybody[Any]

    def see(self, person: str, standing: str) -> object:
        return self.asking.see(person, standing)

    def decide(self, everybody: Everybody[Any]) -> Decide:
        """Return the decision, which is then made twice."""
        return _twice(self.asking.decide(everybody))


def _twice(decide: Decide) -> Decide:
    """Return a decision that calls `decide` twice, and checks that both results are the same."""

    def decision(record: Record, lookup: Lookup) -> Decided:
        first, second = decide(record, lookup), decide(record, lookup)
        assert first == second
        return first

    return decision
