"""Contract of reminders: a person, a reference and a due time, stored separately from the case."""

from dataclasses import fields, replace
from datetime import timedelta

from bot.storage.store import Store
from bot.storage.values import Decide, Reminder
from tests.support.store.builders import ADA, BEA, NOON, bringing, event, record_of, tap

JUST = timedelta(microseconds=1)
DAY = timedelta(days=1)
REMINDER = Reminder(ADA, "BRISK OTTER 41", NOON + 30 * DAY)


def remembering(reminder: Reminder) -> Decide:
    return bringing(tap(), reminder=reminder)


class TestReminders:
    async def test_a_reminder_holds_a_person_a_reference_and_a_date_and_nothing_else(self, store: Store) -> None:
        await store.turns([event("k1", remembering(REMINDER))])

        assert await store.read(lambda t: t.reminders.due(REMINDER.due)) == (REMINDER,)
        assert [each.name for each in fields(Reminder)] == ["person", "reference", "due"]

    async def test_a_reminder_survives_the_erasing_of_its_case(self, store: Store) -> None:
        await store.turns([event("k1", remembering(REMINDER))])

        await store.turns([event("k2", tap(None))])

        assert (await record_of(store, ADA)).case is None
        assert await store.read(lambda t: t.reminders.due(REMINDER.due)) == (REMINDER,)

    async def test_reminders_that_are_due_are_listed_longest_due_first(self, store: Store) -> None:
        later = Reminder(BEA, "CALM FERN 12", REMINDER.due + JUST)
        other = Reminder(ADA, "CALM FERN 12", REMINDER.due - DAY)
        for number, reminder in enumerate((later, REMINDER, other)):
            await store.turns([event(f"k{number}", remembering(reminder))])

        assert await store.read(lambda t: t.reminders.due(REMINDER.due - DAY - JUST)) == ()
        assert await store.read(lambda t: t.reminders.due(REMINDER.due)) == (other, REMINDER)
        assert await store.read(lambda t: t.reminders.due(later.due)) == (other, REMINDER, later)

    async def test_a_later_reminder_of_the_same_reference_takes_the_place_of_the_first(self, store: Store) -> None:
        moved = replace(REMINDER, due=REMINDER.due + DAY)
        await store.turns([event("k1", remembering(REMINDER)), event("k2", remembering(moved))])

        assert await store.read(lambda t: t.reminders.due(moved.due)) == (moved,)

    async def test_a_reminder_is_forgotten_alone(self, store: Store) -> None:
        other = replace(REMINDER, reference="CALM FERN 12")
        await store.turns([event("k1", remembering(REMINDER)), event("k2", remembering(other))])

        await store.write(lambda t: t.reminders.forget(REMINDER))
        await store.write(lambda t: t.reminders.forget(REMINDER))

        assert await store.read(lambda t: t.reminders.due(REMINDER.due)) == (other,)
