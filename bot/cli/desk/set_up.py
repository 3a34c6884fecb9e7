"""The script of a conversation in the terminal as the settings and the keys have it; what is imported for that is slow."""

from bot.assemble import note_taking
from bot.channels.terminal import FACTS
from bot.cli.desk.codes import codes_if_any
from bot.crypto.code_cipher import REHEARSED
from bot.runtime.packs import load_pack, load_wording
from bot.runtime.settings import load_desk_settings
from dialogs.core.script import Script


def script_as_set_up() -> Script:
    """The pack, notes where they are on, and review codes where there are keys. Raises `SettingsFault` and `PackFault`."""
    settings = load_desk_settings()
    pack = load_pack(settings.pack)
    codes, rehearsed = codes_if_any(settings, pack), codes_if_any(settings, pack, domain=REHEARSED)
    return Script(pack, load_wording(), FACTS, codes, note_taking(settings, pack), rehearsal_codes=rehearsed)
