"""What the start needs before slow imports: whether there are settings, and control of the garbage collector."""

import gc
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bot.runtime.errors import SettingsFault

COLLECT_AFTER = 50_000  # new objects between two collections; the default, 700, means many collections a second


@contextmanager
def uncollected() -> Iterator[None]:
    """Pause the garbage collector while the block runs. Afterwards, no later collection looks at the objects that exist by then."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        if was_enabled:
            gc.enable()


def keep_for_good() -> None:
    """Exclude existing objects (pack, texts, libraries) from later collections, and make collections rarer."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(COLLECT_AFTER)


PREFIX = "SERAF_"
ENV_FILE = ".env"

EARLIER_KEY_FILE = Path("var/seraf.key")  # the default of earlier releases, next to the store, used if it exists


def is_nothing_set() -> bool:
    """Return True if there is no `.env` file and no environment variable whose name begins with `PREFIX`."""
    return not os.path.lexists(ENV_FILE) and not any(name.upper().startswith(PREFIX) for name in os.environ)


def usual_key_file() -> Path:
    """Return the path of the key file if none is set. Raise `SettingsFault` if the account has no home folder."""
    if os.path.lexists(EARLIER_KEY_FILE):
        return EARLIER_KEY_FILE
    try:
        folder = Path(os.environ.get("XDG_CONFIG_HOME", ""))
        return (folder if folder.is_absolute() else Path.home() / ".config") / "seraf-bot" / "seraf.key"
    except RuntimeError:
        raise SettingsFault(f"{PREFIX}KEY_FILE: this account has no home, so name the place of the key file") from None
