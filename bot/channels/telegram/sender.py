"""The bot's calls to Telegram, within the rate limit. A card is plain text with entities, never markup."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from datetime import timedelta
from functools import partial
from typing import Any

from telegram import BotCommand, InputFile
from telegram.error import BadRequest, RetryAfter, TelegramError

from bot.channels.protocol import MaySend, OnSent, Sending, SendResult, StillCurrent
from bot.channels.telegram.request import REFUSED, DirectBot, Rank, RateLimit
from bot.runtime.logs import log
from bot.runtime.person_id import TELEGRAM, PersonId
from bot.summaries.file import File
from bot.watch.meter import meter
from dialogs.core.acts import Copy, code_of
from dialogs.core.page import Button
from dialogs.core.replies import Card

MOST_DATA, MOST_COPIED = 64, 256  # Telegram's limits of a button: bytes of callback data, and characters that it copies
ANSWERS_WAIT = 60.0  # seconds for which the answer to a tap is retried
NOBODY_WAITS = 600.0  # seconds for which calls without a waiting person are retried: the menu, and leaving a group
FILE_WAIT = 60.0  # seconds for which a file is retried; the person's next card waits for it
MOST_REMOVED = 100  # the maximum number of messages that one call removes, and of ids searched for a lost card
NEAREST = 20  # the nearest of these ids, which are removed one by one if they cannot be removed together
BLANK = "·"  # the text that replaces a card that Telegram will not remove
NO_PREVIEW = {"is_disabled": True}

Drawn = dict[str, Any]  # a part of a message as the Bot API writes it


def chat_of(person: str) -> int:
    """Return the id of a person's private chat. Raise `ValueError` if the person uses another channel."""
    who = PersonId.read(person)
    if who.channel != TELEGRAM:
        raise ValueError("this person has no chat here: they use another channel")
    return int(who.name)


def draw(card: Card) -> Drawn:
    """Return the fields of a call that shows a card. Without buttons, an earlier keyboard is removed."""
    entities: list[Drawn] = []
    offset = 0
    for number, paragraph in enumerate(card.paragraphs):
        length = len(paragraph.text.encode("utf-16-le")) // 2  # in UTF-16 units, as Telegram counts
        if number:
            offset += 1 if paragraph.is_close else 2  # line breaks, as in the text of the card
        if paragraph.is_strong:
            entities.append({"type": "bold", "offset": offset, "length": length})
        offset += length
    fields: Drawn = {"text": card.text, "entities": entities, "link_preview_options": NO_PREVIEW}
    if card.rows:
        rows = [[_button(button, card.token) for button in row] for row in card.rows]
        fields["reply_markup"] = {"inline_keyboard": rows}
    return fields


def _button(button: Button, token: int) -> Drawn:
    if isinstance(button.act, Copy):
        assert 1 <= len(button.act.text) <= MOST_COPIED, "a text is too long to be copied"
        return {"text": button.label, "copy_text": {"text": button.act.text}}
    data = f"{token}:{code_of(button.act)}"
    assert len(data.encode()) <= MOST_DATA, "a code is too long for a button"
    return {"text": button.label, "callback_data": data}


class Outdated(Exception):
    """The message may no longer be sent."""


class NewMessage:
    """The tries to send one new message. If the answer to a try was lost, the message may have arrived."""

    def __init__(self) -> None:
        self.tries = 0

    async def post(self, send: Awaitable[int]) -> int:
        """Try to send the message, and return its id."""
        self.tries += 1
        try:
            return await send
        except RetryAfter:
            self.tries -= 1  # this try certainly sent nothing
            raise


