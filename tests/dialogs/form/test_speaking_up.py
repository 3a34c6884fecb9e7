"""Tests that urgent questions come at once and only once in every order of the items, and that urgency never falls."""

import random
from dataclasses import replace

import pytest

from dialogs.core.acts import Kind, Overlay
from dialogs.core.session import Session
from dialogs.form.reasons import leading_so_far, speak_up, urgency_so_far
from seraf.advice.action_plan import Urgency
from seraf.form.circumstances import Circumstance
from seraf.form.responses import Responses
from seraf.form.vocabulary import NOT_KNOWN
from tests.support.counts import each_seed
from tests.support.shipped import INSTRUMENT, PACK
from tests.support.talk.talking import MILDLY, Talk

AT_ONCE = [each for each in PACK.guidance.circumstances if each.at_once]
WORST = ("danger", "not-tonight", NOT_KNOWN, "yes", "no")
"""Answers to urgent questions, the worst first."""

BESIDE = ("What counts?", "Back", "Urgent")
"""The buttons below the answers to an urgent question."""

TICKED = [
    (each, item)
    for each in AT_ONCE
    for condition in each.matters
    for name, items in condition.asks
    if name in ("present", "current") and each.id != "reported"
    for item in sorted(items)
]
"""Each urgent question with each item that causes it."""


def no(talk: Talk) -> str:
    return "No" if "No" in talk.labels else "Not in 12 months"


def to_item(place: str) -> Talk:
    talk = Talk().open_with(role="Health")
    while talk.session.place != place:
        talk.press(no(talk))
    return talk


@pytest.mark.parametrize(("question", "item"), TICKED, ids=lambda each: each if isinstance(each, str) else each.id)
def test_urgent_questions_are_asked_at_once_one_by_one(question: Circumstance, item: str) -> None:
    talk = to_item(item)

    talk.press("Yes" if "Yes" in talk.labels else "Past 6 months")

    assert talk.session.overlay == Overlay(Kind.FOLLOW_UP, question.id)
    assert talk.labels == [*(tick.short for tick in question.ticks), "Not known", "What counts?", "Back", "Urgent"]


@pytest.mark.parametrize(("question", "item"), TICKED, ids=lambda each: each if isinstance(each, str) else each.id)
def test_urgent_questions_are_asked_at_once_in_quick_mode(question: Circumstance, item: str) -> None:
    talk = Talk().open_with(role="Health", order="Quick")
    section = INSTRUMENT.item(item).section.id
    if section == "significant":
        return
    if section == "moderate":
        talk.press("None of the others")

    talk.press(INSTRUMENT.item(item).short)

    assert talk.session.overlay == Overlay(Kind.FOLLOW_UP, question.id)
    talk.press(MILDLY[question.id]).on().press("None of the others")
    assert talk.session.overlay is None
    assert talk.session.answers.items.get(item) == "yes"


@pytest.mark.parametrize(("question", "item"), TICKED, ids=lambda each: each if isinstance(each, str) else each.id)
@pytest.mark.parametrize("order", ["Form order", "Serious first", "Quick"])
def test_going_back_from_it_asks_again_before_anything_else(question: Circumstance, item: str, order: str) -> None:
    """Back leads to the tick that caused the question. The next card asks it again, unless the tick was removed."""
    tick, section = INSTRUMENT.item(item), INSTRUMENT.item(item).section.id
    talk = Talk().open_with(role="Health", order=order)
    while talk.session.place not in (item, section):
        talk.press("None of the others" if "None of the others" in talk.labels else no(talk))
    label = tick.short if talk.session.place == section else "Yes" if "Yes" in talk.labels else "Past 6 months"
    place = talk.session.place

    talk.press(label, "What counts?", "Back", "Back")

    assert (talk.session.overlay, talk.session.place) == (None, place)
    left = "None of the others" if place == section else label
    assert talk.press(left).session.overlay == Overlay(Kind.FOLLOW_UP, question.id)
    talk.press("Back")
    if place == section and talk.session.place != place:
        talk.press("Back")
    talk.press(*([label, "None of the others"] if place == section else [no(talk)]))
    assert talk.session.overlay is None
    assert question.id not in talk.session.answers.around


