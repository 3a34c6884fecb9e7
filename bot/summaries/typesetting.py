"""Typesetting with typst in memory, and which characters its fonts can print."""

import unicodedata
from typing import Any

from bot.runtime.errors import DocumentFault

MISSING = "\N{WHITE SQUARE}"  # printed in place of characters that the fonts lack

SHOWN = (
    *((0x20, 0x4FF), (0x1E00, 0x1EFF), (0x2010, 0x2040), (0x2070, 0x20CF)),
    *((0x2190, 0x21FF), (0x2200, 0x22FF), (0x2500, 0x25FF), (0x2713, 0x2714)),
)
"""The printable characters, as ranges with the first and the last code point."""


def settable(text: str) -> str:
    """Return the text with printable characters only. Line breaks stay; characters that reverse or hide text are removed."""
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
    """Return the same nested values, in which `settable` was applied to every text."""
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
    """Compile these files with typst in memory. Raise `DocumentFault`, which hides typst's message, since that may quote the files."""
    import typst  # large, and needed for papers alone

    try:
        # Only typst's own fonts, so that a summary has the same bytes on every machine.
        document: bytes = typst.compile(files, ignore_system_fonts=True, **more)
    except typst.TypstError:
        raise DocumentFault(
            "The document could not be set. Ask for the summary as text instead: seraf-bot summary CODE --format text"
        ) from None
    return document
