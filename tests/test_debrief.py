"""A rehearsal beside its key: what agrees, what moved the category, what was missed, and what is only talked over."""

from collections.abc import Mapping
from dataclasses import replace

from seraf.debrief import Debrief, debrief, keyed_case
from seraf.responses import Case, Responses
from seraf.vignette import FirstCall, Keyed, Rule
from seraf.vocabulary import Age
from tests.support.made_up import ROBIN
from tests.support.shipped import INSTRUMENT

KEYED = keyed_case(INSTRUMENT, ROBIN.key)
PLACES = 33
"""Thirty items, danger, told or seen, and the judgement."""


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
    found = debrief(INSTRUMENT, ROBIN.key, KEYED, FirstCall.ART)

    assert (found.agreed, found.of, found.differences, found.missed) == (PLACES, PLACES, (), ())
    assert found.met == (Rule.LOOK_BACK, Rule.SUSPICION, Rule.JUDGEMENT)
    assert [each.keyed.place for each in found.talked_over] == ["V4"]
    assert found.is_category_right
    assert found.is_first_call_right


def test_both_readings_of_a_contested_place_agree() -> None:
    """Neither is wrong, even where the category is another."""
    found = debrief(INSTRUMENT, ROBIN.key, answered({"V4": "no"}), FirstCall.ART)

    assert (found.agreed, found.differences) == (PLACES, ())
    assert found.talked_over[0].given == "no"


def test_a_third_reading_of_a_contested_place_is_a_difference() -> None:
    """Not known is neither of the two."""
    found = debrief(INSTRUMENT, ROBIN.key, answered({"V4": "not-known"}), FirstCall.ART)

    assert places(found) == ["V4"]
    assert found.talked_over == ()


def test_what_moved_the_category_comes_first() -> None:
    """Five points less make another category; one point more does not."""
    found = debrief(INSTRUMENT, ROBIN.key, answered({"V1": "yes", "S1": "no"}), FirstCall.ART)

    assert places(found) == ["S1", "V1"]
    assert [each.moves for each in found.differences] == [True, False]
    assert not found.is_category_right


def test_a_range_is_not_the_same_as_its_lowest_category() -> None:
    """What is not known could make it more: that is a difference in the category too."""
    found = debrief(INSTRUMENT, ROBIN.key, answered({"S7": "not-known"}), FirstCall.ART)

    assert found.reached.category == found.keyed.category
    assert not found.is_category_right
    assert found.differences[0].moves


def test_an_answer_that_was_not_given_is_a_difference() -> None:
    """Silence agrees with nothing."""
    found = debrief(INSTRUMENT, ROBIN.key, answered({"V2": ""}), FirstCall.ART)

    assert [(each.keyed.place, each.given) for each in found.differences] == [("V2", None)]


def test_a_rule_is_missed_where_any_place_that_practises_it_was() -> None:
    """The others are met; a rule that the key does not practise is neither."""
    found = debrief(INSTRUMENT, ROBIN.key, answered({"S4": "current"}, judgement="no"), None)

    assert found.missed == (Rule.LOOK_BACK, Rule.JUDGEMENT)
    assert found.met == (Rule.SUSPICION,)
    assert not found.is_first_call_right


def test_an_age_in_the_key_counts_as_an_age() -> None:
    """Under 13 adds five points with a significant indicator, so the wrong band moves the category."""
    key = replace(ROBIN.key, keyed=(*ROBIN.key.keyed, Keyed("age", "under-13", "Ten years old.")), age=Age.UNDER_13)

    found = debrief(INSTRUMENT, key, KEYED, FirstCall.ART)

    assert [(each.keyed.place, each.moves) for each in found.differences] == [("age", True)]


def test_a_question_around_the_items_moves_no_category() -> None:
    """The judgement never changes the number."""
    found = debrief(INSTRUMENT, ROBIN.key, answered({}, judgement="no"), FirstCall.ART)

    assert [(each.keyed.place, each.moves) for each in found.differences] == [("judgement", False)]


def test_a_school_that_rings_art_is_right_whatever_the_key_says() -> None:
    """Schools discuss any concern with ART; for others the key stands."""
    key = replace(ROBIN.key, first_call=FirstCall.LEAD)

    in_school = debrief(INSTRUMENT, key, answered({}, profession="school"), FirstCall.ART)
    elsewhere = debrief(INSTRUMENT, key, answered({}, profession="health"), FirstCall.ART)

    assert (in_school.is_first_call_right, elsewhere.is_first_call_right) == (True, False)
