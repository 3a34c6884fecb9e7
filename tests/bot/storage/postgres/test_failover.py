"""P40: whatever fails over, dies or breaks off, what was acknowledged is there once, and what was not is there once it comes again."""

import asyncio
import os
import signal
import threading
import time
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from random import Random
from typing import Any

import pytest

from bot.crypto.keys import create_key_file
from bot.runtime.errors import StoreFault, StoreUnavailable
from bot.runtime.settings import StorePlace
from bot.storage.opening import open_store
from bot.storage.postgres import engine, lease
from bot.storage.postgres.opening import open_postgres
from bot.storage.postgres.session import ServerConnection
from bot.storage.store import Store
from bot.storage.tables import Tables
from bot.storage.values import Done, MonthlyCount, Repeated
from bot.watch.meter import METER, Meter
from tests.support.counts import times
from tests.support.promising import Promise
from tests.support.store.builders import ADA, BEA, CLEO, KEYS, event, one, record_of, tap
from tests.support.store.relay import Relay, relayed
from tests.support.store.server import WAITING, Server, cluster, emptied, standby
from tests.support.store.tapping import SOON, Copy, kept_of, tap_once

DAN = "telegram:4"
NOBODY_YET = {ADA: 0, BEA: 0, CLEO: 0, DAN: 0}


@pytest.fixture
def key_file(tmp_path: Path) -> Path:
    create_key_file(tmp_path / "seraf.key")
    return tmp_path / "seraf.key"


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    """A server that may be stopped, killed and made to wait for a standby."""
    with cluster() as own:
        own.run("CREATE DATABASE seraf")
        yield own


@pytest.fixture
def relay(server: Server) -> Iterator[Relay]:
    emptied(server)
    with relayed(server.folder) as passing:
        yield passing


async def opened(address: str, key_file: Path, name: str = "witness") -> Store:
    return await open_store(StorePlace(key_file.with_name(name), address), key_file, upgrades=True)


@pytest.fixture
async def store(relay: Relay, tmp_path: Path) -> AsyncIterator[Store]:
    """A store that comes to the server by the relay."""
    own = await open_postgres(StorePlace(tmp_path / "seraf.postgresql", relay.address()), KEYS)
    yield own
    await own.close()


# A promoted standby.


@pytest.mark.prove
async def test_a_standby_that_is_promoted_under_load_has_what_was_acknowledged(
    key_file: Path, promise: Promise
) -> None:
    """P40: two copies tap; the primary goes down at any moment, and its synchronous standby takes over."""
    draw, rounds, acknowledged = Random(40), times(50, 2), NOBODY_YET
    with cluster() as first, standby(first) as second:
        first.run("CREATE DATABASE seraf")
        address = first.address("seraf", second)
        primary, other = first, second
        for _ in range(rounds):
            primary.waits_for_standby()
            copies = [Copy(address, key_file, _part(acknowledged, people)) for people in ((ADA, BEA), (CLEO, DAN))]
            await asyncio.gather(*[copy.taps(seconds=3 * SOON) for copy in copies])
            await asyncio.sleep(draw.random() / 2)
            primary.signal("immediate")
            other.promote()
            await asyncio.gather(*[copy.taps(more=3) for copy in copies])
            await asyncio.gather(*[copy.stop() for copy in copies])
            acknowledged = copies[0].acknowledged | copies[1].acknowledged

            witness = await opened(address, key_file)
            (await kept_of(witness, acknowledged)).demand(acknowledged, may_have_more=False)
            await witness.close()
            primary.follow(other)
            primary, other = other, primary
    promise.reached(
        "P40", asked=rounds, reached=rounds, of="standbys promoted under load, with nothing lost or doubled"
    )


def _part(acknowledged: dict[str, int], people: tuple[str, ...]) -> dict[str, int]:
    return {person: acknowledged[person] for person in people}


# A copy, or the server, that is killed around COMMIT.

MOMENTS = ("before", "on the way", "after", "any")
"""When a copy is killed: before its request to commit is passed on, which it never is, or is then; once it is done; at any time."""


