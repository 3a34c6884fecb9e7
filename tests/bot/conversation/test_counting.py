"""Tests of the monthly counts of leads, answers and outcomes: each counts once, and none if counting is off."""

from dataclasses import replace

import pytest

from bot.storage.values import MonthCounts
from dialogs.core.acts import Log, code_of
from seraf.advice.action_log import OUTCOMES, WHAT
from seraf.advice.action_plan import CardLine
from state_machines.assessment import Phase
from tests.support.people.visiting import TO_ITEM_ONE, Visitor
from tests.support.shipped import PACK
from tests.support.store.builders import opened

MARCH = "2026-03"


@pytest.fixture(params=["memory", "sqlite"])
async def sam(request: pytest.FixtureRequest, tmp_path: object) -> Visitor:
    visitor = await Visitor.let_in(store=await opened(request.param, tmp_path))  # type: ignore[arg-type]
    return counting(visitor)


def counting(visitor: Visitor) -> Visitor:
    visitor.bot = replace(visitor.bot, counts=True)
    return visitor


async def counted(visitor: Visitor) -> MonthCounts:
    kinds = (await visitor.store.read(lambda t: t.monthly_counts.by_month())).get(MARCH, {})
    return {kind: found for kind, words in kinds.items() if (found := {word: n for word, n in words.items() if n})}


async def log(visitor: Visitor, line: CardLine, *what: str) -> None:
    for each in what:
        await visitor.tap(code_of(Log(line, each)))


async def test_nothing_is_counted_where_that_is_off() -> None:
    sam = await (await Visitor.let_in()).begin()
    await sam.finish()

    assert sam.session.phase is Phase.RESULT
    assert await sam.store.read(lambda t: t.monthly_counts.by_month()) == {}


async def test_a_question_that_finds_nothing_is_counted_without_its_words(sam: Visitor) -> None:
    await sam.begin()
    for words in ("older boyfriend", "asdf qwerty", "Jane Smith"):
        await sam.type(words)

    assert await counted(sam) == {"asked": {"nothing": 1}}


async def test_the_lead_of_a_result_is_counted_once_for_each_case(sam: Visitor) -> None:
    await sam.begin()
    await sam.finish()
    (reason,) = (await counted(sam))["lead"]
    await sam.press("More", "Change answers", "Continue", "Yes")
    assert (await counted(sam))["lead"] == {reason: 1}

    await sam.command("erase")
    await sam.press("Erase now")
    assert (await counted(sam))["lead"] == {reason: 1}
    await sam.begin()
    await sam.finish()

    assert (await counted(sam))["lead"] == {reason: 2}
    assert reason in {lead.reason for lead in PACK.guidance.leads}


async def test_whether_harm_is_going_on_is_counted_where_it_was_asked(sam: Visitor) -> None:
    question = PACK.guidance.circumstance("going_on")
    assert question is not None
    await sam.begin()
    await sam.press("Yes", question.ticks[1].short)
    await sam.finish()
    first = await counted(sam)
    await sam.command("erase")
    await sam.press("Erase now")
    await sam.begin()
    await sam.finish()

    assert first["going_on"] == (await counted(sam))["going_on"] == {question.ticks[1].answer: 1}
    assert sum((await counted(sam))["lead"].values()) == 2


async def test_the_outcome_of_a_call_is_counted_and_uncounted_with_its_tap(sam: Visitor) -> None:
    await sam.begin()
    await sam.finish()
    card = sam.card
    assert card is not None
    (code,) = (each.code for each in card.buttons if each.code.endswith(f":{CardLine.CARE}"))
    await sam.tap(code)

    await log(sam, CardLine.CARE, "called", "no-answer", "called", "advice", "fear")
    assert (await counted(sam))["outcome"] == {"no-answer": 1, "advice": 1}
    await log(sam, CardLine.CARE, "undo", "undo")
    assert (await counted(sam))["outcome"] == {"no-answer": 1}
    await sam.command("erase")
    await sam.press("Erase now")

    assert (await counted(sam))["outcome"] == {"no-answer": 1}


async def test_a_rehearsal_counts_nothing(sam: Visitor) -> None:
    await sam.command("rehearse")
    await sam.press("Next case", "Test")
    while "Next page" in sam.labels:
        await sam.press("Next page")
    await sam.press("Start the SERAF")
    for label in TO_ITEM_ONE[1:]:
        if label in sam.labels:  # the age of a made-up child is told, and not asked
            await sam.press(label)
    await sam.finish()

    assert '\\"phase\\":\\"result\\"' in sam.record.rehearsal
    assert await counted(sam) == {}


def test_an_outcome_is_what_ends_a_call_before_anything_further_is_asked() -> None:
    assert set(WHAT["called"].asks) <= OUTCOMES <= set(WHAT)
    assert {"called", "done", "agreed", "worse", "fear", "settled"} & OUTCOMES == set()
