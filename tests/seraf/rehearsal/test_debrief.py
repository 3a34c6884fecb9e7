"""Tests of comparing a rehearsal with the agreed answers: agreement, misses, and what is only discussed."""

from collections.abc import Mapping
from dataclasses import replace
from itertools import product

import pytest

from seraf.cases.vignette import AgreedKey, FirstCall, Keyed, Rule, Vignette
from seraf.form.circumstances import Condition
from seraf.form.instrument import Addition
from seraf.form.responses import Case, Responses
from seraf.form.vocabulary import FACT_WORDS, Age
from seraf.rehearsal.critical_actions import (
    PROTECTING,
    ActionOutcome,
    Critical,
    CriticalAction,
    allowed_calls,
    critical_actions,
    keyed_case,
    outcomes_counted,
)
from seraf.rehearsal.debrief import Debrief, Difference, debrief, missed_at
from seraf.rehearsal.first_call import REACHES
from tests.support.pack.made_up import ROBIN
from tests.support.shipped import INSTRUMENT, PACK

KEYED = keyed_case(INSTRUMENT, ROBIN.key)
ITEMS = 30


def answered(changes: Mapping[str, str], **answers: str) -> Case:
    responses = {**dict(KEYED.responses), **changes}
    kept = {place: answer for place, answer in responses.items() if answer}
    return replace(KEYED, responses=Responses.of(kept), answers={**KEYED.answers, **answers})


def outcome(found: Debrief, critical: Critical) -> ActionOutcome:
    return next(each.outcome for each in found.critical if each.critical is critical)


def places(found: Debrief) -> list[str]:
    return [each.keyed.place for each in found.differences]


@pytest.mark.parametrize("key", [each.key for each in PACK.vignettes], ids=[each.id for each in PACK.vignettes])
def test_answers_equal_to_a_shipped_key_meet_all_its_rules(key: AgreedKey) -> None:
    found = debrief(PACK, key, case=keyed_case(INSTRUMENT, key), first_call=key.first_call)

    assert found.met == tuple(rule for rule in Rule if rule in key.rules)
    assert (found.missed, found.differences, found.slips, found.left_out) == ((), (), (), 0)


def test_a_whole_rehearsal_is_compared_with_its_key() -> None:
    """V4 has its accepted second answer, S1 is missed, and it is unknown whether anything was told.

    The agreed answers score 6 (S1 five, S4 one), Category 2; these answers score 2 (V1, S4), Category 1.
    """
    case = answered({"V4": "no", "V1": "yes", "S1": "no"}, told_or_seen="not-known")

    found = debrief(PACK, ROBIN.key, case=case, first_call=FirstCall.ART)

    agreed, missed, more, _ = ActionOutcome
    at = {each.place: each for each in ROBIN.key.keyed}
    assert found == Debrief(
        critical=(
            CriticalAction(Critical.DANGER, "no", ("no",), agreed),
            CriticalAction(Critical.TOLD_OR_SEEN, "not-known", ("no",), more),
            CriticalAction(Critical.JUDGEMENT, "yes", ("yes",), agreed),
            CriticalAction(Critical.FIRST_CALL, "art", ("art",), agreed),
            CriticalAction(Critical.CATEGORY, "1", ("2",), missed),
        ),
        agreed=ITEMS - 2,
        of=ITEMS,
        left_out=0,
        differences=(Difference(at["S1"], "no", worth=5, moves=True), Difference(at["V1"], "yes", worth=-1)),
        talked_over=(Difference(at["V4"], "no"),),
        met=(Rule.LOOK_BACK, Rule.JUDGEMENT),
        missed=(Rule.SUSPICION,),
        pressing="",
    )


def test_a_third_reading_of_a_contested_place_is_a_difference() -> None:
    found = debrief(PACK, ROBIN.key, case=answered({"V4": "not-known"}), first_call=FirstCall.ART)

    assert places(found) == ["V4"]
    assert found.talked_over == ()


