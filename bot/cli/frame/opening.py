"""What commands share that change the store while the bot runs: open settings and store, change people by turns."""

import asyncio
import secrets
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, TypeVar, assert_never

from bot.access.account import Terms
from bot.assemble import guarded, terms_of
from bot.channels.telegram import FACTS
from bot.conversation.conversation import Conversation
from bot.crypto.key_places import key_place
from bot.crypto.keys import load_key_file
from bot.crypto.references import make_reference
from bot.operations.lost_store import demand_not_lost, demand_store
from bot.runtime.clock import SystemClock
from bot.runtime.errors import StoreFault
from bot.runtime.packs import load_pack, load_wording
from bot.runtime.settings import Settings, load_settings
from bot.storage.sqlite.opening import open_store
from bot.storage.store import Store
from bot.storage.values import (
    Asking,
    Decide,
    Decision,
    Done,
    Entry,
    Inbound,
    KeyOnly,
    Lookup,
    NeedsEverybody,
    Outcome,
    Record,
    Refused,
    Repeated,
)
from bot.trail.audit import OPERATOR
from bot.trail.operators import operator_of
from dialogs.core.script import Script

READERS_WAIT = 10.0
"""Seconds for which a command that erased waits for those who still read what was there."""

Result = TypeVar("Result")


@dataclass(frozen=True, slots=True)
class Workplace:
    """Where a command works: the settings, the open store, and when it is."""

    settings: Settings
    store: Store
    now: datetime

    @property
    def terms(self) -> Terms:
        """How long things last."""
        return terms_of(self.settings)

    @property
    def operator(self) -> str:
        """Who works here, as the audit has them."""
        return operator_of(self.settings)

    async def change(self, person: str, decide: Decide) -> Done | None:
        """Change somebody in a turn, as an event of theirs would; None where there was nothing to change."""
        named = _by_name(decide, self.operator)
        inbound = Inbound(f"cli:{secrets.token_hex(8)}", self.now, person, named, None)
        (outcome,) = await self.store.turns([inbound])
        done = _done(outcome)
        if done is not None and done.is_erasure and not await self.store.is_gone(seconds=READERS_WAIT):
            raise StoreFault(
                "It was erased, and another program that reads the database keeps a copy in the log beside it. End that"
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
        """The conversation as the bot runs it, so that what is due has the same effect here and there."""
        keys = load_key_file(key_place(self.settings))
        script = Script(load_pack(self.settings.pack), load_wording(), FACTS)
        return await guarded(
            self.settings, self.store, keys=keys, script=script, clock=SystemClock(), references=make_reference
        )


def _by_name(decide: Decide, operator: str) -> Decide:
    """The same change, with the name of the operator in its lines of the audit."""

    def decide_by_name(record: Record, lookup: Lookup) -> Decision | NeedsEverybody[Any] | None:
        """What is decided."""
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
    """The turn that was taken; None where there was nothing to change, `StoreFault` where it failed."""
    match outcome:
        case Done():
            return outcome
        case Refused(error=error, where=where):
            raise StoreFault(
                f"It failed, and nothing was changed: {error} at {where}. Is this the release that wrote the database?"
            )
        case Repeated() | KeyOnly() | Asking():
            return None
    assert_never(outcome)


def at_desk(
    work: Callable[[Workplace], Awaitable[Result]], *, makes_store: bool = False, settings: Settings | None = None
) -> Result:
    """Open the store of the settings, found whole, do the work, close. One that never was is made only where that is asked for."""
    settings = settings or load_settings()
    if makes_store:
        demand_not_lost(settings)
    else:
        demand_store(settings)

    async def opened() -> Result:
        """Open, do, close."""
        store = await open_store(settings.store, key_place(settings), is_looked_through=True)
        try:
            return await work(Workplace(settings, store, SystemClock().now()))
        finally:
            await store.close()

    return asyncio.run(opened())
