"""Reviews begun with a code: an earlier finished SERAF, and a conversation that looks back on it."""

from dataclasses import replace
from datetime import timedelta

from dialogs.core.codes import carry_over_code
from dialogs.core.events import Occasion
from dialogs.core.script import Script
from seraf.advice.contacts import LocalTime
from seraf.form.responses import Responses
from tests.support.shipped import NOON, SCRIPT
from tests.support.talk.talking import Talk

FIRST = ["Yes", "Not known", *["No"] * 21, "Past 6 months", *["Not in 12 months"] * 6]
"""Responses of the first SERAF: V1 yes, V2 not known, S1 in the past six months, the rest absent."""


RETURNING = Responses.of({"profession": "school"})
"""Somebody whose role is known from the first SERAF."""


def days_later(days: int) -> Occasion:
    """Return an occasion so many days after the first."""
    return Occasion(LocalTime(NOON.at + timedelta(days=days)), "CALM HERON 27")


def finished(responses: list[str] | None = None, *, occasion: Occasion | None = None, script: Script = SCRIPT) -> Talk:
    """Return a SERAF taken to its result in form order."""
    talk = Talk(script) if occasion is None else Talk(script, occasion=occasion)
    return talk.open_with().answer(responses or FIRST).close().press("Not sure")


def code_of(talk: Talk) -> str:
    """Return the carry-over code on the result."""
    return carry_over_code(talk.session, talk.script)


def reviewing(*codes: str, days: int = 90, script: Script = SCRIPT) -> Talk:
    """Return a review begun with codes, by default of one SERAF three months earlier."""
    talk = Talk(script, profile=RETURNING, occasion=days_later(days))
    return talk.command("review", " ".join(codes or (code_of(finished()),)))


def without_codes() -> Script:
    """Return a script without codes."""
    return replace(SCRIPT, codes=None)