def test_a_question_that_was_gone_back_from_is_asked_of_somebody_who_finishes_now() -> None:
    talk = to_item("V2").press("Yes", "Back").press("More", "Finish now")

    talk.press("Not known")

    assert talk.session.overlay == Overlay(Kind.FOLLOW_UP, "going_on")
    talk.press("Now, or may be", "Not known")
    assert talk.session.overlay == Overlay(Kind.STOP)
    assert {"harm-now", "tonight"} <= {lead.reason for lead in leading_so_far(talk.session, PACK)}


def test_an_urgent_unknown_answer_can_be_changed_once_its_item_is_undone() -> None:
    talk = to_item("V1").press("Yes", "Not known", "Not known", "Back", "No").answer(["No"] * 22)
    talk.answer([no(talk)] * 7).press("No", "First").rest()
    while "Change safe tonight" not in talk.labels:
        talk.press("Next page")
    assert "Safe now and tonight: Not known" in talk.text

    talk.press("Change safe tonight", "Yes")

    assert talk.session.answers.get("safe") == "yes"


@each_seed(60, 4)
def test_a_question_that_cannot_wait_is_asked_once(seed: int) -> None:
    """Other items that cause it do not repeat it, unless a new tick may contradict an answer such as “It is over”."""
    draw, asked = random.Random(f"once {seed}"), []
    talk = Talk().open_with(order=draw.choice(("Form order", "Serious first")))
    for _ in range(60):
        overlay = talk.session.overlay
        if overlay and overlay.kind is Kind.FOLLOW_UP:
            question = PACK.guidance.circumstance(overlay.about)
            if question is not None and talk.session.answers.get(question.id) not in question.again:
                asked.append(overlay.about)
            talk.press(draw.choice([label for label in talk.labels if label not in BESIDE]))
        elif overlay:
            talk.press(next(each for each in ("Prepare the call", "Go on") if each in talk.labels))
        elif "None of the others" in talk.labels:
            talk.press("None of the others")
        elif talk.session.place in INSTRUMENT:
            talk.press(draw.choice(("Back", *(["Yes", "No"] if "Yes" in talk.labels else ["Past 6 months", no(talk)]))))

    assert len(asked) == len(set(asked))


def test_after_danger_nobody_is_asked_whether_it_is_safe() -> None:
    talk = Talk().start().press("In danger").on().press("No", "Yes", "13–15").press("Past 6 months")

    assert talk.session.overlay is None
    assert talk.text.endswith("Call 999, if you have not yet.")


@pytest.mark.parametrize(("role", "word"), [("Health", "call"), ("Social worker", "act")])
def test_before_the_judgement_no_category_is_named(role: str, word: str) -> None:
    """Many moderate items make a call due. The category would influence the judgement, so it is named afterwards."""
    ticked = {item.id for item in INSTRUMENT.items} - {*INSTRUMENT.other_harm, "M3", "M11"}
    talk = Talk().open_with(role=role)
    while not (talk.session.overlay and talk.session.overlay.kind is Kind.STOP):
        talk.press("It is over" if talk.session.overlay else "Yes" if talk.session.place in ticked else "No")

    assert f"You know enough to {word} now." in talk.text
    assert "Category" not in talk.text
    assert "moderate" not in talk.text


@each_seed(300, 12)
def test_no_level_falls_while_answers_only_grow_worse(seed: int) -> None:
    """In random cases, each further answer is worse, so the urgency must rise or stay the same."""
    draw = random.Random(f"worse {seed}")
    talk = Talk().open_with(role=draw.choice(("School", "Health", "Police", "Social worker", "Leaving care")))
    session = talk.session
    worse = [(item.id, option.id) for item in INSTRUMENT.items for option in item.section.options if option.is_present]
    asked = [(each.id, each.ticks[0].answer) for each in PACK.guidance.circumstances if each.card]
    before = urgency_so_far(session, PACK)
    for place, answer in draw.sample([*worse, *asked], 40):
        session = answered(session, place, answer)
        now = urgency_so_far(session, PACK)
        assert now >= before, (place, answer)
        before = now

    assert session.told.urgency == before >= Urgency.CALL


