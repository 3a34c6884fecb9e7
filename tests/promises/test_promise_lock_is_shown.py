"""P10 of docs/promises.md, over HTTP: from the first edit that Telegram accepts, a locked chat reveals no case."""

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator, Awaitable
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from random import Random
from typing import Any

import pytest

from bot.access.account import BACKWARDS
from bot.channels.telegram.request import DirectBot
from bot.conversation.changes import locking, removal
from bot.storage.values import Decide, Inbound
from tests.fakes.telegram import FakeClock, FakeTelegram, Message, Person
from tests.fakes.telegram.faults.script import FaultKind
from tests.support.abreast import abreast
from tests.support.counts import IS_FULL, times
from tests.support.promising import Promise
from tests.support.telegram.bots import REFERENCE, At, running
from tests.support.telegram.home import Home
from tests.support.telegram.walker import Walker

AT_ONCE = 8
PEOPLE = tuple(range(20, 20 + AT_ONCE))
WARDS = 2
"""The number of wards at the same time, each with its own bot and fake Telegram."""

MINUTES = 10
LOCK = timedelta(minutes=MINUTES)
OUTAGE = timedelta(minutes=3)
MICROSECOND = timedelta(microseconds=1)

BEATS = 1.2

SHOWING = ("editMessageText", "sendMessage")
KINDS: tuple[FaultKind | None, ...] = ("too_many", "cut_after", None, "cut_before", "error_502", "garbage")
"""The ways in which Telegram fails. None: the bot cannot connect at all."""

SOON = 3.0 if IS_FULL else 15.0
"""The limit in seconds for closing a chat. A bounded run, beside many others, allows more."""

NEUTRAL = "This is a private service. It cannot help you here."


def is_of_a_case(message: Message) -> bool:
    return REFERENCE in message.text or "· item" in message.text


def leaks(person: Person, since: int) -> list[str]:
    came = [act.message for act in person.acts[since:] if act.deed in ("sent", "edited") and act.message]
    return [message.text for message in came if is_of_a_case(message)]


def is_clean(person: Person) -> bool:
    return bool(person.chat) and "Tap your PIN" in person.card.text and not any(map(is_of_a_case, person.chat))


class Ward:
    """People with a case each, who use one bot whose chats lock after ten minutes."""

    def __init__(self, home: Home, clock: FakeClock, draw: Random, on_its_way: set[object]) -> None:
        self.home, self.clock, self.draw, self.on_its_way = home, clock, draw, on_its_way
        self.people = [home.server.person(number) for number in PEOPLE]
        self.marks = dict.fromkeys(PEOPLE, 0)

    async def begin(self) -> None:
        await asyncio.gather(*(Walker(each, self.draw).begin(until_item=3) for each in self.people))
        await asyncio.gather(*(each.settled() for each in self.people))

    async def act(self) -> None:
        for person in self.people:
            await (person.click("No") if self.draw.random() < 0.5 else person.send("/resume"))

    async def is_now(self, moment: datetime) -> None:
        self.clock.set(moment)
        calls = frozenset(self.on_its_way)
        while calls & self.on_its_way:
            await asyncio.sleep(0.001)
        self.marks = {person.chat_id: len(person.acts) for person in self.people}

    @property
    def clean(self) -> int:
        return sum(not leaks(person, self.marks[person.chat_id]) for person in self.people)

    async def shut(self, person: Person, doing: Awaitable[object]) -> float:
        begun = time.monotonic()
        await doing
        await person.until(partial(is_clean, person), what="it was not locked")
        return time.monotonic() - begun

    async def emptied(self, person: Person) -> float:
        begun = time.monotonic()
        await person.until(lambda: not any(map(is_of_a_case, person.chat)), what="it was not removed")
        return time.monotonic() - begun

    async def are_locked(self) -> None:
        for person in self.people:
            await person.until(partial(is_clean, person), timeout=30, what="it was not locked")

    async def order(self, person: Person, decide: Decide) -> None:
        desk = await self.home.opened()
        key = f"cli:{self.draw.random()}"
        await desk.turns([Inbound(key, self.clock(), f"telegram:{person.chat_id}", decide, None)])
        await desk.close()


@pytest.fixture
def on_its_way(monkeypatch: pytest.MonkeyPatch) -> set[object]:
    """Return a set that contains every call that shows a card, from its beginning until it has ended."""
    calls, call = set[object](), DirectBot.call

    async def watched(bot: DirectBot, method: str, fields: dict[str, Any], **more: Any) -> object:
        this = object()
        calls.update({this} if method in SHOWING else ())
        try:
            return await call(bot, method, fields, **more)
        finally:
            calls.discard(this)

    monkeypatch.setattr(DirectBot, "call", watched)
    return calls


