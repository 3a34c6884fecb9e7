"""Invitations on paper: one page a person with the code, its picture to scan, and what to do (A5, PDF/UA-1).

They are made in memory. Anyone who has a slip can come in by it: what writes it to a disk says so.
"""

import io
import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import segno

from bot.access.admission import Invitation, grouped, invitation_link
from bot.runtime.clock import LONDON
from bot.summaries.typesetting import compiled, settable
from dialogs.core.script import WaysIn, Wording

TEMPLATE = Path(__file__).with_name("slips.typ")

QUIET_ZONE = 4
"""Modules of white around a picture to scan."""


@dataclass(frozen=True, slots=True)
class Slip:
    """What one page says: whose invitation it is, its code, and until when it counts."""

    invitation: Invitation
    code: str = field(repr=False)
    until: datetime


def as_slips(slips: Sequence[Slip], wording: Wording, *, ways: WaysIn, bot: str, has_pin: bool = True) -> bytes:
    """The slips as the bytes of one PDF, which say each of the ways in, and how to choose a PIN where one is chosen.

    `bot` is what Telegram calls the bot; where it is empty, there is no picture to scan.
    """
    drawn = bot if ways.chat else ""
    pictures = {f"{at}.svg": _drawn(invitation_link(drawn, slip.code)) for at, slip in enumerate(slips) if drawn}
    steps = _steps(wording, ways=ways, bot=bot, has_pin=has_pin)
    told = {
        "title": wording.say("slip.title"),
        "alt": wording.say("slip.alt"),
        "care": wording.say("slip.care"),
        "slips": [
            _page(slip, wording, steps=steps, picture=f"{at}.svg" if drawn else "") for at, slip in enumerate(slips)
        ],
    }
    files = {"main.typ": TEMPLATE.read_bytes(), "told.json": json.dumps(told).encode(), **pictures}
    return compiled(files, format="pdf", pdf_standards="ua-1", timestamp=0)


def _steps(wording: Wording, *, ways: WaysIn, bot: str, has_pin: bool) -> list[str]:
    """What somebody does with the code, one thing after another."""
    in_chat = ("scan", "find") if bot else ("type",)
    coming = {"chat": in_chat, "pages": ("open", "enter"), "either": (*in_chat, "either")}[ways.word]
    steps = (*coming, "notice", *(("pin",) if has_pin else ()))
    return [wording.say(f"slip.{each}", bot=bot, pages=ways.pages) for each in steps]


def _page(slip: Slip, wording: Wording, *, steps: list[str], picture: str) -> dict[str, Any]:
    say, until = wording.say, slip.until.astimezone(LONDON)
    date = f"{until.day} {until:%B %Y, %H:%M}"
    return {
        "label": settable(slip.invitation.name),
        "role": say("slip.role", role=say(f"role.{slip.invitation.role}")),
        "code": grouped(slip.code),
        "qr": picture,
        "steps": steps,
        "until": say("slip.until", date=date),
    }


def _drawn(link: str) -> bytes:
    drawn = io.BytesIO()
    segno.make(link, micro=False).save(drawn, kind="svg", border=QUIET_ZONE, scale=4)
    return drawn.getvalue()
