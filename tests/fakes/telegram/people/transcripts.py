"""The events of a chat as text, one line for each event."""

from collections.abc import Iterable
from typing import assert_never

from tests.fakes.telegram.state.chats import Act
from tests.fakes.telegram.state.messages import Message


def write(acts: Iterable[Act]) -> str:
    """Return the events as text, one line each, oldest first."""
    return "\n".join(line(act) for act in acts)


def line(act: Act) -> str:
    """Return an event as one line. Line breaks within a message become ` / `."""
    shown = "" if act.message is None else _shown(act.message)
    match act.deed:
        case "sent":
            return f"{act.who}: {shown}"
        case "edited":
            return f"{act.who} edits: {shown}"
        case "deleted":
            return f"{act.who} deletes: {_words(act.message) if act.message else ''}"
        case "tapped":
            return f"{act.who} taps {act.words}"
        case "answered":
            return f"{act.who} answers: {act.words or '(no words)'}"
        case "joined" | "left":
            return f"{act.who} has {act.deed} the chat"
        case "blocked" | "unblocked":
            return f"{act.who} has {act.deed} the bot"
        case _:
            assert_never(act.deed)


def _shown(message: Message) -> str:
    rows = " | ".join(" ".join(f"[{button.label}]" for button in row) for row in message.keyboard)
    return f"{_words(message)}  {rows}" if rows else _words(message)


def _words(message: Message) -> str:
    media = " ".join(f"({name})" for name in message.media)
    forwarded = "(forwarded)" if "forward_origin" in message.also else ""
    text = " / ".join(part.strip() for part in message.text.splitlines() if part.strip())
    return " ".join(part for part in (forwarded, media, text) if part)
