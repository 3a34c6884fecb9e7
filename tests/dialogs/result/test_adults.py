"""A young adult is never called a child, on any card; headings and what somebody said stay as they are."""

import random
import re

import pytest

from dialogs.core.replies import Card
from dialogs.core.session import Answers, Session
from dialogs.phrases.earlier import said_of_an_adult
from seraf.form.responses import Responses
from state_machines.assessment import Phase
from tests.dialogs.cards.test_measures import result_cards
from tests.seraf.advice.test_urgency import random_case
from tests.support.counts import each_seed
from tests.support.shipped import INSTRUMENT, NOON, SCRIPT
from tests.support.talk.talking import Talk

CALLED = re.compile(r"\b(the|this|a|any) child\b", re.IGNORECASE)
"""What nobody of 18 or over is called."""


def called_a_child(card: Card) -> list[str]:
    """Where a card calls somebody a child, outside of quotation marks."""
    return CALLED.findall(re.sub(r"“[^”]*”", "", card.text))


def test_a_whole_seraf_of_a_care_leaver_calls_nobody_a_child() -> None:
    """From the first item to the last page of the result, with what counts of each item."""
    talk = Talk().open_with(age="18–25", role="Leaving care")
    first = len(talk.cards)
    while talk.session.phase is Phase.ITEMS:
        talk.press("What counts?", "Back")
        labels = ("Past 6 months", "Yes", "None of the others")
        talk.press(next(each for each in labels if each in talk.labels)).on()
    talk.close().press("Yes")

    shown = [*talk.cards[first:], *result_cards(talk.session)]

    assert [(card.text.splitlines()[0], found) for card in shown if (found := called_a_child(card))] == []


@each_seed(500, 40)
def test_no_result_of_a_young_adult_calls_them_a_child(seed: int) -> None:
    """Whatever the case and the role."""
    case = random_case(random.Random(seed))
    answers = Responses.of({**dict(case.answers), "age": "18-25"})
    session = Session(3, Phase.RESULT, "1", None, "BRISK OTTER 41", "", Answers(answers, case.responses))

    assert [found for card in result_cards(session) if (found := called_a_child(card))] == []


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Is the child safe now?", "Is the person safe now?"),
        ("The child's own words. This child.", "The person's own words. This person."),
        ("A child can be exploited.", "A person can be exploited."),
        ("Guidance: “Involvement of the child”", "Guidance: “Involvement of the child”"),
        ("Children's services", "Children's services"),
        ("How a hurt child shows pain", "How a hurt person shows pain"),
        ("Adults use such places to find children.", "Adults use such places to find people."),
    ],
)
def test_only_the_one_it_is_about_is_called_otherwise(text: str, said: str) -> None:
    """A heading, and the name of a service, stay."""
    assert said_of_an_adult(text) == said


def test_a_child_is_called_a_child() -> None:
    """Nothing changes for anybody under 18, or of an age that is not known."""
    talk = Talk().open_with(age="Not known")

    assert "the child" in talk.text
    assert (SCRIPT.pack.instrument, NOON.today.year) == (INSTRUMENT, 2026)
