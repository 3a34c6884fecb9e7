"""Processes that are cut short: killed as they begin a write, or left without room for a file to grow."""

import resource
import shutil

import pytest

WRITES = "pwrite64,fsync,fdatasync,unlink"

needs_strace = pytest.mark.skipif(shutil.which("strace") is None, reason="strace kills at the n-th write")


def at_write(number: int) -> tuple[str, ...]:
    """What to put before a command, so that the process is killed as it begins its n-th write."""
    quiet = ("-f", "-qqq", "-o", "/dev/null")  # with --seccomp-bpf no signal is injected
    return ("strace", *quiet, "-e", f"trace={WRITES}", "-e", f"inject={WRITES}:signal=KILL:when={number}")


def limit(pid: int, size: int) -> None:
    """Let a process write no file beyond this size; -1 gives it room again."""
    _, hard = resource.prlimit(pid, resource.RLIMIT_FSIZE)
    resource.prlimit(pid, resource.RLIMIT_FSIZE, (size, hard))