def test_of_what_did_not_move_the_category_a_denied_sign_comes_first_and_caution_last() -> None:
    """The order of items and questions does not matter. “No” instead of “not known” does not deny a sign."""
    changed = {"V2": "not-known", "M11": "yes"}
    keyed = tuple(replace(each, answer=changed.get(each.place, each.answer)) for each in ROBIN.key.keyed)
    asked = (Keyed("online", "no", "There is no phone."), Keyed("allocated", "yes", "The team rang."))
    case = answered(
        {"V1": "not-known", "V2": "no", "V3": "yes", "M11": "no"}, online="not-known", allocated="not-known"
    )

    found = debrief(PACK, replace(ROBIN.key, keyed=(*keyed, *asked)), case=case, first_call=FirstCall.ART)

    assert places(found) == ["M11", "V2", "V3", "allocated", "V1", "online"]
    assert not any(each.moves for each in found.differences)


def test_an_answer_that_a_board_adds_points_for_moves_the_category() -> None:
    """The board adds 5 points for a child without a school: 12 by the agreed answers, 7 by these."""
    alone = Condition((("no_school", frozenset({"yes"})),))
    board = replace(INSTRUMENT, additions=(*INSTRUMENT.additions, Addition("alone", "No school", 5, alone, "ours")))
    key = replace(ROBIN.key, keyed=(*ROBIN.key.keyed, Keyed("no_school", "yes", "Robin has no school.")))

    found = debrief(replace(PACK, instrument=board), key, case=answered({}, no_school="no"), first_call=FirstCall.ART)

    assert [(each.keyed.place, each.given, each.moves) for each in found.differences] == [("no_school", "no", True)]


def test_what_moved_the_category_is_the_signs_that_were_denied_by_their_points() -> None:
    """Jude's seven signs in both periods: with all denied, no single one of them would change Category 1."""
    jude = next(each.key for each in PACK.vignettes if each.id == "jude")
    keyed = keyed_case(INSTRUMENT, jude)
    denied = Responses.of({item.id: "no" for item in INSTRUMENT.items})

    found = debrief(PACK, jude, case=replace(keyed, responses=denied), first_call=FirstCall.EMERGENCY)

    moved = [(each.keyed.place, each.worth) for each in found.differences if each.moves]
    assert moved[:7] == [(f"S{number}", 6) for number in range(1, 8)]
    assert {worth for _, worth in moved[7:]} == {1}
    assert (
        len(moved) == sum(each.answer not in ("no", "not-known") for each in jude.keyed if each.place in INSTRUMENT) - 1
    )
    assert {each.keyed.answer for each in found.differences if not each.moves} == {"not-known"}


def test_a_category_that_is_too_high_is_not_explained_by_signs_that_were_denied() -> None:
    case = answered({"S2": "both", "S3": "current", "V4": "not-known"})

    found = debrief(PACK, ROBIN.key, case=case, first_call=FirstCall.ART)

    assert [(each.keyed.place, each.worth, each.moves) for each in found.differences] == [
        ("S2", -6, True),
        ("S3", -5, True),
        ("V4", 1, False),
    ]


def test_a_range_is_not_the_same_as_its_lowest_category() -> None:
    """The unknown item could raise the category, so the category differs from the agreed answer's."""
    found = debrief(PACK, ROBIN.key, case=answered({"S7": "not-known"}), first_call=FirstCall.ART)

    assert outcome(found, Critical.CATEGORY) is ActionOutcome.OVER_PROTECTIVE
    assert found.differences[0].moves


def test_an_unasked_question_is_no_difference_and_misses_no_rule() -> None:
    found = debrief(PACK, ROBIN.key, case=answered({"V2": "", "S1": "", "S4": ""}), first_call=None)

    assert (found.differences, found.agreed, found.of, found.left_out) == ((), ITEMS - 3, ITEMS - 3, 3)
    assert (found.slips, found.asked, found.missed) == ((), 3, ())


def test_a_rule_is_missed_where_any_place_that_practises_it_was() -> None:
    found = debrief(PACK, ROBIN.key, case=answered({"S4": "current"}, judgement="no"), first_call=None)

    assert found.missed == (Rule.LOOK_BACK, Rule.JUDGEMENT)
    assert found.met == (Rule.SUSPICION,)
    assert found.slips == (Critical.JUDGEMENT,)


