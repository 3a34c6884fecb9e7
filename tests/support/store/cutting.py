"""Interrupts processes: kills them when they begin a write, or limits the size of the files that they may write."""

import asyncio
import contextlib
import resource
import shutil
from collections.abc import AsyncIterator, Sequence
from pathlib import Path

import pytest

WRITES = "pwrite64,fsync,fdatasync,unlink"

SECONDS = 10.0
"""The maximum time for strace to attach to a process, in seconds."""

needs_strace = pytest.mark.skipif(shutil.which("strace") is None, reason="strace kills at the n-th write")


def at_write(number: int) -> tuple[str, ...]:
    """Return the strace command that kills a process as it begins its n-th write."""
    quiet = ("-f", "-qqq", "-o", "/dev/null")  # with --seccomp-bpf, strace would send no signal
    return ("strace", *quiet, "-e", f"trace={WRITES}", "-e", f"inject={WRITES}:signal=KILL:when={number}")


@contextlib.asynccontextmanager
async def watched(watching: Sequence[str], pid: int) -> AsyncIterator[None]:
    """Attach this tracer to a process that waits for its begin."""
    strace = await asyncio.create_subprocess_exec(*watching, "-p", str(pid), start_new_session=True)
    async with asyncio.timeout(SECONDS):
        while not _is_watched(pid):
            assert strace.returncode is None, "strace may not watch here"
            await asyncio.sleep(0.005)
    try:
        yield
    finally:
        await strace.wait()


def limit(pid: int, size: int) -> None:
    """Limit the size in bytes of files that a process writes. -1 removes the limit."""
    _, hard = resource.prlimit(pid, resource.RLIMIT_FSIZE)
    resource.prlimit(pid, resource.RLIMIT_FSIZE, (size, hard))


def _is_watched(pid: int) -> bool:
    return "TracerPid:\t0\n" not in Path(f"/proc/{pid}/status").read_text()
