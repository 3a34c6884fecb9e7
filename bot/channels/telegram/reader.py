"""Reads updates from Telegram as events. Each is read by itself, so that an unreadable one affects no other."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from telegram import CallbackQuery, ChatMemberUpdated, Message, Update
from telegram.constants import ChatType
from telegram.error import TelegramError

from bot.access.admission import plain_code
from bot.channels.protocol import Acted, CameBack, Heard, NotForUs
from bot.channels.telegram.request import DirectBot
from bot.channels.turn_queue import read_press
from bot.conversation.talk import Talk
from bot.runtime.person_id import PersonId
from dialogs.core.events import Began, Commanded, Event, Ignored, Pressed, Typed
from dialogs.rehearsal.together.room_turn import JOIN

CHAT_KINDS = ("message", "edited_message", "my_chat_member")  # kinds of update that concern a chat
WANTED = (*CHAT_KINDS, "callback_query")  # the kinds of update that Telegram is asked for
ROOM = "room"  # the start of the parameter in a link that opens a rehearsal room or pair: `room-CODE`
UNREADABLE = (TelegramError, TypeError, ValueError, KeyError, AttributeError, OverflowError, OSError, RecursionError)
"""Errors that the library may raise if a value is not an update."""


def is_from_elsewhere(raw: Mapping[str, Any]) -> bool:
    """Return True if an update comes from a bot, a business account, or a person who does not own the private chat."""
    # The raw update is checked, since the library cannot read every update. Missing fields are checked by `_read`.
    match raw.get("callback_query"):
        # A tap belongs to the person who pressed. Its message is checked where the tap is read.
        case {"message": {"business_connection_id": _}}:
            return True
        case {"from": {"is_bot": is_bot}} if is_bot is not False:
            return True
    for kind in CHAT_KINDS:
        match raw.get(kind):
            case {"business_connection_id": _} | {"sender_business_bot": _}:
                return True
            case {"chat": {"type": ChatType.PRIVATE, "id": owner}, **rest} if type(owner) is int:
                match rest.get("from"):
                    case {"id": number, "is_bot": False} if type(number) is int and number == owner:
                        pass
                    case _:
                        return True
    return False


@dataclass(frozen=True, slots=True)
class ReadUpdate:
    """An update as an event, with the group to leave, if any. An update that is not readable is logged."""

    heard: Heard
    group: int | None = None  # a group or channel to leave
    is_readable: bool = True


def _whole(number: object) -> int:
    """Return an id. Raise `TypeError` if it is not an integer: the library accepts any value, and True equals 1."""
    if type(number) is not int:
        raise TypeError("an id that is no whole number")
    return number


@dataclass(frozen=True, slots=True)
class UpdateReader:
    """Reads updates for a conversation. The key of an event is the id of its update, which is unique for the bot."""

    bot: DirectBot
    conversation: Talk

    def read(self, raw: Mapping[str, Any]) -> ReadUpdate:
        """Return a raw update as an event. If it cannot be read, only its chat and the message to remove are used."""
        key = str(raw["update_id"])
        if is_from_elsewhere(raw):
            return ReadUpdate(NotForUs(key))
        match raw:
            case {"callback_query": {"message": {**message}, **query}}:
                # Without the words and buttons of the card that was pressed: the bot knows what the live card says.
                kept = {name: value for name, value in message.items() if name in ("message_id", "date", "chat")}
                update = {**raw, "callback_query": {**query, "message": kept}}
            case _:
                update = dict(raw)
        try:
            return self._read(key, Update.de_json(update, self.bot))
        except UNREADABLE:
            return self._unreadable(key, raw)

    def _read(self, key: str, update: Update) -> ReadUpdate:
        if update.callback_query:
            return ReadUpdate(self._tap(key, update.callback_query))
        if update.my_chat_member:
            return self._membership(key, update.my_chat_member)
        message = update.message or update.edited_message
        if message is None:
            return ReadUpdate(NotForUs(key))
        chat = _whole(message.chat.id)
        if message.chat.type != ChatType.PRIVATE:
            return ReadUpdate(NotForUs(key), group=chat)
        person = str(PersonId.on_telegram(chat))
        if update.edited_message:
            event, own = Ignored(self.conversation.occasion(), "edit"), _whole(message.message_id)
            return ReadUpdate(Acted(key, person, event, own_message=str(own)))
        said, own = self._said(message), _whole(message.message_id)
        if said is None:
            return ReadUpdate(NotForUs(key))
        text = message.text or ""
        code = plain_code(text.partition(" ")[2]) if isinstance(said, Began) else ""
        words = text if isinstance(said, Typed) else ""
        return ReadUpdate(Acted(key, person, said, words=words, code=code, own_message=str(own), is_new=True))

    def _unreadable(self, key: str, raw: Mapping[str, Any]) -> ReadUpdate:
        """Return an unreadable update as an event. In a private chat, it is treated as a message of a refused kind."""
        nothing = ReadUpdate(NotForUs(key), is_readable=False)
        try:
            message = raw["edited_message"] if "edited_message" in raw else raw["message"]
            chat, own, kind = _whole(message["chat"]["id"]), _whole(message["message_id"]), message["chat"]["type"]
        except UNREADABLE:
            return nothing
        if kind != ChatType.PRIVATE:
            return nothing
        event = Ignored(self.conversation.occasion(), "media")
        return ReadUpdate(
            Acted(key, str(PersonId.on_telegram(chat)), event, own_message=str(own), is_new=True), is_readable=False
        )

    def _tap(self, key: str, query: CallbackQuery) -> Acted:
        """Return a tap as the act of the person who pressed. Outside their own chat, the button has no effect."""
        presser, message = _whole(query.from_user.id), query.message
        is_own = message is not None and message.chat.type == ChatType.PRIVATE and _whole(message.chat.id) == presser
        pressed_on = str(_whole(message.message_id)) if message and is_own else None
        token, code = (read_press(query.data or "") if is_own else None) or (-1, "")
        event = Pressed(self.conversation.occasion(), token, code)
        return Acted(key, str(PersonId.on_telegram(presser)), event, reply_to=str(query.id), pressed_on=pressed_on)

    @staticmethod
    def _membership(key: str, change: ChatMemberUpdated) -> ReadUpdate:
        if change.new_chat_member.status not in ("member", "administrator", "restricted"):
            return ReadUpdate(NotForUs(key))
        chat = _whole(change.chat.id)
        if change.chat.type == ChatType.PRIVATE:
            return ReadUpdate(CameBack(key, str(PersonId.on_telegram(chat))))
        return ReadUpdate(NotForUs(key), group=chat)

    def _said(self, message: Message) -> Event | None:
        occasion = self.conversation.occasion()
        if message.forward_origin:
            return Ignored(occasion, "forward")
        if message.voice or message.audio or message.video_note:
            return Ignored(occasion, "voice")
        if message.text is None:
            # `api_kwargs` holds kinds of message that the library does not know yet. They are refused and removed too.
            is_sent = message.effective_attachment or message.caption or message.checklist or message.api_kwargs
            # Otherwise it is one of Telegram's own notes about the chat.
            return Ignored(occasion, "media") if is_sent else None
        before, slash, rest = message.text.partition("/")
        if before or not slash:
            return Typed(occasion)
        name, *words = rest.split(maxsplit=1) or [""]
        name, argument = name.partition("@")[0].lower(), "".join(words).strip()
        if name != "start":
            return Commanded(occasion, name, argument)
        opened, dash, code = argument.partition("-")
        return Commanded(occasion, JOIN, code) if dash and opened == ROOM else Began(occasion)
