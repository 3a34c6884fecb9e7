"""Contract of messages that are still to be removed from chats."""

from datetime import timedelta

from bot.storage.store import Store
from bot.storage.values import MessageToRemove
from tests.support.store.builders import ADA, BEA, NOON, broken, event, tap

SECOND = timedelta(seconds=1)


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
