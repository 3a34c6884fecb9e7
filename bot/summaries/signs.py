"""Which signs can be set on paper with the letters that come with typst, and what stands for those that cannot."""

import unicodedata

MISSING = "\N{WHITE SQUARE}"
"""Stands for a sign that no letter here can show."""

SHOWN = (
    *((0x20, 0x4FF), (0x1E00, 0x1EFF), (0x2010, 0x2040), (0x2070, 0x20CF)),
    *((0x2190, 0x21FF), (0x2200, 0x22FF), (0x2500, 0x25FF), (0x2713, 0x2714)),
)
"""Blocks of signs that are there, first and last."""


def settable(text: str) -> str:
    """The text with every sign such that it can be set: line breaks kept, marks that turn or hide text left out."""
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
