"""Contract of shared rooms: found within a turn, and deleted when they have ended or expired."""

from dataclasses import replace
from datetime import datetime, timedelta
from itertools import count
from pathlib import Path

from bot.storage.sqlite.opening import open_sqlite
from bot.storage.store import Store
from bot.storage.tables.records import FOLLOW_AFTER
from bot.storage.values import Decide, Done, Refused, Shared
from tests.support.store.builders import ADA, BEA, KEYS, NOON, bringing, changed, event, looking_at_shared, one, tap

LATER = NOON + timedelta(days=1)
LOOKS = count()
ROOM = Shared("ABCD2345", '{"v":1}', LATER, (ADA,))


def sharing(shared: Shared) -> Decide:
    return bringing(changed(active=NOON), shares=shared)


def ending(name: str) -> Decide:
    return bringing(ends=name)


def looking(found: list[Shared | None], name: str = ROOM.name) -> Decide:
    def seen(shared: Shared | None) -> Decide:
        found.append(shared)
        return changed()

    return looking_at_shared(name, seen)


async def look(store: Store, *, at: datetime = NOON, name: str = ROOM.name) -> Shared | None:
    found: list[Shared | None] = []
    await store.turns([replace(event(f"look {next(LOOKS)}", looking(found, name), person=BEA), at=at)])
    return found[0]


class TestShared:
    async def test_a_shared_room_is_read_within_another_person_s_turn(self, store: Store) -> None:
        await one(store, event("k1", sharing(ROOM)))

        assert await look(store) == ROOM
        assert await look(store, name="WRNG2345") is None

    async def test_the_next_turn_of_a_batch_sees_what_the_one_before_it_left(self, store: Store) -> None:
        second = replace(ROOM, text='{"v":2}')
        found: list[Shared | None] = []

        await store.turns(
            [event("k1", sharing(ROOM)), event("k2", looking(found), person=BEA), event("k3", sharing(second))]
        )

        assert found == [ROOM]
        assert await look(store) == second

    async def test_it_is_gone_with_its_end(self, store: Store) -> None:
        await store.turns([event("k1", sharing(ROOM)), event("k2", ending(ROOM.name)), event("k3", ending("NONE2345"))])

        assert await look(store) is None

    async def test_it_is_found_until_its_time_and_forgotten_then(self, store: Store) -> None:
        just = timedelta(microseconds=1)
        await one(store, event("k1", sharing(ROOM)))

        seen = [await look(store, at=LATER - just), await look(store, at=LATER)]
        forgotten = [
            await store.write(lambda t: t.rooms.forget_expired(LATER - just)),
            await store.write(lambda t: t.rooms.forget_expired(LATER)),
        ]

        assert seen == [ROOM, None]
        assert forgotten == [0, 1]

    async def test_the_others_who_share_it_are_soon_due_but_not_the_one_who_changed_it(self, store: Store) -> None:
        changed = replace(ROOM, people=(ADA, BEA, "telegram:99"))
        await store.turns([event("k1", tap()), event("k2", tap(), person=BEA)])

        await store.turns([replace(event("k3", sharing(changed), person=BEA), at=NOON)])
        await store.turns([replace(event("k4", sharing(changed), person=BEA), at=NOON + timedelta(seconds=1))])

        ada, bea = await store.recall(ADA), await store.recall(BEA)
        assert ada is not None
        assert bea is not None
        assert (ada[0].due, bea[0].due) == (NOON + FOLLOW_AFTER, None)
        assert await store.recall("telegram:99") is None

    async def test_somebody_who_was_due_earlier_stays_due_earlier(self, store: Store) -> None:
        await one(store, event("k1", changed(due=NOON)))
        await one(store, event("k2", sharing(ROOM), person=BEA))

        found = await store.recall(ADA)
        assert found is not None
        assert found[0].due == NOON

    async def test_shared_rooms_of_a_person_are_removed_with_them(self, store: Store) -> None:
        other, both = replace(ROOM, name="WXYZ2345", people=(BEA,)), replace(ROOM, people=(ADA, BEA))
        await store.turns([event("k1", sharing(both)), event("k2", sharing(other), person=BEA)])

        await store.write(lambda t: t.rooms.forget_of(ADA, NOON))

        bea = await store.recall(BEA)
        assert bea is not None
        assert bea[0].due == NOON + FOLLOW_AFTER
        assert [await look(store), await look(store, name=other.name)] == [None, other]

    async def test_a_room_goes_when_one_of_its_people_is_removed(self, store: Store) -> None:
        await one(store, event("k1", sharing(replace(ROOM, people=(ADA, BEA)))))

        await store.write(lambda t: t.rooms.forget_of(BEA, NOON))

        assert await look(store) is None

    async def test_an_unanswered_look_is_no_decision(self, store: Store) -> None:
        outcome = await one(store, event("k1", looking_at_shared("NONE2345", lambda _: changed(person=BEA))))

        assert isinstance(outcome, Refused)
        assert isinstance(await one(store, event("k2", tap())), Done)


async def test_it_outlives_a_restart_and_names_nobody_on_the_disk(tmp_path: Path) -> None:
    path = tmp_path / "store.db"
    store = await open_sqlite(path, KEYS)
    await one(store, event("k1", sharing(replace(ROOM, text="canary in the room"))))
    await store.close()

    content = path.read_bytes()
    again = await open_sqlite(path, KEYS)
    found = await look(again)
    await again.close()

    assert found == replace(ROOM, text="canary in the room")
    assert not [word for word in (b"canary in the room", ROOM.name.encode()) if word in content]
