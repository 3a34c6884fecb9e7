"""Typesetting with typst, in memory, and the characters that its fonts can print."""

import unicodedata
from typing import Any

from bot.runtime.errors import DocumentFault

MISSING = "\N{WHITE SQUARE}"  # replaces a character that no font here can print

SHOWN = (
    *((0x20, 0x4FF), (0x1E00, 0x1EFF), (0x2010, 0x2040), (0x2070, 0x20CF)),
    *((0x2190, 0x21FF), (0x2200, 0x22FF), (0x2500, 0x25FF), (0x2713, 0x2714)),
)
"""Ranges of printable characters: the first and the last code point of each."""


def settable(text: str) -> str:
    """Return the text with printable characters only. Line breaks are kept. What reverses or hides text is removed."""
    printable = ""
    for character in unicodedata.normalize("NFC", text):
        kind = unicodedata.category(character)
        if character == "\n":
            printable += character
        elif kind in ("Cc", "Zl", "Zp", "Zs"):
            printable += " "
        elif kind != "Cf":
            has_glyph = kind != "Cn" and any(first <= ord(character) <= last for first, last in SHOWN)
            printable += character if has_glyph else MISSING
    return printable


def settable_values(value: Any) -> Any:
    """Return the same nested values, with every text in them passed through `settable`."""
    match value:
        case str():
            return settable(value)
        case dict():
            return {name: settable_values(member) for name, member in value.items()}
        case list() | tuple():
            return [settable_values(member) for member in value]
        case _:
            return value


def compiled(files: dict[str, bytes], **more: Any) -> bytes:
    """Compile these files with typst, in memory. A `DocumentFault` hides typst's message, which may quote the files."""
    import typst  # large, and needed for papers alone

    try:
        # Only typst's own fonts, so that a summary has the same bytes on every machine.
        document: bytes = typst.compile(files, ignore_system_fonts=True, **more)
    except typst.TypstError:
        raise DocumentFault(
            "The document could not be set. Ask for the summary as text instead: seraf-bot summary CODE --format text"
        ) from None
    return document
