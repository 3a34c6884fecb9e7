"""Tests of the leads (reasons to act) of an unfinished case, and of facts behind leads, which codes have to hold."""

import random
from dataclasses import replace

import pytest

from bot.runtime.packs import load_pack
from seraf.advice.action_plan import WORDS, Urgency, urgency_of
from seraf.advice.guidance import Guidance, Lead, read_by_leads
from seraf.case_view import CaseView
from seraf.form.circumstances import ALWAYS, EVIDENCE, Basis, Choice, Circumstance, Condition
from seraf.form.responses import Case, Responses
from seraf.form.vocabulary import NOT_ASKED, NOT_KNOWN, Age
from seraf.pack import Pack
from seraf.review.carry_over import FACTS, uncarried
from tests.seraf.advice.test_guidance_promises import random_case
from tests.support.counts import each_seed
from tests.support.shipped import INSTRUMENT, OTHER_BOARD, PACK

GUIDANCE = PACK.guidance


def case(responses: dict[str, str] | None = None, **answers: str) -> Case:
    age = Age(answers.get("age", "13-15"))
    return Case(age, Responses.of(responses or {}), answers)


def leading(given: Case) -> str:
    return CaseView(INSTRUMENT, given).advice_so_far(GUIDANCE).leads[0].id


@pytest.mark.parametrize(
    ("given", "lead"),
    [
        (case(danger="yes"), "danger"),
        (case(danger="missing"), "missing"),
        (case(danger="not-known"), "unclear-danger"),
        (case(danger="not-known", missing_now="not-known"), "find"),
        (case(danger="not-known", missing_now="yes"), "missing"),
        (case(danger="not-known", missing_now="no"), "unclear-danger"),
        (case(told_or_seen="yes"), "told"),
        (case({"M6": "yes"}), "withdrawn"),
        (case({"M6": "yes"}, going_on="no", reported="no"), "unreported"),
        (case({"S2": "current"}), "sign"),
        (case({"S2": "both"}, profession="social-care"), "sign-social-care"),
        (case({"S2": "recent"}), "earlier-sign"),
        (case({"V1": "yes"}), "harm"),
        (case({"V2": "yes"}), "harm-unclear"),
        (case({"V2": "yes"}, going_on="yes"), "harm-now"),
        (case({"V3": "yes"}, going_on="no"), "harm"),
        (case({"V1": "yes"}, safe="not-tonight"), "tonight"),
        (case({"V1": "yes"}, safe="danger"), "danger"),
        (case({"M4": "yes"}), "despair"),
        (case({"M11": "yes"}, online="yes"), "online"),
        (case(dict.fromkeys((f"V{n}" for n in range(4, 12)), "yes") | {"M1": "yes", "M2": "yes", "M8": "yes"}), "category-3"),
    ],
)  # fmt: skip
def test_the_lead_so_far_follows_from_the_answers(given: Case, lead: str) -> None:
    assert leading(given) == lead


def test_an_unasked_person_has_neither_doubted_nor_denied() -> None:
    """Before the first answer nothing is urgent."""
    leads = CaseView(INSTRUMENT, case()).advice_so_far(GUIDANCE).leads

    assert {lead.urgency for lead in leads} == {Urgency.PLAN}


@each_seed(1_000, 30)
def test_the_result_is_never_less_urgent_than_earlier_answers(seed: int) -> None:
    """The first answers of a case are compared with the whole case, in the order of the instrument."""
    draw = random.Random(f"so far {seed}")
    whole = random_case(draw)
    responses, answers, seen = dict(whole.responses), dict(whole.answers), Urgency.PLAN
    for number in range(len(responses) + 1):
        given = Case(whole.age, Responses.of(dict(list(responses.items())[:number])), dict(list(answers.items())[:8]))
        seen = max(seen, CaseView(INSTRUMENT, given).advice_so_far(GUIDANCE).leads[0].urgency)

    assert CaseView(INSTRUMENT, whole).advice(GUIDANCE).leads[0].urgency >= seen


