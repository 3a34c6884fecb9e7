"""The updates that wait for the bot: how long they are kept, and when they count as received."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from tests.fakes.telegram.clock import Clock
from tests.fakes.telegram.state.refusals import CONFLICT, Refusal

TAP_LIFE = timedelta(seconds=150)
UPDATE_LIFE = timedelta(hours=24)
KEPT_FOR_REDELIVERY = 10_000
ON_REQUEST_ONLY = frozenset({"chat_member", "message_reaction", "message_reaction_count"})


@dataclass(slots=True)
class Waiting:
    """One update in the queue. `again` marks a repeated update, which is delivered whatever offset the bot names."""

    update_id: int
    body: dict[str, Any]
    expires: datetime
    chat_id: int | None
    again: bool = False


class UpdateQueue:
    """The updates for the bot. Each waits until the bot calls with a higher offset, or until it expires."""

    def __init__(self, clock: Clock, gone: Callable[[int], None], *, first_id: int = 500_000_001) -> None:
        self._clock = clock
        self._gone = gone
        self._next_id = first_id
        self._queue: list[Waiting] = []
        self._past: dict[int, dict[str, Any]] = {}
        self._allowed: frozenset[str] | None = None
        self._poll: asyncio.Future[bool] | None = None
        self._closed = False

    def push(self, kind: str, body: dict[str, Any], *, chat_id: int | None = None) -> int | None:
        """Queue an update of this kind, and return its id. Return None if the bot has not asked for this kind."""
        if kind in ON_REQUEST_ONLY if self._allowed is None else kind not in self._allowed:
            return None
        return self.push_raw({kind: body}, chat_id=chat_id, life=TAP_LIFE if kind == "callback_query" else UPDATE_LIFE)

    def push_raw(self, update: dict[str, Any], *, chat_id: int | None = None, life: timedelta = UPDATE_LIFE) -> int:
        """Queue any dictionary as an update, and return its id. Without an `update_id`, it gets the next one."""
        update_id = int(update.get("update_id", self._next_id))
        self._next_id = max(self._next_id, update_id + 1) if "update_id" in update else update_id + 1
        body = {"update_id": update_id, **update}
        self._past[update_id] = body
        if len(self._past) > KEPT_FOR_REDELIVERY:
            del self._past[next(iter(self._past))]
        self._append(Waiting(update_id, body, self._clock() + life, chat_id))
        return update_id

    def redeliver(self, update_id: int) -> None:
        """Queue an update again, as if the bot's confirmation had been lost."""
        again = Waiting(update_id, self._past[update_id], self._clock() + UPDATE_LIFE, None, again=True)
        self._queue.insert(0, again)
        self._wake(found=True)

    def restart_ids(self, first_id: int) -> None:
        """Give the next update this id, which may be lower or higher than the previous one."""
        self._next_id = first_id

    def allow(self, kinds: Sequence[str]) -> None:
        """Queue only updates of these kinds from now on. An empty list restores Telegram's defaults."""
        self._allowed = frozenset(kinds) or None

    @property
    def allowed(self) -> frozenset[str] | None:
        """The kinds of update that are queued, or None for Telegram's defaults."""
        return self._allowed

    @property
    def pending(self) -> tuple[dict[str, Any], ...]:
        """The updates that are neither confirmed nor expired, in order."""
        self._drop(lambda waiting: waiting.expires > self._clock())
        return tuple(waiting.body for waiting in self._queue)

    def waits_for(self, chat_id: int) -> bool:
        """Return True while an update from this chat is neither confirmed nor expired."""
        now = self._clock()
        return any(waiting.chat_id == chat_id and waiting.expires > now for waiting in self._queue)

    async def fetch(self, *, offset: int, limit: int, wait: float) -> list[dict[str, Any]]:
        """Return the updates for a getUpdates call. A call that waits is refused once another one waits."""
        found = self._look(offset, limit)
        if found or wait <= 0 or self._closed:
            return found
        self._wake(found=False)
        poll = self._poll = asyncio.get_running_loop().create_future()
        await asyncio.wait([poll], timeout=wait)
        if poll.done() and not poll.result():
            raise Refusal(409, CONFLICT)
        if self._poll is poll:
            self._poll = None
        return self._look(offset, limit)

    def clear(self) -> None:
        self._drop(lambda _waiting: False)

    def open(self) -> None:
        """Allow calls to wait again, after `close`."""
        self._closed = False

    def close(self) -> None:
        """End the waiting call, and let no later call wait."""
        self._closed = True
        self._wake(found=True)

    def _append(self, waiting: Waiting) -> None:
        self._queue.append(waiting)
        self._wake(found=True)

    def _wake(self, *, found: bool) -> None:
        poll, self._poll = self._poll, None
        if poll is not None and not poll.done():
            poll.set_result(found)

    def _look(self, offset: int, limit: int) -> list[dict[str, Any]]:
        now = self._clock()
        self._drop(lambda waiting: waiting.expires > now)
        if offset < 0:
            last = {id(waiting) for waiting in self._queue[offset:]}
            self._drop(lambda waiting: id(waiting) in last)
        elif 0 < offset <= self._next_id + 10:  # Telegram ignores an offset that is further in the future
            self._drop(lambda waiting: waiting.update_id >= offset or waiting.again)
        else:
            offset = 0
        handed = [waiting for waiting in self._queue if waiting.update_id >= offset or waiting.again][:limit]
        for waiting in handed:
            waiting.again = False
        return [waiting.body for waiting in handed]

    def _drop(self, stays: Callable[[Waiting], bool]) -> None:
        before, self._queue = self._queue, [waiting for waiting in self._queue if stays(waiting)]
        if len(before) != len(self._queue):
            kept = {id(waiting) for waiting in self._queue}
            for chat_id in {w.chat_id for w in before if id(w) not in kept and w.chat_id is not None}:
                self._gone(chat_id)
