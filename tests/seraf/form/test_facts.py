"""Tests of the facts of a case for its rules: certain, possible, not asked, and implied by other answers."""

import random
from dataclasses import replace

import pytest

from seraf.case_view import CaseView
from seraf.form.circumstances import EVIDENCE, Basis, Choice, Circumstance, Condition, Facts, any_holds, settle
from seraf.form.instrument import Addition
from seraf.form.responses import KNOWN, SAYS, Case, Responses, is_disclosure, reason_facts
from seraf.form.vocabulary import Age
from tests.support.counts import each_seed
from tests.support.oracle import S
from tests.support.shipped import INSTRUMENT, NOON, PACK

ALL_NO = {item.id: "no" for item in INSTRUMENT.items}


def facts_of(age: str = "13-15", **responses: str) -> dict[str, frozenset[str]]:
    case = Case(Age(age), Responses.of({**ALL_NO, **responses}))
    return dict(CaseView(INSTRUMENT, case).find(today=NOON.today).facts)


def test_responses_hold_what_was_answered_and_nothing_else() -> None:
    given = Responses.of({"V1": "yes", "V2": "not-known"})

    assert [each in given for each in ("V1", "V2", "V3", "yes")] == [True, True, False, False]
    assert "V2" not in given.drop("V2")


@pytest.mark.parametrize(
    ("responses", "mix"),
    [
        ({}, "none"),
        ({"V1": "yes"}, "vulnerability"),
        ({"V1": "yes", "M1": "yes"}, "vulnerability+moderate"),
        ({"S1": "recent", "M1": "yes"}, "moderate+significant"),
        ({"S1": "both", "M1": "yes", "V9": "yes"}, "vulnerability+moderate+significant"),
        ({"S1": "not-known"}, "none"),
    ],
)
def test_the_mix_names_the_sections_that_gave_points(responses: dict[str, str], mix: str) -> None:
    assert facts_of(**responses)["mix"] == {mix}


def test_other_harm_and_what_is_unknown_are_words_of_their_own() -> None:
    nothing, something = facts_of(), facts_of(V1="yes", M7="not-known")

    assert [nothing["other_harm"], something["other_harm"]] == [{"no"}, {"yes"}]
    assert [nothing["unknown"], something["unknown"]] == [{"none"}, {"some"}]


def test_categories_and_the_discussion_are_among_the_facts() -> None:
    found = facts_of(V1="yes", S1="not-known")

    assert found["category"] == {"1"}
    assert found["highest"] == {"2"}
    assert found["manager_discussion"] == {"possible"}


def test_present_and_current_name_items_and_their_sections() -> None:
    """A sign of 6–12 months ago is present but not current."""
    found = facts_of(V1="yes", S1="recent", S2="not-known")

    assert found["present"] == {"V1", "vulnerability", "S1", "significant"}
    assert found["current"] == {"V1", "vulnerability"}


@pytest.mark.parametrize(("given", "is_range"), [("no", False), ("not-known", True)])
def test_a_score_is_a_range_where_what_is_unknown_could_change_the_category(given: str, is_range: bool) -> None:
    """One unknown significant item can raise Category 1 to 2."""
    found = CaseView(INSTRUMENT, Case(Age.FROM_13_TO_15, Responses.of({**ALL_NO, "S1": given}))).score

    assert found.is_range is is_range


@pytest.mark.parametrize(("given", "highest"), [("not-known", 8), ("no", 0)])
def test_an_addition_for_a_current_sign_counts_in_the_highest_while_the_sign_is_not_known(
    given: str, highest: int
) -> None:
    """The unknown item may be current, and the points of the addition depend on that."""
    when = Condition((("current", frozenset({"significant"})),))
    instrument = replace(INSTRUMENT, additions=(Addition("now", "Now", 2, when, "ours"),))

    found = CaseView(instrument, Case(Age.FROM_13_TO_15, Responses.of({**ALL_NO, "S1": given}))).score

    assert (found.total, found.highest.total) == (0, highest)


GUIDANCE = PACK.guidance
YES = frozenset({"yes"})


def short(question_id: str, **values: object) -> Circumstance:
    result = {"rest": "no", "card": "case", **values}
    return Circumstance(question_id, "Is it?", (Choice("yes", "Yes"),), what="So.", basis=Basis(), **result)  # type: ignore[arg-type]


def settled(question: Circumstance, facts: Facts) -> frozenset[str]:
    evidence = (Condition(),) if facts.get(EVIDENCE) == YES else ()
    return settle((question,), evidence, facts=facts)[question.id]


def asks(fact: str, *words: str) -> Condition:
    return Condition(((fact, frozenset(words)),))


def test_an_unasked_question_is_neither_no_nor_not_known() -> None:
    asked = short("moved")

    assert settled(asked, {}) == {"not-asked"}
    assert settled(asked, {"moved": frozenset({"perhaps"})}) == {"not-asked"}
    assert settled(asked, {"moved": frozenset({"not-known"})}) == {"not-known"}
    assert settled(asked, {"moved": frozenset({"no"})}) == {"no"}


def test_implied_questions_are_not_asked_and_cannot_be_contradicted() -> None:
    asked = short("school", implied=(asks("present", "M5"),))

    assert settled(asked, {"present": frozenset({"M5"}), "school": frozenset({"no"})}) == YES
    assert not asked.is_asked({"present": frozenset({"M5"})})
    assert asked.is_asked({})


