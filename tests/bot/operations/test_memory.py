"""Tests that commands over a whole store take no more memory for a large store than for a small one."""

import os
import subprocess
import sys
from secrets import token_hex

import pytest

from bot.trail.chain import Entry
from tests.support.store.keeping import NOON, Keep

ROWS, ROW_BYTES = 8_000, 4_000
ROOM_MEGABYTES = 16
"""The maximum number of extra megabytes of memory for a store that is 32 MB larger."""

TELLING = """
import atexit, pathlib
from bot.cli.main import run
status = pathlib.Path("/proc/self/status")
atexit.register(lambda: print(next(line for line in status.read_text().splitlines() if "VmHWM" in line)))
run()
"""
"""A program that runs a command and prints the peak of its own memory, without that of its parent."""


@pytest.fixture(scope="module")
def keeps(tmp_path_factory: pytest.TempPathFactory) -> tuple[Keep, Keep]:
    folder = tmp_path_factory.mktemp("sizes")
    return Keep.made(folder / "small"), Keep.made(folder / "large")


@pytest.mark.parametrize("words", [("backup", "create"), ("keys", "rotate"), ("audit", "verify")])
async def test_a_large_store_takes_no_more_memory(keeps: tuple[Keep, Keep], words: tuple[str, ...]) -> None:
    small, large = keeps
    if not large.store.exists():
        await small.fill()
        await large.fill()
        store = await large.opened()
        await store.write(
            lambda t: t.audit.append([Entry(NOON, "0a0b0c0d", "begun", token_hex(ROW_BYTES // 2))] * ROWS)
        )
        await store.close()
        assert large.store.stat().st_size > small.store.stat().st_size + ROWS * ROW_BYTES

    file = large.store.stat().st_size / 1_000_000 if words == ("keys", "rotate") else 0
    assert megabytes(large, *words) < megabytes(small, *words) + ROOM_MEGABYTES + file


def megabytes(keep: Keep, *words: str) -> float:
    ended = subprocess.run(
        [sys.executable, "-c", TELLING, *words], env=os.environ | keep.environment, capture_output=True, check=True
    )
    return int(ended.stdout.split()[-2]) / 1024
