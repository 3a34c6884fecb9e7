"""A rehearsal beside its key: what agrees, what moved the category, what was missed, and what is only talked over."""

from collections.abc import Mapping
from dataclasses import replace

from seraf.cases.vignette import FirstCall, Keyed, Rule
from seraf.form.responses import Case, Responses
from seraf.form.vocabulary import Age
from seraf.rehearsal.critical_actions import keyed_case
from seraf.rehearsal.debrief import Debrief, debrief
from tests.support.pack.made_up import ROBIN
from tests.support.shipped import INSTRUMENT, PACK

KEYED = keyed_case(INSTRUMENT, ROBIN.key)
PLACES = 34
"""The age, thirty items, danger, told or seen, and the judgement."""


def answered(changes: Mapping[str, str], **answers: str) -> Case:
    """The key's case with some answers changed; an empty one is taken away."""
    responses = {**dict(KEYED.responses), **changes}
    kept = {place: answer for place, answer in responses.items() if answer}
    return replace(KEYED, responses=Responses.of(kept), answers={**KEYED.answers, **answers})


def places(found: Debrief) -> list[str]:
    """The places of the differences, in order."""
    return [each.keyed.place for each in found.differences]


def test_the_key_agrees_with_itself() -> None:
    """Nothing is missed, and the contested place is only talked over."""
    found = debrief(PACK, ROBIN.key, case=KEYED, first_call=FirstCall.ART)

    assert (found.agreed, found.of, found.differences, found.missed) == (PLACES, PLACES, (), ())
    assert found.met == (Rule.LOOK_BACK, Rule.SUSPICION, Rule.JUDGEMENT)
    assert [each.keyed.place for each in found.talked_over] == ["V4"]
    assert found.is_category_right
    assert found.is_first_call_right


def test_both_readings_of_a_contested_place_agree() -> None:
    """Neither is wrong, even where the category is another."""
    found = debrief(PACK, ROBIN.key, case=answered({"V4": "no"}), first_call=FirstCall.ART)

    assert (found.agreed, found.differences) == (PLACES, ())
    assert found.talked_over[0].given == "no"


def test_a_third_reading_of_a_contested_place_is_a_difference() -> None:
    """Not known is neither of the two."""
    found = debrief(PACK, ROBIN.key, case=answered({"V4": "not-known"}), first_call=FirstCall.ART)

    assert places(found) == ["V4"]
    assert found.talked_over == ()


def test_what_moved_the_category_comes_first() -> None:
    """Five points less make another category; one point more does not."""
    found = debrief(PACK, ROBIN.key, case=answered({"V1": "yes", "S1": "no"}), first_call=FirstCall.ART)

    assert places(found) == ["S1", "V1"]
    assert (found.agreed, found.of) == (PLACES - 2, PLACES)
    assert [each.moves for each in found.differences] == [True, False]
    assert not found.is_category_right


def test_a_range_is_not_the_same_as_its_lowest_category() -> None:
    """What is not known could make it more: that is a difference in the category too."""
    found = debrief(PACK, ROBIN.key, case=answered({"S7": "not-known"}), first_call=FirstCall.ART)

    assert found.reached.category == found.keyed.category
    assert not found.is_category_right
    assert found.differences[0].moves


def test_an_answer_that_was_not_given_is_a_difference() -> None:
    """Silence agrees with nothing."""
    found = debrief(PACK, ROBIN.key, case=answered({"V2": ""}), first_call=FirstCall.ART)

    assert [(each.keyed.place, each.given) for each in found.differences] == [("V2", None)]


def test_a_rule_is_missed_where_any_place_that_practises_it_was() -> None:
    """The others are met; a rule that the key does not practise is neither."""
    found = debrief(PACK, ROBIN.key, case=answered({"S4": "current"}, judgement="no"), first_call=None)

    assert found.missed == (Rule.LOOK_BACK, Rule.JUDGEMENT)
    assert found.met == (Rule.SUSPICION,)
    assert not found.is_first_call_right


def test_the_readings_that_were_taken_count_for_the_category_and_the_first_call() -> None:
    """Neither reading of a contested place is wrong, nor is what follows from it."""
    key = replace(
        ROBIN.key,
        keyed=tuple(
            replace(each, other="no", other_because="It may be nothing.") if each.place in ("S1", "judgement") else each
            for each in ROBIN.key.keyed
        ),
    )

    found = debrief(PACK, key, case=answered({"S1": "no"}, judgement="no"), first_call=FirstCall.LEAD)

    assert (found.agreed, found.reached.category) == (PLACES, 1)
    assert found.is_category_right
    assert found.is_first_call_right


