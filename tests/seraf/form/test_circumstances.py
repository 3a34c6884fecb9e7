"""Tests of the card of short questions: when it is shown, what it contains, ticking, and finishing early."""

import random

import pytest

from dialogs.cards.show import show
from dialogs.core.session import Answers, Session
from seraf.form.responses import Responses
from state_machines.assessment import Phase
from tests.dialogs.turn.test_talking import ALL_NO
from tests.seraf.score.test_scoring_oracle import random_seraf
from tests.support.counts import each_seed
from tests.support.pack.other_board import SCRIPT as OTHER
from tests.support.shipped import INSTRUMENT, NOON, PACK, SCRIPT
from tests.support.talk.talking import Talk
from tests.support.talk.walking import faults_of_form

ONE_CARD = ["Moved to exploit", "Family involved", "Seeking asylum", "Disabled", "Not in school", "Lives elsewhere"]


def at_the_card(
    *, age: str = "13–15", danger: str = "Neither", items: tuple[str, ...] = (), role: str = "Health"
) -> Talk:
    talk = Talk().start(role=role).press(danger).on().press("No", "Yes", age, "Form order")
    return talk.answer([*items, *ALL_NO[len(items) :]]).press("Not known", "First")


def test_only_what_matters_is_asked() -> None:
    child, adult = at_the_card(), at_the_card(age="18–25")

    assert child.labels[:6] == ONE_CARD
    assert adult.labels[:4] == ["Moved to exploit", "Family involved", "Disabled", "Lives elsewhere"]


def test_questions_that_exceed_one_card_take_two() -> None:
    """A significant item leads to more than six questions. The first card has those about safety."""
    talk = at_the_card(items=(*ALL_NO[:24], "Past 6 months"))

    first = talk.labels[:5]
    second = talk.press("None of the others").labels[:4]

    assert first == [*ONE_CARD[:2], "Exploiter under 18", "Made to bring in", "Network or place"]
    assert second == ONE_CARD[2:]
    assert "What else applies in this case?" in talk.text


def test_questions_that_the_items_answer_are_not_asked() -> None:
    assert "Not in school" not in at_the_card(items=(*["No"] * 15, "Yes")).labels


@pytest.mark.parametrize(("role", "is_asked"), [("Social worker", True), ("Health", False), ("Police", False)])
def test_grounds_are_asked_of_a_social_worker_alone(role: str, is_asked: bool) -> None:
    """Social workers decide whether there are grounds. They may also answer that this is not decided."""
    talk = at_the_card(items=(*ALL_NO[:24], "Past 6 months"), role=role).press(*["None of the others"] * 2)

    assert ("Grounds: yes" in talk.labels) == is_asked
    if is_asked:
        assert talk.labels[:4] == ["Grounds: yes", "Grounds: no", "Not decided", "Not known"]


def test_a_tick_is_shown_and_may_be_taken_back_and_the_card_stays() -> None:
    talk = at_the_card()
    token = talk.session.card

    talk.press("Disabled")
    assert talk.chosen == ["Disabled"]
    assert "✓ Disabled, or with a learning need" in talk.text
    assert talk.session.card == token

    talk.press("Disabled")
    assert talk.chosen == []
    assert talk.session.answers.get("disabled") is None


def test_a_question_whose_silence_is_no_denial_is_asked_alone() -> None:
    """Whether parents know, and consent, are not answered by “None of the others”."""
    result = Talk().open_with(role="Health", told="Yes").answer(ALL_NO).press("Not known", "First")
    assert result.press("None of the others", "None of the others").labels[:4] == [
        *("They know", "Not told", "Not safe", "Not known")
    ]

    mild = at_the_card(items=(*["No"] * 4, *["Yes"] * 6), role="Youth, early help").press("None of the others")
    assert mild.labels[:4] == ["Agreed", "Refused", "Not asked", "Not known"]


