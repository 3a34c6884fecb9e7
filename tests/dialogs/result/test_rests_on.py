"""What a line rests on is behind a tap: the guidance, then a law, then our reason. The card to act by has none of it."""

import random
from collections.abc import Iterator
from dataclasses import replace

from dialogs.cards.show import show
from dialogs.core.acts import Kind, Overlay
from dialogs.core.session import Answers, Result, Session
from dialogs.result.actions import CaseLine, lines_of
from dialogs.summary.summarise import summarise
from seraf.form.circumstances import Basis
from seraf.form.responses import Responses
from state_machines.assessment import Phase
from tests.seraf.score.test_scoring_oracle import random_seraf
from tests.support.counts import each_seed
from tests.support.shipped import NOON, PACK, SCRIPT

PLAIN = {"danger": "no", "told_or_seen": "no", "stage": "first", "allocated": "no", "judgement": "no"}


def result(answers: dict[str, str], responses: dict[str, str] | None = None) -> Session:
    """A result, with No wherever nothing else is said."""
    given = {item.id: "no" for item in PACK.instrument.items} | (responses or {})
    said = Responses.of({"age": "13-15", **PLAIN, **answers})
    return Session(
        3,
        Phase.RESULT,
        "1",
        None,
        "BRISK OTTER 41",
        "",
        Answers(said, Responses.of(given)),
        result=Result(finished="2026-03-04"),
    )


def line(name: str, session: Session) -> CaseLine:
    """A line of its card."""
    return next(each for each in lines_of(session, SCRIPT, now=NOON) if each.line == name)


def opened(name: str, session: Session) -> str:
    """What a line says by itself."""
    return show(replace(session, overlay=Overlay(Kind.ACTION, name)), SCRIPT, NOON).text


def resting_on(basis: Basis, session: Session) -> str:
    """What the line of social care says by itself where it rests on this."""
    plan = PACK.guidance.plan
    actions = tuple(replace(each, basis=basis) for each in plan.actions)
    guidance = replace(PACK.guidance, plan=replace(plan, actions=actions))
    script = replace(SCRIPT, pack=replace(PACK, guidance=guidance))
    return show(replace(session, overlay=Overlay(Kind.ACTION, "care")), script, NOON).text


def drawn(seed: int) -> Iterator[Session]:
    """Random cases at their result, with short questions answered or not."""
    draw = random.Random(f"rests {seed}")
    for _ in range(10):
        age, responses = random_seraf(draw)
        short = {each.id: draw.choice(each.words) for each in PACK.guidance.circumstances if draw.random() < 0.5}
        who = draw.choice(("school", "health", "police", "social-care", "residential", "leaving-care", "other"))
        told = {"age": age, "profession": who, "told_or_seen": draw.choice(("yes", "no", "not-known"))}
        yield result({**told, **short}, dict(responses))


def test_guidance_comes_before_law_and_law_before_our_reason() -> None:
    """Each voice on a line of its own, whole, right under the reason; one that is not there is not named."""
    session = result({"profession": "school", "judgement": "yes"})
    basis = Basis(says="they must discuss this", heading="Consent", law="An Act", ours="It does not wait.")

    told = resting_on(basis, session)

    assert told.endswith("\nGuidance: “they must discuss this” (Consent)\nLaw: An Act\nOurs: It does not wait.")
    assert resting_on(replace(basis, law="", ours=""), session).endswith(
        "\nGuidance: “they must discuss this” (Consent)"
    )
    assert resting_on(Basis(law="An Act", ours="It is so."), session).endswith("\nLaw: An Act\nOurs: It is so.")


def test_a_card_that_says_much_has_the_voices_in_short() -> None:
    """A card holds 1,000 characters: what to do comes first, and a sentence is never torn."""
    basis = Basis(says="word " * 40, heading="Consent", law="An Act. " * 37, ours="It is so. " * 29)

    told = resting_on(basis, result({"profession": "school", "judgement": "yes"}))

    assert told.endswith("\nGuidance: “Consent” · Law · Ours")
    assert len(told) <= 1_000


def test_a_pack_of_before_shows_its_source_as_it_did() -> None:
    """The heading alone, with no sentence that nobody wrote; or that it is ours."""
    session = result({"profession": "school", "judgement": "yes"})

    assert resting_on(Basis(heading="Consent"), session).endswith("\nGuidance: “Consent”")
    assert resting_on(Basis(), session).endswith("\nOurs, not from the guidance")


@each_seed(200, 6)
def test_every_line_says_what_it_rests_on_and_the_card_says_nothing_of_it(seed: int) -> None:
    """Whole where there is room, else in short; the lines to act by have no mark of it."""
    for session in drawn(seed):
        card = show(session, SCRIPT, NOON).text
        assert not [each for each in ("Guidance:", "Law:", "Ours:") if each in card]
        for each in lines_of(session, SCRIPT, now=NOON):
            basis, told = each.planned.action.basis, opened(each.line, session)
            whole = all(voice in told for voice in (basis.says, basis.law, basis.ours))
            short = told.rpartition("\n")[2].startswith(("Guidance: “", "Law", "Ours"))
            assert whole or short, told
            assert len(told) <= 1_000


def test_the_short_questions_say_what_they_rest_on_where_they_are_explained() -> None:
    """Under “What counts?”, by the same rule."""
    basis = next(each.basis for each in PACK.guidance.circumstances if each.id == "not_at_school")
    session = replace(result({"profession": "school"}), overlay=Overlay(Kind.WHAT, "not_at_school"))

    told = show(session, SCRIPT, NOON).text

    assert told.index(basis.says) < told.index(f"Ours: {basis.ours}")


def test_a_summary_names_the_voices_in_short_and_has_them_whole_for_programs() -> None:
    """On paper the heading, and that a reason of ours adds to it; as values each voice as the pack has it."""
    made = summarise(result({"profession": "school", "judgement": "yes"}), SCRIPT, now=NOON)

    refer = next(each for each in made.advice.actions if each.line == "care")
    assert refer.source == "Guidance: “Responding to the SERAF” · Ours"
    assert refer.basis == line("care", result({"profession": "school", "judgement": "yes"})).planned.action.basis
    assert made.advice.leads[0].source == "Guidance: “Responding to the SERAF” · Law · Ours"
    assert made.advice.leads[0].basis.law
    assert all(each.source and each.basis.is_written for each in made.advice.steps)
