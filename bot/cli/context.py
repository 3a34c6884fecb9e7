"""What a command works with: the settings, the open store, the time, and everybody who was ever admitted, found by what is typed."""

import asyncio
import secrets
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, TypeVar, assert_never

from bot.access.account import Account, AnyAccount, Removed, Terms, Unreadable, read_account
from bot.assemble import guarded, terms_of
from bot.channels.telegram import FACTS
from bot.conversation.conversation import Conversation
from bot.crypto.at_random import make_reference
from bot.crypto.keys import key_place, load_key_file
from bot.crypto.sealing import KeyRing
from bot.operations.backup.held import HeldCase
from bot.operations.readiness import demand_not_lost, demand_store
from bot.runtime.clock import SystemClock
from bot.runtime.errors import DamagedValue, SettingsFault, StoreFault
from bot.runtime.packs import load_pack, load_wording
from bot.runtime.person_id import FORGOTTEN, TELEGRAM, WEB, PersonId
from bot.runtime.settings import Settings, load_settings
from bot.storage.sqlite.opening import open_store
from bot.storage.store import Store
from bot.storage.values import (
    Decide,
    Decision,
    Done,
    Inbound,
    KeyOnly,
    Lookup,
    NeedsEverybody,
    Outcome,
    Record,
    Refused,
    Repeated,
    Undecided,
)
from bot.trail.audit import OPERATOR, operator_of
from bot.trail.chain import Entry
from dialogs.core.script import Script

READERS_WAIT = 10.0
"""Seconds for which a command that erased waits for programs that still read what was there."""

Result = TypeVar("Result")


@dataclass(frozen=True, slots=True)
class CommandContext:
    """The settings, the open store, and the time at which a command began."""

    settings: Settings
    store: Store
    now: datetime

    @property
    def terms(self) -> Terms:
        """How long things last."""
        return terms_of(self.settings)

    @property
    def operator(self) -> str:
        """The name that the audit has of whoever runs the command."""
        return operator_of(self.settings)

    @property
    def keys(self) -> KeyRing:
        """The keys in force."""
        return load_key_file(key_place(self.settings))

    async def change(self, person: str, decide: Decide) -> Done | None:
        """Change somebody in a turn, as an event of theirs would; return None if there was nothing to change."""
        inbound = Inbound(f"cli:{secrets.token_hex(8)}", self.now, person, _by_name(decide, self.operator), None)
        (outcome,) = await self.store.turns([inbound])
        done = _done(outcome)
        if done is not None and done.is_erasure and not await self.store.is_gone(seconds=READERS_WAIT):
            raise StoreFault(
                "It was erased, and another program that reads the database keeps a copy in its log. End that"
                " program, or let it finish; then: seraf-bot purge"
            )
        return done

    async def change_all(self, people: Iterable[str], decide: Decide) -> tuple[Done, ...]:
        """Change many people in one transaction, and return what was changed."""
        turn, named = secrets.token_hex(8), _by_name(decide, self.operator)
        inbounds = [Inbound(f"cli:{turn}:{each}", self.now, each, named, None) for each in people]
        outcomes = map(_done, await self.store.turns(inbounds))
        return tuple(done for done in outcomes if done is not None)

    async def conversation(self) -> Conversation:
        """Return the conversation as the bot runs it, so that what is due has the same effect here and there."""
        script = Script(load_pack(self.settings.pack), load_wording(), FACTS)
        return await guarded(
            self.settings, self.store, keys=self.keys, script=script, clock=SystemClock(), references=make_reference
        )


def with_store(
    work: Callable[[CommandContext], Awaitable[Result]], *, makes_store: bool = False, settings: Settings | None = None
) -> Result:
    """Open the store of the settings, found whole, do the work and close it. Make a store only where that is asked for."""
    settings = settings or load_settings()
    if makes_store:
        demand_not_lost(settings)
    else:
        demand_store(settings)

    async def opened() -> Result:
        store = await open_store(settings.store, key_place(settings), is_looked_through=True)
        try:
            return await work(CommandContext(settings, store, SystemClock().now()))
        finally:
            await store.close()

    return asyncio.run(opened())


def _by_name(decide: Decide, operator: str) -> Decide:
    """Return the same change, with the operator's name in its lines of the audit."""

    def decide_by_name(record: Record, lookup: Lookup) -> Decision | NeedsEverybody[Any] | None:
        decision = decide(record, lookup)
        if not isinstance(decision, Decision):
            return decision
        named = [
            replace(each, who=operator) if isinstance(each, Entry) and each.who == OPERATOR else each
            for each in decision.writes
        ]
        return replace(decision, writes=tuple(named))

    return decide_by_name


