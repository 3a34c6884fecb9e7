"""The bot's keys: where they are read from (a file, a systemd credential, a command), and the text of a key file."""

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

LARGEST = 16_384  # the maximal size of a key file in bytes
SECONDS = 30  # the time limit in seconds for a command that prints the keys
MISSING = b"missing"  # what a unit without a key file passes, so that the bot starts and tells people whom to call


@dataclass(frozen=True, slots=True)
class KeyCredential:
    """A credential that systemd passes to a unit (`LoadCredential=`), by its name."""

    name: str

    def __str__(self) -> str:
        return f"from the systemd credential “{self.name}”"


@dataclass(frozen=True, slots=True)
class KeyCommand:
    """A program with its arguments, run without a shell, which prints the text of a key file and nothing else."""

    words: tuple[str, ...]

    def __str__(self) -> str:
        return "from the command in SERAF_KEY_COMMAND"


KeyPlace = Path | KeyCredential | KeyCommand  # where keys are read from; a path is that of a key file


def key_place(settings: LocalSettings) -> KeyPlace:
    """Return where these settings say that the keys are read from."""
    if settings.key_credential:
        return KeyCredential(settings.key_credential)
    return KeyCommand(tuple(shlex.split(settings.key_command))) if settings.key_command else settings.key_file


def key_text(place: KeyPlace) -> bytes:
    """Return the text of the key file, read from this place. Raise `KeyFault` if it cannot be read; the reason quotes no key."""
    match place:
        case Path():
            # Never advise to make another file: nothing that was sealed would open.
            missing = (
                "Put your copy of it back there, or name its place in SERAF_KEY_FILE. (Only a new installation begins with"
                " `seraf-bot init`.)"
            )
            return read_private(place, "key file", fault=KeyFault, most=LARGEST, missing=missing)
        case KeyCredential(name):
            folder = os.environ.get("CREDENTIALS_DIRECTORY")
            if not folder:
                raise KeyFault(
                    f"The keys come {place}, and this program was not started with one. Start it by its unit; at a desk run"
                    f" it with systemd-run --property=LoadCredential={name}:FILE, as docs/deploy/README.md shows."
                )
            missing = (
                f"The unit needs LoadCredential={name}:FILE, and the file has to be there: put your copy of it back, and"
                " restart the bot."
            )
            # The group bits may allow reading: for a file with an access list they are its mask, and systemd lets the
            # user of the unit read it by such a list.
            path, closed_to = Path(folder, name), 0o037
            text = read_private(path, "key file", fault=KeyFault, most=LARGEST, missing=missing, closed_to=closed_to)
            if text == MISSING:
                raise KeyFault(f"There is no key file {place}. {missing}")
            return text
        case KeyCommand(words):
            return _printed(words)
    assert_never(place)


def writable(place: KeyPlace) -> Path:
    """Return the path of the key file. Raise `KeyFault` if the program cannot write it; the text says how to rotate these keys."""
    if isinstance(place, Path) and (os.access(place.resolve().parent, os.W_OK) or not place.exists()):
        return place
    # A file may be read-only too, such as a secret that is mounted into a container.
    source = f"from {place}" if isinstance(place, Path) else str(place)
    raise KeyFault(
        f"The keys come {source}, where this program cannot write new ones. Nothing was changed.\n"
        "Stop the bot, put the key file on this machine for as long as this takes (mode 0600), and run it again with"
        " its path: seraf-bot keys rotate --key-file FILE\n"
        "Then put the new file where the old one came from, and start the bot."
    )


def _printed(words: tuple[str, ...]) -> bytes:
    null = subprocess.DEVNULL
    try:
        ran = subprocess.run(words, stdin=null, stdout=subprocess.PIPE, stderr=null, timeout=SECONDS)
        if ran.returncode == 0 and len(ran.stdout) <= LARGEST:
            return ran.stdout
        status = f"it ended with status {ran.returncode}"
        reason = status if ran.returncode else f"it printed more than {LARGEST} bytes"
    except subprocess.TimeoutExpired:
        reason = f"it had not ended after {SECONDS} seconds"
    except OSError as error:
        reason = f"it could not be started: {error.strerror}"
    raise KeyFault(
        f"The command in SERAF_KEY_COMMAND gave no keys: {reason}. Run it by hand, as the bot's account, and put right what"
        " it says."
    )


VERSION, WITH_CODES = 1, 2  # of a key file: without, and with a secret for codes, which older releases cannot read
SECRETS = ("seal", "lookup", "carry", "pepper")
CHANGING = ("seal", "lookup")


@dataclass(frozen=True, slots=True)
class Keychain:
    """The content of a key file: the current keys and, during a rotation, the next ones. A database records the name of its keys."""

    current: KeyRing
    following: KeyRing | None = None

    def ring(self, name: str) -> KeyRing | None:
        """Return the keys with this name, or None if the file has none."""
        return next((ring for ring in self.rings if ring.id == name), None)

    @property
    def rings(self) -> tuple[KeyRing, ...]:
        """The current keys, then the next ones if there are any."""
        return (self.current,) if self.following is None else (self.current, self.following)

    def coming(self, codes: "CodeChange | None" = None) -> KeyRing:
        """Return the next keys: those of an interrupted rotation if there are any, otherwise new ones at every call."""
        return self.following or successor(self.current, codes)


