"""The key file: how the bot's secrets lie on disk, readable by their owner alone, also in the middle of a rotation."""

import base64
import json
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from bot.crypto.key_places import KeyPlace, key_text
from bot.crypto.sealing import KEY_BYTES, KeyRing, OlderCodes
from bot.runtime.errors import KeyFault
from bot.runtime.owner_only_files import replace_private, write_private
from bot.runtime.timestamps import from_micros, to_micros

VERSION = 1
WITH_CODES = 2
"""The version of a file with a secret for codes of its own: an older release would write codes that do not open here."""

SECRETS = ("seal", "lookup", "carry", "pepper")
CHANGING = ("seal", "lookup")
NEXT = "next"


@dataclass(frozen=True, slots=True)
class Keychain:
    """What a key file holds: the current secrets and, during a rotation, the next ones.

    The database names the secrets that it is sealed with.
    """

    current: KeyRing
    following: KeyRing | None = None

    def ring(self, name: str) -> KeyRing | None:
        """The secrets of this name."""
        return next((ring for ring in self.rings if ring.id == name), None)

    @property
    def rings(self) -> tuple[KeyRing, ...]:
        """The current secrets, then the next ones where there are any."""
        return (self.current,) if self.following is None else (self.current, self.following)

    def coming(self, codes: "CodeChange | None" = None) -> KeyRing:
        """The next secrets: those of an interrupted rotation, else new ones at each call."""
        return self.following or successor(self.current, codes)


@dataclass(frozen=True, slots=True)
class CodeChange:
    """That the secret of review codes changes, when, and for how long the codes of before open: not at all where that is
    the same time.
    """

    at: datetime
    older_until: datetime


def successor(keys: KeyRing, codes: CodeChange | None = None) -> KeyRing:
    """New secrets under a new name; those that must survive a rotation stay the same."""
    fresh = KeyRing.fresh()
    after = replace(keys, id=fresh.id, seal=fresh.seal, lookup=fresh.lookup)
    if codes is None:
        return after
    before = (*keys.older, OlderCodes(keys.code_secret, codes.older_until))
    older = (replace(each, until=min(each.until, codes.older_until)) for each in before)
    return replace(after, codes=fresh.carry, older=tuple(each for each in older if each.until > codes.at))


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


def load_key_file(place: KeyPlace) -> KeyRing:
    """The secrets in force; `KeyFault` says what is wrong with the file and what to do, and never quotes it.

    Once a rotation has begun, review codes are those that come: it is always finished, and those of before may end with it.
    """
    chain = load_keys(place)
    coming = chain.following or chain.current
    return replace(chain.current, codes=coming.codes, older=coming.older)


def load_keys(place: KeyPlace) -> Keychain:
    """All that is kept there; `KeyFault` as above."""
    return _read(place, key_text(place))


def load_ring(place: KeyPlace, name: str) -> KeyRing:
    """The secrets of this name, by which a database names its own; `KeyFault` when they are not kept there."""
    chain = load_keys(place)
    ring = chain.ring(name)
    if ring is None:
        raise KeyFault(
            f"The database was sealed with another key file: its own is named “{name}”, the one {_where(place)} is"
            f" “{chain.current.id}”. Put the key file there that belongs to this database."
        )
    return ring


def _written(chain: Keychain) -> bytes:
    version = WITH_CODES if any(ring.codes for ring in chain.rings) else VERSION
    fields: dict[str, Any] = {"v": version, **_fields(chain.current, SECRETS)}
    if chain.following is not None:
        fields[NEXT] = _fields(chain.following, CHANGING)
    return json.dumps(fields, indent=1).encode() + b"\n"


def _fields(keys: KeyRing, names: tuple[str, ...]) -> dict[str, Any]:
    fields: dict[str, Any] = {"id": keys.id, **{name: _text(getattr(keys, name)) for name in names}}
    if keys.codes:
        fields["codes"] = _text(keys.codes)
        fields["older"] = [{"codes": _text(each.secret), "until": to_micros(each.until)} for each in keys.older]
    return fields


def _text(secret: bytes) -> str:
    return base64.b64encode(secret).decode()


def _read(place: KeyPlace, text: bytes) -> Keychain:
    try:
        fields = json.loads(text)
    except (ValueError, RecursionError):
        raise _malformed(place, "it is not JSON") from None
    if not isinstance(fields, dict):
        raise _malformed(place, "it is not a JSON object")
    if fields.get("v") not in (VERSION, WITH_CODES):
        raise _malformed(place, f"its version is neither {VERSION} nor {WITH_CODES}")
    seal, lookup, carry, pepper = (_secret(place, name, value=fields.get(name)) for name in SECRETS)
    current = KeyRing(id=_id(place, fields), seal=seal, lookup=lookup, carry=carry, pepper=pepper)
    current = _with_codes(place, current, fields=fields)
    coming = fields.get(NEXT)
    if coming is None:
        return Keychain(current)
    if not isinstance(coming, dict):
        raise _malformed(place, f"its “{NEXT}” is not a JSON object")
    changed = {name: _secret(place, name, value=coming.get(name)) for name in CHANGING}
    following = replace(current, id=_id(place, coming), seal=changed["seal"], lookup=changed["lookup"])
    return Keychain(current, _with_codes(place, following, fields=coming))


def _id(place: KeyPlace, fields: dict[str, Any]) -> str:
    name = fields.get("id")
    if not isinstance(name, str) or not name:
        raise _malformed(place, "its id is missing")
    return name


def _with_codes(place: KeyPlace, keys: KeyRing, *, fields: dict[str, Any]) -> KeyRing:
    """The keys with the secret of review codes and those of before, where it was ever changed."""
    if "codes" not in fields:
        return keys
    try:
        older = tuple(
            OlderCodes(_secret(place, "older", value=each["codes"]), from_micros(each["until"]))
            for each in fields["older"]
        )
    except (KeyError, TypeError, ValueError, OverflowError):
        raise _malformed(place, "its “older” is not as it was written") from None
    return replace(keys, codes=_secret(place, "codes", value=fields["codes"]), older=older)


def _secret(place: KeyPlace, name: str, *, value: object) -> bytes:
    try:
        secret = base64.b64decode(value, validate=True) if isinstance(value, str) else b""
    except ValueError:
        raise _malformed(place, f"its “{name}” is not base 64") from None
    if len(secret) != KEY_BYTES:
        raise _malformed(place, f"its “{name}” is missing or not {KEY_BYTES} bytes long")
    return secret


def _where(place: KeyPlace) -> str:
    return f"at {place}" if isinstance(place, Path) else str(place)


def _malformed(place: KeyPlace, found: str) -> KeyFault:
    return KeyFault(f"The key file {place} cannot be used: {found}. Restore it from your copy; do not write a new one.")
