"""Review codes without a store: with the keys and the pack in use."""

from bot.crypto.code_cipher import REAL, Domain
from bot.crypto.codes_in_force import CodesInForce, codes_in_force
from bot.crypto.key_places import key_place
from bot.crypto.keys import load_key_file
from bot.runtime.clock import SystemClock
from bot.runtime.errors import KeyFault
from bot.runtime.settings import DeskSettings
from seraf.pack import Pack


def codes_at_desk(settings: DeskSettings, pack: Pack, *, domain: Domain = REAL) -> CodesInForce:
    """What writes and reads the codes of this pack. Raises `KeyFault` where the keys cannot be used."""
    keys = load_key_file(key_place(settings))
    return codes_in_force(keys, (pack.instrument,), clock=SystemClock(), domain=domain)


def codes_if_any(settings: DeskSettings, pack: Pack, *, domain: Domain = REAL) -> CodesInForce | None:
    """The same, or None where there are no keys that can be used."""
    try:
        return codes_at_desk(settings, pack, domain=domain)
    except KeyFault:
        return None
