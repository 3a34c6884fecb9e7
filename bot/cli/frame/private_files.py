"""Files and folders that only their owner may read, the settings of this folder among them."""

import stat
from pathlib import Path

from bot.runtime.errors import SettingsFault
from bot.runtime.owner_only_files import demand_own_folder

ENV = Path(".env")

WRITABLE = 0o022
"""What others may not do in a folder that only holds such a file."""


def demand_private_env() -> None:
    """`SettingsFault` when others may read the settings of this folder, which hold the token, or put other ones in their place."""
    if ENV.exists():
        demand_private(ENV, mode="600")
        demand_own_folder(ENV.absolute().parent, fault=SettingsFault, forbidden=WRITABLE)


def demand_private(path: Path, *, mode: str) -> str:
    """The mode of something that only its owner may read; `SettingsFault` says how to close it when others can."""
    found = stat.S_IMODE(path.stat().st_mode)
    if found & 0o077:
        raise SettingsFault(f"{path} is open to others (mode {found:04o}). Close it with: chmod {mode} {path}")
    return f"mode {found:04o}"
