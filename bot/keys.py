"""The key file: how the bot's secrets lie on disk, readable by their owner alone."""

import base64
import json
import os
import stat
from pathlib import Path

from bot.errors import KeyFault
from bot.sealing import KEY_BYTES, KeyRing

VERSION = 1
SECRETS = ("seal", "lookup", "carry", "pepper")
LARGEST = 4096


def create_key_file(path: Path) -> KeyRing:
    """Write new secrets to a new file, 0600, and return them; never over a file that is there.

    A folder that does not exist is created, open to its owner alone.
    """
    keys = KeyRing.fresh()
    try:
        _make_folder(path.parent)
        _write_new(path, _written(keys))
    except FileExistsError:
        raise KeyFault(
            f"There is a key file at {path} already, and it was left alone: without it nothing sealed by it ever opens."
            " Use it, or choose another place."
        ) from None
    except OSError as error:
        raise KeyFault(f"The key file {path} could not be created: {error.strerror}. Choose another place.") from None
    return keys


def load_key_file(path: Path) -> KeyRing:
    """The secrets in a file; `KeyFault` says what is wrong with it and what to do, and never quotes it."""
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK)
    except FileNotFoundError:
        raise KeyFault(f"There is no key file at {path}. Set the place of yours, or create one.") from None
    except OSError as error:
        raise KeyFault(f"The key file {path} could not be opened: {error.strerror}. Look at its permissions.") from None
    try:
        _demand_private(path, os.fstat(descriptor))
        text = os.read(descriptor, LARGEST)
    finally:
        os.close(descriptor)
    return _read(path, text)


def _make_folder(folder: Path) -> None:
    """Make the folder, its owner's alone, unless something is there; a file in its place fails the next step."""
    if not folder.exists():
        folder.mkdir(mode=0o700, parents=True)


def _write_new(path: Path, text: bytes) -> None:
    """Write a file that was not there, durably, or leave none."""
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
    except OSError:
        path.unlink()
        raise


def _demand_private(path: Path, status: os.stat_result) -> None:
    if not stat.S_ISREG(status.st_mode):
        raise KeyFault(f"The key file {path} is not a plain file. Set the place of your key file.")
    if status.st_mode & 0o077:
        mode = stat.S_IMODE(status.st_mode)
        raise KeyFault(f"The key file {path} is open to others (mode {mode:04o}). Close it with: chmod 600 {path}")


def _written(keys: KeyRing) -> bytes:
    values = {name: base64.b64encode(getattr(keys, name)).decode() for name in SECRETS}
    return json.dumps({"v": VERSION, "id": keys.id, **values}, indent=1).encode() + b"\n"


def _read(path: Path, text: bytes) -> KeyRing:
    try:
        fields = json.loads(text)
    except (ValueError, RecursionError):
        raise _malformed(path, "it is not JSON") from None
    if not isinstance(fields, dict):
        raise _malformed(path, "it is not a JSON object")
    if fields.get("v") != VERSION:
        raise _malformed(path, f"its version is not {VERSION}")
    if not isinstance(fields.get("id"), str) or not fields["id"]:
        raise _malformed(path, "its id is missing")
    return KeyRing(id=fields["id"], **{name: _secret(path, name, fields.get(name)) for name in SECRETS})


def _secret(path: Path, name: str, value: object) -> bytes:
    try:
        secret = base64.b64decode(value, validate=True) if isinstance(value, str) else b""
    except ValueError:
        raise _malformed(path, f"its “{name}” is not base 64") from None
    if len(secret) != KEY_BYTES:
        raise _malformed(path, f"its “{name}” is missing or not {KEY_BYTES} bytes long")
    return secret


def _malformed(path: Path, found: str) -> KeyFault:
    return KeyFault(f"The key file {path} cannot be used: {found}. Restore it from your copy; do not write a new one.")
