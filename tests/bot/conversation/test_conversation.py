"""What an admitted conversation answers and shows: nothing to strangers and the removed, and nothing of a case while closed."""

from datetime import timedelta

import pytest

from bot.access.account import Removed, Terms, read_account, written
from bot.storage.values import KeyOnly
from dialogs.core.role import Role
from dialogs.turn.commands import ASKED_CLOSED
from tests.support.people.accounts import altered
from tests.support.people.visiting import OPEN, PERSON, REFERENCE, START, Visitor
from tests.support.shipped import INSTRUMENT

HERE = OPEN[Role.PRACTITIONER]


@pytest.mark.parametrize("name", ["start", *ASKED_CLOSED, "lock", "panic", "erase", "nothing"])
async def test_a_stranger_is_answered_by_nobody_and_has_no_row(name: str) -> None:
    """Whatever they type, urgent help included: the neutral line is the channel's to say."""
    sam = await Visitor().command(name)

    assert isinstance(sam.outcome, KeyOnly)
    assert await sam.store.recall(PERSON) is None
    assert await sam.entries() == []


async def test_nothing_is_due_for_a_stranger() -> None:
    """Nor is a row made for one."""
    sam = await Visitor().pass_time()

    assert isinstance(sam.outcome, KeyOnly)
    assert await sam.store.recall(PERSON) is None


async def test_an_admission_that_ran_out_closes_the_chat_at_its_second() -> None:
    """Who to call is still there, and nothing is lost."""
    until = START + timedelta(minutes=5)
    sam = await (await Visitor.let_in(altered(HERE, until=until))).begin()
    sam.later(minutes=5, microseconds=-1)
    assert "item 1 of 30" in sam.text

    sam.later(microseconds=1)
    assert "Your access has run out" in sam.text
    await sam.tap("s:no")

    assert sam.toasts == ["closed-lapsed"]
    assert sam.session.place == "V1"
    await sam.press("Urgent")
    assert "999" in sam.text


async def test_whoever_was_removed_is_shown_nothing_and_answered_by_nobody() -> None:
    """From the next event on; the row is as it was."""
    sam = await (await Visitor.let_in()).begin()
    await sam.set(Removed())
    before = sam.record

    for name in ("start", "urgent", "resume"):
        await sam.command(name)
        assert isinstance(sam.outcome, KeyOnly)
    await sam.tap("s:no")

    assert (sam.card, sam.bot.is_closed(sam.record), sam.record) == (None, True, before)


async def test_a_case_that_a_removed_person_left_goes_at_its_term() -> None:
    """Where it was not erased with the removal; nothing outlives its term, unless it is held."""
    sam = await (await Visitor.let_in()).begin()
    due = sam.record.due
    held = await (await Visitor.let_in()).begin()
    await sam.set(Removed())
    await held.set(Removed(REFERENCE))
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
"""What closes a chat, and what is then different in a standing."""


@pytest.mark.parametrize("closed", CLOSED)
@pytest.mark.parametrize("asked", [None, *ASKED_CLOSED])
async def test_a_closed_chat_with_a_result_behind_it_shows_nothing_of_it(closed: str, asked: str | None) -> None:
    """Neither reference nor item, nor response, nor result, nor that it is held; and no button leads there."""
    sam = await (await Visitor.let_in()).begin()
    await sam.finish()
    assert REFERENCE in sam.text
    await sam.set(altered(sam.access, held=REFERENCE, is_warned=True, **CLOSED[closed]))  # type: ignore[arg-type]

    if asked is not None:
        await sam.command(asked)

    secrets = [REFERENCE, "Total ", "Answered", "Category 1", "held", *(item.label for item in INSTRUMENT.items)]
    assert [words for words in secrets if words in sam.text] == []
    assert sam.bot.is_closed(sam.record)
    codes = {each.code[:2] for each in sam.card.buttons} if sam.card else set()
    assert codes <= {"o:", "x", "k", "k:", "y"}


async def test_what_is_said_above_a_card_stands_in_lines() -> None:
    """A notice of the channel's first, then what is kept of the case."""
    sam = await (await Visitor.let_in()).begin()
    await sam.set(altered(sam.access, held=REFERENCE))

    card = sam.bot.card(sam.record, "Look again.")

    assert card is not None
    assert card.text.splitlines()[:2] == [
        "Look again.",
        f"{REFERENCE} is held for the police or a court: it will not be erased until the hold ends.",
    ]


async def test_what_was_read_of_a_row_is_what_the_turn_has() -> None:
    """Standing is read within the turn: a removal in the same batch counts for the event after it."""
    sam = await Visitor.let_in(terms=Terms())
    assert read_account(sam.record.access) == HERE

    await sam.set(Removed())
    await sam.start()

    assert isinstance(sam.outcome, KeyOnly)
    assert sam.record.access == written(Removed())
