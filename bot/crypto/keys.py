"""The bot's secrets: where they are kept, and how they are written, also in the middle of a rotation. Only a file can be written."""

import base64
import json
import os
import shlex
import subprocess
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any, assert_never

from bot.crypto.sealing import KEY_BYTES, KeyRing, OlderCodes
from bot.runtime.clock import from_micros, to_micros
from bot.runtime.errors import KeyFault
from bot.runtime.files import read_private, replace_private, write_private
from bot.runtime.settings import LocalSettings

LARGEST = 16_384
"""Bytes of a key file at most."""

SECONDS = 30
"""How long a command may take to print the keys."""

CREDENTIALS = "CREDENTIALS_DIRECTORY"
"""Where systemd says in which folder the credentials of a unit are."""

CREDENTIAL_OPEN = 0o037
"""Modes that a credential may not have. Its group may read: so the mask of the access list shows by which systemd lets the
unit's user in."""

MISSING = b"missing"
"""What the units have systemd hand over where there is no key file, so that the bot starts and tells people whom to call."""

PUT_BACK = (
    "Put your copy of it back there, or name its place in SERAF_KEY_FILE. (Only a new installation begins with"
    " `seraf-bot init`.)"
)
"""What to do where there is no key file: never to make another, since nothing that was sealed would open."""


@dataclass(frozen=True, slots=True)
class KeyCredential:
    """A credential that systemd hands to a unit, by its name there (`LoadCredential=`)."""

    name: str

    def __str__(self) -> str:
        return f"from the systemd credential “{self.name}”"


@dataclass(frozen=True, slots=True)
class KeyCommand:
    """A program and its words, run without a shell. It prints the text of a key file and nothing else."""

    words: tuple[str, ...]

    def __str__(self) -> str:
        return "from the command in SERAF_KEY_COMMAND"


KeyPlace = Path | KeyCredential | KeyCommand
"""Everywhere that keys can be kept; a path is that of a key file."""


def key_place(settings: LocalSettings) -> KeyPlace:
    """Return where the settings say that the keys are."""
    if settings.key_credential:
        return KeyCredential(settings.key_credential)
    return KeyCommand(tuple(shlex.split(settings.key_command))) if settings.key_command else settings.key_file


def key_text(place: KeyPlace) -> bytes:
    """Return the text of the key file, at most a little more than one can have. `KeyFault` says why there is none, and quotes nothing."""
    match place:
        case Path():
            return read_private(place, "key file", fault=KeyFault, most=LARGEST, missing=PUT_BACK)
        case KeyCredential():
            return _credential(place)
        case KeyCommand():
            return _printed(place)
    assert_never(place)


def writable(place: KeyPlace) -> Path:
    """Return the key file that can be written; `KeyFault` says, before anything is changed, that these keys cannot be, and how they are."""
    match place:
        case Path() as path if os.access(path.resolve().parent, os.W_OK) or not path.exists():
            return path
        case Path():
            source = f"from {place}"  # such as a secret that is mounted into a container
        case KeyCredential() | KeyCommand():
            source = str(place)
        case _:
            assert_never(place)
    raise KeyFault(
        f"The keys come {source}, where this program cannot write new ones. Nothing was changed.\n"
        "Stop the bot, put the key file on this machine for as long as this takes (mode 0600), and run it again with"
        " its path: seraf-bot keys rotate --key-file FILE\n"
        "Then put the new file where the old one came from, and start the bot."
    )


def _credential(place: KeyCredential) -> bytes:
    folder = os.environ.get(CREDENTIALS)
    if not folder:
        raise KeyFault(
            f"The keys come {place}, and this program was not started with one. Start it by its unit; at a desk run it with"
            f" systemd-run --property=LoadCredential={place.name}:FILE, as docs/deploy/README.md shows."
        )
    missing = (
        f"The unit needs LoadCredential={place.name}:FILE, and the file has to be there: put your copy of it back, and"
        " restart the bot."
    )
    path = Path(folder, place.name)
    text = read_private(path, "key file", fault=KeyFault, most=LARGEST, missing=missing, closed_to=CREDENTIAL_OPEN)
    if text == MISSING:
        raise KeyFault(f"There is no key file {place}. {missing}")
    return text


def _printed(place: KeyCommand) -> bytes:
    try:
        ran = subprocess.run(
            place.words, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, timeout=SECONDS
        )
    except subprocess.TimeoutExpired:
        raise _no_keys(f"it had not ended after {SECONDS} seconds") from None
    except OSError as error:
        raise _no_keys(f"it could not be started: {error.strerror}") from None
    if ran.returncode != 0:
        raise _no_keys(f"it ended with status {ran.returncode}")
    if len(ran.stdout) > LARGEST:
        raise _no_keys(f"it printed more than {LARGEST} bytes")
    return ran.stdout


def _no_keys(found: str) -> KeyFault:
    return KeyFault(
        f"The command in SERAF_KEY_COMMAND gave no keys: {found}. Run it by hand, as the bot's account, and put right what it"
        " says."
    )


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
        """Return the secrets of this name."""
        return next((ring for ring in self.rings if ring.id == name), None)

    @property
    def rings(self) -> tuple[KeyRing, ...]:
        """The current secrets, then the next ones where there are any."""
        return (self.current,) if self.following is None else (self.current, self.following)

    def coming(self, codes: "CodeChange | None" = None) -> KeyRing:
        """Return the next secrets: those of an interrupted rotation, else new ones at each call."""
        return self.following or successor(self.current, codes)


@dataclass(frozen=True, slots=True)
class CodeChange:
    """That the secret of review codes changes, when, and for how long the codes of before open: not at all where that is
    the same time.
    """

    at: datetime
    older_until: datetime


def successor(keys: KeyRing, codes: CodeChange | None = None) -> KeyRing:
    """Return new secrets under a new name; those that must survive a rotation stay the same."""
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
    """Replace the secrets in the file, whole or not at all; raise `KeyFault` if the old ones are still there."""
    try:
        replace_private(path, _written(chain))
    except OSError as error:
        raise KeyFault(
            f"The key file {path} could not be written: {error.strerror}. The old file is unchanged, and nothing is"
            " lost. Give this account the file and its folder, make room on the disk, and run the command again."
        ) from None


def load_key_file(place: KeyPlace) -> KeyRing:
    """Return the secrets in force; `KeyFault` says what is wrong with the file and what to do, and never quotes it.

    Once a rotation has begun, review codes are those that come: it is always finished, and those of before may end with it.
    """
    chain = load_keys(place)
    coming = chain.following or chain.current
    return replace(chain.current, codes=coming.codes, older=coming.older)


def load_keys(place: KeyPlace) -> Keychain:
    """Return everything that is kept there; raise `KeyFault` as above."""
    return _read(place, key_text(place))


def load_ring(place: KeyPlace, name: str) -> KeyRing:
    """Return the secrets of this name, by which a database names its own; raise `KeyFault` if they are not kept there."""
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
    """Return the keys with the secret of review codes and those of before, where it was ever changed."""
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
