"""Packs and wording that are read once per process and shared by content.

The tests of reading ask `seraf.reading` itself.
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
    """Cache packs by content in this process and those forked from it."""
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

    setattr(packs, "read_pack", remembered)  # noqa: B010  # it is where bots look for it, and exports none
    setattr(packs, "read_wording", cache(read_wording))  # noqa: B010
