"""A backup as a file: a database with a note of what is in it, packed as a tar and encrypted with age to its recipients.

The keys that encrypt it cannot open it: that takes an identity, which is kept off this machine. Anybody can encrypt a file
to a public key; that this bot made it is proven by a keyed hash in the same file.
"""

import hashlib
import hmac
import io
import json
import tarfile
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, field
from functools import partial
from io import BufferedIOBase
from itertools import islice
from pathlib import Path
from typing import Any, BinaryIO

import pyrage
from pyrage import x25519

from bot.crypto.sealing import KeyRing
from bot.runtime.errors import SettingsFault
from bot.runtime.files import read_at_most, read_private
from bot.summaries.file import File

FORMAT = 1
SEALED_ENDING = "tar.age"
"""How the name of a sealed file ends; `age --decrypt` and `tar` open it, without this software."""

MANIFEST = "manifest.json"
DATABASE = "seraf.sqlite"
PROOF = "proof"
LARGEST_IDENTITY = 65_536
LARGEST_MANIFEST = 65_536
LARGEST_PROOF = 64
LARGEST_BACKUP = 1024 * 1024 * 1024
"""Bytes of a backup that is written or read. It is written piece by piece, and read into memory, whole, up to four times."""

PIECE = 1024 * 1024
"""Bytes of a backup that are packed at once."""

HEADER = LARGEST_BACKUP // 1000
"""Bytes that encryption may add."""

MOST_MEMBERS = 4
"""Files in a backup that are looked at; there are three."""

NO_IDENTITY = "No matching keys found"


@dataclass(frozen=True, slots=True)
class Manifest:
    """What is in a backup: when it was made and by which release, the database's schema and key, its rows, the audit's head."""

    created: str
    release: str
    schema: int
    key: str
    rows: Mapping[str, int]
    head: str
    format: int = FORMAT

    @classmethod
    def parse(cls, content: bytes) -> "Manifest":
        """Return the note as it was written; `SettingsFault` for anything else, or one of a newer version."""
        try:
            fields = json.loads(content)
        except (ValueError, RecursionError):
            raise _unreadable() from None
        if not isinstance(fields, dict) or not isinstance(fields.get("format"), int):
            raise _unreadable()
        if fields["format"] > FORMAT:
            raise SettingsFault("The backup was made by a newer version of the bot: use that version.")
        if {name: _kind(value) for name, value in fields.items()} != KINDS:
            raise _unreadable()
        return cls(**fields)

    def written(self) -> bytes:
        """Return the note as JSON."""
        return json.dumps(asdict(self), indent=1).encode()


KINDS = {"created": "str", "release": "str", "schema": "int", "key": "str", "rows": "rows", "head": "str"}
KINDS["format"] = "int"


@dataclass(frozen=True, slots=True)
class Backup:
    """A database, what was noted of it, and the proof that its maker had the key file; empty in earlier releases."""

    manifest: Manifest
    database: bytes = field(repr=False)
    proof: bytes = field(default=b"", repr=False)

    def proven(self, keys: KeyRing) -> bytes:
        """Return the proof that it should have: a keyed hash over the note and the database."""
        return proof_of(self.manifest, io.BytesIO(self.database), keys=keys)


def proof_of(manifest: Manifest, database: BufferedIOBase, *, keys: KeyRing) -> bytes:
    """Return a keyed hash over a note and a database, which is read to its end."""
    digests = (hashlib.sha256(manifest.written()).digest(), hashlib.file_digest(database, "sha256").digest())
    return hmac.digest(keys.derived("backup"), b"".join(digests), "sha256")


def recipients_of(texts: tuple[str, ...], *, where: str = "SERAF_BACKUP_RECIPIENTS") -> list[Any]:
    """Return those who may open a file, from their public keys; raise `SettingsFault` if there are none, or one is malformed.

    `where` is where the keys were written: they are those of backups if nothing else is said.
    """
    if not texts:
        raise SettingsFault(
            "SERAF_BACKUP_RECIPIENTS is empty, so nobody could open a backup. On another machine run"
            " `age-keygen -o identity.txt`, keep that file there, and put the public key it prints (age1…) in the setting."
        )
    recipients = []
    for number, text in enumerate(texts, 1):
        try:
            recipients.append(x25519.Recipient.from_str(text))
        except pyrage.RecipientError:
            raise SettingsFault(
                f"{where}: entry {number} is not a public key of age. It begins with age1; copy it whole,"
                " and never put a secret key here."
            ) from None
    return recipients


def identities_of(path: Path) -> list[Any]:
    """Return the secret keys of an identity file of age; raise `SettingsFault` if others may read it, or it holds none."""
    content = read_private(path, "identity file", fault=SettingsFault, most=LARGEST_IDENTITY)
    lines = [line.strip() for line in content.decode(errors="replace").splitlines()]
    identities = []
    for number, line in enumerate(lines, 1):
        if line and not line.startswith("#"):
            try:
                identities.append(x25519.Identity.from_str(line))
            except pyrage.IdentityError:
                raise SettingsFault(
                    f"The identity file {path} cannot be used: line {number} is not a secret key of age"
                    " (AGE-SECRET-KEY-1…). Give the file that age-keygen wrote, not encrypted itself."
                ) from None
    if not identities:
        raise SettingsFault(f"The identity file {path} holds no secret key. Give the file that age-keygen wrote.")
    return identities


