"""What was refused, by kind: anybody can be refused as often as they like, and the log must not grow by that."""

import asyncio
import secrets
from collections.abc import Callable

from bot.runtime.logs import MINUTE
from bot.watch.meter import meter

Say = Callable[[str, str, int], None]
"""Logs a kind with an id and a count."""


class Refusals:
    """Counts them under the name of their event. Each kind is logged at once, then how many followed within a minute."""

    def __init__(self, event: str, say: Say) -> None:
        self._event = event
        self._say = say
        self._counts: dict[str, tuple[str, int]] = {}

    def note(self, kind: str) -> str:
        """Count one of this kind, of which there are a few; return the id of the line that is about it."""
        meter().happened(self._event)
        error_id, count = self._counts.get(kind) or (secrets.token_hex(4), 0)
        if not count:
            self._say(kind, error_id, 1)
            asyncio.get_running_loop().call_later(MINUTE, self._end_minute, kind)
        self._counts[kind] = error_id, count + 1
        return error_id

    def _end_minute(self, kind: str) -> None:
        error_id, count = self._counts.pop(kind)
        if count > 1:
            self._say(kind, error_id, count - 1)
