"""More evidence never gives less urgency: over random cases, over every case with few ticks, and over what was said on the way."""

import random
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from functools import cache
from itertools import combinations

import pytest

from seraf.advice.action_plan import CALLS, CardLine
from seraf.advice.contacts import LocalTime
from seraf.advice.so_far import leads_so_far, to_ask_at_once
from seraf.advice.urgency import Urgency
from seraf.form.conditions import Facts
from seraf.form.evidence import shown
from seraf.form.responses import Case, Responses
from seraf.form.vocabulary import CATEGORIES, EARLIER_CATEGORY, LASTING, STILL_COUNTS, Age, Meaning
from seraf.score.findings import facts_of
from tests.seraf.score.test_scoring_oracle import random_seraf
from tests.support.counts import each_seed, times
from tests.support.shipped import INSTRUMENT, NOON, PACK, at

pytestmark = pytest.mark.prove

GUIDANCE = PACK.guidance

WORSE: dict[str, tuple[str, ...]] = {
    "danger": ("no", "not-known", "yes"),
    "told_or_seen": ("no", "not-known", "yes"),
    "judgement": ("no", "not-sure", "yes"),
    **dict.fromkeys(("missing_now", "moved", "online"), ("no", "not-known", "yes")),
    **dict.fromkeys(("family", "young_exploiter", "draws_in", "network"), ("no", "not-known", "yes")),
    **dict.fromkeys(("asylum", "not_at_school"), ("no", "not-known", "yes")),
    "safe": ("yes", "not-known", "not-tonight", "danger"),
    "grounds": ("no", "not-decided", "yes"),
    "consent": ("given", "not-yet", "refused"),
}
"""The answers to a question, the least worrying first."""

YOUNGER = (Age.FROM_18_TO_25, Age.FROM_16_TO_17, Age.FROM_13_TO_15, Age.UNDER_13)
"""Ages, the oldest first."""

ROLES = ("school", "health", "preventative", "residential", "police", "social-care", "leaving-care", "other")

MOMENTS = (NOON, at("2026-03-06T16:25"), at("2026-03-07T22:30"))
"""A Wednesday at noon, a Friday just before the office shuts, and a Saturday night."""


def urgency(case: Case) -> Urgency:
    """How urgent the result of a case is."""
    return GUIDANCE.leads_for(facts_of(INSTRUMENT, case))[0].urgency


def worse_options(item_id: str, given: str | None) -> Iterator[str]:
    """The responses that are more evidence than the one that was given."""
    weight = {Meaning.ABSENT: 0, Meaning.UNKNOWN: 0, Meaning.EARLIER: 1, Meaning.CURRENT: 2}
    options = {option.id: (weight[option.means], option.points) for option in INSTRUMENT.item(item_id).section.options}
    now = options[given] if given else (0, 0)
    yield from (each for each, found in options.items() if found > now and found[0])


def worsened(case: Case) -> Iterator[tuple[str, Case]]:
    """Every case that differs from this one in one thing that is worse, with what it is."""
    for item in INSTRUMENT.items:
        for option in worse_options(item.id, case.responses.get(item.id)):
            after = replace(case, responses=case.responses.give(item.id, option))
            yield f"{item.id}={option}", replace(after, earlier=standing_beside(after))
    for question, words in WORSE.items():
        given = case.answers.get(question)
        worse = words[words.index(given) + 1 :] if given in words else words[-1:]
        for word in worse:
            after = replace(case, answers={**case.answers, question: word})
            yield f"{question}={word}", replace(after, earlier=standing_beside(after))
    yield from more_from_before(case)
    if case.age in YOUNGER:
        for age in YOUNGER[YOUNGER.index(case.age) + 1 :]:
            yield f"age={age}", replace(case, age=age, answers={**case.answers, "age": str(age)})


