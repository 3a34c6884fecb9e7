"""What could raise a result, as it is shown: what is near, what it takes, that it is no target, and never a way down."""

import random
from dataclasses import replace

import pytest

from dialogs.overlays import Kind
from dialogs.raise_screens import raise_pages
from dialogs.screens import show
from seraf.raising import raising
from tests.oracle import AGES, M, S, V
from tests.support import other_board
from tests.support.counts import times
from tests.support.over_results import cards, over_a_result
from tests.support.shipped import INSTRUMENT, NOON, SCRIPT
from tests.support.talking import Talk
from tests.test_scoring_oracle import random_seraf

NO_TARGET = "This is not a target. Only tick what you have reason to suspect. The number does not decide."


def shown(age: str = "13-15", **responses: str) -> str:
    """All that is shown of a case where what is not named is No."""
    no = dict.fromkeys((*V, *M, *S), "no")
    found = cards(over_a_result(Kind.RAISE, {"age": age}, {**no, **responses}))
    return "\n\n".join(card.text for card in found)


def test_it_is_opened_from_the_result_and_paged() -> None:
    """Each higher category has its card; the next steps and Urgent are a tap away, and Back leads to the result."""
    talk = Talk().open_with().answer(["No"] * 23).answer(["Past 6 months"]).answer(["Not in 12 months"] * 6).close()
    talk.press("No", "What could raise it?")
    assert talk.text.startswith("BRISK OTTER 41 · what could raise it? 1 of 3\n\nOne point more")
    assert talk.labels == ["Next page", "Next steps", "Back", "Urgent"]

    talk.press("Next page", "Page before", "Next page", "Next page")
    assert talk.labels == ["Page before", "Next steps", "Back", "Urgent"]
    talk.press("Back")
    assert talk.text.startswith("BRISK OTTER 41 · result 1 of")

    talk.press("What could raise it?", "Next steps")
    assert talk.session.overlay is None
    assert "By the review" in talk.text or "Today" in talk.text or "Now" in talk.text


def test_the_ways_are_grouped_so_that_a_phone_can_show_them() -> None:
    """A sign of each kind is a line, however many items it stands for; one or two are named."""
    said = shown(S1="current")

    assert "One point more would make it Category 2 (mild)\n\nOne further response would be enough:" in said
    assert "• any one of 23 vulnerabilities and moderate risk indicators not ticked\n" in said
    assert "• any one of 6 significant risk indicators not ticked, as “6–12 months ago”" in said
    assert "• “Missing overnight”, as “Both”" in said
    assert "At the fewest, two further responses would be enough:" in said
    assert NO_TARGET in said


def test_a_sign_in_the_earlier_window_can_gain_the_other_and_never_lose_its_own() -> None:
    """6–12 months ago becomes both; it is never said as the past six months alone."""
    said = shown(**dict.fromkeys(S, "recent"))

    assert "any one of 7 significant risk indicators ticked for one window, as “Both”" in said
    assert "“Past 6 months”" not in said


def test_the_addition_for_a_child_under_thirteen_is_said() -> None:
    """Who ticks a first sign is told that five points more come with it."""
    assert "This adds 5 more (Under 13, with a significant risk indicator)" in shown("under-13")


def test_two_are_named_together_where_it_takes_both() -> None:
    """Ten points, and two signs of five that are left to add them."""
    said = shown(V1="yes", **dict.fromkeys(S[:5], "recent"))

    assert "• “Exploitation areas” and “Unexplained injury”, as “Past 6 months”" in said


def test_what_is_not_known_says_what_it_could_do_alone() -> None:
    """By one of them, by several, or not at all; and nothing where all is known."""
    several = shown(V1="not-known", V2="not-known", V3="yes", V4="yes", V5="yes", V6="yes")
    none = shown(V1="not-known")

    assert "What is not known could not do it alone." in none
    assert "What is not known could do it alone: at the fewest, two items of it." in several
    assert "not known" not in shown()
    assert "One of the items that are not known could do it alone." in shown(V3="yes", S1="not-known")


def test_the_talk_with_the_manager_is_named() -> None:
    """A first sign, in any window, while the category stays low."""
    said = shown(V3="yes")

    assert "A talk with the team manager\n\nA first sign would call for this talk" in said
    assert "any one of 7 significant risk indicators not ticked, as “6–12 months ago” or “Past 6 months” or “Both”" in (
        said.replace("“Past 6 months” or “6–12 months ago”", "“6–12 months ago” or “Past 6 months”")
    )


def test_an_age_that_is_not_known_says_what_under_thirteen_would_be() -> None:
    """The total and category that it would be, and how far the next would then be."""
    said = shown("not-known", S1="current")

    assert (
        "If the child were under 13: total 10, Category 2 (mild). From there, Category 3 (moderate) would be 1 more"
        in said
    )


def test_in_category_4_nothing_is_higher_and_the_steps_are_pointed_to() -> None:
    """No set of anything; the way to the next steps."""
    session = over_a_result(Kind.RAISE, {"age": "13-15"}, dict.fromkeys(S, "both"))
    card = show(session, SCRIPT, NOON)

    assert "This is Category 4 (significant): there is no higher one" in card.text
    assert [button.label for button in card.buttons] == ["Next steps", "Back", "Urgent"]


def test_another_boards_question_and_reach_are_said_in_its_words() -> None:
    """Its question, should it turn out yes; and a category that its items do not reach."""
    no = dict.fromkeys(("B1", "B2", "G1", "G2", "G3"), "no")
    open_question = over_a_result(Kind.RAISE, {"age": "13-15"}, {**no, "G1": "current"})

    said = "\n".join(card.text for card in cards(open_question, other_board.SCRIPT))

    assert "Is the child disabled? If yes: total 5, Category 3 (high)." in said


@pytest.mark.parametrize("seed", range(times(3_000, 120)))
def test_no_card_is_long_and_none_names_a_way_down(seed: int) -> None:
    """Whatever the case: at most 1,000 characters, and no option that takes a tick back."""
    draw = random.Random(f"cards {seed}")
    age, responses = random_seraf(draw)

    found = cards(over_a_result(Kind.RAISE, {"age": age}, responses))

    assert max(len(card.text) for card in found) <= 1_000
    assert not [card for card in found if "“No”" in card.text or "“Not" in card.text]
    assert all(NO_TARGET in card.text for card in found) or "no higher one" in found[0].text


def test_ages_of_these_cases_are_all_that_there_are() -> None:
    """The random cases above leave no age out, and every page is one of the found."""
    assert "not-known" in AGES
    session = over_a_result(Kind.RAISE, {"age": "13-15"}, {})
    assert len(cards(session)) == len(raise_pages(raising(INSTRUMENT, session.case()), INSTRUMENT))


def test_a_category_that_the_items_cannot_reach_is_said_to_be_so() -> None:
    """A board whose highest category lies beyond all its items; judgement counts all the same."""
    bands = tuple(replace(band, lowest=900) if band.category == 4 else band for band in INSTRUMENT.bands)
    script = replace(SCRIPT, pack=replace(SCRIPT.pack, instrument=replace(INSTRUMENT, bands=bands)))

    found = cards(over_a_result(Kind.RAISE, {"age": "13-15"}, {"V1": "yes"}), script)

    assert "The items of this list do not reach that far. Your judgement counts all the same." in found[2].text
