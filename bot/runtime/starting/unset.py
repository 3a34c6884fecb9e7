"""What holds where no setting says otherwise, and whether there is any. It knows no library of settings, which is slow to import."""

import os
from pathlib import Path

from bot.runtime.errors import SettingsFault

PREFIX = "SERAF_"
ENV_FILE = ".env"

EARLIER_KEY_FILE = Path("var/seraf.key")
"""Where earlier releases put the key file: beside the store. It goes first, so that an installation finds its own."""


def is_nothing_set() -> bool:
    """Whether there is no setting of ours, neither in the environment nor in a file."""
    return not os.path.lexists(ENV_FILE) and not any(name.upper().startswith(PREFIX) for name in os.environ)


def usual_key_file() -> Path:
    """Where the key file is if no setting says so: with the account's other secrets, apart from the store.

    `SettingsFault` for an account without a home.
    """
    if os.path.lexists(EARLIER_KEY_FILE):
        return EARLIER_KEY_FILE
    try:
        named = Path(os.environ.get("XDG_CONFIG_HOME", ""))
        return (named if named.is_absolute() else Path.home() / ".config") / "seraf-bot" / "seraf.key"
    except RuntimeError:
        raise SettingsFault(f"{PREFIX}KEY_FILE: this account has no home, so name the place of the key file") from None
