"""A key never lets somebody wait where the bot would not; and made-up cases, over many of them, that teach nobody to wait."""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace

import pytest

from seraf.advice.action_plan import Urgency
from seraf.case_view import CaseView
from seraf.cases.fragments import Fragments
from seraf.cases.vignette import AgreedKey, FirstCall, Keyed, Vignette
from seraf.form.circumstances import Facts
from seraf.form.vocabulary import Age
from seraf.rehearsal.checking import unclear_kin, unclear_place
from seraf.rehearsal.first_call import low_keys
from seraf.rehearsal.made.made_case import measure
from seraf.rehearsal.made.targets import Target
from tests.support.counts import times
from tests.support.promising import Promise
from tests.support.shipped import INSTRUMENT, PACK

SEEDS = times(590, 8)
"""How many seeds of each aim: 10,000 cases when everything is proved. They are not those of other tests."""

KAI, BEA = (next(each.key for each in PACK.vignettes if each.id == name) for name in ("kai", "bea"))
ITEMS = frozenset(item.id for item in INSTRUMENT.items)


def fragments() -> Fragments:
    """The fragments of the shipped pack."""
    assert PACK.fragments is not None
    return PACK.fragments


def low(key: AgreedKey) -> list[str]:
    """The places at which a key is too low."""
    return [place for place, _ in low_keys(key, INSTRUMENT, guidance=PACK.guidance)]


def rekeyed(key: AgreedKey, place: str, answer: str, other: str = "") -> AgreedKey:
    """The key with another answer at one place, and that other reading."""
    keyed = (replace(each, answer=answer, other=other) if each.place == place else each for each in key.keyed)
    return replace(key, keyed=tuple(keyed))


def adding(key: AgreedKey, **answers: str) -> AgreedKey:
    """The key with answers to more questions."""
    return replace(key, keyed=(*key.keyed, *(Keyed(place, answer, "It is so.") for place, answer in answers.items())))


@pytest.mark.parametrize(
    ("key", "expected"),
    [
        (KAI, []),
        (BEA, []),
        (replace(KAI, first_call=FirstCall.LEAD), ["first_call"]),
        (replace(KAI, first_call=FirstCall.EMERGENCY), []),
        (rekeyed(KAI, "judgement", "not-sure"), ["answers.judgement"]),
        (rekeyed(KAI, "judgement", "not-sure", "yes"), []),
        (rekeyed(BEA, "danger", "yes"), ["first_call", "answers.judgement"]),
        (rekeyed(BEA, "V2", "yes"), ["first_call"]),
        (replace(rekeyed(BEA, "V2", "yes"), first_call=FirstCall.LEAD), []),
        (
            replace(adding(rekeyed(BEA, "V2", "yes"), going_on="yes"), first_call=FirstCall.LEAD),
            ["first_call", "answers.judgement"],
        ),
        (replace(rekeyed(BEA, "danger", "not-known"), first_call=FirstCall.ART), ["answers.missing_now"]),
        (replace(rekeyed(BEA, "danger", "no", "not-known"), first_call=FirstCall.ART), ["answers.missing_now"]),
        (adding(replace(KAI, first_call=FirstCall.EMERGENCY), safe="danger"), ["answers.danger"]),
        (replace(rekeyed(KAI, "danger", "missing"), first_call=FirstCall.ART), ["first_call"]),
        (rekeyed(BEA, "M11", "yes"), ["first_call"]),
        (rekeyed(BEA, "S6", "recent", "no"), ["first_call", "answers.S6"]),
        (rekeyed(BEA, "V5", "no", "yes"), []),
    ],
)
def test_a_key_is_never_less_urgent_than_the_result_for_its_answers(key: AgreedKey, expected: list[str]) -> None:
    """The first call, the judgement where other leads say call now, and every other reading; with 999 nobody waits.

    Abuse at home and contact online are asked about further; where a key does not answer, it is not known, as for the bot.
    """
    assert sorted(low(key)) == sorted(expected)


def test_a_judgement_is_not_the_reason_for_itself() -> None:
    """Where a board wants a call at any doubt, the first call is too low, and the doubt is not asked to be a Yes."""
    leads = (replace(each, urgency=Urgency.CALL) if each.id == "doubt" else each for each in PACK.guidance.leads)
    guidance = replace(PACK.guidance, leads=tuple(leads))

    found = low_keys(rekeyed(BEA, "judgement", "not-sure"), INSTRUMENT, guidance=guidance)

    assert [place for place, _ in found] == ["first_call"]


FEW = 20
"""How many seeds of each aim are looked at for what varies over them."""


def cases(seeds: int) -> Iterator[tuple[Vignette, Facts]]:
    """So many cases of each aim, each with what is so of it."""
    for aim in Target:
        for seed in range(seeds):
            it = measure(fragments(), PACK, aim=aim, seed=20_000 + seed)
            yield it, CaseView(INSTRUMENT, it.key.case(ITEMS)).facts