@pytest.mark.parametrize(
    ("given", "asked"),
    [
        (case(), None),
        (case(danger="no"), None),
        (case(danger="missing"), None),
        (case(danger="not-known"), "missing_now"),
        (case(danger="not-known", missing_now="not-known"), None),
        (case({"V1": "yes"}), "going_on"),
        (case({"V1": "yes"}, going_on="no"), None),
        (case({"V1": "yes"}, danger="no", going_on="not-known"), "safe"),
        (case({"V1": "yes"}, going_on="yes", safe="not-known"), None),
        (case({"V4": "yes"}), None),
        (case({"M7": "yes"}), None),
        (case({"M6": "yes"}, going_on="no"), "reported"),
        (case({"M6": "yes"}, going_on="yes", safe="yes"), None),
        (case({"M11": "yes"}), "online"),
        (case({"M11": "yes"}, online="no"), None),
        (case({"M11": "yes", "M4": "yes"}, online="no"), "going_on"),
        (case({"S3": "current"}, danger="no"), "safe"),
        (case({"S3": "recent"}), None),
        (case({"S3": "current"}, danger="missing"), None),
        (case({"S3": "current"}, danger="yes"), None),
        (case(family="yes"), "going_on"),
        (case({"S2": "current"}, profession="social-care"), None),
    ],
)
def test_a_question_that_cannot_wait_is_asked_once(given: Case, asked: str | None) -> None:
    assert asked_now(given) == asked


def asked_now(given: Case) -> str | None:
    found = CaseView(INSTRUMENT, given).to_ask_at_once(GUIDANCE)
    return found.id if found else None


def answered(given: Case, question: str, word: str) -> Case:
    what_for = CaseView(INSTRUMENT, given).noted(GUIDANCE, question)
    return replace(given, answers={**given.answers, **what_for, question: word})


def ticked(given: Case, item: str, option: str) -> Case:
    return replace(given, responses=given.responses.give(item, option))


@pytest.mark.parametrize(
    ("word", "lead", "is_put"), [("no", "despair", True), ("not-known", "despair", False), ("yes", "harm-now", False)]
)
def test_an_answer_that_harm_is_over_does_not_cover_later_ticks(word: str, lead: str, *, is_put: bool) -> None:
    """Despair is ticked after “over” was answered for V2. The question is asked again, and “over” does not count."""
    before = answered(answered(case({"V2": "yes"}, danger="no"), "going_on", word), "safe", "yes")

    after = ticked(before, "M4", "yes")

    assert (asked_now(after) == "going_on", leading(after)) == (is_put, lead)
    assert asked_now(answered(after, "going_on", word)) is None


def test_no_tick_takes_a_call_back_that_rests_on_not_knowing_about_tonight() -> None:
    """A relative is suspected, and nobody knows if tonight is safe, so a call is due. A further sign leaves it due."""
    tonight = answered(answered(case(family="yes", danger="no"), "going_on", "not-known"), "safe", "not-known")
    assert leading(tonight) == "tonight"

    assert leading(ticked(tonight, "S1", "current")) == "tonight"


def test_an_answer_that_tonight_is_safe_does_not_cover_later_signs() -> None:
    safe = answered(answered(case({"M4": "yes"}, danger="no"), "going_on", "yes"), "safe", "yes")
    assert asked_now(safe) is None

    assert asked_now(ticked(safe, "S1", "current")) == "safe"


def test_every_urgency_has_a_word_and_every_word_an_urgency() -> None:
    assert WORDS == ("plan", "today", "manager", "call", "emergency")
    assert [urgency_of(word) for word in WORDS] == sorted(Urgency)
    with pytest.raises(KeyError):
        urgency_of("soon")


def asks(**words: str) -> Condition:
    return Condition(tuple((fact, frozenset({word})) for fact, word in words.items()))


def short(name: str, *ticks: str, implied: tuple[Condition, ...] = (), rest: str = "no") -> Circumstance:
    choices = tuple(Choice(tick, tick) for tick in ticks or ("yes",))
    return Circumstance(name, "Is it?", choices, rest, "What.", Basis(), implied=implied, card="safety")


