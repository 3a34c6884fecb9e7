"""Logs that never quote a person: only listed fields are written, libraries are silenced, failures lose their message."""

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

from bot.runtime.errors import StoreSlow
from seraf.errors import SerafError

if TYPE_CHECKING:
    from structlog.types import EventDict, WrappedLogger

ALLOWED = frozenset(
    (
        *("event", "level", "timestamp", "error", "where", "fault", "update", "people", "since", "until", "seconds"),
        *("bot", "count", "what", "first_ends", "entry", "who", "about"),
    )
)
"""The only fields that a log line may have; others are dropped. `who` and `about` are random ids of the audit, never names."""

PRIORITIES = {"info": 6, "warning": 4, "error": 3}  # the priority of each level in the systemd journal
MINUTE = 60.0  # the minimum time in seconds between two lines about the same fault
SLOW = 2.0  # for this many seconds, a slow store is not logged, since a disk may be busy for a moment
SILENT = ("telegram", "httpx", "httpcore", "aiohttp", "aiosqlite", "filelock", "transitions", "asyncio")
"""Loggers of libraries that print tokens, values and Bot API replies. What matters of their events is logged by the bot itself."""


def set_up_logs() -> None:
    """Write the bot's log, and the warnings of libraries that are not in `SILENT`, to standard error."""
    import structlog

    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            lambda _, __, event: {key: value for key, value in event.items() if key in ALLOWED},
            renderer(is_for_journal=is_journal(sys.stderr)),
        ],
        logger_factory=structlog.WriteLoggerFactory(file=cast(TextIO, Unfailing(sys.stderr))),
        cache_logger_on_first_use=True,
    )
    logging.getLogger().setLevel(logging.WARNING)
    for name in SILENT:
        library = logging.getLogger(name)
        library.setLevel(logging.ERROR)
        # Without a handler, Python would print the errors of a logger that does not propagate.
        library.addHandler(logging.NullHandler())
        library.propagate = False


def renderer(*, is_for_journal: bool) -> "Callable[[WrappedLogger, str, EventDict], str]":
    """Return the function that formats a log line. For the systemd journal, the line begins with its priority."""
    from structlog.processors import LogfmtRenderer

    render = LogfmtRenderer(key_order=("timestamp", "level", "event"))
    if not is_for_journal:
        return render
    return lambda logger, name, event: f"<{PRIORITIES[event['level']]}>{render(logger, name, event)}"


def is_journal(stream: TextIO) -> bool:
    """Return True if this stream is the socket of the systemd journal that `JOURNAL_STREAM` names."""
    try:
        status = os.fstat(stream.fileno())
    except (OSError, ValueError):  # closed, or without a descriptor
        return False
    return os.environ.get("JOURNAL_STREAM") == f"{status.st_dev}:{status.st_ino}"


class Unfailing:
    """A stream that drops text instead of raising `OSError`, for example if the disk is full."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

    def write(self, text: str) -> int:
        with suppress(OSError):
            return self._stream.write(text)
        return 0

    def flush(self) -> None:
        """Write what is buffered, or drop it if that fails."""
        with suppress(OSError):
            self._stream.flush()


class LateLog:
    """The bot's log. Its library, which is slow to import, is imported with the first line, since most commands log nothing."""

    def __getattr__(self, level: str) -> Any:
        import structlog

        return getattr(structlog.get_logger(), level)


log = LateLog()


class FaultLog:
    """The log of one kind of work's faults, as `event`. A new cause is logged at once, a slow store only if it stays slow."""

    def __init__(self, event: str, now: Callable[[], float] = time.monotonic) -> None:
        self._event, self._now = event, now
        self._cause, self._count, self._logged = "", 0, 0.0
        self._slow: tuple[float, float] | None = None

    def note(self, fault: SerafError) -> None:
        """Count a fault. Log a new cause at once, the same one after a minute, and a slow store after two seconds."""
        self._count += 1
        cause, now = str(fault), self._now()
        if isinstance(fault, StoreSlow):
            since, last = self._slow or (now - fault.seconds, now)
            since = since if now - last < MINUTE else now - fault.seconds
            self._slow = since, now
            if now - since < SLOW:
                return
        if cause != self._cause or now - self._logged >= MINUTE:
            log.error(self._event, fault=cause, count=self._count)
            self._cause, self._count, self._logged = cause, 0, now

    @property
    def is_standing(self) -> bool:
        """True if a fault was logged and there has been no success since."""
        return bool(self._cause)

    def over(self) -> None:
        """Note a success. If a fault was logged before, log that it is over."""
        if self._cause:
            log.info(f"over: {self._event}", count=self._count)
        self._cause, self._count, self._slow = "", 0, None


def log_failure(error: BaseException) -> str:
    """Log a failure without its message, which may quote a person. Return its error id."""
    error_id = secrets.token_hex(4)
    log.error("failed", error=f"{type(error).__name__} {error_id}", where=place_of(error.__traceback__))
    return error_id


def stand_by() -> None:
    """Make uncaught exceptions be logged. Python would print their message and a source line, which may quote a person."""
    sys.excepthook = lambda _, error, __: _log_uncaught(error)
    sys.unraisablehook = lambda failure: _log_uncaught(failure.exc_value)
    threading.excepthook = lambda failure: _log_uncaught(failure.exc_value)


def keep_to_oneself() -> None:
    """Turn off core dumps, and make new files readable by their owner only."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    os.umask(0o077)


def _log_uncaught(error: BaseException | None) -> None:
    if error is None or isinstance(error, KeyboardInterrupt):
        return
    try:
        import structlog

        if not structlog.is_configured():
            set_up_logs()
        log_failure(error)
    except (ImportError, OSError, MemoryError, RecursionError):  # the log itself fails; still without the message
        sys.stderr.write(f"failed: {type(error).__name__}\n")


def place_of(traceback: TracebackType | None) -> str:
    """Return the module and line of the innermost frame. A file path would reveal the names of folders."""
    place = ""
    while traceback is not None:
        place = f"{traceback.tb_frame.f_globals.get('__name__', '?')}:{traceback.tb_lineno}"
        traceback = traceback.tb_next
    return place
