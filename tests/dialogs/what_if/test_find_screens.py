"""Tests of the cards about what to find out and what could raise the result, and of going through unknown answers."""

import random
from dataclasses import replace

import pytest

from dialogs.cards.show import show
from dialogs.core.acts import Kind, Overlay
from docs.phone.measure import VISIBLE, height
from state_machines.assessment import Phase
from tests.seraf.score.test_scoring_oracle import random_seraf
from tests.support.counts import each_seed
from tests.support.oracle import AGES, M, S, V
from tests.support.pack import other_board
from tests.support.shipped import INSTRUMENT, NOON, SCRIPT
from tests.support.talk.over_results import cards, over_a_result
from tests.support.talk.talking import Talk

NO = dict.fromkeys((*V, *M, *S), "no")
NO_DELAY = "Do not delay the call for this."


def shown(answers: dict[str, str] | None = None, /, **responses: str) -> str:
    session = over_a_result(Kind.FIND, {"age": "13-15", **(answers or {})}, {**NO, **responses})
    return "\n\n".join(card.text for card in cards(session))


def with_two_not_known() -> Talk:
    talk = Talk().open_with().answer(["Not known", *["No"] * 22, "Not known", *["Not in 12 months"] * 6]).close()
    return talk.press("Not sure")


def test_it_opens_with_not_to_delay_and_names_whom_to_ask_and_why() -> None:
    said = shown(S1="not-known", M5="not-known")

    assert said.startswith(f"BRISK OTTER 41 · what to find out 1 of 1\n\n{NO_DELAY}\n\nAsk the police")
    assert (
        "Each of these could change the category by itself:\n"
        "• Missing overnight: One night is enough, and the police hold missing reports. Or: social care, a parent, if safe."
    ) in said
    assert (
        "Ask colleagues, and look in your own records\n\nWith others, these could change the category:\n• Not in"
        in said
    )
    assert "but still matter" in shown(V9="not-known")


def test_an_age_that_is_not_known_is_named_at_the_end() -> None:
    """The age is named only if it could change the score."""
    assert "The child's age, or another answer, is not known" in shown({"age": "not-known"}, S1="not-known")
    assert "The child's age" in shown({"age": "not-known"}, S1="recent", V1="not-known")
    assert "The child's age" not in shown({"age": "not-known"}, V1="not-known")
    assert "The child's age" not in shown(S1="not-known")


def test_a_board_without_names_refers_to_anybody_who_knows_the_child() -> None:
    session = over_a_result(Kind.FIND, {"age": "13-15"}, {"G1": "no"})

    said = "\n".join(card.text for card in cards(session, other_board.SCRIPT))

    assert "Ask whoever knows the child well" in said
    assert "• Alone: Does the child have few people to turn to?" in said


def test_it_is_offered_only_where_something_is_not_known() -> None:
    assert "What to find out" in with_two_not_known().press("More").labels
    all_known = Talk().open_with().answer(["No"] * 23).answer(["Not in 12 months"] * 7).close().press("No")
    assert "What to find out" not in all_known.press("More").labels


def test_answer_these_asks_only_those_and_then_the_check_and_the_judgement() -> None:
    talk = with_two_not_known().press("More", "What to find out", "Answer these")
    assert (talk.session.phase, talk.session.place) == (Phase.ITEMS, "S1")
    assert talk.chosen == ["Not known"]

    talk.press("Past 6 months")
    talk.on()
    assert talk.session.place == "V1"
    talk.press("No")
    assert (talk.session.phase, talk.session.place) == (Phase.CLOSING, "circumstances")
    talk.rest()
    assert (talk.session.phase, talk.session.detour.reopened) == (Phase.CHECK, ())
    talk.press("Continue")
    assert (talk.session.phase, talk.chosen) == (Phase.JUDGEMENT, ["Not sure"])
    talk.press("Yes")

    assert (talk.session.phase, talk.session.place) == (Phase.RESULT, "1")
    assert "30 of 30" in talk.text


def test_nothing_new_that_matters_leads_straight_to_the_check() -> None:
    talk = with_two_not_known().press("More", "What to find out", "Answer these", "Not in 12 months", "No")

    assert talk.session.phase is Phase.CHECK


def test_back_and_finish_and_pause_work_within_it() -> None:
    talk = with_two_not_known().press("More", "What to find out", "Answer these", "Not known")
    assert talk.session.place == "V1"
    talk.command("pause").press("Resume")
    assert (talk.session.place, talk.session.detour.reopened) == ("V1", ("S1", "V1"))

    talk.press("Back")
    assert talk.session.place == "S1"
    talk.press("Back")
    assert talk.session.phase is Phase.CHECK

    talk = with_two_not_known().press("More", "What to find out", "Answer these", "More", "Finish now")
    assert talk.session.phase is Phase.CHECK


