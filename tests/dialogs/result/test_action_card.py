"""Tests of the action card on a phone: it fits on one screen for every case and hour, with a few pages behind it."""

import random
import textwrap
from collections.abc import Iterator
from dataclasses import replace

import pytest

from dialogs.cards.show import show
from dialogs.core.acts import Kind, Overlay
from dialogs.core.replies import WIDTH
from dialogs.core.session import Result, Session
from dialogs.form.path import options
from dialogs.result.action_card import MOST_LINES
from dialogs.result.actions import CaseLine, lines_of
from dialogs.summary.summarise import summarise
from seraf.advice.action_plan import CardLine
from seraf.advice.contacts import LocalTime
from seraf.form.circumstances import Basis
from tests.dialogs.cards.test_measures import ASKED
from tests.seraf.score.test_scoring_oracle import random_seraf
from tests.support.counts import each_seed
from tests.support.pack.rule_rows import case_of
from tests.support.shipped import NOON, PACK, SCRIPT, at
from tests.support.talk.summaries import NONE, finished
from tests.support.talk.talking import Talk

HOURS = (NOON, at("2026-03-06T16:40"), at("2026-12-25T03:00", is_bank_holiday=True))


OVER = 1
"""The number of lines by which a card may exceed the limit if all its titles are long."""


def results(seed: int) -> Iterator[tuple[Session, LocalTime]]:
    draw = random.Random(f"card {seed}")
    for _ in range(10):
        age, responses = random_seraf(draw)
        around = {key: draw.choice(options(key)) for key in ASKED}
        short = {each.id: draw.choice(each.words) for each in PACK.guidance.circumstances if draw.random() < 0.5}
        yield finished({"age": age, **around, **short}, responses), draw.choice(HOURS)


NIGHT = "2026-03-05T23:15"

STANDS = [
    ("S5c profession=preventative judgement=not-sure", NIGHT, "1 Decide with your on-call manager whether to refer"),
    ("C3 profession=social-care judgement=not-sure", "2026-03-04T14:10", "Yes: a strategy discussion must follow."),
    ("told_or_seen=yes profession=social-care", "2026-03-04T14:10", "Decide with your team manager on reasonable"),
    ("C4 profession=social-care judgement=yes", "2026-03-04T14:10", "Alert the PSW/CSW team"),
    ("M4 going_on=yes safe=not-known", NIGHT, "1 Stay with the child; 999 or A&E if needed"),
    ("M4 M6 safe=not-tonight profession=police", NIGHT, "1 Stay with the child; 999 or A&E if needed"),
    ("V2 going_on=yes safe=not-known", NIGHT, "Do not tell the parents before social care agrees"),
    ("M4 safe=yes", "2026-03-04T14:10", "999 or A&E. Do not leave the child alone."),
    ("M11 online=yes judgement=yes profession=school", "2026-03-06T15:50", "hurt themselves: 999 or A&E"),
    ("told_or_seen=yes M11 online=yes judgement=yes", NIGHT, "hurt themselves: 999 or A&E"),
    ("told_or_seen=yes M11 online=yes profession=school", "2026-03-04T14:10", "Do not look at, copy, send or delete"),
    ("told_or_seen=yes M11 online=yes", NIGHT, "leave the phone as it is"),
    ("told_or_seen=yes profession=school judgement=yes", "2026-03-04T14:10", "Ask the police how to keep the evidence"),
    ("moved=yes profession=health", NIGHT, "do not warn whoever came along"),
    ("S1? profession=health", "2026-03-04T14:10", "Social care may know whether they were missing overnight."),
    ("profession=school", "2026-03-08T15:00", "Discuss the concern with ART · by Mon 10:00"),
]
"""Answers of a case in the notation of `rule_rows`, a time, and a text that its card must show without a tap."""


def card_of(words: str, when: str) -> str:
    case = case_of(words)
    session = finished(case.answers, dict(case.responses))
    return show(replace(session, result=Result(finished=when[: len("2026-03-04")])), SCRIPT, at(when)).text


@pytest.mark.parametrize(("words", "when", "stands"), STANDS)
def test_urgent_instructions_are_on_the_card_itself(words: str, when: str, stands: str) -> None:
    assert stands in card_of(words, when)


