"""A rotation that is killed at any write is finished by running it again, and the bot works in between.

`kill -9` is not power loss: what the disk had not yet written when the current went is another matter.
"""

import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

from bot.crypto.keys import load_key_file, load_keys
from bot.crypto.sealing import KeyRing
from bot.storage.sqlite.database.copying import copied
from bot.storage.sqlite.own_keys import own_key
from bot.storage.sqlite.resealing import open_everything
from tests.support.command_line.cli import PLAIN
from tests.support.counts import times
from tests.support.promising import Promise
from tests.support.store.keeping import Keep

CALLS = "pwrite64,write,ftruncate,fsync,fdatasync,unlink,rename,link"
ROTATE = (sys.executable, "-c", "from bot.cli.operate.keys import app; app()", "rotate")
KILLED = (-9, 128 + 9)
TIMEOUT = 60

pytestmark = pytest.mark.skipif(shutil.which("strace") is None, reason="strace kills at the n-th write")


def run(keep: Keep, *before: str) -> int:
    """Rotate the keys in a process of its own; its exit status."""
    environment = PLAIN | {"HOME": str(keep.folder)} | keep.environment
    ended = subprocess.run([*before, *ROTATE], cwd=keep.folder, env=environment, capture_output=True, timeout=TIMEOUT)
    return ended.returncode


def writes_of(keep: Keep) -> list[tuple[str, int]]:
    """Every write that a rotation with its backup makes, in order: which call, and the how manieth of it."""
    log = keep.folder.with_name("strace.log")
    assert run(keep, "strace", "-qqq", "-o", str(log), "-e", f"trace={CALLS}") == 0
    names = [line.partition("(")[0] for line in log.read_text().splitlines()]
    return [(name, names[: place + 1].count(name)) for place, name in enumerate(names)]


def copy_of(keep: Keep, name: str) -> Keep:
    """The same folder again, with the same identity, under another name."""
    folder = keep.folder.with_name(name)
    shutil.copytree(keep.folder, folder)
    again = Keep(folder)
    shutil.copy2(keep.identity, again.identity)
    return again


def is_killed_at(keep: Keep, call: str, number: int) -> bool:
    """Rotate, and be killed as the n-th such call begins; whether it came so far."""
    inject = f"inject={call}:signal=KILL:when={number}"
    return run(keep, "strace", "-qqq", "-o", "/dev/null", "-e", f"trace={call}", "-e", inject) in KILLED


async def is_finished(keep: Keep, old: KeyRing, before: Mapping[str, object]) -> bool:
    """Whether all is as it was, under new keys alone, and the old ones open nothing."""
    chain = load_keys(keep.key_file)
    with copied(keep.store) as database:
        is_new = own_key(database) == chain.current.id != old.id and open_everything(database, old).opened == 0
    names = {path.name for path in keep.folder.iterdir()}
    is_tidy = (
        names == {"backups", "seraf.key", "seraf.sqlite", "seraf.sqlite.log.lock"}
        and len(list(keep.backups.glob("seraf-*.age"))) > 0
    )
    return is_new and is_tidy and chain.following is None and await keep.everything() == before


@pytest.mark.prove
async def test_a_rotation_killed_at_any_write_is_finished_by_the_next(tmp_path: Path, promise: Promise) -> None:
    """After each kill the store opens with the key file as it stands, with everything in it; the next run finishes."""
    first = Keep.made(tmp_path / "first")
    await first.fill()
    before, old = await first.everything(), load_key_file(first.key_file)
    writes = writes_of(copy_of(first, "counted"))
    chosen = writes[:: max(1, len(writes) // times(len(writes), 2))]
    broken = []

    for call, number in chosen:
        keep = copy_of(first, f"killed-{call}-{number}")
        is_killed = is_killed_at(keep, call, number)
        is_readable = await keep.everything() == before
        is_run_again = run(keep) == 0
        if not (is_killed and is_readable and is_run_again and await is_finished(keep, old, before)):
            broken.append((call, number, is_killed, is_readable, is_run_again))
        shutil.rmtree(keep.folder)

    reached = len(chosen) - len(broken)
    assert broken == []
    promise.reached("P17", asked=len(chosen), reached=reached, of="rotations killed at a write and run again")
