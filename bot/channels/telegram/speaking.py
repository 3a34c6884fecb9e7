"""What the bot does in Telegram: put a card, remove messages, answer taps. It waits its turn, and goes on after a failure."""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import TypeVar

from telegram import Bot, BotCommand, LinkPreviewOptions
from telegram.error import BadRequest, ChatMigrated, Forbidden, InvalidToken, RetryAfter, TelegramError

from bot.channels.protocol import Put
from bot.channels.telegram.drawing import draw
from bot.channels.telegram.hearing import chat_of
from bot.channels.telegram.manners import Manners
from dialogs.replies import Card

Answer = TypeVar("Answer")

FIRST_WAIT, LONGEST_WAIT = 0.25, 20.0
"""Seconds between tries while Telegram cannot be reached: doubled from the first up to the longest."""

ANSWERS_WAIT = 60.0
"""Seconds for which the answer to a tap is tried."""

REFUSED = (BadRequest, Forbidden, InvalidToken, ChatMigrated)
"""Answers that another try would only get again."""

MOST_TOAST = 200
BLANK = "·"
"""What is left of a card that Telegram will not remove: no word, no button."""

NO_PREVIEW = LinkPreviewOptions(is_disabled=True)


class Voice:
    """Sends for the bot, one call at a time for each who asks, politely. A handle is a message id in digits."""

    replace_after = timedelta(hours=40)
    """Telegram removes a message only within 48 hours of its sending."""

    def __init__(self, bot: Bot, manners: Manners) -> None:
        self._bot = bot
        self._manners = manners

    async def send(self, person: str, card: Card) -> str | None:
        """Send a new card and return its message id, or None where the person has shut the bot out."""
        chat, drawing = chat_of(person), draw(card)

        async def sending() -> str:
            """Send it, once new messages may be sent."""
            await self._manners.before_new(chat)
            message = await self._bot.send_message(
                chat,
                drawing.text,
                entities=drawing.entities,
                reply_markup=drawing.keyboard,
                protect_content=True,
                link_preview_options=NO_PREVIEW,
            )
            return str(message.message_id)

        try:
            return await self._persist(sending)
        except REFUSED:
            return None

    async def edit(self, person: str, handle: str, card: Card) -> Put:
        """Make a message show the card. One that shows it already is as good as done."""
        chat, message, drawing = chat_of(person), int(handle), draw(card)

        async def editing() -> object:
            """Change it."""
            return await self._bot.edit_message_text(
                drawing.text,
                chat,
                message,
                entities=drawing.entities,
                reply_markup=drawing.keyboard,
                link_preview_options=NO_PREVIEW,
            )

        try:
            await self._persist(editing)
        except BadRequest as error:
            return Put.DONE if "not modified" in str(error).lower() else Put.GONE
        except REFUSED:
            return Put.SHUT
        return Put.DONE

    async def remove(self, person: str, handle: str) -> bool:
        """Remove a message; true where it is gone. One that Telegram keeps is blanked, where it is the bot's own, and false returned."""
        chat, message = chat_of(person), int(handle)
        try:
            await self._persist(lambda: self._bot.delete_message(chat, message))
        except BadRequest as error:
            if "not found" in str(error).lower():
                return True
            await self._once(lambda: self._bot.edit_message_text(BLANK, chat, message))
            return False
        except REFUSED:
            return False
        return True

    async def answer(self, query: str, text: str) -> None:
        """Answer a tap, with a toast where there is a text; given up when nobody can be waiting for it any more."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(ANSWERS_WAIT):
                await self._once(lambda: self._bot.answer_callback_query(query, text=text[:MOST_TOAST] or None))

    async def tell(self, chat: int, text: str) -> None:
        """One plain line to somebody who has no conversation here (best effort)."""

        async def telling() -> object:
            """Send it, once new messages may be sent."""
            await self._manners.before_new(chat)
            return await self._bot.send_message(chat, text, protect_content=True, link_preview_options=NO_PREVIEW)

        await self._once(telling)

    async def leave(self, chat: int) -> None:
        """Leave a group or channel (best effort)."""
        await self._once(lambda: self._bot.leave_chat(chat))

    async def list_commands(self, commands: list[tuple[str, str]]) -> None:
        """Show the commands in Telegram's menu (best effort)."""
        await self._once(lambda: self._bot.set_my_commands([BotCommand(*each) for each in commands]))

    async def _once(self, calling: Callable[[], Awaitable[object]]) -> None:
        try:
            await self._persist(calling)
        except TelegramError:
            return

    async def _persist(self, calling: Callable[[], Awaitable[Answer]]) -> Answer:
        """Call until Telegram has answered: through its silences, and for as long as it cannot be reached."""
        wait = FIRST_WAIT
        while True:
            await self._manners.before_any()
            try:
                return await calling()
            except RetryAfter as error:
                self._hush(error)
            except REFUSED:
                raise
            except TelegramError:  # out of reach, an error of theirs, or an answer that is none
                await asyncio.sleep(wait)
                wait = min(wait * 2, LONGEST_WAIT)

    def _hush(self, error: RetryAfter) -> None:
        seconds = error.retry_after
        self._manners.hush(seconds if isinstance(seconds, int) else seconds.total_seconds())
