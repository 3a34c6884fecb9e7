"""What every store keeps beside people's conversations: one-time codes, the audit, reminders; the same over memory and SQLite."""

from dataclasses import fields, replace
from datetime import UTC, datetime, timedelta

from bot.storage.store import Claim, Decide, Decision, Entry, Inbound, Record, Reminder, Store
from tests.support.store.builders import ADA, BEA, NOON, broken, event, record_of, tap

JUST = timedelta(microseconds=1)
DAY = timedelta(days=1)
ENTRIES = (
    Entry(NOON, "0a0b0c0d", "begun", "BRISK OTTER 41"),
    Entry(NOON + JUST, "operator", "invited"),
    Entry(NOON + JUST, "bot", "erased-by-time", "é 💥"),
)
REMINDER = Reminder(ADA, "BRISK OTTER 41", NOON + 30 * DAY)


def spending(text: str | None) -> Decide:
    """What a code opens, written into the row; the code is used up. Nobody is answered who came with another."""

    def decide(record: Record) -> Decision | None:
        return None if text is None else Decision(replace(record, profile=text), (), spends=True)

    return decide


def claiming(key: str, code: str = "CODE", *, person: str = ADA, at: datetime = NOON) -> Inbound:
    """An event that comes with a code."""
    return Inbound(key, at, person, broken, "m1", Claim(code, spending))


def remembering(reminder: Reminder | None, *entries: Entry, case: str | None = "{}") -> Decide:
    """A decision that brings a reminder and lines of the audit."""

    def decide(record: Record) -> Decision:
        decision = tap(case)(record)
        assert isinstance(decision, Decision)
        return replace(decision, reminder=reminder, entries=entries)

    return decide


class TestAudit:
    """What every store promises of the audit."""

    async def test_nothing_is_there_at_first(self, store: Store) -> None:
        """And dropping it drops nothing."""
        assert await store.entries() == ()
        assert await store.drop_audit("2030-01", NOON) == 0
        assert await store.entries() == ()

    async def test_what_was_entered_is_there_in_order(self, store: Store) -> None:
        """By turns and beside them."""
        await store.enter(ENTRIES[:1])
        await store.turns([event("k1", remembering(None, *ENTRIES[1:]))])
        await store.enter(())

        assert await store.entries() == ENTRIES

    async def test_a_turn_that_is_not_kept_leaves_no_entry(self, store: Store) -> None:
        """Refused, repeated, or answered by nobody."""

        def spoilt(record: Record) -> Decision:
            return Decision(replace(record, card=-1), (), entries=ENTRIES)

        await store.turns([event("k1", remembering(None, ENTRIES[0])), event("k2", spoilt)])
        await store.turns([event("k1", remembering(None, *ENTRIES)), replace(claiming("k3"), person=None)])

        assert await store.entries() == ENTRIES[:1]

    async def test_months_past_their_term_are_dropped_and_that_is_entered(self, store: Store) -> None:
        """By the month in UTC; what is of the month asked for, or later, stays."""
        months = [datetime(2026, month, 28, 23, 59, 59, 999_999, tzinfo=UTC) for month in (1, 2, 2, 3)]
        entries = [Entry(at, "0a0b0c0d", "begun", f"{number}") for number, at in enumerate(months)]
        now = datetime(2026, 3, 29, tzinfo=UTC)
        await store.enter(entries)

        dropped = [await store.drop_audit(month, now) for month in ("2026-01", "2026-02", "2026-03", "2026-03")]

        assert dropped == [0, 1, 2, 0]
        said = [Entry(now, "bot", "audit-dropped", month) for month in ("2026-01", "2026-02")]
        assert await store.entries() == (entries[3], *said)

    async def test_the_month_that_is_running_is_never_dropped(self, store: Store) -> None:
        """Whatever is asked for."""
        await store.enter(ENTRIES)

        assert await store.drop_audit("9999-12", NOON) == 0
        assert await store.entries() == ENTRIES


class TestReminders:
    """What every store promises of reminders."""

    async def test_a_reminder_holds_a_person_a_reference_and_a_date_and_nothing_else(self, store: Store) -> None:
        """It comes back as it was given."""
        await store.turns([event("k1", remembering(REMINDER))])

        assert await store.reminders(REMINDER.due) == (REMINDER,)
        assert [each.name for each in fields(Reminder)] == ["person", "reference", "due"]

    async def test_a_reminder_survives_the_erasing_of_its_case(self, store: Store) -> None:
        """It has a term of its own."""
        await store.turns([event("k1", remembering(REMINDER))])

        await store.turns([event("k2", tap(None))])

        assert (await record_of(store, ADA)).case is None
        assert await store.reminders(REMINDER.due) == (REMINDER,)

    async def test_reminders_that_are_due_are_listed_longest_due_first(self, store: Store) -> None:
        """Up to the moment asked for, that moment included, whoever they are for."""
        later = Reminder(BEA, "CALM FERN 12", REMINDER.due + JUST)
        other = Reminder(ADA, "CALM FERN 12", REMINDER.due - DAY)
        for number, reminder in enumerate((later, REMINDER, other)):
            await store.turns([event(f"k{number}", remembering(reminder))])

        assert await store.reminders(REMINDER.due - DAY - JUST) == ()
        assert await store.reminders(REMINDER.due) == (other, REMINDER)
        assert await store.reminders(later.due) == (other, REMINDER, later)

    async def test_a_later_reminder_of_the_same_reference_takes_the_place_of_the_first(self, store: Store) -> None:
        """There is one a person and reference."""
        moved = replace(REMINDER, due=REMINDER.due + DAY)
        await store.turns([event("k1", remembering(REMINDER)), event("k2", remembering(moved))])

        assert await store.reminders(moved.due) == (moved,)

    async def test_a_reminder_is_forgotten_alone(self, store: Store) -> None:
        """Others of the same person stay, and forgetting twice is harmless."""
        other = replace(REMINDER, reference="CALM FERN 12")
        await store.turns([event("k1", remembering(REMINDER)), event("k2", remembering(other))])

        await store.forget_reminder(REMINDER)
        await store.forget_reminder(REMINDER)

        assert await store.reminders(REMINDER.due) == (other,)

    async def test_a_turn_that_is_refused_leaves_no_reminder(self, store: Store) -> None:
        """It is kept in the same transaction or not at all."""

        def spoilt(record: Record) -> Decision:
            return Decision(replace(record, card=-1), (), reminder=REMINDER)

        await store.turns([event("k1", spoilt)])

        assert await store.reminders(REMINDER.due) == ()


class TestBotName:
    """What every store promises of the bot's public name."""

    async def test_the_latest_name_is_remembered(self, store: Store) -> None:
        """Empty until the bot has run."""
        names = [await store.bot_name()]
        for name in ("first_bot", "second_bot"):
            await store.keep_bot_name(name)
            names.append(await store.bot_name())

        assert names == ["", "first_bot", "second_bot"]