@pytest.mark.prove
async def test_a_copy_that_is_killed_around_commit_leaves_nothing_half_kept(
    server: Server, relay: Relay, key_file: Path, promise: Promise
) -> None:
    """P40: the next tap of another copy is saved at once, and the killed one's people tap on after a restart."""
    draw, kills, acknowledged, others = Random(41), times(500, 5), {ADA: 0, BEA: 0}, 0
    witness = await opened(server.address("seraf"), key_file)
    for number in range(kills):
        moment = MOMENTS[number % len(MOMENTS)]
        copy = Copy(relay.address(), key_file, acknowledged)
        await copy.taps(seconds=3 * SOON)
        if moment == "any":
            await asyncio.sleep(draw.random() / 50)
        else:
            relay.stops = "answer" if moment == "after" else "request"
            assert await asyncio.to_thread(relay.has_stopped.wait, SOON)
        copy.kill()
        acknowledged = copy.acknowledged
        if moment != "any":
            relay.go_on(is_passed_on=moment == "on the way")

        others += 1
        await asyncio.wait_for(tap_once(witness, CLEO, others), SOON)
        kept = await kept_of(witness, {**acknowledged, CLEO: others})
        kept.demand({**acknowledged, CLEO: others}, may_have_more=True)
        assert kept.cards[CLEO] == others
    copy = Copy(server.address("seraf"), key_file, acknowledged)
    await copy.taps(more=3, seconds=3 * SOON)
    await copy.stop()
    acknowledged = {**copy.acknowledged, CLEO: others}
    (await kept_of(witness, acknowledged)).demand(acknowledged, may_have_more=False)
    await witness.close()
    promise.reached("P40", asked=kills, reached=kills, of="copies killed around COMMIT")


@pytest.mark.prove
async def test_a_server_that_is_killed_around_commit_loses_and_doubles_nothing(
    server: Server, relay: Relay, key_file: Path, promise: Promise
) -> None:
    """P40: one process of it, or the whole; both copies save again within ten seconds of its return."""
    kills, number = times(200, 3), 0
    store, witness = await opened(relay.address(), key_file, "one"), await opened(server.address("seraf"), key_file)
    await tap_once(store, ADA, 1)
    for number in range(1, kills + 1):
        relay.stops = "answer" if number % 2 else "request"
        tapping = asyncio.create_task(tap_once(store, ADA, number + 1))
        assert await asyncio.to_thread(relay.has_stopped.wait, SOON)
        if number % 4 < 2:
            ((pid,),) = server.asks(COMMITTING)
            os.kill(pid, signal.SIGKILL)
        else:
            server.signal("immediate")
            server.signal("start")
        relay.go_on(is_passed_on=number % 3 > 0)

        begun = time.monotonic()
        await asyncio.gather(tapping, tap_once(witness, BEA, number))
        assert time.monotonic() - begun < SOON
        acknowledged = {ADA: number + 1, BEA: number}
        (await kept_of(witness, acknowledged)).demand(acknowledged, may_have_more=False)
    await store.close()
    await witness.close()
    promise.reached("P40", asked=kills, reached=kills, of="servers killed around COMMIT")


COMMITTING = """SELECT pid FROM pg_stat_activity WHERE application_name = 'seraf-bot'
    AND (state = 'idle in transaction' OR query = 'COMMIT') ORDER BY state_change DESC LIMIT 1"""


