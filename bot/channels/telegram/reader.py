"""What an update says, read one at a time from the raw value: an odd one is recorded and harms nobody.

In a private chat only what its owner does counts.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from telegram import CallbackQuery, ChatMemberUpdated, Message, Update
from telegram.constants import ChatType
from telegram.error import TelegramError

from bot.access.admission import plain_code
from bot.channels.protocol import Acted, CameBack, Heard, Hearing, NotForUs
from bot.channels.telegram.drawing import person_of, read_press
from bot.channels.telegram.request import DirectBot
from dialogs.core.events import Began, Commanded, Event, Ignored, Pressed, Typed
from dialogs.rehearsal.together.room_turn import JOIN

OWN = ("message", "edited_message", "my_chat_member")
"""Kinds of update that say something of a chat."""


def is_from_elsewhere(raw: Mapping[str, Any]) -> bool:
    """Return whether an update comes into a private chat from anybody but its owner, or from a bot, or through a business account.

    It looks at the update as it came, so that one which the library cannot read is judged alike. What says too little to be
    judged is left to the reading.
    """
    match raw.get("callback_query"):
        # A tap belongs to the one who pressed, who is no bot; on which message is looked at where it is read.
        case {"message": {"business_connection_id": _}}:
            return True
        case {"from": {"is_bot": is_bot}} if is_bot is not False:
            return True
    for kind in OWN:
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


WANTED = ("message", "edited_message", "callback_query", "my_chat_member")
"""The kinds of update that are asked for."""

ROOM = "room"
"""What a link to this bot opens with the code of a room or a pair: `room-CODE`."""

UNREADABLE = (TelegramError, TypeError, ValueError, KeyError, AttributeError, OverflowError, OSError, RecursionError)
"""What the library raises on a value that is no update."""


def room_link(bot_name: str) -> str:
    """The link that opens a chat with the bot, up to the code of a room."""
    return f"https://t.me/{bot_name}?start={ROOM}-"


@dataclass(frozen=True, slots=True)
class ReadUpdate:
    """One update: what it says, and what Telegram alone has to do about it: leave a group, or log that it was unreadable."""

    heard: Heard
    group: int | None = None
    """A group or channel that is to be left."""
    is_readable: bool = True


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
    """Reads updates for a conversation. Who may hold it is not known here: that is read within the turn.

    The key of an event is the number of its update, which Telegram alone gives, one after the other for the whole bot.
    """

    bot: DirectBot
    conversation: Hearing

    def read(self, raw: Mapping[str, Any]) -> ReadUpdate:
        """What a raw update says. One that cannot be read says nothing, but its owner's message in a private chat is removed."""
        key = str(raw["update_id"])
        if is_from_elsewhere(raw):
            return ReadUpdate(NotForUs(key))
        try:
            return self._read(key, Update.de_json(_without_card(raw), self.bot))
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
        if update.edited_message:
            event, own = Ignored(self.conversation.occasion(), "edit"), _whole(message.message_id)
            return ReadUpdate(Acted(key, person_of(chat), event, own_message=str(own)))
        return ReadUpdate(self._message(key, person_of(chat), message=message))

    def _message(self, key: str, person: str, *, message: Message) -> Heard:
        event, own = self._said(message), _whole(message.message_id)
        if event is None:
            return NotForUs(key)
        text = message.text or ""
        code = plain_code(text.partition(" ")[2]) if isinstance(event, Began) else ""
        words = text if isinstance(event, Typed) and self.conversation.script.notes else ""
        return Acted(key, person, event, words=words, code=code, own_message=str(own), is_new=True)

    def _unreadable(self, key: str, raw: Mapping[str, Any]) -> ReadUpdate:
        """What is left of an update that cannot be read: that somebody sent what is not taken, and which message it is."""
        nothing = ReadUpdate(NotForUs(key), is_readable=False)
        try:
            message = raw["edited_message"] if "edited_message" in raw else raw["message"]
            chat, own, kind = _whole(message["chat"]["id"]), _whole(message["message_id"]), message["chat"]["type"]
        except UNREADABLE:
            return nothing
        if kind != ChatType.PRIVATE:
            return nothing
        event = Ignored(self.conversation.occasion(), "media")
        return ReadUpdate(Acted(key, person_of(chat), event, own_message=str(own), is_new=True), is_readable=False)

    def _tap(self, key: str, query: CallbackQuery) -> Acted:
        """A tap belongs to the one who pressed. On a message outside their own chat it is a button of nobody's."""
        presser, message = _whole(query.from_user.id), query.message
        is_own = message is not None and message.chat.type == ChatType.PRIVATE and _whole(message.chat.id) == presser
        pressed_on = str(_whole(message.message_id)) if message and is_own else None
        token, code = (read_press(query.data or "") if is_own else None) or (-1, "")
        event = Pressed(self.conversation.occasion(), token, code)
        return Acted(key, person_of(presser), event, reply_to=str(query.id), pressed_on=pressed_on)

    @staticmethod
    def _membership(key: str, change: ChatMemberUpdated) -> ReadUpdate:
        if change.new_chat_member.status not in ("member", "administrator", "restricted"):
            return ReadUpdate(NotForUs(key))
        chat = _whole(change.chat.id)
        if change.chat.type == ChatType.PRIVATE:
            return ReadUpdate(CameBack(key, person_of(chat)))
        return ReadUpdate(NotForUs(key), group=chat)

    def _said(self, message: Message) -> Event | None:
        occasion = self.conversation.occasion()
        if message.forward_origin:
            return Ignored(occasion, "forward")
        if message.voice or message.audio or message.video_note:
            return Ignored(occasion, "voice")
        if message.text is None:
            # In `api_kwargs` is what the library does not know yet: a new kind of message is not
            # taken either, and so removed.
            is_sent = message.effective_attachment or message.caption or message.checklist or message.api_kwargs
            # Telegram's own notes about the chat are passed over
            return Ignored(occasion, "media") if is_sent else None
        command = _command(message.text)
        if command is None:
            return Typed(occasion)
        name, words = command
        if name != "start":
            return Commanded(occasion, name, words)
        opened, dash, code = words.partition("-")
        return Commanded(occasion, JOIN, code) if dash and opened == ROOM else Began(occasion)


def _command(text: str) -> tuple[str, str] | None:
    """The name of a command and the words after it; None where the text is no command."""
    before, slash, rest = text.partition("/")
    if before or not slash:
        return None
    name, *words = rest.split(maxsplit=1) or [""]
    return name.partition("@")[0].lower(), "".join(words).strip()
