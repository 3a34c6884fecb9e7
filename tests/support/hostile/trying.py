"""A program that gives hostile input to the bot in a process of its own, whose memory can be measured.

`python -m tests.support.hostile.trying KIND FROM TO` prints as JSON what went wrong, by seed, and its peak memory.
"""

import asyncio
import json
import random
import re
import shutil
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from telegram.error import TelegramError

from bot.channels.telegram.reader import UpdateReader
from bot.channels.telegram.request import AiohttpRequest, DirectBot
from bot.cli.terminal import UNSEEN
from bot.conversation.talk import Talk
from bot.rehearsal.mode import REHEARSALS
from bot.runtime.clock import SystemClock
from tests.support.command_line.cli import Ran, run
from tests.support.hostile import making
from tests.support.shipped import SCRIPT
from tests.support.store.keeping import write_identity

SECONDS, LINES, CHARACTERS = 10.0, 60, 200_000
"""The limits for one input: seconds, printed lines on failure (fifty errors and more), and printed characters."""

BENIGN = {"COLUMNS": "300"}


def of_request(chance: random.Random, folder: Path) -> Ran:
    """Run `score` on a hostile request."""
    return run(folder, "score", typed=making.request(chance), settings=BENIGN)


def of_pack(chance: random.Random, folder: Path) -> Ran:
    """Run `items` on a hostile pack, in a folder whose name contains terminal control codes."""
    place = folder / "pack\x1b]0;x\x07"
    place.mkdir()
    making.pack(chance, place)
    return run(folder, "items", settings=BENIGN | {"SERAF_PACK": str(place)})


def of_settings(chance: random.Random, folder: Path) -> Ran:
    """Run a command that reads every setting from a hostile `.env` file."""
    (folder / ".env").write_bytes(making.settings(chance))
    (folder / ".env").chmod(0o600)
    return run(folder, "backup", "create", settings=BENIGN)


def of_backup(chance: random.Random, folder: Path) -> Ran:
    """Run `backup verify` on a hostile backup, whose name contains terminal control codes."""
    recipient = write_identity(folder / "identity.txt")
    (folder / "b\x1b[2J.age").write_bytes(making.backup(chance, recipient))
    run(folder, "init", settings=BENIGN)
    return run(folder, "backup", "verify", "b\x1b[2J.age", "--identity", "identity.txt", settings=BENIGN)


def of_answer(chance: random.Random, _: Path) -> Ran:
    """Parse a hostile Bot API reply as the bot does."""
    reader = UpdateReader(DirectBot("1:x"), Talk(SCRIPT, SystemClock(), lambda: "x", REHEARSALS))
    try:
        result = AiohttpRequest.parse_json_payload(making.answer(chance)).get("result")
    except TelegramError as error:
        return Ran(2, "", str(error))
    for raw in result if isinstance(result, list) else ():
        if isinstance(raw, dict) and isinstance(raw.get("update_id"), int):
            reader.read(raw)
    return Ran(0, "", "")


KINDS: dict[str, Callable[[random.Random, Path], Ran]] = {
    "requests": of_request,
    "packs": of_pack,
    "settings": of_settings,
    "backups": of_backup,
    "answers": of_answer,
}


def wrong_with(kind: str, seed: int) -> str:
    """Return what went wrong with the input of this seed, or an empty text."""
    folder = Path(tempfile.mkdtemp())
    began = time.monotonic()
    try:
        ran = KINDS[kind](random.Random(f"{kind} {seed}"), folder)
    except BaseException as error:
        return f"broke with {type(error).__name__}: {str(error)[:200]!a}"
    finally:
        shutil.rmtree(folder)
    took, said = time.monotonic() - began, ran.out + ran.err
    faults = (
        (took > SECONDS, f"took {took:.0f} s"),
        (ran.status not in (0, 1, 2), f"ended with {ran.status}"),
        (UNSEEN.search(said) is not None, f"printed {UNSEEN.findall(said)[:3]!a}"),
        (ran.status != 0 and said.count("\n") > LINES, f"printed {said.count(chr(10))} lines"),
        (len(said) > CHARACTERS, f"printed {len(said)} characters"),
    )
    return "; ".join(what for is_so, what in faults if is_so)


def _most_memory() -> int:
    """Return the peak memory of this process in MB. `ru_maxrss` would include the memory of the parent process."""
    (most,) = re.findall(r"VmHWM:\s+(\d+) kB", Path("/proc/self/status").read_text(encoding="ascii"))
    return int(most) // 1024


def main() -> None:
    kind, first, last = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
    asyncio.set_event_loop(asyncio.new_event_loop())
    wrong = {seed: what for seed in range(first, last) if (what := wrong_with(kind, seed))}
    print(json.dumps({"wrong": wrong, "megabytes": _most_memory()}))  # noqa: T201


if __name__ == "__main__":
    main()
