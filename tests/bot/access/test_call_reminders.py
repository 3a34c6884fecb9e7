"""Tests of reminders of a call: when it is due, 15 minutes later and the next morning, with a reference and a time."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path

import pytest

from bot.access.account import Removed, Terms, read_account
from bot.access.due import due_at, reminders_of
from bot.conversation.changes import holding, letting_go, locking, removal, renewal
from bot.conversation.notices import say_reminder
from bot.conversation.talk import FindShared
from bot.operations.housekeeping import purge
from bot.rehearsal.mode import Rehearsals
from bot.runtime.clock import LONDON
from bot.storage.cases import NO_CALL
from bot.storage.sqlite.opening import open_sqlite
from bot.storage.store import Store
from bot.storage.values import Decide, Decision, Inbound, Record, Reminder
from dialogs.core.events import Event, Typed
from dialogs.core.replies import CallDone, CallDue, Effect, Ring
from dialogs.core.script import Script
from tests.support.people.accounts import altered
from tests.support.people.looked_at import Room
from tests.support.people.visiting import KEYS, REFERENCE, START, Visitor
from tests.support.store.builders import ask
from tests.support.telegram.trusting import of_a_case

JUST = timedelta(microseconds=1)
QUARTER = timedelta(minutes=15)
DUE = START + timedelta(hours=2, minutes=32)
MORNING = datetime(2026, 3, 5, 9, tzinfo=UTC)
SAID = f"{REFERENCE}: due at 14:32."
NUMBERS = count(1)


async def turn(sam: Visitor, decide: Decide) -> Visitor:
    await sam.store.turns([Inbound(f"turn {next(NUMBERS)}", sam.clock.now(), sam.person, decide, None)])
    found = await sam.store.recall(sam.person)
    assert found is not None
    sam.record = found[0]
    return sam


@dataclass(frozen=True)
class Wishing(Rehearsals):
    """A test double of `Rehearsals` that answers every event with the given effects."""

    effects: tuple[Effect, ...]

    def answer(self, record: Record, event: Event, *, script: Script, shared: FindShared) -> Decision:
        return Decision(replace(record, card=record.card + 1), self.effects)


async def wish(sam: Visitor, *effects: Effect) -> Visitor:
    wishing = replace(sam.bot, mode=Wishing(effects))
    return await turn(sam, wishing.decide(Typed(sam.bot.occasion())))


async def caller(store: Store | None = None, *, terms: Terms | None = None) -> Visitor:
    return await wish(await (await Visitor.let_in(store=store, terms=terms)).begin(), CallDue(DUE))


async def is_reminded(sam: Visitor, at: datetime) -> bool:
    await sam.pass_time(seconds=(at - sam.clock.now()).total_seconds())
    return Ring() in sam.effects


def test_a_call_is_reminded_of_three_times() -> None:
    assert reminders_of(DUE) == (DUE, DUE + QUARTER, MORNING)
    late = datetime(2026, 7, 1, 23, 50, tzinfo=LONDON)
    assert [f"{each.astimezone(LONDON):%d %H:%M}" for each in reminders_of(late)] == [
        "01 23:50",
        "02 00:05",
        "02 09:00",
    ]


@pytest.mark.parametrize(
    ("due", "again", "morning"),
    [
        (datetime(2026, 3, 29, 0, 50, tzinfo=LONDON), "2026-03-29T01:05", "2026-03-30T08:00"),
        (datetime(2026, 10, 25, 1, 50, tzinfo=LONDON), "2026-10-25T01:05", "2026-10-26T09:00"),
        (datetime(2026, 10, 25, 1, 50, tzinfo=LONDON, fold=1), "2026-10-25T02:05", "2026-10-26T09:00"),
        (datetime(2026, 3, 28, 22, 0, tzinfo=LONDON), "2026-03-28T22:15", "2026-03-29T08:00"),
    ],
)
def test_a_quarter_of_an_hour_is_one_on_both_sides_of_both_clock_changes(
    due: datetime, again: str, morning: str
) -> None:
    assert [f"{each:%Y-%m-%dT%H:%M}" for each in reminders_of(due)[1:]] == [again, morning]


def test_the_time_is_the_one_on_the_wall_with_its_day_where_that_is_not_today() -> None:
    summer = datetime(2026, 7, 1, 22, 5, tzinfo=UTC)

    assert due_at(DUE, DUE) == "14:32"
    assert due_at(summer, summer + timedelta(minutes=54)) == "23:05"
    assert due_at(summer, summer + timedelta(minutes=55)) == "23:05 on 1 July"


async def test_each_reminder_comes_at_its_moment_and_not_before(store: Store) -> None:
    sam = await caller(store)
    for at in reminders_of(DUE):
        assert sam.record.due is not None
        assert sam.record.due <= at
        assert not await is_reminded(sam, at - JUST)
        assert await is_reminded(sam, at)

    assert sam.head.call.next is None
    await sam.pin()
    assert sam.head.call == NO_CALL
    assert not await is_reminded(sam, MORNING + timedelta(days=1))


async def test_they_come_at_any_hour_and_at_the_minute_that_was_asked_for() -> None:
    """The person chose this minute, so the reminder is sent at night too. Other reminders are sent only by day."""
    sam = await (await Visitor.let_in()).begin()
    room = Room(await wish(sam, CallDue(datetime(2026, 3, 4, 23, 59, 30, tzinfo=LONDON))))
    await room.show()

    assert "due at" not in await room.look(hours=11, minutes=59, seconds=29)
    words = await room.look(seconds=1)

    assert words.startswith(f"{REFERENCE}: due at 23:59.")
    assert room.wall.did == ["sent", "removed"]
    assert "due at 23:59 on 4 March." in await room.look(minutes=15)


async def test_a_locked_chat_shows_the_reference_and_the_time_and_nothing_else_of_a_case() -> None:
    sam = await caller()
    await sam.command("panic")
    assert sam.text == ""
    assert await is_reminded(sam, DUE)

    lines = sam.text.split("\n")
    assert lines[0] == SAID
    assert of_a_case(["\n".join(lines[1:])]) == []
    assert "Tap your PIN" in sam.text
    await sam.pin()
    assert "due at" not in sam.text
    assert await is_reminded(sam, DUE + QUARTER)


async def test_an_open_chat_shows_the_card_of_the_person_below_it_until_they_act() -> None:
    sam = await caller()
    await sam.later(hours=2, minutes=30).type()
    await sam.pin()
    assert await is_reminded(sam, DUE)

    assert sam.text.startswith(SAID)
    assert "· item 1 of" in sam.text
    await sam.press("No")
    assert "due at" not in sam.text
    assert sam.head.call.next == DUE + QUARTER


async def test_a_missed_reminder_comes_once() -> None:
    sam = await caller()

    assert await is_reminded(sam, DUE + timedelta(hours=3))
    assert not await is_reminded(sam, MORNING - JUST)
    assert await is_reminded(sam, MORNING)
    assert not await is_reminded(sam, MORNING + timedelta(hours=1))


async def test_a_later_call_takes_the_place_of_the_earlier_one(store: Store) -> None:
    sam = await caller(store)
    await is_reminded(sam, DUE)
    await sam.pin()
    later = DUE + timedelta(hours=2)
    await wish(sam, CallDue(later))

    assert not await is_reminded(sam, later - JUST)
    assert await is_reminded(sam, later)
    assert sam.text.startswith(f"{REFERENCE}: due at 16:32.")


async def test_a_time_of_another_zone_is_the_same_moment() -> None:
    """The store keeps UTC, because an hour of local time occurs twice in the night when the clocks go back."""
    due = START + timedelta(minutes=5)
    sam = await wish(await caller(), CallDue(due.astimezone(LONDON)))

    assert sam.record.due == sam.head.call.next == due
    assert sam.record.due is not None
    assert sam.record.due.tzinfo is UTC


@pytest.mark.parametrize("said", range(3))
async def test_a_finished_call_is_not_reminded_of(store: Store, said: int) -> None:
    sam = await caller(store)
    for at in reminders_of(DUE)[:said]:
        assert await is_reminded(sam, at)
    if said:
        await sam.pin()
    await wish(sam, CallDone())

    assert not any([await is_reminded(sam, at) for at in reminders_of(DUE)[said:]])
    assert "call" not in sam.record.access


async def test_an_erased_case_takes_them_along(store: Store) -> None:
    sam = await caller(store)
    review = Reminder(sam.person, REFERENCE, MORNING)
    await turn(sam, lambda record, _: Decision(record, (), (review,)))
    await sam.command("erase")
    await sam.press("Erase now")

    assert "call" not in sam.record.access
    assert not any([await is_reminded(sam, at) for at in reminders_of(DUE)])
    assert await store.read(lambda t: t.reminders.due(MORNING)) == (review,)


async def test_a_case_that_is_erased_by_time_takes_them_along(store: Store) -> None:
    sam = await caller(store, terms=Terms(unfinished=timedelta(days=1)))
    await wish(sam, CallDue(START + timedelta(days=1)))
    sam.later(days=1)

    assert await purge(store, sam.bot, now=sam.clock.now()) == (1, ())

    assert not await is_reminded(sam, START + timedelta(days=2))
    assert "call" not in sam.record.access


async def test_a_purge_that_erases_nothing_of_theirs_leaves_them(store: Store) -> None:
    sam = await caller(store)
    assert await purge(store, sam.bot, now=sam.clock.now()) == (0, ())
    for decide in (
        locking(START),
        holding(REFERENCE, START),
        letting_go(REFERENCE, START),
        renewal(START, Terms(), has_new_pin=False),
    ):
        await turn(sam, decide)

    assert all([await is_reminded(sam, at) for at in reminders_of(DUE)])


async def test_a_reminder_of_a_review_leaves_them() -> None:
    sam = await caller()
    await is_reminded(sam, DUE)

    await say_reminder(sam.store, Reminder(sam.person, "CALM HERON 27", DUE), now=DUE)
    await turn(sam, lambda record, _: Decision(record, ()))

    assert sam.text.startswith(f"CALM HERON 27: review due.\n{SAID}")
    assert await is_reminded(sam, DUE + QUARTER)


@pytest.mark.parametrize("is_held", [False, True])
async def test_a_removed_person_gets_no_reminder(store: Store, is_held: bool) -> None:
    sam = await caller(store)
    if is_held:
        await turn(sam, holding(REFERENCE, START))
    await turn(sam, removal(START))

    assert not any([await is_reminded(sam, at) for at in reminders_of(DUE)])
    assert read_account(sam.record.access) == Removed(was="0a0b0c0d")
    assert len(sam.record.heads) == is_held
    assert sam.text == ""


async def test_an_expired_person_gets_no_reminder_until_they_are_renewed(store: Store) -> None:
    sam = await caller(store)
    await sam.set(altered(sam.access, until=DUE))

    assert not await is_reminded(sam, DUE)
    assert "due at" not in sam.text
    await turn(sam, renewal(DUE, Terms(), has_new_pin=False))
    assert not await is_reminded(sam, DUE + QUARTER - JUST)
    assert await is_reminded(sam, DUE + QUARTER)


async def test_a_cleared_chat_stays_empty_without_a_reminder() -> None:
    sam = await caller()
    await sam.command("panic")
    await sam.set(altered(sam.access, until=DUE))

    assert not await is_reminded(sam, DUE)

    assert sam.access.door.is_hidden


async def test_a_case_of_a_newer_release_is_reminded_too() -> None:
    sam = await caller()
    await turn(sam, lambda record, _: Decision(replace(record, case='{"v": 999}'), ()))

    assert await is_reminded(sam, DUE)

    assert sam.text.startswith(SAID)


async def test_nobody_is_reminded_of_a_call_of_no_case() -> None:
    sam = await wish(await Visitor.let_in(), CallDue(DUE))

    assert sam.record.heads == ()
    assert not await is_reminded(sam, DUE)


async def test_a_reminder_that_meets_the_warning_of_a_term_is_one_message() -> None:
    sam = await wish(await caller(), CallDue(START + timedelta(days=5)))

    assert await is_reminded(sam, START + timedelta(days=5))

    assert sam.text.startswith(f"{REFERENCE}: due at 12:00.\nYour saved answers will be erased on")
    assert not await is_reminded(sam, START + timedelta(days=5))


async def test_they_survive_a_restart_between_any_two(tmp_path: Path) -> None:
    file = tmp_path / "store.db"
    store = await open_sqlite(file, KEYS)
    sam = await caller(store)
    for at in reminders_of(DUE):
        await store.close()
        sam.store = store = await open_sqlite(file, KEYS)
        assert await is_reminded(sam, at)
    await store.close()

    assert ask(file, "SELECT count(*) FROM reminders") == [0]
