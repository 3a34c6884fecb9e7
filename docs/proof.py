"""The fingerprint of the shipped pack, written once the pack is proven, so that a start need not prove it again."""

from bot.runtime.packs import SHIPPED, fingerprint_of, pack_files
from seraf.reading.pack import read_pack


def proven_packs() -> str:
    """Prove the shipped pack, and return its fingerprint. Raise `PackFault` if it cannot be proven."""
    files = pack_files(SHIPPED)
    read_pack(files)
    return f"{fingerprint_of(files)}\n"
