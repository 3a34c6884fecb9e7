"""Proves that the fake Bot API is no bottleneck for a test with many people."""

import asyncio
import time
from itertools import count
from typing import Any

from tests.fakes.telegram import FakeTelegram
from tests.fakes.telegram.raw import RawBot, keyboard


async def test_several_hundred_taps_a_second_are_carried() -> None:
    """Fifty people tap ten times each; every tap is fetched, edited and answered over HTTP."""
    async with FakeTelegram() as server, RawBot(server.base, server.token) as raw:
        people = [server.person(number, first_name="P") for number in range(100, 150)]
        for person in people:
            await person.send("/start")
            await raw.send(person.chat_id, "0", reply_markup=keyboard("Yes"))
        polling = asyncio.create_task(_count_taps(raw))
        begun = time.perf_counter()

        for _ in range(10):
            await asyncio.gather(*(person.press("Yes") for person in people))

        taps_a_second = 500 / (time.perf_counter() - begun)
        polling.cancel()
    assert taps_a_second > 100


async def _count_taps(raw: RawBot) -> None:
    texts = map(str, count(1))
    offset = 0
    while True:
        updates = await raw.updates(offset=offset, timeout=5)
        offset = updates[-1]["update_id"] + 1 if updates else offset
        taps = [update["callback_query"] for update in updates if "callback_query" in update]
        await asyncio.gather(*(_count_tap(raw, tap["message"], tap["id"], next(texts)) for tap in taps))


async def _count_tap(raw: RawBot, message: dict[str, Any], query_id: str, text: str) -> None:
    chat_id, message_id = message["chat"]["id"], message["message_id"]
    markup = keyboard("Yes")
    await raw.call("editMessageText", chat_id=chat_id, message_id=message_id, text=text, reply_markup=markup)
    await raw.call("answerCallbackQuery", callback_query_id=query_id)
