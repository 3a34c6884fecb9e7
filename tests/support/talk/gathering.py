"""Several people in one rehearsal room, each of whom presses buttons of their own card. A `Table` keeps the rooms."""

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
"""Labels that lead towards the result, in order of preference."""

EARLY = 20
"""The number of the item at which some people finish early."""

HARD = (3, 4, 9, 13, 18, 24, 27)
"""The numbers of the items that people answer differently."""

Says = Callable[[str, Sequence[str]], str]
"""A function that returns the label that a person presses on a card with a question, from its text and labels."""


def usually(text: str, labels: Sequence[str]) -> str:
    """Return the label that most people would press, which for nearly every question is “No”."""
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
        "None of the others applies",
        "Yes",
    )
    return next((each for each in usual if each in labels), next(each for each in ("Back", *labels) if each in labels))


def next_label(text: str, labels: Sequence[str], says: Says = usually) -> str:
    """Return the label that leads towards the result, or an empty text once the result is shown."""
    if "My answers" in labels:
        return ""
    return next(
        (each for each in FORWARD if each in labels and (each != "Next page" or "Start" not in labels)), ""
    ) or says(text, labels)


class Reader:
    """A participant who answers No to most items. `number` decides other answers, speed, and if they end early."""

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


def quick(number: int) -> Reader:
    """Return a participant who answers by lists, in a third of the pages. For tests that are about something else."""
    return Reader(3 * number + 1)


class Table:
    """All open rooms by code, in place of a store; and new codes, which begin alike unless `draw` is given."""

    def __init__(self, script: Script = REHEARSAL_SCRIPT, draw: Random | None = None) -> None:
        self.script = script
        self._draw = draw
        self.rooms: dict[str, str] = {}
        self._numbers = count(1)

    def fresh_code(self) -> str:
        start = CODE if self._draw is None else "".join(self._draw.choices(LETTERS, k=LENGTH))
        return f"{start}{next(self._numbers):06}"

    def found(self, code: str) -> Room | None:
        """Return the open room with this code, or None."""
        text = self.rooms.get(code)
        return decode_room(text) if text else None

    def keep(self, turned: Turned) -> None:
        """Store the room if a turn changed it, or remove it if it ended."""
        if turned.room is not None:
            self.rooms[turned.room.code] = encode_room(turned.room)
        self.rooms.pop(turned.ends, None)


class Guest(Rehearser):
    """A person who rehearses with the other people of a table."""

    def __init__(self, table: Table, says: Says = usually) -> None:
        self.table = table
        self.says = says
        super().__init__(table.script)

    def _talk(self, event: Event) -> Turned:
        """Return the outcome of an event, and store the change of its room."""
        event = replace(event, occasion=replace(event.occasion, draw_code=self.table.fresh_code))
        turned = step_beside(self.held, event, self.script, self.table.found(room_asked(self.held.practice, event)))
        self.table.keep(turned)
        return turned

    def look(self) -> "Guest":
        """Let time pass, so that the card shows changes of the room."""
        self.take(Lapsed(self.occasion))
        return self

    def press(self, *labels: str) -> "Guest":
        super().press(*labels)
        return self

    def join(self, code: str = CODE) -> "Guest":
        self.command("join", code)
        self.press(next(each for each in ("Join", "I agree") if each in self.labels))
        return self

    def finish(self, until: str = "My answers") -> "Guest":
        """Press buttons as this person would, until the result or a card with this text is shown."""
        while until not in self.text and (label := next_label(self.text, self.labels, self.says)):
            self.press(label)
        return self


def hosting(table: Table) -> Guest:
    """Return a person who has opened a room with case 1."""
    host = Guest(table)
    host.begin().command("room").press("Case 1", "Open the room")
    return host


OTHERWISE = "item 3 of"


def otherwise(text: str, labels: Sequence[str]) -> str:
    """Answer “Yes” to item 3, and as most people do to everything else."""
    return "Yes" if OTHERWISE in text and "Yes" in labels else usually(text, labels)


def people(table: Table, count: int) -> list[Guest]:
    """Return this many people who have joined the room. Every second one answers item 3 differently."""
    guests = [Guest(table, otherwise if number % 2 else usually) for number in range(count)]
    for guest in guests:
        guest.begin()
        guest.join()
    return guests


def decode(table: Table, code: str) -> Room:
    """Return the open room with this code, which must exist."""
    room = table.found(code)
    assert room is not None
    return room


def pair(table: Table) -> tuple[Guest, Guest]:
    """Return two people who rehearse as a pair. Both have agreed to compare answers."""
    first, second = Guest(table), Guest(table, otherwise)
    first.begin().press("Rehearse", "In a pair", "Case 1", "I agree")
    second.begin()
    second.join()
    return first.look(), second