def test_the_readings_that_were_taken_count_for_the_category_and_the_first_call() -> None:
    key = replace(
        ROBIN.key,
        keyed=tuple(
            replace(each, other="no", other_because="It may be nothing.") if each.place in ("S1", "judgement") else each
            for each in ROBIN.key.keyed
        ),
    )

    found = debrief(PACK, key, case=answered({"S1": "no"}, judgement="no"), first_call=FirstCall.LEAD)

    assert (found.agreed, found.slips) == (ITEMS, ())


def test_a_wrong_age_is_a_difference_and_misses_the_rule_for_a_child_under_13() -> None:
    key = replace(ROBIN.key, age=Age.UNDER_13, rules=(*ROBIN.key.rules, Rule.UNDER_13))

    found = debrief(PACK, key, case=KEYED, first_call=FirstCall.ART)

    assert [(each.keyed.place, each.given, each.moves) for each in found.differences] == [("age", "13-15", True)]
    assert found.differences[0].keyed == Keyed("age", "under-13", "", rules=(Rule.UNDER_13,))
    assert Rule.UNDER_13 in found.missed
    assert found.slips == (Critical.CATEGORY,)


def test_an_addition_that_is_reached_all_the_same_is_not_missed() -> None:
    """A sign in the wrong period misses another rule. Denying all signs that add the points misses under-13."""
    key = replace(ROBIN.key, age=Age.UNDER_13, rules=(*ROBIN.key.rules, Rule.UNDER_13))
    young = replace(KEYED, age=Age.UNDER_13)
    wrong_window = replace(
        young, responses=young.responses.give("S4", "current"), answers={**young.answers, "age": "under-13"}
    )
    denied = replace(wrong_window, responses=wrong_window.responses.give("S1", "no").give("S4", "no"))

    assert debrief(PACK, key, case=wrong_window, first_call=FirstCall.ART).missed == (Rule.LOOK_BACK,)
    assert debrief(PACK, key, case=denied, first_call=FirstCall.ART).missed == (Rule.UNDER_13, Rule.SUSPICION)


def test_without_ticks_no_rule_of_the_items_is_met() -> None:
    blank = answered({item.id: "no" for item in INSTRUMENT.items}, judgement="no")
    key = replace(
        ROBIN.key,
        keyed=tuple(replace(each, rules=(Rule.LOOK_BACK,)) if each.place == "V1" else each for each in ROBIN.key.keyed),
    )

    assert debrief(PACK, key, case=blank, first_call=None).met == ()
    assert debrief(PACK, key, case=blank, first_call=None).missed == (Rule.SUSPICION, Rule.JUDGEMENT)
    assert Rule.LOOK_BACK in debrief(PACK, key, case=KEYED, first_call=None).met


def test_a_rule_is_kept_only_where_ones_own_answers_could_have_missed_it() -> None:
    """“Finish now” leaves everything not known, and with three signs in Category 4 the judgement decides nothing."""
    changed = {"V2": ("not-known", (Rule.NOT_KNOWN,)), "S7": ("no", (Rule.LOOK_BACK,))}
    keyed = tuple(
        replace(each, answer=changed[each.place][0], rules=changed[each.place][1]) if each.place in changed else each
        for each in ROBIN.key.keyed
    )
    key = replace(ROBIN.key, keyed=keyed)
    high = replace(key, keyed=tuple(replace(each, rules=()) if each.place == "S4" else each for each in keyed))
    unknown = answered({item.id: "not-known" for item in INSTRUMENT.items})
    four = answered({"V2": "not-known", "S2": "current", "S3": "current"})

    def met(key: AgreedKey, case: Case) -> tuple[Rule, ...]:
        return debrief(PACK, key, case=case, first_call=FirstCall.ART).met

    assert met(key, unknown) == (Rule.JUDGEMENT,)
    assert met(key, answered({"V2": "not-known"})) == (
        Rule.LOOK_BACK,
        Rule.SUSPICION,
        Rule.NOT_KNOWN,
        Rule.JUDGEMENT,
    )
    assert Rule.JUDGEMENT not in met(key, four)
    assert met(high, answered({"S1": "no", "S4": "no", "V2": "not-known"})) == (Rule.NOT_KNOWN, Rule.JUDGEMENT)


