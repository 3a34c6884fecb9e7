"""What is so of a case, and what could be: the facts on which the rules of a pack are judged."""

from dataclasses import replace

import pytest

from seraf.case_view import CaseView
from seraf.form.circumstances import Condition
from seraf.form.instrument import Addition
from seraf.form.responses import Case, Responses
from seraf.form.vocabulary import Age
from tests.support.shipped import INSTRUMENT, NOON

ALL_NO = {item.id: "no" for item in INSTRUMENT.items}


def facts_of(age: str = "13-15", **responses: str) -> dict[str, frozenset[str]]:
    """The facts of a case in which all that is not named is absent."""
    case = Case(Age(age), Responses.of({**ALL_NO, **responses}))
    return dict(CaseView(INSTRUMENT, case).find(today=NOON.today).facts)


def test_responses_hold_what_was_answered_and_nothing_else() -> None:
    """By the item alone: an answer of “not known” is one, and what was taken back is none."""
    given = Responses.of({"V1": "yes", "V2": "not-known"})

    assert [each in given for each in ("V1", "V2", "V3", "yes")] == [True, True, False, False]
    assert "V2" not in given.drop("V2")


@pytest.mark.parametrize(
    ("responses", "mix"),
    [
        ({}, "none"),
        ({"V1": "yes"}, "vulnerability"),
        ({"V1": "yes", "M1": "yes"}, "vulnerability+moderate"),
        ({"S1": "recent", "M1": "yes"}, "moderate+significant"),
        ({"S1": "both", "M1": "yes", "V9": "yes"}, "vulnerability+moderate+significant"),
        ({"S1": "not-known"}, "none"),
    ],
)
def test_the_mix_names_the_sections_that_gave_points(responses: dict[str, str], mix: str) -> None:
    """In the order of the form, and “none” where nothing gave any."""
    assert facts_of(**responses)["mix"] == {mix}


def test_other_harm_and_what_is_unknown_are_words_of_their_own() -> None:
    """Yes or no, some or none, as the pack's conditions ask for them."""
    nothing, something = facts_of(), facts_of(V1="yes", M7="not-known")

    assert [nothing["other_harm"], something["other_harm"]] == [{"no"}, {"yes"}]
    assert [nothing["unknown"], something["unknown"]] == [{"none"}, {"some"}]


def test_categories_and_the_discussion_are_among_the_facts() -> None:
    """The category of the total, the highest that it could be, and whether the manager's discussion is due."""
    found = facts_of(V1="yes", S1="not-known")

    assert found["category"] == {"1"}
    assert found["highest"] == {"2"}
    assert found["manager_discussion"] == {"possible"}


def test_present_and_current_name_items_and_their_sections() -> None:
    """A sign of 6–12 months ago is present, and not current; what is absent or not known is neither."""
    found = facts_of(V1="yes", S1="recent", S2="not-known")

    assert found["present"] == {"V1", "vulnerability", "S1", "significant"}
    assert found["current"] == {"V1", "vulnerability"}


@pytest.mark.parametrize(("given", "is_range"), [("no", False), ("not-known", True)])
def test_a_score_is_a_range_where_what_is_unknown_could_change_the_category(given: str, is_range: bool) -> None:
    """One significant item not known can lead from Category 1 to Category 2; with everything known there is one category."""
    found = CaseView(INSTRUMENT, Case(Age.FROM_13_TO_15, Responses.of({**ALL_NO, "S1": given}))).score

    assert found.is_range is is_range


@pytest.mark.parametrize(("given", "highest"), [("not-known", 8), ("no", 0)])
def test_an_addition_for_a_current_sign_counts_in_the_highest_while_the_sign_is_not_known(
    given: str, highest: int
) -> None:
    """A pack may add points for the current window alone: an unknown item could be in it."""
    when = Condition((("current", frozenset({"significant"})),))
    instrument = replace(INSTRUMENT, additions=(Addition("now", "Now", 2, when, "ours"),))

    found = CaseView(instrument, Case(Age.FROM_13_TO_15, Responses.of({**ALL_NO, "S1": given}))).score

    assert (found.total, found.highest.total) == (0, highest)


def test_the_local_date_is_that_of_the_local_time() -> None:
    """What is overdue is judged by the day that people there live."""
    assert NOON.today.isoformat() == "2026-03-04"
