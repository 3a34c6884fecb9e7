"""Holds a store as a running bot does: with its lock, and checking for new keys."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from unittest.mock import patch

from bot.operations.rotation import Rotated, rotate_keys, take_up_new_keys
from bot.runtime.single_instance import Alone
from bot.storage.store import Store
from tests.support.store.keeping import NOON, Keep


@asynccontextmanager
async def as_bot(keep: Keep, store: Store) -> AsyncIterator[None]:
    """Hold the lock of the store within the context, and let the store take up new keys, as a running bot does."""
    # Short waits, since people tap meanwhile, and their taps would fill the store.
    looks = patch("bot.operations.rotation.LOOK_EVERY", 0.01), patch("bot.runtime.single_instance.LONGEST", 0.02)
    with looks[0], looks[1], Alone(keep.store):
        following = asyncio.create_task(take_up_new_keys(store, keep.key_file))
        try:
            yield
        finally:
            following.cancel()
            await asyncio.gather(following, return_exceptions=True)


async def rotated(keep: Keep, store: Store) -> Rotated:
    """Rotate the keys while a bot runs on this store. Return the result."""
    async with as_bot(keep, store):
        return await asyncio.to_thread(rotate_keys, keep.place, keep.key_file, at=NOON)