def test_a_rule_of_a_question_is_met_without_a_single_tick() -> None:
    """The answer to the question alone decides the rule, even where no item is ticked."""
    blank = answered({item.id: "no" for item in INSTRUMENT.items})

    assert debrief(PACK, ROBIN.key, case=blank, first_call=None).met == (Rule.JUDGEMENT,)


def test_an_age_in_the_key_counts_as_an_age() -> None:
    """Under 13 adds five points to a significant item, so a wrong age band changes the category."""
    key = replace(ROBIN.key, keyed=(*ROBIN.key.keyed, Keyed("age", "under-13", "Ten years old.")), age=Age.UNDER_13)

    found = debrief(PACK, key, case=KEYED, first_call=FirstCall.ART)

    assert [(each.keyed.place, each.moves) for each in found.differences] == [("age", True)]


def test_a_critical_action_is_listed_once_and_protecting_more_misses_no_rule() -> None:
    """A critical action is not listed as a difference as well. Reading a hint as a disclosure misses no rule."""
    key = replace(
        ROBIN.key,
        keyed=tuple(
            replace(each, rules=(Rule.TOLD_OR_SEEN,)) if each.place == "told_or_seen" else each
            for each in ROBIN.key.keyed
        ),
    )

    found = debrief(PACK, key, case=answered({}, judgement="no", told_or_seen="yes"), first_call=FirstCall.ART)

    assert found.differences == ()
    assert found.missed == (Rule.JUDGEMENT,)
    assert outcome(found, Critical.TOLD_OR_SEEN) is ActionOutcome.OVER_PROTECTIVE


ITEM, WINDOW = ("yes", "no", "not-known"), ("current", "recent", "both", "no", "not-known")
"""The answers to an item with one period, and to one with two."""


@pytest.mark.parametrize(
    ("rule", "place", "answer", "options", "missing"),
    [
        (Rule.BOTH_COLUMNS, "S1", "both", WINDOW, {"current", "recent"}),
        (Rule.LOOK_BACK, "S1", "recent", WINDOW, {"current", "both"}),
        (Rule.LOOK_BACK, "S1", "no", WINDOW, {"current", "recent", "both"}),
        (Rule.LOOK_BACK, "M1", "yes", ITEM, {"no"}),
        (Rule.LOOK_BACK, "M1", "no", ITEM, {"yes"}),
        (Rule.FAMILY, "S1", "no", WINDOW, {"current", "recent", "both"}),
        (Rule.NOT_KNOWN, "M1", "not-known", ITEM, {"no"}),
        (Rule.NOT_KNOWN, "allocated", "not-known", ITEM, {"no"}),
        (Rule.DISCUSSION, "S1", "current", WINDOW, {"no", "not-known"}),
        (Rule.SUSPICION, "S1", "recent", WINDOW, {"no", "not-known"}),
        (Rule.OTHER_HARM, "V1", "yes", ITEM, {"no", "not-known"}),
        (Rule.TOLD_OR_SEEN, "told_or_seen", "yes", ITEM, {"no", "not-known"}),
        (Rule.TOLD_OR_SEEN, "told_or_seen", "not-known", ITEM, {"no"}),
        (Rule.JUDGEMENT, "judgement", "yes", ("yes", "no", "not-sure"), {"no", "not-sure"}),
        # the age or the whole case decides this rule, not one sign
        (Rule.UNDER_13, "age", "under-13", ("under-13", "13-15", "not-known"), {"13-15", "not-known"}),
        (Rule.UNDER_13, "S1", "current", WINDOW, set()),
    ],
)
def test_a_rule_is_missed_by_what_somebody_answers_who_does_not_know_it(
    rule: Rule, place: str, answer: str, options: tuple[str, ...], missing: set[str]
) -> None:
    keyed = Keyed(place, answer, "So it is.", rules=(rule,))

    found = {given for given in (*options, None) if missed_at(keyed, given, instrument=INSTRUMENT) == (rule,)}

    assert found == missing


