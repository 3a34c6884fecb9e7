"""Properties of the guidance in every case: somebody is told, no call is delayed, and texts fit the profession."""

import random
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from dialogs.phrases.whom_to_call import care_numbers
from seraf.advice.action_plan import CALLS, MOST, CardLine, Hour, Planned
from seraf.advice.guidance import Lead, Step
from seraf.case_view import CaseView
from seraf.form.circumstances import Facts, any_holds
from seraf.form.responses import Case, Responses
from seraf.form.vocabulary import ANSWERS, FACT_WORDS, Age
from tests.seraf.score.test_scoring_oracle import random_seraf
from tests.support.counts import each_seed
from tests.support.promising import Promise
from tests.support.shipped import INSTRUMENT, PACK, SCRIPT, at

GUIDANCE = PACK.guidance
PLAN = GUIDANCE.plan
NIGHT = at("2026-03-04T22:30")
SEEDS = each_seed(2_000, 50)

ONLY_FOR = {
    r"Schools must|PHSE on": {"school"},
    r"your safeguarding lead\b": {"school"},
    r"your designated lead\b": {"health"},
    r"your supervisor|force arranges": {"police"},
    r"Preventative services:": {"preventative"},
    r"your leaving care manager": {"leaving-care"},
    r"Placed by another council|A carer here": {"residential"},
    r"your duty as a first responder": {"social-care", "police"},
    r"[Yy]ou decide|Decide within|Decide with .* on reasonable grounds|Convene|Hold a strategy|Invite the PSW/CSW": {
        "social-care"
    },
}
"""For some professions, texts that no other profession may see."""

RINGS_THE_POLICE = re.compile(
    r"\b(call|ring|ask|tell|give|report)\b[^.:?]*\b(the police|101|999)\b|: 999(?! or A&E)|in doubt, 999|\b101\b",
    re.IGNORECASE,
)
RINGS_SOCIAL_CARE = re.compile(
    r"\b(call|ring|tell|ask|refer to|talk to)\b[^.:?]*\b(social care|ART|Emergency Duty Team|allocated team)\b",
    re.IGNORECASE,
)
CALLED_A_CHILD = re.compile(r"\b(a|the|this|each|under-age) (missing )?child\b|\bchild's\b|\bparents?\b", re.IGNORECASE)
PARENTS_WAIT = re.compile(r"Do not tell the parents|Tell no parent|Decide first whether it is safe to tell the parents")
WORK_WITH_PARENTS = re.compile(r"work with them|keep (them|the parents) in|parents know: work", re.IGNORECASE)
REQUIRED = re.compile(r"strategy discussion(:| is|, which is)?( it is)? required|there must be a strategy discussion")


WIDTH = 43

TITLE = 60
"""The maximum number of characters of a title, including the addressee."""


@dataclass(frozen=True, slots=True)
class Said:
    """A case at an hour, with everything that the guidance says about it."""

    facts: Facts
    leads: tuple[Lead, ...]
    card: tuple[Planned, ...]
    steps: tuple[Step, ...]

    @property
    def lines(self) -> dict[CardLine, Planned]:
        return {each.action.line: each for each in self.card}

    @property
    def actions(self) -> set[str]:
        return {each.action.id for each in self.card}

    def is_so(self, fact: str, *words: str) -> bool:
        return bool(self.facts.get(fact, frozenset()) & set(words))

    def on_the_card(self) -> Iterator[str]:
        yield from (self.leads[0].title, self.leads[0].text)
        for each in self.card:
            yield from (each.title, *each.details)

    def everything(self) -> Iterator[str]:
        yield from self.on_the_card()
        yield from (text for lead in self.leads for text in (lead.title, lead.text))
        yield from (each.action.why for each in self.card)
        yield from (step.text for step in self.steps)


def random_case(draw: random.Random, **fixed: str) -> Case:
    """Return a case with random responses, and random answers to all questions, the short ones included."""
    age, responses = random_seraf(draw)
    answers = {
        "age": age,
        **{key: draw.choice(ANSWERS) for key in ("danger", "told_or_seen", "allocated", "known")},
        **{key: draw.choice(FACT_WORDS[key]) for key in ("stage", "judgement", "profession")},
        **fixed,
    }
    for each in GUIDANCE.circumstances:
        case = Case(Age(answers["age"]), Responses.of(responses), answers)
        if each.id not in fixed and each in CaseView(INSTRUMENT, case).advice(GUIDANCE).asked:
            answers[each.id] = draw.choice(each.words)
    return Case(Age(answers["age"]), Responses.of(responses), answers)


