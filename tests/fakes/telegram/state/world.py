"""What Telegram stores about one bot: its chats, its waiting updates, and unanswered taps."""

from collections.abc import Mapping
from typing import Any

from tests.fakes.telegram.clock import Clock
from tests.fakes.telegram.state.chats import Chat
from tests.fakes.telegram.state.messages import Message
from tests.fakes.telegram.state.queries import Answer, Queries, Tap
from tests.fakes.telegram.state.refusals import BLOCKED, NOT_A_MEMBER, bad_request, forbidden
from tests.fakes.telegram.state.updates import UpdateQueue

BOT_ID = 1_234_567_890


class World:
    """The state behind the fake Bot API, which the bot's calls and the simulated people change."""

    def __init__(self, clock: Clock) -> None:
        self.clock = clock
        self.bot: dict[str, Any] = {"id": BOT_ID, "is_bot": True, "first_name": "Bot", "username": "fake_bot"}
        self.chats: dict[int, Chat] = {}
        self.updates = UpdateQueue(clock, lambda chat_id: self.chats[chat_id].bell.ring())
        self.queries = Queries(clock)
        self.answers: dict[int, list[Answer]] = {}
        self.commands: dict[tuple[str, int, str], list[dict[str, str]]] = {}
        self.violations: list[str] = []
        self._last_message_id = 0

    def chat(self, chat_id: int) -> Chat:
        """Return the chat with this id. Raise a Refusal if the bot cannot know the chat."""
        chat = self.chats.get(chat_id)
        if chat is None or not (chat.reachable or chat.kind == "group"):
            raise bad_request("chat not found")
        return chat

    def open_chat(self, chat_id: int) -> Chat:
        """Return the chat with this id. Raise a Refusal if the bot may not write to it."""
        chat = self.chat(chat_id)
        if chat.blocked:
            raise forbidden(BLOCKED)
        if not chat.reachable:
            raise forbidden(NOT_A_MEMBER)
        return chat

    def add_message(self, chat: Chat, author: Mapping[str, Any], **parts: Any) -> Message:
        self._last_message_id += 1
        message = Message(
            chat_id=chat.chat_id, message_id=self._last_message_id, author=author, date=self.clock(), **parts
        )
        chat.put(message, deed="sent", who=str(author["first_name"]))
        return message

    def told(self, message: Message) -> dict[str, Any]:
        return message.as_telegram(self.chats[message.chat_id].card)

    def announce(self, message: Message, kind: str = "message") -> int | None:
        """Queue an update about a person's message. Return its id, or None if the bot wants no such update."""
        return self.updates.push(kind, self.told(message), chat_id=message.chat_id)

    def tap(self, person: Mapping[str, Any], message: Message, callback_data: str) -> Tap:
        """Queue an update about a tap, with new ids, and return the tap."""
        chat = self.chats[message.chat_id]
        query_id = self.queries.new_id()
        body = {
            "id": query_id,
            "from": dict(person),
            "message": self._as_tapped(chat, message),
            "chat_instance": str(chat.chat_id * 7919),
            "data": callback_data,
        }
        update_id = self.updates.push("callback_query", body, chat_id=chat.chat_id)
        tap = Tap(query_id, update_id, person["id"], chat.chat_id, message.message_id, callback_data, self.clock())
        self.queries.open(tap)
        chat.note(str(person["first_name"]), "tapped", message, _label(message, callback_data))
        return tap

    def _as_tapped(self, chat: Chat, message: Message) -> dict[str, Any]:
        now = chat.messages.get(message.message_id)
        if now is None:
            return {"chat": chat.card, "message_id": message.message_id, "date": 0}
        return self.told(now)

    def answer(self, query_id: str, *, text: str, alert: bool) -> None:
        """Record that the bot answered a tap, and show the answer to the person."""
        tap = self.queries.close(query_id)
        self.answers.setdefault(tap.person, []).append(Answer(query_id, text, alert))
        self.chats[tap.chat_id].note(str(self.bot["first_name"]), "answered", words=text)
        if tap.person in self.chats and tap.person != tap.chat_id:
            self.chats[tap.person].bell.ring()

    def change_membership(self, chat: Chat, who: Mapping[str, Any], *, before: str, after: str) -> None:
        """Queue an update about a change of the bot's own membership of a chat."""
        body = {
            "chat": chat.card,
            "from": dict(who),
            "date": int(self.clock().timestamp()),
            "old_chat_member": _member(self.bot, before),
            "new_chat_member": _member(self.bot, after),
        }
        self.updates.push("my_chat_member", body, chat_id=chat.chat_id)


def _label(message: Message, callback_data: str) -> str:
    labels = [button.label for button in message.buttons if button.callback_data == callback_data]
    return f"[{labels[0]}]" if labels else f"forged {callback_data!r}"


def _member(user: Mapping[str, Any], status: str) -> dict[str, Any]:
    member = {"status": status, "user": dict(user)}
    return member | {"until_date": 0} if status == "kicked" else member
