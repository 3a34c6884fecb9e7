"""A worry that nobody acted on: one's own answers call for more than the first call does, though the key lets it rest."""

from dataclasses import replace

import pytest

from seraf.cases.vignette import FirstCall, Keyed
from seraf.rehearsal.critical_actions import ActionOutcome, Critical, keyed_case
from seraf.rehearsal.debrief import debrief
from tests.support.pack.made_up import ROBIN
from tests.support.shipped import INSTRUMENT, PACK

QUIET = tuple(Keyed(item.id, "no", "Nothing was seen.") for item in INSTRUMENT.items)
ASKED = tuple(Keyed(place, "no", "Nothing points to it.") for place in ("danger", "told_or_seen", "judgement"))
CALM = replace(ROBIN.key, keyed=(*QUIET, *ASKED), total=0, category=1, first_call=FirstCall.NOBODY, rules=())
"""A case in which nothing is wrong: nobody has to be called, and the manager may be told."""

SUSPECTED, DANGER = "You suspect significant harm: call now.", "Danger now: call 999."
NOBODY, LEAD, ART = FirstCall.NOBODY, FirstCall.LEAD, FirstCall.ART


@pytest.mark.parametrize(
    ("answers", "called", "lead"),
    [
        ({}, NOBODY, ""),
        ({}, LEAD, ""),
        ({"judgement": "not-sure"}, NOBODY, "Not sure: talk it through today."),
        ({"judgement": "not-sure"}, LEAD, ""),
        ({"judgement": "yes"}, NOBODY, SUSPECTED),
        ({"judgement": "yes"}, LEAD, SUSPECTED),
        ({"judgement": "yes", "danger": "yes"}, LEAD, DANGER),
        # a school calls ART about anything: that duty is no worry of its own, and that call is not too late
        ({"profession": "school"}, NOBODY, ""),
        ({"profession": "school", "judgement": "yes"}, LEAD, SUSPECTED),
        ({"profession": "school", "judgement": "yes"}, ART, ""),
        ({"profession": "school", "danger": "yes"}, ART, DANGER),
        # those who decide ask their manager first, and nobody before 999
        ({"profession": "social-care", "judgement": "yes"}, LEAD, ""),
        ({"profession": "social-care", "judgement": "yes"}, NOBODY, SUSPECTED),
        ({"profession": "social-care", "danger": "yes"}, LEAD, DANGER),
    ],
)
def test_a_call_that_the_key_allows_is_held_against_ones_own_answers(
    answers: dict[str, str], called: FirstCall, lead: str
) -> None:
    """The lead of those answers is said where it presses more than the call."""
    keyed = keyed_case(INSTRUMENT, CALM)
    case = replace(keyed, answers={**keyed.answers, **answers})

    assert debrief(PACK, CALM, case=case, first_call=called).pressing == lead


@pytest.mark.parametrize(
    ("called", "outcome"),
    [
        (FirstCall.ART, ActionOutcome.OVER_PROTECTIVE),
        (FirstCall.EMERGENCY, ActionOutcome.OVER_PROTECTIVE),
        (None, ActionOutcome.NOT_ASKED),
    ],
)
def test_of_a_call_that_the_key_does_not_allow_nothing_more_is_said(
    called: FirstCall | None, outcome: ActionOutcome
) -> None:
    """Nor where nobody was asked whom to call, though the child is in danger by these answers."""
    keyed = keyed_case(INSTRUMENT, CALM)

    found = debrief(PACK, CALM, case=replace(keyed, answers={**keyed.answers, "danger": "yes"}), first_call=called)

    assert [each.outcome for each in found.critical if each.critical is Critical.FIRST_CALL] == [outcome]
    assert found.pressing == ""


def test_a_call_that_was_missed_is_said_once() -> None:
    """It leads among the critical actions, and is no worry beside them."""
    found = debrief(PACK, ROBIN.key, case=keyed_case(INSTRUMENT, ROBIN.key), first_call=FirstCall.NOBODY)

    assert (found.slips, found.pressing) == ((Critical.FIRST_CALL,), "")
