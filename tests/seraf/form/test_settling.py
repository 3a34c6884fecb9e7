"""Short questions as facts: what nobody was asked, what other answers decide, and what is evidence of exploitation."""

import random

import pytest

from seraf.case_view import CaseView
from seraf.form.circumstances import EVIDENCE, Basis, Choice, Circumstance, Condition, Facts, any_holds, settle
from seraf.form.responses import Case, Responses
from seraf.form.vocabulary import Age
from tests.support.counts import each_seed
from tests.support.shipped import INSTRUMENT, PACK

GUIDANCE = PACK.guidance
YES = frozenset({"yes"})


def short(question_id: str, **values: object) -> Circumstance:
    """A short question on a card."""
    told = {"rest": "no", "card": "case", **values}
    return Circumstance(question_id, "Is it?", (Choice("yes", "Yes"),), what="So.", basis=Basis(), **told)  # type: ignore[arg-type]


def settled(question: Circumstance, facts: Facts) -> frozenset[str]:
    """What one question comes to, with the evidence as the facts have it."""
    evidence = (Condition(),) if facts.get(EVIDENCE) == YES else ()
    return settle((question,), evidence, facts=facts)[question.id]


def asks(fact: str, *words: str) -> Condition:
    """A condition on one fact."""
    return Condition(((fact, frozenset(words)),))


def test_what_was_never_asked_is_neither_no_nor_not_known() -> None:
    """Nor is it an answer that the question does not have."""
    asked = short("moved")

    assert settled(asked, {}) == {"not-asked"}
    assert settled(asked, {"moved": frozenset({"perhaps"})}) == {"not-asked"}
    assert settled(asked, {"moved": frozenset({"not-known"})}) == {"not-known"}
    assert settled(asked, {"moved": frozenset({"no"})}) == {"no"}


def test_what_other_answers_decide_is_not_asked_and_cannot_be_answered_otherwise() -> None:
    """The first tick is so."""
    asked = short("school", implied=(asks("present", "M5"),))

    assert settled(asked, {"present": frozenset({"M5"}), "school": frozenset({"no"})}) == YES
    assert not asked.is_asked({"present": frozenset({"M5"})})
    assert asked.is_asked({})


def test_one_that_was_ticked_stays_though_it_matters_no_more() -> None:
    """What counts can be seen and taken back."""
    asked = short("moved", matters=(asks("danger", "yes"),))

    assert asked.is_asked({"danger": YES})
    assert not asked.is_asked({"danger": frozenset({"no"})})
    assert asked.is_asked({"danger": frozenset({"no"}), "moved": YES})
    assert not asked.is_asked({"danger": frozenset({"no"}), "moved": frozenset({"no"})})


def test_what_cannot_wait_and_is_not_known_stays_though_it_matters_no_more() -> None:
    """It may lead, so that it can be seen and answered; what can wait goes, and what nobody was asked is not put."""
    urgent, other = (short("safe", card="", matters=(asks("danger", "yes"),), at_once=each) for each in (True, False))
    left = {"danger": frozenset({"no"}), "safe": frozenset({"not-known"})}

    assert (urgent.is_asked(left), other.is_asked(left)) == (True, False)
    assert not urgent.is_asked({"danger": frozenset({"no"})})


def test_a_question_may_rest_on_those_before_it_and_on_evidence() -> None:
    """They are settled in the order of the pack, and the evidence is weighed after each."""
    first, second = short("moved"), short("told", implied=(asks(EVIDENCE, "yes"),))

    known = settle((first, second), (asks("moved", "yes"),), facts={"moved": YES})

    assert (known["moved"], known[EVIDENCE], known["told"]) == (YES, YES, YES)
    assert settle((first, second), (asks("moved", "yes"),), facts={})["told"] == {"not-asked"}


def one_after_the_other(asked: tuple[Circumstance, ...], evidence: tuple[Condition, ...], facts: Facts) -> Facts:
    """What is so once each was settled, the evidence weighed anew before each and after the last."""
    known = dict(facts)
    for each in (*asked, None):
        known[EVIDENCE] = YES if evidence and any_holds(evidence, known) else frozenset({"no"})
        if each:
            known[each.id] = settled(each, known)
    return known


@each_seed(2_000, 200)
def test_evidence_is_weighed_whenever_what_it_rests_on_has_changed(seed: int) -> None:
    """Few questions at random, each implied by nothing, by evidence or by another one; evidence rests on any of them."""
    draw, names = random.Random(seed), ("moved", "told", "online", "network")
    implied = ((), (asks(EVIDENCE, "yes"),), (asks(EVIDENCE, "no"),), (asks("moved", "yes"),))
    asked = tuple(short(name, implied=draw.choice(implied)) for name in names)
    evidence = tuple(asks(name, draw.choice(("yes", "not-asked"))) for name in names if draw.random() < 0.4)
    facts = {name: YES for name in names if draw.random() < 0.3}

    assert settle(asked, evidence, facts=facts) == one_after_the_other(asked, evidence, facts)


def test_the_words_of_a_question_are_its_ticks_the_rest_and_not_known() -> None:
    """Of one that is asked alone there is no rest."""
    assert short("moved").words == ("yes", "no", "not-known")
    assert short("safe", rest="", card="").words == ("yes", "not-known")


@pytest.mark.parametrize(
    ("answers", "responses", "evidence"),
    [
        ({}, {}, "no"),
        ({}, {"S4": "recent"}, "yes"),
        ({"told_or_seen": "yes"}, {}, "yes"),
        ({"told_or_seen": "not-known"}, {}, "no"),
        ({"moved": "yes"}, {}, "yes"),
        ({"moved": "not-known"}, {}, "no"),
        ({"online": "yes"}, {"M11": "yes"}, "yes"),
        ({"online": "not-known"}, {"M11": "yes"}, "no"),
        ({"network": "yes"}, {}, "yes"),
        ({"draws_in": "yes"}, {}, "yes"),
        ({"young_exploiter": "yes"}, {}, "yes"),
        ({"asylum": "yes"}, {}, "no"),
        ({"family": "yes"}, {"V3": "yes"}, "no"),
    ],
)
def test_what_is_evidence_of_exploitation(answers: dict[str, str], responses: dict[str, str], evidence: str) -> None:
    """Being here alone is none, and harm of another kind calls by itself."""
    facts = CaseView(INSTRUMENT, Case(Age.FROM_13_TO_15, Responses.of(responses), answers)).facts

    assert GUIDANCE.advise(facts).settled[EVIDENCE] == {evidence}