def standing_beside(case: Case) -> Facts:
    """What an earlier SERAF leaves standing once something is said to be so now: what is so now is not left to it."""
    there = shown(INSTRUMENT, case)["present"] | {key for key in LASTING if case.answers.get(key) == "yes"}
    counts = case.earlier.get(STILL_COUNTS, frozenset()) - there
    sections = {item.section.id for item in INSTRUMENT.items if item.id in counts}
    names = {section.id for section in INSTRUMENT.sections} - sections
    return {**case.earlier, STILL_COUNTS: (counts | sections) - names} if case.earlier else {}


def more_from_before(case: Case) -> Iterator[tuple[str, Case]]:
    """The case with more that an earlier SERAF said."""
    before = {EARLIER_CATEGORY: frozenset[str](), STILL_COUNTS: frozenset[str](), **case.earlier}
    graver = (each for each in CATEGORIES if each > max(before[EARLIER_CATEGORY], default=""))
    for category in graver:
        yield f"earlier={category}", replace(case, earlier={**before, EARLIER_CATEGORY: frozenset({category})})
    for word in ("S2", "V3", "V8", *LASTING):
        counts = {**before, STILL_COUNTS: before[STILL_COUNTS] | {word}}
        after = replace(case, earlier=counts)
        yield f"still counts: {word}", replace(after, earlier=standing_beside(after))


def random_case(draw: random.Random) -> Case:
    """Any case that a conversation could come to."""
    age, responses = random_seraf(draw)
    if draw.random() < 0.7:  # most cases have few ticks, where the order is at stake
        kept = draw.sample([item.id for item in INSTRUMENT.items], draw.randrange(4))
        none = {item.id: "no" for item in INSTRUMENT.items}
        responses = {**none, **{each: responses[each] for each in kept if each in responses}}
    answers = {
        "age": str(age),
        "profession": draw.choice(ROLES),
        "allocated": draw.choice(("yes", "no", "not-known")),
        "stage": draw.choice(("first", "review")),
        "danger": draw.choice(("no", "no", "no", "not-known")),
        "told_or_seen": draw.choice(("no", "no", "no", "not-known", "yes")),
        "judgement": draw.choice(("no", "no", "not-sure")),
    }
    case = Case(Age(age), Responses.of(responses), answers)
    for each in GUIDANCE.circumstances:
        if each in GUIDANCE.asked(facts_of(INSTRUMENT, Case(case.age, case.responses, answers))):
            mild = WORSE.get(each.id, each.words)[0]
            answers[each.id] = draw.choice((mild, mild, mild, draw.choice(each.words)))
    found = Case(case.age, case.responses, answers)
    if draw.random() < 0.7:
        return found
    counts = frozenset(draw.sample([item.id for item in INSTRUMENT.items], draw.randrange(3)))
    stands = {EARLIER_CATEGORY: frozenset({draw.choice(CATEGORIES)}), STILL_COUNTS: counts}
    return replace(found, earlier=standing_beside(replace(found, earlier=stands)))


@pytest.mark.prove
@pytest.mark.parametrize("seed", range(times(400, 2)))
def test_nothing_that_is_worse_makes_a_case_less_urgent(seed: int) -> None:
    """Fifty random cases each, and all that could be worse in each: the lead never falls."""
    draw = random.Random(seed)
    for _ in range(50):
        case = random_case(draw)
        before = urgency(case)
        lower = [what for what, after in worsened(case) if urgency(after) < before]

        assert lower == [], (case, before)


TICKS = tuple((item.id, option.id) for item in INSTRUMENT.items for option in item.section.options if option.is_present)
"""Every response that ticks an item."""


@cache
def of_ticks(ticks: frozenset[tuple[str, str]]) -> Urgency:
    """How urgent a case is that has these ticks and is otherwise as harmless as can be."""
    responses = {item.id: "no" for item in INSTRUMENT.items} | dict(ticks)
    answers = {"age": "13-15", "danger": "no", "told_or_seen": "no", "judgement": "no", "profession": "health"}
    mild = {question: words[0] for question, words in WORSE.items() if question not in answers}
    return urgency(Case(Age.FROM_13_TO_15, Responses.of(responses), {**answers, **mild}))


