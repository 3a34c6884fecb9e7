"""The store: one transaction at a time over every table, under the keys that the database names as its own, also after a rotation.

It refuses to know which database it is, and what a case or a profile says.
"""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from functools import partial
from time import monotonic
from typing import NamedTuple, Protocol, TypeVar

from bot.crypto.sealing import KeyRing
from bot.runtime.errors import KeyFault, StoreFault
from bot.storage.ledger import SLOTS
from bot.storage.passes import PassOutcome, PassTurn, PassView
from bot.storage.session import StoreSession
from bot.storage.tables.people import PersonRow
from bot.storage.tables.tables import Tables
from bot.storage.turning import DamageMet, take_pass, take_turn
from bot.storage.values import Everybody, Inbound, Outcome, OutOfStep, Record, Refused, See, Seen, Shared, Shown

Result = TypeVar("Result")
Event = TypeVar("Event", Inbound, PassTurn)

Work = Callable[[Tables], Result]
"""What is done within a transaction, with the tables under the keys of that transaction."""

Reload = Callable[[str], KeyRing]
"""Reads the secrets of this name, by which a database names its own, again from where they are kept; or `KeyFault`."""

AGAIN = 0.1
"""Seconds between two tries to have what was erased out of every file."""


class Engine(Protocol):
    """What a database does for the store. `StoreFault` where it cannot, and then it has kept nothing."""

    is_slow_to_commit: bool
    """Whether it is worth waiting a little for a transaction that somebody else needs anyway."""

    async def transact(self, work: Callable[[StoreSession], Result], durable: Callable[[], None]) -> Result:
        """Run work in a transaction, and return once it is durable; `durable` is called then, before the next transaction."""
        ...

    async def read(self, work: Callable[[StoreSession], Result]) -> Result:
        """Run what only reads; it sees the database as it is at one time."""
        ...

    async def read_long(self, work: Callable[[StoreSession], Result]) -> Result:
        """Return the same, for what takes long: nobody waits for it."""
        ...

    async def changes(self) -> object:
        """Return what is another thing once anybody has committed something; found without reading a row."""
        ...

    async def clear(self) -> bool:
        """Return True if no file holds what was erased; tried once more where somebody held that up."""
        ...

    async def pack(self) -> None:
        """Leave no copy of what was erased, wherever the database's own workings may have left one."""
        ...

    async def change_keys(self, old: KeyRing, new: KeyRing) -> None:
        """Seal everything under other keys, in one transaction."""
        ...

    def examine(self, tables: Tables) -> tuple[str, ...]:
        """Return what is not as it was written last, in plain sentences: every row is counted and every value opened."""
        ...

    async def close(self) -> None:
        """Finish what was begun, then close; closing twice is harmless."""
        ...


class Passenger(NamedTuple):
    """Work that goes along with somebody else's transaction, and who waits for it."""

    work: Work[None]
    kept: asyncio.Future[None]

    def arrive(self, wrong: StoreFault | None = None) -> None:
        """Say, on the thread of the connection, that it is durable, or what was wrong with it."""
        self.kept.get_loop().call_soon_threadsafe(self._say, wrong)

    def _say(self, wrong: StoreFault | None) -> None:
        if self.kept.done():
            return
        if wrong is None:
            self.kept.set_result(None)
        else:
            self.kept.set_exception(wrong)


