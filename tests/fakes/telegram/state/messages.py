"""A message of a chat, as it is at one moment."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from tests.fakes.telegram.state.keyboards import Button, Keyboard
from tests.fakes.telegram.state.texts import Entities


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """One version of a message. An edit creates a new value with the same `message_id`. `silent`: it made no sound."""

    chat_id: int
    message_id: int
    author: Mapping[str, Any]
    date: datetime
    text: str = ""
    entities: Entities = ()
    keyboard: Keyboard = ()
    protected: bool = False
    silent: bool = False
    edited: datetime | None = None
    media: Mapping[str, Any] = field(default_factory=dict)
    also: Mapping[str, Any] = field(default_factory=dict)
    content: bytes = field(default=b"", repr=False)

    @property
    def by_bot(self) -> bool:
        return bool(self.author["is_bot"])

    @property
    def buttons(self) -> tuple[Button, ...]:
        return tuple(button for row in self.keyboard for button in row)

    @property
    def labels(self) -> tuple[str, ...]:
        return tuple(button.label for button in self.buttons)

    def as_telegram(self, chat: Mapping[str, Any]) -> dict[str, Any]:
        """Return the message as a Message object of the Bot API. `chat` is its Chat object."""
        words = "caption" if self.media else "text"
        result: dict[str, Any] = {
            "message_id": self.message_id,
            "from": dict(self.author),
            "chat": dict(chat),
            "date": int(self.date.timestamp()),
        }
        if self.edited is not None:
            result["edit_date"] = int(self.edited.timestamp())
        if self.text:
            result[words] = self.text
        if self.entities:
            result["entities" if words == "text" else "caption_entities"] = list(self.entities)
        if self.keyboard:
            result["reply_markup"] = {"inline_keyboard": [[dict(b.raw) for b in row] for row in self.keyboard]}
        if self.protected:
            result["has_protected_content"] = True
        return result | dict(self.media) | dict(self.also)
