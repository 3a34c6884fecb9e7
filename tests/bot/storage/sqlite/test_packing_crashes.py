"""Promise P17: a bot killed while it rewrites its file or changes its keys keeps every acknowledged answer."""

import asyncio
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from bot.crypto.keys import Keychain, load_key_file, load_keys, replace_key_file, successor
from bot.storage.sqlite.examining import copied_to_memory
from tests.support.counts import times
from tests.support.promising import Promise
from tests.support.store.cutting import needs_strace, watched
from tests.support.store.keeping import Keep, erase, person, put

CALLS = "pwrite64,fsync,fdatasync,ftruncate,unlink,rename"
FIRST, ROUNDS, TAPS = 100, 3, 4
LIVE = """
import asyncio, sys
from tests.bot.storage.sqlite import test_packing_crashes as tests
print("ready", flush=True)
sys.stdin.readline()
asyncio.run(tests.live(sys.argv[1]))
"""

pytestmark = needs_strace


def say(word: str) -> None:
    sys.stdout.write(f"{word}\n")
    sys.stdout.flush()


async def live(folder: str) -> None:
    """Rewrite the file, change the keys and rewrite it again while people tap; print each acknowledged answer."""
    keep = Keep(Path(folder))
    store = await keep.opened()
    chain, number = load_keys(keep.key_file), FIRST
    for making in range(ROUNDS):
        assert chain.following is not None
        work = store.change_keys(chain.current, chain.following) if making == 1 else store.scrub()
        made = asyncio.create_task(work)
        for _ in range(TAPS):
            await asyncio.sleep(0.005)
            await store.turns([put(number, f"{number}")])
            say(f"{number}")
            number += 1
        await made
    await store.turns([erase(1)])
    if await store.is_gone(seconds=5):
        say("gone")
    await store.close()


async def killed_at(keep: Keep, number: int) -> tuple[bool, list[str]]:
    """Kill `live` at its n-th call of `CALLS`; return True if it was killed, and the words that it had printed."""
    inject = f"inject={CALLS}:signal=KILL:when={number}"
    watching = ("strace", "-f", "-qqq", "-o", "/dev/null", "-e", f"trace={CALLS}", "-e", inject)
    living = await asyncio.create_subprocess_exec(
        *(sys.executable, "-c", LIVE, str(keep.folder)), stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    assert living.stdin
    assert living.stdout
    assert await living.stdout.readline() == b"ready\n"
    async with watched(watching, living.pid):
        said, _ = await living.communicate(b"\n")
    assert living.returncode in {0, -9}
    return living.returncode != 0, said.decode().split()


async def broken_at(keep: Keep, said: list[str], wrapped: list[bytes]) -> list[str]:
    """Return a text for each answer, row and file that is wrong after the kill."""
    store = await keep.opened()
    acknowledged = [int(word) for word in said if word != "gone"]
    cases = {number: await store.recall(person(number)) for number in acknowledged}
    lost = [
        f"lost {number}" for number, found in cases.items() if not found or f"case {number}" not in str(found[0].case)
    ]
    strange = [*await store.examine(), *(await store.verify()).what]
    others = [await store.recall(person(number)) for number in (0, 2)]
    gone = [await store.recall(person(1))] if "gone" in said else []
    await store.close()
    files = {each.name: each.read_bytes() for each in keep.folder.iterdir() if each.is_file()}
    ours = (".lock", ".key", "seraf.sqlite")
    other = sorted(name for name in files if not name.endswith(ours))
    kept = sorted({name for name, content in files.items() for each in wrapped if "gone" in said and each in content})
    back = [f"{found[0].case} is back" for found in gone if found and found[0].case]
    return [*lost, *strange, *other, *kept, *back, *(["others"] if not all(others) else [])]


@pytest.mark.prove
async def test_a_bot_killed_during_a_vacuum_or_rotation_loses_nothing(tmp_path: Path, promise: Promise) -> None:
    first = Keep.made(tmp_path / "first")
    await first.fill()
    old = load_key_file(first.key_file)
    replace_key_file(first.key_file, Keychain(old, successor(old)))
    with copied_to_memory(first.store) as database:
        wrapped = [key for (key,) in database.execute("SELECT wrapped FROM case_keys")]
    kills, broken, step = 0, dict[int, list[str]](), times(10, 150)
    for number in range(1, 2_000, step):
        keep = Keep(tmp_path / f"killed-{number}")
        shutil.copytree(first.folder, keep.folder)
        is_killed, said = await killed_at(keep, number)
        if found := await broken_at(keep, said, wrapped):
            broken[number] = found
        shutil.rmtree(keep.folder)
        if not is_killed:
            assert len(said) == ROUNDS * TAPS + 1
            break
        kills += 1
    assert broken == {}
    assert kills
    promise.reached("P17", asked=kills, reached=kills, of="bots killed while they write their file anew")
