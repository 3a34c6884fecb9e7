"""A channel at work while there is no store: everybody is told whom to call, and nothing is kept or confirmed."""

import asyncio
from collections.abc import Iterable, Sequence
from typing import Any

from bot.channels.heard import Acted, Heard
from bot.channels.protocol import Listener
from bot.channels.unsaved_answers import UnsavedAnswers
from bot.runtime.errors import StoreUnavailable


class WithoutStore:
    """An inbox that can keep nothing, and so refuses every batch: what was not kept is never confirmed."""

    def __init__(self, answers: UnsavedAnswers) -> None:
        self._answers = answers

    async def take(self, batch: Sequence[Heard]) -> None:
        """Refuse it."""
        raise StoreUnavailable("The store is not open. Nothing of this step was saved.")

    def cannot_keep(self, batch: Sequence[Heard], *, is_tried_again: bool) -> None:
        """Tell everybody that the records cannot be reached, and whom to call."""
        for heard in batch:
            if isinstance(heard, Acted):
                self._answers.answer(heard, toast="closed-unreachable")
                self._answers.introduce(heard)


async def answer_without_store(
    listener: Listener, answers: UnsavedAnswers, *, until: Iterable[asyncio.Task[Any]]
) -> None:
    """Answer everybody until one of these is done. Raises what ends listening."""
    listening = asyncio.create_task(listener.listen(WithoutStore(answers), lambda *_: None))
    try:
        await asyncio.wait({listening, *until}, return_when=asyncio.FIRST_COMPLETED)
        if listening.done():
            await listening
    finally:
        listening.cancel()
        await asyncio.gather(listening, return_exceptions=True)
