"""What a start uses before anything slow is imported: whether any setting is given, and a pause of the garbage collector."""

import gc
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bot.runtime.errors import SettingsFault

COLLECT_AFTER = 50_000
"""Objects made and not freed between two looks for those that hold each other: a tap leaves few, and 700 is many looks a second."""


@contextmanager
def uncollected() -> Iterator[None]:
    """Look for none while the block runs; then as before, but never again through what is there by then, not even at the end."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        if was_enabled:
            gc.enable()


def keep_for_good() -> None:
    """What there is now, pack, words and libraries, stays: no look has to walk through it again."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(COLLECT_AFTER)


PREFIX = "SERAF_"
ENV_FILE = ".env"

EARLIER_KEY_FILE = Path("var/seraf.key")
"""Where earlier releases put the key file: next to the store. It goes first, so that an installation finds its own."""


def is_nothing_set() -> bool:
    """Return True if there is no setting of ours, neither in the environment nor in a file."""
    return not os.path.lexists(ENV_FILE) and not any(name.upper().startswith(PREFIX) for name in os.environ)


def usual_key_file() -> Path:
    """Return where the key file is if no setting says so: with the account's other secrets, apart from the store.

    `SettingsFault` for an account without a home.
    """
    if os.path.lexists(EARLIER_KEY_FILE):
        return EARLIER_KEY_FILE
    try:
        named = Path(os.environ.get("XDG_CONFIG_HOME", ""))
        return (named if named.is_absolute() else Path.home() / ".config") / "seraf-bot" / "seraf.key"
    except RuntimeError:
        raise SettingsFault(f"{PREFIX}KEY_FILE: this account has no home, so name the place of the key file") from None
