"""One new message on its way into a chat, and how often it was tried: a try whose answer was lost may have arrived."""

from telegram import InputFile
from telegram.error import RetryAfter, TelegramError

from bot.channels.protocol import MaySend, StillCurrent
from bot.channels.telegram.drawing import NO_PREVIEW, Drawing, Drawn
from bot.channels.telegram.rate_limit import Rank, RateLimit
from bot.channels.telegram.reaching.request import DirectBot
from bot.summaries.file import File


class Outdated(Exception):
    """It may no longer be shown."""


async def send_text(bot: DirectBot, chat: int, *, text: str) -> int:
    """Send a line of plain text. Its message id."""
    return await _send(bot, chat, {"text": text, "link_preview_options": NO_PREVIEW})


async def _send(bot: DirectBot, chat: int, fields: Drawn) -> int:
    """Send a message as every text goes: it can be neither forwarded nor saved, and shows no preview. Its message id."""
    match await bot.call("sendMessage", {"chat_id": chat, "protect_content": True, **fields}):
        case {"message_id": message} if type(message) is int:
            return message
    raise TelegramError("no message was answered")


class NewCard:
    """Sends a card, once new messages may be sent."""

    def __init__(self, bot: DirectBot, rate_limit: RateLimit, is_current: StillCurrent, *, rank: Rank) -> None:
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
        try:
            return await _send(self._bot, chat, {**drawing.fields, "disable_notification": is_quiet})
        except RetryAfter:
            self.tries -= 1  # it is sure that this one was not sent
            raise


class NewFile:
    """Sends a file, once new messages may be sent: the one kind of message that can be saved and sent on."""

    def __init__(self, bot: DirectBot, rate_limit: RateLimit, may_send: MaySend) -> None:
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
