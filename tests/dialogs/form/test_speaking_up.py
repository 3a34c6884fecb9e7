"""What cannot wait for the result: it comes at once, in every way of taking the items, once; and no level falls on the way."""

import random
from dataclasses import replace

import pytest

from dialogs.core.overlays import Kind, Overlay
from dialogs.core.session import Session
from dialogs.form.at_once import lead_so_far, lead_without_number, speak_up, urgency_so_far
from seraf.advice.urgency import Urgency
from seraf.form.circumstances import Circumstance
from seraf.form.vocabulary import NOT_KNOWN
from tests.support.counts import each_seed
from tests.support.shipped import INSTRUMENT, PACK
from tests.support.talk.talking import MILDLY, Talk

AT_ONCE = [each for each in PACK.guidance.circumstances if each.at_once]
WORST = ("danger", "not-tonight", NOT_KNOWN, "yes", "no")
"""Answers to what is asked at once, the worst first; of each question those that it has."""

BESIDE = ("What counts?", "Back", "Urgent")
"""What stands under its answers."""

TICKED = [
    (each, item)
    for each in AT_ONCE
    for condition in each.matters
    for name, items in condition.asks
    if name in ("present", "current")
    for item in sorted(items)
]
"""Each question that is put at once, with each item that brings it."""


def no(talk: Talk) -> str:
    """The label of the answer that an item is absent."""
    return "No" if "No" in talk.labels else "Not in 12 months"


def to_item(place: str) -> Talk:
    """One by one, no to everything before an item."""
    talk = Talk().open_with(role="Health")
    while talk.session.place != place:
        talk.press(no(talk))
    return talk


@pytest.mark.parametrize(("question", "item"), TICKED, ids=lambda each: each if isinstance(each, str) else each.id)
def test_what_cannot_wait_is_asked_at_once_one_by_one(question: Circumstance, item: str) -> None:
    """On the very next card, with its own answers, for every item that brings it."""
    talk = to_item(item)

    talk.press("Yes" if "Yes" in talk.labels else "Past 6 months")

    assert talk.session.overlay == Overlay(Kind.FOLLOW_UP, question.id)
    assert talk.labels == [*(tick.short for tick in question.ticks), "Not known", "What counts?", "Back", "Urgent"]


@pytest.mark.parametrize(("question", "item"), TICKED, ids=lambda each: each if isinstance(each, str) else each.id)
def test_what_cannot_wait_is_asked_at_once_in_quick_mode(question: Circumstance, item: str) -> None:
    """Over the card of ticks, which keeps its tick; and not again once the rest was given."""
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
    assert talk.session.responses.get(item) == "yes"


@pytest.mark.parametrize(("question", "item"), TICKED, ids=lambda each: each if isinstance(each, str) else each.id)
@pytest.mark.parametrize("order", ["Form order", "Serious first", "Quick"])
def test_whoever_goes_back_from_it_is_asked_again_before_anything_else(
    question: Circumstance, item: str, order: str
) -> None:
    """Back is to the tick that brought it: taken back nothing is asked, and left as it is the next card asks again."""
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
    assert question.id not in talk.session.answers


def test_a_question_that_was_gone_back_from_is_asked_of_somebody_who_finishes_now() -> None:
    """Nothing that cannot wait is lost on the way: who finishes is asked it, and the lead follows."""
    talk = to_item("V1").press("Yes", "Back").press("More", "Finish now")

    talk.press("Not known")

    assert talk.session.overlay == Overlay(Kind.FOLLOW_UP, "safe")
    talk.press("Not known", "Go on")
    assert lead_so_far(talk.session, PACK).id == "tonight"


def test_what_cannot_wait_and_is_not_known_can_be_changed_once_its_item_is_taken_back() -> None:
    """It still leads, so it stands on the check page: the person sees it, and says what they know by now."""
    talk = to_item("V1").press("Yes", "Not known", "Go on", "Back", "No").answer(["No"] * 22)
    talk.answer([no(talk)] * 7).press("No", "First").rest()
    assert lead_so_far(talk.session, PACK).id == "tonight"
    while "Change safe tonight" not in talk.labels:
        talk.press("Next page")
    assert "Safe now and tonight: Not known" in talk.text

    talk.press("Change safe tonight", "Yes")

    assert lead_so_far(talk.session, PACK).id != "tonight"


@each_seed(60, 4)
def test_a_question_that_cannot_wait_is_asked_once(seed: int) -> None:
    """However many items bring it, forward and back again; whoever answered it can change it on the check page."""
    draw, asked = random.Random(f"once {seed}"), []
    talk = Talk().open_with(order=draw.choice(("Form order", "Serious first")))
    for _ in range(60):
        overlay = talk.session.overlay
        if overlay and overlay.kind is Kind.FOLLOW_UP:
            asked.append(overlay.about)
            talk.press(draw.choice([label for label in talk.labels if label not in BESIDE]))
        elif overlay:
            talk.press("Go on" if "Go on" in talk.labels else "I have called")
        elif talk.session.place in INSTRUMENT:
            talk.press(draw.choice(("Back", *(["Yes", "No"] if "Yes" in talk.labels else ["Past 6 months", no(talk)]))))

    assert len(asked) == len(set(asked))


