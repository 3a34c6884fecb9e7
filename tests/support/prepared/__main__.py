"""The prepared process, from which others are forked: `python -m tests.support.prepared SOCKET`.

It ends when SOCKET is closed. Each request is JSON with five open files: standard input, output and error; a pipe from
which the new process reads a byte before it begins; and a pipe that gets its process id and its exit status.
"""

import ctypes
import gc
import json
import os
import signal
import socket
import sys
from collections.abc import Mapping, Sequence
from importlib import import_module
from typing import Any

from bot.cli import main
from bot.runtime.packs import SHIPPED, load_pack
from tests.support.pack.read_once import read_packs_once

NEEDED = (
    *(place.partition(":")[0] for place in main.COMMANDS.values()),
    "bot.crypto.at_random",
    "bot.channels.telegram.connecting",
    "bot.channels.web.serving",
    "bot.wiring",
    "holidays.countries.united_kingdom",
    "structlog",
)
"""The modules that are imported in advance: every command, and what a bot imports before it is ready."""

MOST, FILES = 1 << 16, 5
"""The maximum size of a request in bytes, and the number of files that come with it."""

PR_SET_PTRACER, ANYBODY = 0x59616D61, ctypes.c_ulong(-1)


def serve(asked: socket.socket) -> None:
    """Fork once for each request. The forked process, the keeper, starts the bot, waits for it, and reports its end."""
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody waits for the keepers
    while True:
        request, files, *_ = socket.recv_fds(asked, MOST, FILES)
        if not request:
            return
        if os.fork() == 0:
            asked.close()
            keep(json.loads(request), files)
        for each in files:
            os.close(each)


def keep(request: Mapping[str, Any], files: Sequence[int]) -> None:
    """Fork the process that runs the bot, report its process id, wait for it, and report its exit status."""
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    *streams, begins, result = files
    number = os.fork()
    if number == 0:
        os.close(result)
        become(request, streams, begins=begins)
    for each in (*streams, begins):
        os.close(each)
    os.write(result, f"{number}\n".encode())
    _, status = os.waitpid(number, 0)
    os.write(result, f"{os.waitstatus_to_exitcode(status)}\n".encode())
    os._exit(0)


def become(request: Mapping[str, Any], streams: Sequence[int], *, begins: int) -> None:
    """Run `seraf-bot` with the arguments of the request, as if it had just been started."""
    os.setsid()
    signal.signal(signal.SIGHUP, signal.SIG_DFL)  # otherwise the bot would ignore SIGHUP if the tests run under `nohup`
    ctypes.CDLL(None).prctl(PR_SET_PTRACER, ANYBODY)  # lets strace, which is no parent of this process, trace it
    for target, source in enumerate(streams):
        os.dup2(source, target)
        os.close(source)
    os.environ.clear()
    os.environ.update(request["environment"])
    code = os.environ.get("PYTHONIOENCODING", "utf-8")
    sys.stdin, sys.stdout = os.fdopen(0, encoding=code), os.fdopen(1, "w", encoding=code)
    sys.stderr = os.fdopen(2, "w", 1, encoding=code)
    os.chdir(request["folder"])
    sys.argv = ["seraf-bot", *request["words"]]
    os.read(begins, 1)
    os.close(begins)
    main.run()


if __name__ == "__main__":
    for name in NEEDED:
        import_module(name)
    read_packs_once()
    load_pack(SHIPPED)
    gc.freeze()
    with socket.socket(fileno=int(sys.argv[1])) as asked:
        serve(asked)
