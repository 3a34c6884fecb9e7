"""A document as a value. It refuses to know what is in it."""

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class File:
    """A document ready to be sent or written: a name that says the reference and nothing else, its bytes, and a caption
    for where it is sent.
    """

    name: str
    content: bytes = field(repr=False)
    caption: str = field(default="", repr=False)
