"""Files that are handed over: sealed to their reader, so that nobody here and nobody on the way can."""

from collections.abc import Iterable
from typing import Any

import pyrage

from bot.operations.backup.file_format import as_tar, recipients_of
from bot.summaries.file import File

ENDING = "tar.age"
"""How a sealed file's name ends; `age --decrypt` and `tar` open it, without this software."""


def readers_of(keys: Iterable[str]) -> list[Any]:
    """Those who are to read it, from their public keys; `SettingsFault` where one is malformed."""
    return recipients_of(tuple(keys), where="--recipient")


def sealed_to(files: Iterable[File], readers: list[Any]) -> bytes:
    """The files in one, encrypted to them."""
    return bytes(pyrage.encrypt(as_tar((each.name, each.content) for each in files), readers))
