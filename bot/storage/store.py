"""The store. It runs one transaction at a time on all tables, with the keys that the database names, even if they were just rotated."""

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from time import monotonic
from typing import NamedTuple, Protocol, TypeVar

from bot.crypto.sealing import KeyRing
from bot.runtime.errors import KeyFault, StoreFault, UnusableStore
from bot.storage.ledger import STARTS
from bot.storage.passes import TRAINER, PassOutcome, PassTurn, PassView
from bot.storage.session import StoreSession, demand_here
from bot.storage.tables import Tables
from bot.storage.tables.people import PersonRow
from bot.storage.turning import DamageMet, take_passes, take_turns, trusted_teams
from bot.storage.values import Everybody, Inbound, Outcome, OutOfStep, Record, Refused, See, Seen, Shared, Shown

Result = TypeVar("Result")
Event = TypeVar("Event", Inbound, PassTurn)

Work = Callable[[Tables], Result]  # work within a transaction; its tables have the keys that the database names then
Reload = Callable[[str], KeyRing]  # loads the keys with this name, or raises `KeyFault` if they are not found


class Engine(Protocol):
    """The database under a store. Its methods raise `StoreFault` on failure, and nothing of the transaction is then saved."""

    is_slow_to_commit: bool  # true if a write may wait a little for the next transaction, to share its commit

    async def transact(self, work: Callable[[StoreSession], Result], durable: Callable[[], None]) -> Result:
        """Run the work in a transaction, and return its result. Call `durable` after the commit, before the next transaction begins."""

    async def read(self, work: Callable[[StoreSession], Result]) -> Result:
        """Run work that only reads, in one transaction, so that it sees one state of the database."""

    async def read_long(self, work: Callable[[StoreSession], Result]) -> Result:
        """Run long work that only reads. Other callers do not wait for it."""

    async def changes(self) -> object:
        """Return a value that changes with every commit, also with another program's. No row is read."""

    async def clear(self) -> bool:
        """Return True if no file contains an erased row any more. If one may, first try once to clear it."""

    async def pack(self) -> None:
        """Remove copies of erased rows that the database may have left in unused parts of its file."""

    async def change_keys(self, old: KeyRing, new: KeyRing) -> None:
        """Seal every value again under the new keys, in one transaction."""

    def examine(self, tables: Tables) -> tuple[str, ...]:
        """Verify every row, decrypt every value, and return a sentence for each fault."""

    async def close(self) -> None:
        """Finish the work that has begun, then close the database. Closing twice is harmless."""


class Passenger(NamedTuple):
    """Work that waits for the transaction of another write, to run in it."""

    work: Work[None]
    done: asyncio.Future[None]

    def arrive(self, wrong: StoreFault | None = None) -> None:
        """Resolve `done`, with the exception `wrong` if given; without one, the work is durable. Called from the connection's thread."""

        def resolve() -> None:
            if self.done.done():
                return
            if wrong is None:
                self.done.set_result(None)
            else:
                self.done.set_exception(wrong)

        self.done.get_loop().call_soon_threadsafe(resolve)


@dataclass(frozen=True, slots=True)
class RunningCopy:
    """A copy of the bot: its machine, the seconds since it was last seen, and whether it leads."""

    host: str
    seconds: float
    leads: bool


class Leading(Protocol):
    """Whether this copy of the bot is the one that polls Telegram, delivers to chats and does the housekeeping."""

    copies: tuple[RunningCopy, ...]  # all copies that were seen lately, if there may be several
    polls: bool  # False for a copy that serves only pages: it leads only while no other can

    def kept(self) -> AbstractAsyncContextManager[None]:
        """Try to become that copy, and stay it, while the block runs."""

    async def gained(self) -> None:
        """Return once this copy leads."""

    async def lost(self) -> None:
        """Return once another copy leads. This one then has to stop what only one copy does, and to call `stand_down`."""

    def leads(self) -> bool:
        """Return True while this copy leads."""

    def is_overtaken(self) -> bool:
        """Return True from the loss of the lead until `stand_down`: nothing may be sent any more."""

    def stand_down(self) -> None:
        """Let this copy write again as one that does not lead, since all that only one copy does has stopped."""


class Sole:
    """The `Leading` of the only program at a database file, which always leads."""

    copies = ()
    polls = True

    @asynccontextmanager
    async def kept(self) -> AsyncIterator[None]:
        yield

    async def gained(self) -> None:
        return

    async def lost(self) -> None:
        await asyncio.Event().wait()

    def leads(self) -> bool:
        return True

    def is_overtaken(self) -> bool:
        return False

    def stand_down(self) -> None:
        return


