"""The least that a bot can cost: aiohttp alone polls, answers and edits. Cards are prepared; nothing is stored."""

import asyncio
import json
import sys
from typing import Any

import aiohttp

from bench.peers.cards import after, read_cards

CARDS = read_cards(sys.argv[3])
READY = [
    {"text": each["text"], "entities": each["entities"], "reply_markup": {"inline_keyboard": each["rows"]}}
    for each in CARDS
]


class Caller:
    """A client of the Bot API."""

    def __init__(self, session: aiohttp.ClientSession, address: str) -> None:
        self._session = session
        self._address = address

    async def call(self, method: str, **fields: Any) -> Any:
        """Make one call in JSON, and return its result."""
        async with self._session.post(f"{self._address}/{method}", json=fields) as response:
            return json.loads(await response.read())["result"]

    async def tap(self, query: dict[str, Any]) -> None:
        """Answer the tap and show the next card."""
        message, card = query["message"], READY[after(query["data"], CARDS)]
        await self.call("answerCallbackQuery", callback_query_id=query["id"])
        await self.call("editMessageText", chat_id=message["chat"]["id"], message_id=message["message_id"], **card)

    async def poll(self) -> None:
        """Poll and handle updates until the process is ended."""
        offset, tasks = 0, set[asyncio.Task[None]]()
        while True:
            for update in await self.call("getUpdates", offset=offset, timeout=20):
                offset = update["update_id"] + 1
                if "callback_query" in update:
                    tasks.add(asyncio.create_task(self.tap(update["callback_query"])))
                else:
                    await self.call(
                        "sendMessage", chat_id=update["message"]["chat"]["id"], protect_content=True, **READY[0]
                    )
            tasks = {each for each in tasks if not each.done()}


async def main(base: str, token: str) -> None:
    """Run the bot, with one HTTP session, until the process is ended."""
    async with aiohttp.ClientSession() as session:
        await Caller(session, f"{base}/bot{token}").poll()


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:3]))
