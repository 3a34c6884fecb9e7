"""Tests of a running bot as monitors see it, by its port, `status`, systemd and the log: only counts and times."""

import asyncio
import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from random import Random

import pytest
from structlog.testing import capture_logs

from bot.channels.telegram.connecting import Manners
from bot.conversation.changes import removal
from bot.operations import watching
from bot.runtime.errors import InUse
from bot.trail.audit import AuditEvent
from bot.trail.chain import Entry
from bot.watch.vitals import Vitals, vitals_file
from bot.wiring import Environment, run_until
from tests.fakes.telegram import FakeClock, FakeTelegram, Person
from tests.support.command_line.cli import Ran, run, run_apart
from tests.support.store.failing_disk import held
from tests.support.telegram.bots import REFERENCE, At, process, running
from tests.support.telegram.fixtures import real_time
from tests.support.telegram.home import SAM, STRANGER, Home
from tests.support.telegram.monitors import asked, free_address, systemd, until_ails
from tests.support.telegram.trusting import order
from tests.support.telegram.walker import Walker

SECONDS, WRONG = 30.0, "759310"
PATIENCE = 60.0
"""Seconds after which a bot that has not started counts as hung."""

clock = real_time()


@pytest.fixture(autouse=True)
def often(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(watching, "LOOK_EVERY", 0.05)
    monkeypatch.setattr(watching, "SLOW", 0.05)
    monkeypatch.setattr(watching, "SELDOM", 0.05)


@pytest.fixture
def home(server: FakeTelegram, tmp_path: Path) -> Iterator[Home]:
    yield Home(tmp_path, server, watch_address=free_address())
    assert server.violations == []


async def status(home: Home, *words: str) -> Ran:
    wide = home.environment | {"COLUMNS": "200"}
    return await asyncio.to_thread(run_apart, home.folder, "status", *words, settings=wide)


async def status_here(home: Home, *words: str) -> Ran:
    wide = home.environment | {"COLUMNS": "200"}
    return await asyncio.to_thread(run, home.folder, "status", *words, settings=wide)


async def test_status_port_and_file_agree_with_what_was_done(home: Home, server: FakeTelegram) -> None:
    sam = server.person(SAM, first_name="Sam")
    async with running(home):
        await Walker(sam, Random(1)).begin(until_item=3)
        await server.person(STRANGER).send("/start")
        await sam.settled()
        await until_ails(home.watch_address)
        await asyncio.sleep(0.3)
        taps = len(server.calls("answerCallbackQuery"))
        metrics, ran, result = (
            await asked(home.watch_address, "/metrics"),
            await status(home),
            await status(home, "--json"),
        )
        written = vitals_file(home.store)
        seen = metrics.text + ran.out + result.out + written.read_text()
        mode = written.stat().st_mode & 0o777
        store = await home.opened()
        head = (await store.read(lambda t: t.audit.after(None)))[0]
        await store.close()

    vitals = json.loads(result.out)["vitals"]
    assert (ran.status, result.status, mode) == (0, 0, 0o600)
    assert ran.out.startswith("The bot runs, hears people, and can keep what it hears.\n")
    assert re.search(r"whom to call last delivered +(never|\d+ seconds? ago)", ran.out)
    assert metrics.number("seraf_tap_seconds_count") == vitals["taps"] == taps > 0
    assert (metrics.number('seraf_tap_seconds{quantile="0.99"}') or 0.0) > 0
    assert metrics.number("seraf_people_today") == vitals["around"]["people_today"] == 1
    assert metrics.number('seraf_events_total{event="turned away"}') == 1
    assert metrics.number("seraf_audit_entries") == head.number
    assert vitals["around"]["audit"] == str(head)
    assert metrics.number('seraf_ails{reason="without a store"}') == 0
    names = (REFERENCE, "Sam", "telegram:", f'"{SAM}"', "00000001")
    assert [name for name in names if name in seen] == []


async def test_a_bot_that_does_not_run_is_reported(home: Home, server: FakeTelegram) -> None:
    never = await status_here(home)
    async with process(home) as bot:
        await bot.says("ready", seconds=PATIENCE)
        while not vitals_file(home.store).exists():
            await asyncio.sleep(0.05)
        bot.kill()
        await bot.ended()
        killed = await status_here(home)
    async with process(home) as bot:
        await bot.says("ready", seconds=PATIENCE)
        await bot.terminated()
    stopped = await status_here(home, "--json")

    assert never.status == 3
    assert never.out.startswith("The bot does not run with this store. Look at its log, then start it.")
    assert killed.status == 3
    assert killed.out.startswith("The bot does not run with this store. It last reported on ")
    assert stopped.status == 3
    assert (json.loads(stopped.out)["runs"], json.loads(stopped.out)["in_order"]) == (False, False)


async def test_a_store_that_cannot_be_written_is_unhealthy_until_it_can(
    home: Home, server: FakeTelegram, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(watching, "PATIENCE", 1.0)
    sam = server.person(SAM)
    with systemd(tmp_path, monkeypatch) as manager:
        async with running(home):
            await sam.ask("/start")
            await until_ails(home.watch_address)
            with held(home.store):
                await sam.send("/start")
                await until_ails(home.watch_address, "cannot keep what it hears")
                await asyncio.sleep(1.5)  # what the file says is as old as the last look
                unhealthy = await status(home)
                manager.listen()
                await asyncio.sleep(0.5)
                starved = manager.listen()
            await until_ails(home.watch_address)
            await asyncio.sleep(0.3)
            fed = manager.listen()
        manager.listen()

    assert manager.heard[0] == "READY=1"
    assert manager.heard[1] == "WATCHDOG=1"
    assert starved == []
    assert set(fed) == {"WATCHDOG=1"}
    assert manager.heard[-1] == "STOPPING=1"
    assert unhealthy.status == 1
    assert "cannot keep what it hears" in unhealthy.out


async def test_a_bot_without_a_store_is_unhealthy_and_ready(
    home: Home, server: FakeTelegram, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """The bot still says whom to call, so systemd must see it as started, but monitors see that it has no store."""
    await home.admit()
    with systemd(tmp_path, monkeypatch) as manager, held(home.store):
        stopped = asyncio.Event()
        async with asyncio.timeout(SECONDS):
            bot = asyncio.create_task(_run(home, stopped))
            await server.person(SAM).send("/urgent")
            await until_ails(home.watch_address, "without a store")
            while "READY=1" not in manager.listen() + manager.heard:
                await asyncio.sleep(0.05)
            stopped.set()
            await asyncio.gather(bot, return_exceptions=True)


async def test_pages_alone_are_in_order_and_ask_telegram_nothing(
    home: Home, server: FakeTelegram, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    settings = home.settings.model_copy(update={"telegram_token": None, "web_bind": free_address()})
    stopped = asyncio.Event()
    with systemd(tmp_path, monkeypatch) as manager:
        environment = Environment(At(), lambda: REFERENCE)
        pages = asyncio.create_task(run_until(stopped, settings, environment=environment, telegram=False, web=True))
        await until_ails(home.watch_address)
        async with asyncio.timeout(SECONDS):
            while (result := await status(home)).status:  # what the file says is as old as the last look
                await asyncio.sleep(0.05)
        stopped.set()
        await pages
        manager.listen()

    assert (result.status, server.requests) == (0, [])
    assert "not asked: people come with a browser alone" in result.out
    assert manager.heard[:2] == ["READY=1", "WATCHDOG=1"]


async def _run(home: Home, stopped: asyncio.Event) -> None:
    await run_until(stopped, home.settings, environment=Environment(At(), lambda: REFERENCE, Manners(quiet=0)))


async def test_every_entry_of_the_audit_is_an_event_whoever_made_it(home: Home, server: FakeTelegram) -> None:
    async with running(home):
        await server.person(SAM).ask("/start")
        await until_ails(home.watch_address)
        await asyncio.sleep(0.3)
    await order(home, FakeClock(datetime.now(UTC)), removal(datetime.now(UTC), by="operator anna"))
    store = await home.opened()
    at = datetime.now(UTC)
    await store.write(
        lambda t: t.audit.append(
            [Entry(at, "operator anna", AuditEvent.HOLD_SET, REFERENCE), Entry(at, "00000002", AuditEvent.BARRED)]
        )
    )
    await store.close()

    with capture_logs() as lines:
        async with running(home):
            await until_ails(home.watch_address)
            await asyncio.sleep(0.3)
            result = (await asked(home.watch_address, "/metrics")).number('seraf_events_total{event="barred"}')
        async with running(home):
            await until_ails(home.watch_address)
            await asyncio.sleep(0.3)

    events = [(each["event"], each["who"], each.get("about")) for each in lines if "entry" in each]
    assert events == [("removed", "operator", "00000001"), ("hold-set", "operator", None), ("barred", "00000002", None)]
    assert result == 1
    assert not re.search(f"anna|{REFERENCE}", str(lines))


async def test_wrong_codes_of_strangers_are_logged_together(home: Home, server: FakeTelegram) -> None:
    with capture_logs() as lines:
        async with running(home):
            for _ in range(3):
                await server.person(STRANGER).start("ABCDEFGHJKLMNP")
            await until_ails(home.watch_address)
            await asyncio.sleep(0.3)

    result = [each for each in lines if each["event"] == "wrong code"]
    assert sum(each["count"] for each in result) == 3
    assert {each["log_level"] for each in result} == {"warning"}


async def test_a_bot_that_is_refused_by_telegram_counts_it(home: Home, server: FakeTelegram) -> None:
    sam: Person = server.person(SAM)
    async with running(home):
        await sam.ask("/start")
        # What is left in chats is looked for after a start, and its removal could be refused as well.
        await asyncio.sleep(0.5)
        server.fault(method="editMessageText", kind="too_many", retry_after=1)
        await sam.click(sam.card.buttons[0].label)
        await asyncio.sleep(1.5)
        metrics = await asked(home.watch_address, "/metrics")

    assert metrics.number("seraf_telegram_refusals_total") == 1
    assert metrics.number("seraf_silence_seconds_total") == 1


async def test_a_page_under_an_unknown_name_is_refused(home: Home, server: FakeTelegram) -> None:
    """Under a foreign host name, another site could lead a browser on this machine to the port."""
    async with running(home):
        await until_ails(home.watch_address)
        refused = [await asked(home.watch_address, path, Host="example.org") for path in ("/healthz", "/metrics")]
        nothing = await asked(home.watch_address, "/")

    assert [(each.status, each.text) for each in refused] == [(403, "")] * 2
    assert nothing.status == 404


async def test_a_port_that_is_taken_ends_the_start_with_what_to_do(home: Home, server: FakeTelegram) -> None:
    """The port may be free later, so the service manager starts the bot again."""
    host, _, port = home.watch_address.partition(":")
    other = await asyncio.start_server(lambda *_: None, host, int(port))
    async with other:
        with pytest.raises(InUse, match="SERAF_WATCH_ADDRESS"):
            await _run(home, asyncio.Event())


async def test_no_port_is_open_where_none_is_asked_for(server: FakeTelegram, tmp_path: Path) -> None:
    home = Home(tmp_path, server)
    async with running(home):
        await server.person(SAM).ask("/start")
        while (ran := await status(home)).status:
            await asyncio.sleep(0.1)

    assert ran.out.startswith("The bot runs, hears people")


async def test_a_missing_recent_backup_is_reported_once_a_day(
    home: Home, server: FakeTelegram, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock, looks = FakeClock(), list[Vitals]()
    monkeypatch.setattr(watching, "write_vitals", lambda _, vitals: looks.append(vitals))

    async def said_after(more: int) -> int:
        until = len(looks) + more
        async with asyncio.timeout(SECONDS):
            while len(looks) < until:
                await asyncio.sleep(0.02)
        return [each["event"] for each in lines].count("no recent backup")

    with capture_logs() as lines:
        async with running(home, At(clock)):
            first = await said_after(30)
            clock.advance(hours=24)
            second = await said_after(30)

    assert (first, second) == (1, 2)
