"""Where a bot's keys are kept: in a file, in a systemd credential, or with a program that prints them, such as a KMS's.

All three give the text of a key file. Only a file can be written.
"""

import os
import shlex
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import assert_never

from bot.runtime.errors import KeyFault
from bot.runtime.owner_only_files import read_private
from bot.runtime.settings import DeskSettings

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


def key_place(settings: DeskSettings) -> KeyPlace:
    """Where the settings say that the keys are."""
    if settings.key_credential:
        return KeyCredential(settings.key_credential)
    return KeyCommand(tuple(shlex.split(settings.key_command))) if settings.key_command else settings.key_file


def key_text(place: KeyPlace) -> bytes:
    """The text of the key file, at most a little more than one can have. `KeyFault` says why there is none, and quotes nothing."""
    match place:
        case Path():
            return read_private(place, "key file", fault=KeyFault, most=LARGEST, missing=PUT_BACK)
        case KeyCredential():
            return _credential(place)
        case KeyCommand():
            return _printed(place)
    assert_never(place)


def writable(place: KeyPlace) -> Path:
    """The key file that can be written; `KeyFault` says, before anything is changed, that these keys cannot be, and how they are."""
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
