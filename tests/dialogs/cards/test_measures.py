"""The measures of the experience: taps, lengths, reading grade, buttons, and words about children."""

import random
import re
from itertools import pairwise
from statistics import median

import pytest

from dialogs.cards.show import show
from dialogs.core.replies import Card
from dialogs.core.session import Answers, Session
from dialogs.form.path import options
from dialogs.result.result_pages import PAGES
from seraf.form.responses import Responses
from state_machines.assessment import Phase
from tests.seraf.score.test_scoring_oracle import random_seraf
from tests.support.counts import each_seed
from tests.support.oracle import AGES
from tests.support.pack.saying import grade, is_sentence, official, said
from tests.support.shipped import INSTRUMENT, NOON, PACK, SCRIPT
from tests.support.talk.talking import Talk

BLAMING = re.compile(
    r"boyfriend|girlfriend|risk[- ]taking|tak(es|ing) risks|puts? (her|him|them)sel(f|ves) at risk|promiscu|"
    r"difficult to engage|hard to reach|self[- ]protect|avoid(ing)? risk|lifestyle|streetwise|sexually active|"
    r"mak(es|ing) (bad|poor|unsafe) choices|(her|his|their) (own )?choice|prostitut|attention[- ]seeking|"
    r"mostly vulnerabilities|keep(ing)? (her|him|them)sel(f|ves) safe|asking for it|manipulative|"
    r"\bchoices?\b|\bchose to\b|\bengag|\brisky?[- ]situation|\brisky\b|collud",
    re.IGNORECASE,
)
"""Words that lay what was done to a child at the child's door."""

QUICK_TICKS = [item for item in INSTRUMENT.items if item.section.id != "significant"]


RETURNING = Responses.of({"profession": "school"})
"""Somebody who was here before, and said what their role is."""


def straight(order: str, *, first: str = "No") -> Talk:
    """A whole SERAF one item at a time, from `/start` to the result, by somebody who was here before."""
    serious, other = ["Not in 12 months"] * 7, [first, *["No"] * 22]
    responses = [*serious, *other] if order == "Serious first" else [*other, *serious]
    return Talk(profile=RETURNING).open_with(order=order).answer(responses).close().press("Not sure")


def quick(ticked: list[str]) -> Talk:
    """A whole quick SERAF with these items ticked, by somebody who was here before."""
    talk = Talk(profile=RETURNING).open_with(order="Quick")
    for section in ("vulnerability", "moderate"):
        for item in INSTRUMENT.of_section(section):
            if item.id in ticked:
                talk.answer([item.short])
        talk.press("None of the others").on()
    return talk.answer(["Not in 12 months"] * 7).close().press("Not sure")


@pytest.mark.parametrize("order", ["Form order", "Serious first", "Quick"])
def test_item_one_is_at_most_six_taps_from_the_start(order: str) -> None:
    """The welcome and five questions, and no more; whoever is here for the first time says their role as well."""
    talk, newcomer = Talk(profile=RETURNING).open_with(order=order), Talk().open_with(order=order)

    assert talk.session.phase is newcomer.session.phase is Phase.ITEMS
    assert talk.taps <= 6
    assert newcomer.taps == talk.taps + 1


@pytest.mark.parametrize("order", ["Form order", "Serious first"])
@pytest.mark.parametrize("first", ["No", "Yes", "Not known"])
def test_a_whole_seraf_straight_through_is_at_most_forty_five_taps(order: str, first: str) -> None:
    """Thirty items one by one, with everything that is asked around them, the result on the screen."""
    talk = straight(order, first=first)

    assert talk.session.phase is Phase.RESULT
    assert talk.taps <= 45


def test_a_seraf_with_a_question_at_once_and_enough_to_call_is_still_within_forty_five_taps() -> None:
    """M4 asks a question of its own on the way, and a current significant sign says that there is enough to call."""
    talk = (
        Talk(profile=RETURNING)
        .open_with()
        .answer(["No"] * 14)
        .answer(["Yes"])
        .answer(["No"] * 8)
        .answer(["Past 6 months"])
    )

    talk.answer(["Not in 12 months"] * 6).close().press("Yes")

    assert talk.session.phase is Phase.RESULT
    assert talk.taps <= 45


