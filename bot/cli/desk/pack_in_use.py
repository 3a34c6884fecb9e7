"""The pack that a command at the desk is to use. Where nothing was set up it is the shipped one, and no settings are imported."""

from bot.runtime.packs import SHIPPED, load_pack
from bot.runtime.starting.unset import is_nothing_set
from seraf.pack import Pack


def pack_in_use() -> Pack:
    """The pack that the settings name. Raises `SettingsFault` and `PackFault`."""
    if is_nothing_set():
        return load_pack(SHIPPED)
    from bot.runtime.settings import load_pack_settings  # slow to import

    return load_pack(load_pack_settings().pack)