class TelegramSender:
    """Sends messages for the bot, within the rate limit. A handle is a message id in digits."""

    channel = TELEGRAM
    replace_after = timedelta(hours=40)  # a margin before the limit below
    removable_for = timedelta(hours=48)  # Telegram removes no older message
    sends_files = True

    def __init__(self, bot: DirectBot, rate_limit: RateLimit) -> None:
        self._bot, self._rate_limit = bot, rate_limit
        self._answers: dict[str, str] = {}  # the texts of the answers that are being sent, by tap

    async def send(self, person: str, card: Card, how: Sending) -> str | SendResult:
        chat, rank, new = chat_of(person), Rank.of(card), NewMessage()

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
        if card.goes_first:
            meter().delivers()
        if how.may_have_strays or new.tries > 1:  # a copy whose answer was lost has one of the ids before this one
            await how.on_sent(str(message))
            await self._remove_strays(chat, message)
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
            await self._remove_strays(chat, message, keep=keep)
        return SendResult.DONE

    async def edit(self, person: str, handle: str, *, card: Card, is_current: StillCurrent) -> SendResult:
        chat = chat_of(person)
        fields = {"chat_id": chat, "message_id": int(handle), **draw(card)}

        async def edit_once() -> None:
            if not is_current():
                raise Outdated
            await self._bot.call("editMessageText", fields, is_result_read=False)

        try:
            await self._rate_limit.persist(edit_once, chat=chat, rank=Rank.of(card))
        except Outdated:
            return SendResult.OUTDATED
        except BadRequest as error:
            # Only the text of the error distinguishes this one. After any other error a new message is sent.
            return SendResult.DONE if "not modified" in str(error).lower() else SendResult.GONE
        except REFUSED:
            return SendResult.SHUT
        if card.goes_first:
            meter().delivers()
        return SendResult.DONE

    async def remove(self, person: str, handles: Sequence[str]) -> tuple[str, ...]:
        """Remove messages, and return the handles that are gone. A card that Telegram does not remove is blanked."""
        chat, handles, gone = chat_of(person), tuple(dict.fromkeys(handles)), list[str]()
        for start in range(0, len(handles), MOST_REMOVED):
            batch = handles[start : start + MOST_REMOVED]
            match await self._remove_together(chat, [int(handle) for handle in batch]):
                case SendResult.DONE:
                    gone += batch
                case SendResult.UNSURE:
                    gone += [handle for handle in batch if await self._remove_one(chat, int(handle))]
        return tuple(gone)

    async def _remove_together(self, chat: int, messages: list[int]) -> SendResult:
        """Remove messages in one call. Return `UNSURE` if Telegram removed none, so that each needs its own call."""
        if len(messages) < 2:  # for a single message the other call has a more precise error
            return SendResult.UNSURE
        call = partial(self._bot.delete_messages, chat, messages)
        try:
            await self._rate_limit.persist(call, chat=chat, rank=Rank.REMOVAL)
        except BadRequest:
            return SendResult.UNSURE
        except REFUSED:
            return SendResult.SHUT
        return SendResult.DONE

    async def _remove_one(self, chat: int, message: int) -> bool:
        call = partial(self._bot.delete_message, chat, message)
        try:
            await self._rate_limit.persist(call, chat=chat, rank=Rank.REMOVAL)
        except BadRequest as error:
            if "not found" in str(error).lower():
                return True
            blank = partial(self._bot.call, "editMessageText", {"chat_id": chat, "message_id": message, "text": BLANK})
            await self._rate_limit.once(blank, chat=chat, rank=Rank.REMOVAL)
            return False
        except REFUSED:
            return False
        return True

    async def _remove_strays(self, chat: int, before: int, *, keep: frozenset[str] = frozenset()) -> None:
        """Remove lost messages, whose ids are just before this one, except `keep`. Telegram ignores unknown ids."""
        ids = [number for number in range(max(1, before - MOST_REMOVED), before) if str(number) not in keep]
        if await self._remove_together(chat, ids) is SendResult.UNSURE:
            for message in ids[-NEAREST:]:
                await self._remove_one(chat, message)

    async def answer(self, reply_to: str, text: str) -> None:
        is_under_way = reply_to in self._answers
        self._answers[reply_to] = text
        if is_under_way:  # Telegram delivered the tap again: two tries would break each other's silence
            return

        async def reply() -> None:
            text = self._answers[reply_to][:200]  # Telegram's limit
            fields = {"callback_query_id": reply_to, **({"text": text} if text else {})}
            await self._bot.call("answerCallbackQuery", fields, is_result_read=False)

        try:
            await self._within(ANSWERS_WAIT, reply, Rank.ANSWER)
        finally:
            del self._answers[reply_to]

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
        """Send a text that can be neither forwarded nor saved, and return its message id."""
        match await self._bot.call("sendMessage", {"chat_id": chat, "protect_content": True, **fields}):
            case {"message_id": message} if type(message) is int:
                return message
        raise TelegramError("no message was answered")

    async def leave_group(self, chat: int) -> None:
        """Leave a group or channel (best effort)."""
        await self._within(NOBODY_WAITS, partial(self._bot.leave_chat, chat), Rank.REMOVAL)

    async def list_commands(self, commands: list[tuple[str, str]]) -> None:
        """Show the commands in Telegram's menu (best effort)."""
        menu = [BotCommand(name, about) for name, about in commands]
        await self._within(NOBODY_WAITS, partial(self._bot.set_my_commands, menu), Rank.REMOVAL)

    async def _within(self, seconds: float, call: Callable[[], Awaitable[object]], rank: Rank) -> None:
        """Make a call that concerns no chat, with retries for at most this many seconds."""
        try:
            async with asyncio.timeout(seconds):
                await self._rate_limit.once(call, chat=None, rank=rank)
        except TimeoutError:
            log.warning("given up", seconds=seconds)
