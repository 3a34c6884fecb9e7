"""Who waits when Telegram refuses, who does not, and who goes first then: in a time that passes as soon as everybody waits."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any, cast

import pytest
from structlog.testing import capture_logs
from telegram.error import BadRequest, RetryAfter

from bot.channels.protocol import SendResult
from bot.channels.telegram import sender as sending
from bot.channels.telegram.rate_limit import A_SECOND, MARGIN, RateLimit
from bot.channels.telegram.reaching.request import DirectBot
from bot.channels.telegram.sender import TelegramSender
from dialogs.core.replies import Card, Paragraph
from tests.support.virtual_time import run_virtually

CARD = Card(1, (Paragraph("Item 5"),), ())
URGENT = replace(CARD, goes_first=True)
MENU = [("start", "begin")]


@dataclass
class Asked:
    """The Bot API as a sender asks it: what was called when, about which chat, and who is refused for how long."""

    refusals: dict[object, list[int]] = field(default_factory=dict)
    kept: frozenset[int] = frozenset()
    calls: list[tuple[float, str, object, object]] = field(default_factory=list)

    async def _called(self, method: str, whom: object, about: object = None) -> None:
        self.calls.append((round(asyncio.get_running_loop().time(), 2), method, whom, about))
        if seconds := self.refusals.get(whom):
            raise RetryAfter(timedelta(seconds=seconds.pop(0)))

    async def call(self, method: str, fields: Mapping[str, Any], *, is_result_read: bool = True) -> Any:
        """A card is changed, a tap is answered, or a new message comes, whose id is how many calls there were."""
        match method:
            case "answerCallbackQuery":
                await self._called("answer", fields["callback_query_id"])
            case "editMessageText":
                await self._called("edit", fields["chat_id"], fields["text"])
            case _:
                await self._called("send", fields["chat_id"], fields["text"])
        return {"message_id": len(self.calls)}

    async def set_my_commands(self, _: object) -> None:
        """The menu is set."""
        await self._called("menu", "menu")

    async def delete_message(self, chat: int, message: int) -> None:
        """A message goes, unless it is kept."""
        await self._called("delete", chat, message)
        if message in self.kept:
            raise BadRequest("Message can't be deleted for everyone")

    async def delete_messages(self, chat: int, messages: list[int]) -> None:
        """Messages go, unless one of them is kept."""
        await self._called("delete all", chat, len(messages))
        if self.kept.intersection(messages):
            raise BadRequest("Message can't be deleted")


async def edit(sender: TelegramSender, person: int, card: Card = CARD) -> None:
    """Change somebody's card."""
    await sender.edit(f"telegram:{person}", "1", card=card, is_current=lambda: True)


def sender_to(asked: Asked) -> TelegramSender:
    """A sender that keeps the time of the loop."""
    return TelegramSender(cast(DirectBot, asked), RateLimit(asyncio.get_running_loop().time))


def test_who_is_refused_waits_alone_until_a_second_is_refused() -> None:
    """Then nobody is sent anything while two are; of the others answers go first, whom to call next, removals last."""
    asked = Asked({1: [60], 2: [10]})

    async def work() -> None:
        sender = sender_to(asked)
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(edit(sender, 1))
            await asyncio.sleep(1)
            await edit(sender, 3)
            tasks.create_task(edit(sender, 2))
            await asyncio.sleep(1)
            tasks.create_task(sender.remove("telegram:3", ["5"]))
            tasks.create_task(edit(sender, 4))
            tasks.create_task(edit(sender, 5, URGENT))
            tasks.create_task(sender.answer("tap", ""))
            await asyncio.sleep(30)
            await edit(sender, 6)

    with capture_logs() as lines:
        run_virtually(work())

    over = 11 + MARGIN  # the second refusal came after one second, for ten
    assert sorted(call[:3] for call in asked.calls) == [
        (0.0, "edit", 1),
        *((1.0, "edit", who) for who in (2, 3)),
        (round(over, 2), "answer", "tap"),
        (round(over + MARGIN, 2), "edit", 5),
        *((round(over + 2 * MARGIN, 2), "edit", who) for who in (2, 4)),
        (round(over + 3 * MARGIN, 2), "delete", 3),
        (32.0, "edit", 6),
        (60.05, "edit", 1),
    ]
    assert [line["event"] for line in lines if "refuses" in line["event"]] == [
        "Telegram refuses one chat for a while",
        "Telegram refuses everybody for a while",
    ]


def test_what_is_of_no_chat_holds_up_nobody_and_is_given_up() -> None:
    """The menu at the start, and an answer: each waits for itself, says so, and not for ever."""
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
    """Two hundred cards at once are more than eight seconds can take: who then asks whom to call is shown it within the next."""
    asked, urgent = Asked(), 20

    async def send(sender: TelegramSender, person: int, card: Card) -> None:
        """Send a card anew."""
        await sender.send(
            f"telegram:{person}",
            card,
            is_current=lambda: True,
            is_quiet=True,
            on_sent=lambda _: asyncio.sleep(0),
            may_have_strays=False,
        )

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
    """Where Telegram keeps one and so removes none, each is tried alone: what stays is blanked, and not said to be gone."""
    asked, handles = Asked(kept=frozenset(kept)), [str(number) for number in range(1, count + 1)]

    async def work() -> None:
        gone = await sender_to(asked).remove("telegram:1", handles)
        assert gone == tuple(each for each in handles if int(each) not in kept)

    run_virtually(work())

    assert [f"{method} {about}" for _, method, _, about in asked.calls][: len(calls)] == calls
    assert all(chat == 1 for _, _, chat, _ in asked.calls)


@pytest.mark.parametrize(("refusals", "is_current", "found"), [([5], [True, True], "2"), ([5], [True, False], None)])
def test_a_refused_card_left_nothing_behind(refusals: list[int], is_current: list[bool], found: str | None) -> None:
    """Nothing is looked for that Telegram said it did not send, whether the card is sent then or is outdated."""
    asked, current = Asked({1: refusals}), iter(is_current)

    async def work() -> None:
        sent = await sender_to(asked).send(
            "telegram:1",
            CARD,
            is_current=lambda: next(current),
            is_quiet=True,
            on_sent=recorded,
            may_have_strays=False,
        )
        assert sent == (found or SendResult.OUTDATED)

    run_virtually(work())
    assert {call[1] for call in asked.calls} == {"send"}


async def recorded(_: str) -> None:
    """The new card was recorded before others were removed."""
