"""Contract of guests' passes: a turn changes one pass and its room and nothing else, and passes end with the room."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from itertools import count
from pathlib import Path

from bot.storage.passes import LINGERS, DecidePass, Pass, PassDecision, PassDone, PassOutcome, PassTurn
from bot.storage.sqlite.opening import open_sqlite
from bot.storage.store import Store
from bot.storage.tables.records import FOLLOW_AFTER
from bot.storage.values import Refused, Shared
from tests.bot.storage.contract.test_rooms import LATER, ROOM, ending, look, sharing
from tests.support.store.builders import ADA, BEA, KEYS, NOON, bringing, changed, event, one, record_of, tap

NUMBERS = count()
GUEST = Pass("cookie of a guest", ROOM.name, LATER, 1, '{"stage":"story"}')


def taking(kept: Pass | None, leaves: str = "") -> DecidePass:
    return lambda before, room: PassDecision(kept, ("said",), leaves)


def turn(decide: DecidePass, *, name: str = GUEST.name, key: str = "") -> PassTurn:
    return PassTurn(key or f"pass {next(NUMBERS)}", NOON, name, decide, ROOM.name)


async def only(store: Store, one_turn: PassTurn) -> PassOutcome:
    (outcome,) = await store.passes.turns([one_turn])
    return outcome


async def seen(store: Store, *, after: timedelta = timedelta(0)) -> Pass | None:
    view = await store.passes.view(GUEST.name, NOON + after)
    return None if view is None else replace(view.kept, name=GUEST.name)


class TestPasses:
    async def test_a_pass_comes_back(self, store: Store) -> None:
        await one(store, event("k1", sharing(ROOM)))

        done = await only(store, turn(taking(GUEST)))
        view = await store.passes.view(GUEST.name, NOON)

        assert done == PassDone(done.key, GUEST, ("said",))
        assert view is not None
        assert (replace(view.kept, name=GUEST.name), view.room, view.hosted) == (GUEST, None, "")
        assert await store.passes.view("another cookie", NOON) is None
        assert [await store.passes.room(code, NOON) for code in (ROOM.name, "NONE2345")] == [ROOM, None]

    async def test_a_turn_sees_the_pass_and_the_room_of_the_turn_before_it(self, store: Store) -> None:
        found: list[tuple[Pass | None, Shared | None]] = []

        def looking(before: Pass | None, room: Shared | None) -> PassDecision:
            found.append((before and replace(before, name=GUEST.name), room))
            return PassDecision(before)

        await one(store, event("k1", sharing(ROOM)))
        await store.passes.turns(
            [turn(taking(GUEST, "second")), replace(turn(looking), room="WRNG2345"), turn(looking, name="none")]
        )

        assert found == [(GUEST, replace(ROOM, text="second")), (None, replace(ROOM, text="second"))]

    async def test_only_the_text_of_a_room_changes_and_its_people_are_soon_due(self, store: Store) -> None:
        await store.turns([event("k1", tap()), event("k2", sharing(ROOM), person=BEA)])
        await one(store, event("k3", changed(due=None)))

        await only(store, turn(taking(GUEST, "left by a guest")))

        assert await look(store) == replace(ROOM, text="left by a guest")
        assert (await record_of(store, ADA)).due == NOON + FOLLOW_AFTER

    async def test_the_same_key_counts_once(self, store: Store) -> None:
        await one(store, event("k1", sharing(ROOM)))
        await only(store, turn(taking(GUEST), key="tap"))

        again = await only(store, turn(taking(replace(GUEST, card=9)), key="tap"))

        assert isinstance(again, PassDone)
        assert again.kept is not None
        assert (again.kept.card, again.effects) == (1, ())

    async def test_a_decision_that_breaks_a_rule_is_refused_and_leaves_nothing(self, store: Store) -> None:
        def failing(before: Pass | None, room: Shared | None) -> PassDecision:
            raise LookupError("secret words")

        await one(store, event("k1", sharing(ROOM)))
        await only(store, turn(taking(GUEST)))
        broken: tuple[PassTurn, ...] = (
            turn(taking(replace(GUEST, name="another"))),
            turn(taking(replace(GUEST, room="WRNG2345"))),
            turn(taking(replace(GUEST, card=0))),
            turn(taking(replace(GUEST, text="half"), ""), name="new"),
            replace(turn(taking(replace(GUEST, name="new", room="NONE2345"), "text"), name="new"), room="NONE2345"),
            turn(failing),
        )

        outcomes = await store.passes.turns(broken)

        assert [type(each) for each in outcomes] == [Refused] * len(broken)
        assert "secret" not in repr(outcomes)
        assert await seen(store) == GUEST

    async def test_a_pass_that_is_given_back_is_gone(self, store: Store) -> None:
        await one(store, event("k1", sharing(ROOM)))
        await store.passes.turns([turn(taking(GUEST)), turn(taking(None)), turn(taking(None)), turn(lambda *_: None)])

        assert await seen(store) is None

    async def test_it_is_found_until_its_time_and_forgotten_then(self, store: Store) -> None:
        just = timedelta(microseconds=1)
        await one(store, event("k1", sharing(ROOM)))
        await only(store, turn(taking(GUEST)))

        found = [await seen(store, after=LATER - NOON - just), await seen(store, after=LATER - NOON)]
        forgotten = [
            await store.write(lambda t: t.passes.forget_expired(LATER - just)),
            await store.write(lambda t: t.passes.forget_expired(LATER)),
        ]

        assert found == [GUEST, None]
        assert forgotten == [0, 1]

    async def test_it_ends_soon_after_its_room(self, store: Store) -> None:
        other = replace(ROOM, name="WXYZ2345")
        await store.turns([event("k1", sharing(ROOM)), event("k2", sharing(other))])
        await only(store, turn(taking(GUEST)))
        elsewhere = replace(turn(taking(replace(GUEST, name="other", room=other.name)), name="other"), room=other.name)
        await only(store, elsewhere)

        await one(store, event("k3", ending(ROOM.name)))

        kept, stays = await seen(store), await store.passes.view("other", NOON)
        assert kept is not None
        assert stays is not None
        assert (kept.until, stays.kept.until) == (NOON + LINGERS, LATER)

    async def test_it_ends_soon_after_its_host_is_removed(self, store: Store) -> None:
        async def left_after(end: Callable[[], object]) -> Pass | None:
            await one(store, event(f"k {next(NUMBERS)}", sharing(ROOM)))
            await only(store, turn(taking(GUEST)))
            await end()  # type: ignore[misc]
            return await seen(store)

        forgets = event("k9", bringing(forgets=ADA), person=BEA)
        by_turn = await left_after(lambda: one(store, forgets))
        by_itself = await left_after(lambda: store.write(lambda t: t.rooms.forget_of(ADA, NOON)))

        assert [each and each.until for each in (by_turn, by_itself)] == [NOON + LINGERS] * 2

    async def test_a_screen_sees_what_its_host_rehearses_and_nothing_else_of_them(self, store: Store) -> None:
        own = changed(rehearsal="what is rehearsed", case="a case", profile="a profile")
        await store.turns([event("k1", own), event("k2", sharing(ROOM))])
        await only(store, turn(taking(replace(GUEST, host=ADA))))

        view = await store.passes.view(GUEST.name, NOON)

        assert view is not None
        assert (view.room, view.hosted) == (ROOM, "what is rehearsed")
        assert not [word for word in ("a case", "a profile", ADA) if word in repr(view)]

    async def test_a_turn_changes_nobody_among_people(self, store: Store) -> None:
        await store.turns([event("k1", tap()), event("k2", sharing(replace(ROOM, people=())))])
        before = await store.everyone()

        await only(store, turn(taking(replace(GUEST, host=ADA), "left")))

        assert await store.everyone() == before
        assert await store.read(lambda t: t.audit.entries()) == ()


async def test_it_outlives_a_restart_and_names_nobody_on_the_disk(tmp_path: Path) -> None:
    path = tmp_path / "store.db"
    store = await open_sqlite(path, KEYS)
    await one(store, event("k1", sharing(ROOM)))
    await only(store, turn(taking(replace(GUEST, text="canary of a guest"))))
    await store.close()

    content = path.read_bytes()
    again = await open_sqlite(path, KEYS)
    found, in_step = await seen(again), await again.verify()
    await again.close()

    assert found == replace(GUEST, text="canary of a guest")
    assert not in_step
    assert not [word for word in (b"canary of a guest", GUEST.name.encode(), GUEST.room.encode()) if word in content]
