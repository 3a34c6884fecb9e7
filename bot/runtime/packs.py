"""Loading packs and verifying their signatures. A pack whose fingerprint is known is not checked in full again."""

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
from bot.runtime.errors import SettingsFault
from bot.runtime.files import read_at_most
from bot.runtime.starting import uncollected
from dialogs.core.script import Wording, read_wording
from dialogs.turn.commands import NAMES
from dialogs.word_keys import with_all_keys
from seraf.errors import PackFault
from seraf.pack import FILES, INTAKE, QUOTES, SEARCH, VIGNETTES, Pack
from seraf.reading.advice.contacts import contacts_in
from seraf.reading.pack import read_pack

SHIPPED = Path(seraf.__file__).parent / "packs" / "south-gloucestershire"  # the pack that comes with the software
PROVEN = SHIPPED.parent / "proven.txt"  # fingerprints of packs checked with this release, by `make docs-write`
MAX_BYTES, MAX_TOTAL = 1_000_000, 8_000_000  # maximum size in bytes: of a file of a pack, of all its files
MOST_VIGNETTES = 500  # the maximum number of vignette files
NAMESPACE = "seraf-pack"  # the namespace of SSH signatures of packs; those for other purposes have another
SSHSIG, VERSION, ED25519 = b"SSHSIG", (1).to_bytes(4), b"ssh-ed25519"
ARMOUR = re.compile(r"-----BEGIN SSH SIGNATURE-----(?P<body>[A-Za-z0-9+/=\s]+)-----END SSH SIGNATURE-----")
DIGESTS = {b"sha256": hashlib.sha256, b"sha512": hashlib.sha512}

WORDING = Path(dialogs.__file__).parent / "wording" / "en.toml"


def load_pack(folder: Path) -> Pack:
    """Return the pack in a folder. Raise `SettingsFault` if there is no folder, or `PackFault` with all faults of the pack."""
    files = pack_files(folder)
    try:
        is_proven = fingerprint_of(files) in PROVEN.read_text(encoding="ascii").split()
    except (OSError, ValueError):
        is_proven = False
    try:
        with uncollected() if is_proven else nullcontext():  # a proof takes long and leaves much garbage
            # A changed telephone number may not keep the date on which the shipped one was checked.
            known = None if is_proven else contacts_in(_content(SHIPPED / "contacts.toml"))
            pack = read_pack(files, is_proven=is_proven, verify=is_signed_by, known=known)
        if unknown := [name for name in pack.search.commands if name not in NAMES]:
            raise PackFault(
                tuple(f"{SEARCH}.commands.{name}: the bot has no such command; remove it" for name in unknown)
            )
        return pack
    except PackFault as fault:
        from seraf.reading.checks.lines import placed_faults  # only needed for a faulty pack

        raise PackFault(placed_faults(fault.faults, files)) from None


def is_signed_by(text: str, proof: str, key: str) -> bool:
    """Return True if `proof` is a signature of the text by this Ed25519 key, as `ssh-keygen -Y sign` makes it for packs."""
    # `ssh-keygen -Y verify` is not used, since the bot's machine may lack it, as its container image does.
    try:
        public, namespace, reserved, algorithm, signature = _strings(_blob(proof))
        (kind, point), (made_by, made) = _strings(public), _strings(signature)
        if (kind, made_by, namespace, public) != (ED25519, ED25519, NAMESPACE.encode(), b64decode(key.split()[1])):
            return False
        fields = (namespace, reserved, algorithm, DIGESTS[algorithm](text.encode()).digest())
    except (ValueError, IndexError, KeyError):
        return False
    from cryptography.exceptions import InvalidSignature  # slow to import, and most packs have no signature
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

    try:
        signed = SSHSIG + b"".join(len(field).to_bytes(4) + field for field in fields)
        Ed25519PublicKey.from_public_bytes(point).verify(made, signed)
    except (InvalidSignature, ValueError):
        return False
    return True


def signing_key(proof: str) -> str:
    """Return the public key in a signature, in SSH format, or an empty text if it is no signature. It is not verified."""
    try:
        public, *_ = _strings(_blob(proof))
        kind, *_ = _strings(public)
        return f"{kind.decode('ascii')} {b64encode(public).decode('ascii')}"
    except ValueError:
        return ""


def _blob(proof: str) -> bytes:
    """Return the fields of an armoured SSH signature, or b"" if it is not one. Raise `ValueError` if its base64 is malformed."""
    armour = ARMOUR.fullmatch(proof.strip())
    blob = b64decode("".join(armour["body"].split()), validate=True) if armour else b""
    return blob.removeprefix(SSHSIG + VERSION)


def _strings(blob: bytes) -> tuple[bytes, ...]:
    """Return the SSH strings in a blob, each of which follows its length. Raise `ValueError` if one is cut short."""
    strings, rest = list[bytes](), blob
    while rest:
        length, rest = int.from_bytes(rest[:4]), rest[4:]
        if length > len(rest):
            raise ValueError("shorter than it says")
        strings.append(rest[:length])
        rest = rest[length:]
    return tuple(strings)


def fingerprint_of(files: Mapping[str, bytes]) -> str:
    """Return one SHA-256 hash (hexadecimal) of the names and contents of all files."""
    digests = sorted((name, hashlib.sha256(content).hexdigest()) for name, content in files.items())
    return hashlib.sha256(json.dumps(digests).encode()).hexdigest()


def pack_files(folder: Path) -> dict[str, bytes]:
    """Return a pack's files by name. Raise `SettingsFault` if there is no folder, `PackFault` if a file cannot be used."""
    if not folder.is_dir():
        raise SettingsFault(f"SERAF_PACK: {folder} is not a folder. Name a folder with {', '.join(FILES)}.")
    vignettes = sorted(path.name for path in islice((folder / VIGNETTES).glob("*.toml"), MOST_VIGNETTES + 1))
    if len(vignettes) > MOST_VIGNETTES:
        raise PackFault((f"{VIGNETTES}: over {MOST_VIGNETTES} files; a pack never has that many",))
    if odd := tuple(name for name in vignettes if not name.isprintable()):
        raise PackFault(tuple(f"{VIGNETTES}: {name!a} is no name of a file of a pack" for name in odd))
    names = [name for name in (*FILES, INTAKE, SEARCH, QUOTES) if (folder / name).exists()]
    files, left = dict[str, bytes](), MAX_TOTAL
    for name in (*names, *(f"{VIGNETTES}{name}" for name in vignettes)):
        files[name] = _content(folder / name)
        left -= len(files[name])
        if left < 0:
            raise PackFault((f"{folder}: over {MAX_TOTAL:,} bytes; a pack is never that large",))
    return files


def instrument_bytes(folder: Path) -> bytes:
    """Return a pack's instrument file. The store keeps it, so that each session can be finished with its own edition."""
    return _content(folder / "instrument.toml")


def load_wording() -> Wording:
    """Return the bot's own texts. A pack has no part in them."""
    return with_all_keys(read_wording(WORDING.read_bytes()))


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
