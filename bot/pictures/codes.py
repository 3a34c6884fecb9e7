"""Links as QR codes: one picture, or a sheet to print and cut up (A4, PDF/UA-1)."""

import io
from collections.abc import Sequence
from functools import lru_cache

import segno

from bot.pictures.setting import pdf
from dialogs.core.script import Wording

DOTS, QUIET = 12, 4
"""Dots a module of a QR code, so that it is read from across a room, and modules left white around it."""


@lru_cache(maxsize=64)
def as_qr_code(link: str) -> bytes:
    """Return the picture of a link, as PNG."""
    picture = io.BytesIO()
    segno.make(link, micro=False).save(picture, kind="png", scale=DOTS, border=QUIET)
    return picture.getvalue()


QUIET_ON_SHEET = 2
"""Modules left white around a QR code; the cell that it stands in is white as well."""


def as_sheet_of_links(links: Sequence[tuple[str, str]], wording: Wording, *, title: str, page: str) -> bytes:
    """Return the sheet as the bytes of a PDF. Each link comes with the letters that somebody may put in at `page` instead."""
    say = wording.say
    told = {
        "title": say("room-links.title", title=title),
        "how": say("room-links.how"),
        "page": page,
        "links": [
            {"letters": letters, "qr": f"{at}.svg", "alt": say("room-links.alt", number=at)}
            for at, (_, letters) in enumerate(links, 1)
        ],
    }
    return pdf("links.typ", told, pictures={f"{at}.svg": _drawn(link) for at, (link, _) in enumerate(links, 1)})


def _drawn(link: str) -> bytes:
    drawn = io.BytesIO()
    segno.make(link, micro=False).save(drawn, kind="svg", border=QUIET_ON_SHEET, scale=4)
    return drawn.getvalue()
