"""What a typed line means on a card whose buttons cannot be pressed: a number, a label, a label's beginning, or a command."""

from dataclasses import dataclass

from dialogs.core.replies import Button, Card
from dialogs.turn.commands import NAMES
from seraf.reference import fold


@dataclass(frozen=True, slots=True)
class TypedCommand:
    """A command that was typed: its name, lower case, and the words after it."""

    name: str
    words: str


@dataclass(frozen=True, slots=True)
class Unclear:
    """A line that is no button and no command; `candidates` are the labels that begin so, where there is more than one."""

    candidates: tuple[str, ...] = ()


def resolve(line: str, card: Card) -> Button | TypedCommand | Unclear:
    """The button that a line names, else the command that it is, else why neither. Case and kinds of dash do not matter.

    At a card that takes words, a command has its slash: a note may begin with “call” or “explain”.
    """
    words = line.strip()
    if words.isdecimal() and 1 <= int(words) <= len(card.buttons):
        return card.buttons[int(words) - 1]
    command = _command(words)
    if words.startswith("/"):
        return command
    button = _labelled(words, card)
    if button:
        return button
    candidates = _beginning(words, card)
    if not candidates and command.name in NAMES and not card.takes_words:
        return command
    return Unclear(tuple(each.label for each in candidates))


def _command(words: str) -> TypedCommand:
    name, _, rest = words.removeprefix("/").partition(" ")
    return TypedCommand(name.lower().partition("@")[0], rest.strip())


def _labelled(words: str, card: Card) -> Button | None:
    """The button of just this label, with or without its mark; else the only one whose label begins so."""
    exact = [button for button in card.buttons if fold(button.label) == fold(words)]
    begun = exact or _beginning(words, card)
    return begun[0] if len(begun) == 1 else None


def _beginning(words: str, card: Card) -> list[Button]:
    wanted = fold(words)
    return [button for button in card.buttons if fold(button.label).startswith(wanted)] if wanted else []