@contextlib.asynccontextmanager
async def ward(folder: Path, seed: int, on_its_way: set[object]) -> AsyncIterator[Ward]:
    clock = FakeClock()
    async with FakeTelegram(clock=clock) as server:
        home = Home(folder / str(seed), server, admitted=frozenset(PEOPLE), lock_minutes=MINUTES)
        async with running(home, At(clock)):
            yield Ward(home, clock, Random(seed), on_its_way)
        assert server.violations == []


async def shut_while_out_of_reach(here: Ward, kind: FaultKind | None) -> int:
    """Let Telegram accept no card around the lock. Return how many chats showed nothing of a case since the lock."""
    await here.begin()
    lock, server = here.clock() + LOCK, here.home.server
    if kind is not None:
        server.fault_until(lock + OUTAGE, kind=kind, methods=SHOWING)
    await here.act()
    await asyncio.sleep(here.draw.random())
    if kind is None:
        await server.stop()
    await here.is_now(lock)
    await asyncio.sleep(BEATS)
    here.clock.set(lock + OUTAGE)
    if kind is None:
        await server.start()
    await here.are_locked()
    return here.clean


async def locked_when_idle(here: Ward, seed: int) -> int:
    """Move the clock to the lock, in odd runs backwards. Return how many chats showed nothing of a case after it."""
    await here.begin()
    begun = here.clock()
    last, shut = (-BACKWARDS, -BACKWARDS - MICROSECOND) if seed % 2 else (LOCK - MICROSECOND, LOCK)
    here.clock.set(begun + last)
    await asyncio.sleep(BEATS)
    assert all(is_of_a_case(person.card) for person in here.people)
    await here.is_now(begun + shut)
    await here.are_locked()
    return here.clean


async def closed_by_order(here: Ward) -> list[float]:
    """Lock one chat by /lock, another by an order, and remove a person. Return the seconds that each took."""
    await here.begin()
    typed, locked, removed, *_ = here.people
    now = here.clock()
    seconds = [await here.shut(typed, typed.send("/lock")), await here.shut(locked, here.order(locked, locking(now)))]
    card = removed.card
    await here.order(removed, removal(now))
    answer = await removed.answered(await removed.click("No", on=card))
    assert answer.text == NEUTRAL
    return [*seconds, await here.emptied(removed)]


@pytest.mark.prove
async def test_no_card_of_a_case_arrives_after_the_lock(
    tmp_path: Path, promise: Promise, on_its_way: set[object]
) -> None:
    """P10: even a card that the bot was sending again when the chat locked, after a refusal, a failure or an outage."""
    rounds = times(120, 3)

    async def one(seed: int) -> int:
        async with ward(tmp_path, seed, on_its_way) as here:
            return await shut_while_out_of_reach(here, KINDS[seed % len(KINDS)])

    clean = sum(await abreast(range(rounds), one, at_once=WARDS))

    promise.reached("P10", asked=rounds * AT_ONCE, reached=clean, of="chats that closed while Telegram took no card")


@pytest.mark.prove
async def test_an_idle_card_is_locked_at_its_second(tmp_path: Path, promise: Promise, on_its_way: set[object]) -> None:
    """P10: the card stays until a microsecond before the lock. A clock that was set back locks the chat too."""
    rounds = times(60, 2)

    async def one(seed: int) -> int:
        async with ward(tmp_path, seed, on_its_way) as here:
            return await locked_when_idle(here, seed)

    clean = sum(await abreast(range(rounds), one, at_once=WARDS))

    promise.reached("P10", asked=rounds * AT_ONCE, reached=clean, of="idle cards, at their second")


@pytest.mark.prove
async def test_a_lock_and_a_removal_show_within_three_seconds(
    tmp_path: Path, promise: Promise, on_its_way: set[object]
) -> None:
    """P10: by `/lock` and by the command line beside the bot. The next tap of a removed person is refused at once."""

    async def one(seed: int) -> list[float]:
        async with ward(tmp_path, seed, on_its_way) as here:
            return await closed_by_order(here)

    took = await abreast(range(times(40, 1)), one, at_once=WARDS)

    seconds = [each for some in took for each in some]
    reached = sum(each <= SOON for each in seconds)
    promise.reached("P10", asked=len(seconds), reached=reached, of="locks and removals shown within 3 seconds")
