"""The command line as a user runs it: in a folder of its own, without the settings of the developer's environment.

It runs in this process, through the real entry point. `run_apart` starts another process.
"""

import contextlib
import io
import logging
import os
import sys
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import structlog

from bot.cli import main
from bot.runtime.logs import SILENT
from tests.support.places import ROOT
from tests.support.prepared.asking import ran

PLAIN = {"PATH": os.environ["PATH"], "LANG": "C.UTF-8", "PYTHONDONTWRITEBYTECODE": "1", "PYTHONPATH": str(ROOT)}
PLAIN["SERAF_OPERATOR"] = "anna"
COMMAND = (sys.executable, "-m", "bot.cli.main")


@dataclass(frozen=True, slots=True)
class Ran:
    """The outcome of a command: its exit status, standard output and standard error."""

    status: int
    out: str
    err: str


def run(folder: Path, *words: str, typed: bytes = b"", settings: dict[str, str] | None = None) -> Ran:
    """Run `seraf-bot` with these arguments in this folder, which is also its home. `typed` is its standard input."""
    with _at_home(folder, ["seraf-bot", *words], PLAIN | {"HOME": str(folder)} | (settings or {})):
        streams = [io.TextIOWrapper(io.BytesIO(content), encoding="utf-8") for content in (typed, b"", b"")]
        sys.stdin, sys.stdout, sys.stderr = streams
        status: object = 0
        try:
            main.run()
        except SystemExit as left:
            status = left.code or 0
        out, err = (_printed(stream) for stream in streams[1:])
    assert isinstance(status, int)
    return Ran(status, out, err)


def run_apart(folder: Path, *words: str, typed: bytes = b"", settings: dict[str, str] | None = None) -> Ran:
    """Run the same as `run`, in a process of its own."""
    environment = PLAIN | {"HOME": str(folder)} | (settings or {})
    ended = ran(words, environment=environment, folder=folder, typed=typed)
    return Ran(ended.returncode, ended.stdout.decode(), ended.stderr.decode())


@contextlib.contextmanager
def _at_home(folder: Path, words: list[str], environment: dict[str, str]) -> Iterator[None]:
    """Change folder, arguments and environment within the context; then restore them, streams, hooks and logs."""
    before = dict(os.environ), sys.argv, sys.stdin, sys.stdout, sys.stderr
    hooks, mask = (sys.excepthook, sys.unraisablehook, threading.excepthook), os.umask(0o022)
    os.umask(mask)
    with contextlib.chdir(folder):
        os.environ.clear()
        os.environ.update(environment)
        sys.argv = words
        try:
            yield
        finally:
            os.environ.clear()
            os.environ.update(before[0])
            _, sys.argv, sys.stdin, sys.stdout, sys.stderr = before
            sys.excepthook, sys.unraisablehook, threading.excepthook = hooks
            os.umask(mask)
            structlog.reset_defaults()
            for name in SILENT:
                logging.getLogger(name).propagate = True


def _printed(stream: io.TextIOWrapper) -> str:
    stream.flush()
    content = stream.buffer
    assert isinstance(content, io.BytesIO)
    return content.getvalue().decode()
