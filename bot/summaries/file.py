"""A document as a value, whatever its content."""

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class File:
    """A document to be sent or written: a name with no more than a reference, its bytes, and a caption for a message."""

    name: str
    content: bytes = field(repr=False)
    caption: str = field(default="", repr=False)