@dataclass(frozen=True, slots=True)
class CodeChange:
    """A change of the secret of review codes: when it happens, and until when codes made before it can be read."""

    at: datetime
    older_until: datetime


def successor(keys: KeyRing, codes: CodeChange | None = None) -> KeyRing:
    """Return new keys with a new name. Secrets that must outlast a rotation stay. With `codes`, the secret of review codes is new too."""
    fresh = KeyRing.fresh()
    after = replace(keys, id=fresh.id, seal=fresh.seal, lookup=fresh.lookup)
    if codes is None:
        return after
    before = (*keys.older, OlderCodes(keys.code_secret, codes.older_until))
    older = (replace(item, until=min(item.until, codes.older_until)) for item in before)
    return replace(after, codes=fresh.carry, older=tuple(item for item in older if item.until > codes.at))


def create_key_file(path: Path) -> KeyRing:
    """Write new keys to a new file (mode 0600), and return them. Raise `KeyFault` if the file exists; it is never overwritten."""
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
    """Replace the keys in the file in one step. Raise `KeyFault` if they could not be replaced; the old file is then unchanged."""
    try:
        replace_private(path, _written(chain))
    except OSError as error:
        raise KeyFault(
            f"The key file {path} could not be written: {error.strerror}. The old file is unchanged, and nothing is"
            " lost. Give this account the file and its folder, make room on the disk, and run the command again."
        ) from None


def load_key_file(place: KeyPlace) -> KeyRing:
    """Return the current keys. Raise `KeyFault` if they cannot be read; it says what to do, and never quotes a key.

    Once a rotation has begun, review codes are made with the next secret, since a rotation is always finished.
    """
    chain = load_keys(place)
    coming = chain.following or chain.current
    return replace(chain.current, codes=coming.codes, older=coming.older)


def load_ring(place: KeyPlace, name: str) -> KeyRing:
    """Return the keys with this name, which a database records as its own. Raise `KeyFault` if the place has no keys of that name."""
    chain = load_keys(place)
    ring = chain.ring(name)
    if ring is None:
        where = f"at {place}" if isinstance(place, Path) else str(place)
        raise KeyFault(
            f"The database was sealed with another key file: its own is named “{name}”, the one {where} is"
            f" “{chain.current.id}”. Put the key file there that belongs to this database."
        )
    return ring


def _written(chain: Keychain) -> bytes:
    version = WITH_CODES if any(ring.codes for ring in chain.rings) else VERSION
    fields: dict[str, Any] = {"v": version, **_fields(chain.current, SECRETS)}
    if chain.following is not None:
        fields["next"] = _fields(chain.following, CHANGING)
    return json.dumps(fields, indent=1).encode() + b"\n"


def _fields(keys: KeyRing, names: tuple[str, ...]) -> dict[str, Any]:
    fields: dict[str, Any] = {"id": keys.id, **{name: _text(getattr(keys, name)) for name in names}}
    if keys.codes:
        fields["codes"] = _text(keys.codes)
        fields["older"] = [{"codes": _text(item.secret), "until": to_micros(item.until)} for item in keys.older]
    return fields


def _text(secret: bytes) -> str:
    return base64.b64encode(secret).decode()


def load_keys(place: KeyPlace) -> Keychain:
    """Return the content of the key file, read from this place. Raise `KeyFault` if it cannot be read."""
    try:
        fields = json.loads(key_text(place))
    except (ValueError, RecursionError):
        raise _malformed(place, "it is not JSON") from None
    if not isinstance(fields, dict):
        raise _malformed(place, "it is not a JSON object")
    if fields.get("v") not in (VERSION, WITH_CODES):
        raise _malformed(place, f"its version is neither {VERSION} nor {WITH_CODES}")
    seal, lookup, carry, pepper = (_secret(place, name, value=fields.get(name)) for name in SECRETS)
    current = KeyRing(id=_id(place, fields), seal=seal, lookup=lookup, carry=carry, pepper=pepper)
    current = _with_codes(place, current, fields=fields)
    coming = fields.get("next")
    if coming is None:
        return Keychain(current)
    if not isinstance(coming, dict):
        raise _malformed(place, "its “next” is not a JSON object")
    changed = {name: _secret(place, name, value=coming.get(name)) for name in CHANGING}
    following = replace(current, id=_id(place, coming), seal=changed["seal"], lookup=changed["lookup"])
    return Keychain(current, _with_codes(place, following, fields=coming))


def _id(place: KeyPlace, fields: dict[str, Any]) -> str:
    name = fields.get("id")
    if not isinstance(name, str) or not name:
        raise _malformed(place, "its id is missing")
    return name


def _with_codes(place: KeyPlace, keys: KeyRing, *, fields: dict[str, Any]) -> KeyRing:
    """Return the keys with the secret of review codes and its predecessors, if the file has any."""
    if "codes" not in fields:
        return keys
    try:
        older = tuple(
            OlderCodes(_secret(place, "older", value=item["codes"]), from_micros(item["until"]))
            for item in fields["older"]
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


def _malformed(place: KeyPlace, fault: str) -> KeyFault:
    return KeyFault(f"The key file {place} cannot be used: {fault}. Restore it from your copy; do not write a new one.")
