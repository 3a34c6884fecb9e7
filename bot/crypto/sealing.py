"""Encryption that binds a value to its table, column and row. A value that was altered or moved cannot be decrypted."""

import hmac
import secrets
from dataclasses import dataclass, field
from datetime import datetime

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from bot.runtime.errors import DamagedValue

KEY_BYTES = 32
BLOCK = 128
_VERSION = b"\x01"
_NONCE_BYTES = 12
_TAG_BYTES = 16
_END = b"\x80"


@dataclass(frozen=True, slots=True)
class OlderCodes:
    """An earlier secret of review codes, and until when codes made with it can be read."""

    secret: bytes = field(repr=False)
    until: datetime


@dataclass(frozen=True, slots=True)
class KeyRing:
    """The secrets of a bot, of 32 bytes each, and a public name for them (`id`).

    `seal` encrypts values and `lookup` hashes names; a key rotation replaces both. `carry` makes hashes that a rotation
    does not change, and `pepper` is part of PIN hashes. `codes` makes review codes; while it is empty, `carry` does.
    """

    id: str
    seal: bytes = field(repr=False)
    lookup: bytes = field(repr=False)
    carry: bytes = field(repr=False)
    pepper: bytes = field(repr=False)
    codes: bytes = field(repr=False, default=b"")
    older: tuple[OlderCodes, ...] = field(repr=False, default=())
    _lasting: bytes = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        # Computed once, since every event is found by a hash under it.
        object.__setattr__(self, "_lasting", _hash(self.carry, "lasting"))

    @property
    def code_secret(self) -> bytes:
        """The secret with which new review codes are made."""
        return self.codes or self.carry

    @classmethod
    def fresh(cls) -> "KeyRing":
        """Return new secrets with a new name."""
        seal, lookup, carry, pepper = (secrets.token_bytes(KEY_BYTES) for _ in range(4))
        return cls(id=secrets.token_hex(4), seal=seal, lookup=lookup, carry=carry, pepper=pepper)

    def mark(self, kind: str, *texts: str) -> bytes:
        """Return a keyed hash (HMAC-SHA256), by which texts of one kind can be found without being stored. A key rotation changes it."""
        return _hash(self.lookup, kind, *texts)

    def lasting(self, kind: str, *texts: str) -> bytes:
        """Return a keyed hash that key rotations do not change, for the audit and for the keys of events that may arrive twice."""
        return _hash(self._lasting, kind, *texts)

    def derived(self, purpose: str) -> bytes:
        """Return a key for this purpose. A key rotation changes it."""
        return _hash(self.seal, "derived", purpose)


def _hash(key: bytes, *texts: str) -> bytes:
    # Each part after its length: else "ab", "c" and "a", "bc" would have the same hash.
    joined = b""
    for text in texts:
        part = text.encode(errors="surrogatepass")
        joined += len(part).to_bytes(4, "big") + part
    return hmac.digest(key, joined, "sha256")


def place(table: str, column: str, row: bytes | int, turn: int = 0, *, beside: tuple[object, ...] = ()) -> bytes:
    """Return the associated data that binds a value to its table, column, row and turn. It is different for any two of these.

    `beside` are unencrypted values of the same row. If one of them is changed, the value cannot be decrypted.
    """
    # "#" is in no hexadecimal number, so a numeric key and a hash never give the same place.
    where = row.hex() if isinstance(row, bytes) else f"#{row}"
    bound = f"\0{beside!r}" if beside else ""
    return f"{table}\0{column}\0{where}\0{turn}{bound}".encode()


class Sealer:
    """A cipher with one key: AES-256-GCM with a random nonce. A value that was moved, changed or cut cannot be decrypted.

    The plain text is padded to blocks of 128 bytes, since the length of an assessment would reveal its progress and answers.
    """

    __slots__ = ("_cipher",)

    def __init__(self, key: bytes) -> None:
        self._cipher = AESGCM(key)

    def seal(self, plain: bytes, where: bytes) -> bytes:
        """Return the encrypted value: a version byte, the nonce, the encrypted blocks, and the tag."""
        nonce = secrets.token_bytes(_NONCE_BYTES)
        # An end byte, then zeros: so the end is found again, whatever the value ends with.
        filled = plain + _END
        filled += bytes(-len(filled) % BLOCK)
        return _VERSION + nonce + self._cipher.encrypt(nonce, filled, where)

    def unseal(self, sealed: bytes, where: bytes) -> bytes:
        """Return the plain text of a value that was encrypted for `where`. Raise `DamagedValue` if it was not, or was changed."""
        # After a change from outside it may not even be bytes.
        if not isinstance(sealed, bytes) or not sealed.startswith(_VERSION) or len(sealed) < SHORTEST:
            raise _unopened(where)
        try:
            filled = self._cipher.decrypt(sealed[1 : 1 + _NONCE_BYTES], sealed[1 + _NONCE_BYTES :], where)
        except InvalidTag:
            raise _unopened(where) from None
        return filled[: filled.rindex(_END)]


def sealed_length(plain: int) -> int:
    """Return the length in bytes of the encrypted value whose plain text has `plain` bytes."""
    return len(_VERSION) + _NONCE_BYTES + (plain // BLOCK + 1) * BLOCK + _TAG_BYTES


SHORTEST = sealed_length(0)  # the length in bytes of an encrypted empty value


def _unopened(where: bytes) -> DamagedValue:
    table, column = where.split(b"\0")[:2]
    return DamagedValue(
        f"The database was changed from outside, or damaged: a value of {table.decode()}.{column.decode()} does not"
        " open where it lies. Stop the bot, and restore the latest backup."
    )
