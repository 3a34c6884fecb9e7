"""Tests, on a virtual clock, of which calls to Telegram wait when it refuses some, and which calls are sent first."""

import asyncio
import math
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta
from itertools import pairwise
from typing import Any, cast

import pytest
from structlog.testing import capture_logs
from telegram.error import BadRequest, RetryAfter

from bot.channels.protocol import Sending, SendResult
from bot.channels.telegram import sender as sending
from bot.channels.telegram.request import (
    A_SECOND,
    LONGEST_SILENCE,
    LOOK_AGAIN,
    MARGIN,
    PROBE_EVERY,
    DirectBot,
    RateLimit,
)
from bot.channels.telegram.sender import TelegramSender
from dialogs.core.replies import Card, Paragraph
from tests.support.virtual_time import run_virtually

CARD = Card(1, (Paragraph("Item 5"),), ())
URGENT = replace(CARD, goes_first=True)
MENU = [("start", "begin")]


@dataclass
class Asked:
    """A test double of the Bot API that records each call with its time and chat, and refuses some chats for a time."""

    refusals: dict[object, list[int]] = field(default_factory=dict)
    kept: frozenset[int] = frozenset()
    silent: int = 0
    """The time, in seconds of the event loop, until which every call is refused."""
    calls: list[tuple[float, str, object, object]] = field(default_factory=list)

    async def _called(self, method: str, whom: object, about: object = None) -> None:
        now = asyncio.get_running_loop().time()
        self.calls.append((round(now, 2), method, whom, about))
        if now < self.silent:
            raise RetryAfter(timedelta(seconds=math.ceil(self.silent - now)))
        if seconds := self.refusals.get(whom):
            raise RetryAfter(timedelta(seconds=seconds.pop(0)))

    async def call(self, method: str, fields: Mapping[str, Any], *, is_result_read: bool = True) -> Any:
        match method:
            case "answerCallbackQuery":
                await self._called("answer", fields["callback_query_id"])
            case "editMessageText":
                await self._called("edit", fields["chat_id"], fields["text"])
            case _:
                await self._called("send", fields["chat_id"], fields["text"])
        return {"message_id": len(self.calls)}

    async def set_my_commands(self, _: object) -> None:
        await self._called("menu", "menu")

    async def delete_message(self, chat: int, message: int) -> None:
        await self._called("delete", chat, message)
        if message in self.kept:
            raise BadRequest("Message can't be deleted for everyone")

    async def delete_messages(self, chat: int, messages: list[int]) -> None:
        await self._called("delete all", chat, len(messages))
        if self.kept.intersection(messages):
            raise BadRequest("Message can't be deleted")


async def edit(sender: TelegramSender, person: int, card: Card = CARD) -> None:
    await sender.edit(f"telegram:{person}", "1", card=card, is_current=lambda: True)


def sender_to(asked: Asked) -> TelegramSender:
    return TelegramSender(cast(DirectBot, asked), RateLimit(asyncio.get_running_loop().time))


def test_each_refused_chat_waits_alone() -> None:
    asked, refused = Asked({1: [60], 2: [10], 3: [600], 4: [20], 5: [30]}), range(1, 6)

    async def work() -> None:
        sender = sender_to(asked)
        async with asyncio.TaskGroup() as tasks:
            for person in refused:
                tasks.create_task(edit(sender, person))
            await asyncio.sleep(1)
            for person in (6, 7, 8):
                await edit(sender, person)
            await sender.answer("tap", "")

    with capture_logs() as lines:
        run_virtually(work())

    assert sorted(call[:3] for call in asked.calls) == [
        *((0.0, "edit", who) for who in refused),
        (1.0, "answer", "tap"),
        *((1.0, "edit", who) for who in (6, 7, 8)),
        *((until + MARGIN, "edit", who) for until, who in ((10, 2), (20, 4), (30, 5), (60, 1), (600, 3))),
    ]
    assert [line["event"] for line in lines] == ["Telegram refuses one chat for a while"] * 5