@each_seed(500, 6)
def test_a_quick_seraf_with_any_six_ticks_is_twenty_seven_taps_and_its_questions(seed: int) -> None:
    """Any six of the tick lists, M4 with its question among them, the seven significant ones still one at a time.

    Twenty-seven, early help among them, and one for each question that cannot wait its turn: whether harm is going on, at its
    first tick and once a card of ticks, what is online, and whether a disclosure was reported. “Multiple callers” or
    “Peers exploited” brings the second card of short questions.
    """
    others = [item.id for item in QUICK_TICKS if item.id != "M4"]
    ticked = ["M4", *random.Random(seed).sample(others, 5)]

    talk = quick(ticked)

    assert talk.session.phase is Phase.RESULT
    assert {item for item, option in talk.session.answers.items if option == "yes"} == set(ticked)
    at_once = sum("a question that cannot wait" in card.text for card in talk.cards)
    second = any("What else applies in this case?" in card.text for card in talk.cards)
    assert at_once <= 5
    assert second == bool({"Multiple callers", "Peers exploited"} & {INSTRUMENT.item(each).short for each in ticked})
    assert talk.taps == 27 + at_once + second


def test_the_median_card_of_a_whole_seraf_is_short() -> None:
    """At most 400 characters for half of the cards, and 1,000 for every one."""
    talk = straight("Form order", first="Yes")
    lengths = [len(card.text) for card in [*talk.cards, *result_cards(talk.session)]]

    assert median(lengths) <= 400
    assert max(lengths) <= 1_000


@each_seed(3_000, 25)
def test_no_page_of_a_result_is_long_whatever_the_case(seed: int) -> None:
    """Every page of the result of a random case holds at most 1,000 characters."""
    draw = random.Random(seed)
    age, responses = random_seraf(draw)
    answers = {
        "age": age,
        **{key: draw.choice(("yes", "no", "not-known")) for key in ("danger", "told_or_seen", "allocated", "known")},
        "stage": draw.choice(("first", "review", "not-known")),
        "judgement": draw.choice(("yes", "not-sure", "no")),
        "profession": draw.choice(options("profession")),
        **{each.id: draw.choice(each.words) for each in PACK.guidance.circumstances},
    }
    session = Session(
        3, Phase.RESULT, "1", None, "BRISK OTTER 41", "", Answers(Responses.of(answers), Responses.of(responses))
    )

    cards = result_cards(session)

    assert max(len(card.text) for card in cards) <= 1_000, max(cards, key=lambda card: len(card.text)).text
    assert all(len(card.paragraphs) > 1 for card in cards)


def result_cards(session: Session) -> list[Card]:
    """Every page of a result."""
    return [show(session.at(str(page)), SCRIPT, NOON) for page, _ in enumerate(PAGES, 1)]


def test_half_of_what_is_said_reads_at_grade_eight_and_nothing_above_eleven() -> None:
    """Flesch–Kincaid over every sentence of the wording and of the pack; official labels are not ours to change."""
    graded = {text: grade(text) for text in said() if is_sentence(text)}

    assert {text: points for text, points in graded.items() if points > 11} == {}
    assert median(graded.values()) <= 8


def test_nothing_that_is_said_blames_a_child() -> None:
    """Not one of these words stands in anything that we write."""
    assert [text for text in said() if BLAMING.search(text)] == []


def test_the_official_labels_that_carry_such_words_have_a_neutral_gloss() -> None:
    """M1, M4, M9, M10, M12, S2, S5 and S6 say beside the label what it means."""
    for item_id in ("M1", "M4", "M9", "M10", "M12", "S2", "S5", "S6"):
        assert INSTRUMENT.item(item_id).gloss
    assert any(BLAMING.search(label) for label in official())


def test_ages_and_professions_of_the_measures_are_those_of_the_bot() -> None:
    """The random cases above leave nothing out."""
    assert set(AGES) == {"under-13", "13-15", "16-17", "18-25", "not-known"}
    assert PACK.guidance.leads[-1].conditions == ()


def test_no_two_terms_of_the_glossary_are_hard_to_tell_apart_on_buttons() -> None:
    """A term is a button, so it fits one, and its neighbours in the list differ from it."""
    names = [term.term for term in PACK.glossary.terms]

    assert max(map(len, names)) <= 20
    assert all(one.lower() != other.lower() for one, other in pairwise(names))
