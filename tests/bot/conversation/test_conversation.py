"""Tests of what people are shown: strangers and removed people nothing, and a closed chat nothing of a case."""

from datetime import timedelta

import pytest

from bot.access.account import Removed
from bot.storage.values import KeyOnly
from dialogs.core.role import Role
from dialogs.turn.commands import ASKED_CLOSED
from tests.support.people.accounts import altered
from tests.support.people.visiting import PERSON, REFERENCE, START, Visitor
from tests.support.shipped import INSTRUMENT


@pytest.mark.parametrize("name", ["start", *ASKED_CLOSED, "lock", "panic", "erase", "nothing"])
async def test_a_stranger_gets_no_answer_and_no_row(name: str) -> None:
    sam = await Visitor().command(name)

    assert isinstance(sam.outcome, KeyOnly)
    assert await sam.store.recall(PERSON) is None
    assert await sam.entries() == []


async def test_nothing_is_due_for_a_stranger() -> None:
    sam = await Visitor().pass_time()

    assert isinstance(sam.outcome, KeyOnly)
    assert await sam.store.recall(PERSON) is None


async def test_a_case_that_a_removed_person_left_goes_at_its_term() -> None:
    sam = await (await Visitor.let_in()).begin()
    due = sam.record.due
    held = await (await Visitor.let_in()).begin()
    await sam.set(Removed())
    await held.set_head(held=True)
    await held.set(Removed())
    assert due is not None

    await sam.pass_time(minutes=10, microseconds=-1)
    assert sam.record.case is not None
    await sam.pass_time(days=400)
    await held.pass_time(days=400)

    assert sam.record.case is None
    assert sam.record.due is None
    assert ((await sam.entries())[-1].what, (await sam.entries())[-1].reference) == ("erased-by-time", REFERENCE)
    assert (held.record.case is not None, held.record.due) == (True, None)


CLOSED = {
    "locked": {"is_locked": True},
    "idle": {"seen": START - timedelta(days=1)},
    "barred": {"tries": 5},
    "notice": {"noticed": None},
    "new-pin": {"pin": ""},
    "new-pin-again": {"pin": "", "pending": "half"},
    "lapsed": {"until": START},
    "auditor": {"role": Role.AUDITOR},
    "hidden": {"is_hidden": True, "is_locked": True},
}
"""For each way of closing a chat, the fields of the account that it changes."""


@pytest.mark.parametrize("closed", CLOSED)
@pytest.mark.parametrize("asked", [None, *ASKED_CLOSED])
async def test_a_closed_chat_with_a_result_behind_it_shows_nothing_of_it(closed: str, asked: str | None) -> None:
    sam = await (await Visitor.let_in()).begin()
    await sam.finish()
    assert REFERENCE in sam.text
    await sam.set_head(held=True, is_warned=True)
    await sam.set(altered(sam.access, **CLOSED[closed]))  # type: ignore[arg-type]

    if asked is not None:
        await sam.command(asked)

    secrets = [REFERENCE, "Total ", "Answered", "Category 1", "held", *(item.label for item in INSTRUMENT.items)]
    assert [words for words in secrets if words in sam.text] == []
    assert sam.bot.is_closed(sam.record)
    codes = {each.code[:2] for each in sam.card.buttons} if sam.card else set()
    assert codes <= {"o:", "x", "k", "k:", "y"}
