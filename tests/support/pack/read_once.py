"""Packs and wording, read once per process and shared by all tests with the same content.

Tests of the reading itself use `seraf.reading` directly.
"""

from collections.abc import Mapping
from functools import cache

from bot.runtime import packs
from dialogs.core.script import read_wording
from seraf.advice.contacts import Contacts
from seraf.form.signing import Verify, unverified
from seraf.pack import Pack
from seraf.reading.pack import read_pack


def read_packs_once() -> None:
    """Cache packs by their content, in this process and in processes that are forked from it."""
    read: dict[tuple[frozenset[tuple[str, bytes]], bool, Contacts | None], Pack] = {}

    def remembered(
        files: Mapping[str, bytes],
        *,
        is_proven: bool = False,
        verify: Verify = unverified,
        known: Contacts | None = None,
    ) -> Pack:
        content = (frozenset(files.items()), is_proven, known)
        if content not in read:
            read[content] = read_pack(files, is_proven=is_proven, verify=verify, known=known)
        return read[content]

    setattr(packs, "read_pack", remembered)  # noqa: B010  # bots look for it here, but the module does not export it
    setattr(packs, "read_wording", cache(read_wording))  # noqa: B010
