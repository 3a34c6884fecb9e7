"""Tests of reminders of a review: requested on the result, sent once by day, with nothing but a reference."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from structlog.testing import capture_logs

from bot.conversation.changes import removal
from bot.conversation.notices import say_reminder
from bot.runtime.clock import is_daytime, morning_of
from bot.storage.values import Inbound, KeyOnly, Reminder
from dialogs.core.replies import Reminded
from dialogs.core.script import Script
from state_machines.assessment import Phase
from tests.support.people.accounts import altered
from tests.support.people.looked_at import Room
from tests.support.people.visiting import REFERENCE, START, Visitor
from tests.support.shipped import CODES, PACK, TERMINAL, WORDING
from tests.support.store.builders import bringing, changed
from tests.support.talk.reviews import days_later, finished
from tests.support.telegram.trusting import of_a_case

DUE = datetime(2026, 4, 1, 8, tzinfo=UTC)
"""Nine in the morning in England, four weeks after the start; the clocks change in between."""


async def asked(*labels: str) -> Visitor:
    sam = await (await Visitor.let_in()).begin()
    await sam.press("More", "Finish now")
    while sam.session.phase is Phase.CLOSING:
        await sam.press(next(each for each in ("None of the others", "Not known") if each in sam.labels))
    return await sam.press("Continue", "Not sure", "More", "Remind me", *labels)


async def kept(sam: Visitor) -> tuple[Reminder, ...]:
    return await sam.store.read(lambda t: t.reminders.due(datetime.max.replace(tzinfo=UTC)))


@pytest.mark.parametrize(
    ("label", "day"),
    [("Week before", date(2026, 5, 28)), ("In 4 weeks", date(2026, 4, 1)), ("In 8 weeks", date(2026, 4, 29))],
)
async def test_a_reminder_is_set_for_nine_in_the_morning_of_its_day(label: str, day: date) -> None:
    sam = await asked(label)

    assert await kept(sam) == (Reminder(sam.person, REFERENCE, morning_of(day)),)
    assert sam.toasts == ["reminder"]
    assert sam.session.overlay is None


def test_a_reminder_may_come_on_a_chosen_day() -> None:
    talk = finished().press("More", "Remind me", "Another day")
    assert "Remind you on 28 May 2026?" in talk.text

    talk.press("A week later", "A day later", "A day later", "A day earlier", "A week earlier", "This day")

    assert Reminded(date(2026, 5, 29)) in talk.effects
    assert talk.session.overlay is None


def test_a_chosen_review_day_lies_after_the_judgement_and_within_a_year() -> None:
    talk = finished().press("More", "Remind me", "Another day", "A day earlier", *["A week earlier"] * 11)
    assert "Remind you on 11 March 2026?" in talk.text
    assert "A week earlier" not in talk.labels
    talk.press(*["A day earlier"] * 6)
    assert "Remind you on 5 March 2026?" in talk.text
    assert "A day earlier" not in talk.labels

    talk.press("Back").press("More", "Remind me", "Another day", *["A week later"] * 40)
    assert "A week later" not in talk.labels
    while "A day later" in talk.labels:
        talk.press("A day later")
    assert "Remind you on 5 March 2027?" in talk.text


@pytest.mark.parametrize("days", [85, 120])
def test_a_day_that_has_come_is_too_late(days: int) -> None:
    talk = finished()
    talk.occasion = days_later(days)

    talk.press("More", "Remind me", "Week before")

    assert talk.toasts == ["reminder-past"]
    assert not any(isinstance(each, Reminded) for each in talk.effects)


def test_a_result_of_an_older_release_offers_no_chosen_day() -> None:
    talk = finished()
    talk.session = replace(talk.session, result=replace(talk.session.result, finished=""))

    talk.begin().press("Go on").press("More", "Remind me")

    assert "Another day" not in talk.labels


def test_the_reminder_before_the_review_goes_by_the_day_of_the_judgement() -> None:
    talk = finished()
    talk.occasion = days_later(14)

    talk.press("More", "Remind me", "Week before")
    assert Reminded(date(2026, 5, 28)) in talk.effects
    talk.press("More", "Remind me", "In 4 weeks")
    assert Reminded(date(2026, 4, 15)) in talk.effects


def test_a_window_that_keeps_nothing_offers_none() -> None:
    assert "Remind me" not in finished(script=Script(PACK, WORDING, TERMINAL, CODES)).press("More").labels
    talk = finished()
    assert "Remind me" in talk.press("More").labels
    assert "says BRISK OTTER 41 and “review due”, and nothing else" in talk.press("Remind me").text


@pytest.mark.parametrize(
    ("day", "hour"),
    [
        (date(2026, 3, 28), 9),
        (date(2026, 3, 29), 8),
        (date(2026, 10, 24), 8),
        (date(2026, 10, 25), 9),
        (date(2026, 12, 25), 9),
    ],
)
def test_nine_in_the_morning_is_nine_there_on_both_sides_of_both_clock_changes(day: date, hour: int) -> None:
    assert morning_of(day) == datetime(day.year, day.month, day.day, hour, tzinfo=UTC)


@pytest.mark.parametrize(
    ("moment", "is_day"),
    [
        ("2026-03-04T08:59:59", False),
        ("2026-03-04T09:00:00", True),
        ("2026-03-04T16:59:59", True),
        ("2026-03-04T17:00:00", False),
        ("2026-07-01T07:59:59", False),
        ("2026-07-01T08:00:00", True),
        ("2026-07-01T16:00:00", False),
    ],
)
def test_the_daytime_is_from_nine_to_five_there(moment: str, is_day: bool) -> None:
    assert is_daytime(datetime.fromisoformat(moment).replace(tzinfo=UTC)) is is_day


async def test_a_reminder_is_sent_once_as_a_new_message_and_then_forgotten() -> None:
    sam = await asked("In 4 weeks")
    room = Room(sam)
    await room.show()
    await sam.set(altered(sam.access, seen=DUE))

    assert "review due" not in await room.look(seconds=(DUE - START).total_seconds() - 1)
    words = await room.look(seconds=1)

    assert f"{REFERENCE}: review due." in words
    assert room.wall.did[-1] == "sent"
    assert await kept(sam) == ()
    sent = room.wall.did.count("sent")
    await room.look(minutes=2)
    assert room.wall.did.count("sent") == sent


async def test_it_waits_for_the_daytime() -> None:
    sam = await asked("In 4 weeks")
    room = Room(sam)

    night = DUE + timedelta(hours=12)
    assert "review due" not in await room.look(seconds=(night - START).total_seconds())
    assert len(await kept(sam)) == 1
    assert "review due" in await room.look(hours=12)


async def test_it_shows_in_an_empty_chat_without_a_case() -> None:
    sam = await asked("In 8 weeks")
    await sam.command("erase")
    await sam.press("Erase now")
    assert sam.card is None
    room = Room(sam)

    words = await room.look(seconds=(morning_of(date(2026, 4, 29)) - START).total_seconds())

    assert words.startswith(f"{REFERENCE}: review due.")
    assert of_a_case([words.replace(REFERENCE, "")]) == []


async def test_a_locked_chat_shows_the_reference_and_nothing_else_of_a_case() -> None:
    sam = await asked("In 4 weeks")
    room = Room(sam)

    words = await room.look(seconds=(DUE - START).total_seconds())

    assert words.startswith(f"{REFERENCE}: review due.")
    assert "Tap your PIN" in words
    assert of_a_case([words.replace(REFERENCE, "")]) == []
    await sam.pin()
    assert "review due" not in sam.text


async def test_two_due_reminders_share_one_line() -> None:
    sam = await asked("In 4 weeks")
    later = Reminder(sam.person, "CALM HERON 27", DUE + timedelta(hours=1))
    await remember(sam, later)
    room = Room(sam)

    await room.look(seconds=(later.due - START).total_seconds())
    words = await room.look(minutes=2)

    assert f"{REFERENCE}, CALM HERON 27: review due." in words
    assert await kept(sam) == ()


async def remember(sam: Visitor, reminder: Reminder) -> None:
    putting = bringing(reminder=reminder)
    await sam.store.turns([Inbound(f"put {reminder.reference}", START, sam.person, putting, None)])


async def test_an_interrupted_reminder_is_not_sent_again() -> None:
    sam = await asked("In 4 weeks")
    (reminder,) = await kept(sam)
    await say_reminder(sam.store, reminder, now=DUE)
    await remember(sam, reminder)
    before = (await sam.store.recall(sam.person) or (None, None))[0]

    await say_reminder(sam.store, reminder, now=DUE + timedelta(minutes=1))

    assert (await sam.store.recall(sam.person) or (None, None))[0] == before
    assert await kept(sam) == ()


async def test_a_removed_person_gets_no_review_reminder() -> None:
    sam = await asked("In 4 weeks")
    (reminder,) = await kept(sam)
    await sam.store.turns([Inbound("gone", START, sam.person, removal(START), None)])

    outcome = await say_reminder(sam.store, reminder, now=DUE)

    assert isinstance(outcome, KeyOnly)
    assert await kept(sam) == ()
    found = await sam.store.recall(sam.person)
    assert found is not None
    assert "reviews" not in found[0].access


async def test_it_waits_where_a_newer_release_wrote_the_standing() -> None:
    sam = await asked("In 4 weeks")
    (reminder,) = await kept(sam)
    newer = changed(access='{"who": "x", "colour": "red"}')
    await sam.store.turns([Inbound("newer", START, sam.person, newer, None)])

    assert await say_reminder(sam.store, reminder, now=DUE) is None
    assert await kept(sam) == (reminder,)


async def test_a_reminder_that_fails_is_logged_and_stays() -> None:
    sam = await asked("In 4 weeks")
    await sam.store.turns([Inbound("broken", START, sam.person, changed(case=None, profile="{"), None)])
    room = Room(sam)

    with capture_logs() as logs:
        await room.due_work.remind(DUE)

    assert [each["event"] for each in logs] == ["refused"]
    assert REFERENCE not in str(logs)
    assert len(await kept(sam)) == 1
