"""One file on its way into a chat. It is the one kind of message that can be saved and sent on, and is sent only when asked for."""

from telegram import Bot, InputFile
from telegram.error import RetryAfter

from bot.channels.protocol import MaySend
from bot.channels.telegram.rate_limit import RateLimit
from bot.summaries.forms import File


class Outdated(Exception):
    """It may no longer be shown."""


class Upload:
    """Sends a file, once new messages may be sent. `tries` counts those of which nobody may know whether they arrived."""

    def __init__(self, bot: Bot, rate_limit: RateLimit, may_send: MaySend) -> None:
        self._bot = bot
        self._rate_limit = rate_limit
        self._may_send = may_send
        self.tries = 0

    async def send(self, chat: int, file: File) -> int:
        """Send it, and return its message id. `Outdated` where it may no longer be sent."""
        await self._rate_limit.before_new(chat)
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
