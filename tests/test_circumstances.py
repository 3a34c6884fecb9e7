"""The card of short questions: when it comes, what is on it, how it is ticked, and what it leaves for who finishes early."""

import random

import pytest

from dialogs.events import Pressed
from dialogs.screens import show
from dialogs.session import Session
from seraf.responses import Responses
from state_machines.assessment import Phase
from tests.support.counts import times
from tests.support.other_board import SCRIPT as OTHER
from tests.support.shipped import INSTRUMENT, NOON, OCCASION, PACK, SCRIPT
from tests.support.talking import Talk
from tests.support.walking import faults_of_form
from tests.test_scoring_oracle import random_seraf
from tests.test_talking import ALL_NO


def at_the_card(*, age: str = "13–15", danger: str = "No", items: tuple[str, ...] = ()) -> Talk:
    """A talk at the card of short questions, after these responses (the rest No)."""
    talk = Talk().begin().press("Start", danger, "No", "Yes", age, "Form order")
    return talk.answer([*items, *ALL_NO[len(items) :]]).press("Not known", "First")


def test_only_what_matters_is_asked() -> None:
    """For a child with nothing ticked: no exploiter, no grounds, no consent; whoever is 18 or over is asked less still."""
    child, adult = at_the_card(), at_the_card(age="18–25")

    assert child.labels[:8] == [
        *("Moved, alone here", "Disabled", "Not in school", "Recent change", "Child knows"),
        *("Parents know", "Parents: not safe", "Lives elsewhere"),
    ]
    assert adult.labels[:3] == ["Disabled", "Recent change", "Lives elsewhere"]


def test_what_the_items_say_already_is_not_asked() -> None:
    """Missing overnight in the past six months is going missing; absence from school is not being there."""
    talk = Talk().open_with().answer([*["No"] * 15, "Yes", *["No"] * 7, "Past 6 months", *ALL_NO[24:]])

    talk.press("Not known", "First")

    assert not {"Goes missing", "Not in school"} & set(talk.labels)
    assert "Grounds: yes" in talk.labels


def test_a_tick_is_shown_and_may_be_taken_back_and_the_card_stays() -> None:
    """The mark on the button and in the list, under the same token; pressed again, nothing is left of it."""
    talk = at_the_card()
    token = talk.session.card

    talk.press("Disabled")
    assert talk.chosen == ["Disabled"]
    assert "✓ Disabled, or with a learning need" in talk.text
    assert talk.session.card == token

    talk.press("Disabled")
    assert talk.chosen == []
    assert talk.session.answers.get("disabled") is None


def test_two_ticks_of_one_question_take_each_others_place() -> None:
    """Parents cannot both know and not be safe to tell, and a press that comes twice changes nothing."""
    talk = at_the_card().press("Parents know", "Parents: not safe")

    again = talk.take(Pressed(OCCASION, talk.session.card, "t:parents_told=unsafe"))

    assert again.chosen == ["Parents: not safe"]
    assert again.toasts == []


@pytest.mark.parametrize(
    ("rest", "disabled", "told", "consent"),
    [("Rest: No", "no", "no", "not-asked"), ("Rest: not known", "not-known", "not-known", "not-known")],
)
def test_the_rest_is_chosen_and_no_never_settles_what_it_may_not(
    rest: str, disabled: str, told: str, consent: str
) -> None:
    """“Rest: No” gives No to plain questions, and “not asked” to consent, which nobody refused."""
    talk = at_the_card(items=(*["No"] * 3, *["Yes"] * 6))

    talk.press("Child knows", rest)

    answers = dict(talk.session.answers)
    assert talk.session.place == "profession"
    assert (answers["disabled"], answers["parents_told"], answers["consent"]) == (disabled, told, consent)
    assert answers["child_told"] == "yes"


def test_reasonable_grounds_that_nobody_decided_are_not_decided() -> None:
    """In neither way of saying the rest are there none."""
    talk = (
        Talk().open_with().answer([*ALL_NO[:23], "Past 6 months", *ALL_NO[24:]]).press("Not known", "First", "Rest: No")
    )

    assert talk.session.answers.get("grounds") == "not-decided"


def test_missing_now_is_asked_once_going_missing_is_ticked_and_calls_for_999() -> None:
    """Danger was not plainly no: the tick for it comes on the same card, and what it means lies over it at once."""
    talk = at_the_card(danger="Not known", items=(*["No"] * 11, "Yes"))
    assert "Missing now" not in talk.labels

    talk.press("Goes missing", "Missing now")

    assert talk.text.startswith("Call 999 now")
    talk.press("I have called")
    assert talk.chosen == ["Goes missing", "Missing now"]
    talk.press("Missing now")
    assert talk.session.overlay is None


def test_what_was_ticked_stays_on_the_card_although_it_matters_no_more() -> None:
    """What counts can always be seen and taken back."""
    talk = at_the_card(danger="Not known", items=(*["No"] * 11, "Yes")).press("Goes missing", "Missing now")

    talk.press("I have called", "Goes missing")

    assert talk.chosen == ["Missing now"]


