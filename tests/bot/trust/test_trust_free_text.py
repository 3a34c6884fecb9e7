"""Tests that free text is answered with the reason why it does not count, removed from the chat, and stored nowhere."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from structlog.testing import capture_logs

from tests.fakes.telegram import FakeClock, FakeTelegram, Person
from tests.support.people.admitting import PIN
from tests.support.telegram.canaries import CANARY, MEDIA, kept, send_everything
from tests.support.telegram.home import STRANGER, Home
from tests.support.telegram.trusting import NEUTRAL, access_of, standing
from tests.support.telegram.walker import press_on, tap_pin

FOUND, CLOSED_TO_ALL = "Nothing was found", "Nothing was looked up"
ITEM = ("Start", "School", "Neither", "No", "Yes", "13–15", "Form order")
FINISHED = (*ITEM, "More", "Finish now", "Not known", "None of the others")

PLACES: dict[str, tuple[str, ...]] = {
    "welcome": (),
    "opening": ITEM[:2],
    "elsewhere": (*ITEM[:4], "No, something else"),
    "section": (*ITEM[:6], "Quick"),
    "item": ITEM,
    "what counts": (*ITEM, "What counts?"),
    "urgent": (*ITEM, "Urgent"),
    "erase": (*ITEM, "More", "Erase"),
    "erased": (*ITEM, "More", "Erase", "Erase now"),
    "paused": (*ITEM, "More", "Pause"),
    "danger": ("Start", "School", "In danger"),
    "circumstances": FINISHED[:-2],
    "check": FINISHED,
    "judgement": (*FINISHED, "Continue"),
    "result": (*FINISHED, "Continue", "Not sure"),
}
"""For each kind of card of an open chat, the buttons that lead to it."""

CLOSED: dict[str, dict[str, Any]] = {
    "notice": {"noticed": None},
    "new PIN": {"pin": ""},
    "keypad": {"is_locked": True},
    "barred": {"tries": 5},
    "lapsed": {"until": timedelta()},
    "emptied": {"is_locked": True, "is_hidden": True},
}
"""For each kind of closed chat, the fields of the account that make it so."""


@pytest.fixture
def home(server: FakeTelegram, tmp_path: Path) -> Home:
    return Home(tmp_path, server, counts=True)


@pytest.fixture
def logged(capfd: pytest.CaptureFixture[str]) -> Iterator[None]:
    with capture_logs() as lines:
        yield
    printed = capfd.readouterr()
    assert CANARY.lower() not in (repr(lines) + printed.out + printed.err).lower()


async def come_to(sam: Person, labels: tuple[str, ...]) -> None:
    await sam.send("/start")
    await sam.sees("SERAF consultation")
    await sam.settled()
    for label in labels:
        await press_on(sam, label)


async def is_nowhere(home: Home, sam: Person, *, said: str = FOUND) -> None:
    await send_everything(sam)
    await sam.sees(said, timeout=60)
    await sam.until(
        lambda: home.server.pending == () and [each.by_bot for each in sam.chat] == [True],
        timeout=60,
        what="not everything was removed",
    )

    assert CANARY not in sam.card.text
    assert CANARY.lower() not in await kept(home)


@pytest.mark.usefixtures("logged")
@pytest.mark.parametrize("place", PLACES)
async def test_free_text_sent_at_any_card_is_stored_nowhere(running_bot: Home, sam: Person, place: str) -> None:
    await come_to(sam, PLACES[place])

    await is_nowhere(running_bot, sam)


@pytest.mark.usefixtures("logged")
@pytest.mark.parametrize("closed", CLOSED)
async def test_free_text_is_nowhere_when_the_chat_is_closed(
    running_bot: Home, clock: FakeClock, sam: Person, closed: str
) -> None:
    await come_to(sam, ITEM)
    fields: dict[str, Any] = {
        name: clock() if value == timedelta() else value for name, value in CLOSED[closed].items()
    }
    await standing(running_bot, clock, **fields)
    await sam.until(lambda: not sam.chat or "item 1" not in sam.card.text, what="the chat did not close")
    await sam.settled()

    await is_nowhere(running_bot, sam, said=CLOSED_TO_ALL)


async def test_the_search_finds_what_it_looks_for(running_bot: Home, clock: FakeClock, sam: Person) -> None:
    assert CANARY.lower() not in await kept(running_bot)

    await standing(running_bot, clock, name=CANARY)
    assert CANARY.lower() in await kept(running_bot)

    await standing(running_bot, clock, name="")
    (running_bot.folder / "file").write_text(CANARY)
    assert CANARY.lower() in await kept(running_bot)


@pytest.mark.usefixtures("logged")
async def test_free_text_of_a_stranger_is_nowhere(running_bot: Home, server: FakeTelegram) -> None:
    stranger = server.person(STRANGER, first_name="Stranger")

    await send_everything(stranger)
    await stranger.sees(NEUTRAL)
    await stranger.settled()

    assert CANARY.lower() not in await kept(running_bot)
    assert running_bot.ask("SELECT count(*) FROM litter") == [(0,)]
    assert await running_bot.record(STRANGER) is None


@pytest.mark.parametrize("kind", MEDIA)
async def test_everything_sent_at_the_keypad_is_answered_with_why(running_bot: Home, sam: Person, kind: str) -> None:
    await come_to(sam, ITEM)
    await sam.send("/lock")
    await sam.sees("Tap your PIN")
    await sam.settled()

    await sam.send_media(MEDIA[kind], CANARY)

    card = await sam.sees("Pictures and files are not kept")
    assert "Tap your PIN" in card.text
    await sam.until(lambda: all(each.by_bot for each in sam.chat))


@pytest.mark.usefixtures("logged")
@pytest.mark.parametrize("digits", [PIN, "999999"], ids=["right", "wrong"])
async def test_six_digits_that_are_typed_are_no_pin(running_bot: Home, sam: Person, digits: str) -> None:
    await come_to(sam, ITEM)
    await sam.send("/lock")
    await sam.sees("Tap your PIN")
    await sam.settled()

    await sam.send(digits)
    await sam.sees(CLOSED_TO_ALL)
    await sam.until(lambda: all(each.by_bot for each in sam.chat))
    await sam.settled()

    assert "Tap your PIN" in sam.card.text
    assert "0 of 6 digits" in sam.card.text
    assert (await access_of(running_bot)).pin.tries == 0
    assert digits not in await kept(running_bot)
    await tap_pin(sam)
    await sam.sees("item 1 of 30")
