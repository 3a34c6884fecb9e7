"""A fallback without keys or a store: it tells everybody whom to call while no bot polls, and otherwise touches nothing."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pytest
from pydantic import SecretStr
from structlog.testing import capture_logs

from bot.channels.telegram import connecting, fallback, polling
from bot.channels.telegram.connecting import Manners
from bot.channels.telegram.reader import WANTED
from bot.runtime.errors import KeyFault, SettingsFault
from bot.runtime.settings import NumbersSettings
from bot.wiring import Environment, serve_only_numbers
from tests.fakes.telegram import FakeClock, FakeTelegram, Person
from tests.fakes.telegram.raw import RawBot
from tests.fakes.telegram.state.updates import TAP_LIFE
from tests.support.telegram.bots import QUICKLY, REFERENCE, At, running
from tests.support.telegram.home import KIM, STRANGER, Home

CARD = "Nothing can be saved now"
SECONDS = 30
"""Seconds after which the first person has been answered."""


@pytest.fixture(autouse=True)
def quickly(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fallback, "LOOK_EVERY", 0.005)
    monkeypatch.setattr(fallback, "ANSWER_EVERY", 0.005)
    monkeypatch.setattr(connecting, "AT_LEAST", 0.1)
    monkeypatch.setattr(polling, "STORE_WAIT", 0.005)


@pytest.fixture
def place(tmp_path: Path) -> Path:
    (tmp_path / "elsewhere").mkdir()
    return tmp_path / "elsewhere" / "only-numbers"


@contextlib.asynccontextmanager
async def standing_by(server: FakeTelegram, clock: FakeClock, place: Path) -> AsyncIterator[asyncio.Task[None]]:
    """Run a fallback in this process; at the end stop it as by SIGTERM, and raise its failure."""
    stopped = asyncio.Event()
    settings = NumbersSettings.model_validate({"telegram_token": SecretStr(server.token), "telegram_api": server.base})
    environment = Environment(At(clock), lambda: REFERENCE, Manners(QUICKLY))
    task = asyncio.create_task(serve_only_numbers(settings, environment, place=place, stopped=stopped))
    try:
        yield task
    finally:
        stopped.set()
        await task


def polls(server: FakeTelegram) -> int:
    """Return how often a fallback has polled: a bot asks for other kinds of update, and a newcomer waits."""
    asked = [call.params for call in server.calls("getUpdates")]
    return sum(each["timeout"] == 0 and each.get("allowed_updates") != list(WANTED) for each in asked)


def looks(server: FakeTelegram) -> int:
    return len(server.calls("getWebhookInfo"))


async def pass_time(
    server: FakeTelegram,
    clock: FakeClock,
    *,
    seconds: int,
    step: int = 1,
    until: Callable[[], bool] = lambda: False,
    times: int = 3,
) -> int:
    """Let time pass in steps, with a few looks in each, until something is so; return the seconds."""
    for second in range(0, seconds, step):
        if until():
            return second
        clock.advance(step)
        async with asyncio.timeout(10):
            before = looks(server)
            while looks(server) < before + times:
                await asyncio.sleep(0.005)
    return seconds


def shows_card(*people: Person) -> Callable[[], bool]:
    return lambda: all(any(CARD in message.text for message in person.chat) for person in people)


async def test_it_answers_within_thirty_seconds_and_gives_way_at_once(
    server: FakeTelegram, clock: FakeClock, home: Home, sam: Person, place: Path
) -> None:
    kim, stranger = server.person(KIM), server.person(STRANGER)
    async with standing_by(server, clock, place):
        async with running(home, At(clock)):
            await sam.ask("/start")
            await sam.until(lambda: not server.pending)
        before = len(home.ask("SELECT 1 FROM inbound"))
        await sam.send("hello")
        tap = await sam.click(sam.keyboard_message.labels[0]) if sam.keyboard_message else None
        took = await pass_time(server, clock, seconds=2 * SECONDS, until=shows_card(sam))
        await kim.send("/urgent")
        await stranger.send("/start")
        await pass_time(server, clock, seconds=5, until=shows_card(kim, stranger))
        assert shows_card(sam, kim, stranger)()
        assert tap is not None
        assert "Not saved" in (await sam.answered(tap)).text
        assert "999" in kim.card.text
        waiting = server.pending
        assert len(waiting) == 4

        async with running(home, At(clock), quiet=0.3):
            await kim.until(lambda: not server.pending and not shows_card(sam)() and not shows_card(kim)())
            await pass_time(server, clock, seconds=3)
            asked = polls(server)
            for person in (sam, kim):
                await person.until(lambda person=person: len(person.chat) == 1)  # type: ignore[misc]
            await pass_time(server, clock, seconds=SECONDS)
            answered = len(home.ask("SELECT 1 FROM inbound")) - before

    assert took <= SECONDS
    assert polls(server) == asked > 0
    assert answered == len(waiting)
    assert not any(CARD in message.text for message in stranger.chat)
    assert not server.violations


async def test_it_never_polls_while_a_bot_confirms_updates(
    server: FakeTelegram, clock: FakeClock, home: Home, sam: Person, place: Path
) -> None:
    async with running(home, At(clock)), standing_by(server, clock, place):
        for _ in range(4):
            await sam.ask("/start")
            await pass_time(server, clock, seconds=SECONDS // 2)

    assert polls(server) == 0


async def test_a_bot_without_a_store_is_polled_against_once_a_pause(
    server: FakeTelegram, clock: FakeClock, home: Home, sam: Person, place: Path
) -> None:
    """It confirms no update, and answers everybody itself. When it stops, the fallback answers after the pause."""
    await home.admit(clock())
    without, kim = replace(home, admitted=frozenset()), server.person(KIM)
    home.key_file.unlink()
    polled = list[int]()

    async def answer_without_a_store() -> None:
        async with running(without, At(clock)):
            await sam.send("/start")
            await sam.sees(CARD)
            for second in range(0, 420, 5):
                await pass_time(server, clock, seconds=5, step=5)
                polled.extend([second] * (polls(server) - len(polled)))
            assert len(sam.chat) == 1

    with capture_logs() as lines:
        async with standing_by(server, clock, place):
            with pytest.raises(KeyFault):
                await answer_without_a_store()
            await kim.send("/start")
            await pass_time(server, clock, seconds=600 + SECONDS, step=5, until=shows_card(kim))
            assert shows_card(kim)()

    pauses = [later - earlier for earlier, later in pairwise(polled)]
    assert [pause >= least for pause, least in zip(pauses, (20, 40, 80), strict=False)] == [True] * min(3, len(pauses))
    assert len(pauses) >= 2
    assert "another program polls with this token" not in [line["event"] for line in lines]


async def test_a_bot_that_starts_meanwhile_wins(
    server: FakeTelegram, clock: FakeClock, home: Home, sam: Person, place: Path
) -> None:
    """The fallback does not poll while nothing waits, and so ends no poll of a newcomer."""
    async with standing_by(server, clock, place):
        await sam.send("/start")
        await pass_time(server, clock, seconds=2 * SECONDS, until=shows_card(sam))
        server.world.updates.clear()
        await pass_time(server, clock, seconds=1)
        asked = polls(server)
        await pass_time(server, clock, seconds=5)
        assert polls(server) == asked
        with capture_logs() as lines:
            async with running(home, At(clock), quiet=1.0):
                await pass_time(server, clock, seconds=5)
                await sam.ask("/start")
                await sam.sees("SERAF consultation")
                await sam.until(lambda: len(sam.chat) == 1)

    assert "another program polls with this token" not in [line["event"] for line in lines]


async def test_of_two_one_answers(server: FakeTelegram, clock: FakeClock, sam: Person, place: Path) -> None:
    other = place.with_name("other")
    async with standing_by(server, clock, place), standing_by(server, clock, other):
        await sam.send("/start")
        # So many that each of them looks in every second.
        await pass_time(server, clock, seconds=5 * SECONDS, until=shows_card(sam), times=12)
        await pass_time(server, clock, seconds=5 * SECONDS, times=12)

        assert [CARD in message.text for message in sam.chat] == [True]
        assert [act.deed for act in sam.acts].count("sent") == 2


async def test_its_cards_are_taken_away_after_a_crash_too(
    server: FakeTelegram, clock: FakeClock, sam: Person, bot: RawBot, place: Path
) -> None:
    async with standing_by(server, clock, place):
        await sam.send("/start")
        await pass_time(server, clock, seconds=2 * SECONDS, until=shows_card(sam))
    listed = place.with_name("only-numbers.unsaved").read_bytes()
    async with standing_by(server, clock, place):
        await pass_time(server, clock, seconds=5)
        assert shows_card(sam)(), "no bot has polled yet"

        await bot.updates(allowed_updates=list(WANTED), offset=server.pending[-1]["update_id"] + 1)
        await sam.until(lambda: not sam.chat)

    after = place.with_name("only-numbers.unsaved").read_bytes()
    assert (any(listed), any(after)) == (True, False)
    assert b"telegram" not in listed


async def test_a_person_after_a_hundred_unconfirmed_updates_is_answered_too(
    server: FakeTelegram, clock: FakeClock, place: Path
) -> None:
    """Telegram hands out a hundred at once, so the oldest, which are answered, are confirmed."""
    crowd = [server.person(number) for number in range(2000, 2110)]
    for person in crowd:
        await person.send("/urgent")
    async with standing_by(server, clock, place):
        await pass_time(server, clock, seconds=SECONDS)

        await crowd[-1].until(shows_card(crowd[0], crowd[-1]), timeout=30)
        assert 50 <= len(server.pending) < 100


async def test_taps_that_expire_are_not_taken_for_confirmed(
    server: FakeTelegram, clock: FakeClock, home: Home, sam: Person, place: Path
) -> None:
    """It may be started while people have tapped in vain for minutes."""
    async with running(home, At(clock)):
        card = await sam.ask("/start")
        await sam.until(lambda: not server.pending)

    async def tap_every_ten_seconds(times: int) -> None:
        for _ in range(times):
            await sam.tap_data("1:x", on=card)
            clock.advance(10)

    await tap_every_ten_seconds(int(TAP_LIFE.total_seconds()) // 10)
    async with standing_by(server, clock, place):
        for _ in range(6):
            await sam.tap_data("1:x", on=card)
            await pass_time(server, clock, seconds=10)
        assert shows_card(sam)()


async def test_a_poll_that_is_refused_for_another_silences_it(
    server: FakeTelegram, clock: FakeClock, sam: Person, place: Path
) -> None:
    async with standing_by(server, clock, place):
        server.fault(method="getUpdates", kind="conflict")
        await sam.send("/start")
        await pass_time(server, clock, seconds=45)  # it polled after 16, and pauses for 20 at least
        assert not shows_card(sam)()
        await pass_time(server, clock, seconds=2 * SECONDS, until=shows_card(sam))
        assert shows_card(sam)()

        server.fault(method="getUpdates", kind="conflict")
        await sam.until(lambda: not sam.chat)


async def test_a_pause_ends_once_updates_are_confirmed(
    server: FakeTelegram, clock: FakeClock, sam: Person, place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fallback, "FIRST_PAUSE", 200.0)
    async with standing_by(server, clock, place):
        server.fault(method="getUpdates", kind="conflict")
        await sam.send("/start")
        await pass_time(server, clock, seconds=20)
        server.world.updates.clear()
        await pass_time(server, clock, seconds=2)
        await sam.send("/start")

        assert await pass_time(server, clock, seconds=2 * SECONDS, until=shows_card(sam)) <= SECONDS


async def test_a_program_that_asks_for_no_kinds_is_noticed_by_what_it_confirms(
    server: FakeTelegram, clock: FakeClock, sam: Person, bot: RawBot, place: Path
) -> None:
    async with standing_by(server, clock, place):
        await sam.send("/start")
        await pass_time(server, clock, seconds=20)
        await bot.updates(offset=server.pending[-1]["update_id"] + 1)
        await pass_time(server, clock, seconds=1)
        await sam.send("/start")
        await pass_time(server, clock, seconds=15)

        assert not shows_card(sam)()


async def test_a_token_that_is_refused_from_the_start_ends_it_and_later_does_not(
    server: FakeTelegram, clock: FakeClock, sam: Person, place: Path
) -> None:
    token = server.token

    async def start() -> None:
        async with standing_by(server, clock, place) as task:
            server.token = "1:another"
            await asyncio.wait([task], timeout=10)

    with pytest.raises(SettingsFault, match="Telegram refuses this token"):
        await start()
    server.token = token
    async with standing_by(server, clock, place) as task:
        await pass_time(server, clock, seconds=1)
        server.token = "1:another"
        await asyncio.wait([task], timeout=0.3)
        server.token = token
        await sam.send("/start")
        await pass_time(server, clock, seconds=2 * SECONDS, until=shows_card(sam))

        assert shows_card(sam)()
