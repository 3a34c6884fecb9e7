"""What the screen of the host of a room shows, one slide at a time: numbers, the case and the comparison, and nobody's name.

While the room is open it says how to join, tells the story and counts; once it is closed it shows where people differ.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum

from dialogs.core.script import Script
from dialogs.rehearsal.core.made_up import case_of
from dialogs.rehearsal.core.practice import Practice
from dialogs.rehearsal.core.room_views import Counts
from dialogs.rehearsal.core.rooms import MOST, Door, Room, spoken
from dialogs.rehearsal.together.cards import room_report
from dialogs.rehearsal.together.report import Report, ReportRow
from dialogs.rehearsal.together.room_turn import followed
from dialogs.rehearsal.turn.rehearsing import still_rehearsable
from state_machines.rehearsal import Together


class RoomIs(StrEnum):
    """Where the room is."""

    OPEN = "open"
    CLOSED = "closed"
    OVER = "over"


class Shows(StrEnum):
    """What a slide is of, where it is more than words."""

    JOIN = "join"
    """How to join: the code, and a picture of the link."""
    COUNTS = "counts"
    """How many have answered each item."""
    ROW = "row"
    """A critical action or an item, with how many gave each answer."""
    MAP = "map"
    """The heat map."""
    WORDS = "words"


@dataclass(frozen=True, slots=True)
class Slide:
    """One slide: its title, its words, and what stands with them."""

    shows: Shows
    title: str
    words: tuple[str, ...] = ()
    row: ReportRow | None = None
    counts: tuple[tuple[str, str, int], ...] = ()
    """Of each item its section, its number on the form, and how many have answered it."""


@dataclass(frozen=True, slots=True)
class Screen:
    """All slides of a room as it is now. `people` says how many have come and finished; `code` is how to join."""

    phase: RoomIs
    slides: tuple[Slide, ...]
    people: str = ""
    code: str = field(default="", repr=False)


def screen_of(hosted: Practice, room: Room | None, *, code: str, script: Script) -> Screen:
    """The screen of a room with this code, by what its host rehearses; it is over where they run that room no more."""
    practice = still_rehearsable(hosted, script.pack)
    if not practice.is_host or practice.together is not Together.ROOM or practice.room not in ("", code):
        return _over(script)
    practice = followed(practice, room if practice.room else None, pack=script.pack)
    told = room_report(practice, script)
    if told is not None:
        return Screen(RoomIs.CLOSED, tuple(_compared(told, practice, script=script)))
    if not practice.room:
        return _over(script)
    seen = practice.seen if isinstance(practice.seen, Counts) else Counts()
    say = script.wording.say
    people = say("rehearsal.room.people", joined=seen.joined, most=MOST[Together.ROOM], finished=seen.finished)
    return Screen(RoomIs.OPEN, tuple(_open(seen, practice, script=script)), people, spoken(code))


def _over(script: Script) -> Screen:
    say = script.wording.say
    return Screen(RoomIs.OVER, (Slide(Shows.WORDS, say("screen.over.title"), (say("screen.over.text"),)),))


def _open(seen: Counts, practice: Practice, *, script: Script) -> Iterator[Slide]:
    say, vignette = script.wording.say, case_of(practice, script.pack)
    about = (vignette.about, say("rehearsal.warning", warning=vignette.warning))
    if seen.door is Door.OPEN:
        yield Slide(Shows.JOIN, vignette.title, about)
    else:
        yield Slide(Shows.WORDS, vignette.title, (*about, say(f"screen.door.{seen.door}")))
    for number, part in enumerate(vignette.parts, 1):
        place = say("rehearsal.part", title=vignette.title, page=number, pages=len(vignette.parts))
        yield Slide(Shows.WORDS, part.title, (place, part.text))
    instrument, answered = script.pack.instrument, dict(seen.answered)
    counts = tuple(
        (item.section.title, str(instrument.number(item.id)), answered.get(item.id, 0)) for item in instrument.items
    )
    yield Slide(Shows.COUNTS, say("screen.counts.title"), (say("screen.counts.text"),), counts=counts)


def _compared(told: Report, practice: Practice, *, script: Script) -> Iterator[Slide]:
    """Nothing of the key stands on the first slide: the host of the room says when it is shown."""
    say = script.wording.say
    held = say("screen.closed.held" if practice.is_held else "screen.closed.opened")
    yield Slide(Shows.WORDS, say("screen.closed.title", title=told.vignette), (told.finished, held))
    notes = (*told.lead, *told.notes)
    yield Slide(Shows.WORDS, say("screen.lead.title"), notes)
    for _, rows in told.parts:
        for row in rows:
            yield Slide(Shows.ROW, row.title, _of_row(row), row)
    if told.figures:
        yield Slide(Shows.MAP, say("screen.map.title"))
        figures = tuple(f"{each.title} {each.words}".strip() for each in told.figures)
        yield Slide(Shows.WORDS, say("rehearsal-report.part.numbers"), figures)
    yield Slide(Shows.WORDS, say("rehearsal-report.part.closing"), told.closing)


def _of_row(row: ReportRow) -> tuple[str, ...]:
    reading = row.reading
    lines = (row.label, row.words, reading.key, reading.cites, reading.other, row.prompt)
    return tuple(line for line in lines if line)