def test_while_everybody_is_refused_answers_and_whom_to_call_are_tried_and_else_one_call_in_a_while() -> None:
    asked, first, others = Asked(silent=60), range(100, 106), range(10, 40)

    async def work() -> None:
        sender = sender_to(asked)
        async with asyncio.TaskGroup() as tasks:
            for person in first:
                tasks.create_task(edit(sender, person))
            await asyncio.sleep(1)
            for person in others:
                tasks.create_task(edit(sender, person))
            tasks.create_task(sender.remove("telegram:3", ["5"]))
            await asyncio.sleep(0.1)
            tasks.create_task(edit(sender, 4, URGENT))
            tasks.create_task(sender.answer("tap", ""))

    run_virtually(work())

    tried = {each: [call[0] for call in asked.calls if call[2] == each] for each in (*first, 3, 4, "tap", *others)}
    during = sorted(at for at, _, whom, _ in asked.calls if 1.0 <= at < 1 + LONGEST_SILENCE and whom not in (4, "tap"))
    between = [later - earlier for earlier, later in pairwise(during)]
    assert {each: times[0] for each, times in tried.items() if each in (4, "tap")} == {4: 1.1, "tap": 1.1}
    assert all(PROBE_EVERY <= each <= PROBE_EVERY + 2 * LOOK_AGAIN for each in between)
    assert tried[3][0] == during[1], "a removal is smaller than a card"
    assert max(times[0] for times in tried.values()) <= 1 + LONGEST_SILENCE + LOOK_AGAIN
    assert {times[1] for times in tried.values()} <= {at / 100 for at in range(6_000, 6_110)}
    assert {len(times) for times in tried.values()} == {2}


def test_calls_of_no_chat_hold_up_nobody_and_are_abandoned() -> None:
    asked = Asked({"menu": [1_000], "tap": [30, 40]})

    async def work() -> None:
        sender = sender_to(asked)
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(sender.list_commands(MENU))
            tasks.create_task(sender.answer("tap", ""))
            await asyncio.sleep(1)
            await edit(sender, 1)
            await sender.answer("another tap", "")
        assert asyncio.get_running_loop().time() == pytest.approx(sending.NOBODY_WAITS)

    with capture_logs() as lines:
        run_virtually(work())

    assert [call[:3] for call in asked.calls] == [
        (0.0, "menu", "menu"),
        (0.0, "answer", "tap"),
        (1.0, "edit", 1),
        (1.0, "answer", "another tap"),
        (30.05, "answer", "tap"),
    ]
    refused = "Telegram refuses a call for a while"
    assert [(line["event"], line["seconds"]) for line in lines] == [
        *((refused, 1_000.0), (refused, 30.0), (refused, 40.0)),
        *(("given up", sending.ANSWERS_WAIT), ("given up", sending.NOBODY_WAITS)),
    ]


def test_whom_to_call_goes_before_what_waited_longer() -> None:
    asked, urgent = Asked(), 20

    async def send(sender: TelegramSender, person: int, card: Card) -> None:
        await sender.send(f"telegram:{person}", card, Sending(is_quiet=True))

    async def work() -> None:
        sender = sender_to(asked)
        async with asyncio.TaskGroup() as tasks:
            for person in range(100, 300):
                tasks.create_task(send(sender, person, CARD))
            await asyncio.sleep(0.1)
            for person in range(urgent):
                tasks.create_task(send(sender, person, URGENT))

    run_virtually(work())

    whom = [call[2] for call in asked.calls]
    assert set(range(urgent)) <= set(whom[A_SECOND : 2 * A_SECOND])
    assert len(whom) == 200 + urgent


@pytest.mark.parametrize(
    ("count", "kept", "calls"),
    [
        (1, (), ["delete 1"]),
        (250, (), ["delete all 100", "delete all 100", "delete all 50"]),
        (
            103,
            (2,),
            ["delete all 100", *(f"delete {n}" for n in (1, 2)), "edit ·", *(f"delete {n}" for n in range(3, 101))],
        ),
    ],
)
def test_messages_are_removed_a_hundred_at_a_time(count: int, kept: tuple[int, ...], calls: list[str]) -> None:
    asked, handles = Asked(kept=frozenset(kept)), [str(number) for number in range(1, count + 1)]

    async def work() -> None:
        gone = await sender_to(asked).remove("telegram:1", handles)
        assert gone == tuple(each for each in handles if int(each) not in kept)

    run_virtually(work())

    assert [f"{method} {about}" for _, method, _, about in asked.calls][: len(calls)] == calls
    assert all(chat == 1 for _, _, chat, _ in asked.calls)


@pytest.mark.parametrize(("refusals", "is_current", "found"), [([5], [True, True], "2"), ([5], [True, False], None)])
def test_a_refused_card_left_nothing_behind(refusals: list[int], is_current: list[bool], found: str | None) -> None:
    asked, current = Asked({1: refusals}), iter(is_current)

    async def work() -> None:
        how = Sending(lambda: next(current), is_quiet=True, on_sent=recorded)
        sent = await sender_to(asked).send("telegram:1", CARD, how)
        assert sent == (found or SendResult.OUTDATED)

    run_virtually(work())
    assert {call[1] for call in asked.calls} == {"send"}


async def recorded(_: str) -> None:
    """Stand in for the callback that records a new card; do nothing."""
