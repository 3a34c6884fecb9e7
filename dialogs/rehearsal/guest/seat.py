"""The turns and the card of a guest, who has no account, and the slides that a trainer shows to the group."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from enum import StrEnum

from dialogs.core.acts import Rehearse, act_of
from dialogs.core.events import Commanded, Occasion, Pressed
from dialogs.core.replies import Card, Toast
from dialogs.core.script import Script
from dialogs.core.session import Session
from dialogs.rehearsal.core.practice import NOT_REHEARSING, Practice, case_of
from dialogs.rehearsal.core.rooms import MOST, Counts, Door, Room, spoken
from dialogs.rehearsal.together.cards import host_counts, room_report
from dialogs.rehearsal.together.room_report import Report, ReportRow
from dialogs.rehearsal.together.room_turn import AGREEING, JOIN, followed
from dialogs.rehearsal.turn.alone import Person, RehearsalTurn, rehearse, still_rehearsable
from dialogs.rehearsal.turn.cards import EVERY, show_rehearsal
from seraf.advice.contacts import LocalTime
from state_machines.rehearsal import Stage, Together, Turn

# The triggers of a guest's buttons. The others lead to what guests may not use: other cases, files, past rehearsals.
OFFERED = frozenset(
    {Turn.TELL, Turn.PAGE, Turn.BACK, Turn.ASK, Turn.ANSWER, Turn.CALL, Turn.REPORT, Turn.LEAVE, Turn.GO_ON}
)
NEEDS_LINK = Toast("needs-link")
NOBODY = Session(0)  # a session without any answers about the guest


@dataclass(frozen=True, slots=True)
class Coming:
    """A visitor of a room: the occasion, the code of their personal link or "", and the rehearsal that their browser already has."""

    occasion: Occasion
    ticket: str = field(default="", repr=False)
    before: Practice = NOT_REHEARSING


def before_joining(room: Room, coming: Coming, *, script: Script) -> RehearsalTurn:
    """Return the turn that asks a visitor whether to join the room, or that tells them why they cannot."""
    before = coming.before
    if room.together is not Together.ROOM:
        return RehearsalTurn(before, 0, (Toast("no-room"),))
    event = Commanded(coming.occasion, JOIN, room.code)
    turned = rehearse(before, event, script=script, person=Person(0, NOBODY), room=room)
    is_asked = turned.practice.stage is Stage.JOINING
    if is_asked and room.door is Door.LINKS and not room.is_ticket(coming.ticket):
        return RehearsalTurn(before, 0, (NEEDS_LINK,))
    return turned


def seated(room: Room, coming: Coming, *, script: Script) -> RehearsalTurn:
    """Return the turn of a visitor who agreed to join. It gives them a seat, or says in a toast why it cannot."""
    first = before_joining(room, coming, script=script)
    if first.practice.stage is not Stage.JOINING:
        return first
    number = room.ticket(coming.ticket)
    # Checked only now: a person who lost their cookie finds the seat that their link opened by the link alone.
    if room.door is Door.LINKS and not number:
        return RehearsalTurn(coming.before, 0, (NEEDS_LINK,))
    event = Pressed(coming.occasion, first.card, AGREEING)
    turned = rehearse(first.practice, event, script=script, person=Person(first.card, NOBODY), room=room)
    seat = turned.room.seat(turned.practice.membership.seat) if turned.room is not None else None
    if turned.room is None or seat is None:
        return turned
    taken = replace(seat, ticket=number, is_anyones=not number)
    return replace(turned, room=turned.room.with_seat(taken))


def seat_pressed(practice: Practice, event: Pressed, *, script: Script, card: int, room: Room | None) -> RehearsalTurn:
    """Return the turn after a guest pressed a button."""
    kept, act = still_rehearsable(practice, script.pack), act_of(event.code)
    if not kept.is_under_way:
        return RehearsalTurn(kept, card)
    if isinstance(act, Rehearse) and act.turn not in OFFERED:
        return RehearsalTurn(kept, card, (Toast("no-button"),))
    return rehearse(kept, event, script=script, person=Person(card, NOBODY), room=room)


def guest_card(practice: Practice, script: Script, *, now: LocalTime, card: int) -> Card | None:
    """Return the card of a guest, or None if the guest has left the room."""
    kept = still_rehearsable(practice, script.pack)
    if not kept.is_under_way:
        return None
    return show_rehearsal(kept, script, now=now, card=card, turns=EVERY if kept.stage is Stage.JOINING else OFFERED)


LINE = 50  # characters of a line on a slide


class RoomIs(StrEnum):
    """The state of a room as its screen shows it."""

    OPEN = "open"
    CLOSED = "closed"
    OVER = "over"


class Shows(StrEnum):
    """The kind of a slide."""

    JOIN = "join"  # how to join: the code, and a picture of the link
    COUNTS = "counts"  # how many people have answered each item
    ASK = "ask"  # a question to talk about before any answer is shown
    ROW = "row"  # a critical action or an item, with how many people gave each answer
    MAP = "map"  # the heat map
    WORDS = "words"


@dataclass(frozen=True, slots=True)
class Slide:
    """One slide of the screen. `row` is given for kind `ROW`, and `counts` for kind `COUNTS`. `about` names what it is about."""

    shows: Shows
    title: str
    words: tuple[str, ...] = ()
    row: ReportRow | None = None
    counts: tuple[tuple[str, str, int], ...] = ()  # each item's section, number and answer count
    about: str = ""

    @property
    def length(self) -> int:
        """Return how many characters the slide has, with a line for each answer."""
        row = self.row
        texts = (
            (row.words, row.reading.key, row.reading.cites, row.reading.other, row.prompt) if row is not None else ()
        )
        lines = LINE * len(row.cells) if row is not None else 0
        return sum(map(len, (self.title, *self.words, *texts))) + lines


@dataclass(frozen=True, slots=True)
class Screen:
    """The slides of a room now. `people` says how many have joined and finished; `code` is the code to be read aloud."""

    phase: RoomIs
    slides: tuple[Slide, ...]
    people: str = ""
    code: str = field(default="", repr=False)


def screen_of(hosted: Practice, room: Room | None, *, code: str, script: Script) -> Screen:
    """Return the slides of the room with this code, for its host. If they no longer host it, one slide says that it is over."""
    say, practice = script.wording.say, still_rehearsable(hosted, script.pack)
    over = Slide(Shows.WORDS, say("screen.over.title"), (say("screen.over.text"),))
    if not practice.is_host or practice.together is not Together.ROOM or practice.membership.room not in ("", code):
        return Screen(RoomIs.OVER, (over,))
    practice = followed(practice, room if practice.membership.room else None, pack=script.pack)
    told = room_report(practice, script)
    if told is not None:
        return Screen(RoomIs.CLOSED, tuple(_compared(told, practice, script=script)))
    if not practice.membership.room:
        return Screen(RoomIs.OVER, (over,))
    seen = host_counts(practice)
    people = say("rehearsal.room.people", joined=seen.joined, most=MOST[Together.ROOM], finished=seen.finished)
    return Screen(RoomIs.OPEN, tuple(_open(seen, practice, script=script)), people, spoken(code))


def _open(seen: Counts, practice: Practice, *, script: Script) -> Iterator[Slide]:
    say, vignette = script.wording.say, case_of(practice, script.pack)
    about = (vignette.about, say("rehearsal.warning", warning=vignette.warning))
    if seen.door is Door.OPEN:
        yield Slide(Shows.JOIN, vignette.title, about)
    else:
        yield Slide(Shows.WORDS, vignette.title, (*about, say(f"screen.door.{seen.door}")))
    for number, part in enumerate(vignette.parts, 1):
        place = say("rehearsal.part", title=vignette.title, page=number, pages=len(vignette.parts))
        yield Slide(Shows.WORDS, part.title, (part.text,), about=place)
    instrument, answered = script.pack.instrument, dict(seen.answered)
    numbered = ((item, str(instrument.number(item.id))) for item in instrument.items)
    counts = tuple((item.section.title, number, answered.get(item.id, 0)) for item, number in numbered)
    yield Slide(Shows.COUNTS, say("screen.counts.title"), (say("screen.counts.text"),), counts=counts)


def _compared(told: Report, practice: Practice, *, script: Script) -> Iterator[Slide]:
    """Yield the slides of a closed room. Before each critical action is answered, a slide asks about it and shows nothing of
    the agreed answers, so that people talk first. What stands out follows, since it names what was missed.
    """
    say = script.wording.say
    held = say("screen.closed.held" if practice.is_held else "screen.closed.opened")
    yield Slide(Shows.WORDS, say("screen.closed.title", title=told.vignette), (told.finished, held))
    for row in told.actions:
        yield Slide(Shows.ASK, row.label, (say("screen.talk"), say("screen.given", people=row.people)), about=row.title)
        yield Slide(Shows.ROW, row.label, about=row.title, row=row)
    yield Slide(Shows.WORDS, say("screen.lead.title"), (*told.lead, *told.notes))
    for row in (*told.missed, *told.rows):
        yield Slide(Shows.ROW, row.label, about=row.title, row=row)
    if told.figures:
        yield Slide(Shows.MAP, say("screen.map.title"))
        figures = tuple(f"{figure.title} {figure.words}".strip() for figure in told.figures)
        yield Slide(Shows.WORDS, say("rehearsal-report.part.numbers"), figures)
    yield Slide(Shows.WORDS, say("rehearsal-report.part.closing"), told.closing)
