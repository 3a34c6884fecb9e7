"""The slides that a trainer shows to the group, each with notes that only the trainer sees."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from enum import StrEnum

from dialogs.core.script import Script
from dialogs.rehearsal.core.practice import Practice, case_of
from dialogs.rehearsal.core.rooms import MOST, Counts, Door, Room, spoken
from dialogs.rehearsal.together.cards import host_counts, room_report
from dialogs.rehearsal.together.room_report import Mark, Report, ReportRow, unanswered
from dialogs.rehearsal.together.room_turn import followed
from dialogs.rehearsal.together.stages_in_rooms import stage_counts
from dialogs.rehearsal.turn.alone import still_rehearsable
from seraf.cases.vignette import Vignette
from seraf.form.vocabulary import Meaning
from seraf.rehearsal.critical_actions import Critical, without_sign
from state_machines.rehearsal import Together

LINE = 50  # characters of a line on a slide
CHOSEN = 5  # how many items a group talks about after the critical actions


class RoomIs(StrEnum):
    """The state of a room as its screen shows it."""

    OPEN = "open"
    CLOSED = "closed"
    OVER = "over"


class Shows(StrEnum):
    """The kind of a slide. Each topic of a closed room has four, from `ASK` to `REVEAL`."""

    JOIN = "join"  # how to join: the code, and a picture of the link
    COUNTS = "counts"  # how many people have answered each item
    ASK = "ask"  # what people were asked, before any answer is shown
    BARS = "bars"  # how many people gave each answer, and nothing of the agreed one
    TALK = "talk"  # a question about what people saw and thought
    REVEAL = "reveal"  # the agreed answer, its sentence, and what follows for the child; empty while answers are held
    WORDS = "words"


@dataclass(frozen=True, slots=True)
class Slide:
    """One slide. `row` is given for kind `BARS`, and `counts` for kind `COUNTS`. `about` names what it is about.

    `words` of kind `REVEAL` are the agreed answer, its sentence, the other reading, and what follows for the child; each
    may be empty. `topic` is the name of what begins with this slide, or empty. `notes` are for the trainer alone.
    """

    shows: Shows
    title: str
    words: tuple[str, ...] = ()
    row: ReportRow | None = None
    counts: tuple[tuple[str, str, int], ...] = ()  # each item's section, number and answer count
    about: str = ""
    topic: str = ""
    notes: tuple[str, ...] = field(default=(), repr=False)

    @property
    def length(self) -> int:
        """Return how many characters the slide has, with a line for each answer."""
        return sum(map(len, (self.title, *self.words))) + (LINE * len(self.row.cells) if self.row is not None else 0)


@dataclass(frozen=True, slots=True)
class Screen:
    """The slides of a room now. `people` says how many have joined and finished; `code` is the code to be read aloud.

    `at` is the number of the slide that the trainer's console shows, from 1, or 0 if there is no console: each screen
    then turns its own slides. `is_held`: the agreed answers are not released yet.
    """

    phase: RoomIs
    slides: tuple[Slide, ...]
    people: str = ""
    code: str = field(default="", repr=False)
    at: int = 0
    is_held: bool = False


def screen_of(hosted: Practice, room: Room | None, *, code: str, script: Script, is_led: bool = False) -> Screen:
    """Return the slides of the room with this code, for its host. If they no longer host it, one slide says that it is over."""
    say, practice = script.wording.say, still_rehearsable(hosted, script.pack)
    over = Slide(Shows.WORDS, say("screen.over.title"), (say("screen.over.text"),))
    if not practice.is_host or practice.together is not Together.ROOM or practice.membership.room not in ("", code):
        return Screen(RoomIs.OVER, (over,), at=int(is_led))
    practice = followed(practice, room if practice.membership.room else None, pack=script.pack)
    told = room_report(practice, script)
    if told is not None:
        slides = tuple(_closed(told, practice, script=script))
        shown = Screen(RoomIs.CLOSED, slides, is_held=practice.is_held)
    elif not practice.membership.room:
        return Screen(RoomIs.OVER, (over,), at=int(is_led))
    else:
        seen = host_counts(practice)
        people = say("rehearsal.room.people", joined=seen.joined, most=MOST[Together.ROOM], finished=seen.finished)
        shown = Screen(RoomIs.OPEN, tuple(_open(seen, practice, script=script)), people, spoken(code))
    return replace(shown, at=min(practice.page, len(shown.slides)) if is_led else 0)


def _open(seen: Counts, practice: Practice, *, script: Script) -> Iterator[Slide]:
    """Yield the slides of an open room: how to join, the story, and how far people are.

    Of a case in stages, only how it begins is told: what follows says what was due.
    """
    say, vignette = script.wording.say, case_of(practice, script.pack)
    about = (vignette.about, say("rehearsal.warning", warning=vignette.warning))
    notes, joining = _of_step("pre-brief", script), say("leaf.join")
    if seen.door is Door.OPEN:
        yield Slide(Shows.JOIN, vignette.title, about, topic=joining, notes=notes)
    else:
        words = (*about, say(f"screen.door.{seen.door}"))
        yield Slide(Shows.WORDS, vignette.title, words, topic=joining, notes=notes)
    for number, part in enumerate(vignette.parts[:1] if vignette.stages else vignette.parts, 1):
        counted = say("rehearsal.part", title=vignette.title, page=number, pages=len(vignette.parts))
        place = vignette.title if vignette.stages else counted
        yield Slide(Shows.WORDS, part.title, (part.text,), about=place, topic=part.title)
    instrument, answered = script.pack.instrument, dict(seen.answered)
    numbered = ((item, str(instrument.number(item.id))) for item in instrument.items)
    counts = tuple((item.section.title, number, answered.get(item.id, 0)) for item, number in numbered)
    title, notes = say("screen.counts.title"), _of_step("alone", script)
    yield Slide(Shows.COUNTS, title, (say("screen.counts.text"),), counts=counts, topic=title, notes=notes)


def _of_step(step: str, script: Script) -> tuple[str, ...]:
    """Return what the plan of a session says about a step: what to do, then what to say."""
    say = script.wording.say
    return (*say(f"kit.step.{step}.do").split("\n"), *say(f"kit.step.{step}.say").split("\n"))


def _closed(told: Report, practice: Practice, *, script: Script) -> Iterator[Slide]:
    """Yield the slides of a closed room: each critical action, then the items chosen for this group.

    Until the agreed answers are released, those that hold them stay in their place and say only that they are closed.
    """
    say, vignette, held = script.wording.say, case_of(practice, script.pack), practice.is_held
    closed = say("screen.closed.held" if held else "screen.closed.opened")
    said = say("kit.step.reactions.say").strip("“”")
    title, notes = say("screen.closed.title", title=told.vignette), (*_of_step("reactions", script), closed)
    few = () if told.actions else told.notes
    words = (told.finished, *few, said)
    yield Slide(Shows.WORDS, title, words, topic=say("kit.step.reactions.title"), notes=notes)
    for row in (*(told.actions or unanswered(vignette, script.pack, script.wording)), *of_interest(told)):
        yield from _topic(row, vignette, script=script, is_held=held)
    if told.actions:
        words = (*told.lead, *stage_counts(practice, script), *told.notes)
        yield _kept(Slide(Shows.WORDS, say("screen.lead.title"), words), script, is_held=held)
    title, notes = say("rehearsal-report.part.closing"), _of_step("summary", script)
    yield Slide(Shows.WORDS, title, told.closing, topic=title, notes=notes)


def of_interest(told: Report) -> tuple[ReportRow, ...]:
    """Return the items that this group most needs to talk about: what most missed, careful people's two readings, the rest."""
    contested = sorted(told.rows, key=lambda row: not row.reading.other)
    return (*told.missed, *contested)[:CHOSEN]


