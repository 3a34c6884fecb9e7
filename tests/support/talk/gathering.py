"""Several people in one rehearsal, each driven by the labels of their own card, around one table of open rooms."""

import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from itertools import count
from random import Random

from bot.crypto.at_random import LETTERS
from dialogs.core.events import Event, Lapsed
from dialogs.core.script import Script
from dialogs.rehearsal.core.rooms import LENGTH, Room, decode_room, encode_room
from dialogs.rehearsal.turn.alone import room_asked
from tests.support.pack.made_up import REHEARSAL_SCRIPT
from tests.support.talk.beside import Turned, step_beside
from tests.support.talk.rehearsing import Rehearser

CODE = "ABCD2345"
FORWARD = (
    "Open the room",
    "Join",
    "I agree",
    "Read the case",
    "Next page",
    "Start the SERAF",
    "Go on",
    "Continue",
    "ART (or EDT)",
)
"""What leads on, wherever it stands."""

EARLY = 20
"""The item at which some of them have had enough."""

HARD = (3, 4, 9, 13, 18, 24, 27)
"""Items that they read in different ways."""

Says = Callable[[str, Sequence[str]], str]
"""What somebody presses on a card that asks something, by its text and its labels."""


def usually(text: str, labels: Sequence[str]) -> str:
    """Answer as most would: no, to nearly everything."""
    usual = (
        "School",
        "Form order",
        "13–15",
        "Neither",
        "No",
        "It is over",
        "They were told",
        "Not known",
        "First",
        "None of the others",
        "Yes",
    )
    return next((each for each in usual if each in labels), next(each for each in ("Back", *labels) if each in labels))


def next_label(text: str, labels: Sequence[str], says: Says = usually) -> str:
    """Return the button that leads towards a result, or nothing at the result."""
    if "My answers" in labels:
        return ""
    return next(
        (each for each in FORWARD if each in labels and (each != "Next page" or "Start" not in labels)), ""
    ) or says(text, labels)


class Reader:
    """A participant who answers No to most items. `number` decides the rest, and whether to be quick or end early."""

    def __init__(self, number: int) -> None:
        self.number = number

    def __call__(self, text: str, labels: Sequence[str]) -> str:
        found = re.search(r"item (\d+) of", text)
        item = int(found[1]) if found else 0
        if self.number % 3 == 1 and "Quick" in labels:
            return "Quick"
        if self.number % 5 == 2 and item == EARLY and "More" in labels:
            return "More"
        if self.number % 5 == 2 and "Finish now" in labels:
            return "Finish now"
        if item in HARD and (self.number + item) % 4 == 0:
            return next(each for each in ("Yes", "Past 6 months") if each in labels)
        return usually(text, labels)


class Table:
    """Open rooms by code, as a store keeps them; and fresh codes, alike in their first letters unless drawn."""

    def __init__(self, script: Script = REHEARSAL_SCRIPT, draw: Random | None = None) -> None:
        self.script = script
        self._draw = draw
        self.rooms: dict[str, str] = {}
        self._numbers = count(1)

    def fresh_code(self) -> str:
        start = CODE if self._draw is None else "".join(self._draw.choices(LETTERS, k=LENGTH))
        return f"{start}{next(self._numbers):06}"

    def found(self, code: str) -> Room | None:
        """Return the open room of a code."""
        text = self.rooms.get(code)
        return decode_room(text) if text else None

    def keep(self, turned: Turned) -> None:
        """Store a turn's change of a room, or its end."""
        if turned.room is not None:
            self.rooms[turned.room.code] = encode_room(turned.room)
        self.rooms.pop(turned.ends, None)


class Guest(Rehearser):
    """A person at the table."""

    def __init__(self, table: Table, says: Says = usually) -> None:
        self.table = table
        self.says = says
        super().__init__(table.script)

    def _talk(self, event: Event) -> Turned:
        """Return the outcome of an event, with its room."""
        event = replace(event, occasion=replace(event.occasion, draw_code=self.table.fresh_code))
        turned = step_beside(self.held, event, self.script, self.table.found(room_asked(self.held.practice, event)))
        self.table.keep(turned)
        return turned

    def look(self) -> "Guest":
        """Let time pass, so that the card follows the room."""
        self.take(Lapsed(self.occasion))
        return self

    def join(self, code: str = CODE) -> "Guest":
        self.command("join", code)
        self.press(next(each for each in ("Join", "I agree") if each in self.labels))
        return self

    def finish(self, until: str = "My answers") -> "Guest":
        """Continue as this person would, to the result or to a card with this text."""
        while until not in self.text and (label := next_label(self.text, self.labels, self.says)):
            self.press(label)
        return self


def hosting(table: Table) -> Guest:
    """Return somebody who hosts a room."""
    host = Guest(table)
    host.begin().command("room").press("Case 1", "Open the room")
    return host


OTHERWISE = "item 3 of"


def otherwise(text: str, labels: Sequence[str]) -> str:
    """Answer item 3 differently from the others."""
    return "Yes" if OTHERWISE in text and "Yes" in labels else usually(text, labels)


def people(table: Table, count: int) -> list[Guest]:
    """Return joined people, every other of whom answers item 3 differently."""
    guests = [Guest(table, otherwise if number % 2 else usually) for number in range(count)]
    for guest in guests:
        guest.begin()
        guest.join()
    return guests


def decode(table: Table, code: str) -> Room:
    """Return the open room of a code."""
    room = table.found(code)
    assert room is not None
    return room


def pair(table: Table) -> tuple[Guest, Guest]:
    """Return two people who have both agreed."""
    first, second = Guest(table), Guest(table, otherwise)
    first.begin().press("Rehearse", "In a pair", "Case 1", "I agree")
    second.begin()
    second.join()
    return first.look(), second
