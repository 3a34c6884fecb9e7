"""The shipped pack and wording, an occasion, and scripts for channels that differ."""

from datetime import datetime
from zoneinfo import ZoneInfo

from bot.packs import SHIPPED, load_pack, load_wording
from dialogs.events import Occasion
from dialogs.script import ChannelFacts, Script
from seraf.contacts import LocalTime

LONDON = ZoneInfo("Europe/London")
PACK = load_pack(SHIPPED)
INSTRUMENT = PACK.instrument
WORDING = load_wording()
TELEGRAM = ChannelFacts(name="telegram", keeps=True, can_empty=True, dials=True)
TERMINAL = ChannelFacts(name="terminal", keeps=False, can_empty=False)
SCRIPT = Script(PACK, WORDING, TELEGRAM)


def at(text: str, *, is_bank_holiday: bool = False) -> LocalTime:
    """The local time in England that an ISO text names."""
    return LocalTime(datetime.fromisoformat(text).replace(tzinfo=LONDON), is_bank_holiday)


NOON = at("2026-03-04T12:00")
"""A Wednesday."""

OCCASION = Occasion(NOON, "BRISK OTTER 41")
