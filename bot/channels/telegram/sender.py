"""What the bot does in Telegram: send and edit cards, remove messages, answer taps. It keeps to the rate limit, and retries."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from datetime import timedelta
from functools import partial

from telegram import BotCommand, InputFile
from telegram.error import BadRequest, RetryAfter, TelegramError

from bot.channels.protocol import MaySend, OnSent, Sending, SendResult, StillCurrent
from bot.channels.telegram.drawing import NO_PREVIEW, Drawn, chat_of, draw
from bot.channels.telegram.rate_limit import REFUSED, Rank, RateLimit
from bot.channels.telegram.request import DirectBot
from bot.runtime.logs import log
from bot.runtime.person_id import TELEGRAM
from bot.summaries.file import File
from bot.watch.meter import meter
from dialogs.core.replies import Card


class Outdated(Exception):
    """It may no longer be shown."""


class NewMessage:
    """One new message on its way into a chat, and how often it was tried: a try whose answer was lost may have arrived."""

    def __init__(self) -> None:
        self.tries = 0

    async def post(self, send: Awaitable[int]) -> int:
        """Try it, and return its message id."""
        self.tries += 1
        try:
            return await send
        except RetryAfter:
            self.tries -= 1  # it is sure that this one was not sent
            raise


ANSWERS_WAIT = 60.0
"""Seconds for which the answer to a tap is tried."""

NOBODY_WAITS = 600.0
"""Seconds for which is tried what nobody waits for: a menu, since commands can be typed without it, and to leave a group."""

FILE_WAIT = 60.0
"""Seconds for which a file is tried, so that the cards of its person need not wait for it any longer."""

FEWEST_TOGETHER, MOST_REMOVED = 2, 100
"""Messages that one call for several removes; of a single one Telegram says more when it is asked alone."""

SEARCHED = MOST_REMOVED
"""Message ids before a new card among which a lost one is looked for."""

NEAREST = 20
"""Of these, how many are tried one by one where they cannot be removed together."""

MOST_TOAST, BLANK = 200, "·"
"""Characters of a toast at most; and what is left of a card that Telegram will not remove: no word, no button."""


class TelegramSender:
    """Sends for the bot, within the rate limit. A handle is a message id in digits."""

    channel = TELEGRAM

    replace_after = timedelta(hours=40)
    removable_for = timedelta(hours=48)
    sends_files = True
    """Telegram removes a message only so soon after its sending; cards are replaced with a margin."""

    def __init__(self, bot: DirectBot, rate_limit: RateLimit) -> None:
        self._bot = bot
        self._rate_limit = rate_limit

    async def send(self, person: str, card: Card, how: Sending) -> str | SendResult:
        """Send a new card and return its message id, or why it was not sent.

        Where one was sent of which Telegram's answer was lost, it is among the ids before: they are removed, once the new
        one is kept.
        """
        chat, rank, new = chat_of(person), _rank(card), NewMessage()

        async def send_once() -> int:
            await self._rate_limit.before_new(chat, rank)
            if not how.is_current():
                raise Outdated
            return await new.post(self._post(chat, {**draw(card), "disable_notification": how.is_quiet}))

        try:
            message = await self._rate_limit.persist(send_once, chat=chat, rank=rank)
        except Outdated:
            return SendResult.UNSURE if new.tries else SendResult.OUTDATED
        except REFUSED:
            return SendResult.SHUT
        _count(card)
        if how.may_have_strays or new.tries > 1:
            await how.on_sent(str(message))
            await self._remove_strays(person, message)
        return str(message)

    async def send_file(
        self, person: str, file: File, *, may_send: MaySend, on_sent: OnSent, keep: frozenset[str]
    ) -> SendResult:
        chat, new = chat_of(person), NewMessage()

        async def upload() -> int:
            document = InputFile(file.content, file.name)
            message = await self._bot.send_document(chat, document, caption=file.caption, protect_content=False)
            return message.message_id

        async def send_once() -> int:
            await self._rate_limit.before_new(chat, Rank.CARD)
            if not await may_send():
                raise Outdated
            return await new.post(upload())

        try:
            async with asyncio.timeout(FILE_WAIT):
                message = await self._rate_limit.persist(send_once, chat=chat, rank=Rank.CARD)
        except Outdated:
            return SendResult.UNSURE if new.tries else SendResult.OUTDATED
        except TimeoutError:
            return SendResult.UNSURE if new.tries else SendResult.LATE
        except REFUSED:
            return SendResult.UNSURE if new.tries > 1 else SendResult.SHUT
        await on_sent(str(message))
        if new.tries > 1:
            await self._remove_strays(person, message, keep=keep)
        return SendResult.DONE

    async def edit(self, person: str, handle: str, *, card: Card, is_current: StillCurrent) -> SendResult:
        chat = chat_of(person)
        fields = {"chat_id": chat, "message_id": int(handle), **draw(card)}

        async def edit_once() -> None:
            if not is_current():
                raise Outdated
            await self._bot.call("editMessageText", fields, is_result_read=False)

        try:
            await self._rate_limit.persist(edit_once, chat=chat, rank=_rank(card))
        except Outdated:
            return SendResult.OUTDATED
        except BadRequest as error:
            # Told by its words, since Telegram gives no code for it. Whatever else it says, a
            # new message puts it right.
            return SendResult.DONE if "not modified" in str(error).lower() else SendResult.GONE
        except REFUSED:
            return SendResult.SHUT
        _count(card)
        return SendResult.DONE

    async def remove(self, person: str, handles: Sequence[str]) -> tuple[str, ...]:
        """Remove messages, and return those that are gone. One that Telegram keeps is blanked, where it is the bot's own."""
        chat, handles, gone = chat_of(person), tuple(dict.fromkeys(handles)), list[str]()
        for batch in (handles[start : start + MOST_REMOVED] for start in range(0, len(handles), MOST_REMOVED)):
            together = await self._remove_together(chat, [int(each) for each in batch])
            if together is SendResult.DONE:
                gone += batch
            elif together is SendResult.UNSURE:
                gone += [each for each in batch if await self._remove_one(chat, int(each))]
        return tuple(gone)

    async def _remove_together(self, chat: int, messages: list[int]) -> SendResult:
        """Remove messages in one call. `UNSURE` where each has to be tried alone: Telegram keeps one, and so removes none."""
        if len(messages) < FEWEST_TOGETHER:
            return SendResult.UNSURE
        try:
            await self._rate_limit.persist(
                lambda: self._bot.delete_messages(chat, messages), chat=chat, rank=Rank.REMOVAL
            )
        except BadRequest:
            return SendResult.UNSURE
        except REFUSED:
            return SendResult.SHUT
        return SendResult.DONE

    async def _remove_one(self, chat: int, message: int) -> bool:
        try:
            await self._rate_limit.persist(
                lambda: self._bot.delete_message(chat, message), chat=chat, rank=Rank.REMOVAL
            )
        except BadRequest as error:
            if "not found" in str(error).lower():
                return True
            blank = partial(self._bot.call, "editMessageText", {"chat_id": chat, "message_id": message, "text": BLANK})
            await self._rate_limit.once(blank, chat=chat, rank=Rank.REMOVAL)
            return False
        except REFUSED:
            return False
        return True

    async def _remove_strays(self, person: str, before: int, *, keep: frozenset[str] = frozenset()) -> None:
        """Remove what may lie unknown in the chat, sent shortly before a message; ids that are not there are skipped."""
        chat = chat_of(person)
        ids = [each for each in range(max(1, before - SEARCHED), before) if str(each) not in keep]
        if await self._remove_together(chat, ids) is SendResult.UNSURE:
            for message in ids[-NEAREST:]:
                await self._remove_one(chat, message)

    async def answer(self, reply_to: str, text: str) -> None:
        """Answer a tap by its query, with a toast where there is a text; given up when nobody can be waiting for it any more."""
        fields = {"callback_query_id": reply_to, **({"text": text[:MOST_TOAST]} if text else {})}
        reply = partial(self._bot.call, "answerCallbackQuery", fields, is_result_read=False)
        await self._within(ANSWERS_WAIT, reply, Rank.ANSWER)

    async def tell(self, person: str, text: str) -> str | None:
        chat = chat_of(person)

        async def tell_once() -> int:
            await self._rate_limit.before_new(chat, Rank.CARD)
            return await self._post(chat, {"text": text, "link_preview_options": NO_PREVIEW})

        try:
            return str(await self._rate_limit.persist(tell_once, chat=chat, rank=Rank.CARD))
        except TelegramError:
            return None

    async def _post(self, chat: int, fields: Drawn) -> int:
        """Send a message as every text goes: it can be neither forwarded nor saved. Return its message id."""
        match await self._bot.call("sendMessage", {"chat_id": chat, "protect_content": True, **fields}):
            case {"message_id": message} if type(message) is int:
                return message
        raise TelegramError("no message was answered")

    async def leave_group(self, chat: int) -> None:
        """Leave a group or channel (best effort)."""
        await self._within(NOBODY_WAITS, lambda: self._bot.leave_chat(chat), Rank.REMOVAL)

    async def list_commands(self, commands: list[tuple[str, str]]) -> None:
        """Show the commands in Telegram's menu (best effort)."""
        menu = [BotCommand(*each) for each in commands]
        await self._within(NOBODY_WAITS, lambda: self._bot.set_my_commands(menu), Rank.REMOVAL)

    async def _within(self, seconds: float, call: Callable[[], Awaitable[object]], rank: Rank) -> None:
        """Try a call that is of no person's chat for so long, and then give it up."""
        try:
            async with asyncio.timeout(seconds):
                await self._rate_limit.once(call, chat=None, rank=rank)
        except TimeoutError:
            log.warning("given up", seconds=seconds)


def _count(card: Card) -> None:
    """Count that whom to call arrived, where the card is about that."""
    if card.goes_first:
        meter().delivers()


def _rank(card: Card) -> Rank:
    return Rank.WHOM_TO_CALL if card.goes_first else Rank.CARD