def encrypted(backup: Backup, recipients: list[Any]) -> bytes:
    """Return the backup as it may lie on any disk."""
    written = io.BytesIO()
    encrypt_to(
        written, ((MANIFEST, backup.manifest.written()), (DATABASE, backup.database), (PROOF, backup.proof)), recipients
    )
    return written.getvalue()


def encrypt_to(file: BinaryIO, contents: Iterable[tuple[str, bytes | BufferedIOBase]], recipients: list[Any]) -> None:
    """Write a backup of these files, packed and encrypted piece by piece. Raise `SettingsFault` if it would be too large."""
    members = tuple((name, io.BytesIO(each) if isinstance(each, bytes) else each) for name, each in contents)
    sizes = [each.seek(0, io.SEEK_END) for _, each in members]
    if sum(sizes) + (len(sizes) + 1) * tarfile.RECORDSIZE > LARGEST_BACKUP:
        raise SettingsFault(
            f"The database is over {LARGEST_BACKUP:,} bytes, more than a backup can hold, so none was made. Shorten"
            " SERAF_AUDIT_MONTHS, or stop the bot and copy the file itself, and its -wal where there is one, to a disk under lock."
        )
    pyrage.encrypt_io(_Packed(members), file, recipients)


def sealed_to(files: Iterable[File], readers: list[Any]) -> bytes:
    """Return the files as one tar, encrypted to their readers: nobody here and nobody on the way can open it."""
    packed = _packed((each.name, io.BytesIO(each.content)) for each in files)
    return bytes(pyrage.encrypt(b"".join(packed), readers))


class _Packed:
    """A tar of some files, made while it is read."""

    def __init__(self, members: Iterable[tuple[str, BufferedIOBase]]) -> None:
        self._pieces, self._left = _packed(members), b""

    def read(self, size: int = -1) -> bytes:
        """At most so many bytes; none at the end."""
        while not self._left and (piece := next(self._pieces, None)) is not None:
            self._left = piece
        piece, self._left = (self._left[:size], self._left[size:]) if size >= 0 else (self._left, b"")
        return piece


def _packed(members: Iterable[tuple[str, BufferedIOBase]]) -> Iterator[bytes]:
    for name, content in members:
        member = tarfile.TarInfo(name)
        member.size, member.mode = content.seek(0, io.SEEK_END), 0o600
        yield member.tobuf(tarfile.GNU_FORMAT)
        content.seek(0)
        yield from iter(partial(content.read, PIECE), b"")
        yield bytes(-member.size % tarfile.BLOCKSIZE)
    yield bytes(2 * tarfile.BLOCKSIZE)


def read_backup(path: Path, identities: list[Any]) -> Backup:
    """Return the backup in a file, decrypted in memory alone. `SettingsFault` says why it does not open."""
    try:
        content = read_at_most(path, LARGEST_BACKUP + HEADER)
    except OSError as error:
        raise SettingsFault(f"The backup {path} could not be read: {error.strerror}. Name the file.") from None
    if len(content) > LARGEST_BACKUP + HEADER:
        raise SettingsFault(f"The file {path} is over {LARGEST_BACKUP:,} bytes; a backup is never that large.")
    try:
        packed = bytes(pyrage.decrypt(content, identities))
    except pyrage.DecryptError as error:
        if str(error) == NO_IDENTITY:
            raise SettingsFault(
                f"The backup {path} was not encrypted to this identity. Use the identity of one of its recipients."
            ) from None
        raise SettingsFault(
            f"The file {path} is not a whole backup: it was cut short or changed, or is something else. Use another copy."
        ) from None
    return _unpacked(packed)


def _unpacked(packed: bytes) -> Backup:
    try:
        # Members are read, never extracted: a tar can name any path. "r:" refuses compression, and so a decompression bomb.
        with tarfile.open(fileobj=io.BytesIO(packed), mode="r:") as archive:
            members = list(islice(archive, MOST_MEMBERS))
            if not all(each.isreg() and not each.issparse() and each.size <= len(packed) for each in members):
                raise _unreadable()  # a sparse file of a few bytes could unfold to any size
            contents = {each.name: archive.extractfile(each) for each in members}
            note, database = contents[MANIFEST], contents[DATABASE]
            if note is None or database is None:
                raise _unreadable()
            proof = contents.get(PROOF)
            return Backup(
                Manifest.parse(note.read(LARGEST_MANIFEST)),
                database.read(),
                b"" if proof is None else proof.read(LARGEST_PROOF),
            )
    except (tarfile.TarError, KeyError, ValueError, OverflowError, RecursionError):
        raise _unreadable() from None


def _kind(value: object) -> str:
    """Return the type of a field; “rows” are counts by table."""
    if isinstance(value, dict):
        return "rows" if all(type(count) is int for count in value.values()) else "dict"
    return type(value).__name__


def _unreadable() -> SettingsFault:
    return SettingsFault(
        "The file opens, but is not a backup of this bot. Use one that `seraf-bot backup create` wrote."
    )