QUIET = tuple(Keyed(item.id, "no", "Nothing was seen.") for item in INSTRUMENT.items)
ASKED = tuple(Keyed(place, "no", "Nothing points to it.") for place in ("danger", "told_or_seen", "judgement"))
CALM = replace(ROBIN.key, keyed=(*QUIET, *ASKED), total=0, category=1, first_call=FirstCall.NOBODY, rules=())
"""A case without harm, in which nobody has to be called."""

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
        # a school calls ART about any concern: this duty is not the person's own concern, and such a call is not late
        ({"profession": "school"}, NOBODY, ""),
        ({"profession": "school", "judgement": "yes"}, LEAD, SUSPECTED),
        ({"profession": "school", "judgement": "yes"}, ART, ""),
        ({"profession": "school", "danger": "yes"}, ART, DANGER),
        # social care, which decides, asks its manager first, but not before 999
        ({"profession": "social-care", "judgement": "yes"}, LEAD, ""),
        ({"profession": "social-care", "judgement": "yes"}, NOBODY, SUSPECTED),
        ({"profession": "social-care", "danger": "yes"}, LEAD, DANGER),
    ],
)
def test_a_call_that_the_key_allows_is_held_against_ones_own_answers(
    answers: dict[str, str], called: FirstCall, lead: str
) -> None:
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
def test_a_call_that_the_key_does_not_allow_is_not_described_further(
    called: FirstCall | None, outcome: ActionOutcome
) -> None:
    """A person who was not asked whom to call is not described either, though their answers mean danger."""
    keyed = keyed_case(INSTRUMENT, CALM)

    found = debrief(PACK, CALM, case=replace(keyed, answers={**keyed.answers, "danger": "yes"}), first_call=called)

    assert [each.outcome for each in found.critical if each.critical is Critical.FIRST_CALL] == [outcome]
    assert found.pressing == ""


def test_a_missed_call_is_mentioned_once() -> None:
    found = debrief(PACK, ROBIN.key, case=keyed_case(INSTRUMENT, ROBIN.key), first_call=FirstCall.NOBODY)

    assert (found.slips, found.pressing) == ((Critical.FIRST_CALL,), "")


VIGNETTES = {each.id: each for each in PACK.vignettes}
AGREED, MISSED, OVER, NOT_ASKED = ActionOutcome


def as_keyed(vignette: Vignette, **changes: str) -> dict[str, str]:
    key = vignette.key
    called = {Critical.FIRST_CALL.value: str(key.first_call)}
    return {**{each.place: each.answer for each in key.places}, **called, **changes}


def alike(answer: str) -> str:
    return "yes" if answer == "missing" else answer


def outcomes(vignette: Vignette, given: Mapping[str, str]) -> Mapping[Critical, ActionOutcome]:
    return {each.critical: each.outcome for each in critical_actions(PACK, vignette.key, given=given)}


@pytest.mark.parametrize("vignette", PACK.vignettes, ids=lambda vignette: vignette.id)
def test_no_answer_that_protects_more_is_missed_and_none_that_protects_less_is_agreed(vignette: Vignette) -> None:
    """For every vignette, role, answer and first call. If the agreed answer is 999, no other call agrees."""
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
    for called, role in product(FirstCall, FACT_WORDS["profession"]):
        given = as_keyed(vignette, profession=role, **{Critical.FIRST_CALL: called})
        found, allowed = outcomes(vignette, given)[Critical.FIRST_CALL], allowed_calls(PACK, key, given=given)
        step = allowed[0]
        if called is step:
            assert found is AGREED
        elif FirstCall.EMERGENCY in (called, step):
            assert found is (OVER if called is FirstCall.EMERGENCY else MISSED)
        elif REACHES[called] < min(REACHES[each] for each in allowed):
            assert found is MISSED
        elif REACHES[called] > REACHES[step] and called is FirstCall.ART:
            assert found is not MISSED
        if role == "school" and called is FirstCall.NOBODY:
            assert found is MISSED


