"""A walk replayed at the terminal: one line per act, in turn a label, a number or the beginning of a label."""

import io
import re
from collections.abc import Iterator, Sequence

from rich.console import Console

from bot.channels.terminal import Terminal
from bot.conversation.conversation import OpenConversation
from bot.rehearsal.mode import REHEARSALS
from dialogs.core.replies import Card
from seraf.reference import fold
from tests.support.walks.boards import script_of
from tests.support.walks.clock import Surroundings
from tests.support.walks.core import Scene
from tests.support.walks.model import TERMINAL, Press, PressAgain, Send, Sight, Type, Walk

WIDTH = 60

PRINTED = re.compile(r"^SERAF SUMMARY .*?(?=^─{60}$)", re.MULTILINE | re.DOTALL)
"""A summary that was asked for, up to the card after it. A walk shows cards, and what is said in passing."""


def is_for_a_terminal(scene: Scene) -> bool:
    """True if lines alone can play it, with no button that outlives its card."""
    return not isinstance(scene.act, Send | PressAgain)


async def printed(walk: Walk, scenes: Sequence[Scene]) -> list[str]:
    """Return a terminal's output after each act. The first `/start` is the terminal's own."""
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
    """How a terminal prints what is shown after a line was typed (the empty one for what it prints by itself).

    `pressed` is the label that was meant: of a number it is said which button it was.
    """
    *others, rows = sight
    said = [f"{text}\n" for text in others[:1] if text.startswith("(") and text.endswith(")")]
    paragraphs = "".join(f"{text.replace('**', '')}\n\n" for text in others[len(said) :])
    meant = f"{line} [{pressed}]\n" if pressed and line.isdecimal() else ""
    echo = f"> {line}\n{meant}" if line else ""
    return f"{echo}{''.join(said)}{'─' * WIDTH}\n{paragraphs}{_numbered(rows)}\n\n"


def typed(scene: Scene, number: int) -> str:
    """Return the line of the act: in turn by label, by number, and by the shortest beginning."""
    match scene.act:
        case Press(label) if scene.before:
            ways = (label, _number(label, scene.before), _beginning(label, scene.before))
            return ways[number % len(ways)]
        case Type(line):
            return line
    raise AssertionError(f"not for a terminal: {scene.act}")


def _lines(scenes: Sequence[Scene], around: Surroundings, out: io.StringIO, found: list[str]) -> Iterator[str]:
    """Yield the lines one by one, recording the output before each."""
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
    """Return the shortest beginning, in lower case with plain dashes, that fits no other button; else the label."""
    others = [fold(button.label) for button in card.buttons if button.label != label]
    plain = label.lower().replace("–", "-")
    for length in range(1, len(plain)):
        begun = plain[:length]
        if (
            fold(begun)
            and begun == begun.strip()
            and not begun.isdecimal()
            and not any(each.startswith(fold(begun)) for each in others)
        ):
            return begun
    return label
