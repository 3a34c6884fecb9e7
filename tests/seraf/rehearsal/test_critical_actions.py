"""The five critical actions beside the keys of all vignettes: what is missed, what is only talked over, and what was never asked."""

from collections.abc import Mapping
from dataclasses import replace
from itertools import product

import pytest

from seraf.cases.vignette import FirstCall, Keyed, Vignette
from seraf.form.circumstances import Condition
from seraf.form.instrument import Addition
from seraf.rehearsal.critical_actions import (
    PROTECTING,
    ActionOutcome,
    Critical,
    CriticalAction,
    allowed_calls,
    critical_actions,
    outcomes_counted,
)
from seraf.rehearsal.first_call import REACHES
from tests.support.pack.made_up import ROBIN
from tests.support.shipped import INSTRUMENT, PACK

VIGNETTES = {each.id: each for each in PACK.vignettes}
AGREED, MISSED, OVER, NOT_ASKED = ActionOutcome


def as_keyed(vignette: Vignette, **changes: str) -> dict[str, str]:
    """What somebody answers who reads as the key's authors did, but for some answers."""
    key = vignette.key
    called = {Critical.FIRST_CALL.value: str(key.first_call)}
    return {**{each.place: each.answer for each in key.places}, **called, **changes}


def alike(answer: str) -> str:
    """An answer, in one word for danger and missing, which both mean 999."""
    return "yes" if answer == "missing" else answer


def outcomes(vignette: Vignette, given: Mapping[str, str]) -> Mapping[Critical, ActionOutcome]:
    """How each action came out."""
    return {each.critical: each.outcome for each in critical_actions(PACK, vignette.key, given=given)}


@pytest.mark.parametrize("vignette", PACK.vignettes, ids=lambda vignette: vignette.id)
def test_no_answer_that_protects_more_is_missed_and_none_that_protects_less_is_agreed(vignette: Vignette) -> None:
    """Of all vignettes, every answer to each question and every first call, whatever somebody's role; and 999 stands alone."""
    key = vignette.key

    assert set(outcomes(vignette, as_keyed(vignette)).values()) == {AGREED}
    assert set(outcomes(vignette, {}).values()) == {NOT_ASKED}
    for critical, order in PROTECTING.items():
        keyed = key.of(critical)
        assert keyed is not None
        least = min(order.index(alike(each)) for each in (keyed.answer, keyed.other) if each)
        for answer in order:
            found = outcomes(vignette, as_keyed(vignette, **{critical: answer}))[critical]
            assert (found is AGREED) is (alike(answer) in {alike(keyed.answer), alike(keyed.other)})
            assert (found is MISSED) is (order.index(alike(answer)) < least)
    for called, role in product(FirstCall, ("school", "health")):
        given = as_keyed(vignette, profession=role, **{Critical.FIRST_CALL: called})
        found = outcomes(vignette, given)[Critical.FIRST_CALL]
        if key.first_call is FirstCall.EMERGENCY:
            assert (found is AGREED, found is MISSED) == (
                called is FirstCall.EMERGENCY,
                called is not FirstCall.EMERGENCY,
            )
        elif called is FirstCall.ART:
            is_asked = role == "school" or FirstCall.NOBODY not in allowed_calls(PACK, key, given=given)
            assert found is (AGREED if is_asked else OVER)
        elif (called, role) == (FirstCall.NOBODY, "school"):
            assert found is MISSED
        elif REACHES[called] > REACHES[key.first_call]:
            assert found is not MISSED


@pytest.mark.parametrize(
    ("name", "changes", "critical", "expected"),
    [
        ("ines", {"danger": "not-known"}, Critical.DANGER, MISSED),
        ("ines", {"danger": "missing"}, Critical.DANGER, AGREED),
        ("femi", {"danger": "yes"}, Critical.DANGER, AGREED),
        ("femi", {"danger": "not-known"}, Critical.DANGER, MISSED),
        ("bea", {"danger": "missing"}, Critical.DANGER, OVER),
        ("sol", {"danger": "missing"}, Critical.FIRST_CALL, MISSED),
        ("bea", {}, Critical.FIRST_CALL, AGREED),
        ("bea", {"profession": "school"}, Critical.FIRST_CALL, MISSED),
        ("leon", {"judgement": "yes"}, Critical.FIRST_CALL, MISSED),
        ("leon", {"judgement": "yes", "profession": "social-care"}, Critical.FIRST_CALL, AGREED),
        ("bea", {"danger": "not-known"}, Critical.DANGER, OVER),
        ("lena", {"judgement": "not-sure"}, Critical.JUDGEMENT, AGREED),
        ("teo", {"danger": "yes"}, Critical.FIRST_CALL, MISSED),
        ("teo", {"danger": "yes", "first-call": "emergency"}, Critical.FIRST_CALL, AGREED),
        ("teo", {"first-call": "emergency"}, Critical.FIRST_CALL, OVER),
        ("leon", {"first-call": "nobody"}, Critical.FIRST_CALL, MISSED),
        ("bea", {"first-call": "lead"}, Critical.FIRST_CALL, AGREED),
        ("kai", {"first-call": "allocated"}, Critical.FIRST_CALL, MISSED),
        ("kai", {"first-call": "lead"}, Critical.FIRST_CALL, MISSED),
        ("kai", {"first-call": "lead", "profession": "social-care"}, Critical.FIRST_CALL, AGREED),
        ("ines", {"first-call": "lead", "profession": "social-care"}, Critical.FIRST_CALL, MISSED),
        ("kai", {"S1": "no", "S2": "no", "S4": "no", "S5": "no"}, Critical.CATEGORY, MISSED),
        ("bea", {"S1": "current", "S2": "current"}, Critical.CATEGORY, OVER),
        ("dev", {each.id: "no" for each in PACK.instrument.items}, Critical.CATEGORY, MISSED),
    ],
)
def test_an_action_comes_out_as_worked_out_by_hand(
    name: str, changes: Mapping[str, str], critical: Critical, *, expected: ActionOutcome
) -> None:
    """Not known is no No; a contested place takes either reading, and what follows; unknowns taken for No are a miss."""
    vignette = VIGNETTES[name]

    assert outcomes(vignette, as_keyed(vignette, **changes))[critical] is expected


