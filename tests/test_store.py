"""One contract for every store: the same class of tests over memory and SQLite."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest

from bot.sealing import KeyRing
from bot.storage.memory import MemoryStore
from bot.storage.protocol import (
    NOTHING_SHOWN,
    Decide,
    Decision,
    Done,
    Litter,
    Noted,
    Record,
    Refused,
    Repeated,
    Shown,
    Store,
)
from bot.storage.sqlite import open_sqlite
from tests.store_builders import ADA, BEA, CLEO, LIVE, NOON, broken, changed, event, one, record_of, tap

SECOND = timedelta(seconds=1)
FIRST = Record(person=ADA, card=0, profile="{}", case=None, phase="", edition="", active=None)


@pytest.fixture(params=["memory", "sqlite"])
async def store(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Store]:
    """An empty store of each kind."""
    opened: Store = MemoryStore()
    if request.param == "sqlite":
        opened = await open_sqlite(tmp_path / "store.db", KeyRing.fresh())
    yield opened
    await opened.close()


class TestStore:
    """What every store promises."""

    async def test_nobody_is_known_to_an_empty_store(self, store: Store) -> None:
        """An empty store recalls nobody, lists nothing and was never polled."""
        assert await store.recall(ADA) is None
        assert await store.turns([]) == ()
        assert (await store.stale(NOON), await store.active_since(NOON), await store.litter()) == ((), (), ())
        assert (await store.editions(), await store.polled_at(), await store.forget_keys(NOON)) == ({}, None, 0)

    async def test_a_persons_row_is_made_at_their_first_turn(self, store: Store) -> None:
        """The first decision is given an empty record, and its answer is kept."""
        done = await one(store, event("k1", tap('{"ref": "amber"}', effects=("toast",))))

        after = Record(ADA, 1, "{}", '{"ref": "amber"}', "asking", "edition-1", NOON)
        assert done == Done("k1", FIRST, after, NOTHING_SHOWN, ("toast",))
        assert await store.recall(ADA) == (after, NOTHING_SHOWN)

    async def test_a_batch_is_answered_in_order_and_each_turn_sees_the_one_before(self, store: Store) -> None:
        """Two turns of one person in a batch follow on each other, around somebody else's."""
        batch = [event("k1", tap("a")), event("k2", tap("b"), person=BEA), event("k3", tap("c"))]

        outcomes = await store.turns(batch)

        assert [outcome.key for outcome in outcomes] == ["k1", "k2", "k3"]
        assert isinstance(outcomes[2], Done)
        assert (outcomes[2].before.card, outcomes[2].before.case, outcomes[2].record.card) == (1, "a", 2)
        assert (await record_of(store, BEA)).case == "b"

    async def test_a_batch_that_is_cut_short_keeps_nothing(self, store: Store) -> None:
        """What ends the whole batch leaves no turn, no key and no litter of it."""

        def cut(record: Record) -> Decision:
            raise asyncio.CancelledError

        with pytest.raises(asyncio.CancelledError):
            await store.turns([event("k1", tap("a"), litter="m1"), event("k2", cut)])

        assert (await store.recall(ADA), await store.litter()) == (None, ())
        assert isinstance(await one(store, event("k1", tap("a"))), Done)

    async def test_a_failing_decision_is_refused_alone(self, store: Store) -> None:
        """The turns around it stand, its own row is as it was, and its words are not in the outcome."""
        batch = [event("k1", tap("a")), event("k2", broken), event("k3", tap("b")), event("k4", broken, person=BEA)]

        first, refused, last, stranger = await store.turns(batch)

        assert (type(first), type(last)) == (Done, Done)
        assert isinstance(refused, Refused)
        assert refused.error.split()[0] == "LookupError"
        assert len(refused.error.split()[1]) == 8
        assert refused.where.startswith("tests.store_builders:")
        assert "secret" not in repr(refused)
        assert isinstance(stranger, Refused)
        assert (await record_of(store, ADA)).case == "b"
        assert await store.recall(BEA) is None

    async def test_a_refused_event_is_not_met_again(self, store: Store) -> None:
        """Its key is kept, so that the channel's redelivery does not fail for ever."""
        await store.turns([event("k1", tap("a")), event("k2", broken), event("k3", broken, person=BEA)])

        again = await store.turns([event("k2", tap("b")), event("k3", tap("b"), person=BEA)])

        recalled = await store.recall(ADA)
        assert recalled is not None
        assert again == (Repeated("k2", *recalled), Repeated("k3", None, None))
        assert recalled[0].case == "a"

    @pytest.mark.parametrize(
        "decide",
        [
            changed(person=BEA),
            changed(card=-1),
            changed(card=2**63),
            changed(card="1"),
            changed(profile=None),
            changed(case=7),
            changed(case="\ud800"),
            changed(phase="\ud800"),
            changed(edition=None),
            changed(active=NOON.replace(tzinfo=None)),
            changed(active="noon"),
            lambda record: None,
        ],
    )
    async def test_a_decision_outside_the_rules_is_refused(self, store: Store, decide: Decide) -> None:
        """Somebody else's record, a card counter that goes back, and values that cannot be kept change nothing."""
        await store.turns([event("k1", tap("a"))])

        outcome = await one(store, event("k2", decide))

        assert isinstance(outcome, Refused)
        assert (await record_of(store, ADA)).card == 1
        assert await store.recall(BEA) is None

    async def test_a_repeated_key_changes_nothing_and_tells_what_is(self, store: Store) -> None:
        """A key seen before, in an earlier batch or in this one, gives back the current record and card."""
        await store.turns([event("k1", tap("a"))])
        await store.show(ADA, LIVE)

        outcomes = await store.turns([event("k1", tap("b")), event("k2", tap("c")), event("k2", tap("d"))])

        first, second = Record(ADA, 1, "{}", "a", "asking", "edition-1", NOON), await record_of(store, ADA)
        assert outcomes[0] == Repeated("k1", first, LIVE)
        assert outcomes[2] == Repeated("k2", second, LIVE)
        assert (second.card, second.case) == (2, "c")

    async def test_a_key_without_a_person_is_noted_once(self, store: Store) -> None:
        """A stranger's event leaves its key alone, whatever else it carries."""
        noted = await store.turns([event("k1", tap("a"), person=None, litter="m1"), event("k2", None, litter="m2")])
        again = await store.turns([event("k1", None, person=None), event("k2", None)])

        assert noted == (Noted("k1"), Noted("k2"))
        assert again == (Repeated("k1", None, None), Repeated("k2", None, None))
        assert await store.recall(ADA) is None
        assert await store.litter() == (Litter(ADA, "m2", NOON),)

    async def test_an_erased_case_is_gone_and_the_person_stays(self, store: Store) -> None:
        """Erasing keeps the profile and the counter, and the next assessment begins anew."""
        await store.turns([event("k0", changed(profile='{"language": "en"}')), event("k1", tap("a"))])

        await store.turns([event("k2", tap(None))])

        assert await record_of(store, ADA) == Record(ADA, 2, '{"language": "en"}', None, "", "", NOON)
        await store.turns([event("k3", tap("b"))])
        assert (await record_of(store, ADA)).case == "b"

    @pytest.mark.parametrize("text", ["", "\0", "é…😀" * 3000, '{"v": 1}', "\x80" * 127, "x" * 127, "x" * 128])
    async def test_any_text_comes_back_as_it_was(self, store: Store, text: str) -> None:
        """Empty, long, and odd texts survive."""
        await store.turns([event("k1", changed(profile=text, case=text, phase=text, edition=text), person=text)])

        assert await store.recall(text) == (Record(text, 0, text, text, text, text, None), NOTHING_SHOWN)

    async def test_a_moment_of_another_zone_is_the_same_moment(self, store: Store) -> None:
        """Times are instants, whole to the microsecond; one without a zone is refused."""
        elsewhere = NOON.astimezone(timezone(timedelta(hours=5, minutes=45)))
        await store.turns([event("k1", tap(active=elsewhere))])
        await store.mark_polled(elsewhere)

        assert ((await record_of(store, ADA)).active, await store.polled_at()) == (NOON, NOON)
        naive = NOON.replace(tzinfo=None)
        for refused in (store.stale, store.active_since, store.mark_polled, store.forget_keys):
            with pytest.raises(ValueError, match="time zone"):
                await refused(naive)
        with pytest.raises(ValueError, match="time zone"):
            await store.discard(ADA, "m1", naive)

    @pytest.mark.parametrize("shown", [LIVE, NOTHING_SHOWN, Shown("é", None, b"", True), Shown(None, NOON, b"x", True)])
    async def test_what_the_chat_shows_is_remembered(self, store: Store, shown: Shown) -> None:
        """The last one shown is recalled, and handed to the next turn."""
        await store.turns([event("k1", tap())])
        await store.show(ADA, LIVE)

        await store.show(ADA, shown)

        recalled = await store.recall(ADA)
        assert recalled is not None
        assert recalled[1] == shown
        done = await one(store, event("k2", tap()))
        assert isinstance(done, Done)
        assert done.shown == shown

    async def test_showing_to_somebody_without_a_row_makes_it(self, store: Store) -> None:
        """A message once sent is never forgotten."""
        await store.show(ADA, LIVE)

        assert await store.recall(ADA) == (FIRST, LIVE)
        assert await store.active_since(NOON) == ()

    async def test_many_are_shown_at_once(self, store: Store) -> None:
        """Each person's card is their own; nobody's is nobody's."""
        await store.turns([event("k1", tap()), event("k2", tap(), person=BEA)])

        await store.show_many({})
        await store.show_many({ADA: LIVE, BEA: replace(LIVE, handle="message 8")})

        ada, bea = await store.recall(ADA), await store.recall(BEA)
        assert ada is not None
        assert bea is not None
        assert (ada[1].handle, bea[1].handle) == ("message 7", "message 8")
        assert await store.stale(NOON) == ()

    async def test_a_card_is_stale_from_a_turn_until_it_is_delivered(self, store: Store) -> None:
        """Neither an intent nor a card without a digest ends it; a refused or repeated event does not begin it."""

        async def stale() -> bool:
            return await store.stale(NOON) == (ADA,)

        await store.turns([event("k1", tap())])
        begun = await stale()
        await store.show(ADA, replace(LIVE, sending=True))
        intended = await stale()
        await store.show(ADA, LIVE)
        delivered = await stale()
        await store.turns([event("k1", tap()), event("k2", broken)])
        unchanged = await stale()
        await store.show(ADA, replace(LIVE, digest=b""))
        unknown = await stale()

        assert (begun, intended, delivered, unchanged, unknown) == (True, True, False, False, True)

    async def test_the_active_are_listed_latest_first(self, store: Store) -> None:
        """From the instant asked for on, that instant included, and by name within one instant."""
        later, earlier = NOON + timedelta(microseconds=1), NOON - timedelta(microseconds=1)
        moments: list[tuple[str, datetime | None]] = [(ADA, later), (CLEO, NOON), (BEA, NOON), ("telegram:4", earlier)]
        moments.append(("telegram:5", None))
        await store.turns([event(person, tap(active=at), person=person) for person, at in moments])
        await store.show(BEA, LIVE)

        assert await store.active_since(NOON) == (ADA, BEA, CLEO)
        assert await store.stale(NOON) == (ADA, CLEO)
        assert await store.active_since(later + SECOND) == ()

    async def test_litter_is_kept_until_it_is_swept(self, store: Store) -> None:
        """Messages are listed oldest first and once each, and only those removed are forgotten."""
        await store.turns([event("k1", tap(), litter="m2"), event("k2", broken, litter="m3")])
        await store.discard(BEA, "m2", NOON + SECOND)
        await store.discard(BEA, "m1", NOON - SECOND)
        await store.discard(BEA, "m1", NOON + SECOND)

        listed = await store.litter()
        await store.swept(ADA, [])
        await store.swept(ADA, ["m2", "m1", "never there"])

        old, new = Litter(BEA, "m1", NOON - SECOND), Litter(BEA, "m2", NOON + SECOND)
        assert listed == (old, Litter(ADA, "m2", NOON), Litter(ADA, "m3", NOON), new)
        assert await store.litter() == (old, Litter(ADA, "m3", NOON), new)

    async def test_a_repeated_event_does_not_bring_swept_litter_back(self, store: Store) -> None:
        """Once removed, a message stays removed when its update comes again."""
        await store.turns([event("k1", tap(), litter="m1")])
        await store.swept(ADA, ["m1"])

        await store.turns([event("k1", tap(), litter="m1")])

        assert await store.litter() == ()

    async def test_editions_stay_as_they_were_first_kept(self, store: Store) -> None:
        """An instrument is kept under its fingerprint, and the first bytes stand."""
        await store.keep_edition("aa", b"first\x00\x80")
        await store.keep_edition("bb", b"")
        await store.keep_edition("aa", b"second")

        assert await store.editions() == {"aa": b"first\x00\x80", "bb": b""}

    async def test_the_last_poll_is_remembered(self, store: Store) -> None:
        """The latest mark stands."""
        await store.mark_polled(NOON)
        await store.mark_polled(NOON + SECOND)

        assert await store.polled_at() == NOON + SECOND

    async def test_keys_before_a_cut_are_forgotten(self, store: Store) -> None:
        """Those at the cut and after it still count once."""
        moments = {"k1": NOON - SECOND, "k2": NOON, "k3": NOON + SECOND}
        await store.turns([replace(event(key, tap()), at=at) for key, at in moments.items()])

        forgotten = await store.forget_keys(NOON)

        again = await store.turns([event(key, tap()) for key in moments])
        assert forgotten == 1
        assert [type(outcome) for outcome in again] == [Done, Repeated, Repeated]

    async def test_turns_at_once_lose_none(self, store: Store) -> None:
        """A hundred callers at once are answered one after another."""
        batches = [[event(f"{n}:a", tap()), event(f"{n}:b", tap(), person=BEA)] for n in range(100)]

        await asyncio.gather(*(store.turns(batch) for batch in batches))

        assert ((await record_of(store, ADA)).card, (await record_of(store, BEA)).card) == (100, 100)

    async def test_the_store_closes_twice(self, store: Store) -> None:
        """Closing again is harmless."""
        await store.close()
        await store.close()
