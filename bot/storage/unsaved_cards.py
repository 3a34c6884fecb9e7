"""Which cards from memory stand in chats, in a small file beside the store, so that a crash leaves none of them there.

It needs no store, no key file and no room: the file is made beforehand and then written over, a slot for each card, sealed under the
bot's token.
"""

import asyncio
import hashlib
import os
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Self

from bot.crypto.sealing import BLOCK, Sealer, sealed_length
from bot.runtime.background_tasks import BackgroundTasks
from bot.runtime.errors import DamagedValue

SLOTS, SLOT = 512, 256
"""How many cards are noted, and the bytes for each. A slot lies within one page, so that it is written whole or not at all."""

SEALED, EMPTY = sealed_length(BLOCK - 1), bytes(SLOT)
"""Bytes of a note in its slot, and of no note."""

GRACE = 1.0
"""Seconds for which what is not written yet is waited for at the end."""

BETWEEN = "\n"
"""What stands between a person and the handle of their card."""


class UnsavedCards:
    """The notes, in an `async with`. What cannot be written is left out: nobody waits for a disk here."""

    def __init__(self, store: Path, secret: str) -> None:
        self._path = store.with_name(f"{store.name}.unsaved")
        self._sealer = Sealer(hashlib.sha256(b"unsaved cards\0" + secret.encode()).digest())
        self._file: int | None = None
        self._noted: dict[tuple[str, str], int] = {}
        self._free = set(range(SLOTS))
        self._unwritten: dict[int, bytes] = {}
        self._tasks = BackgroundTasks()
        self._is_writing = False

    async def __aenter__(self) -> Self:
        """Read what a run before left, and make the file where there is none."""
        with suppress(OSError):
            self._file = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
            os.fchmod(self._file, 0o600)
            with suppress(OSError):  # there may be no room for it by now
                os.posix_fallocate(self._file, 0, SLOTS * SLOT)
            for slot in range(SLOTS):
                self._read(slot, os.pread(self._file, SLOT, slot * SLOT))
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, _: BaseException | None, __: TracebackType | None
    ) -> None:
        """Write the rest. Where a disk hangs, the file is left open: somebody still writes to it."""
        await self._tasks.settle(GRACE)
        if self._file is not None and not self._is_writing:
            os.close(self._file)
            self._file = None

    @property
    def standing(self) -> tuple[tuple[str, str], ...]:
        """Every such card that stands in a chat: whose, and its handle."""
        return tuple(self._noted)

    def keep(self, person: str, handle: str) -> None:
        """Note that this card stands in a person's chat, where there is a slot for it."""
        if (person, handle) in self._noted or not self._free:
            return
        slot = self._noted[person, handle] = self._free.pop()
        note = f"{person}{BETWEEN}{handle}".encode()
        if len(note) < BLOCK:
            self._put(slot, self._sealer.seal(note, _place(slot)).ljust(SLOT, b"\0"))

    def forget(self, person: str, handle: str) -> None:
        """Note that this card stands there no longer."""
        slot = self._noted.pop((person, handle), None)
        if slot is not None:
            self._free.add(slot)
            self._put(slot, EMPTY)

    def _read(self, slot: int, content: bytes) -> None:
        if not any(content):
            return
        try:
            person, _, handle = self._sealer.unseal(content[:SEALED], _place(slot)).decode().partition(BETWEEN)
        except (DamagedValue, UnicodeDecodeError):  # of another token, or nothing of ours
            return
        self._noted[person, handle] = slot
        self._free.discard(slot)

    def _put(self, slot: int, content: bytes) -> None:
        if self._file is None:
            return
        self._unwritten[slot] = content
        if not self._is_writing:
            self._is_writing = True
            self._tasks.run(self._write_aside(self._file))

    async def _write_aside(self, file: int) -> None:
        """Write what is to be written, in another thread: a disk that hangs holds up nobody who asks whom to call."""
        while self._unwritten:
            slots, self._unwritten = self._unwritten, {}
            await asyncio.to_thread(_write, file, slots)
        self._is_writing = False


def _write(file: int, slots: Mapping[int, bytes]) -> None:
    for slot, content in slots.items():
        with suppress(OSError):
            os.pwrite(file, content, slot * SLOT)


def _place(slot: int) -> bytes:
    return f"unsaved cards\0slot\0{slot}".encode()
