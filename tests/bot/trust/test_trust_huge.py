"""Tests that one person's long, deep, wide or many messages do not delay the answer to another person's tap."""

from collections.abc import Callable
from functools import partial
from random import Random
from typing import Any

import pytest

from tests.fakes.telegram import FakeTelegram, Person
from tests.support.telegram.home import KIM, SAM, Home
from tests.support.telegram.walker import Walker, come_to_item, item_number

A_BATCH = 100
LONGEST_TEXT = 4096
LONGEST_DATA = 64
DEEP, WIDE = 300, 20_000
USER: dict[str, Any] = {"id": SAM, "is_bot": False, "first_name": "Sam"}
CHAT: dict[str, Any] = {"id": SAM, "type": "private", "first_name": "Sam"}
MESSAGE: dict[str, Any] = {"message_id": 900_000, "date": 1, "chat": CHAT, "from": USER}


def nested(depth: int) -> dict[str, Any]:
    message = MESSAGE | {"text": "hello"}
    for _ in range(depth):
        message = MESSAGE | {"text": "hello", "reply_to_message": message}
    return message


def lists(depth: int) -> Any:
    inner: Any = "x"
    for _ in range(depth):
        inner = [inner]
    return inner


def entities() -> list[dict[str, Any]]:
    return [{"type": "bold", "offset": 0, "length": 1}] * WIDE


RAW: dict[str, Callable[[], dict[str, Any]]] = {
    "deep answers": lambda: {"message": nested(DEEP)},
    "deep lists": lambda: {"message": MESSAGE | {"text": lists(DEEP)}},
    "deep unknown": lambda: {"message": MESSAGE | {"text": "hello", "tomorrow": lists(DEEP)}},
    "wide message": lambda: {"message": MESSAGE | {"text": "hello"} | {f"field{n}": n for n in range(WIDE)}},
    "wide update": lambda: {f"kind{n}": {} for n in range(WIDE)},
    "many marks": lambda: {"message": MESSAGE | {"text": "hello", "entities": entities()}},
    "a text over every limit": lambda: {"message": MESSAGE | {"text": "x" * 1_000_000}},
    "a command over every limit": lambda: {"message": MESSAGE | {"text": "/" + "x" * 1_000_000}},
    "a code over every limit": lambda: {"message": MESSAGE | {"text": "/start " + "x" * 1_000_000}},
    "a term over every limit": lambda: {"message": MESSAGE | {"text": "/explain " + "x " * 100_000}},
    "a name over every limit": lambda: {"message": MESSAGE | {"from": USER | {"first_name": "x" * 1_000_000}}},
}
"""Updates that Telegram is unlikely to send, by what is extreme about them."""


@pytest.fixture
async def kim(running_bot: Home, server: FakeTelegram) -> Person:
    return await come_to_item(server.person(KIM, first_name="Kim"), 2)


@pytest.fixture
async def sam(running_bot: Home, sam: Person) -> Person:
    await Walker(sam, Random(2)).begin(until_item=2)
    await sam.settled()
    return sam


def is_at(person: Person, number: int) -> bool:
    return item_number(person.card) == number


async def taps_in_time(kim: Person) -> None:
    for number in (3, 4, 5):
        await kim.answered(await kim.click("No"))
        await kim.until(partial(is_at, kim, number))


async def goes_on(home: Home, sam: Person) -> None:
    await sam.until(lambda: not home.server.pending, timeout=20, what="not everything was taken")
    await sam.settled(timeout=20)
    await sam.send("/resume")
    await sam.until(partial(is_at, sam, 2))
    await sam.settled()
    await sam.press("No")
    await sam.until(partial(is_at, sam, 3))


@pytest.mark.parametrize("begins", ["x", "/", "/start ", "/explain ", "ש", "\U0001f600"])
async def test_the_longest_messages_hold_up_nobody(running_bot: Home, sam: Person, kim: Person, begins: str) -> None:
    for _ in range(10):
        await sam.send((begins + LONGEST_TEXT * begins.strip())[:LONGEST_TEXT])

    await taps_in_time(kim)

    await sam.until(lambda: all(each.by_bot for each in sam.chat), timeout=20, what="not all was removed")
    await goes_on(running_bot, sam)


@pytest.mark.parametrize("sign", ["x", ":", "9", "😀"])
async def test_the_longest_callback_data_is_answered(running_bot: Home, sam: Person, kim: Person, sign: str) -> None:
    size = LONGEST_DATA // len(sign.encode())
    for data in (sign * size, f"{sign}:{sign * size}"[: size - 1], f"2:{sign * size}"[: size - 1]):
        tap = await sam.tap_data(data, on=sam.card)
        assert (await sam.answered(tap)).text

    await taps_in_time(kim)

    await goes_on(running_bot, sam)


@pytest.mark.parametrize("kind", RAW)
async def test_deep_and_wide_updates_are_passed_over_or_answered(
    running_bot: Home, sam: Person, kim: Person, kind: str
) -> None:
    for _ in range(3):
        running_bot.server.push_raw(RAW[kind]())

    await taps_in_time(kim)

    await goes_on(running_bot, sam)


async def test_a_batch_of_a_hundred_of_everything_holds_up_nobody(
    running_bot: Home, server: FakeTelegram, sam: Person, kim: Person
) -> None:
    for number in range(A_BATCH // 4):
        await sam.send("x" * LONGEST_TEXT)
        await sam.tap_data(f"{number}:{'x' * 50}", on=sam.card)
        server.push_raw({"message": nested(20)})
        server.push_raw({"message": MESSAGE | {"chat": {"id": "x"}}})

    await taps_in_time(kim)

    await sam.until(lambda: all(each.by_bot for each in sam.chat), timeout=20, what="not all was removed")
    await goes_on(running_bot, sam)


async def test_a_hundred_people_at_once_hold_up_nobody(running_bot: Home, server: FakeTelegram, kim: Person) -> None:
    for number in range(1000, 1000 + A_BATCH):
        await server.person(number).send("x" * LONGEST_TEXT)

    await taps_in_time(kim)

    await kim.until(lambda: not server.pending, timeout=20)
    assert running_bot.ask("SELECT count(*) FROM people") == [(len(running_bot.admitted),)]
