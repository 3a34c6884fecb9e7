"""One new message on its way into a chat, and how often it was tried: a try whose answer was lost may have arrived."""

from typing import Any

from telegram import Bot, InputFile, LinkPreviewOptions
from telegram.error import RetryAfter

from bot.channels.protocol import MaySend, StillCurrent
from bot.channels.telegram.drawing import Drawing
from bot.channels.telegram.rate_limit import Rank, RateLimit
from bot.summaries.forms import File

NO_PREVIEW = LinkPreviewOptions(is_disabled=True)


class Outdated(Exception):
    """It may no longer be shown."""


async def send_text(bot: Bot, chat: int, *, text: str, **more: Any) -> int:
    """Send a message as every text goes: it can be neither forwarded nor saved, and shows no preview. Its message id."""
    message = await bot.send_message(chat, text, protect_content=True, link_preview_options=NO_PREVIEW, **more)
    return message.message_id


class NewCard:
    """Sends a card, once new messages may be sent."""

    def __init__(self, bot: Bot, rate_limit: RateLimit, is_current: StillCurrent, *, rank: Rank) -> None:
        self._bot = bot
        self._rate_limit = rate_limit
        self._is_current = is_current
        self._rank = rank
        self.tries = 0

    async def send(self, chat: int, drawing: Drawing, *, is_quiet: bool) -> int:
        """Send it, and return its message id. `Outdated` where it may no longer be sent."""
        await self._rate_limit.before_new(chat, self._rank)
        if not self._is_current():
            raise Outdated
        self.tries += 1
        more = {"entities": drawing.entities, "reply_markup": drawing.keyboard, "disable_notification": is_quiet}
        return await send_text(self._bot, chat, text=drawing.text, **more)


class NewFile:
    """Sends a file, once new messages may be sent: the one kind of message that can be saved and sent on."""

    def __init__(self, bot: Bot, rate_limit: RateLimit, may_send: MaySend) -> None:
        self._bot = bot
        self._rate_limit = rate_limit
        self._may_send = may_send
        self.tries = 0

    async def send(self, chat: int, file: File) -> int:
        """Send it, and return its message id. `Outdated` where it may no longer be sent."""
        await self._rate_limit.before_new(chat, Rank.CARD)
        if not await self._may_send():
            raise Outdated
        self.tries += 1
        try:
            upload = InputFile(file.content, file.name)
            message = await self._bot.send_document(chat, upload, caption=file.caption, protect_content=False)
        except RetryAfter:
            self.tries -= 1  # it is sure that this one was not sent
            raise
        return message.message_id
