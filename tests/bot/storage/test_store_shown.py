"""What every store keeps of what chats show: live cards, stale ones, litter, editions and polls; over memory and SQLite."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from bot.storage.store import (
    NOTHING_SHOWN,
    Done,
    MessageToRemove,
    Record,
    Shown,
    Store,
)
from tests.support.store.builders import (
    ADA,
    BEA,
    CLEO,
    LIVE,
    NOON,
    broken,
    event,
    one,
    tap,
)

SECOND = timedelta(seconds=1)
FIRST = Record(person=ADA, card=0, profile="{}", case=None, phase="", edition="", active=None)


class TestShown:
    """What every store promises of cards, litter and what else a channel notes."""

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

        old, new = MessageToRemove(BEA, "m1", NOON - SECOND), MessageToRemove(BEA, "m2", NOON + SECOND)
        own = MessageToRemove(ADA, "m3", NOON, is_own=True)
        assert listed == (old, MessageToRemove(ADA, "m2", NOON, is_own=True), own, new)
        assert await store.litter() == (old, own, new)

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
