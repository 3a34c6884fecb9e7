"""What to find out, as it is shown, and the way through what was not known and back to the result."""

import random
from dataclasses import replace

from dialogs.cards.show import show
from dialogs.core.acts import Kind, Overlay
from state_machines.assessment import Phase
from tests.seraf.score.test_scoring_oracle import random_seraf
from tests.support.counts import each_seed
from tests.support.oracle import M, S, V
from tests.support.pack import other_board
from tests.support.shipped import NOON, SCRIPT
from tests.support.talk.over_results import cards, over_a_result
from tests.support.talk.talking import Talk

NO = dict.fromkeys((*V, *M, *S), "no")
NO_DELAY = "Do not delay the call for this."


def shown(answers: dict[str, str] | None = None, /, **responses: str) -> str:
    """All that is shown of a case where what is not named is No."""
    session = over_a_result(Kind.FIND, {"age": "13-15", **(answers or {})}, {**NO, **responses})
    return "\n\n".join(card.text for card in cards(session))


def with_two_not_known() -> Talk:
    """A whole SERAF with a vulnerability and a sign that are not known, at its result."""
    talk = Talk().open_with().answer(["Not known", *["No"] * 22, "Not known", *["Not in 12 months"] * 6]).close()
    return talk.press("Not sure")


def test_it_opens_with_not_to_delay_and_says_whom_to_ask_and_why() -> None:
    """Each item once, under whom to ask, with what it could do and who else may know."""
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
    """It could change the score, and is changed from the check page."""
    assert "The child's age, or another answer, is not known" in shown({"age": "not-known"}, S1="not-known")
    assert "The child's age" in shown({"age": "not-known"}, S1="recent", V1="not-known")
    assert "The child's age" not in shown({"age": "not-known"}, V1="not-known")
    assert "The child's age" not in shown(S1="not-known")


def test_a_board_that_names_nobody_says_to_ask_whoever_knows_the_child() -> None:
    """With what its own card asks to consider in the place of a reason."""
    session = over_a_result(Kind.FIND, {"age": "13-15"}, {"G1": "no"})

    said = "\n".join(card.text for card in cards(session, other_board.SCRIPT))

    assert "Ask whoever knows the child well" in said
    assert "• Alone: Does the child have few people to turn to?" in said


def test_it_is_offered_only_where_something_is_not_known() -> None:
    """With all answered there is nothing to find out."""
    assert "More", "What to find out" in with_two_not_known().labels
    all_known = Talk().open_with().answer(["No"] * 23).answer(["Not in 12 months"] * 7).close().press("No")
    assert "More", "What to find out" not in all_known.labels


def test_answer_these_asks_only_those_and_then_the_check_and_the_judgement() -> None:
    """Two items, the check page, the judgement with what was said before marked, and only then a number."""
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
    """Where no short question came to matter, the items are all that is asked."""
    talk = with_two_not_known().press("More", "What to find out", "Answer these", "Not in 12 months", "No")

    assert talk.session.phase is Phase.CHECK


def test_back_and_finish_and_pause_work_within_it() -> None:
    """Back goes from one to the one before and then to the check; finishing leads there too; a pause keeps the place."""
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


def test_back_from_what_came_to_matter_leads_to_the_last_of_them() -> None:
    """The short questions are asked after the items, and Back leads to these."""
    talk = with_two_not_known().press("More", "What to find out", "Answer these", "6–12 months ago")
    talk.on()
    talk.press("No")
    assert talk.session.place == "circumstances"

    talk.press("Back")

    assert (talk.session.phase, talk.session.place) == (Phase.ITEMS, "V1")


@each_seed(3_000, 50)
def test_no_card_is_long_and_each_thing_not_known_is_on_just_one(seed: int) -> None:
    """Whatever the case and whoever asks: at most 1,000 characters, opened by not to delay."""
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


def test_a_page_that_is_there_no_more_is_the_last_that_is() -> None:
    """A card that was kept from a longer list is still a card."""
    session = over_a_result(Kind.FIND, {"age": "13-15"}, {**NO, "V1": "not-known"})
    kept = replace(session, overlay=Overlay(Kind.FIND, "9"))

    assert "what to find out 1 of 1" in show(kept, SCRIPT, NOON).text
