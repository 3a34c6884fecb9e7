"""The key file: how the bot's secrets lie on disk, readable by their owner alone, also in the middle of a rotation."""

import base64
import json
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from bot.crypto.sealing import KEY_BYTES, KeyRing
from bot.runtime.errors import KeyFault
from bot.runtime.owner_only_files import read_private, replace_private, write_private

VERSION = 1
SECRETS = ("seal", "lookup", "carry", "pepper")
CHANGING = ("seal", "lookup")
NEXT = "next"
LARGEST = 4096


@dataclass(frozen=True, slots=True)
class Keychain:
    """What a key file holds: the current secrets and, during a rotation, the next ones.

    The database names the secrets that it is sealed with.
    """

    current: KeyRing
    following: KeyRing | None = None

    def ring(self, name: str) -> KeyRing | None:
        """The secrets of this name."""
        return next((ring for ring in (self.current, self.following) if ring is not None and ring.id == name), None)

    @property
    def coming(self) -> KeyRing:
        """The next secrets: those of an interrupted rotation, else new ones at each call."""
        return self.following or successor(self.current)


def successor(keys: KeyRing) -> KeyRing:
    """New secrets under a new name; those that must survive a rotation stay the same."""
    return replace(KeyRing.fresh(), carry=keys.carry, pepper=keys.pepper)


def create_key_file(path: Path) -> KeyRing:
    """Write new secrets to a new file, mode 0600, and return them. An existing file is never overwritten.

    A folder that does not exist is created, open to its owner alone.
    """
    keys = KeyRing.fresh()
    try:
        write_private(path, _written(Keychain(keys)))
    except FileExistsError:
        raise KeyFault(
            f"There is a key file at {path} already, and it was left alone: without it nothing sealed by it ever opens."
            " Use it, or choose another place."
        ) from None
    except OSError as error:
        raise KeyFault(f"The key file {path} could not be created: {error.strerror}. Choose another place.") from None
    return keys


def replace_key_file(path: Path, chain: Keychain) -> None:
    """Replace the secrets in the file, whole or not at all; `KeyFault` when the old ones are still there."""
    try:
        replace_private(path, _written(chain))
    except OSError as error:
        raise KeyFault(
            f"The key file {path} could not be written: {error.strerror}. The old file is unchanged, and nothing is"
            " lost. Give this account the file and its folder, make room on the disk, and run the command again."
        ) from None


def load_key_file(path: Path) -> KeyRing:
    """The secrets in force; `KeyFault` says what is wrong with the file and what to do, and never quotes it."""
    return load_keys(path).current


def load_keys(path: Path) -> Keychain:
    """All that the file holds; `KeyFault` as above."""
    return _read(path, read_private(path, "key file", fault=KeyFault, most=LARGEST))


def load_ring(path: Path, name: str) -> KeyRing:
    """The secrets of this name, by which a database names its own; `KeyFault` when the file does not hold them."""
    chain = load_keys(path)
    ring = chain.ring(name)
    if ring is None:
        raise KeyFault(
            f"The database was sealed with another key file: its own is named “{name}”, the one at {path} is"
            f" “{chain.current.id}”. Put the key file there that belongs to this database."
        )
    return ring


def _written(chain: Keychain) -> bytes:
    fields: dict[str, Any] = {"v": VERSION, **_fields(chain.current, SECRETS)}
    if chain.following is not None:
        fields[NEXT] = _fields(chain.following, CHANGING)
    return json.dumps(fields, indent=1).encode() + b"\n"


def _fields(keys: KeyRing, names: tuple[str, ...]) -> dict[str, str]:
    return {"id": keys.id, **{name: base64.b64encode(getattr(keys, name)).decode() for name in names}}


def _read(path: Path, text: bytes) -> Keychain:
    try:
        fields = json.loads(text)
    except (ValueError, RecursionError):
        raise _malformed(path, "it is not JSON") from None
    if not isinstance(fields, dict):
        raise _malformed(path, "it is not a JSON object")
    if fields.get("v") != VERSION:
        raise _malformed(path, f"its version is not {VERSION}")
    current = KeyRing(id=_id(path, fields), **{name: _secret(path, name, value=fields.get(name)) for name in SECRETS})
    coming = fields.get(NEXT)
    if coming is None:
        return Keychain(current)
    if not isinstance(coming, dict):
        raise _malformed(path, f"its “{NEXT}” is not a JSON object")
    changed = {name: _secret(path, name, value=coming.get(name)) for name in CHANGING}
    return Keychain(current, replace(current, id=_id(path, coming), **changed))


def _id(path: Path, fields: dict[str, Any]) -> str:
    name = fields.get("id")
    if not isinstance(name, str) or not name:
        raise _malformed(path, "its id is missing")
    return name


def _secret(path: Path, name: str, *, value: object) -> bytes:
    try:
        secret = base64.b64decode(value, validate=True) if isinstance(value, str) else b""
    except ValueError:
        raise _malformed(path, f"its “{name}” is not base 64") from None
    if len(secret) != KEY_BYTES:
        raise _malformed(path, f"its “{name}” is missing or not {KEY_BYTES} bytes long")
    return secret


def _malformed(path: Path, found: str) -> KeyFault:
    return KeyFault(f"The key file {path} cannot be used: {found}. Restore it from your copy; do not write a new one.")
