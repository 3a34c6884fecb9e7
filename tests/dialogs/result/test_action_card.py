"""The action card on a phone: whatever the case and the hour, it is one screen, and what lies behind it are a few pages."""

import random
import textwrap
from collections.abc import Iterator

import pytest

from dialogs.cards.show import show
from dialogs.core.replies import WIDTH
from dialogs.core.session import Answers, Result, Session
from dialogs.form.path import options
from dialogs.result.action_card import MOST_LINES
from dialogs.result.actions import lines_of
from dialogs.result.result_pages import PAGES
from seraf.advice.action_plan import CardLine
from seraf.advice.contacts import LocalTime
from seraf.form.responses import Responses
from state_machines.assessment import Phase
from tests.dialogs.cards.test_every_card import ASKED
from tests.seraf.score.test_scoring_oracle import random_seraf
from tests.support.counts import each_seed
from tests.support.pack.rule_rows import case_of
from tests.support.shipped import NOON, PACK, SCRIPT, at
from tests.support.talk.talking import Talk

HOURS = (NOON, at("2026-03-06T16:40"), at("2026-12-25T03:00", is_bank_holiday=True))

KINDS = ("do", "number", "steps", "all-steps", "close")

OVER = 1
"""Lines that a card may have too many where every title is long and nothing is left to leave out."""


def results(seed: int) -> Iterator[tuple[Session, LocalTime]]:
    """Random cases at their result, with anything around the items answered or not, at different hours."""
    draw = random.Random(f"card {seed}")
    for _ in range(10):
        age, responses = random_seraf(draw)
        around = {key: draw.choice(options(key)) for key in ASKED}
        short = {each.id: draw.choice(each.words) for each in PACK.guidance.circumstances if draw.random() < 0.5}
        given = Responses.of({"age": age, **around, **short})
        session = Session(
            3,
            Phase.RESULT,
            "1",
            None,
            "BRISK OTTER 41",
            "",
            Answers(given, Responses.of(responses)),
            result=Result(finished="2026-03-04"),
        )
        yield session, draw.choice(HOURS)


NIGHT = "2026-03-05T23:15"

STANDS = [
    (
        "S5c profession=preventative judgement=not-sure",
        NIGHT,
        "1 Decide with your on-call manager whether to refer",
    ),
    ("C3 profession=social-care judgement=not-sure", "2026-03-04T14:10", "Yes: a strategy discussion must follow."),
    (
        "told_or_seen=yes profession=social-care",
        "2026-03-04T14:10",
        "Decide with your team manager on reasonable grounds",
    ),
    ("C4 profession=social-care judgement=yes", "2026-03-04T14:10", "Alert the PSW/CSW team"),
    ("M4 going_on=yes safe=not-known", NIGHT, "1 Stay with the child; 999 or A&E if needed"),
    ("M4 M6 safe=not-tonight profession=police", NIGHT, "1 Stay with the child; 999 or A&E if needed"),
    ("V2 going_on=yes safe=not-known", NIGHT, "Do not tell the parents before social care agrees"),
    ("M4 safe=yes", "2026-03-04T14:10", "999 or A&E. Do not leave the child alone."),
    ("M11 online=yes judgement=yes profession=school", "2026-03-06T15:50", "hurt themselves: 999 or A&E"),
    ("told_or_seen=yes M11 online=yes judgement=yes", NIGHT, "hurt themselves: 999 or A&E"),
    (
        "told_or_seen=yes M11 online=yes profession=school",
        "2026-03-04T14:10",
        "Do not look at, copy, send or delete images.",
    ),
    ("told_or_seen=yes M11 online=yes", NIGHT, "leave the phone as it is"),
    ("told_or_seen=yes profession=school judgement=yes", "2026-03-04T14:10", "Ask the police how to keep the evidence"),
    ("moved=yes profession=health", NIGHT, "do not warn whoever came along"),
    ("S1? profession=health", "2026-03-04T14:10", "Social care may know whether they were missing overnight."),
    ("profession=school", "2026-03-08T15:00", "Discuss the concern with ART · by Mon 10:00"),
]
"""What must not be behind a tap: a case in the words of the table of rules, an hour, and what stands on its card."""


