"""A store that was restored: nobody is served from it, and nothing is erased by its term, before somebody has confirmed who is in."""

from bot.runtime.errors import StoreFault
from bot.storage.store import Store


async def demand_confirmed(store: Store) -> None:
    """`StoreFault` while a restore waits to be confirmed, with what to do."""
    since = await store.read(lambda t: t.restores.waiting())
    if since is not None:
        raise StoreFault(
            f"A backup was restored at {since:%Y-%m-%d %H:%M} UTC, and nobody has confirmed yet who is in: somebody who was removed after"
            " that backup may be in again. Look at `seraf-bot people list`, and put it right; then, with an administrator:"
            " seraf-bot people confirm --confirmed-by ID. Where none is left who can: seraf-bot people invite --role admin --alone"
        )
