"""How a value is sealed to one place, so that it opens there, unchanged, and nowhere else.

It refuses to know where values are kept and where keys come from.
"""

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
    """A secret that review codes were made with before, and until when they open."""

    secret: bytes = field(repr=False)
    until: datetime


@dataclass(frozen=True, slots=True)
class KeyRing:
    """The secrets of a bot, and the public name of their file. Each secret is 32 bytes.

    `seal` seals and wraps, `lookup` finds a person without naming them: both change in a rotation. `carry` makes what
    must survive one, `pepper` strengthens PINs. `codes` makes review codes once that was changed: before, `carry` does.
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
        # Once, since every event is found by a hash under it.
        object.__setattr__(self, "_lasting", _hash(self.carry, "lasting"))

    @property
    def code_secret(self) -> bytes:
        """The secret that makes review codes now."""
        return self.codes or self.carry

    @classmethod
    def fresh(cls) -> "KeyRing":
        """Return new secrets under a new name."""
        seal, lookup, carry, pepper = (secrets.token_bytes(KEY_BYTES) for _ in range(4))
        return cls(id=secrets.token_hex(4), seal=seal, lookup=lookup, carry=carry, pepper=pepper)

    def mark(self, kind: str, *texts: str) -> bytes:
        """Return a keyed hash (HMAC-SHA256) that finds a text of this kind and does not give it away."""
        return _hash(self.lookup, kind, *texts)

    def lasting(self, kind: str, *texts: str) -> bytes:
        """Return a keyed hash that is the same after a rotation of the keys: for the audit, and for events that may come twice."""
        return _hash(self._lasting, kind, *texts)

    def derived(self, purpose: str) -> bytes:
        """Return a key for one purpose; it changes in a rotation, as `seal` does."""
        return _hash(self.seal, "derived", purpose)


def _hash(key: bytes, *texts: str) -> bytes:
    # Each part with its length in front: else "ab", "c" and "a", "bc" would have one hash.
    parts = [text.encode(errors="surrogatepass") for text in texts]
    return hmac.digest(key, b"".join(len(part).to_bytes(4, "big") + part for part in parts), "sha256")


def place(table: str, column: str, row: bytes | int, turn: int = 0, *, beside: tuple[object, ...] = ()) -> bytes:
    """Return the associated data of a value: its table, column, row and turn, in a form no two places share.

    `beside` are values in clear in the same row: where one of them was changed, the sealed one does not open.
    """
    # "#" is in no hexadecimal number, so a row by number and one by hash never have the same place.
    where = row.hex() if isinstance(row, bytes) else f"#{row}"
    bound = f"\0{beside!r}" if beside else ""
    return f"{table}\0{column}\0{where}\0{turn}{bound}".encode()


class Sealer:
    """Seals under one key with AES-256-GCM and a random nonce; what was moved, changed or cut does not open.

    The value is first filled up to whole blocks of 128 bytes, since the length of an assessment would tell how far it
    has gone and which responses are in it.
    """

    __slots__ = ("_cipher",)

    def __init__(self, key: bytes) -> None:
        self._cipher = AESGCM(key)

    def seal(self, plain: bytes, where: bytes) -> bytes:
        """Return the value as it may lie on a disk: a version byte, the nonce, and the sealed blocks."""
        nonce = secrets.token_bytes(_NONCE_BYTES)
        # One byte that ends the value, then zeros: so the end is found again, whatever the value ends with.
        filled = plain + _END
        filled += bytes(-len(filled) % BLOCK)
        return _VERSION + nonce + self._cipher.encrypt(nonce, filled, where)

    def unseal(self, sealed: bytes, where: bytes) -> bytes:
        """Return the value that was sealed for this place; `DamagedValue` for any other bytes."""
        # What was changed from outside may not even be bytes.
        if not isinstance(sealed, bytes) or not sealed.startswith(_VERSION) or len(sealed) < SHORTEST:
            raise _unopened(where)
        try:
            filled = self._cipher.decrypt(sealed[1 : 1 + _NONCE_BYTES], sealed[1 + _NONCE_BYTES :], where)
        except InvalidTag:
            raise _unopened(where) from None
        return filled[: filled.rindex(_END)]


def sealed_length(plain: int) -> int:
    """Return how many bytes a value of so many bytes takes once sealed."""
    return len(_VERSION) + _NONCE_BYTES + (plain // BLOCK + 1) * BLOCK + _TAG_BYTES


SHORTEST = sealed_length(0)
"""Bytes of nothing, sealed."""


def _unopened(where: bytes) -> DamagedValue:
    table, column = where.split(b"\0")[:2]
    return DamagedValue(
        f"The database was changed from outside, or damaged: a value of {table.decode()}.{column.decode()} does not"
        " open where it lies. Stop the bot, and restore the latest backup."
    )
