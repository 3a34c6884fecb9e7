"""A fault that comes again and again, logged once with its cause and then once a minute with how often it came."""

import time
from collections.abc import Callable

import structlog

from bot.runtime.errors import SerafError

MINUTE = 60.0
"""Seconds between two lines about the same trouble."""

log = structlog.get_logger()


class FaultLog:
    """What one piece of work logs of the faults that it meets. A cause that is new is said at once."""

    def __init__(self, event: str, now: Callable[[], float] = time.monotonic) -> None:
        self._event = event
        self._now = now
        self._cause = ""
        self._count = 0
        self._said = 0.0

    def note(self, fault: SerafError) -> None:
        """Count a fault; say it where it is the first, another, or a minute after what was said last."""
        self._count += 1
        cause, now = str(fault), self._now()
        if cause != self._cause or now - self._said >= MINUTE:
            log.error(self._event, fault=cause, count=self._count)
            self._cause, self._count, self._said = cause, 0, now

    def over(self) -> None:
        """Say that it went well again, where it had not."""
        if self._cause:
            log.info(f"over: {self._event}", count=self._count)
            self._cause, self._count = "", 0
