"""Packs on disk: the shipped one, or a folder of a board's own, and whose signatures stand in it. One that is known by its fingerprint
was proven before.
"""

import hashlib
import json
import re
from base64 import b64decode, b64encode
from collections.abc import Mapping
from contextlib import nullcontext
from itertools import islice
from pathlib import Path

import dialogs
import seraf
from bot.runtime.errors import PackFault, SettingsFault
from bot.runtime.files import read_at_most
from bot.runtime.starting import uncollected
from dialogs.core.script import Wording, read_wording
from dialogs.word_keys import with_all_keys
from seraf.pack import FILES, FRAGMENTS, INTAKE, QUOTES, VIGNETTES, Pack
from seraf.reading.advice.contacts import contacts_in
from seraf.reading.pack import read_pack

SHIPPED = Path(seraf.__file__).parent / "packs" / "south-gloucestershire"
"""The pack that comes with the software."""

PROVEN = SHIPPED.parent / "proven.txt"
"""Fingerprints of packs that were proven with this release, a line each: `make docs-write` proves the shipped one, and writes it."""

MAX_BYTES, MAX_TOTAL = 1_000_000, 8_000_000
"""The largest file of a pack, and the most of all together, in bytes; more is no pack."""

MOST_VIGNETTES = 500
"""The most files of vignettes that are looked at."""

NAMESPACE = "seraf-pack"
"""What signatures of packs are made for, so that none for something else counts here."""

SSHSIG, VERSION, ED25519 = b"SSHSIG", (1).to_bytes(4), b"ssh-ed25519"
ARMOUR = re.compile(r"-----BEGIN SSH SIGNATURE-----(?P<body>[A-Za-z0-9+/=\s]+)-----END SSH SIGNATURE-----")
DIGESTS = {b"sha256": hashlib.sha256, b"sha512": hashlib.sha512}

WORDING = Path(dialogs.__file__).parent / "wording" / "en.toml"


def load_pack(folder: Path) -> Pack:
    """Return the pack in a folder. Raise `SettingsFault` if there is no folder, `PackFault` with every fault that can be put right now.

    One in which a single byte differs from what was proven is proven again, and its contacts are compared with the
    shipped ones: a copy in which a number was changed must not show it under the day on which the old one was checked.
    """
    files = pack_files(folder)
    is_proven = fingerprint_of(files) in _proven()
    try:
        with uncollected() if is_proven else nullcontext():  # a proof takes long, and leaves much behind
            known = None if is_proven else contacts_in(_content(SHIPPED / "contacts.toml"))
            return read_pack(files, is_proven=is_proven, verify=is_signed_by, known=known)
    except PackFault as fault:
        from seraf.reading.checks.lines import placed_faults  # not needed by a pack that is in order

        raise PackFault(placed_faults(fault.faults, files)) from None


def is_signed_by(text: str, proof: str, key: str) -> bool:
    """Return True if a text was signed for a pack with the private half of this Ed25519 key, as `ssh-keygen -Y sign` does it."""
    # Not by `ssh-keygen -Y verify`, which the bot's machine need not have: its image has none.
    armour = ARMOUR.fullmatch(proof.strip())
    try:
        blob = b64decode("".join(armour["body"].split()), validate=True) if armour else b""
        public, namespace, reserved, algorithm, signature = _strings(blob.removeprefix(SSHSIG + VERSION))
        (kind, point), (made_by, made) = _strings(public), _strings(signature)
        if (kind, made_by, namespace, public) != (ED25519, ED25519, NAMESPACE.encode(), b64decode(key.split()[1])):
            return False
        digest = DIGESTS[algorithm](text.encode()).digest()
        return _is_made_with(point, made, SSHSIG + b"".join(map(_string, (namespace, reserved, algorithm, digest))))
    except (ValueError, IndexError, KeyError):
        return False


def signing_key(proof: str) -> str:
    """Return the public key that a signature says it was made with, as SSH writes it; empty if it is none."""
    armour = ARMOUR.fullmatch(proof.strip())
    try:
        blob = b64decode("".join(armour["body"].split()), validate=True) if armour else b""
        public, *_ = _strings(blob.removeprefix(SSHSIG + VERSION))
        kind, *_ = _strings(public)
        return f"{kind.decode('ascii')} {b64encode(public).decode('ascii')}"
    except ValueError:
        return ""


def _is_made_with(public: bytes, made: bytes, signed: bytes) -> bool:
    from cryptography.exceptions import InvalidSignature  # slow to import, and most packs have no signature
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

    try:
        Ed25519PublicKey.from_public_bytes(public).verify(made, signed)
    except InvalidSignature:
        return False
    return True


def _string(content: bytes) -> bytes:
    return len(content).to_bytes(4) + content


def _strings(blob: bytes) -> tuple[bytes, ...]:
    """Return the strings of SSH in these bytes, each after its length; raise `ValueError` if they are not just that."""
    found, rest = list[bytes](), blob
    while rest:
        length, rest = int.from_bytes(rest[:4]), rest[4:]
        if length > len(rest):
            raise ValueError("shorter than it says")
        found.append(rest[:length])
        rest = rest[length:]
    return tuple(found)


def _proven() -> frozenset[str]:
    """Return the fingerprints of proven packs; none if they cannot be read, so that each is proven again."""
    try:
        return frozenset(PROVEN.read_text(encoding="ascii").split())
    except (OSError, ValueError):
        return frozenset()


def fingerprint_of(files: Mapping[str, bytes]) -> str:
    """Return SHA-256 (hex) over the names and the contents of all files."""
    every = sorted((name, hashlib.sha256(content).hexdigest()) for name, content in files.items())
    return hashlib.sha256(json.dumps(every).encode()).hexdigest()


def pack_files(folder: Path) -> dict[str, bytes]:
    """Return the files of the pack in a folder, by name. Raise `SettingsFault` if there is no folder, `PackFault` for what is no pack."""
    if not folder.is_dir():
        raise SettingsFault(f"SERAF_PACK: {folder} is not a folder. Name a folder with {', '.join(FILES)}.")
    names = [*(name for name in (*FILES, FRAGMENTS, INTAKE, QUOTES) if (folder / name).exists()), *_vignettes(folder)]
    files, left = dict[str, bytes](), MAX_TOTAL
    for name in names:
        files[name] = _content(folder / name)
        left -= len(files[name])
        if left < 0:
            raise PackFault((f"{folder}: over {MAX_TOTAL:,} bytes; a pack is never that large",))
    return files


def instrument_bytes(folder: Path) -> bytes:
    """Return the content of a pack's instrument, kept in the store so that sessions finish on the edition that they began with."""
    return _content(folder / "instrument.toml")


def load_wording() -> Wording:
    """Return the words that the bot says of its own."""
    return with_all_keys(read_wording(WORDING.read_bytes()))


def _vignettes(folder: Path) -> list[str]:
    """Return the names of the vignettes' files, which stand in a folder of their own, in order."""
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