@pytest.mark.parametrize(
    ("answer", "overlay"),
    [("Not known", Kind.ENOUGH), ("Yes", Kind.DANGER), ("No", None)],
)
def test_danger_brings_its_card_at_once(answer: str, overlay: Kind | None) -> None:
    """Yes is 999. Not known is a call now: nobody goes on answering before somebody looks for the child."""
    talk = Talk().start(role="Health").press(answer)

    assert (talk.session.overlay.kind if talk.session.overlay else None) is overlay
    if overlay is Kind.ENOUGH:
        assert talk.text.startswith("Find the child now; in doubt, 999.")


def test_danger_that_is_said_of_tonight_brings_its_card_although_danger_was_said_before() -> None:
    """Whoever taps “Danger now” is told to call 999, however often."""
    talk = Talk().start().press("Yes", "I have called", "No", "Yes", "13–15", "Form order", "Yes")

    talk.press("Danger now")

    assert talk.session.overlay == Overlay(Kind.DANGER)
    assert talk.text.startswith("Danger now: call 999.")


def test_the_duty_of_a_school_stands_from_the_role_on() -> None:
    """On every card of the questions but that of danger, where it would read as what to do in danger; no other role has it."""
    talk = Talk().start(role="School")
    assert "in danger right now" in talk.text
    assert "Schools" not in talk.text
    assert "Schools: talk to ART." in talk.press("No").text
    assert "Schools: talk to ART." in talk.press("No", "Yes", "13–15", "Form order", "No").text

    assert "today" not in Talk().start(role="Health").text


@pytest.mark.parametrize(("role", "word"), [("Health", "call"), ("Social worker", "act")])
def test_before_the_judgement_no_category_is_named(role: str, word: str) -> None:
    """Many small ticks are enough to call; that they come to a category is said only once the judgement was given."""
    ticked = {item.id for item in INSTRUMENT.items} - {*INSTRUMENT.other_harm, "M3", "M11"}
    talk = Talk().open_with(role=role)
    while not (talk.session.overlay and talk.session.overlay.kind is Kind.ENOUGH):
        talk.press("Yes" if talk.session.place in ticked else "No")

    assert talk.text.startswith(f"You know enough to {word} now.\n")
    assert "Category" not in talk.text
    assert "moderate" not in talk.text


def test_where_a_sign_calls_as_well_as_the_number_the_sign_is_named() -> None:
    """Three serious signs come to a high category: what is said is about what was ticked."""
    talk = to_item("S4").answer(["Both", "Both", "Both"])

    lead = lead_without_number(talk.session, PACK)

    assert lead_so_far(talk.session, PACK).id == "category-4"
    assert (lead.id if lead else None) == "sign"


@pytest.mark.parametrize(
    ("role", "told"), [("Police", "secure what could be evidence"), ("Health", "the police advise on it")]
)
def test_what_a_disclosure_asks_fits_the_role(role: str, told: str) -> None:
    """An officer is not told that the police advise, and nobody is told to call if it is not they who act."""
    talk = Talk().start(role=role).press("No", "Yes")

    assert told in talk.text
    assert "if it is not you" not in talk.text


@each_seed(300, 12)
def test_no_level_falls_while_answers_only_grow_worse(seed: int) -> None:
    """Random cases, answered worse and worse: what is called for rises or stays, with every single answer."""
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

    assert session.said == before >= Urgency.CALL


def answered(session: Session, place: str, answer: str) -> Session:
    """The session after a worse answer, and after the worst answer to each question that is put at once because of it."""
    if place in INSTRUMENT:
        worse = _worse(session.responses.get(place), answer)
        after = replace(session, responses=session.responses.give(place, worse))
    else:
        after = replace(session, answers=session.answers.give(place, answer), overlay=None)
    after = speak_up(session, after, place=place, pack=PACK)
    if after.overlay and after.overlay.kind is Kind.FOLLOW_UP:
        question = PACK.guidance.circumstance(after.overlay.about)
        assert question is not None
        return answered(after, question.id, next(each for each in WORST if each in question.words))
    return replace(after, overlay=None)


def _worse(given: str | None, answer: str) -> str:
    """Of two windows both; an answer that says more already stays."""
    return "both" if given and given != answer and answer != "yes" else answer


def test_a_question_that_the_pack_has_no_more_is_gone_on_from() -> None:
    """A card that was left open while the board changed its pack: the item is as it was, and whom to call is there."""
    talk = Talk().open_with()
    item = talk.text
    talk.session = replace(talk.session, overlay=Overlay(Kind.FOLLOW_UP, "gone"))
    talk.type()

    assert talk.labels == ["Go on", "Urgent"]
    assert talk.press("Go on").text == item
