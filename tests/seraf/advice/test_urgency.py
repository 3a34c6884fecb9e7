"""P23 of docs/promises.md: more evidence is never less urgent, in random cases and in all with up to four ticks."""

import random
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from functools import cache
from itertools import combinations

import pytest

from seraf.advice.action_plan import CALLS, CardLine, Urgency
from seraf.advice.contacts import LocalTime
from seraf.case_view import CaseView
from seraf.form.circumstances import Facts
from seraf.form.responses import Case, Responses
from seraf.form.vocabulary import ANSWERS, CATEGORIES, EARLIER_CATEGORY, FACT_WORDS, LASTING, STILL_COUNTS, Age, Meaning
from tests.seraf.score.test_scoring_oracle import random_seraf
from tests.support.counts import each_seed, times
from tests.support.promising import Promise
from tests.support.shipped import INSTRUMENT, NOON, PACK, at

pytestmark = pytest.mark.prove

GUIDANCE = PACK.guidance

WORSE: dict[str, tuple[str, ...]] = {
    "danger": ("no", "not-known", "missing yes"),
    "told_or_seen": ("no", "not-known", "yes"),
    "judgement": ("no", "not-sure not-asked", "yes"),
    **dict.fromkeys(("missing_now", "moved", "online", "going_on"), ("no", "not-known", "yes")),
    **dict.fromkeys(("family", "young_exploiter", "draws_in", "network"), ("no", "not-known", "yes")),
    **dict.fromkeys(("asylum", "not_at_school", "new_info"), ("no", "not-known", "yes")),
    "reported": ("yes", "not-known", "no"),
    "safe": ("yes", "not-known", "not-tonight", "danger"),
    "grounds": ("no", "not-decided not-known", "yes"),
    "parents_told": ("yes no not-known", "unsafe"),
    "consent": ("given", "not-yet not-known", "refused"),
}
"""The answers to each question in order of worry. Those in one string are equally worrying."""

ALWAYS_PUT = ("danger", "told_or_seen", "judgement")
"""Questions that are asked in every case."""

YOUNGER = (Age.FROM_18_TO_25, Age.FROM_16_TO_17, Age.FROM_13_TO_15, Age.UNDER_13)

ROLES = FACT_WORDS["profession"]

BY_DAY = (NOON, at("2026-03-03T09:05"), at("2026-03-04T15:40"), at("2026-03-06T16:25"))
"""A Wednesday at noon, times just after opening and at home time, and a Friday just before closing."""

BY_NIGHT = (
    *(at("2026-03-07T22:30"), at("2026-03-04T03:10"), at("2026-03-04T08:50"), at("2026-03-06T16:40")),
    at("2026-04-03T12:00", is_bank_holiday=True),
)
"""A Saturday night, a weekday night, just before opening, just after closing, and a bank holiday at noon."""


def urgency(case: Case) -> Urgency:
    return CaseView(INSTRUMENT, case).advice(GUIDANCE).leads[0].urgency


def worse_options(item_id: str, case: Case) -> Iterator[str]:
    """Yield the options of an item that are more evidence than the response given in this case."""
    weight = {Meaning.ABSENT: 0, Meaning.UNKNOWN: 0, Meaning.EARLIER: 1, Meaning.CURRENT: 2}
    options = {option.id: (weight[option.means], option.points) for option in INSTRUMENT.item(item_id).section.options}
    given = case.responses.get(item_id)
    now = options[given] if given else (0, 0)
    # An item that still counts from an earlier SERAF counts as EARLIER, so only an answer above that is worse.
    least = Meaning.EARLIER if item_id in case.earlier.get(STILL_COUNTS, ()) else Meaning.ABSENT
    yield from (each for each, found in options.items() if found > now and found[0] > weight[least])


def worse_answers(question: str, given: str | None) -> tuple[str, ...]:
    ranks = [rank.split() for rank in WORSE[question]]
    at_most = next((number for number, rank in enumerate(ranks) if given in rank), len(ranks) - 2)
    return tuple(word for rank in ranks[at_most + 1 :] for word in rank)


def worsened(case: Case) -> Iterator[tuple[str, Case]]:
    """Yield every case that differs from this one by a single worse answer, with a name for that answer."""
    for item in INSTRUMENT.items:
        for option in worse_options(item.id, case):
            after = replace(case, responses=case.responses.give(item.id, option))
            yield f"{item.id}={option}", replace(after, earlier=still_counting(after))
    put = {*ALWAYS_PUT, *(each.id for each in CaseView(INSTRUMENT, case).advice(GUIDANCE).asked), *case.answers}
    for question in put & set(WORSE):
        for word in worse_answers(question, case.answers.get(question)):
            after = replace(case, answers={**case.answers, question: word})
            yield f"{question}={word}", replace(after, earlier=still_counting(after))
    yield from more_from_before(case)
    if case.age in YOUNGER:
        for age in YOUNGER[YOUNGER.index(case.age) + 1 :]:
            yield f"age={age}", replace(case, age=age, answers={**case.answers, "age": str(age)})


