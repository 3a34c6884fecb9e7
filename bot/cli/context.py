"""The settings, store and time that a command works with, and the search for anybody who was ever admitted."""

import asyncio
import secrets
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TypeVar, assert_never

from bot.access.account import Account, AnyAccount, Removed, Terms, Unreadable, read_account
from bot.assemble import guarded, terms_of
from bot.channels.telegram import FACTS
from bot.conversation.conversation import Conversation
from bot.crypto.at_random import make_reference
from bot.crypto.keys import key_place, load_key_file
from bot.crypto.sealing import KeyRing
from bot.operations.backup.held import HeldCase
from bot.operations.readiness import demand_store
from bot.runtime.clock import SystemClock
from bot.runtime.errors import DamagedValue, SettingsFault, StoreFault
from bot.runtime.packs import load_pack, load_wording
from bot.runtime.person_id import FORGOTTEN, TELEGRAM, WEB, PersonId
from bot.runtime.settings import Settings, load_settings
from bot.storage.opening import open_store
from bot.storage.store import Store
from bot.storage.turning import once_derived
from bot.storage.values import (
    Decide,
    Decided,
    Decision,
    Done,
    Inbound,
    KeyOnly,
    Lookup,
    Record,
    Refused,
    Repeated,
    Undecided,
)
from bot.trail.audit import OPERATOR, AuditEvent, operator_of
from bot.trail.chain import Entry
from dialogs.core.script import Script

READERS_WAIT = 10.0  # maximum wait in seconds, after an erasure, for programs that still read the erased data

Result = TypeVar("Result")


@dataclass(frozen=True, slots=True)
class CommandContext:
    """The settings, the open store, and the time at which the command began."""

    settings: Settings
    store: Store
    now: datetime

    @property
    def terms(self) -> Terms:
        """The durations in the settings: of holding cases, of admissions, of agreements and of locks."""
        return terms_of(self.settings)

    @property
    def operator(self) -> str:
        """The name under which the audit records whoever runs the command."""
        return operator_of(self.settings)

    @property
    def keys(self) -> KeyRing:
        """The encryption keys, read from the place that the settings name."""
        return load_key_file(key_place(self.settings))

    async def record(self, what: AuditEvent, reference: str = "") -> None:
        """Append an audit entry for what the operator does. `reference` is the person or case that it concerns."""
        entry = Entry(self.now, self.operator, what, reference)
        await self.store.write(lambda t: t.audit.append([entry]))

    async def change(self, person: str, decide: Decide) -> Done | None:
        """Change a person's record with `decide`, in one turn. Return the turn, or None if `decide` changed nothing."""
        done = next(iter(await self.change_all([person], decide)), None)
        if done is not None and done.is_erasure and not await self.store.is_gone(seconds=READERS_WAIT):
            raise StoreFault(
                "It was erased, and another program that reads the database keeps a copy in its log. End that"
                " program, or let it finish; then: seraf-bot purge"
            )
        return done

    async def change_all(self, people: Iterable[str], decide: Decide) -> tuple[Done, ...]:
        """Run `decide` for each person in one transaction. Return the turns that changed a record. Raise `StoreFault` if one fails."""

        def decide_by_name(record: Record, lookup: Lookup) -> Decided:
            decision = decide(record, lookup)
            if not isinstance(decision, Decision):
                return decision
            named = [
                replace(write, who=self.operator) if isinstance(write, Entry) and write.who == OPERATOR else write
                for write in decision.writes
            ]
            return replace(decision, writes=tuple(named))

        def inbound(person: str) -> Inbound:
            # A random key, so that no command counts as a repeat of an earlier one.
            return Inbound(f"cli:{secrets.token_hex(8)}", self.now, person, decide_by_name, None)

        done = list[Done]()
        for outcome in await once_derived(self.store.turns, list(map(inbound, people))):
            match outcome:
                case Done():
                    done.append(outcome)
                case Refused(error=error, where=where):
                    raise StoreFault(
                        f"It failed, and nothing was changed: {error} at {where}. Did another release write the database?"
                    )
                case Repeated() | KeyOnly() | Undecided():
                    pass
                case _:
                    assert_never(outcome)
        return tuple(done)

    async def conversation(self) -> Conversation:
        """Return a conversation with the bot's settings, so that a command applies the bot's retention rules."""
        script = Script(load_pack(self.settings.pack), load_wording(), FACTS)
        return await guarded(
            self.settings, self.store, keys=self.keys, script=script, clock=SystemClock(), references=make_reference
        )