def test_back_from_a_raised_question_leads_to_the_last_of_them() -> None:
    talk = with_two_not_known().press("More", "What to find out", "Answer these", "6–12 months ago")
    talk.on()
    talk.press("No")
    assert talk.session.place == "circumstances"

    talk.press("Back")

    assert (talk.session.phase, talk.session.place) == (Phase.ITEMS, "V1")


@each_seed(3_000, 50)
def test_no_card_is_long_and_each_thing_not_known_is_on_just_one(seed: int) -> None:
    """Each card has at most 1,000 characters and begins by saying not to delay."""
    draw = random.Random(f"find {seed}")
    _, responses = random_seraf(draw)
    unknown = [item for item in (*V, *M, *S) if responses.get(item, "not-known") == "not-known"]
    profession = draw.choice(("social-care", "school", "health", "police", "preventative", "other"))
    answers = {"age": "not-known", "profession": profession, "told_or_seen": draw.choice(("yes", "no"))}

    found = cards(over_a_result(Kind.FIND, answers, responses))

    said = "\n".join(card.text for card in found)
    shorts = [SCRIPT.pack.instrument.item(item).short for item in unknown]
    assert max(len(card.text) for card in found) <= 1_000
    assert all(card.text.splitlines()[2] == NO_DELAY for card in found)
    assert {short: said.count(f"\n• {short}: ") for short in shorts} == dict.fromkeys(shorts, 1)


def test_a_page_beyond_the_last_shows_the_last() -> None:
    session = over_a_result(Kind.FIND, {"age": "13-15"}, {**NO, "V1": "not-known"})
    kept = replace(session, overlay=Overlay(Kind.FIND, "9"))

    assert "what to find out 1 of 1" in show(kept, SCRIPT, NOON).text


NO_TARGET = "This is no target: only tick what you have reason to suspect. The number does not decide."


def raised(age: str = "13-15", **responses: str) -> list[str]:
    no = dict.fromkeys((*V, *M, *S), "no")
    return [card.text for card in cards(over_a_result(Kind.RAISE, {"age": age}, {**no, **responses}))]


def test_it_is_opened_from_the_result_and_leads_back_to_what_to_do() -> None:
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


def test_unknowns_are_described_by_what_they_could_call_for() -> None:
    first, _ = raised(S1="not-known", S5="not-known", V2="not-known", M9="not-known")

    assert "One of these needs a call, whatever the number: Missing overnight, Unexplained items." in first
    assert "These point to harm that needs help of its own: Physical abuse." in first
    assert "Also not known: Drugs." in first
    assert "All of it together could reach Category 3 (moderate), total 14." in first
    assert "Do not delay the call for this." in first


@pytest.mark.parametrize("more", [0, 1])
def test_each_item_that_is_not_known_is_named_or_counted(more: int) -> None:
    others = [item for item in M if item not in INSTRUMENT.other_harm][: 8 + more]
    first = raised(**dict.fromkeys(others, "not-known"))[0]

    assert [INSTRUMENT.item(each).short in first for each in others] == [True] * 8 + [False] * more
    assert (f"{more} more" in first) == bool(more)


def test_where_all_is_known_there_is_one_card() -> None:
    (only,) = raised(V1="yes")

    assert "Category 2 (mild): 5 points more." in only
    assert "Category 4 (significant): 15 points more." in only
    assert "One serious sign needs a call, whatever the number." in only
    assert only.endswith(NO_TARGET)


def test_one_point_is_not_called_points() -> None:
    assert "Category 2 (mild): 1 point more." in raised(**dict.fromkeys(V[3:8], "yes"))[0]


def test_in_the_highest_category_no_higher_band_is_shown() -> None:
    (only,) = raised(S2="both", S3="both", S4="both")

    assert "This is Category 4 (significant): there is no higher one" in only
    assert "points more" not in only


def test_an_unknown_age_is_shown_with_its_possible_effect() -> None:
    first, _ = raised("not-known", S1="recent", V1="not-known")

    assert "If the child is under 13: total 6, Category 2 (mild)." in first


@each_seed(2_000, 60)
def test_at_most_two_cards_fit_a_phone_and_none_speaks_of_fewer_points(seed: int) -> None:
    draw = random.Random(seed)
    age, responses = random_seraf(draw)
    assert age in AGES
    session = over_a_result(Kind.RAISE, {"age": age}, responses)

    found = cards(session)

    assert 1 <= len(found) <= 2
    assert max(height(card) for card in found) <= VISIBLE
    result = " ".join(card.text.lower() for card in found)
    assert not any(word in result for word in ("fewer", "less than", "lower the", "would be enough", "any one of"))
    beyond = show(replace(session, overlay=replace(session.overlay, about="9")), SCRIPT, NOON)  # type: ignore[type-var]
    assert beyond.text == found[-1].text
