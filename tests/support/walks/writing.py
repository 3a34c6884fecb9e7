"""Writes a recorded conversation (a walk) as text: acts after `>`, cards indented, and long lines wrapped."""

import textwrap
from collections.abc import Iterable
from typing import assert_never

from tests.support.walks.model import (
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

HEAD = ("Title", "When", "Reference", "Board", "Channel", "Role", "Notes", "Shows", "Total", "Category", "Leads")
"""The names of the lines at the beginning, in order. The last three are only for walks that reach a result."""

MOMENT = "%A %-d %B %Y, %H:%M"
WIDTH = 100
CARD, FOLDED = " " * 4, " " * 6
"""The indentation of the lines of a card, and of the continuation of a wrapped line."""


def written(walk: Walk) -> str:
    """Return the content of a walk's file."""
    head = [_folded(f"{name + ':':<11}{walk.head[name]}", " " * 11) for name in HEAD if name in walk.head]
    return "\n".join((*head, "", *(f"{_turn(turn)}\n" for turn in walk.turns)))


THEN = " → "
"""Separates presses of which only the last card is shown."""


def act_line(act: Act) -> str:
    """Return an act as it is written after `>`."""
    match act:
        case Press(label, 1):
            return f"[{label}]"
        case Press(label, times):
            return f"{times} × [{label}]"
        case PressAgain():
            return "the same button once more"
        case Type(line):
            return line
        case Send(thing):
            return f"({thing})"
        case Follow():
            return "(the card follows)"
    assert_never(act)


def step_line(step: Step) -> str:
    """Return a step as it is written before an act."""
    match step:
        case ItIsNow(at):
            return f"# It is now {at:{MOMENT}}."
        case Restarted():
            return "# The bot is stopped and started again."
        case GoesWrong(method, kind):
            return f"# {method} goes wrong once: {kind}."
        case NextReference(words):
            return f"# The next reference is {words}."
        case Remark(words):
            return f"## {words}"
        case Others():
            return f"# {others_line(step)}"
    assert_never(step)


def others_line(others: Others) -> str:
    """Return what other people do, as a sentence."""
    match others.deed:
        case Deed.JOIN if others.number == 1:
            return "A colleague joins by the code."
        case Deed.JOIN:
            return f"{others.number} colleagues join by the code."
        case Deed.FINISH if others.number == 1:
            return "The colleague finishes."
        case Deed.FINISH:
            return f"{others.number} of the colleagues finish."
        case Deed.OPEN:
            return f"A trainer opens a room with case {others.number}."
        case Deed.CLOSE:
            return "The trainer closes the room."
        case Deed.RELEASE:
            return "The trainer opens the answers."
    assert_never(others.deed)


def _turn(turn: Turn) -> str:
    steps = [f"{step_line(step)}\n" for step in turn.steps]
    return "\n".join((*steps, f"> {THEN.join(map(act_line, turn.acts))}\n", *_blocks(turn.seen)))


def _blocks(blocks: Iterable[Block]) -> Iterable[str]:
    for block in blocks:
        mark = f"[{block.channel}] " if block.channel else ""
        lines = f"{mark}{block.text}".split("\n")
        yield "\n".join(_folded(f"{CARD}{line}", FOLDED) for line in lines) + "\n"


def _folded(line: str, further: str) -> str:
    return textwrap.fill(
        line, WIDTH, subsequent_indent=further, break_long_words=False, break_on_hyphens=False, drop_whitespace=True
    )
