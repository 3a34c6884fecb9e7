"""Review codes without a store: with the key file and the pack in use."""

from bot.crypto.code_cipher import CodeCipher
from bot.crypto.keys import load_key_file
from bot.runtime.errors import KeyFault
from bot.runtime.settings import DeskSettings
from seraf.pack import Pack


def codes_at_desk(settings: DeskSettings, pack: Pack) -> CodeCipher:
    """What writes and reads the codes of this pack. Raises `KeyFault` where the key file cannot be used."""
    return CodeCipher(load_key_file(settings.key_file).carry, (pack.instrument,))


def codes_if_any(settings: DeskSettings, pack: Pack) -> CodeCipher | None:
    """The same, or None where there is no key file that can be used."""
    try:
        return codes_at_desk(settings, pack)
    except KeyFault:
        return None