def still_counting(case: Case) -> Facts:
    there = CaseView(INSTRUMENT, case).certain["present"] | {key for key in LASTING if case.answers.get(key) == "yes"}
    counts = case.earlier.get(STILL_COUNTS, frozenset()) - there
    sections = {item.section.id for item in INSTRUMENT.items if item.id in counts}
    names = {section.id for section in INSTRUMENT.sections} - sections
    return {**case.earlier, STILL_COUNTS: (counts | sections) - names} if case.earlier else {}


def more_from_before(case: Case) -> Iterator[tuple[str, Case]]:
    before = {EARLIER_CATEGORY: frozenset[str](), STILL_COUNTS: frozenset[str](), **case.earlier}
    graver = (each for each in CATEGORIES if each > max(before[EARLIER_CATEGORY], default=""))
    for category in graver:
        yield f"earlier={category}", replace(case, earlier={**before, EARLIER_CATEGORY: frozenset({category})})
    for word in ("S2", "V3", "V8", *LASTING):
        counts = {**before, STILL_COUNTS: before[STILL_COUNTS] | {word}}
        after = replace(case, earlier=counts)
        yield f"still counts: {word}", replace(after, earlier=still_counting(after))


def random_case(draw: random.Random) -> Case:
    """Return a random case that a conversation can produce, with all or nearly all questions answered in order."""
    age, responses = random_seraf(draw)
    if draw.random() < 0.7:  # most cases have few ticks, where the order is at stake
        kept = draw.sample([item.id for item in INSTRUMENT.items], draw.randrange(4))
        none = {item.id: "no" for item in INSTRUMENT.items}
        responses = {**none, **{each: responses[each] for each in kept if each in responses}}
    calm = draw.choice((0.5, 0.8, 0.95, 1.0))  # how likely each answer is to be the least worrying

    def answered(question: str, words: tuple[str, ...]) -> str:
        mild = [word for rank in WORSE.get(question, ()) for word in rank.split() if word in words]
        return mild[0] if mild and draw.random() < calm else draw.choice(words)

    answers = {
        "age": str(age),
        "profession": draw.choice(ROLES),
        "allocated": draw.choice(ANSWERS),
        "known": draw.choice(ANSWERS),
        "stage": draw.choice(("first", "review")),
        "danger": answered("danger", FACT_WORDS["danger"][:-1]),
        "told_or_seen": answered("told_or_seen", ANSWERS),
        "judgement": answered("judgement", FACT_WORDS["judgement"]),
    }
    case = Case(Age(age), Responses.of(responses), answers)
    for each in GUIDANCE.circumstances:
        if each in CaseView(INSTRUMENT, case).advice(GUIDANCE).asked and draw.random() < 0.97:
            said = {**CaseView(INSTRUMENT, case).noted(GUIDANCE, each.id), each.id: answered(each.id, each.words)}
            case = replace(case, answers={**case.answers, **said})
    if draw.random() < 0.7:
        return case
    counts = frozenset(draw.sample([item.id for item in INSTRUMENT.items], draw.randrange(3)))
    stands = {EARLIER_CATEGORY: frozenset({draw.choice(CATEGORIES)}), STILL_COUNTS: counts}
    return replace(case, earlier=still_counting(replace(case, earlier=stands)))


@each_seed(400, 1)
def test_nothing_that_is_worse_makes_a_case_less_urgent(seed: int, promise: Promise) -> None:
    """P23: in fifty random cases, no single worse answer makes the lead less urgent."""
    draw = random.Random(seed)
    for _ in range(50):
        case = random_case(draw)
        before = urgency(case)
        lower = [what for what, after in worsened(case) if urgency(after) < before]

        assert lower == [], (case, before)
    promise.reached("P23", asked=50, reached=50, of="cases in which no more evidence lowers what leads")


TICKS = tuple((item.id, option.id) for item in INSTRUMENT.items for option in item.section.options if option.is_present)


@cache
def of_ticks(ticks: frozenset[tuple[str, str]], going_on: str) -> Urgency:
    responses = {item.id: "no" for item in INSTRUMENT.items} | dict(ticks)
    mild = {question: ranks[0].split()[0] for question, ranks in WORSE.items()}
    answers = {**mild, "age": "13-15", "profession": "health", "going_on": going_on}
    return urgency(Case(Age.FROM_13_TO_15, Responses.of(responses), answers))


