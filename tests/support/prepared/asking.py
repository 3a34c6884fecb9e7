"""Asking the prepared process for another one, and waiting for how that ends."""

import asyncio
import json
import os
import socket
import subprocess
import sys
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path

from tests.support.places import ROOT


class Forked:
    """A process that was forked: its number, what it prints, and how it ended."""

    def __init__(self, pid: int, printed: asyncio.StreamReader, told: asyncio.StreamReader, begins: int) -> None:
        self.pid = pid
        self.stdout = printed
        self.returncode: int | None = None
        self._begins = begins
        self._ending = asyncio.create_task(self._end(told))

    def begin(self) -> None:
        """Let it run: until then it does nothing."""
        os.write(self._begins, b"!")
        os.close(self._begins)

    async def wait(self) -> int:
        """Wait until it has ended; its exit status, or the signal that ended it as a negative number."""
        return await asyncio.shield(self._ending)

    async def _end(self, told: asyncio.StreamReader) -> int:
        self.returncode = int(await told.readline())
        return self.returncode


async def forked(words: Sequence[str], *, environment: Mapping[str, str], folder: Path) -> Forked:
    """`seraf-bot` with these words in a process and a session of its own, which waits until it is told to begin."""
    printed, told, begins = os.pipe(), os.pipe(), os.pipe()
    request = {"words": list(words), "environment": dict(environment), "folder": str(folder)}
    socket.send_fds(_prepared(), [json.dumps(request).encode()], [printed[1], told[1], begins[0]])
    for each in (printed[1], told[1], begins[0]):
        os.close(each)
    tells = await _reader(told[0])
    return Forked(int(await tells.readline()), await _reader(printed[0]), tells, begins[1])


async def _reader(file: int) -> asyncio.StreamReader:
    reader = asyncio.StreamReader()
    await asyncio.get_running_loop().connect_read_pipe(
        lambda: asyncio.StreamReaderProtocol(reader), os.fdopen(file, "rb", 0)
    )
    return reader


@cache
def _prepared() -> socket.socket:
    """The way to the prepared process, which is begun when it is first asked, and ends with this one."""
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    with theirs:
        command = [sys.executable, "-m", "tests.support.prepared", str(theirs.fileno())]
        subprocess.Popen(command, cwd=ROOT, pass_fds=[theirs.fileno()], start_new_session=True)
    return ours
