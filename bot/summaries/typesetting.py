"""Typesetting with typst, in memory: what its fonts can print, and what replaces the characters that they cannot."""

import unicodedata
from typing import Any

from bot.runtime.errors import DocumentFault

MISSING = "\N{WHITE SQUARE}"
"""Replaces a character that no font here can print."""

SHOWN = (
    *((0x20, 0x4FF), (0x1E00, 0x1EFF), (0x2010, 0x2040), (0x2070, 0x20CF)),
    *((0x2190, 0x21FF), (0x2200, 0x22FF), (0x2500, 0x25FF), (0x2713, 0x2714)),
)
"""Ranges of printable characters, first and last."""


def settable(text: str) -> str:
    """Return the text in printable characters: line breaks are kept, marks that reverse or hide text are left out."""
    return "".join(_settable(sign) for sign in unicodedata.normalize("NFC", text))


def _settable(sign: str) -> str:
    if sign == "\n":
        return sign
    kind = unicodedata.category(sign)
    if kind == "Cf":
        return ""
    if kind in ("Cc", "Zl", "Zp", "Zs"):
        return " "
    is_there = any(first <= ord(sign) <= last for first, last in SHOWN)
    return sign if is_there and kind != "Cn" else MISSING


def settable_values(value: Any) -> Any:
    """Return plain values with every text in printable characters."""
    match value:
        case str():
            return settable(value)
        case dict():
            return {name: settable_values(each) for name, each in value.items()}
        case list() | tuple():
            return [settable_values(each) for each in value]
        case _:
            return value


def compiled(files: dict[str, bytes], **more: Any) -> bytes:
    """Return what typst makes of these files, in memory. Raise `DocumentFault` if it fails: its own message may quote them."""
    import typst  # large, and no command needs it before something is put on paper

    try:
        # Only the fonts of typst: with those of the machine the same summary would give other bytes elsewhere.
        made: bytes = typst.compile(files, ignore_system_fonts=True, **more)
    except typst.TypstError:
        raise DocumentFault(
            "The document could not be set. Ask for the summary as text instead: seraf-bot summary CODE --format text"
        ) from None
    return made