def guidance(*leads: Condition, circumstances: tuple[Circumstance, ...] = (), evidence: Condition = ALWAYS) -> Guidance:
    result = tuple(
        Lead(str(number), str(number), Urgency.CALL, "T", "t", Basis(), (each,))
        for number, each in enumerate((*leads, ALWAYS))
    )
    return Guidance(result, (), (), (), circumstances, (evidence,))


@pytest.mark.parametrize("pack", [PACK, load_pack(OTHER_BOARD)], ids=lambda pack: pack.instrument.edition.board)
def test_a_code_holds_all_that_the_leads_of_a_pack_rest_on(pack: Pack) -> None:
    assert uncarried(read_by_leads(pack.guidance)) == ()


@pytest.mark.parametrize("pack", [PACK, load_pack(OTHER_BOARD)], ids=lambda pack: pack.instrument.edition.board)
def test_a_code_distinguishes_not_known_from_not_asked_where_it_matters(pack: Pack) -> None:
    """Such facts decide a lead, or a question that decides one: a missing answer could mean either."""
    guidance = pack.guidance
    asking = [condition for each in guidance.circumstances for condition in (*each.matters, *each.implied)]
    leading = [condition for lead in guidance.leads for condition in lead.conditions]
    told_apart = {
        fact
        for condition in (*leading, *guidance.evidence, *asking)
        for fact, words in condition.asks
        if (NOT_KNOWN in words) is not (NOT_ASKED in words)
    }

    assert [fact for fact in sorted(told_apart & FACTS.keys()) if NOT_KNOWN not in FACTS[fact]] == []


def test_the_facts_behind_the_shipped_leads_are_found() -> None:
    read = read_by_leads(PACK.guidance)

    assert {"age", "danger", "told_or_seen", "judgement", "missing_now", "grounds"} <= read.keys()
    assert {"young_exploiter", "draws_in", "network"} <= read.keys()
    assert read["age"] == tuple(Age)
    assert read["grounds"] == ("yes", "no", "not-decided", "not-known")
    assert {"moved", "online", "safe", "family"} <= read.keys()
    assert not {"profession", "category", "present", EVIDENCE, "parents_told"} & read.keys()


@pytest.mark.parametrize(
    ("told", "fault"),
    [
        (guidance(asks(hurt="yes"), circumstances=(short("hurt"),)), "hurt"),
        (guidance(asks(evidence="yes"), circumstances=(short("hurt"),), evidence=asks(hurt="yes")), "hurt"),
        (
            guidance(asks(moved="yes"), circumstances=(short("hurt"), short("moved", implied=(asks(hurt="yes"),)))),
            "hurt",
        ),
        (guidance(asks(grounds="yes"), circumstances=(short("grounds", "yes", "perhaps"),)), "grounds = perhaps"),
        (
            guidance(
                asks(network="yes"),
                circumstances=(
                    short("hurt"),
                    short("moved", implied=(asks(hurt="yes"),)),
                    short("network", implied=(asks(moved="yes"),)),
                ),
            ),
            "hurt",
        ),
    ],
)
def test_facts_that_no_code_holds_are_named_everywhere(told: Guidance, fault: str) -> None:
    """Such facts are found in a lead, in its evidence, in an implied short question, and in a single answer."""
    assert uncarried(read_by_leads(told)) == (fault,)


@pytest.mark.parametrize(
    "told",
    [
        guidance(circumstances=(short("hurt"),)),
        guidance(asks(danger="yes"), circumstances=(short("hurt"),), evidence=asks(hurt="yes")),
        guidance(asks(profession="police", allocated="yes", stage="review", known="no")),
        guidance(*(asks(**{fact: words[1]}) for fact, words in FACTS.items())),
    ],
)
def test_facts_without_a_lead_need_no_place_in_a_code(told: Guidance) -> None:
    assert uncarried(read_by_leads(told)) == ()


def test_a_pack_is_measured_by_all_its_leads() -> None:
    lead = replace(PACK.guidance.leads[0], id="more", conditions=(asks(child_told="yes"),))
    told_of = replace(PACK.guidance.circumstances[0], id="child_told")

    result = replace(
        PACK.guidance, leads=(lead, *PACK.guidance.leads), circumstances=(*PACK.guidance.circumstances, told_of)
    )

    assert uncarried(read_by_leads(result)) == ("child_told",)
