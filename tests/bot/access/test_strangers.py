"""Tests of invitation codes from strangers: five tries, then growing pauses, and the same answer to every bad code."""

from datetime import UTC, datetime, timedelta

import pytest
from structlog.testing import capture_logs

from bot.access.admission import Invitation
from bot.channels.telegram import polling
from bot.channels.unsaved_answers import QUIET, Strangers
from bot.crypto.at_random import make_code
from bot.storage.tables.admission import TRIES
from dialogs.core.role import Role
from tests.bot.storage.sqlite.test_full_disk import small_disk
from tests.fakes.telegram import FakeClock, FakeTelegram, Person
from tests.support.store.builders import ADA
from tests.support.telegram.home import STRANGER, Home

NOW = datetime(2026, 3, 4, 12, tzinfo=UTC)
JUST = timedelta(microseconds=1)
NEUTRAL = "This is a private service. It cannot help you here."
CODE = make_code()
SOMEBODY = f"telegram:{STRANGER}"


def test_a_stranger_is_answered_once_a_minute() -> None:
    found = Strangers()
    assert [found.may_be_told(ADA, NOW), found.may_be_told(ADA, NOW + QUIET - JUST)] == [True, False]

    assert found.may_be_told(ADA, NOW + QUIET)
    assert found.may_be_told(ADA, NOW - timedelta(hours=1))


@pytest.fixture
async def stranger(server: FakeTelegram, running_bot: Home) -> Person:
    store = await running_bot.opened()
    await store.write(
        lambda t: t.invitation_codes.issue(
            CODE, Invitation("0123abcd", Role.MANAGER).text(), until=NOW + timedelta(days=1)
        )
    )
    await store.close()
    return server.person(STRANGER, first_name="Stranger")


def written(person: Person) -> list[str]:
    return [message.text for message in person.chat if message.by_bot]


async def test_wrong_used_and_expired_codes_get_the_same_neutral_line(
    running_bot: Home, server: FakeTelegram, clock: FakeClock, stranger: Person
) -> None:
    await stranger.start("WRONGWRONG23")
    await stranger.until(lambda: written(stranger) == [NEUTRAL])

    used, late = server.person(21), server.person(22)
    await server.person(20).start(CODE)
    await server.person(20).sees("Before you begin")
    await used.start(CODE)
    await used.until(lambda: written(used) == [NEUTRAL])
    store = await running_bot.opened()
    await store.write(
        lambda t: t.invitation_codes.issue(f"{CODE}X", Invitation("0123abce", Role.MANAGER).text(), until=clock())
    )
    await store.close()
    await late.start(f"{CODE}X")
    await late.until(lambda: written(late) == [NEUTRAL])

    assert [await running_bot.record(each) for each in (STRANGER, 21, 22)] == [None] * 3


async def test_the_right_code_within_a_pause_gets_the_neutral_line_too(
    running_bot: Home, clock: FakeClock, stranger: Person
) -> None:
    for _ in range(TRIES):
        await stranger.start("WRONGWRONG23")
    await stranger.start(CODE)
    await stranger.settled()
    assert written(stranger) == [NEUTRAL]
    assert await running_bot.record(STRANGER) is None

    clock.advance(minutes=1)
    await stranger.start(CODE)

    await stranger.sees("Before you begin")


async def test_a_code_that_cannot_be_looked_up_just_now_counts_as_one_try(
    running_bot: Home, stranger: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(polling, "STORE_WAIT", 0.01)
    await stranger.until(lambda: len(running_bot.server.calls("getUpdates")) > 1)
    with capture_logs(), small_disk(0):
        await stranger.start(CODE)
        asked = len(running_bot.server.calls("getUpdates"))
        await stranger.until(lambda: len(running_bot.server.calls("getUpdates")) > asked + 2 * TRIES)
        (without_store,) = written(stranger)
        assert without_store.startswith("Nothing can be saved now")

    await stranger.sees("Before you begin")