@pytest.mark.parametrize(
    ("name", "changes", "critical", "expected"),
    [
        ("ines", {"danger": "not-known"}, Critical.DANGER, MISSED),
        ("ines", {"danger": "missing"}, Critical.DANGER, AGREED),
        ("femi", {"danger": "yes"}, Critical.DANGER, AGREED),
        ("femi", {"danger": "not-known"}, Critical.DANGER, MISSED),
        ("bea", {"danger": "missing"}, Critical.DANGER, OVER),
        ("sol", {"danger": "not-known"}, Critical.DANGER, MISSED),
        ("sol", {"first-call": "art"}, Critical.FIRST_CALL, MISSED),
        ("bea", {}, Critical.FIRST_CALL, AGREED),
        ("bea", {"profession": "school"}, Critical.FIRST_CALL, MISSED),
        ("bea", {"profession": "school", "first-call": "lead"}, Critical.FIRST_CALL, AGREED),
        ("leon", {"judgement": "yes"}, Critical.FIRST_CALL, MISSED),
        ("leon", {"judgement": "yes", "profession": "social-care"}, Critical.FIRST_CALL, AGREED),
        ("bea", {"danger": "not-known"}, Critical.DANGER, OVER),
        ("lena", {"judgement": "not-sure"}, Critical.JUDGEMENT, MISSED),
        ("leon", {"judgement": "yes", "first-call": "art"}, Critical.JUDGEMENT, AGREED),
        ("vic", {"first-call": "lead"}, Critical.FIRST_CALL, AGREED),
        ("vic", {"first-call": "nobody"}, Critical.FIRST_CALL, MISSED),
        ("una", {"profession": "school"}, Critical.FIRST_CALL, MISSED),
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
    """“Not known” is not No, a contested answer is accepted either way, and No instead of “not known” is a miss."""
    vignette = VIGNETTES[name]

    assert outcomes(vignette, as_keyed(vignette, **changes))[critical] is expected


def test_a_room_counts_each_action_by_its_outcomes() -> None:
    """Three people: one gives the agreed answers, one calls ART first, and one was not asked for a first call."""
    ines = VIGNETTES["ines"]
    silent = {place: answer for place, answer in as_keyed(ines).items() if place != Critical.FIRST_CALL}
    rows = (as_keyed(ines), as_keyed(ines, **{Critical.FIRST_CALL: "art", "danger": "no"}), silent)

    found = outcomes_counted(critical_actions(PACK, ines.key, given=row) for row in rows)

    assert found[Critical.FIRST_CALL] == {AGREED: 1, MISSED: 1, OVER: 0, NOT_ASKED: 1}
    assert found[Critical.DANGER] == {AGREED: 2, MISSED: 1, OVER: 0, NOT_ASKED: 0}
    assert found[Critical.CATEGORY] == {AGREED: 3, MISSED: 0, OVER: 0, NOT_ASKED: 0}


def test_places_without_a_key_count_as_no_difference() -> None:
    ines = VIGNETTES["ines"]
    key = replace(ines.key, keyed=tuple(each for each in ines.key.keyed if each.place != Critical.TOLD_OR_SEEN))

    found = outcomes(replace(ines, key=key), as_keyed(ines, told_or_seen="no"))

    assert found[Critical.TOLD_OR_SEEN] is NOT_ASKED


def test_each_action_shows_the_deed_and_the_key_whether_asked_or_not() -> None:
    """Danger has no agreed answer; disclosure and first call were not asked; 7 points, or 13 with S7, are a range."""
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


def test_a_judgement_alone_does_not_lead_to_the_manager() -> None:
    """The judgement alone calls for a call to ART, although nothing else in the case is urgent."""
    ticked = {"V4": Keyed("V4", "no", ""), "S1": Keyed("S1", "no", ""), "S4": Keyed("S4", "no", "")}
    key = replace(ROBIN.key, keyed=tuple(ticked.get(each.place, each) for each in ROBIN.key.keyed))

    assert allowed_calls(PACK, key, given={}) == (FirstCall.ART,)


@pytest.mark.parametrize(("said", "done", "outcome"), [("yes", "3", AGREED), ("no", "2", MISSED)])
def test_points_that_a_board_adds_count_in_the_category(said: str, done: str, outcome: ActionOutcome) -> None:
    """The board adds 5 points for a child without a school: 12 by the agreed answers."""
    alone = Condition((("no_school", frozenset({"yes"})),))
    board = replace(INSTRUMENT, additions=(*INSTRUMENT.additions, Addition("alone", "No school", 5, alone, "ours")))
    key = replace(ROBIN.key, keyed=(*ROBIN.key.keyed, Keyed("no_school", "yes", "Robin has no school.")))

    found = critical_actions(replace(PACK, instrument=board), key, given=as_keyed(ROBIN, no_school=said))

    assert found[-1] == CriticalAction(Critical.CATEGORY, done, ("3",), outcome)
