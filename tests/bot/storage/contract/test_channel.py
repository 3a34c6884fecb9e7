"""Contract of what a channel stores: its last poll, the keys of handled events, and messages to remove from chats."""

from dataclasses import replace
from datetime import timedelta

from bot.storage.store import Store
from bot.storage.values import Done, MessageToRemove, Repeated
from tests.support.store.builders import ADA, BEA, NOON, broken, event, tap

SECOND = timedelta(seconds=1)


class TestChannelNotes:
    async def test_the_last_poll_is_remembered(self, store: Store) -> None:
        await store.write(lambda t: t.channel.mark_polled(NOON))
        await store.write(lambda t: t.channel.mark_polled(NOON + SECOND))

        assert await store.read(lambda t: t.channel.polled_at()) == NOON + SECOND


class TestEventKeys:
    async def test_keys_before_a_cut_are_forgotten(self, store: Store) -> None:
        times = {"k1": NOON - SECOND, "k2": NOON, "k3": NOON + SECOND}
        await store.turns([replace(event(key, tap()), at=at) for key, at in times.items()])

        forgotten = await store.write(lambda t: t.event_keys.forget_before(NOON))

        again = await store.turns([event(key, tap()) for key in times])
        assert forgotten == 1
        assert [type(outcome) for outcome in again] == [Done, Repeated, Repeated]


class TestMessagesToRemove:
    async def test_a_message_is_listed_until_it_is_forgotten(self, store: Store) -> None:
        await store.turns([event("k1", tap(), own_message="m2"), event("k2", broken, own_message="m3")])
        await store.write(lambda t: t.messages_to_remove.add(BEA, "m2", born=NOON + SECOND))
        await store.write(lambda t: t.messages_to_remove.add(BEA, "m1", born=NOON - SECOND))
        await store.write(lambda t: t.messages_to_remove.add(BEA, "m1", born=NOON + SECOND))

        listed = await store.read(lambda t: t.messages_to_remove.oldest_first())
        await store.write(lambda t: t.messages_to_remove.forget(ADA, []))
        await store.write(lambda t: t.messages_to_remove.forget(ADA, ["m2", "m1", "never there"]))

        old, new = MessageToRemove(BEA, "m1", NOON - SECOND), MessageToRemove(BEA, "m2", NOON + SECOND)
        own = MessageToRemove(ADA, "m3", NOON, is_own=True)
        assert listed == (old, MessageToRemove(ADA, "m2", NOON, is_own=True), own, new)
        assert await store.read(lambda t: t.messages_to_remove.oldest_first()) == (old, own, new)

    async def test_messages_left_in_a_chat_are_found_by_their_person(self, store: Store) -> None:
        await store.turns([event("k1", tap(), own_message="m2")])
        await store.write(lambda t: t.messages_to_remove.add(ADA, "m1", born=NOON - SECOND, is_kept=True))
        await store.write(lambda t: t.messages_to_remove.add(BEA, "m1", born=NOON))

        assert [each.handle for each in await store.read(lambda t: t.messages_to_remove.of(ADA))] == ["m1", "m2"]
        assert [each.person for each in await store.read(lambda t: t.messages_to_remove.of(BEA))] == [BEA]
        assert await store.read(lambda t: t.messages_to_remove.of("telegram:99")) == ()

    async def test_a_repeated_event_does_not_bring_a_removed_message_back(self, store: Store) -> None:
        await store.turns([event("k1", tap(), own_message="m1")])
        await store.write(lambda t: t.messages_to_remove.forget(ADA, ["m1"]))

        await store.turns([event("k1", tap(), own_message="m1")])

        assert await store.read(lambda t: t.messages_to_remove.oldest_first()) == ()
