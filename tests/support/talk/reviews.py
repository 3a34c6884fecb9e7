"""Reviews: a finished SERAF, its review code, and a later conversation that begins with the code."""

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
"""The responses of the first SERAF, as labels: V1 yes, V2 not known, S1 in the past six months, all others absent."""


RETURNING = Responses.of({"profession": "school"})
"""The stored profile of a person whose profession is known from their first SERAF."""


def days_later(days: int) -> Occasion:
    """Return an occasion `days` days after the first SERAF."""
    return Occasion(LocalTime(NOON.at + timedelta(days=days)), "CALM HERON 27")


def finished(responses: list[str] | None = None, *, occasion: Occasion | None = None, script: Script = SCRIPT) -> Talk:
    """Return a conversation at the result of a SERAF that was taken in form order."""
    talk = Talk(script) if occasion is None else Talk(script, occasion=occasion)
    return talk.open_with().answer(responses or FIRST).close().press("Not sure")


def code_of(talk: Talk) -> str:
    """Return the review code of the result."""
    return carry_over_code(talk.session, talk.script)


def reviewing(*codes: str, days: int = 90, script: Script = SCRIPT) -> Talk:
    """Return a conversation that began a review with these codes, by default of one SERAF, `days` days earlier."""
    talk = Talk(script, profile=RETURNING, occasion=days_later(days))
    return talk.command("review", " ".join(codes or (code_of(finished()),)))


def without_codes() -> Script:
    """Return the shipped script without review codes."""
    return replace(SCRIPT, codes=None)
