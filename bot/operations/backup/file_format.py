"""The file format of a backup: a tar of a database, its manifest and a proof, encrypted with age to its recipients.

Opening a backup needs the identity of a recipient, which is kept off this machine. Since anybody can encrypt to a public key, a keyed
hash in the file proves that this bot made it.
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
SEALED_ENDING = "tar.age"  # ending of an encrypted tar, which `age --decrypt` and `tar` open without this software
MANIFEST = "manifest.json"
DATABASE = "seraf.sqlite"
PROOF = "proof"
LARGEST_BACKUP = 1024 * 1024 * 1024
"""The maximum size of a backup in bytes. A backup is written in pieces, but reading it holds up to four copies in memory."""

HEADER = LARGEST_BACKUP // 1000  # maximum number of bytes that encryption adds
KINDS = {"created": str, "release": str, "schema": int, "key": str, "rows": dict, "head": str, "format": int}
"""The type of each field of a manifest."""


@dataclass(frozen=True, slots=True)
class Manifest:
    """The description of a backup: its time and release; its database's schema, key id and rows by table; its audit's head."""

    created: str
    release: str
    schema: int
    key: str
    rows: Mapping[str, int]
    head: str
    format: int = FORMAT

    @classmethod
    def parse(cls, content: bytes) -> "Manifest":
        """Return a manifest from its JSON. Raise `SettingsFault` if it is malformed or a newer release wrote it."""
        try:
            fields = json.loads(content)
        except (ValueError, RecursionError):
            raise _unreadable() from None
        if not isinstance(fields, dict) or not isinstance(fields.get("format"), int):
            raise _unreadable()
        if fields["format"] > FORMAT:
            raise SettingsFault("The backup was made by a newer version of the bot: use that version.")
        kinds = {name: type(value) for name, value in fields.items()}
        if kinds != KINDS or any(type(count) is not int for count in fields["rows"].values()):
            raise _unreadable()
        return cls(**fields)

    def written(self) -> bytes:
        """Return the manifest as JSON."""
        return json.dumps(asdict(self), indent=1).encode()


@dataclass(frozen=True, slots=True)
class Backup:
    """A database, its manifest, and the proof that its maker had the key file; earlier releases made no proof."""

    manifest: Manifest
    database: bytes = field(repr=False)
    proof: bytes = field(default=b"", repr=False)

    def proven(self, keys: KeyRing) -> bytes:
        """Return the proof that the backup has if somebody with these keys made it."""
        return proof_of(self.manifest, io.BytesIO(self.database), keys=keys)


def proof_of(manifest: Manifest, database: BufferedIOBase, *, keys: KeyRing) -> bytes:
    """Return the proof of a backup: a keyed hash of its manifest and its database, which is read to its end."""
    digests = (hashlib.sha256(manifest.written()).digest(), hashlib.file_digest(database, "sha256").digest())
    return hmac.digest(keys.derived("backup"), b"".join(digests), "sha256")


def recipients_of(texts: tuple[str, ...], *, where: str = "SERAF_BACKUP_RECIPIENTS") -> list[Any]:
    """Return the recipients with these public keys, given in `where`. Raise `SettingsFault` if one is malformed or there are none."""
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
    """Return the secret keys in an identity file of age. Raise `SettingsFault` if others can read the file, or it has no key."""
    content = read_private(path, "identity file", fault=SettingsFault, most=65_536)
    identities = []
    for number, line in enumerate(map(str.strip, content.decode(errors="replace").splitlines()), 1):
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
    """Return a backup as the content of an encrypted file."""
    file, database = io.BytesIO(), io.BytesIO(backup.database)
    encrypt_to(file, backup.manifest, database=database, proof=backup.proof, recipients=recipients)
    return file.getvalue()


def encrypt_to(
    file: BinaryIO, manifest: Manifest, *, database: BufferedIOBase, proof: bytes, recipients: list[Any]
) -> None:
    """Write a backup to `file`, packed and encrypted in pieces. Raise `SettingsFault` if it would exceed `LARGEST_BACKUP`."""
    members = ((MANIFEST, io.BytesIO(manifest.written())), (DATABASE, database), (PROOF, io.BytesIO(proof)))
    sizes = [member.seek(0, io.SEEK_END) for _, member in members]
    if sum(sizes) + (len(sizes) + 1) * tarfile.RECORDSIZE > LARGEST_BACKUP:
        raise SettingsFault(
            f"The database is over {LARGEST_BACKUP:,} bytes, more than a backup can hold, so none was made. Shorten"
            " SERAF_AUDIT_MONTHS, or stop the bot and copy the file itself, and its -wal where there is one, to a disk under lock."
        )
    pyrage.encrypt_io(_Packed(members), file, recipients)


def sealed_to(files: Iterable[File], readers: list[Any]) -> bytes:
    """Return the files as a tar that only these readers can decrypt."""
    packed = _packed((file.name, io.BytesIO(file.content)) for file in files)
    return bytes(pyrage.encrypt(b"".join(packed), readers))


class _Packed:
    """A stream that packs files into a tar while it is read."""

    def __init__(self, members: Iterable[tuple[str, BufferedIOBase]]) -> None:
        self._pieces, self._left = _packed(members), b""

    def read(self, size: int = -1) -> bytes:
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
        yield from iter(partial(content.read, 1024 * 1024), b"")
        yield bytes(-member.size % tarfile.BLOCKSIZE)
    yield bytes(2 * tarfile.BLOCKSIZE)


def read_backup(path: Path, identities: list[Any]) -> Backup:
    """Return the backup in a file, decrypted in memory only. Raise `SettingsFault` if it cannot be opened."""
    try:
        content = read_at_most(path, LARGEST_BACKUP + HEADER)
    except OSError as error:
        raise SettingsFault(f"The backup {path} could not be read: {error.strerror}. Name the file.") from None
    if len(content) > LARGEST_BACKUP + HEADER:
        raise SettingsFault(f"The file {path} is over {LARGEST_BACKUP:,} bytes; a backup is never that large.")
    try:
        packed = bytes(pyrage.decrypt(content, identities))
    except pyrage.DecryptError as error:
        if str(error) == "No matching keys found":
            raise SettingsFault(
                f"The backup {path} was not encrypted to this identity. Use the identity of one of its recipients."
            ) from None
        raise SettingsFault(
            f"The file {path} is not a whole backup: it was cut short or changed, or is something else. Use another copy."
        ) from None
    try:
        # Members are read, never extracted, since a tar can name any path. "r:" refuses compression, and so a decompression bomb.
        with tarfile.open(fileobj=io.BytesIO(packed), mode="r:") as archive:
            members = list(islice(archive, 4))  # a backup has three
            # A sparse file of a few bytes could expand to any size.
            if not all(member.isreg() and not member.issparse() and member.size <= len(packed) for member in members):
                raise _unreadable()
            contents = {member.name: archive.extractfile(member) for member in members}
            manifest, database = contents[MANIFEST], contents[DATABASE]
            if manifest is None or database is None:
                raise _unreadable()
            proof = contents.get(PROOF)
            parsed = Manifest.parse(manifest.read(65_536))
            return Backup(parsed, database.read(), b"" if proof is None else proof.read(64))
    except (tarfile.TarError, KeyError, ValueError, OverflowError, RecursionError):
        raise _unreadable() from None


def _unreadable() -> SettingsFault:
    return SettingsFault(
        "The file opens, but is not a backup of this bot. Use one that `seraf-bot backup create` wrote."
    )
