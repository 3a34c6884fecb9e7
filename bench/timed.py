"""The bot, changed to record how long each batch of turns takes to commit.

At its end it writes the times to the file `COMMIT_TIMES`. Only the load benchmark uses this; none of it is in the
product.
"""

import atexit
import json
import os
import time
from collections.abc import Sequence
from pathlib import Path

from bot.cli.main import run
from bot.storage.store import Store
from bot.storage.values import Inbound, Outcome

TOOK: list[float] = []
"""The time from when a batch was passed to the store until it was durable, in milliseconds, for each batch."""


class TimedTurns:
    """A replacement for `Store.turns` that also measures how long each batch takes."""

    def __init__(self) -> None:
        self._turns = Store.turns

    async def take(self, store: Store, batch: Sequence[Inbound]) -> tuple[Outcome, ...]:
        """Let the store take the batch of turns, and record how long that took."""
        began = time.perf_counter()
        outcomes = await self._turns(store, batch)
        TOOK.append((time.perf_counter() - began) * 1000)
        return outcomes


def main() -> None:
    """Run the bot as the command line does."""
    timed = TimedTurns()
    setattr(Store, "turns", lambda store, batch: timed.take(store, batch))  # noqa: B010
    atexit.register(lambda: Path(os.environ["COMMIT_TIMES"]).write_text(json.dumps(TOOK)))
    run()


if __name__ == "__main__":
    main()