class Store:
    """The store of people and of the bot. A write is durable when it returns; if it raises `StoreFault`, nothing was saved."""

    def __init__(
        self, engine: Engine, keys: KeyRing, reload: Reload | None = None, *, leading: Leading | None = None
    ) -> None:
        """Without `reload`, every method raises `StoreFault` once another program has rotated the keys."""
        self._engine, self.leading = engine, leading or Sole()
        self._keys = keys
        self._reload = reload
        self._tables: Tables | None = None
        self._waiting: dict[Passenger, None] = {}
        self._aboard: tuple[Passenger, ...] = ()
        self.passes = PassStore(self)  # for callers that may use nothing else

    @property
    def is_shared(self) -> bool:
        """True if other copies of the bot may use the same database."""
        return not isinstance(self.leading, Sole)

    async def write(self, work: Work[Result]) -> Result:
        """Run the work in one transaction, and return once it is durable. Raise `StoreFault` if nothing was saved."""
        return await self._engine.transact(partial(self._written, work), self._durable)

    async def write_along(self, work: Work[None], *, within: float) -> None:
        """Run the work as `write` does. If commits are slow, first wait up to `within` seconds for another write's transaction to share."""
        if not within or not self._engine.is_slow_to_commit:
            await self.write(work)
            return
        passenger = Passenger(work, asyncio.get_running_loop().create_future())
        self._waiting[passenger] = None
        try:
            await asyncio.wait({passenger.done}, timeout=within)
            if not passenger.done.done():
                try:
                    # A transaction without work of its own, which takes along every waiting passenger.
                    await self.write(lambda _: None)
                except StoreFault:
                    if not passenger.done.done():  # else the transaction before took it along and resolved it
                        raise
            await passenger.done
        finally:
            self._waiting.pop(passenger, None)

    async def read(self, work: Work[Result]) -> Result:
        return await self._engine.read(lambda session: work(self._followed(session)))

    async def read_long(self, work: Work[Result]) -> Result:
        """Run long work that only reads; other callers do not wait for it. It gets a new ledger, which has verified nothing yet."""

        def look(session: StoreSession) -> Result:
            name, *page = session.head()
            tables = Tables(session, self._keys_named(name, session))
            tables.ledger.follow(page)
            return work(tables)

        return await self._engine.read_long(look)

    async def turns(self, inbounds: Sequence[Inbound]) -> tuple[Outcome, ...]:
        """Answer a batch of events in order and in one transaction, each event in a savepoint.

        A person's row is inserted at their first accepted event. Of a refused event, only its key and the person's message
        to be removed are saved; of an event without an answer, its key. Damage met by one event refuses that event alone.
        """
        return await self._each(inbounds, take_turns)

    async def _each(
        self,
        events: Sequence[Event],
        take: Callable[[Sequence[Event], Mapping[str, Refused], Tables], tuple[Result, ...]],
    ) -> tuple[Result, ...]:
        damaged: dict[str, Refused] = {}
        while events:
            try:
                return await self.write(partial(take, events, damaged))
            except DamageMet as met:
                # After damage SQLite saves nothing more in this transaction, so the batch is repeated with this event
                # refused. The loop ends, since each round refuses one more event.
                damaged[met.refused.key] = met.refused
        return ()

    async def recall(self, person: str, reference: str = "") -> tuple[Record, Shown] | None:
        """Return the person's record and what their chat shows, or None if they have no row. `People.recall` says what it is of."""
        return await self.read(lambda tables: tables.people.recall(person, reference))

    async def everyone(self) -> tuple[tuple[Record, Shown], ...]:
        """Return the record, without the body of a case, of each person who is not refused, and what their chat shows.

        The latest active come first, the never active last.
        """
        return await self._of_each_row(lambda row: (row.record, row.shown))

    async def of_each(self, see: Callable[[Record], Result]) -> tuple[Result, ...]:
        """Return the result of `see` for every person's record, in the order of `everyone`. Only one record is in memory at a time."""
        return await self._of_each_row(lambda row: see(row.record))

    async def _of_each_row(self, see: Callable[[PersonRow], Result]) -> tuple[Result, ...]:
        def look(tables: Tables) -> tuple[Result, ...]:
            tables.ledger.verify()  # all rows at once, instead of slot by slot
            return tuple([see(row) for row in tables.people.everyone()])

        return await self.read_long(look)

    async def everybody(self, now: datetime, see: See[Seen]) -> Everybody[Seen]:
        """Return the results of `see` for every person, and the invitations that are open now. Other callers wait only briefly."""

        def look(tables: Tables) -> Everybody[Seen]:
            is_in_step = not tables.ledger.verify()
            records = (row.record for row in tables.people.everyone())
            seen = [view for record in records if (view := see(record.person, record.access)) is not None]
            invitations, teams = tables.invitation_codes.valid(now), trusted_teams(tables)
            return Everybody(tuple(seen), invitations, is_in_step=is_in_step, teams=teams)

        for _ in STARTS:  # in many short reads, since every other caller waits during each
            if not await self.read(lambda tables: tables.ledger.look_ahead()):
                break
        return await self.read_long(look)

    async def show(self, person: str, shown: Shown) -> None:
        """Write what a person's chat shows, in a new row if they have none. A delivered card is no longer marked as to be sent."""
        await self.show_many({person: shown})

    async def show_many(self, rows: Mapping[str, Shown], *, within: float = 0.0) -> None:
        """Write what these people's chats show, as `write_along` does."""

        def work(tables: Tables) -> None:
            for person, shown in rows.items():
                tables.people.show(person, shown)

        if rows:
            await self.write_along(work, within=within)

    async def verify(self) -> OutOfStep:
        """Return the kinds of rows that were changed from outside. The people concerned are refused from then on.

        Other callers do not wait, except if a row is wrong: then they wait until it is known whom to refuse.
        """
        if not await self.read_long(lambda tables: tables.ledger.verify()):
            return OutOfStep()
        return await self.read(lambda tables: tables.ledger.verify())

    async def examine(self) -> tuple[str, ...]:
        return await self.read_long(self._engine.examine)

    async def changes(self) -> object:
        return await self._engine.changes()

    async def is_gone(self, *, seconds: float) -> bool:
        """Return True once every erased row is gone from every file, or False if a long read prevents it for this many seconds."""
        until = monotonic() + seconds
        while not (is_cleared := await self._engine.clear()) and monotonic() < until:
            await asyncio.sleep(0.1)
        return is_cleared

    async def scrub(self) -> None:
        """Remove copies of erased rows that the database may have left in unused parts of its file. Every other caller waits."""
        await self._engine.pack()

    async def change_keys(self, old: KeyRing, new: KeyRing) -> None:
        await self._engine.change_keys(old, new)

    async def close(self) -> None:
        await self._engine.close()

    def _written(self, work: Work[Result], session: StoreSession) -> Result:
        """Run the work that waits in `write_along`, then this work, and write the ledger, all in the same transaction."""
        tables = self._followed(session)
        self._aboard = tuple(self._waiting)
        # The waiting work is older, so it goes first: the later write has to win (ADR 0064).
        for passenger in self._aboard:
            try:
                passenger.work(tables)
            except (session.errors, StoreFault) as error:
                # It fails this transaction, and no other one.
                self._waiting.pop(passenger, None)
                passenger.arrive(error if isinstance(error, StoreFault) else session.fault(error))
                raise
        result = work(tables)
        tables.ledger.keep()
        return result

    def _durable(self) -> None:
        if self._tables is not None:
            self._tables.ledger.confirm()
        for passenger in self._aboard:
            # Removed here and not by the caller: the next transaction may begin first, and would run the work again.
            self._waiting.pop(passenger, None)
            passenger.arrive()

    def _followed(self, session: StoreSession) -> Tables:
        """Return the tables at the beginning of a transaction, under the keys that the database names."""
        name, *page = session.head()
        keys = self._keys_named(name, session)
        if self._tables is None or self._tables.keys is not keys:
            self._tables = Tables(session, keys)
        self._tables.ledger.follow(page)
        return self._tables

    def _keys_named(self, name: str | None, session: StoreSession) -> KeyRing:
        """Return the keys with this name, loaded again if they were rotated while this program was running."""
        if name is None:
            demand_here(session)
        if name != self._keys.id:
            if self._reload is None:
                raise StoreFault(
                    "The keys were rotated while this program was running. Start it again; nothing was saved."
                )
            try:
                self._keys = self._reload(name or "")
            except KeyFault as error:
                raise UnusableStore(str(error)) from None
        return self._keys


class PassStore:
    """The implementation of `Passes` over a store."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def turns(self, turns: Sequence[PassTurn]) -> tuple[PassOutcome, ...]:
        return await self._store._each(turns, take_passes)  # noqa: SLF001 - its own store

    async def view(self, name: str, now: datetime) -> PassView | None:
        def look(tables: Tables) -> PassView | None:
            kept = tables.passes.find(name, now)
            if kept is None or not kept.host:
                return None if kept is None else PassView(kept)
            host = None if kept.host == TRAINER else tables.people.find(kept.host)
            hosted = kept.text if kept.host == TRAINER else host.record.rehearsal if host else ""
            return PassView(kept, tables.rooms.find(kept.room, now), hosted)

        return await self._store.read(look)

    async def room(self, code: str, now: datetime) -> Shared | None:
        return await self._store.read(lambda tables: tables.rooms.find(code, now))
