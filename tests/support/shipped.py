"""The shipped pack and wording, the facts about each channel, and the scripts that tests use with them."""

from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

from bot.conversation.questions import Questions
from bot.crypto.code_cipher import REHEARSED, CodeCipher
from bot.runtime.packs import SHIPPED, load_pack, load_wording
from dialogs.core.events import Occasion
from dialogs.core.script import ChannelFacts, Script
from seraf.advice.contacts import LocalTime
from tests.support.places import TESTS

LONDON = ZoneInfo("Europe/London")
PACK = load_pack(SHIPPED)
INSTRUMENT = PACK.instrument
WORDING = load_wording().of_pack({**INSTRUMENT.edition.places, **PACK.names})
TELEGRAM = ChannelFacts(name="telegram", keeps=True, can_empty=True, dials=True, copies=True, sends_files=True)
WEB = ChannelFacts(name="web", keeps=True, can_empty=False, copies=True, sends_files=True, draws_pages=True)
TERMINAL = ChannelFacts(name="terminal", keeps=False, can_empty=False)
CARRY = bytes(range(32))
"""The key of every review code in the tests. It is fixed, so that the codes in recorded conversations stay the same."""

OTHER_BOARD = TESTS / "packs" / "other-board"
"""A second pack, so that review codes of two different instruments can be read."""

CODES = CodeCipher(CARRY, (INSTRUMENT, load_pack(OTHER_BOARD).instrument))
REHEARSED_CODES = replace(CODES, domain=REHEARSED)
"""The cipher for review codes of rehearsals, with the same key."""

LINK = "https://t.me/fake_bot?start=room-"
"""The beginning of a link to the fake Telegram bot that opens a rehearsal room; its code follows."""

QUESTIONS = Questions(PACK)
"""What questions about the shipped pack are looked up with."""

SCRIPT = Script(PACK, WORDING, TELEGRAM, CODES, rehearsal_codes=REHEARSED_CODES, link=LINK, asking=QUESTIONS)

WEB_LINK = "https://seraf.test/room/"
"""The beginning of a link to the test web pages that opens a rehearsal room; its code follows."""

WEB_SCRIPT = replace(SCRIPT, wording=WORDING.on("web"), channel=WEB, link=WEB_LINK)


def at(text: str, *, is_bank_holiday: bool = False) -> LocalTime:
    """Return the local time in England that an ISO text names."""
    local = datetime.fromisoformat(text).replace(tzinfo=LONDON)
    return LocalTime(local, frozenset({local.date()} if is_bank_holiday else ()))


NOON = at("2026-03-04T12:00")
"""Noon on a Wednesday."""

OCCASION = Occasion(NOON, "BRISK OTTER 41")
