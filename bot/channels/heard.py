"""What a channel hands in, as values: somebody acted, somebody can be reached again, or there was nothing for the bot.

It knows no messenger's words. `key` names the event for good: one that is handed in again counts once.
"""

from dataclasses import dataclass, field

from dialogs.core.events import Event


def event_key(person: str, nonce: str) -> str:
    """The key of an event that its sender numbered, bound to the person.

    Keys are one for a whole store. With a bare nonce, the person who chooses it could have an event of somebody else
    taken as a repeat.
    """
    return f"{person}/{nonce}"


@dataclass(frozen=True, slots=True)
class Acted:
    """Somebody did something, and a turn answers it."""

    key: str
    person: str = field(repr=False)
    event: Event
    words: str = field(default="", repr=False)
    """What was typed, where notes are taken; nobody looks at it but the turn that answers it."""
    code: str = field(default="", repr=False)
    """What came with it: a one-time code, perhaps."""
    reply_to: str | None = None
    """The channel's handle of the act, where the act itself can be answered: a pressed button, say."""
    pressed_on: str | None = None
    """The message whose button was pressed."""
    own_message: str | None = None
    """The message that the person wrote, which is removed."""
    is_new: bool = False
    """The person has just written, so that the card is to stand below it."""


@dataclass(frozen=True, slots=True)
class CameBack:
    """Somebody had shut the bot out, and let it in again: what stands in their chat may be outdated."""

    key: str
    person: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class NotForUs:
    """An event that nobody is answered for; its key is kept like any other."""

    key: str


Heard = Acted | CameBack | NotForUs
