"""The meaning of a line typed on a channel without buttons: the number or label of a button, or a command."""

from dataclasses import dataclass

from dialogs.core.acts import Tick
from dialogs.core.page import Button
from dialogs.core.replies import Card
from dialogs.turn.commands import NAMES
from seraf.reference import fold

TAKING_WORDS = ("ask", "explain", "guide", "review", "join", "look", "rehearse", "people")
"""The commands that take words, also without a slash."""


NO = "no"
"""What is never taken for the beginning of “Not known”."""


@dataclass(frozen=True, slots=True)
class TypedCommand:
    """A typed command: its name in lower case, without the slash, and the text after it."""

    name: str
    words: str


@dataclass(frozen=True, slots=True)
class Unclear:
    """A line that means neither a button nor a command. If several labels begin with it, `candidates` are these."""

    candidates: tuple[str, ...] = ()


def resolve(line: str, card: Card) -> Button | TypedCommand | Unclear:
    """Return the button or the command that a line means, or `Unclear`. Upper and lower case and dashes do not matter.

    A line may be the beginning of a label, unless that ticks something. A command needs its slash if words follow that it
    does not take. If the card takes notes, it always does, since a note may begin with “call” or “explain”.
    """
    words = line.strip()
    if words.isdecimal() and 1 <= int(words) <= len(card.buttons):
        return card.buttons[int(words) - 1]
    name, _, rest = words.removeprefix("/").partition(" ")
    command = TypedCommand(name.lower().partition("@")[0], rest.strip())
    if words.startswith("/"):
        return command
    exact = [button for button in card.buttons if fold(button.label) == fold(words)]
    begun = exact or _beginning(words, card)
    if len(begun) == 1 and (fold(words) != NO or fold(begun[0].label).split()[0] == NO):
        return begun[0]
    is_command = command.name in NAMES and (not command.words or command.name in TAKING_WORDS)
    if not begun and is_command and not card.takes_words:
        return command
    return Unclear(tuple(each.label for each in begun))


def _beginning(words: str, card: Card) -> list[Button]:
    wanted = fold(words)[:1] if fold(words) == NO else fold(words)
    buttons = [button for button in card.buttons if not isinstance(button.act, Tick)]
    return [button for button in buttons if fold(button.label).startswith(wanted)] if wanted else []