def test_a_wrong_age_is_a_difference_and_misses_the_rule_for_a_child_under_13() -> None:
    """It takes the five points away though every item is answered as the key has it."""
    key = replace(ROBIN.key, age=Age.UNDER_13, rules=(*ROBIN.key.rules, Rule.UNDER_13))

    found = debrief(PACK, key, case=KEYED, first_call=FirstCall.ART)

    assert [(each.keyed.place, each.given, each.moves) for each in found.differences] == [("age", "13-15", True)]
    assert Rule.UNDER_13 in found.missed
    assert not found.is_category_right


def test_an_addition_that_is_reached_all_the_same_is_not_missed() -> None:
    """A window that was read wrongly is another rule's; where all is denied that would have brought it, it is missed."""
    key = replace(ROBIN.key, age=Age.UNDER_13, rules=(*ROBIN.key.rules, Rule.UNDER_13))
    young = replace(KEYED, age=Age.UNDER_13)
    wrong_window = replace(
        young, responses=young.responses.give("S4", "current"), answers={**young.answers, "age": "under-13"}
    )
    denied = replace(wrong_window, responses=wrong_window.responses.give("S1", "no").give("S4", "no"))

    assert debrief(PACK, key, case=wrong_window, first_call=FirstCall.ART).missed == (Rule.LOOK_BACK,)
    assert debrief(PACK, key, case=denied, first_call=FirstCall.ART).missed == (Rule.UNDER_13, Rule.SUSPICION)


def test_whoever_ticks_nothing_has_kept_no_rule_of_the_items() -> None:
    """A right “no” among nothing but “no” puts nothing to the test."""
    blank = answered({item.id: "no" for item in INSTRUMENT.items}, judgement="no")
    key = replace(
        ROBIN.key,
        keyed=tuple(replace(each, rules=(Rule.LOOK_BACK,)) if each.place == "V1" else each for each in ROBIN.key.keyed),
    )

    assert debrief(PACK, key, case=blank, first_call=None).met == ()
    assert debrief(PACK, key, case=blank, first_call=None).missed == (Rule.SUSPICION, Rule.JUDGEMENT)
    assert Rule.LOOK_BACK in debrief(PACK, key, case=KEYED, first_call=None).met


def test_what_was_not_answered_misses_no_rule() -> None:
    """It is a difference, and says nothing of what somebody knows."""
    found = debrief(PACK, ROBIN.key, case=answered({"S1": "", "S4": ""}), first_call=None)

    assert places(found) == ["S1", "S4"]
    assert found.missed == ()


def test_an_age_in_the_key_counts_as_an_age() -> None:
    """Under 13 adds five points with a significant indicator, so the wrong band moves the category."""
    key = replace(ROBIN.key, keyed=(*ROBIN.key.keyed, Keyed("age", "under-13", "Ten years old.")), age=Age.UNDER_13)

    found = debrief(PACK, key, case=KEYED, first_call=FirstCall.ART)

    assert [(each.keyed.place, each.moves) for each in found.differences] == [("age", True)]


def test_a_question_around_the_items_moves_no_category() -> None:
    """The judgement never changes the number."""
    found = debrief(PACK, ROBIN.key, case=answered({}, judgement="no"), first_call=FirstCall.ART)

    assert [(each.keyed.place, each.moves) for each in found.differences] == [("judgement", False)]


def test_a_school_that_rings_art_is_right_whatever_the_key_says() -> None:
    """Schools discuss any concern with ART; for others it is what the case calls for."""
    quiet = dict.fromkeys(("V4", "S1", "S4"), "no")
    key = replace(
        ROBIN.key,
        keyed=tuple(
            replace(each, answer="no", rules=(), other="") if each.place in (*quiet, "judgement") else each
            for each in ROBIN.key.keyed
        ),
        first_call=FirstCall.NOBODY,
    )

    in_school = debrief(PACK, key, case=answered(quiet, judgement="no", profession="school"), first_call=FirstCall.ART)
    elsewhere = debrief(PACK, key, case=answered(quiet, judgement="no", profession="health"), first_call=FirstCall.ART)

    assert (in_school.is_first_call_right, elsewhere.is_first_call_right) == (True, False)
