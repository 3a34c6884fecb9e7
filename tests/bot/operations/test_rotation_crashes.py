"""Tests that a rotation killed at any write is finished by running it again, and that the store works in between.

`kill -9` does not test a power failure, after which writes that had not reached the disk may be missing.
"""

import asyncio
import shutil
from collections.abc import Mapping
from contextlib import nullcontext
from pathlib import Path

import pytest

from bot.crypto.keys import load_key_file, load_keys
from bot.crypto.sealing import KeyRing
from bot.operations.backup.service import newest_file
from bot.storage.session import SqliteSession
from bot.storage.sqlite.examining import copied_to_memory
from bot.storage.sqlite.preparing import own_key
from bot.storage.sqlite.resealing import open_everything
from tests.support.command_line.cli import PLAIN
from tests.support.counts import times
from tests.support.prepared.asking import forked
from tests.support.promising import Promise
from tests.support.store.cutting import needs_strace, watched
from tests.support.store.keeping import Keep

CALLS = "pwrite64,write,ftruncate,fsync,fdatasync,unlink,rename,link"
ROTATE = ("keys", "rotate")
KILLED = -9
ABREAST = 4
"""The number of rotations that are tried at the same time. They mostly wait for the disk."""

pytestmark = needs_strace


async def run(keep: Keep, *watching: str) -> int:
    environment = PLAIN | {"HOME": str(keep.folder)} | keep.environment
    rotating = await forked(ROTATE, environment=environment, folder=keep.folder)
    async with watched(watching, rotating.pid) if watching else nullcontext():
        rotating.begin()
        return await rotating.wait()


async def writes_of(keep: Keep) -> list[tuple[str, int]]:
    log = keep.folder.with_name("strace.log")
    assert await run(keep, "strace", "-qqq", "-o", str(log), "-e", f"trace={CALLS}") == 0
    names = [line.partition("(")[0] for line in log.read_text().splitlines() if not line.startswith("+++")]
    return [(name, names[: place + 1].count(name)) for place, name in enumerate(names)]


def copy_of(keep: Keep, name: str) -> Keep:
    folder = keep.folder.with_name(name)
    shutil.copytree(keep.folder, folder)
    again = Keep(folder)
    shutil.copy2(keep.identity, again.identity)
    return again


async def is_killed_at(keep: Keep, call: str, number: int) -> bool:
    inject = f"inject={call}:signal=KILL:when={number}"
    return await run(keep, "strace", "-qqq", "-o", "/dev/null", "-e", f"trace={call}", "-e", inject) == KILLED


async def is_finished(keep: Keep, old: KeyRing, before: Mapping[str, object]) -> bool:
    """Return True if all data is unchanged and under the new keys alone, and no file is missing or left over."""
    chain = load_keys(keep.key_file)
    with copied_to_memory(keep.store) as database:
        is_new = (
            own_key(database) == chain.current.id != old.id
            and open_everything(SqliteSession(database), old).opened == 0
        )
    names = {path.name for path in keep.folder.iterdir()} - {newest_file(keep.store).name}
    is_tidy = (
        names == {"backups", "seraf.key", "seraf.sqlite", *(f"seraf.sqlite{each}.lock" for each in ("", ".log"))}
        and len(list(keep.backups.glob("seraf-*.age"))) > 0
    )
    return is_new and is_tidy and chain.following is None and await keep.everything() == before


@pytest.mark.prove
async def test_a_rotation_killed_at_any_write_is_finished_by_the_next(tmp_path: Path, promise: Promise) -> None:
    first = Keep.made(tmp_path / "first")
    await first.fill()
    before, old = await first.everything(), load_key_file(first.key_file)
    writes = await writes_of(copy_of(first, "counted"))
    chosen = writes[:: max(1, len(writes) // times(len(writes), 2))]
    room = asyncio.Semaphore(ABREAST)

    async def broken_at(call: str, number: int) -> tuple[object, ...]:
        async with room:
            keep = copy_of(first, f"killed-{call}-{number}")
            is_killed = await is_killed_at(keep, call, number)
            is_readable = await keep.everything() == before
            is_run_again = await run(keep) == 0
            is_whole = is_killed and is_readable and is_run_again and await is_finished(keep, old, before)
            shutil.rmtree(keep.folder)
        return () if is_whole else (call, number, is_killed, is_readable, is_run_again)

    broken = [found for found in await asyncio.gather(*(broken_at(*each) for each in chosen)) if found]

    reached = len(chosen) - len(broken)
    assert broken == []
    promise.reached("P17", asked=len(chosen), reached=reached, of="rotations killed at a write and run again")