def _kept(slide: Slide, script: Script, *, is_held: bool) -> Slide:
    """Return the slide, or while the agreed answers are held, one in its place that says so."""
    shown = replace(slide, topic=slide.title)
    closed = (script.wording.say("screen.reveal.held"),)
    return replace(shown, shows=Shows.WORDS, words=closed, notes=slide.words) if is_held else shown


def _topic(row: ReportRow, vignette: Vignette, *, script: Script, is_held: bool) -> Iterator[Slide]:
    say, reading = script.wording.say, row.reading
    shown = (reading.key, reading.cites, reading.other, happens(row, vignette, script))
    key = tuple(filter(None, shown[:-1]))
    keyed = vignette.key.of(row.place)
    contested = ("contested",) if keyed and keyed.is_contested else ()
    is_action = row.place in tuple(Critical)
    talks = say(f"screen.talk.{row.place}") if is_action else say("rehearsal-report.prompt.any")
    # The question about a rule hints at the agreed answer, so it is for afterwards, and for the trainer to ask.
    rules = () if is_action else (*contested, *(keyed.rules if keyed else ()))[:1]
    asks = tuple(say(f"rehearsal-report.prompt.{rule}") for rule in rules)
    counts = (row.unspread,) if row.unspread else ()
    neutral = tuple(replace(cell, mark=Mark.NONE) for cell in row.cells if cell.people and not counts)
    bars = replace(row, cells=neutral, words="")
    given = say("screen.given", people=row.people)
    slide = Slide(Shows.ASK, row.label, about=row.title)
    yield replace(slide, words=(given, say("screen.pairs")), topic=row.title, notes=(say("screen.note.ask"), *key))
    yield replace(slide, shows=Shows.BARS, words=counts, row=bars, notes=(say("screen.note.bars"), row.words, *key))
    yield replace(slide, shows=Shows.TALK, words=(talks,), notes=(say("screen.note.talk"), *key))
    words = (say("screen.reveal.held"),) if is_held else shown
    notes = (row.words, *(shown if is_held else ()), say("screen.note.reveal"), *asks)
    yield replace(slide, shows=Shows.REVEAL, words=words, notes=tuple(filter(None, notes)))


def happens(row: ReportRow, vignette: Vignette, script: Script) -> str:
    """Return what would have happened to the child if everybody had answered less than the agreed answer. Our own words."""
    say, key = script.wording.say, vignette.key
    if row.place == Critical.FIRST_CALL:
        return say(f"screen.happens.first-call.{key.first_call}")
    keyed = key.of(row.place)
    if row.place == Critical.CATEGORY or keyed is None:
        return say("screen.happens.lowest" if key.category == 1 else "screen.happens.category")
    if row.place in tuple(Critical):
        return say(f"screen.happens.{row.place}.{keyed.answer}")
    option = script.pack.instrument.item(row.place).option(keyed.answer)
    if option.means is Meaning.ABSENT:
        return say("screen.happens.no")
    if not option.is_present:
        return say("screen.happens.not-known")
    total, category = without_sign(script.pack.instrument, key, row.place)
    moved = "sign-moves" if category != key.category else "sign"
    return say(f"screen.happens.{moved}", points=total, category=category, total=key.total, of=key.category)
