"""Replays a recorded conversation (a walk) at the terminal. Buttons are typed by label, number or beginning in turn."""

import io
import re
from collections.abc import Iterator, Sequence

from rich.console import Console

from bot.channels.terminal import Terminal
from bot.conversation.conversation import OpenConversation
from bot.rehearsal.mode import REHEARSALS
from dialogs.core.acts import Tick
from dialogs.core.replies import Card
from dialogs.turn.typed import NO
from seraf.reference import fold
from tests.support.walks.boards import script_of
from tests.support.walks.clock import Surroundings
from tests.support.walks.core import Scene
from tests.support.walks.model import TERMINAL, Press, PressAgain, Send, Sight, Type, Walk

WIDTH = 60

PRINTED = re.compile(r"^SERAF SUMMARY .*?(?=^─{60}$)", re.MULTILINE | re.DOTALL)
"""A printed summary, up to the next card. Walks contain only cards and toasts, so it is removed from the output."""


def is_for_a_terminal(scene: Scene) -> bool:
    """Return True if typed lines can play the act. A terminal has no old buttons and no media."""
    return not isinstance(scene.act, Send | PressAgain)


async def printed(walk: Walk, scenes: Sequence[Scene]) -> list[str]:
    """Return what the terminal prints after each act. It types the first `/start` itself."""
    around = Surroundings(walk.at, walk.reference)
    out = io.StringIO()
    console = Console(file=out, width=WIDTH, highlight=False, markup=False, emoji=False, soft_wrap=True)
    terminal = Terminal(
        OpenConversation(script_of(TERMINAL, walk), around, around.reference, REHEARSALS), console, echoes=True
    )
    found: list[str] = []
    await terminal.talk(_lines(scenes[1:], around, out, found))
    found.append(_taken(out))
    return found


def as_printed(sight: Sight, line: str, pressed: str = "") -> str:
    """Return what a terminal must print after this line was typed, or by itself if the line is empty.

    `pressed` is the label of the button. After a number, the terminal repeats it.
    """
    *others, rows = sight
    said = [f"{text}\n" for text in others[:1] if text.startswith("(") and text.endswith(")")]
    paragraphs = "".join(f"{text.replace('**', '')}\n\n" for text in others[len(said) :])
    meant = f"{line} [{pressed}]\n" if pressed and line.isdecimal() else ""
    echo = f"> {line}\n{meant}" if line else ""
    return f"{echo}{''.join(said)}{'─' * WIDTH}\n{paragraphs}{_numbered(rows)}\n\n"


def typed(scene: Scene, number: int) -> str:
    """Return the line to type for an act: in turn the label, the number, or the shortest unique beginning."""
    match scene.act:
        case Press(label) if scene.before:
            ways = (label, _number(label, scene.before), _beginning(label, scene.before))
            return ways[number % len(ways)]
        case Type(line):
            return line
    raise AssertionError(f"not for a terminal: {scene.act}")


def _lines(scenes: Sequence[Scene], around: Surroundings, out: io.StringIO, found: list[str]) -> Iterator[str]:
    """Yield the lines to type, and record before each what was printed."""
    for number, scene in enumerate(scenes, 1):
        found.append(_taken(out))
        around.heed(scene.steps)
        yield typed(scene, number)


def _taken(out: io.StringIO) -> str:
    text = out.getvalue()
    out.seek(0)
    out.truncate()
    return PRINTED.sub("", text)


def _numbered(rows: str) -> str:
    number = 0
    lines = []
    for row in rows.split("\n"):
        labels = row.removeprefix("[").removesuffix("]").split("] [")
        lines.append("   ".join(f"{number + place} [{label}]" for place, label in enumerate(labels, 1)))
        number += len(labels)
    return "\n".join(lines)


def _number(label: str, card: Card) -> str:
    return str([button.label for button in card.buttons].index(label) + 1)


def _beginning(label: str, card: Card) -> str:
    """Return the shortest beginning of a label, in lower case, that no other button has; else the label, as for what ticks."""
    if any(isinstance(button.act, Tick) and button.label == label for button in card.buttons):
        return label
    others = [fold(button.label) for button in card.buttons if button.label != label]
    plain = label.lower().replace("–", "-")
    for length in range(1, len(plain)):
        begun = plain[:length]
        if (
            fold(begun) not in ("", NO)
            and begun == begun.strip()
            and not begun.isdecimal()
            and not any(each.startswith(fold(begun)) for each in others)
        ):
            return begun
    return label