@cache
def said_of(seed: int, **fixed: str) -> Said:
    draw = random.Random(seed)
    is_open = draw.random() < 0.5
    facts = CaseView(INSTRUMENT, random_case(draw, **fixed)).facts
    card = GUIDANCE.advise(facts).planned(hour=Hour(is_open))
    settled = {**GUIDANCE.advise(facts).settled, "hours": frozenset({"open" if is_open else "closed"})}
    return Said(settled, GUIDANCE.advise(facts).leads, card, GUIDANCE.advise(facts).steps)


def sentences_of(text: str) -> list[str]:
    parts = (part.strip(" .?").lower() for part in re.split(r"(?<=[.?]) ", text))
    return [part for part in parts if len(part.split()) > 2]


@SEEDS
def test_somebody_is_always_told(seed: int) -> None:
    """The card names a manager, safeguarding lead or social care. In an urgent case, it has a call to social care."""
    said = said_of(seed)

    assert {CardLine.MANAGER, CardLine.CARE} & set(said.lines) or CardLine.EMERGENCY in said.lines
    if said.leads[0].urgency.word in ("call", "emergency"):
        assert CardLine.CARE in said.lines
        assert said.lines[CardLine.CARE].action.calls


@SEEDS
def test_a_card_has_five_lines_at_most_and_no_call_is_left_off(seed: int) -> None:
    """Every call that applies is on the card, unless a line that covers it, such as 999, is there."""
    said = said_of(seed)
    facts = {
        **said.facts,
        "urgency": frozenset({said.leads[0].urgency.word}),
        "lead": frozenset(lead.reason for lead in said.leads),
    }

    due = {action.line for action in PLAN.actions if action.line in CALLS and any_holds(action.conditions, facts)}
    covered = {line for each in said.card for line in each.action.covers}

    assert len(said.card) <= MOST
    assert due - covered <= set(said.lines)


@SEEDS
def test_early_help_is_offered_only_in_category_2_without_evidence_and_never_replaces_a_call(seed: int) -> None:
    """If there is another kind of harm, the card has the call or talk for it as well."""
    said = said_of(seed)
    offered = [text for text in said.on_the_card() if "SAFeh" in text or "early help" in text.lower()]

    if said.is_so("category", "2") and said.is_so("evidence", "no") and not said.is_so("age", "18-25"):
        assert offered or "safeh-refused" in said.actions
        if said.leads[0].urgency.word != "plan":
            assert {CardLine.CARE, CardLine.MANAGER, CardLine.EMERGENCY} & set(said.lines)
    else:
        assert offered == []


@SEEDS
def test_category_4_of_a_child_requires_a_strategy_discussion(seed: int) -> None:
    """Social care is told to hold one and all others to ask for it, whatever was judged, decided or reviewed."""
    said = said_of(seed)

    if said.is_so("category", "4") and not said.is_so("age", "18-25"):
        if said.is_so("profession", "social-care"):
            assert "convene-required" in said.actions
        assert REQUIRED.search(" ".join((said.lines[CardLine.CARE].title, *said.lines[CardLine.CARE].details)))


@SEEDS
def test_nobody_of_18_or_over_is_called_a_child(seed: int) -> None:
    said = said_of(seed, age="18-25")

    assert [text for text in said.everything() if CALLED_A_CHILD.search(text)] == []


@SEEDS
def test_one_professions_words_go_to_that_profession(seed: int) -> None:
    said = said_of(seed)

    wrong = [
        (words, text)
        for words, professions in ONLY_FOR.items()
        for text in said.everything()
        if re.search(words, text) and not said.is_so("profession", *professions)
    ]
    assert wrong == []


@SEEDS
def test_a_police_officer_is_never_told_to_ring_the_police(seed: int) -> None:
    """Neither 101 nor 999 is named, except 999 for a child who may self-harm."""
    said = said_of(seed, profession="police")

    assert [text for text in said.everything() if RINGS_THE_POLICE.search(text)] == []


@SEEDS
def test_a_social_worker_is_never_told_to_call_social_care(seed: int) -> None:
    said = said_of(seed, profession="social-care")

    assert [text for text in said.everything() if RINGS_SOCIAL_CARE.search(text)] == []