def card_of(words: str, when: str) -> str:
    """The action card of a case of the table of rules at an hour."""
    case = case_of(words)
    given = Responses.of(dict(case.answers))
    session = Session(
        3,
        Phase.RESULT,
        "1",
        None,
        "BRISK OTTER 41",
        "",
        Answers(given, case.responses),
        result=Result(finished=when[: len("2026-03-04")]),
    )
    return show(session, SCRIPT, at(when)).text


@pytest.mark.parametrize(("words", "when", "stands"), STANDS)
def test_what_cannot_wait_for_a_tap_stands_on_the_card(words: str, when: str, stands: str) -> None:
    """Where yes leads, what may cost a life, what would spoil evidence or warn somebody, and what is to be asked."""
    assert stands in card_of(words, when)


@pytest.mark.parametrize(
    ("words", "first", "then"),
    [
        (
            "S4b S5c profession=leaving-care age=18-25 judgement=yes",
            "1 Ask the person",
            "2 Call your leaving care manager",
        ),
        (
            "V3 going_on=not-known safe=yes profession=leaving-care age=18-25",
            "1 Ask the person",
            "2 Ask your leaving care manager",
        ),
        ("danger=yes profession=leaving-care age=18-25", "1 Call 999", "2 Ask the person"),
        ("C3", "1 Call ART and make a referral", "2 If it is safe, tell the child what you will share"),
    ],
)
def test_a_young_adult_is_asked_before_others_are_told(words: str, first: str, then: str) -> None:
    """Whatever calls: only 999 comes before what the person wants. Of a child social care is told first."""
    card = card_of(words, "2026-03-04T14:10")

    assert f"\n{first}" in card
    assert f"\n{then}" in card


@pytest.mark.parametrize("words", ["C4 judgement=yes", "C3 judgement=not-sure", "told_or_seen=yes"])
def test_who_decides_is_not_told_to_call_their_own_service(words: str) -> None:
    """A referral is made by others; the number of the service takes the place of what its own worker has to do."""
    number = PACK.contacts["art"].value

    assert number in card_of(f"{words} profession=school", "2026-03-04T14:10")
    assert number not in card_of(f"{words} profession=social-care", "2026-03-04T14:10")


def height(text: str) -> int:
    """Lines of a phone that a text takes."""
    return sum(max(len(textwrap.wrap(line, WIDTH)), 1) for line in text.split("\n"))


@each_seed(300, 12)
def test_the_action_card_fits_a_screen(seed: int) -> None:
    """At most 25 lines of 44 characters, and 1,000 characters; at least one line, and never more than five."""
    for session, now in results(seed):
        card = show(session, SCRIPT, now)

        assert height(card.text) <= MOST_LINES + OVER, card.text
        assert len(card.text) <= 1_000
        assert 1 <= sum(button.label[:1].isdigit() for button in card.buttons) <= 5


@each_seed(300, 12)
def test_every_page_of_a_result_fits(seed: int) -> None:
    """What to do, how the number adds up, more steps, and how it ends, in that order, each at most 1,000 characters."""
    for session, now in results(seed):
        assert PAGES == KINDS
        for number, _ in enumerate(PAGES, 1):
            assert len(show(session.at(str(number)), SCRIPT, now).text) <= 1_000


@each_seed(60, 6)
def test_who_is_told_what_is_shared_is_named_and_never_against_their_safety(seed: int) -> None:
    """Right under “Tell no parent” nobody is to wonder who is meant; and a child is told only where that is safe."""
    for session, now in results(seed):
        lines = (each.planned.title for each in lines_of(session, SCRIPT, now=now) if each.line is CardLine.CHILD)
        for title in (each for each in lines if "share" in each):
            assert "the child" in title, title
            assert "safe" in title or session.answers.get("told_or_seen") == "yes", title


@pytest.mark.parametrize(("told", "refers"), [("Yes", True), ("No", False)])
def test_a_card_says_once_when_to_refer(told: str, refers: bool) -> None:
    """Where a line is the call to refer, the talk about grounds says nothing of referring; it is asked for all the same."""
    signs = ["Not in 12 months", "Past 6 months", *["Not in 12 months"] * 5]

    talk = Talk().open_with(told=told).answer([*["No"] * 23, *signs]).close().press("Not sure")

    assert ("Call ART and make a referral" in talk.text) is refers
    assert ("whether to refer" in talk.text) is not refers
    assert "Grounds: yes" in talk.press(next(each for each in talk.labels if each.endswith(" Lead")), "Done").labels