def test_one_that_was_ticked_stays_though_it_matters_no_more() -> None:
    asked = short("moved", matters=(asks("danger", "yes"),))

    assert asked.is_asked({"danger": YES})
    assert not asked.is_asked({"danger": frozenset({"no"})})
    assert asked.is_asked({"danger": frozenset({"no"}), "moved": YES})
    assert not asked.is_asked({"danger": frozenset({"no"}), "moved": frozenset({"no"})})


def test_an_urgent_unknown_answer_stays_although_it_no_longer_matters() -> None:
    """An urgent question may decide the lead, so it stays visible; one that is not urgent is no longer asked."""
    urgent, other = (short("safe", card="", matters=(asks("danger", "yes"),), at_once=each) for each in (True, False))
    left = {"danger": frozenset({"no"}), "safe": frozenset({"not-known"})}

    assert (urgent.is_asked(left), other.is_asked(left)) == (True, False)
    assert not urgent.is_asked({"danger": frozenset({"no"})})


def test_a_question_may_rest_on_those_before_it_and_on_evidence() -> None:
    first, second = short("moved"), short("told", implied=(asks(EVIDENCE, "yes"),))

    known = settle((first, second), (asks("moved", "yes"),), facts={"moved": YES})

    assert (known["moved"], known[EVIDENCE], known["told"]) == (YES, YES, YES)
    assert settle((first, second), (asks("moved", "yes"),), facts={})["told"] == {"not-asked"}


def one_after_the_other(asked: tuple[Circumstance, ...], evidence: tuple[Condition, ...], facts: Facts) -> Facts:
    known = dict(facts)
    for each in (*asked, None):
        known[EVIDENCE] = YES if evidence and any_holds(evidence, known) else frozenset({"no"})
        if each:
            known[each.id] = settled(each, known)
    return known


@each_seed(2_000, 60)
def test_evidence_is_weighed_whenever_what_it_rests_on_has_changed(seed: int) -> None:
    """Random questions may be implied by evidence or by each other, and evidence may depend on any of them."""
    draw, names = random.Random(seed), ("moved", "told", "online", "network")
    implied = ((), (asks(EVIDENCE, "yes"),), (asks(EVIDENCE, "no"),), (asks("moved", "yes"),))
    asked = tuple(short(name, implied=draw.choice(implied)) for name in names)
    evidence = tuple(asks(name, draw.choice(("yes", "not-asked"))) for name in names if draw.random() < 0.4)
    facts = {name: YES for name in names if draw.random() < 0.3}

    assert settle(asked, evidence, facts=facts) == one_after_the_other(asked, evidence, facts)


def test_the_words_of_a_question_are_its_ticks_the_rest_and_not_known() -> None:
    assert short("moved").words == ("yes", "no", "not-known")
    assert short("safe", rest="", card="").words == ("yes", "not-known")


@pytest.mark.parametrize(
    ("answers", "responses", "evidence"),
    [
        *(({}, {}, "no"), ({}, {"S4": "recent"}, "yes"), ({"told_or_seen": "yes"}, {}, "yes")),
        *(({"told_or_seen": "not-known"}, {}, "no"), ({"moved": "yes"}, {}, "yes")),
        *(({"moved": "not-known"}, {}, "no"), ({"online": "yes"}, {"M11": "yes"}, "yes")),
        *(({"online": "not-known"}, {"M11": "yes"}, "no"), ({"network": "yes"}, {}, "yes")),
        *(({"draws_in": "yes"}, {}, "yes"), ({"young_exploiter": "yes"}, {}, "yes"), ({"asylum": "yes"}, {}, "no")),
        ({"family": "yes"}, {"V3": "yes"}, "no"),
    ],
)
def test_the_pack_defines_evidence_of_exploitation(
    answers: dict[str, str], responses: dict[str, str], evidence: str
) -> None:
    """Seeking asylum is not evidence. Other harm calls for action without it."""
    facts = CaseView(INSTRUMENT, Case(Age.FROM_13_TO_15, Responses.of(responses), answers)).facts

    assert GUIDANCE.advise(facts).settled[EVIDENCE] == {evidence}


@pytest.mark.parametrize(
    ("says", "known", "found"),
    [
        ({}, {}, (set(), set(), set())),
        ({"V1": "child", "M1": "record"}, {"V1": "today", "M1": "month"}, ({"child", "record"}, {"month"}, {"today"})),
        ({"V1": "seen"}, {"V1": "not-known"}, ({"seen"}, set(), set())),
        ({"V1": "seen"}, {"V1": "not-known", "M1": "week"}, ({"seen"}, {"week"}, {"week"})),
        ({"V1": "seen"}, {"V1": "earlier", "M1": "today", "M2": "week"}, ({"seen"}, {"earlier"}, {"today"})),
    ],
)
def test_the_first_and_the_last_day_are_distinguished(
    says: dict[str, str], known: dict[str, str], found: tuple[set[str], set[str], set[str]]
) -> None:
    facts = reason_facts(Responses.of(says), Responses.of(known))

    assert (set(facts["says"]), set(facts["first_known"]), set(facts["last_known"])) == found
    assert set(SAYS) & set(KNOWN) == set()


def test_the_child_s_word_is_a_disclosure_at_the_items_of_the_guidance() -> None:
    """These are neglect, abuse, a retracted assault, an infection and each significant item. Others are a concern."""
    result = [item.id for item in INSTRUMENT.items if is_disclosure(INSTRUMENT, item.id)]

    assert result == ["V1", "V2", "V3", "M6", "M7", *S]
