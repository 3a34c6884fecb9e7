"""Which characters the fonts of typst can print, and what replaces those that they cannot."""

import unicodedata

MISSING = "\N{WHITE SQUARE}"
"""Replaces a character that no font here can print."""

SHOWN = (
    *((0x20, 0x4FF), (0x1E00, 0x1EFF), (0x2010, 0x2040), (0x2070, 0x20CF)),
    *((0x2190, 0x21FF), (0x2200, 0x22FF), (0x2500, 0x25FF), (0x2713, 0x2714)),
)
"""Ranges of printable characters, first and last."""


def settable(text: str) -> str:
    """The text in printable characters: line breaks are kept, marks that reverse or hide text are left out."""
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
