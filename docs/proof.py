"""Generates the fingerprint of the shipped pack, only if the pack is valid, so that a start need not check it again."""

from bot.runtime.packs import SHIPPED, fingerprint_of, pack_files
from seraf.reading.pack import read_pack


def proven_packs() -> str:
    """Check the shipped pack, and return its fingerprint. Raise `PackFault` if the pack is not valid."""
    files = pack_files(SHIPPED)
    read_pack(files)
    return f"{fingerprint_of(files)}\n"