def answered(session: Session, place: str, answer: str) -> Session:
    """Return the session after `answer`, or a worse one already given, and the worst answer to each question raised."""
    if place in INSTRUMENT:
        worse = _worse(session.answers.items.get(place), answer)
        after = replace(session, answers=replace(session.answers, items=session.answers.items.give(place, worse)))
    else:
        after = replace(session, answers=session.answers.give(place, answer), overlay=None)
    after = speak_up(after, PACK)
    if after.overlay and after.overlay.kind is Kind.FOLLOW_UP:
        question = PACK.guidance.circumstance(after.overlay.about)
        assert question is not None
        return answered(after, question.id, next(each for each in WORST if each in question.words))
    return replace(after, overlay=None)


def _worse(given: str | None, answer: str) -> str:
    return "both" if given and given != answer and answer != "yes" else answer


@pytest.mark.parametrize(
    ("first", "second", "is_again"),
    [({"danger": "yes"}, {"danger": "missing"}, True), ({"safe": "not-tonight"}, {"told_or_seen": "yes"}, False)],
)
def test_an_answer_undone_and_repeated_stops_nobody_again(
    first: dict[str, str], second: dict[str, str], is_again: bool
) -> None:
    """A new reason for 999 shows the call card again; a new reason for another call does not."""
    session, stops = Talk().open_with().session, []
    calm = {"danger": "no", "told_or_seen": "no", "safe": "yes"}
    session = session.responding(session.answers.items.give("V1", "yes"))
    for said in (first, {}, second, {}, first):
        answers = {**dict(session.answers.around), **calm, "going_on": "yes", "reported": "yes", **said}
        session = speak_up(session.answered(Responses.of(answers)).beneath(None), PACK)
        stops.append(session.overlay and session.overlay.kind)

    assert stops == [Kind.STOP, None, Kind.STOP if is_again else None, None, None]


def test_a_question_that_the_pack_has_no_more_is_gone_on_from() -> None:
    """The board removed the question meanwhile. The card offers to go on to the item, and still shows whom to call."""
    talk = Talk().open_with()
    item = talk.text
    talk.session = replace(talk.session, overlay=Overlay(Kind.FOLLOW_UP, "gone"))
    talk.type()

    assert talk.labels == ["Go on", "Urgent"]
    assert talk.press("Go on").text == item


def test_a_call_can_be_prepared_when_everything_is_answered() -> None:
    """No item is left to be asked first, so the next item in the usual order follows."""
    talk = Talk().open_with().answer(["No"] * 23 + ["Not in 12 months"] * 7)
    while talk.session.place != "V2":
        talk.press("Back")
    talk.press("Yes", "Now, or may be", "Not tonight", "Prepare the call")

    talk.press("No")

    assert talk.session.place == "V4"


def test_999_is_not_called_by_a_call_to_social_care_nor_by_saying_that_one_cannot() -> None:
    still = "Call 999, if you have not yet."
    result = Talk().start().press("Neither", "Yes", "I called", "Referral taken")
    while "In danger" not in result.labels:
        result.press("Back")
    result.press("In danger", "Prepare the call")
    assert still in result.text

    cannot = Talk().start().press("In danger", "Cannot call", "Back")
    while cannot.session.overlay:
        cannot.press("Back" if "Back" in cannot.labels else "Prepare the call")
    assert still in cannot.text


def test_a_correction_on_a_tick_list_before_a_call_counts() -> None:
    """“Others not known” keeps earlier answers on the first visit to a list only. On later visits it replaces them."""
    talk = Talk().open_with(told="Yes")
    while "None of the others" not in talk.labels:
        talk.press("Not in 12 months")
    place = talk.session.place
    talk.press("None of the others").press("Back")
    assert talk.session.place == place

    talk.press("Others not known")

    assert "not-known" in {talk.session.answers.items.get(item.id) for item in INSTRUMENT.of_section(place)}
