"""The process from which others are forked: `python -m tests.support.prepared SOCKET`, ended when the socket is closed.

Each request is what to run as JSON, with three open files: where it prints, where its number and exit status are
written, and one from which it reads a byte before it begins.
"""

import ctypes
import gc
import json
import os
import signal
import socket
import sys
from collections.abc import Mapping
from importlib import import_module
from typing import Any

from bot.cli import main
from bot.runtime.packs import SHIPPED, load_pack
from tests.support.pack.read_once import read_packs_once

NEEDED = (
    "bot.cli.operate.run_bot",
    "bot.cli.operate.run_web",
    "bot.crypto.references",
    "bot.web_wiring",
    "bot.wiring",
    "holidays.countries",
    "holidays.countries.united_kingdom",
    "structlog",
)
"""What a bot imports before it is ready."""

MOST = 1 << 16
"""Bytes of a request."""

PR_SET_PTRACER, ANYBODY = 0x59616D61, ctypes.c_ulong(-1)


def serve(asked: socket.socket) -> None:
    """Fork once for every request. Each is kept by a process that waits for it and tells how it ended."""
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # the keepers end by themselves
    while True:
        request, files, *_ = socket.recv_fds(asked, MOST, 3)
        if not request:
            return
        if os.fork() == 0:
            asked.close()
            keep(json.loads(request), *files)
        for each in files:
            os.close(each)


def keep(request: Mapping[str, Any], printed: int, told: int, begins: int) -> None:
    """Fork the process, tell its number, wait for it, and tell its exit status."""
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    number = os.fork()
    if number == 0:
        os.close(told)
        become(request, printed, begins)
    os.close(printed)
    os.write(told, f"{number}\n".encode())
    _, status = os.waitpid(number, 0)
    os.write(told, f"{os.waitstatus_to_exitcode(status)}\n".encode())
    os._exit(0)


def become(request: Mapping[str, Any], printed: int, begins: int) -> None:
    """Be `seraf-bot` with these words, as if it had just been started."""
    os.setsid()
    ctypes.CDLL(None).prctl(PR_SET_PTRACER, ANYBODY)  # strace is no parent of this
    nothing = os.open(os.devnull, os.O_RDONLY)
    for source, target in ((nothing, 0), (printed, 1), (printed, 2)):
        os.dup2(source, target)
    sys.stdin, sys.stdout, sys.stderr = os.fdopen(0), os.fdopen(1, "w"), os.fdopen(2, "w", 1)
    os.environ.clear()
    os.environ.update(request["environment"])
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
