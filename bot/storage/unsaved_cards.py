"""A small file next to the store that lists the cards whose answers were not saved, so that they are removed after a crash.

It needs no store, no key file and no free disk space: the file has a fixed size, with a slot for each card,
which is sealed under a key derived from the bot's token.
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
"""The number of slots, and the bytes of a slot. A slot lies within one page of the disk, so that it is written whole or not at all."""


class UnsavedCards:
    """The list of cards, open during an `async with`. Callers never wait for the disk, so a card that cannot be written is left out."""

    def __init__(self, store: Path, secret: str) -> None:
        self._path = store.with_name(f"{store.name}.unsaved")
        self._sealer = Sealer(hashlib.sha256(b"unsaved cards\0" + secret.encode()).digest())
        self._file: int | None = None
        self._slots: dict[tuple[str, str], int] = {}
        self._free = set(range(SLOTS))
        self._unwritten: dict[int, bytes] = {}
        self._tasks = BackgroundTasks()
        self._is_writing = False

    async def __aenter__(self) -> Self:
        """Read the cards of the last run, and create the file if there is none."""
        with suppress(OSError):
            self._file = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
            os.fchmod(self._file, 0o600)
            with suppress(OSError):  # the disk may have no room for it by now
                os.posix_fallocate(self._file, 0, SLOTS * SLOT)
            for slot in range(SLOTS):
                content = os.pread(self._file, SLOT, slot * SLOT)
                # A slot that does not open was written under another token, or is empty or damaged.
                with suppress(DamagedValue, UnicodeDecodeError):
                    sealed = content[: sealed_length(BLOCK - 1)]
                    person, _, handle = self._sealer.unseal(sealed, _place(slot)).decode().partition("\n")
                    self._slots[person, handle] = slot
                    self._free.discard(slot)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, _: BaseException | None, __: TracebackType | None
    ) -> None:
        """Wait at most a second for pending writes. If the disk hangs, the file is left open, since a thread is still writing to it."""
        await self._tasks.settle(1.0)
        if self._file is not None and not self._is_writing:
            os.close(self._file)
            self._file = None

    @property
    def standing(self) -> tuple[tuple[str, str], ...]:
        """The person and the message handle of every listed card."""
        return tuple(self._slots)

    def keep(self, person: str, handle: str) -> None:
        """Add the card with this message handle in a person's chat, if there is a free slot."""
        if (person, handle) in self._slots or not self._free:
            return
        slot = self._slots[person, handle] = self._free.pop()
        card = f"{person}\n{handle}".encode()
        if len(card) < BLOCK:
            self._put(slot, self._sealer.seal(card, _place(slot)).ljust(SLOT, b"\0"))

    def forget(self, person: str, handle: str) -> None:
        """Remove a card from the list, since it is no longer in the chat."""
        slot = self._slots.pop((person, handle), None)
        if slot is not None:
            self._free.add(slot)
            self._put(slot, bytes(SLOT))

    def _put(self, slot: int, content: bytes) -> None:
        if self._file is None:
            return
        self._unwritten[slot] = content
        if not self._is_writing:
            self._is_writing = True
            self._tasks.run(self._write(self._file))

    async def _write(self, file: int) -> None:
        """Write the pending slots in another thread, so that a disk that hangs does not delay somebody who asks whom to call."""

        def write(slots: Mapping[int, bytes]) -> None:
            for slot, content in slots.items():
                with suppress(OSError):
                    os.pwrite(file, content, slot * SLOT)

        while self._unwritten:
            slots, self._unwritten = self._unwritten, {}
            await asyncio.to_thread(write, slots)
        self._is_writing = False


def _place(slot: int) -> bytes:
    return f"unsaved cards\0slot\0{slot}".encode()
