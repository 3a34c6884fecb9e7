"""Tests of what is shown with a score, and of the facts of an unfinished case."""

import pytest

from seraf.advice.answer import items_as_values, score_as_values
from seraf.case_view import CaseView
from seraf.form.circumstances import ALWAYS, Condition
from seraf.form.responses import Case, Responses
from seraf.form.vocabulary import Age
from seraf.score.scoring import Caution
from tests.support.shipped import INSTRUMENT, NOON


def case(age: str = "13-15", answers: dict[str, str] | None = None, **responses: str) -> Case:
    return Case(Age(age), Responses.of(responses), answers or {})


def test_only_given_answers_count_so_far() -> None:
    """A person who was not asked yet has answered neither No nor “not known”."""
    said = CaseView(INSTRUMENT, case(answers={"danger": "no"}, V1="yes")).facts_so_far

    assert said["danger"] == {"no"}
    assert said["category"] == {"1"}
    assert said["other_harm"] == {"yes"}
    assert (
        not {"told_or_seen", "judgement", "profession", "highest", "unknown", "manager_discussion", "mix"} & said.keys()
    )


def test_the_category_so_far_is_that_of_the_points_so_far() -> None:
    assert CaseView(INSTRUMENT, case(S1="both")).facts_so_far["category"] == {"2"}
    assert CaseView(INSTRUMENT, case(S1="both", S2="current")).facts_so_far["category"] == {"3"}
    assert CaseView(INSTRUMENT, case("under-13", S1="both", S2="current")).facts_so_far["category"] == {"4"}
    assert CaseView(INSTRUMENT, case()).facts_so_far["other_harm"] == {"no"}


def test_an_addition_that_a_current_sign_carries_needs_no_caution() -> None:
    """The caution is shown if the five points depend on signs of the earlier period alone."""
    resting = CaseView(INSTRUMENT, case("under-13", S1="recent", S2="no")).find(today=NOON.today)
    carried = CaseView(INSTRUMENT, case("under-13", S1="recent", S2="current")).find(today=NOON.today)

    assert Caution.ADDITION_RESTS_ON_RECENT in resting.cautions
    assert Caution.ADDITION_RESTS_ON_RECENT not in carried.cautions


def test_no_item_is_missing_above_the_highest_band() -> None:
    found = CaseView(INSTRUMENT, case(S1="both", S2="both", S3="both")).find(today=NOON.today)

    assert Caution.MISSING_ITEM_AT_EDGE not in found.cautions


def test_unasked_questions_are_marked_in_the_facts() -> None:
    """Danger, disclosure and judgement are “not asked”; any other missing answer is “not known”."""
    facts = CaseView(INSTRUMENT, case()).find(today=NOON.today).facts

    assert facts["danger"] == facts["told_or_seen"] == facts["judgement"] == {"not-asked"}
    assert facts["profession"] == facts["stage"] == facts["allocated"] == {"not-known"}


def test_the_facts_alone_are_those_of_the_findings() -> None:
    given = case(answers={"told_or_seen": "yes"}, V1="yes", S1="recent")

    assert CaseView(INSTRUMENT, given).facts == CaseView(INSTRUMENT, given).find(today=NOON.today).facts


def test_a_score_as_values_holds_plain_values_alone() -> None:
    values = score_as_values(CaseView(INSTRUMENT, case(V1="yes", S1="recent")).find(today=NOON.today))

    assert values["other_harm"] == ["V1"]
    assert values["subtotals"] == {"vulnerability": 1, "moderate": 0, "significant": 1}
    assert type(values["manager_discussion"]) is str
    cautions = values["cautions"]
    assert isinstance(cautions, list)
    assert {type(caution) for caution in cautions} == {str}


def test_the_items_as_values_are_the_form_in_its_order() -> None:
    values = items_as_values(INSTRUMENT)

    assert values["pack"] == {
        "name": "SERAF, South Gloucestershire",
        "edition": INSTRUMENT.edition.label,
        "fingerprint": INSTRUMENT.fingerprint,
    }
    items = values["items"]
    assert isinstance(items, list)
    assert [item["id"] for item in items] == [item.id for item in INSTRUMENT.items]
    assert items[23] == {
        "id": "S1",
        "section": "significant",
        "label": "Periods of going missing overnight or longer",
        "options": ["current", "recent", "both", "no", "not-known"],
        "verified": False,
    }


def test_a_condition_needs_every_key_and_any_word_of_it() -> None:
    """All facts must match, each with any of its values. A missing fact never matches; an empty condition applies."""
    condition = Condition((("age", frozenset({"13-15", "16-17"})), ("mix", frozenset({"none"}))))

    assert condition.holds({"age": frozenset({"16-17"}), "mix": frozenset({"none"})})
    assert not condition.holds({"age": frozenset({"16-17"}), "mix": frozenset({"signs"})})
    assert not condition.holds({"age": frozenset({"16-17"})})
    assert ALWAYS.holds({})


def test_an_option_that_an_item_has_not_is_a_key_error() -> None:
    """Input is checked before, so this can only be a mistake in the code."""
    with pytest.raises(KeyError, match="both"):
        INSTRUMENT.item("V1").option("both")


def test_responses_can_be_given_replaced_and_dropped() -> None:
    first = Responses.of({"V2": "no", "V1": "yes"})

    assert dict(first.give("V1", "no")) == {"V1": "no", "V2": "no"}
    assert first.drop("V1").get("V1") is None
    assert first.drop("X") == first == Responses.of({"V1": "yes", "V2": "no"})
    assert len(first) == 2
