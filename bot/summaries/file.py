"""A document in memory, of any kind."""

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class File:
    """A document to send or write. Its name reveals at most a case's reference; `caption` is the text of the message with it."""

    name: str
    content: bytes = field(repr=False)
    caption: str = field(default="", repr=False)
