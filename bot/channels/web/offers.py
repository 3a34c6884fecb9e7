"""What is offered beside the buttons of a card: commands that are typed elsewhere, and a field for words and codes."""

from dataclasses import dataclass

from bot.access.standing import Access, read_access
from bot.storage.values import Record
from dialogs.turn.commands import ASKED_CLOSED
from dialogs.turn.roles import may

MENU = ("start", "guide", "help", "review", "rehearse", "room", "people")
"""Commands of the menu, of those that somebody may use."""

LOOKED_UP = ("explain", "guide", "review", "join", "people")
"""Commands that take a word or a code."""

CLOSING = ("lock", "panic")
"""Commands that close the page."""


@dataclass(frozen=True, slots=True)
class Offers:
    """Commands of the menu, those that take words, and those that close the page."""

    commands: tuple[str, ...] = ()
    looked_up: tuple[str, ...] = ()
    closing: tuple[str, ...] = ()


def offers_to(record: Record, *, is_closed: bool) -> Offers | None:
    """What somebody is offered by their role; None where they have none."""
    access = read_access(record.access)
    if not isinstance(access, Access):
        return None
    if is_closed:
        asked = ASKED_CLOSED
        return Offers(tuple(_of(MENU, asked)), tuple(_of(LOOKED_UP, asked)), CLOSING[1:])
    mine = tuple(each for each in (*MENU, *LOOKED_UP) if may(access.role, each))
    return Offers(tuple(_of(MENU, mine)), tuple(_of(LOOKED_UP, mine)), CLOSING)


def _of(names: tuple[str, ...], some: tuple[str, ...]) -> list[str]:
    return [each for each in names if each in some]
