"""Helpers for a start before anything slow is imported: the presence of settings, and control of the garbage collector."""

import gc
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bot.runtime.errors import SettingsFault

COLLECT_AFTER = 50_000  # a tap leaves few cycles; the default of 700 would mean many collections a second


@contextmanager
def uncollected() -> Iterator[None]:
    """Pause the garbage collector, then exempt every object that exists by then from all later collections."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        if was_enabled:
            gc.enable()


def keep_for_good() -> None:
    """Exempt the present objects (pack, words, libraries) from later collections, and collect more rarely."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(COLLECT_AFTER)


PREFIX = "SERAF_"
ENV_FILE = ".env"

EARLIER_KEY_FILE = Path("var/seraf.key")  # of earlier releases, next to the store; if it exists, it takes precedence


def is_nothing_set() -> bool:
    """Return True if neither the environment nor a file has a setting of this program."""
    return not os.path.lexists(ENV_FILE) and not any(name.upper().startswith(PREFIX) for name in os.environ)


def usual_key_file() -> Path:
    """Return the default path of the key file, apart from the store. Raise `SettingsFault` if the account has no home."""
    if os.path.lexists(EARLIER_KEY_FILE):
        return EARLIER_KEY_FILE
    try:
        folder = Path(os.environ.get("XDG_CONFIG_HOME", ""))
        return (folder if folder.is_absolute() else Path.home() / ".config") / "seraf-bot" / "seraf.key"
    except RuntimeError:
        raise SettingsFault(f"{PREFIX}KEY_FILE: this account has no home, so name the place of the key file") from None