@pytest.mark.parametrize(
    ("words", "first", "then"),
    [
        ("S4b S5c profession=leaving-care age=18-25 judgement=yes", "1 Ask the person", "2 Call your leaving care"),
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
    """Only 999 comes before the question what the young adult wants. For a child, social care comes first."""
    card = card_of(words, "2026-03-04T14:10")

    assert f"\n{first}" in card
    assert f"\n{then}" in card


@pytest.mark.parametrize("words", ["C4 judgement=yes", "C3 judgement=not-sure", "told_or_seen=yes"])
def test_social_care_is_not_sent_to_its_own_service(words: str) -> None:
    """Other professions refer to ART. A social worker, who decides, sees what their own service has to do."""
    number = PACK.contacts["art"].value

    assert number in card_of(f"{words} profession=school", "2026-03-04T14:10")
    assert number not in card_of(f"{words} profession=social-care", "2026-03-04T14:10")


def height(text: str) -> int:
    return sum(max(len(textwrap.wrap(line, WIDTH)), 1) for line in text.split("\n"))


@each_seed(300, 12)
def test_the_action_card_fits_a_screen(seed: int) -> None:
    for session, now in results(seed):
        card = show(session, SCRIPT, now)

        assert height(card.text) <= MOST_LINES + OVER, card.text
        assert len(card.text) <= 1_000
        assert 1 <= sum(button.label[:1].isdigit() for button in card.buttons) <= 5


@each_seed(60, 6)
def test_the_line_about_sharing_names_the_child_and_their_safety(seed: int) -> None:
    """The line may stand next to “Tell no parent”, so it says who is meant. The child is told only if that is safe."""
    for session, now in results(seed):
        lines = (each.planned.title for each in lines_of(session, SCRIPT, now=now) if each.line is CardLine.CHILD)
        for title in (each for each in lines if "share" in each):
            assert "the child" in title, title
            assert "safe" in title or session.answers.get("told_or_seen") == "yes", title


@pytest.mark.parametrize(("told", "refers"), [("Yes", True), ("No", False)])
def test_a_card_says_once_when_to_refer(told: str, refers: bool) -> None:
    """If the card already says to refer, the line about talking to the safeguarding lead does not repeat it."""
    signs = ["Not in 12 months", "Past 6 months", *["Not in 12 months"] * 5]

    talk = Talk().open_with(told=told).answer([*["No"] * 23, *signs]).close().press("Not sure")

    assert ("Call ART and make a referral" in talk.text) is refers
    assert ("whether to refer" in talk.text) is not refers
    assert "Grounds: yes" in talk.press(next(each for each in talk.labels if each.endswith(" Lead")), "Done").labels


PLAIN = {"danger": "no", "told_or_seen": "no", "stage": "first", "allocated": "no", "judgement": "no"}


def result(answers: dict[str, str], responses: dict[str, str] | None = None) -> Session:
    return finished({"age": "13-15", **PLAIN, **answers}, NONE | (responses or {}))


def line(name: str, session: Session) -> CaseLine:
    return next(each for each in lines_of(session, SCRIPT, now=NOON) if each.line == name)


def opened(name: str, session: Session) -> str:
    return show(replace(session, overlay=Overlay(Kind.ACTION, name)), SCRIPT, NOON).text


def resting_on(basis: Basis, session: Session) -> str:
    plan = PACK.guidance.plan
    actions = tuple(replace(each, basis=basis) for each in plan.actions)
    guidance = replace(PACK.guidance, plan=replace(plan, actions=actions))
    script = replace(SCRIPT, pack=replace(PACK, guidance=guidance))
    return show(replace(session, overlay=Overlay(Kind.ACTION, "care")), script, NOON).text


def test_guidance_comes_before_law_and_law_before_our_reason() -> None:
    session = result({"profession": "school", "judgement": "yes"})
    basis = Basis(says="they must discuss this", heading="Consent", law="An Act", ours="It does not wait.")

    outcome = resting_on(basis, session)

    assert outcome.endswith("\nGuidance: “they must discuss this” (Consent)\nLaw: An Act\nOurs: It does not wait.")
    assert resting_on(replace(basis, law="", ours=""), session).endswith(
        "\nGuidance: “they must discuss this” (Consent)"
    )
    assert resting_on(Basis(law="An Act", ours="It is so."), session).endswith("\nLaw: An Act\nOurs: It is so.")


def test_a_long_card_shortens_the_voices() -> None:
    """A card has at most 1,000 characters. Long sources are only named, so that the action comes first and whole."""
    basis = Basis(says="word " * 40, heading="Consent", law="An Act. " * 37, ours="It is so. " * 29)

    outcome = resting_on(basis, result({"profession": "school", "judgement": "yes"}))

    assert outcome.endswith("\nGuidance: “Consent” · Law · Ours")
    assert len(outcome) <= 1_000


def test_a_pack_of_before_shows_its_source_as_it_did() -> None:
    session = result({"profession": "school", "judgement": "yes"})

    assert resting_on(Basis(heading="Consent"), session).endswith("\nGuidance: “Consent”")
    assert resting_on(Basis(), session).endswith("\nOurs, not from the guidance")


@each_seed(200, 6)
def test_every_line_has_its_basis_and_the_card_does_not_show_it(seed: int) -> None:
    for session, _ in results(seed):
        card = show(session, SCRIPT, NOON).text
        assert not [each for each in ("Guidance:", "Law:", "Ours:") if each in card]
        for each in lines_of(session, SCRIPT, now=NOON):
            basis, outcome = each.planned.action.basis, opened(each.line, session)
            whole = all(voice in outcome for voice in (basis.says, basis.law, basis.ours))
            short = outcome.rpartition("\n")[2].startswith(("Guidance: “", "Law", "Ours"))
            assert whole or short, outcome
            assert len(outcome) <= 1_000


def test_the_short_questions_say_what_they_rest_on_where_they_are_explained() -> None:
    basis = next(each.basis for each in PACK.guidance.circumstances if each.id == "not_at_school")
    session = replace(result({"profession": "school"}), overlay=Overlay(Kind.WHAT, "not_at_school"))

    outcome = show(session, SCRIPT, NOON).text

    assert outcome.index(basis.says) < outcome.index(f"Ours: {basis.ours}")


def test_a_summary_names_the_voices_in_short_and_has_them_whole_for_programs() -> None:
    made = summarise(result({"profession": "school", "judgement": "yes"}), SCRIPT, now=NOON)

    refer = next(each for each in made.advice.actions if each.line == "care")
    assert refer.source == "Guidance: “Responding to the SERAF” · Ours"
    assert refer.basis == line("care", result({"profession": "school", "judgement": "yes"})).planned.action.basis
    assert made.advice.leads[0].source == "Guidance: “Responding to the SERAF” · Law · Ours"
    assert made.advice.leads[0].basis.law
    assert all(each.source and each.basis.is_written for each in made.advice.steps)