def with_store(
    work: Callable[[CommandContext], Awaitable[Result]], *, makes_store: bool = False, settings: Settings | None = None
) -> Result:
    """Open and verify the store, do the work with it, and close it. A missing store is only created if `makes_store` is True."""
    settings = settings or load_settings()
    demand_store(settings, may_be_new=makes_store)

    async def opened() -> Result:
        place = key_place(settings)
        store = await open_store(settings.store, place, is_looked_through=True, may_be_new=makes_store)
        try:
            return await work(CommandContext(settings, store, SystemClock().now()))
        finally:
            await store.close()

    return asyncio.run(opened())


@dataclass(frozen=True, slots=True)
class Known:
    """A person who was ever admitted: their record and their account."""

    record: Record
    account: AnyAccount

    @property
    def admitted(self) -> Account | None:
        """Their account, even if the admission is over. None if they were removed or a newer release wrote the account."""
        return self.account if isinstance(self.account, Account) else None

    @property
    def number(self) -> str:
        """Their Telegram number, or the hash that the sign-in gives. It is empty if only a keyed hash of that is left."""
        return "" if self.is_forgotten else PersonId.read(self.record.person).name

    @property
    def is_forgotten(self) -> bool:
        """True if the store has only a keyed hash of their Telegram number or of their sign-in."""
        return PersonId.read(self.record.person).channel == FORGOTTEN

    @property
    def signs_in(self) -> bool:
        """True if they use the web pages, with the sign-in of their organisation."""
        return PersonId.read(self.record.person).channel == WEB

    @property
    def who(self) -> str:
        """Their id in `people list` and in the audit, or an empty text if a newer release wrote their account."""
        match self.account:
            case Account(audit_id=who) | Removed(was=who):
                return who
            case Unreadable():
                return ""
        assert_never(self.account)

    @property
    def name(self) -> str:
        """Their id in `people list`, or, if they have none, a description."""
        other = "a removed person" if isinstance(self.account, Removed) else "somebody whom a newer release admitted"
        return self.who or other

    def is_called(self, word: str) -> bool:
        """Return True if `word` is their id or their number in `people list`, which `telegram:` or `web:` may precede."""
        return word in (self.who, self.number, self.record.person) and word != ""


async def roll(context: CommandContext) -> tuple[Known, ...]:
    """Return everybody who was ever admitted. Whoever was active most recently comes first."""
    return _known(record for record, _ in await context.store.everyone())


def _known(records: Iterable[Record]) -> tuple[Known, ...]:
    accounts = ((record, read_account(record.access)) for record in records)
    return tuple(Known(record, account) for record, account in accounts if account is not None)


async def held_cases(context: CommandContext) -> tuple[HeldCase, ...]:
    """Return the cases that are on hold, each with its person and reference."""
    rows = await context.store.of_each(lambda record: (record.person, held_of(record)))
    return tuple(HeldCase(person, reference) for person, held in rows for reference in held)


def held_of(record: Record) -> tuple[str, ...]:
    """Return the references of a person's cases that are on hold."""
    return tuple(head.reference for head in record.heads if head.held)


async def find_person(context: CommandContext, word: str) -> Known:
    """Return the person with this id or Telegram number. Raise `SettingsFault`, with advice, if there is none or more than one."""
    name = word.strip().lower()
    matching = [known for known in await roll(context) if known.is_called(name)]
    if not matching and name:
        # Only a hash is left of a removed person's number, and the store finds the record by the number itself.
        rows = [await context.store.recall(one) for one in sorted({name, f"{TELEGRAM}:{name}", f"{WEB}:{name}"})]
        matching = [known for known in _known(row[0] for row in rows if row is not None) if known.is_forgotten]
    if len(matching) == 1:
        return matching[0]
    if matching:
        raise SettingsFault(f"{name} is an id and a Telegram number. For the number: {PersonId(TELEGRAM, name)}")
    if name in await unseen(context):
        raise SettingsFault(
            f"{name} is a first administrator whom the bot has not seen yet. To keep them out, take the number out of"
            " SERAF_ADMINS and start the bot again."
        )
    raise SettingsFault(
        f"Nobody here is called {name!r}. Give the id of eight signs from `seraf-bot people list`, or the Telegram number."
        " Somebody whom an earlier release removed is found by their number alone, or by what `people list --numbers` shows for a"
        " browser."
    )


async def unseen(context: CommandContext) -> frozenset[str]:
    """Return the Telegram numbers of first administrators in the settings whom the store does not have. They count as administrators."""
    first = context.settings.first_administrators
    return frozenset([PersonId.read(one).name for one in first if not await was_admitted(context.store, one)])


async def was_admitted(store: Store, person: str) -> bool:
    """Return True if the store has an account of this person, even if they were removed or it cannot be read."""
    try:
        row = await store.recall(person)
    except DamagedValue:
        return True
    return row is not None and bool(row[0].access)
