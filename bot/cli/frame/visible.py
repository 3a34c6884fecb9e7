"""What a terminal is shown: what would steer it, or is seen by nobody, is written out, so that no name passes for something else."""

import re
from typing import TextIO

UNSEEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\ud800-\udfff\U000e0000-\U000e007f]"
)
"""Control characters but for the end of a line and the tab, marks of direction, signs without width, halves of characters."""

LONGEST = 2_000
"""Characters of one line of a fault; more is cut, so that a name of a thousand letters hides nothing."""


def visible(text: str) -> str:
    """The text with every such sign written out, with a backslash and its number."""
    return UNSEEN.sub(lambda found: found[0].encode("unicode_escape").decode(), text)


def in_one_line(text: str) -> str:
    """The same for what must stay in its line, such as a name in a table."""
    return visible(text).replace("\n", "\\n").replace("\t", "\\t")


class VisibleStream:
    """Standard output or standard error behind that. It says that it is no terminal, so that nobody colours what they write."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

    @property
    def encoding(self) -> str:
        """That of the stream."""
        return self._stream.encoding

    @property
    def errors(self) -> str | None:
        """What becomes of signs that the encoding does not have."""
        return self._stream.errors

    def write(self, text: str) -> int:
        """Write it, visibly."""
        self._stream.write(visible(text))
        return len(text)

    def flush(self) -> None:
        """Hand on what was written."""
        self._stream.flush()

    def fileno(self) -> int:
        """The number of the stream, for what reads lines with an editor."""
        return self._stream.fileno()

    def isatty(self) -> bool:
        """Never."""
        return False

    @property
    def is_on_a_terminal(self) -> bool:
        """Whether a terminal shows it all the same, which breaks long lines in the middle of a word."""
        return self._stream.isatty()

    def close(self) -> None:
        """Close the stream."""
        self._stream.close()
