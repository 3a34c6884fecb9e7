"""Logs that say what happens and never what is said: an allow-list of keys, silent third-party loggers, failures without their message."""

import logging
import os
import resource
import secrets
import sys
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from types import TracebackType
from typing import TYPE_CHECKING, Any, TextIO, cast

from bot.runtime.errors import SerafError, StoreSlow

if TYPE_CHECKING:
    from structlog.types import EventDict, WrappedLogger


ALLOWED = frozenset(
    {
        "event",
        "level",
        "timestamp",
        "error",
        "where",
        "fault",
        "update",
        "people",
        "since",
        "until",
        "seconds",
        "bot",
        "count",
        "what",
        "first_ends",
        "entry",
        "who",
        "about",
    }
)
"""The only keys that a line may have; any other is left out. `who` and `about` are random ids of the audit, and nobody's name."""

PRIORITIES = {"info": 6, "warning": 4, "error": 3}
"""What the journal calls each level."""

SILENT = ("telegram", "httpx", "httpcore", "aiohttp", "aiosqlite", "filelock", "transitions", "asyncio")
"""Loggers of libraries. They print tokens, values and answers of the Bot API, one of them as an error; what matters of
it this program says in words of its own."""


def set_up_logs() -> None:
    """Send this program's own entries to standard error, one per line; of other loggers only warnings, of the silenced ones nothing."""
    import structlog

    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            only_allowed,
            Rendered(is_for_journal=is_journal(sys.stderr)),
        ],
        logger_factory=structlog.WriteLoggerFactory(file=cast(TextIO, Unfailing(sys.stderr))),
        cache_logger_on_first_use=True,
    )
    logging.getLogger().setLevel(logging.WARNING)
    for name in SILENT:
        library = logging.getLogger(name)
        library.setLevel(logging.ERROR)
        # Without a handler of its own, Python prints errors of a logger that does not propagate.
        library.addHandler(logging.NullHandler())
        library.propagate = False


class Rendered:
    """A line as text; for the journal with its priority in front, which the journal takes off again."""

    def __init__(self, *, is_for_journal: bool) -> None:
        from structlog.processors import LogfmtRenderer

        self._is_for_journal = is_for_journal
        self._render = LogfmtRenderer(key_order=("timestamp", "level", "event"))

    def __call__(self, logger: "WrappedLogger", name: str, event: "EventDict") -> str:
        """Return the line."""
        priority = f"<{PRIORITIES[event['level']]}>" if self._is_for_journal else ""
        return f"{priority}{self._render(logger, name, event)}"


def is_journal(stream: TextIO) -> bool:
    """Return True if what is written there goes straight to the journal of systemd, which says so by the numbers of its socket."""
    try:
        found = os.fstat(stream.fileno())
    except (OSError, ValueError):  # closed, or nothing of the system's
        return False
    return os.environ.get("JOURNAL_STREAM") == f"{found.st_dev}:{found.st_ino}"


class Unfailing:
    """A stream that loses a line rather than stop the bot, as when the disk is full."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

    def write(self, text: str) -> int:
        """Write what can be written."""
        with suppress(OSError):
            return self._stream.write(text)
        return 0

    def flush(self) -> None:
        """Flush what was written."""
        with suppress(OSError):
            self._stream.flush()


def only_allowed(_: "WrappedLogger", __: str, event: "EventDict") -> "EventDict":
    """Return the line with the keys that it may have."""
    return {key: value for key, value in event.items() if key in ALLOWED}


MINUTE = 60.0
"""Seconds between two lines about the same trouble."""


class LateLog:
    """What this program says of itself. The library is slow to import, and most commands say nothing: it comes with the first line."""

    def info(self, event: str, **said: object) -> None:
        """Say what happened."""
        self._logger().info(event, **said)

    def warning(self, event: str, **said: object) -> None:
        """Say what somebody should look at."""
        self._logger().warning(event, **said)

    def error(self, event: str, **said: object) -> None:
        """Say what went wrong."""
        self._logger().error(event, **said)

    def _logger(self) -> Any:
        import structlog

        return structlog.get_logger()


log = LateLog()


SLOW = 2.0
"""Seconds for which a store that is slow is no fault: a disk that is busy for a moment rings no alarm."""


class FaultLog:
    """What one piece of work logs of the faults that it meets. A cause that is new is said at once, but for a store that is slow."""

    def __init__(self, event: str, now: Callable[[], float] = time.monotonic) -> None:
        self._event = event
        self._now = now
        self._cause = ""
        self._count = 0
        self._said = 0.0
        self._slow: tuple[float, float] | None = None

    def note(self, fault: SerafError) -> None:
        """Count a fault; say it where it is the first, another, or a minute after what was said last.

        That the store is slow is said once it has been for two seconds.
        """
        self._count += 1
        cause, now = str(fault), self._now()
        if isinstance(fault, StoreSlow) and self._is_just_slow(now, fault.seconds):
            return
        if cause != self._cause or now - self._said >= MINUTE:
            log.error(self._event, fault=cause, count=self._count)
            self._cause, self._count, self._said = cause, 0, now

    def _is_just_slow(self, now: float, seconds: float) -> bool:
        """True where the store has not been slow for long, by this wait and those just before it."""
        since, last = self._slow or (now - seconds, now)
        since = since if now - last < MINUTE else now - seconds
        self._slow = since, now
        return now - since < SLOW

    @property
    def is_standing(self) -> bool:
        """Whether it has not gone well again since a fault."""
        return bool(self._cause)

    def over(self) -> None:
        """Say that it went well again, where it had not."""
        if self._cause:
            log.info(f"over: {self._event}", count=self._count)
        self._cause, self._count, self._slow = "", 0, None


def log_failure(error: BaseException) -> str:
    """Log a failure without its message, which may quote a person, and return its error id."""
    from bot.runtime.logs import log  # slow to import, and most commands log nothing

    error_id = secrets.token_hex(4)
    log.error("failed", error=f"{type(error).__name__} {error_id}", where=place_of(error.__traceback__))
    return error_id


def stand_by() -> None:
    """Catch what nothing else catches: Python itself would print the message and the line, which may quote a person."""
    sys.excepthook = lambda _, error, __: _meet(error)
    sys.unraisablehook = lambda failure: _meet(failure.exc_value)
    threading.excepthook = lambda failure: _meet(failure.exc_value)


def keep_to_oneself() -> None:
    """Turn off core dumps, and let no new file be readable by others."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    os.umask(0o077)


def _meet(error: BaseException | None) -> None:
    if error is None or isinstance(error, KeyboardInterrupt):
        return
    try:
        import structlog

        from bot.runtime.logs import set_up_logs

        if not structlog.is_configured():  # a command that logs nothing else
            set_up_logs()
        log_failure(error)
    except (
        ImportError,
        OSError,
        MemoryError,
        RecursionError,
    ):  # no room for a log: the message is not printed all the same
        sys.stderr.write(f"failed: {type(error).__name__}\n")


def place_of(traceback: TracebackType | None) -> str:
    """Module and line of the innermost frame; no file path, which would name the machine's folders."""
    place = ""
    while traceback is not None:
        place = f"{traceback.tb_frame.f_globals.get('__name__', '?')}:{traceback.tb_lineno}"
        traceback = traceback.tb_next
    return place
