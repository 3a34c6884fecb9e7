"""What is logged of a failure that nothing else caught: its class, its place and an error id, never its message."""

import os
import resource
import secrets
import sys
import threading
from types import TracebackType


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