class Store:
    """Keeps everything durable before it returns; raises `StoreFault` when it cannot, and then has kept nothing."""

    def __init__(self, engine: Engine, keys: KeyRing, reload: Reload | None = None) -> None:
        """With `reload` it goes on when the keys are rotated meanwhile; without, everything is a `StoreFault` from then on."""
        self._engine = engine
        self._keys = keys
        self._reload = reload
        self._tables: Tables | None = None
        self._waiting: dict[Passenger, None] = {}
        self._aboard: tuple[Passenger, ...] = ()
        self.passes = PassStore(self)
        """Passes to rooms alone: for whoever is to see nothing else."""

    async def write(self, work: Work[Result]) -> Result:
        """Run the work in one transaction, and return once it is durable. Raise `StoreFault` if nothing was kept."""
        return await self._engine.transact(partial(self._kept, work), self._durable)

    async def write_along(self, work: Work[None], *, within: float) -> None:
        """Run the work before that of the next transaction that writes, in the same one; by itself where none comes within so
        many seconds. Returns once it is durable. Raise `StoreFault` if nothing was kept.
        """
        if not within or not self._engine.is_slow_to_commit:
            await self.write(work)
            return
        passenger = Passenger(work, asyncio.get_running_loop().create_future())
        self._waiting[passenger] = None
        try:
            await asyncio.wait({passenger.kept}, timeout=within)
            if not passenger.kept.done():
                try:
                    # A transaction with no work of its own, which takes along all that wait.
                    await self.write(lambda _: None)
                except StoreFault:
                    if not passenger.kept.done():  # else it was aboard the one before, which says what came of it
                        raise
            await passenger.kept
        finally:
            self._waiting.pop(passenger, None)

    async def read(self, work: Work[Result]) -> Result:
        """Run what only reads; it sees the store as it is at one time."""
        return await self._engine.read(lambda session: work(self._followed(session)))

    async def read_long(self, work: Work[Result]) -> Result:
        """Return the same, for what takes long: others go on meanwhile. The ledger has counted nothing yet."""

        def look(session: StoreSession) -> Result:
            tables = Tables(session, self._keys_of(session))
            tables.ledger.follow()
            return work(tables)

        return await self._engine.read_long(look)

    async def turns(self, inbounds: Sequence[Inbound]) -> tuple[Outcome, ...]:
        """Answer a batch in order and in one transaction, each event in a savepoint of its own.

        A person's row is made at their first accepted event. `Refused` keeps the key and the person's own message to be
        removed, nothing else; an event that nobody answers keeps its key alone. One that meets damage is refused alone.
        """
        return await self._each(inbounds, take_turn)

    async def _each(
        self, events: Sequence[Event], take_one: Callable[[Tables, Event, Mapping[str, Refused]], Result]
    ) -> tuple[Result, ...]:
        damaged: dict[str, Refused] = {}
        while events:
            try:
                return await self.write(lambda tables: tuple([take_one(tables, each, damaged) for each in events]))
            except DamageMet as met:
                # All again with this one refused, since a database keeps nothing more once it met damage. It ends:
                # each round refuses one more.
                damaged[met.refused.key] = met.refused
        return ()

    async def recall(self, person: str) -> tuple[Record, Shown] | None:
        """Return the person's record and what their chat shows, or None for somebody without a row."""
        return await self.read(lambda tables: tables.people.recall(person))

    async def everyone(self) -> tuple[tuple[Record, Shown], ...]:
        """Return every person's record and what their chat shows, latest active first and the never active last.

        Somebody whose row was changed from outside, or does not open, is left out, and holds up nobody; `verify` says so.
        """
        return await self._of_each_row(lambda row: (row.record, row.shown))

    async def of_each(self, see: Callable[[Record], Result]) -> tuple[Result, ...]:
        """Return what is seen of every person's record, of the same people in the same order; each is opened, seen and let go."""
        return await self._of_each_row(lambda row: see(row.record))

    async def _of_each_row(self, see: Callable[[PersonRow], Result]) -> tuple[Result, ...]:
        def look(tables: Tables) -> tuple[Result, ...]:
            """Count all rows once, instead of slot by slot, then open each person's."""
            tables.ledger.verify()
            return tuple([see(row) for row in tables.people.everyone()])

        return await self.read_long(look)

    async def everybody(self, now: datetime, see: See[Seen]) -> Everybody[Seen]:
        """Return what is seen of everybody, and the invitations that are open now; nobody waits while they are looked up."""

        def look(tables: Tables) -> Everybody[Seen]:
            """Open each person's row, see them, and let it go."""
            is_in_step = not tables.ledger.verify()
            records = (row.record for row in tables.people.everyone())
            seen = [found for each in records if (found := see(each.person, each.access)) is not None]
            return Everybody(tuple(seen), tables.invitation_codes.valid(now), is_in_step=is_in_step)

        for _ in range(SLOTS):  # one at a time, since everybody waits for each
            if not await self.read(lambda tables: tables.ledger.look_ahead()):
                break
        return await self.read_long(look)

    async def show(self, person: str, shown: Shown) -> None:
        """Remember what the chat shows; the row is made when there is none. A delivered card is no longer stale."""
        await self.show_many({person: shown})

    async def show_many(self, rows: Mapping[str, Shown], *, within: float = 0.0) -> None:
        """The same for many people in one transaction; within so many seconds with the next one that writes.

        What was delivered may be outdated where another program changed the store meanwhile; then it stays stale.
        """

        def work(tables: Tables) -> None:
            """Keep each."""
            for person, shown in rows.items():
                tables.people.show(person, shown)

        if rows:
            await self.write_along(work, within=within)

    async def verify(self) -> OutOfStep:
        """Look whether every row is as it was written last. People who have one that is not are refused from then on.

        It is looked at beside; only where something is wrong does everybody wait, until it is known who is to be refused.
        """
        if not await self.read_long(lambda tables: tables.ledger.verify()):
            return OutOfStep()
        return await self.read(lambda tables: tables.ledger.verify())

    async def examine(self) -> tuple[str, ...]:
        """Return what is not as it was written last, in plain sentences: every row is counted and every value opened."""
        return await self.read(self._engine.examine)

    async def changes(self) -> object:
        """Return a value that differs once anybody, this program or another, has committed something. No row is read."""
        return await self._engine.changes()

    async def is_gone(self, *, seconds: float) -> bool:
        """Return True if no file holds what was erased, waited for at most so long. Who reads at the desk may hold that up."""
        until = monotonic() + seconds
        while not (is_cleared := await self._engine.clear()) and monotonic() < until:
            await asyncio.sleep(AGAIN)
        return is_cleared

    async def scrub(self) -> None:
        """Leave no copy of what was erased, wherever the database's own workings may have left one. Everybody waits for it."""
        await self._engine.pack()

    async def change_keys(self, old: KeyRing, new: KeyRing) -> None:
        """Seal everything under other keys, in one transaction, for which everybody waits."""
        await self._engine.change_keys(old, new)

    async def close(self) -> None:
        """Finish what was begun, then close; closing twice is harmless."""
        await self._engine.close()

    def _kept(self, work: Work[Result], session: StoreSession) -> Result:
        """Do the work, and keep in the same transaction what the rows add up to now."""
        tables = self._followed(session)
        self._aboard = tuple(self._waiting)
        failing: tuple[type[Exception], ...] = (*session.errors, StoreFault)
        # Before the work itself: what waited is older, and what is kept later is to stand (ADR 0064).
        for passenger in self._aboard:
            try:
                passenger.work(tables)
            except failing as error:
                # It fails the transaction, once: it does not come along again.
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
            # Here and not by who waits: the next transaction may begin before that one is told, and would do it again.
            self._waiting.pop(passenger, None)
            passenger.arrive()

    def _followed(self, session: StoreSession) -> Tables:
        """Begin a transaction: the tables under the keys that the database names, whatever other programs did meanwhile."""
        keys = self._keys_of(session)
        if self._tables is None or self._tables.keys is not keys:
            self._tables = Tables(session, keys)
        self._tables.ledger.follow()
        return self._tables

    def _keys_of(self, session: StoreSession) -> KeyRing:
        """Return the keys that the database names as its own; where they were rotated while this program was running, the new ones."""
        (name,) = session.execute("SELECT key FROM meta").fetchone() or ("",)
        if name != self._keys.id:
            if self._reload is None:
                raise StoreFault(
                    "The keys were rotated while this program was running. Start it again; nothing was saved."
                )
            try:
                self._keys = self._reload(name)
            except KeyFault as fault:
                raise StoreFault(str(fault)) from None
        return self._keys


class PassStore:
    """The `Passes` of a store."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def turns(self, turns: Sequence[PassTurn]) -> tuple[PassOutcome, ...]:
        return await self._store._each(turns, take_pass)  # noqa: SLF001 - its own store

    async def view(self, name: str, now: datetime) -> PassView | None:
        def look(tables: Tables) -> PassView | None:
            kept = tables.passes.find(name, now)
            if kept is None:
                return None
            if not kept.host:
                return PassView(kept)
            host = tables.people.find(kept.host)
            return PassView(kept, tables.rooms.find(kept.room, now), host.record.rehearsal if host else "")

        return await self._store.read(look)

    async def room(self, code: str, now: datetime) -> Shared | None:
        return await self._store.read(lambda tables: tables.rooms.find(code, now))
