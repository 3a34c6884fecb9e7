"""A document in memory, of any type."""

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class File:
    """A document to send or write: a name that reveals at most a case's reference, the content, and a caption for a message."""

    name: str
    content: bytes = field(repr=False)
    caption: str = field(default="", repr=False)
