"""Invitations on paper: a PDF (PDF/UA-1) with an A5 page for each person, with the code, a QR code, and the steps to take.

It is made in memory. Anyone who has a slip can be admitted with it, so a caller that writes it to a disk has to say so.
"""

import io
import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

import segno

from bot.access.admission import Invitation, grouped, invitation_link
from bot.runtime.clock import LONDON
from bot.summaries.typesetting import compiled, settable
from dialogs.core.script import WaysIn, Wording

TEMPLATE = Path(__file__).with_name("slips.typ")


@dataclass(frozen=True, slots=True)
class Slip:
    """The content of one page: the invitation, its code, and the time until which it is valid."""

    invitation: Invitation
    code: str = field(repr=False)
    until: datetime


def as_slips(slips: Sequence[Slip], wording: Wording, *, ways: WaysIn, bot: str, has_pin: bool = True) -> bytes:
    """Return the slips as one PDF with the steps to follow. `bot` is the bot's name in Telegram; without it, there is no QR code."""
    say = wording.say
    in_chat = ("scan", "find") if bot else ("type",)
    coming = {"chat": in_chat, "pages": ("open", "enter"), "either": (*in_chat, "either")}[ways.word]
    steps = (*coming, "notice", *(("pin",) if has_pin else ()))
    files, pages = {"main.typ": TEMPLATE.read_bytes()}, list[dict[str, object]]()
    for at, slip in enumerate(slips):
        until, picture = slip.until.astimezone(LONDON), ""
        if bot and ways.chat:
            picture, code = f"{at}.svg", io.BytesIO()
            link = invitation_link(bot, slip.code)
            segno.make(link, micro=False).save(code, kind="svg", border=4, scale=4)
            files[picture] = code.getvalue()
        pages.append(
            {
                "label": settable(slip.invitation.name),
                "role": say("slip.role", role=say(f"role.{slip.invitation.role}")),
                "code": grouped(slip.code),
                "qr": picture,
                "steps": [say(f"slip.{step}", bot=bot, pages=ways.pages) for step in steps],
                "until": say("slip.until", date=f"{until.day} {until:%B %Y, %H:%M}"),
            }
        )
    values = {"title": say("slip.title"), "alt": say("slip.alt"), "care": say("slip.care"), "slips": pages}
    files["told.json"] = json.dumps(values).encode()
    return compiled(files, format="pdf", pdf_standards="ua-1", timestamp=0)
