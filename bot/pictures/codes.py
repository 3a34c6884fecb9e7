"""A link as a QR code."""

import io
from functools import lru_cache

import segno

DOTS, QUIET = 12, 4
"""Dots a module of a QR code, so that it is read from across a room, and modules left white around it."""


@lru_cache(maxsize=64)
def as_qr_code(link: str) -> bytes:
    """The picture of a link, as PNG."""
    picture = io.BytesIO()
    segno.make(link, micro=False).save(picture, kind="png", scale=DOTS, border=QUIET)
    return picture.getvalue()
