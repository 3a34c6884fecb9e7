"""Reads a recorded conversation (a walk) from its file. A malformed line raises `NoWalk`."""

import re
from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import cast, get_args
from zoneinfo import ZoneInfo

from tests.fakes.telegram import FaultKind
from tests.fakes.telegram.api.methods import METHODS
from tests.support.walks.model import (
    CHANNELS,
    FOLDER,
    THINGS,
    Act,
    Block,
    Deed,
    Follow,
    GoesWrong,
    ItIsNow,
    NextReference,
    Others,
    Press,
    PressAgain,
    Remark,
    Restarted,
    Send,
    Step,
    Turn,
    Type,
    Walk,
)
from tests.support.walks.writing import CARD, FOLDED, THEN, act_line, step_line

LONDON = ZoneInfo("Europe/London")
MOMENT = "%A %d %B %Y, %H:%M"
_PRESS = re.compile(r"(?:(\d+) × )?\[([^\]]+)\]")


class NoWalk(ValueError):
    """The error for a malformed walk. Its message has the line and what is wrong with it."""


def walk_files(folder: Path = FOLDER) -> list[Path]:
    """Return the paths of all walks in a folder, sorted by number."""
    return sorted(folder.glob("*.walk"), key=lambda path: (len(path.name.partition("-")[0]), path.name))


def read_walk(path: Path) -> Walk:
    lines = path.read_text(encoding="utf-8").split("\n")
    length = lines.index("") if "" in lines else len(lines)
    head = _head(lines[:length])
    return Walk(head, _moment(head["When"]), tuple(_turns(lines[length:])))


def _head(lines: Sequence[str]) -> dict[str, str]:
    head: dict[str, str] = {}
    name = ""
    for line in lines:
        if not line.startswith(" "):
            name, _, line = line.partition(":")
        head[name] = f"{head.get(name, '')} {line.strip()}".strip()
    return head


def _turns(lines: Sequence[str]) -> Iterator[Turn]:
    """Yield the turns of a walk: steps, then an act, then what is shown until the next step or act."""
    steps: list[Step] = []
    shown: list[str] = []
    acts: tuple[Act, ...] = ()
    for line in lines:
        if acts and line[:1] in ("#", ">"):
            yield Turn(tuple(steps), acts, tuple(_blocks(shown)))
            steps, shown, acts = [], [], ()
        if line.startswith("#"):
            steps.append(_step(line))
        elif line.startswith("> "):
            acts = _acts(line[2:])
        elif acts and (line.startswith(CARD) or not line):
            shown.append(line)
        elif line:
            raise NoWalk(f"neither an act, a step nor a card: {line!r}")
    if acts:
        yield Turn(tuple(steps), acts, tuple(_blocks(shown)))


def _acts(line: str) -> tuple[Act, ...]:
    parts = line.split(THEN)
    are_presses = all(_PRESS.fullmatch(part) for part in parts)
    return tuple(_act(part) for part in parts) if are_presses else (_act(line),)


def _act(line: str) -> Act:
    press = _PRESS.fullmatch(line)
    if press:
        return Press(press[2], int(press[1] or 1))
    if line == act_line(PressAgain()):
        return PressAgain()
    if line == act_line(Follow()):
        return Follow()
    thing = line[1:-1] if line.startswith("(") else ""
    return Send(thing) if thing in THINGS else Type(line)


def _step(line: str) -> Step:
    if line.startswith("## "):
        return Remark(line[3:])
    if found := re.fullmatch(r"# It is now (.+)\.", line):
        return ItIsNow(_moment(found[1]))
    if found := re.fullmatch(r"# The next reference is (.+)\.", line):
        return NextReference(found[1])
    if found := re.fullmatch(r"# (\w+) goes wrong once: (\w+)\.", line):
        if found[1] not in METHODS or found[2] not in get_args(FaultKind):
            raise NoWalk(f"no method, or no fault: {line!r}")
        return GoesWrong(found[1], cast(FaultKind, found[2]))
    if line == "# The bot is stopped and started again.":
        return Restarted()
    return _others(line)


def _others(line: str) -> Others:
    """Return what other people do, from the sentence that a walk has for it."""
    number = int("".join(sign for sign in line if sign.isdigit()) or 1)
    for deed in Deed:
        others = Others(deed, 0 if deed in (Deed.CLOSE, Deed.RELEASE) else number)
        if line == step_line(others):
            return others
    raise NoWalk(f"no step: {line!r}")


def _blocks(lines: Sequence[str]) -> Iterator[Block]:
    for part in "\n".join(lines).split("\n\n"):
        unfolded = part.strip("\n").replace(f"\n{FOLDED}", " ")
        text = "\n".join(line.removeprefix(CARD) for line in unfolded.split("\n"))
        channel = next((each for each in CHANNELS if text.startswith(f"[{each}] ")), "")
        if text:
            yield Block(text.removeprefix(f"[{channel}] "), channel)


def _moment(text: str) -> datetime:
    at = datetime.strptime(text, MOMENT).replace(tzinfo=LONDON)
    if f"{at:%A}" != text.split()[0]:
        raise NoWalk(f"{text}: this is a {at:%A}")
    return at