def test_every_short_question_explains_itself_and_leads_back() -> None:
    """What counts? lists those of the card; each has its words and the heading that they rest on."""
    talk = at_the_card().press("What counts?")
    assert "Choose one to read what it means." in talk.text
    listed = [label for label in talk.labels if label not in ("Back", "Urgent")]
    assert listed[:3] == ["Moved, alone here", "Disabled", "Not in school"]

    talk.press("Disabled")

    assert "It adds no points here." in talk.text
    assert "Guidance: “Definition”" in talk.text
    assert talk.press("Back").session.place == "circumstances"


def test_the_check_page_has_one_line_for_all_of_them_and_leads_back_to_the_card() -> None:
    """What was ticked, by the words of the buttons; Change, and the check again."""
    talk = at_the_card().press("Disabled", "Recent change", "Rest: No", "School")
    while "Change what else" not in talk.labels:
        talk.press("Next page")
    assert "What else is so: Disabled, Recent change" in talk.text.splitlines()

    talk.press("Change what else", "Disabled", "Recent change", "Rest: No")

    assert talk.session.phase is Phase.CHECK
    assert "What else is so: nothing ticked" in talk.text.splitlines()


def test_a_changed_item_that_makes_another_question_matter_is_said_on_the_check_page() -> None:
    """It was never answered, and nothing is taken for No."""
    talk = at_the_card().press("Rest: No", "School").press(*["Next page"] * 3, "Change 24", "6–12 months ago")
    while "Change what else" not in talk.labels:
        talk.press("Next page")

    assert "What else is so: not answered" in talk.text.splitlines()


def test_finishing_now_asks_who_holds_the_case_who_one_is_and_what_else_is_so() -> None:
    """Three cards, then the check; first or review is left out, and can be answered from there."""
    talk = Talk().open_with().press("More", "Finish now")

    places = [talk.session.place]
    for label in ("No", "Rest: not known", "School"):
        places.append(talk.press(label).session.place)

    assert places == ["allocated", "circumstances", "profession", "1"]
    assert talk.session.phase is Phase.CHECK
    while "Change first/review" not in talk.labels:
        talk.press("Next page")
    assert "First or review: not answered" in talk.text
    assert "Change known before" not in talk.labels
    talk.press("Change first/review", "Review")
    assert "Change known before" in [*talk.labels, *talk.press("Next page").labels]


def test_whoever_finishes_again_and_again_gets_to_the_check_without_an_answer() -> None:
    """What must be asked may be passed over, one press a card: nobody is held up."""
    talk = Talk().open_with()

    for _ in range(4):
        talk.press("More", "Finish now")

    assert talk.session.phase is Phase.CHECK
    assert talk.session.answers.get("allocated") is None


def test_who_is_known_and_answered_all_finishes_at_once() -> None:
    """Back among the items after everything was answered, Finish now leads straight to the check."""
    talk = at_the_card().press("Rest: No", "School", "Back", "Back", "Back", "Back", "Back", "More", "Finish now")

    assert talk.session.phase is Phase.CHECK


def test_finishing_now_on_a_change_leads_back_to_the_check() -> None:
    """Who came from the check page is on it again."""
    talk = at_the_card().press("Rest: No", "School", "Change 1", "More", "Finish now")

    assert talk.session.phase is Phase.CHECK


def test_a_school_that_finishes_early_hears_of_its_duty() -> None:
    """Who one is was asked, so the step that is a school's is there."""
    talk = Talk().open_with().finish().press("These are right", "Not sure")

    assert talk.text.splitlines()[2] == "You work in a school: call now."


def test_whether_they_were_known_is_asked_of_a_review_alone() -> None:
    """A first SERAF is a tap shorter; the guidance asks it of reviews."""
    talk = Talk().open_with().answer(ALL_NO).press("Not known")

    assert talk.press("First").session.place == "circumstances"
    assert talk.press("Back", "Review").session.place == "known"


def test_a_pack_without_short_questions_asks_none() -> None:
    """The table may be left out, and there is no card and no line for it."""
    talk = Talk(OTHER).begin().press("Start", "No", "No", "Yes", "13–15", "Form order").finish()

    assert talk.session.phase is Phase.CHECK
    assert "Change what else" not in talk.labels


@pytest.mark.parametrize("seed", range(times(2_000, 60)))
def test_the_card_fits_whatever_the_case(seed: int) -> None:
    """At most 1,000 characters and three buttons a row, with every tick given."""
    draw = random.Random(seed)
    age, responses = random_seraf(draw)
    answers = {
        **{"age": age, "danger": "not-known", "stage": "review", "known": "yes"},
        **{"told_or_seen": draw.choice(("yes", "no")), "going_missing": "yes"},
        **{each.id: each.ticks[-1].answer for each in PACK.guidance.circumstances if draw.random() < 0.3},
    }
    session = Session(
        *(3, Phase.CLOSING, "circumstances", None, "BRISK OTTER 41", INSTRUMENT.fingerprint),
        *(Responses.of(answers), Responses.of(responses)),
    )

    card = show(session, SCRIPT, NOON, notice="Taps between 10:00 and 10:20 may not have counted. Please look again.")

    assert faults_of_form(card, 3) == []
