"""Packs on disk: the shipped one, or a folder of a board's own. One that is known by its fingerprint was proven before."""

import hashlib
import json
from collections.abc import Mapping
from contextlib import nullcontext
from itertools import islice
from pathlib import Path

import dialogs
import seraf
from bot.runtime.at_most import read_at_most
from bot.runtime.errors import PackFault, SettingsFault
from bot.runtime.starting.uncollected import uncollected
from dialogs.core.wording import Wording, read_wording
from seraf.pack import FILES, FRAGMENTS, VIGNETTES, Pack
from seraf.reading.pack import read_pack

SHIPPED = Path(seraf.__file__).parent / "packs" / "south-gloucestershire"
"""The pack that comes with the software."""

PROVEN = SHIPPED.parent / "proven.txt"
"""Fingerprints of packs that were proven with this release, a line each: `make docs-write` proves the shipped one, and writes it."""

MAX_BYTES, MAX_TOTAL = 1_000_000, 8_000_000
"""The largest file of a pack, and the most of all together, in bytes; more is no pack."""

MOST_VIGNETTES = 500
"""The most files of vignettes that are looked at."""

WORDING = Path(dialogs.__file__).parent / "wording" / "en.toml"


def load_pack(folder: Path) -> Pack:
    """The pack in a folder. Raises `SettingsFault` where there is no folder, `PackFault` with every fault that can be put right now.

    One in which a single byte differs from what was proven is proven anew.
    """
    files = pack_files(folder)
    is_proven = fingerprint_of(files) in _proven()
    try:
        with uncollected() if is_proven else nullcontext():  # a proof takes long, and leaves much behind
            return read_pack(files, is_proven=is_proven)
    except PackFault as fault:
        from seraf.reading.checks.lines import placed_faults  # not needed by a pack that is in order

        raise PackFault(placed_faults(fault.faults, files)) from None


def _proven() -> frozenset[str]:
    """What is known to be proven; nothing where that cannot be read, so that all is proven anew."""
    try:
        return frozenset(PROVEN.read_text(encoding="ascii").split())
    except (OSError, ValueError):
        return frozenset()


def fingerprint_of(files: Mapping[str, bytes]) -> str:
    """SHA-256 (hex) over the names and the contents of all files."""
    every = sorted((name, hashlib.sha256(content).hexdigest()) for name, content in files.items())
    return hashlib.sha256(json.dumps(every).encode()).hexdigest()


def pack_files(folder: Path) -> dict[str, bytes]:
    """The files of the pack in a folder, by name. Raises `SettingsFault` where there is no folder, `PackFault` for what is no pack."""
    if not folder.is_dir():
        raise SettingsFault(f"SERAF_PACK: {folder} is not a folder. Name a folder with {', '.join(FILES)}.")
    names = [*(name for name in (*FILES, FRAGMENTS) if (folder / name).exists()), *_vignettes(folder)]
    files, left = dict[str, bytes](), MAX_TOTAL
    for name in names:
        files[name] = _content(folder / name)
        left -= len(files[name])
        if left < 0:
            raise PackFault((f"{folder}: over {MAX_TOTAL:,} bytes; a pack is never that large",))
    return files


def instrument_bytes(folder: Path) -> bytes:
    """The content of a pack's instrument, kept in the store so that sessions finish on the edition that they began with."""
    return _content(folder / "instrument.toml")


def load_wording() -> Wording:
    """The words that the bot says of its own."""
    return read_wording(WORDING.read_bytes())


def _vignettes(folder: Path) -> list[str]:
    """The names of the vignettes' files, which stand in a folder of their own, in order."""
    found = sorted(path.name for path in islice((folder / VIGNETTES).glob("*.toml"), MOST_VIGNETTES + 1))
    if len(found) > MOST_VIGNETTES:
        raise PackFault((f"{VIGNETTES}: over {MOST_VIGNETTES} files; a pack never has that many",))
    odd = tuple(f"{VIGNETTES}: {name!a} is no name of a file of a pack" for name in found if not name.isprintable())
    if odd:
        raise PackFault(odd)
    return [f"{VIGNETTES}{name}" for name in found]


def _content(path: Path) -> bytes:
    try:
        content = read_at_most(path, MAX_BYTES)
    except OSError as error:
        raise PackFault(
            (f"{path.name}: cannot be read ({error.strerror}); check the file and its permissions",)
        ) from None
    if len(content) > MAX_BYTES:
        raise PackFault((f"{path.name}: over {MAX_BYTES:,} bytes; a file of a pack is never that large",))
    return content