@pytest.mark.parametrize("share", range(times(16, 1)))
def test_no_tick_makes_a_case_with_up_to_three_ticks_less_urgent(share: int, promise: Promise) -> None:
    """P23: each case is at least as urgent as with one tick fewer. `going_on` is the same for all ticks.
    `make prove` tries all cases; other runs try some of them.
    """
    sets = [frozenset(each) for count in range(1, 5) for each in combinations(TICKS, count) if len(dict(each)) == count]
    mine = [each for each in sets if len(each) <= 2] + [each for at, each in enumerate(sets) if at % 16 == share][
        ::SHARE
    ]

    for going_on in ANSWERS:
        for ticks in mine:
            found = of_ticks(ticks, going_on)
            fewer = [ticks - {each} for each in ticks]
            assert all(found >= of_ticks(each, going_on) for each in fewer), (ticks, going_on)
    tried = len(mine) * len(ANSWERS)
    promise.reached("P23", asked=tried, reached=tried, of="cases with up to four ticks beside those with one less")


SHARE = 1 if times(16, 1) == 16 else 72
"""Of the cases with three or four ticks, one in this many is tried."""


@each_seed(400, 1)
def test_no_result_is_less_urgent_than_an_earlier_answer(seed: int, promise: Promise) -> None:
    """P23: the result is at least as urgent as the case was after any earlier answer."""
    draw = random.Random(seed)
    for _ in range(50):
        case = random_case(draw)
        case = with_what_is_put_at_once(case, case)
        kept = [pair for pair in case.responses if draw.random() < 0.6]
        said = {key for key in case.answers if key != "judgement" and draw.random() < 0.7}
        answers = {key: word for key, word in case.answers.items() if key.removesuffix(".for") in said}
        part = with_what_is_put_at_once(Case(case.age, Responses(tuple(kept)), answers), case)

        lead = CaseView(INSTRUMENT, part).advice_so_far(GUIDANCE).leads[0]

        assert urgency(case) >= lead.urgency, (lead, case)
    promise.reached("P23", asked=50, reached=50, of="results as urgent as what was said on the way")


def with_what_is_put_at_once(part: Case, whole: Case) -> Case:
    """Return `part` with each urgent question answered as in `whole`, again whenever a tick makes an answer stale."""
    while question := CaseView(INSTRUMENT, part).to_ask_at_once(GUIDANCE):
        given_for = CaseView(INSTRUMENT, part).noted(GUIDANCE, question.id)
        said = {**given_for, question.id: whole.answers.get(question.id, "not-known")}
        part = replace(part, answers={**part.answers, **said})
    return part


@each_seed(500, 1)
def test_nothing_that_is_worse_takes_a_call_or_a_talk_off_the_card_or_gives_it_more_time(
    seed: int, promise: Promise
) -> None:
    """P23: in twenty random cases, half of them at night, no worse answer drops or delays a call or talk."""
    draw = random.Random(seed)
    for number in range(20):
        case, now = random_case(draw), draw.choice(BY_NIGHT if number % 2 else BY_DAY)
        before = calls(case, now)
        for what, after in worsened(case):
            # Whoever turns out to be a child has other people around them: an adult is asked first, and has a team of
            # their own. What leads is compared all the same.
            if case.age is Age.FROM_18_TO_25 and after.age is not case.age:
                continue
            found = calls(after, now)
            late = [line for line, due in before.items() if line not in found or found[line] > due]
            late = [line for line in late if line not in covered(after, now)]

            assert late == [], (what, case, now)
    promise.reached("P23", asked=20, reached=20, of="cards on which no more evidence puts off a call or a talk")


def calls(case: Case, now: LocalTime) -> dict[CardLine, datetime]:
    hours = PACK.contacts["art"].hours
    planned = CaseView(INSTRUMENT, case).advice(GUIDANCE).planned(hour=GUIDANCE.hour(now, PACK.contacts))
    return {each.action.line: each.deadline.due(now, hours) for each in planned if each.action.line in CALLS}


def covered(case: Case, now: LocalTime) -> set[CardLine]:
    planned = CaseView(INSTRUMENT, case).advice(GUIDANCE).planned(hour=GUIDANCE.hour(now, PACK.contacts))
    at_once = {CardLine.POLICE} if any(each.action.line is CardLine.EMERGENCY for each in planned) else set()
    return at_once | {line for each in planned for line in each.action.covers}


def test_one_sign_and_the_same_doubt_are_more_than_that_doubt_alone() -> None:
    none = Case(
        Age.FROM_13_TO_15, Responses.of({item.id: "no" for item in INSTRUMENT.items}), {"judgement": "not-sure"}
    )
    sign = replace(none, responses=none.responses.give("S5", "current"))

    assert urgency(sign) is Urgency.MANAGER > urgency(none) is Urgency.TODAY
