"""What a typed line means on a card without pressable buttons: a number, a label, the start of a label, or a command."""

from dataclasses import dataclass

from dialogs.core.replies import Button, Card
from dialogs.turn.commands import NAMES
from seraf.reference import fold


@dataclass(frozen=True, slots=True)
class TypedCommand:
    """A typed command: its name in lower case, and the words after it."""

    name: str
    words: str


@dataclass(frozen=True, slots=True)
class Unclear:
    """A line that is neither a button nor a command. `candidates` are the labels that start with it, if more than one."""

    candidates: tuple[str, ...] = ()


def resolve(line: str, card: Card) -> Button | TypedCommand | Unclear:
    """Return the button that a line names, else the command that it is, else why it is neither. Case and dashes do not
    matter.

    At a card that takes words, a command needs its slash: a note may begin with “call” or “explain”.
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
    button = begun[0] if len(begun) == 1 else None
    if button:
        return button
    candidates = _beginning(words, card)
    if not candidates and command.name in NAMES and not card.takes_words:
        return command
    return Unclear(tuple(each.label for each in candidates))


def _beginning(words: str, card: Card) -> list[Button]:
    wanted = fold(words)
    return [button for button in card.buttons if fold(button.label).startswith(wanted)] if wanted else []
