"""What a case calls for beside its number: alerts at once, and when there is enough to call."""

import pytest

from seraf.answer import items_as_values, score_as_values
from seraf.conditions import ALWAYS, Condition
from seraf.findings import Caution, alert_for, find, is_enough_to_call
from seraf.guidance import When
from seraf.responses import Case, Responses
from seraf.vocabulary import Age
from tests.support.shipped import INSTRUMENT, NOON, PACK


def case(age: str = "13-15", answers: dict[str, str] | None = None, **responses: str) -> Case:
    """A case of these responses."""
    return Case(Age(age), Responses.of(responses), answers or {})


def yes(points: int) -> Case:
    """A case in which this many of the vulnerabilities and moderate indicators are present, and nothing else is known."""
    return Case(Age.FROM_13_TO_15, Responses.of({item.id: "yes" for item in INSTRUMENT.items[:points]}))


@pytest.mark.parametrize(
    ("given", "item", "alert"),
    [
        (case(M4="yes"), "M4", "despair"),
        (case(M4="no"), "M4", None),
        (case(S1="current"), "S1", "harm-now"),
        (case(S3="both"), "S3", "harm-now"),
        (case(S7="current"), "S7", "harm-now"),
        (case(S1="recent"), "S1", None),
        (case(S2="both"), "S2", None),
        (case(S1="current"), "S2", None),
        (case("under-13", M7="yes"), "M7", "under-13"),
        (case("13-15", M7="yes"), "M7", None),
        (case("not-known", M7="yes"), "M7", None),
        (case("under-13", S6="recent"), "S6", "under-13"),
        (case("under-13", S6="not-known"), "S6", None),
    ],
)
def test_an_alert_is_judged_on_the_response_just_given_and_the_age(given: Case, item: str, alert: str | None) -> None:
    """M4 yes, S1, S3 or S7 now, under 13 with M7 or any significant one: and nothing for what was said before."""
    found = alert_for(INSTRUMENT, given, item)

    assert (found.id if found else None) == alert


@pytest.mark.parametrize(
    ("given", "is_enough"),
    [
        (case(), False),
        (case(answers={"told_or_seen": "yes"}), True),
        (case(answers={"told_or_seen": "not-known"}), False),
        (case(S2="current"), True),
        (case(S2="both"), True),
        (case(S2="recent"), False),
        (case(S2="not-known"), False),
        (yes(15), False),
        (yes(16), True),
    ],
)
def test_enough_to_call_is_told_or_seen_a_current_significant_sign_or_sixteen(given: Case, is_enough: bool) -> None:
    """Just these three make it enough; fifteen points do not."""
    assert is_enough_to_call(INSTRUMENT, given) is is_enough


def test_an_addition_that_a_current_sign_carries_needs_no_caution() -> None:
    """The caution is for the five that rest on the earlier window alone: an item answered no besides changes nothing."""
    resting = find(INSTRUMENT, case("under-13", S1="recent", S2="no"), NOON.today)
    carried = find(INSTRUMENT, case("under-13", S1="recent", S2="current"), NOON.today)

    assert Caution.ADDITION_RESTS_ON_RECENT in resting.cautions
    assert Caution.ADDITION_RESTS_ON_RECENT not in carried.cautions


def test_no_item_is_missing_above_the_highest_band() -> None:
    """A total beyond every edge has no edge that a missing item could carry it over."""
    found = find(INSTRUMENT, case(S1="both", S2="both", S3="both"), NOON.today)

    assert Caution.MISSING_ITEM_AT_EDGE not in found.cautions


def test_what_was_not_asked_is_so_said_in_the_facts() -> None:
    """Judgement that was not asked is “not asked”; every other answer that is missing is “not known”."""
    facts = find(INSTRUMENT, case(), NOON.today).facts

    assert facts["judgement"] == {"not-asked"}
    assert facts["danger"] == facts["profession"] == facts["stage"] == {"not-known"}


def test_a_score_as_values_holds_plain_values_alone() -> None:
    """What programs are given is text, whole numbers, lists and tables, in the order of the pack."""
    values = score_as_values(find(INSTRUMENT, case(V1="yes", S1="recent"), NOON.today))

    assert values["other_harm"] == ["V1"]
    assert values["subtotals"] == {"vulnerability": 1, "moderate": 0, "significant": 1}
    assert type(values["manager_discussion"]) is str
    cautions = values["cautions"]
    assert isinstance(cautions, list)
    assert {type(caution) for caution in cautions} == {str}


def test_the_items_as_values_are_the_form_in_its_order() -> None:
    """Programs are told every item with its options and whether it was verified, and which pack it is."""
    values = items_as_values(INSTRUMENT)

    assert values["pack"] == {
        "name": "SERAF, South Gloucestershire",
        "edition": INSTRUMENT.edition,
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


def test_next_steps_stand_in_the_order_of_their_time() -> None:
    """Now, then today, then by the review, whatever the case."""
    found = find(INSTRUMENT, case(answers={"told_or_seen": "yes", "judgement": "yes"}, S1="both"), NOON.today)

    steps = [list(When).index(step.when) for step in PACK.guidance.steps_for(found.facts)]

    assert steps == sorted(steps)
    assert len(set(steps)) > 1


def test_a_condition_needs_every_key_and_any_word_of_it() -> None:
    """AND across keys, OR within a list; a fact that is not there meets nothing; asking for nothing always holds."""
    condition = Condition((("age", frozenset({"13-15", "16-17"})), ("mix", frozenset({"none"}))))

    assert condition.holds({"age": frozenset({"16-17"}), "mix": frozenset({"none"})})
    assert not condition.holds({"age": frozenset({"16-17"}), "mix": frozenset({"signs"})})
    assert not condition.holds({"age": frozenset({"16-17"})})
    assert ALWAYS.holds({})


def test_an_option_that_an_item_has_not_is_a_key_error() -> None:
    """Asking for it is a fault of the code: what people send was judged before."""
    with pytest.raises(KeyError, match="both"):
        INSTRUMENT.item("V1").option("both")


def test_responses_can_be_given_replaced_and_dropped() -> None:
    """Each leaves the first as it was, and an item that was dropped is unanswered, not absent."""
    first = Responses.of({"V2": "no", "V1": "yes"})

    assert dict(first.give("V1", "no")) == {"V1": "no", "V2": "no"}
    assert first.drop("V1").get("V1") is None
    assert first.drop("X") == first == Responses.of({"V1": "yes", "V2": "no"})
    assert len(first) == 2