def test_a_room_counts_each_action_by_its_outcomes() -> None:
    """Three people on one case: one as keyed, one who rings ART first, one who was not asked for a first call."""
    ines = VIGNETTES["ines"]
    silent = {place: answer for place, answer in as_keyed(ines).items() if place != Critical.FIRST_CALL}
    rows = (as_keyed(ines), as_keyed(ines, **{Critical.FIRST_CALL: "art", "danger": "no"}), silent)

    found = outcomes_counted(critical_actions(PACK, ines.key, given=row) for row in rows)

    assert found[Critical.FIRST_CALL] == {AGREED: 1, MISSED: 1, OVER: 0, NOT_ASKED: 1}
    assert found[Critical.DANGER] == {AGREED: 2, MISSED: 1, OVER: 0, NOT_ASKED: 0}
    assert found[Critical.CATEGORY] == {AGREED: 3, MISSED: 0, OVER: 0, NOT_ASKED: 0}


def test_what_a_key_says_nothing_of_is_no_difference() -> None:
    """A board's own key may leave a question out."""
    ines = VIGNETTES["ines"]
    key = replace(ines.key, keyed=tuple(each for each in ines.key.keyed if each.place != Critical.TOLD_OR_SEEN))

    found = outcomes(replace(ines, key=key), as_keyed(ines, told_or_seen="no"))

    assert found[Critical.TOLD_OR_SEEN] is NOT_ASKED


def test_each_action_has_what_was_done_and_what_the_key_says_whether_it_was_asked_or_not() -> None:
    """Of danger the key says nothing, telling and the first call were not asked; 7 points, or 13 with S7, are a range."""
    key = replace(ROBIN.key, keyed=tuple(each for each in ROBIN.key.keyed if each.place != Critical.DANGER))
    given = {**as_keyed(ROBIN), "S7": "not-known"}
    del given[Critical.TOLD_OR_SEEN], given[Critical.FIRST_CALL]

    assert critical_actions(PACK, key, given=given) == (
        CriticalAction(Critical.DANGER, "no", (), NOT_ASKED),
        CriticalAction(Critical.TOLD_OR_SEEN, None, ("no",), NOT_ASKED),
        CriticalAction(Critical.JUDGEMENT, "yes", ("yes",), AGREED),
        CriticalAction(Critical.FIRST_CALL, None, ("art",), NOT_ASKED),
        CriticalAction(Critical.CATEGORY, "2-3", ("2",), OVER),
    )


def test_a_judgement_alone_is_no_matter_for_the_manager() -> None:
    """Nothing else presses: what leads decides, and not what comes after it."""
    ticked = {"V4": Keyed("V4", "no", ""), "S1": Keyed("S1", "no", ""), "S4": Keyed("S4", "no", "")}
    key = replace(ROBIN.key, keyed=tuple(ticked.get(each.place, each) for each in ROBIN.key.keyed))

    assert allowed_calls(PACK, key, given={}) == (FirstCall.ART,)


@pytest.mark.parametrize(("said", "done", "outcome"), [("yes", "3", AGREED), ("no", "2", MISSED)])
def test_what_a_board_adds_points_for_counts_in_the_category(said: str, done: str, outcome: ActionOutcome) -> None:
    """Five points for a child without a school: 12 by the key."""
    alone = Condition((("no_school", frozenset({"yes"})),))
    board = replace(INSTRUMENT, additions=(*INSTRUMENT.additions, Addition("alone", "No school", 5, alone, "ours")))
    key = replace(ROBIN.key, keyed=(*ROBIN.key.keyed, Keyed("no_school", "yes", "Robin has no school.")))

    found = critical_actions(replace(PACK, instrument=board), key, given=as_keyed(ROBIN, no_school=said))

    assert found[-1] == CriticalAction(Critical.CATEGORY, done, ("3",), outcome)