@pytest.mark.prove
async def test_a_network_that_is_cut_loses_and_doubles_nothing(
    server: Server, relay: Relay, key_file: Path, monkeypatch: pytest.MonkeyPatch, promise: Promise
) -> None:
    """P40: it drops, holds, delays, or closes in one direction, while two copies tap."""
    monkeypatch.setattr(engine, "LONGEST", 2.0)
    monkeypatch.setattr(engine, "LONGEST_COMMIT", 1.0)
    draw, cuts, ways = Random(42), times(100, 5), ("drop", "hold", "delay", "client", "server")
    store, witness = await opened(relay.address(), key_file, "one"), await opened(server.address("seraf"), key_file)
    acknowledged = {ADA: 0, BEA: 0}

    async def taps(at: Store, person: str, over: asyncio.Event) -> None:
        while not over.is_set():
            await tap_once(at, person, acknowledged[person] + 1)
            acknowledged[person] += 1

    for number in range(cuts):
        over = asyncio.Event()
        tapping = [asyncio.create_task(taps(store, ADA, over)), asyncio.create_task(taps(witness, BEA, over))]
        await asyncio.sleep(0.05 + draw.random() / 10)
        way = ways[number % len(ways)]
        if way == "hold":
            relay.holds = True
            await asyncio.sleep(draw.random() * 2.5)
            relay.holds = False
        elif way == "delay":
            relay.seconds = 0.05
            await asyncio.sleep(draw.random())
            relay.seconds = 0.0
        elif way == "drop":
            relay.cut()
        else:
            relay.half_close(way)
        over.set()
        await asyncio.gather(*tapping)
        (await kept_of(witness, acknowledged)).demand(acknowledged, may_have_more=False)
    await store.close()
    await witness.close()
    promise.reached("P40", asked=cuts, reached=cuts, of="networks cut while two copies tap")


@pytest.mark.parametrize("where", ["in a series of statements", "after an answer", "before the commit"])
async def test_a_copy_that_hangs_within_a_transaction_holds_up_the_others_for_seconds_only(
    server: Server, store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, where: str
) -> None:
    goes_on, execute, commits = (
        threading.Event(),
        ServerConnection.execute,
        ["the first"] * (where == "before the commit"),
    )
    other = await open_postgres(StorePlace(tmp_path / "other", server.address("seraf")), KEYS)

    def hangs(tables: Tables) -> None:
        tables.monthly_counts.add([MonthlyCount("2026-11", "lead", "danger")])
        if where == "after an answer":
            tables.monthly_counts.by_month()
        if where != "before the commit":
            goes_on.wait(3 * SOON)

    def executed(of: ServerConnection, query: str, *others: Any, **more: Any) -> Any:
        if query == "COMMIT" and commits:
            commits.clear()
            goes_on.wait(3 * SOON)
        return execute(of, query, *others, **more)

    monkeypatch.setattr(ServerConnection, "execute", executed)
    hanging = asyncio.create_task(store.write(hangs))
    await asyncio.sleep(0.5)
    begun = time.monotonic()
    await tap_once(other, ADA, 1)
    took = time.monotonic() - begun
    goes_on.set()
    await hanging  # its connection is gone, and so it does its work again

    assert took < SOON
    assert (await kept_of(other, {ADA: 1})).counted == 2
    await other.close()


# Commits that wait for a standby.


@pytest.fixture
async def without_standby(server: Server, store: Store) -> AsyncIterator[None]:
    """The server waits for a standby that it does not have."""
    await store.turns([event("k1", tap("{}"))])
    server.waits_for_standby()
    yield
    server.waits_for_standby(False)


async def waits(server: Server) -> None:
    await asyncio.to_thread(server.until, f"SELECT EXISTS ({WAITING})")


def let_through(server: Server) -> None:
    """Let the commits that wait be durable on this server alone, as an administrator can."""
    server.run("SELECT pg_cancel_backend(pid) FROM pg_stat_activity WHERE wait_event = 'SyncRep'")


@pytest.mark.usefixtures("without_standby")
async def test_a_commit_that_was_let_through_without_its_standby_is_no_acknowledgement(
    server: Server, store: Store
) -> None:
    tapping = asyncio.create_task(store.turns([event("k2", tap("{}"))]))
    await waits(server)
    let_through(server)

    with pytest.raises(StoreUnavailable, match="standby has not confirmed"):
        await tapping

    server.waits_for_standby(False)
    assert isinstance(await one(store, event("k2", tap("{}"))), Repeated)
    assert (await record_of(store, ADA)).card == 2


