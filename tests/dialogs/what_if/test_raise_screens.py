"""What could raise a result, on two cards at most: what is not known first, no target, and never a way down."""

import random
from dataclasses import replace

import pytest

from dialogs.cards.show import show
from dialogs.core.acts import Kind
from docs.phone.measure import VISIBLE, height
from tests.seraf.score.test_scoring_oracle import random_seraf
from tests.support.counts import each_seed
from tests.support.oracle import AGES, M, S, V
from tests.support.shipped import INSTRUMENT, NOON, SCRIPT
from tests.support.talk.over_results import cards, over_a_result
from tests.support.talk.talking import Talk

NO_TARGET = "This is no target: only tick what you have reason to suspect. The number does not decide."


def shown(age: str = "13-15", **responses: str) -> list[str]:
    """The cards of a case where what is not named is No."""
    no = dict.fromkeys((*V, *M, *S), "no")
    return [card.text for card in cards(over_a_result(Kind.RAISE, {"age": age}, {**no, **responses}))]


def test_it_is_opened_from_the_result_and_leads_back_to_what_to_do() -> None:
    """What is not known has the first card; the action card and Urgent are a tap away."""
    talk = Talk().open_with().answer(["No"] * 23).answer(["Not known"]).answer(["Not in 12 months"] * 6).close()
    talk.press("No", "More", "What could raise it?")
    assert talk.text.startswith("BRISK OTTER 41 · what could raise it? 1 of 2\n\nWhat is not known comes first")
    assert talk.labels == ["Next page", "What to do", "Back", "Urgent"]

    talk.press("Next page")
    assert talk.labels == ["Previous", "What to do", "Back", "Urgent"]
    assert NO_TARGET in talk.text

    talk.press("What to do")
    assert talk.session.overlay is None
    assert talk.text.startswith("BRISK OTTER 41 · what to do")


def test_what_is_not_known_is_said_by_what_it_could_call_for() -> None:
    """A serious sign first, then harm of its own, then the rest; and how far all of it could go."""
    first, _ = shown(S1="not-known", S5="not-known", V2="not-known", M9="not-known")

    assert "One of these needs a call, whatever the number: Missing overnight, Unexplained items." in first
    assert "These point to harm that needs help of its own: Physical abuse." in first
    assert "Also not known: Drugs." in first
    assert "All of it together could reach Category 3 (moderate), total 14." in first
    assert "Do not delay the call for this." in first


@pytest.mark.parametrize("more", [0, 1])
def test_each_item_that_is_not_known_is_named_or_counted(more: int) -> None:
    """Eight by name; a ninth is not passed over."""
    others = [item for item in M if item not in INSTRUMENT.other_harm][: 8 + more]
    first = shown(**dict.fromkeys(others, "not-known"))[0]

    assert [INSTRUMENT.item(each).short in first for each in others] == [True] * 8 + [False] * more
    assert (f"{more} more" in first) == bool(more)


def test_where_all_is_known_there_is_one_card() -> None:
    """How far each higher category is, and that one serious sign needs a call."""
    (only,) = shown(V1="yes")

    assert "Category 2 (mild): 5 points more." in only
    assert "Category 4 (significant): 15 points more." in only
    assert "One serious sign needs a call, whatever the number." in only
    assert only.endswith(NO_TARGET)


def test_one_point_is_not_called_points() -> None:
    """At five points Category 2 is one point away."""
    assert "Category 2 (mild): 1 point more." in shown(**dict.fromkeys(V[3:8], "yes"))[0]


def test_in_the_highest_category_there_is_no_way_up_to_be_shown() -> None:
    """More ticks would change nothing that is to be done."""
    (only,) = shown(S2="both", S3="both", S4="both")

    assert "This is Category 4 (significant): there is no higher one" in only
    assert "points more" not in only


def test_an_age_that_nobody_knows_is_said_with_what_it_would_come_to() -> None:
    """On the card of what is not known, where an item is not known as well."""
    first, _ = shown("not-known", S1="recent", V1="not-known")

    assert "If the child is under 13: total 6, Category 2 (mild)." in first


@each_seed(2_000, 60)
def test_at_most_two_cards_fit_a_phone_and_none_speaks_of_fewer_points(seed: int) -> None:
    """Whatever the case; nothing reads like coaching, and nothing shows how to get to less."""
    draw = random.Random(seed)
    age, responses = random_seraf(draw)
    assert age in AGES
    session = over_a_result(Kind.RAISE, {"age": age}, responses)

    found = cards(session)

    assert 1 <= len(found) <= 2
    assert max(height(card) for card in found) <= VISIBLE
    told = " ".join(card.text.lower() for card in found)
    assert not any(word in told for word in ("fewer", "less than", "lower the", "would be enough", "any one of"))
    beyond = show(replace(session, overlay=replace(session.overlay, about="9")), SCRIPT, NOON)  # type: ignore[type-var]
    assert beyond.text == found[-1].text