def _done(outcome: Outcome) -> Done | None:
    """Return the turn that was taken, or None if nothing was to be changed; raise `StoreFault` if it failed."""
    match outcome:
        case Done():
            return outcome
        case Refused(error=error, where=where):
            raise StoreFault(
                f"It failed, and nothing was changed: {error} at {where}. Did another release write the database?"
            )
        case Repeated() | KeyOnly() | Undecided():
            return None
    assert_never(outcome)


@dataclass(frozen=True, slots=True)
class Known:
    """Somebody who was admitted once, with the record that is kept of them."""

    record: Record
    account: AnyAccount

    @property
    def number(self) -> str:
        """Their Telegram number, or the hash of their organisation's sign-in; empty where that was forgotten."""
        return "" if self.is_forgotten else PersonId.read(self.record.person).name

    @property
    def address(self) -> str:
        """Their number with its channel, or “forgotten”."""
        if self.is_forgotten:
            return "forgotten"
        return f"Browser {self.record.person}" if self.signs_in else f"Telegram {self.number}"

    @property
    def is_forgotten(self) -> bool:
        """True if their number is not kept any more."""
        return PersonId.read(self.record.person).channel == FORGOTTEN

    @property
    def signs_in(self) -> bool:
        """True if they use a browser, by their organisation's sign-in."""
        return PersonId.read(self.record.person).channel == WEB

    @property
    def who(self) -> str:
        """Their id in the list and in the audit; empty where it is not known."""
        match self.account:
            case Account(audit_id=who) | Removed(was=who):
                return who
            case Unreadable():
                return ""
        assert_never(self.account)

    @property
    def name(self) -> str:
        """Their id in the list, or a few words about somebody who has none."""
        other = "a removed person" if isinstance(self.account, Removed) else "somebody whom a newer release admitted"
        return self.who or other

    def is_called(self, word: str) -> bool:
        """Return True if a word is their id, their Telegram number or hash, or that after `telegram:` or `web:`."""
        return word in (self.who, self.number, self.record.person) and word != ""


async def roll(context: CommandContext) -> tuple[Known, ...]:
    """Return everybody who was ever admitted, the latest active first."""
    read = [(record, read_account(record.access)) for record, _ in await context.store.everyone()]
    return tuple(Known(record, account) for record, account in read if account is not None)


async def held_cases(context: CommandContext) -> tuple[HeldCase, ...]:
    """Return the assessments that are held."""
    read = await context.store.of_each(lambda record: (record.person, read_account(record.access)))
    return tuple(HeldCase(person, account.held) for person, account in read if account is not None and account.held)


async def find_person(context: CommandContext, word: str) -> Known:
    """Return the one person whom a word means. Raise `SettingsFault`, with what to do, if it means nobody or two."""
    everybody, called = await roll(context), word.strip().lower()
    found = [known for known in everybody if known.is_called(called)] or await _forgotten(context, called)
    if len(found) == 1:
        return found[0]
    if found:
        raise SettingsFault(f"{called} is an id and a Telegram number. For the number: {PersonId(TELEGRAM, called)}")
    if called in await unseen(context):
        raise SettingsFault(
            f"{called} is a first administrator whom the bot has not seen yet. To keep them out, take the number out of"
            " SERAF_ADMINS and start the bot again."
        )
    raise SettingsFault(
        f"Nobody here is called {called!r}. Give the id of eight signs from `seraf-bot people list`, or the Telegram number."
        " Somebody whom an earlier release removed is found by their number alone, or by what `people list --numbers` shows for a"
        " browser."
    )


async def _forgotten(context: CommandContext, word: str) -> list[Known]:
    """Return the removed person whose number or sign-in this is, where only a hash of it is kept."""
    names = {word, f"{TELEGRAM}:{word}", f"{WEB}:{word}"} if word else set[str]()
    rows = [await context.store.recall(name) for name in sorted(names)]
    read = [(row[0], read_account(row[0].access)) for row in rows if row is not None]
    known = [Known(record, account) for record, account in read if account is not None]
    return [each for each in known if each.is_forgotten]


async def unseen(context: CommandContext) -> frozenset[str]:
    """Return the numbers of first administrators whom the store does not know yet. Each of them still counts."""
    first = context.settings.first_administrators
    return frozenset([PersonId.read(each).name for each in first if not await was_admitted(context.store, each)])


async def was_admitted(store: Store, person: str) -> bool:
    """Return True if the store knows somebody's access, also if they were removed or their row does not open."""
    try:
        found = await store.recall(person)
    except DamagedValue:
        return True
    return found is not None and bool(found[0].access)
