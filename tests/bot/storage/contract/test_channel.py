"""Contract of what the channel needs after a restart."""

from datetime import timedelta

from bot.storage.store import Store
from tests.support.store.builders import NOON

SECOND = timedelta(seconds=1)


class TestChannelNotes:
    async def test_the_last_poll_is_remembered(self, store: Store) -> None:
        await store.write(lambda t: t.channel.mark_polled(NOON))
        await store.write(lambda t: t.channel.mark_polled(NOON + SECOND))

        assert await store.read(lambda t: t.channel.polled_at()) == NOON + SECOND