@SEEDS
def test_grounds_lead_to_a_referral_or_a_strategy_discussion_whatever_is_ticked(seed: int) -> None:
    """A judgement of No changes nothing; nor does the role or the time of day."""
    said = said_of(seed, grounds="yes")

    ends = {"convene", "convene-required", "refer", "refer-now"}
    ends |= {"call-adult", "call-adviser", "convene-adult"} if said.is_so("age", "18-25") else set()
    assert said.actions & ends
    assert said.leads[0].urgency.word in ("call", "emergency")


def is_at_home(said: Said) -> bool:
    harm = said.is_so("going_on", "yes") and said.is_so("present", "V1", "V2")
    sexual = said.is_so("going_on", "yes") and said.is_so("present", "V3") and not said.is_so("family", "no")
    return harm or sexual or said.is_so("family", "yes")


def is_found(said: Said) -> bool:
    return not said.is_so("missing_now", "yes", "not-known")


@SEEDS
def test_parents_wait_only_if_harm_at_home_may_go_on_or_telling_them_is_unsafe(seed: int) -> None:
    """Police officers decide this themselves. Despair, an infection and harm that is over are no reason."""
    said = said_of(seed, **({"parents_told": "unsafe"} if seed % 4 == 0 else {}))
    unsafe, is_decider = said.is_so("parents_told", "unsafe"), said.is_so("profession", "social-care")
    waits = PARENTS_WAIT.search(" ".join(said.on_the_card())) is not None

    if said.is_so("age", "18-25"):
        assert not waits
    elif unsafe or (is_at_home(said) and not said.is_so("profession", "police")):
        assert waits or not is_found(said)
        assert is_decider or not waits or is_found(said)
        assert [text for text in said.everything() if WORK_WITH_PARENTS.search(text)] == []
    else:
        assert not waits


@each_seed(4_000, 100)
def test_no_card_of_a_missing_child_keeps_the_people_at_home_from_being_asked(seed: int, promise: Promise) -> None:
    """P24 (docs/promises.md): people at home may know where the child is. They are asked; the suspicion is not told."""
    said = said_of(seed, danger="missing", **({"family": "yes"} if seed % 2 else {}))
    assert not re.search(r"Do not tell the parents|Tell no parent", " ".join(said.on_the_card()))
    if is_at_home(said) and not said.is_so("age", "18-25") and not said.is_so("profession", "police", "social-care"):
        assert said.lines[CardLine.PARENTS].action.id == "parents-missing"
        assert said.lines[CardLine.PARENTS].deadline.is_at_once
    promise.reached("P24", asked=1, reached=1, of="cards of a missing child that forbid to ask at home: 0")


@SEEDS
def test_a_child_who_is_missing_now_is_999_first(seed: int) -> None:
    said = said_of(seed, danger=("missing", "not-known")[seed % 2], missing_now="yes")

    first = said.card[0].action
    reported = "missing-adult" if said.is_so("age", "18-25") else "missing-999"
    assert first.id == ("find-protect" if said.is_so("profession", "police") else reported)
    assert PLAN.deadlines[0].id == first.by == "at-once"
    assert said.leads[0].urgency.word == "emergency"


@SEEDS
def test_out_of_hours_nobody_is_sent_to_a_closed_office(seed: int) -> None:
    """At night the card names the Emergency Duty Team. ART and the allocated team are for lines that can wait."""
    draw = random.Random(seed)
    case = random_case(draw, lives_elsewhere="no", profession=draw.choice(("school", "health", "police", "other")))

    card = {
        each.action.line: each
        for each in CaseView(INSTRUMENT, case).advice(GUIDANCE).planned(hour=Hour(is_open=False))
        if each.action.calls
    }
    numbers = care_numbers(SCRIPT, NIGHT, answers=Responses.of(dict(case.answers)), is_short=False)

    assert re.findall(r"0\d{4} \d{6}", numbers) == [PACK.contacts["edt"].value]
    if CardLine.CARE in card and not card[CardLine.CARE].deadline.opens:
        assert not re.search(r"ART|allocated team", card[CardLine.CARE].title)


def test_no_step_is_a_call() -> None:
    """A step mentions a call only to say that it does not delay the call, or when to call again."""
    said = [
        (step.id, sentence)
        for step in GUIDANCE.steps
        for sentence in re.split(r"(?<=[.?:;]) ", step.text)
        if re.search(r"\b(call|ring|refer)\b", sentence, re.IGNORECASE)
    ]

    assert [(step, sentence) for step, sentence in said if not ALLOWED.search(sentence)] == []


ALLOWED = re.compile(
    r"\bIf so\b|holds up no call|beside the call|before you refer|on every call|as you call|Call again"
)
"""The phrases with which a step may mention a call."""