@pytest.mark.usefixtures("without_standby")
async def test_a_commit_that_is_found_later_is_acknowledged_only_once_the_standby_has_it(
    server: Server, store: Store, relay: Relay, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engine, "LONGEST_COMMIT", 2.0)
    monkeypatch.setattr(engine, "LONGEST", 2.0)
    tapping = asyncio.create_task(store.turns([event("k2", tap("{}"))]))
    await waits(server)
    relay.cut()
    let_through(server)

    with pytest.raises(StoreUnavailable, match="synchronous standby"):
        await tapping

    server.waits_for_standby(False)
    assert isinstance(await one(store, event("k2", tap("{}"))), Repeated)
    assert (await record_of(store, ADA)).card == 2


@pytest.mark.usefixtures("without_standby")
async def test_a_commit_that_waits_for_ever_is_given_up_and_named(
    server: Server, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engine, "LONGEST_COMMIT", 1.0)
    for _ in range(2):  # the second finds the row held by the first
        with pytest.raises(StoreUnavailable, match="synchronous standby"):
            await store.turns([event("k2", tap("{}"))])

    server.waits_for_standby(False)
    assert isinstance(await one(store, event("k2", tap("{}"))), Repeated)
    assert (await record_of(store, ADA)).card == 2


@pytest.mark.usefixtures("without_standby")
async def test_a_copy_that_cannot_save_says_so_until_it_can_though_nobody_uses_it(
    server: Server, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engine, "LONGEST_COMMIT", 1.0)
    monkeypatch.setattr(lease, "ASK_EVERY", 0.05)
    monkeypatch.setattr(lease, "RENEW_EVERY", 0.05)
    METER.set(counts := Meter())
    async with store.leading.kept():
        await asyncio.wait_for(store.leading.gained(), SOON)
        with pytest.raises(StoreUnavailable):
            await store.turns([event("k2", tap("{}"))])
        async with asyncio.timeout(SOON):
            while counts.is_keeping:
                await asyncio.sleep(0.1)
        for _ in range(20):
            await asyncio.sleep(0.1)
            assert not counts.is_keeping
        ((connections,),) = server.asks("SELECT count(*) FROM pg_stat_activity WHERE application_name = 'seraf-bot'")
        server.waits_for_standby(False)
        async with asyncio.timeout(SOON):
            while not counts.is_keeping:
                await asyncio.sleep(0.1)
    assert connections <= 3


# An asynchronous standby that lacks what was acknowledged.


async def test_a_promoted_standby_that_lacks_acknowledged_taps_is_refused_by_every_copy(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lease, "ASK_EVERY", 0.05)
    monkeypatch.setattr(lease, "RENEW_EVERY", 0.05)
    with cluster() as primary, standby(primary) as other:
        primary.run("CREATE DATABASE seraf")
        place = StorePlace(tmp_path / "seraf.postgresql", primary.address("seraf", other))
        store = await open_postgres(place, KEYS)
        async with store.leading.kept():
            await store.turns([event("k1", tap("{}"))])
            primary.until("SELECT replay_lsn = pg_current_wal_lsn() FROM pg_stat_replication")
            other.signal("immediate")
            await store.turns([event("k2", tap("{}"))])  # the only one that it lacks
        primary.signal("immediate")
        other.signal("start")
        other.promote()

        with pytest.raises(StoreFault, match="older copy"):
            await store.turns([event("k3", tap("{}"))])
        await store.close()
        with pytest.raises(StoreFault, match="older than this copy"):
            await open_postgres(place, KEYS)


# A server that hangs.


async def test_a_server_that_hangs_after_it_was_reached_is_given_up(
    store: Store, relay: Relay, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engine, "LONGEST", 0.5)
    await store.turns([event("k1", tap("{}"))])
    relay.cut()
    connect = store._engine._connect  # type: ignore[attr-defined]  # noqa: SLF001

    def reached_only() -> object:
        connection = connect()
        relay.holds = True
        return connection

    monkeypatch.setattr(store._engine, "_connect", reached_only)  # noqa: SLF001
    with pytest.raises(StoreUnavailable):
        await asyncio.wait_for(store.turns([event("k2", tap("{}"))]), SOON)
    relay.holds = False
    relay.cut()
    monkeypatch.setattr(store._engine, "_connect", connect)  # noqa: SLF001

    assert isinstance(await one(store, event("k2", tap("{}"))), Done)
