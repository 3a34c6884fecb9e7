"""What an update says, read one at a time from the raw value: an odd one is noted and harms nobody."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import Enum, auto
from typing import Any

from telegram import Bot, CallbackQuery, ChatMemberUpdated, Message, Update
from telegram.constants import ChatType
from telegram.error import TelegramError

from bot.access.admission import plain_code
from bot.channels.telegram.drawing import read_press
from bot.conversation.admitted_conversation import AdmittedConversation
from dialogs.core.events import Began, Commanded, Event, Ignored, Pressed, Typed
from dialogs.rehearsal.together.commands import JOIN

WANTED = ("message", "edited_message", "callback_query", "my_chat_member")
"""The kinds of update that are asked for."""

ROOM = "room-"
"""What stands before the code of a room or a pair in a link to this bot."""

UNREADABLE = (TelegramError, TypeError, ValueError, KeyError, AttributeError, OverflowError, OSError, RecursionError)
"""What the library raises on a value that is no update."""


class StrangerReply(Enum):
    """What is owed to those who have no conversation here."""

    NOTHING = auto()
    ONE_LINE = auto()
    LEAVE = auto()
    SHOW_AGAIN = auto()
    """They had shut the bot out, and let it in again: what stands in their chat may be outdated."""


@dataclass(frozen=True, slots=True)
class Tap:
    """A pressed button, to be answered: its query and the message that it stands on."""

    query: str
    message: int | None


@dataclass(frozen=True, slots=True)
class Heard:
    """One update: its id, whose chat, the event that it is (if any), and what has to be answered or removed."""

    update: int
    chat: int | None = None
    """The private chat of the one who acted, whose number is also theirs; or the group that is to be left."""
    event: Event | None = None
    tap: Tap | None = None
    message: int | None = None
    is_new: bool = False
    """The person has just written, so that the card is to stand below it."""
    code: str = ""
    """What stood after `/start`: a one-time code, perhaps."""
    words: str = field(default="", repr=False)
    """What was typed, where notes are taken; nobody looks at it but the turn that answers it."""
    courtesy: StrangerReply = StrangerReply.NOTHING
    is_readable: bool = True


def person_of(chat: int) -> str:
    """The person of a private chat, qualified by the channel."""
    return f"telegram:{chat}"


def chat_of(person: str) -> int:
    """The private chat of a person."""
    return int(person.removeprefix("telegram:"))


def _whole(number: object) -> int:
    """An id that is a whole number; the library takes whatever stands there, and True would pass for the person 1."""
    if type(number) is not int:
        raise TypeError("an id that is no whole number")
    return number


def _without_card(raw: Mapping[str, Any]) -> dict[str, Any]:
    """The update without the words and buttons of the card that was pressed: we know what the live card says."""
    query = raw.get("callback_query")
    if not (isinstance(query, dict) and isinstance(query.get("message"), dict)):
        return dict(raw)
    message = {key: value for key, value in query["message"].items() if key in ("message_id", "date", "chat")}
    return {**raw, "callback_query": {**query, "message": message}}


@dataclass(frozen=True, slots=True)
class UpdateReader:
    """Reads updates for a conversation. Who may hold it is not known here: that is read within the turn."""

    bot: Bot
    conversation: AdmittedConversation

    def hear(self, raw: Mapping[str, Any]) -> Heard:
        """What a raw update says. One that cannot be read says nothing, but a message in a private chat is removed from it."""
        number = raw["update_id"]
        try:
            update = Update.de_json(_without_card(raw), self.bot)
            return self._hear(number, update)
        except UNREADABLE:
            return self._unreadable(number, raw)

    def _hear(self, number: int, update: Update) -> Heard:
        if update.callback_query:
            return self._tap(number, update.callback_query)
        if update.my_chat_member:
            return self._membership(number, update.my_chat_member)
        message = update.message or update.edited_message
        if message is None:
            return Heard(number)
        chat = _whole(message.chat.id)
        if message.chat.type != ChatType.PRIVATE:
            return Heard(number, chat, courtesy=StrangerReply.LEAVE)
        if update.edited_message:
            edit = Ignored(self.conversation.occasion(), "edit")
            return Heard(number, chat, edit, message=_whole(message.message_id), courtesy=StrangerReply.ONE_LINE)
        event, own = self._said(message), _whole(message.message_id)
        if event is None:
            return Heard(number, chat)
        code = (message.text or "").partition(" ")[2] if isinstance(event, Began) else ""
        words = (message.text or "") if isinstance(event, Typed) and self.conversation.script.notes else ""
        said = Heard(number, chat, event, message=own, is_new=True, courtesy=StrangerReply.ONE_LINE)
        return replace(said, code=plain_code(code), words=words)

    def _unreadable(self, number: int, raw: Mapping[str, Any]) -> Heard:
        """What is left of an update that cannot be read: that somebody sent what is not taken, and which message it is."""
        try:
            message = raw["edited_message"] if "edited_message" in raw else raw["message"]
            chat, own, kind = _whole(message["chat"]["id"]), _whole(message["message_id"]), message["chat"]["type"]
        except UNREADABLE:
            return Heard(number, is_readable=False)
        if kind != ChatType.PRIVATE:
            return Heard(number, is_readable=False)
        event = Ignored(self.conversation.occasion(), "media")
        return Heard(number, chat, event, message=own, is_new=True, courtesy=StrangerReply.ONE_LINE, is_readable=False)

    def _tap(self, number: int, query: CallbackQuery) -> Heard:
        """A tap belongs to the one who pressed. On a message outside their own chat it is a button of nobody's."""
        presser, message = _whole(query.from_user.id), query.message
        is_own = message is not None and message.chat.type == ChatType.PRIVATE and _whole(message.chat.id) == presser
        tap = Tap(query.id, _whole(message.message_id) if message and is_own else None)
        token, code = (read_press(query.data or "") if is_own else None) or (-1, "")
        event = Pressed(self.conversation.occasion(), token, code)
        return Heard(number, presser, event, tap, courtesy=StrangerReply.ONE_LINE)

    @staticmethod
    def _membership(number: int, change: ChatMemberUpdated) -> Heard:
        is_in = change.new_chat_member.status in ("member", "administrator", "restricted")
        if not is_in:
            return Heard(number)
        is_private = change.chat.type == ChatType.PRIVATE
        courtesy = StrangerReply.SHOW_AGAIN if is_private else StrangerReply.LEAVE
        return Heard(number, _whole(change.chat.id), courtesy=courtesy)

    def _said(self, message: Message) -> Event | None:
        occasion = self.conversation.occasion()
        if message.forward_origin:
            return Ignored(occasion, "forward")
        if message.voice or message.audio or message.video_note:
            return Ignored(occasion, "voice")
        if message.text is None:
            is_sent = message.effective_attachment or message.caption or message.checklist or message.api_kwargs
            return (
                Ignored(occasion, "media") if is_sent else None
            )  # Telegram's own notes about the chat are passed over
        if not message.text.startswith("/"):
            return Typed(occasion)
        name, *words = message.text[1:].split(maxsplit=1) or [""]
        name, said = name.partition("@")[0].lower(), "".join(words).strip()
        if name == "start" and said.startswith(ROOM):
            return Commanded(occasion, JOIN, said.removeprefix(ROOM))
        return Began(occasion) if name == "start" else Commanded(occasion, name, said)
