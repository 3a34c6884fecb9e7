"""The current messages and the events of one chat."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

from tests.fakes.telegram.clock import Clock
from tests.fakes.telegram.state.bell import Bell
from tests.fakes.telegram.state.messages import Message

Deed = Literal["sent", "edited", "deleted", "tapped", "answered", "joined", "left", "blocked", "unblocked"]


@dataclass(frozen=True, slots=True)
class Act:
    """One event of a chat: when, who, what was done, to which message, and the text of a toast or button."""

    at: datetime
    who: str
    deed: Deed
    message: Message | None = None
    words: str = ""


@dataclass(slots=True, kw_only=True)
class Chat:
    """A private chat or a group, with its current messages and all its events."""

    chat_id: int
    kind: Literal["private", "group"]
    names: dict[str, Any]
    clock: Clock
    reachable: bool = False
    blocked: bool = False
    messages: dict[int, Message] = field(default_factory=dict)
    acts: list[Act] = field(default_factory=list)
    changes: int = 0
    bell: Bell = field(default_factory=Bell)

    @property
    def card(self) -> dict[str, Any]:
        """The chat as a Chat object of the Bot API."""
        return {"id": self.chat_id, "type": self.kind, **self.names}

    @property
    def visible(self) -> tuple[Message, ...]:
        """The current messages, oldest first."""
        return tuple(self.messages.values())

    def put(self, message: Message, *, deed: Deed, who: str) -> None:
        """Add a message, or replace the message with the same id."""
        self.messages[message.message_id] = message
        self.changes += message.by_bot
        self.note(who, deed, message)

    def take(self, message_id: int, *, who: str) -> None:
        message = self.messages.pop(message_id)
        self.changes += 1
        self.note(who, "deleted", message)

    def note(self, who: str, deed: Deed, message: Message | None = None, words: str = "") -> None:
        """Record an event, and wake the code that waits for one."""
        self.acts.append(Act(self.clock(), who, deed, message, words))
        self.bell.ring()