@pytest.mark.parametrize(("rest", "given"), [("None of the others", "no"), ("Others not known", "not-known")])
def test_the_rest_is_chosen(rest: str, given: str) -> None:
    talk = at_the_card().press("Disabled", rest)

    answers = dict(talk.session.answers.around)
    assert (answers["disabled"], answers["moved"], answers["lives_elsewhere"]) == ("yes", given, given)
    assert not {"consent", "parents_told", "grounds", "missing_now"} & answers.keys()


def test_a_tick_stays_on_the_card_although_it_no_longer_matters() -> None:
    talk = (
        at_the_card(items=(*ALL_NO[:24], "Past 6 months")).press("Exploiter under 18").on().press("None of the others")
    )
    talk.rest().press(*["Next page"] * 4, "Back", "Back", "Back", "Back", "Change 25", "Not in 12 months")
    while "Change what applies" not in talk.labels:
        talk.press("Next page")

    assert "Exploiter under 18" in talk.press("Change what applies").chosen


def test_a_changed_item_that_raises_a_question_is_mentioned_on_the_check_page() -> None:
    """The new question is shown as not answered; it is not read as No."""
    talk = at_the_card().press("None of the others").press(*["Next page"] * 3, "Change 24", "6–12 months ago")
    while "Change what applies" not in talk.labels:
        talk.press("Next page")

    assert "What else applies: not answered" in talk.text.splitlines()


def test_finishing_now_asks_for_the_holder_the_role_and_what_else_applies() -> None:
    talk = Talk().open_with().press("More", "Finish now")

    places = [talk.session.place]
    for label in ("No", "Others not known"):
        places.append(talk.press(label).session.place)

    assert places == ["allocated", "circumstances", "1"]
    assert talk.session.phase is Phase.CHECK
    while "Change first/review" not in talk.labels:
        talk.press("Next page")
    assert "First or review: not answered" in talk.text
    assert "Change past concerns" not in talk.labels
    talk.press("Change first/review", "Review")
    assert "Change past concerns" in [*talk.labels, *talk.press("Next page").labels]


def test_finishing_repeatedly_leads_to_the_check_without_an_answer() -> None:
    talk = Talk().open_with()

    for _ in range(3):
        talk.press("More", "Finish now")

    assert talk.session.phase is Phase.CHECK
    assert talk.session.answers.get("allocated") is None


def test_a_known_person_with_all_answers_finishes_at_once() -> None:
    talk = at_the_card().press("None of the others", "Back", "Back", "Back", "Back", "More", "Finish now")

    assert talk.session.phase is Phase.CHECK


def test_finishing_now_on_a_change_leads_back_to_the_check() -> None:
    talk = at_the_card().press("None of the others", "Change 1", "More", "Finish now")

    assert talk.session.phase is Phase.CHECK


def test_whether_they_were_known_is_asked_of_a_review_alone() -> None:
    talk = Talk().open_with().answer(ALL_NO).press("Not known")

    assert talk.press("First").session.place == "circumstances"
    assert talk.press("Back", "Review").session.place == "known"


def test_a_pack_without_short_questions_asks_none() -> None:
    talk = Talk(OTHER).begin().press("Start", "School", "Neither", "No", "Yes", "13–15", "Form order").finish()

    assert talk.session.phase is Phase.CHECK
    assert "Change what applies" not in talk.labels


@each_seed(2_000, 24)
def test_the_card_fits_for_every_case(seed: int) -> None:
    draw = random.Random(seed)
    age, responses = random_seraf(draw)
    answers = {
        **{"age": age, "danger": "not-known", "stage": "review", "known": "yes"},
        **{"told_or_seen": draw.choice(("yes", "no")), "network": "yes"},
        **{each.id: each.ticks[-1].answer for each in PACK.guidance.circumstances if draw.random() < 0.3},
    }
    session = Session(
        *(3, Phase.CLOSING, "circumstances", None, "BRISK OTTER 41", INSTRUMENT.fingerprint),
        Answers(Responses.of(answers), Responses.of(responses)),
    )

    card = show(session, SCRIPT, NOON, notice="Taps between 10:00 and 10:20 may not have counted. Please look again.")

    assert faults_of_form(card, 3) == []