def readings(it: Vignette, place: str) -> set[str]:
    """The one or two readings of a place."""
    keyed = it.key.of(place)
    assert keyed is not None
    return {keyed.answer, keyed.other} - {""}


def waits(it: Vignette, facts: Facts) -> Iterator[str]:
    """Everything by which a case would teach somebody to wait, or to look past what stands side by side."""
    present, current = facts["present"], facts["current"]
    is_calm = "yes" not in readings(it, "judgement")
    if is_calm and present & {"M1", "M2", "M4", "M6", "M7", "significant"}:
        yield "a sign, and no suspicion"
    if it.key.first_call in (FirstCall.LEAD, FirstCall.NOBODY) and present & {"M1", "M2", "S1", *INSTRUMENT.other_harm}:
        yield "nobody calls"
    if it.key.age is Age.UNDER_13 and present & {"M1", "M2", "M3", "M8", "M11", "significant"} and is_calm:
        yield "a young child waits"
    if "M7" in present and readings(it, "V3") == {"no"}:
        yield "an infection, and no question"
    if "S2" in current and "S7" in present and readings(it, "S3") == {"no"}:
        yield "hurt beside somebody who controls, and no question"


@pytest.mark.prove
def test_no_made_up_case_teaches_to_wait(promise: Promise) -> None:
    """P3: strangers at the gate, police at one in the morning, a night missing, an infection: all are taken up."""
    found = [(it.id, each) for it, facts in cases(SEEDS) for each in (*waits(it, facts), *low(it.key))]

    assert found == []
    promise.reached(
        "P3", asked=len(Target) * SEEDS, reached=len(Target) * SEEDS, of="made-up cases, none of them keyed too low"
    )


def test_no_answer_around_the_items_goes_without_saying() -> None:
    """Danger, what was told, a review, the judgement and the readings that differ vary over the cases."""
    made = [it for it, _ in cases(FEW)]
    given = Counter((each.place, each.answer) for it in made for each in it.key.keyed if each.place not in ITEMS)
    calls = Counter(it.key.first_call for it in made)
    contested = sum(any(each.is_contested for each in it.key.keyed if each.place in ITEMS) for it in made)

    for place in ("danger", "told_or_seen", "stage", "allocated", "judgement"):
        assert max(count for (where, _), count in given.items() if where == place) < 0.97 * len(made), place
    assert {answer for place, answer in given if place == "danger"} == {"no", "not-known", "yes"}
    assert {answer for place, answer in given if place == "judgement"} == {"no", "not-sure", "yes"}
    assert set(calls) == {FirstCall.EMERGENCY, FirstCall.ART, FirstCall.ALLOCATED, FirstCall.LEAD}
    assert 0.1 * len(made) < contested < 0.7 * len(made)


def test_the_judgement_is_nowhere_dictated() -> None:
    """No sentence says what the reader suspects: the case tells what is so, and the reader judges."""
    view = re.compile(r"\b(reason to suspect|you suspect|your view|significant harm|being harmed, or)\b", re.IGNORECASE)

    assert [it.text for it, _ in cases(FEW) if view.search(it.text)] == []


def test_reasons_are_given_in_the_words_of_the_case() -> None:
    """Of what a case tells hardly two reasons are the same; and no sentence closes every case."""
    made = [it for it, _ in cases(FEW)]
    told = [each.because for it in made for each in it.key.keyed if each.place in ITEMS and each.answer != "no"]
    closing = Counter(it.parts[-1].text.split(". ")[-1] for it in made)

    assert len(set(told)) > 0.5 * len(told)
    assert max(closing.values()) < 0.5 * len(made)


@pytest.mark.parametrize("phrase", ["suspect", "the first time", "since", "once", "twice", "thinks", "nobody knows"])
def test_no_phrase_gives_the_option_away(phrase: str) -> None:
    """“For the first time” is not always the past six months, and not everything suspected is a tick."""
    answers = {said.answer for said in fragments().said for line in said.lines if phrase in line.text}

    assert len(answers) > 1


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("{name} says that {they} {are} well.", ""),
        ("{They} {are} well, and {name} says so.", "{They}"),
        ("{name}'s uncle says that {they} {are} well.", "{they}"),
        ("A nurse saw {name}, and he was hurt.", "he"),
        ("“He said so,” {name} told a nurse.", ""),
    ],
)
def test_in_a_sentence_for_any_child_only_the_child_is_a_pronoun(text: str, word: str) -> None:
    """Whoever is boy, girl or neither: nobody else may be meant."""
    assert unclear_place(text) == word


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("For years Femi's father frightened and controlled his mother.", "his mother"),
        ("She is afraid, as their father had hurt their mother.", "their mother"),
        ("The driver she names is her uncle.", ""),
        ("Her mother, who is ill, rang her aunt.", ""),
        ("“My uncle hit her mother.” He told his father.", ""),
    ],
)
def test_whose_relative_is_meant_is_said(text: str, words: str) -> None:
    """His own, or the other one's."""
    assert unclear_kin(text) == words
