"""Requests processes from the prepared process, and waits for their end."""

import asyncio
import json
import os
import socket
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from functools import cache
from pathlib import Path
from tempfile import TemporaryFile
from typing import NamedTuple

from tests.support.places import ROOT

Watching = Callable[[int], AbstractContextManager[None]] | None
"""A function from a process id to a context within which that process is watched, for instance by strace."""


class _Request(NamedTuple):
    words: Sequence[str]
    environment: Mapping[str, str]
    folder: Path


class Forked:
    """A forked process, with its id, output and exit status."""

    def __init__(self, pid: int, printed: asyncio.StreamReader, told: asyncio.StreamReader, begins: int) -> None:
        self.pid = pid
        self.stdout = printed
        self.returncode: int | None = None
        self._begins = begins
        self._ending = asyncio.create_task(self._end(told))

    def begin(self) -> None:
        """Let the process run. It waits until this is called."""
        os.write(self._begins, b"!")
        os.close(self._begins)

    async def wait(self) -> int:
        """Wait for the end of the process. Return its exit status, which is negative if a signal ended it."""
        return await asyncio.shield(self._ending)

    async def _end(self, told: asyncio.StreamReader) -> int:
        self.returncode = int(await told.readline())
        return self.returncode


async def forked(words: Sequence[str], *, environment: Mapping[str, str], folder: Path) -> Forked:
    """Fork a process that runs `seraf-bot` with these arguments, in its own session, once `begin` is called."""
    nothing, printed, begins, result = os.open(os.devnull, os.O_RDONLY), os.pipe(), os.pipe(), os.pipe()
    request = _Request(words, environment, folder)
    _ask(request, nothing, printed[1], os.dup(printed[1]), begins[0], result[1])
    tells = await _reader(result[0])
    return Forked(int(await tells.readline()), await _reader(printed[0]), tells, begins[1])


def ran(
    words: Sequence[str], *, environment: Mapping[str, str], folder: Path, typed: bytes = b"", watching: Watching = None
) -> subprocess.CompletedProcess[bytes]:
    """Run `seraf-bot` with these arguments in a process of its own until it ends. Return its exit status and output."""
    with TemporaryFile() as read, TemporaryFile() as out, TemporaryFile() as err:
        read.write(typed)
        read.seek(0)
        begins, result = os.pipe(), os.pipe()
        streams = [os.dup(each.fileno()) for each in (read, out, err)]
        _ask(_Request(words, environment, folder), *streams, begins[0], result[1])
        with os.fdopen(result[0]) as tells:
            pid = int(tells.readline())
            with watching(pid) if watching else nullcontext():
                os.write(begins[1], b"!")
                os.close(begins[1])
                status = int(tells.readline())
        for each in (out, err):
            each.seek(0)
        return subprocess.CompletedProcess(list(words), status, out.read(), err.read())


def _ask(request: _Request, *files: int) -> None:
    """Send a request with these open files to the prepared process, and close them here."""
    content = {"words": list(request.words), "environment": dict(request.environment), "folder": str(request.folder)}
    socket.send_fds(_prepared(), [json.dumps(content).encode()], files)
    for each in files:
        os.close(each)


async def _reader(file: int) -> asyncio.StreamReader:
    reader = asyncio.StreamReader()
    await asyncio.get_running_loop().connect_read_pipe(
        lambda: asyncio.StreamReaderProtocol(reader), os.fdopen(file, "rb", 0)
    )
    return reader


@cache
def _prepared() -> socket.socket:
    """Start the prepared process on the first call, and return the socket to it. It ends with this process."""
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    with theirs:
        command = [sys.executable, "-m", "tests.support.prepared", str(theirs.fileno())]
        subprocess.Popen(command, cwd=ROOT, pass_fds=[theirs.fileno()], start_new_session=True)
    return ours