@pytest.mark.parametrize("share", range(times(16, 1)))
def test_no_tick_makes_a_case_with_up_to_three_ticks_less_urgent(share: int) -> None:
    """Every one of them in the full run; in others a share: a case is at least as urgent as each case that has a tick less."""
    sets = [frozenset(each) for count in range(1, 5) for each in combinations(TICKS, count) if len(dict(each)) == count]
    mine = [each for each in sets if len(each) <= 2] + [each for at, each in enumerate(sets) if at % 16 == share][
        ::SHARE
    ]

    for ticks in mine:
        found = of_ticks(ticks)
        fewer = [ticks - {each} for each in ticks]
        assert all(found >= of_ticks(each) for each in fewer), ticks


SHARE = 1 if times(16, 1) == 16 else 24
"""Every how many of the cases with three or four ticks are looked at."""


@pytest.mark.prove
@pytest.mark.parametrize("seed", range(times(400, 2)))
def test_no_result_is_less_urgent_than_what_was_said_on_the_way(seed: int) -> None:
    """Whatever a case already called for when any part of it was answered, its result calls for as well."""
    draw = random.Random(seed)
    for _ in range(50):
        case = random_case(draw)
        kept = [pair for pair in case.responses if draw.random() < 0.6]
        answers = {key: word for key, word in case.answers.items() if key != "judgement" and draw.random() < 0.7}
        part = with_what_is_put_at_once(Case(case.age, Responses(tuple(kept)), answers), case)

        said = leads_so_far(INSTRUMENT, GUIDANCE, case=part)[0]

        assert urgency(case) >= said.urgency, (said, case)


def with_what_is_put_at_once(part: Case, whole: Case) -> Case:
    """The part of a case with every question answered that is put as soon as it matters, before anything is said."""
    while question := to_ask_at_once(INSTRUMENT, GUIDANCE, case=part):
        part = replace(part, answers={**part.answers, question.id: whole.answers.get(question.id, "not-known")})
    return part


@each_seed(200, 1)
def test_nothing_that_is_worse_takes_a_call_off_the_card_or_gives_it_more_time(seed: int) -> None:
    """Twenty random cases each: every call that was due is due no later, by day, before the office shuts and at night."""
    draw = random.Random(seed)
    for _ in range(20):
        case, now = random_case(draw), draw.choice(MOMENTS)
        before = calls(case, now)
        for what, after in worsened(case):
            found = calls(after, now)
            late = [line for line, due in before.items() if line not in found or found[line] > due]
            late = [line for line in late if line not in covered(after, now)]

            assert late == [], (what, case, now)


def calls(case: Case, now: LocalTime) -> dict[CardLine, datetime]:
    """The calls on a case's card, with the time by which each is due."""
    hours = PACK.contacts["art"].hours
    planned = GUIDANCE.planned_for(facts_of(INSTRUMENT, case), is_open=PACK.contacts["art"].is_open(now))
    return {each.action.line: each.deadline.due(now, hours) for each in planned if each.action.line in CALLS}


def covered(case: Case, now: LocalTime) -> set[CardLine]:
    """The calls that are part of another: the police are called by 999, and an adviser's manager is whom to call."""
    planned = GUIDANCE.planned_for(facts_of(INSTRUMENT, case), is_open=PACK.contacts["art"].is_open(now))
    at_once = {CardLine.POLICE} if any(each.action.line is CardLine.EMERGENCY for each in planned) else set()
    return at_once | {line for each in planned for line in each.action.covers}


def test_one_sign_and_the_same_doubt_are_not_weaker_than_no_sign_and_that_doubt() -> None:
    """With no sign and doubt one could call; with a sign now one calls."""
    none = Case(
        Age.FROM_13_TO_15, Responses.of({item.id: "no" for item in INSTRUMENT.items}), {"judgement": "not-sure"}
    )
    sign = replace(none, responses=none.responses.give("S5", "current"))

    assert urgency(sign) is Urgency.CALL > urgency(none)
