"""Contract of the times at which people need work to be done, and of the list of all people."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from bot.storage.store import Store
from bot.storage.values import NOTHING_SHOWN, Record, Reminder, Sorting
from tests.support.store.builders import ADA, BEA, CLEO, LIVE, NOON, bringing, changed, event, record_of, tap

JUST = timedelta(microseconds=1)
DAY = timedelta(days=1)
LONG_AGO = NOON - 400 * DAY
ALL = 100


async def put(store: Store, person: str, *, due: datetime | None = None, born: datetime | None = None) -> None:
    await store.turns([event(f"{person} {due}", changed(due=due), person=person)])
    if born is not None:
        await store.show(person, replace(LIVE, born=born))


class TestDue:
    async def test_a_deadline_falls_due_at_its_time(self, store: Store) -> None:
        await put(store, ADA, due=NOON)
        await put(store, BEA)

        assert await store.read(lambda t: t.people.due(NOON - JUST, LONG_AGO, most=ALL)) == ()
        assert await store.read(lambda t: t.people.due(NOON, LONG_AGO, most=ALL)) == (ADA,)

    async def test_a_card_is_old_by_its_birth(self, store: Store) -> None:
        await put(store, ADA, born=NOON)
        await put(store, BEA, due=NOON + DAY, born=NOON)

        assert await store.read(lambda t: t.people.due(LONG_AGO, NOON - JUST, most=ALL)) == ()
        assert await store.read(lambda t: t.people.due(LONG_AGO, NOON, most=ALL)) == (ADA, BEA)

    async def test_an_empty_chat_has_no_old_card(self, store: Store) -> None:
        await put(store, ADA, born=LONG_AGO)
        await store.show(ADA, replace(NOTHING_SHOWN, born=LONG_AGO, digest=b"empty"))

        assert await store.read(lambda t: t.people.due(NOON, NOON, most=ALL)) == ()

    async def test_the_longest_due_come_first_up_to_a_limit(self, store: Store) -> None:
        await put(store, ADA, due=NOON - DAY, born=NOON)
        await put(store, BEA, due=NOON, born=NOON - 3 * DAY)
        await put(store, CLEO, due=NOON - 2 * DAY)

        assert await store.read(lambda t: t.people.due(NOON, NOON, most=ALL)) == (BEA, CLEO, ADA)
        assert await store.read(lambda t: t.people.due(NOON, NOON, most=2)) == (BEA, CLEO)

    async def test_the_next_due_time_moves_with_the_record(self, store: Store) -> None:
        await put(store, ADA, due=NOON)
        await put(store, ADA, due=NOON + DAY)
        assert await store.read(lambda t: t.people.due(NOON, LONG_AGO, most=ALL)) == ()

        await put(store, ADA)

        assert await store.read(lambda t: t.people.due(NOON + 2 * DAY, LONG_AGO, most=ALL)) == ()
        assert (await record_of(store, ADA)).due is None

    @pytest.mark.parametrize("times", [(NOON.replace(tzinfo=None), NOON), (NOON, NOON.replace(tzinfo=None))])
    async def test_times_without_a_zone_are_refused(self, store: Store, times: tuple[datetime, datetime]) -> None:
        with pytest.raises(ValueError, match="time zone"):
            await store.read(lambda t: t.people.due(*times, most=ALL))


class TestNextDue:
    async def test_the_next_is_the_first_after_that_time(self, store: Store) -> None:
        await put(store, ADA, due=NOON)
        await put(store, BEA, due=NOON + DAY)
        await put(store, CLEO)

        assert await store.read(lambda t: t.people.next_due(NOON - JUST, card_lasts=None)) == NOON
        assert await store.read(lambda t: t.people.next_due(NOON, card_lasts=None)) == NOON + DAY
        assert await store.read(lambda t: t.people.next_due(NOON + DAY, card_lasts=None)) is None

    async def test_a_card_that_becomes_old_and_a_reminder_count_too(self, store: Store) -> None:
        reminder = Reminder(ADA, "BRISK OTTER 41", NOON + 3 * DAY)
        await store.turns([event("reminder", bringing(reminder=reminder))])
        await put(store, BEA, due=NOON + 4 * DAY, born=NOON)

        found = await store.read(
            lambda t: [t.people.next_due(NOON + number * DAY, card_lasts=2 * DAY) for number in range(5)]
        )

        assert found == [NOON + days * DAY if days else None for days in (2, 2, 3, 4, 0)]
        assert await store.read(lambda t: t.people.next_due(NOON, card_lasts=None)) == NOON + 3 * DAY


class TestChanges:
    async def test_it_is_another_thing_after_every_commit(self, store: Store) -> None:
        seen = [await store.changes()]
        await put(store, ADA, due=NOON)
        seen.append(await store.changes())
        await store.show(ADA, LIVE)
        seen.append(await store.changes())

        assert len(set(seen)) == len(seen)


class TestWithCase:
    @pytest.mark.parametrize("most", [1, 2, 3, 100])
    @pytest.mark.parametrize("order", Sorting)
    async def test_everybody_with_a_case_is_met_once(self, store: Store, order: Sorting, most: int) -> None:
        for number in range(8):
            at = NOON + (7 - number) // 2 * DAY
            row = changed(case="a" if number % 3 else None, phase="p", due=at, active=at)
            await store.turns([event(f"k{number}", row, person=f"telegram:{number}")])
        await store.turns([event("never", changed(case="a", phase="p"), person="telegram:never")])

        met, after, until = list[str](), None, NOON + 2 * DAY
        while True:
            found = await store.read(lambda t: t.people.with_case(order, until, after=after, most=most))
            met += [each.person for each in found.people]
            if (after := found.next) is None:
                break

        assert sorted(met) == [f"telegram:{number}" for number in (2, 4, 5, 7)]
        assert met.index("telegram:7") < met.index("telegram:4") < met.index("telegram:2")
        assert (await store.read(lambda t: t.people.with_case(order, NOON - JUST, after=None, most=most))).people == ()


class TestEveryone:
    async def test_everybody_is_listed_with_what_their_chat_shows(self, store: Store) -> None:
        await store.turns([event("k1", tap("a")), event("k2", tap("b", active=NOON + JUST), person=BEA)])
        await store.turns([event("k3", changed(access="a standing", due=NOON))])
        await store.show(CLEO, LIVE)

        ada, bea, cleo = [await record_of(store, person) for person in (ADA, BEA, CLEO)]
        closed = [replace(record, case=None) for record in (bea, ada, cleo)]
        assert await store.everyone() == tuple(zip(closed, (NOTHING_SHOWN, NOTHING_SHOWN, LIVE), strict=True))
        assert (ada.access, ada.due, ada.case) == ("a standing", NOON, "a")
        assert await store.of_each(lambda record: (record.person, record.case, len(record.heads))) == (
            (BEA, None, 1),
            (ADA, None, 1),
            (CLEO, None, 0),
        ), "no body is opened for a list"

    async def test_a_standing_stays_until_it_is_changed(self, store: Store) -> None:
        await store.turns([event("k1", changed(access="first")), event("k2", tap("a")), event("k3", tap(None))])
        assert (await record_of(store, ADA)).access == "first"

        await store.turns([event("k4", changed(access="second"))])

        assert await record_of(store, ADA) == Record(ADA, 2, "{}", None, "", "", NOON, "second")
