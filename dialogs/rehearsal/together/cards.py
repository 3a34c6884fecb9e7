"""The cards of a room and of a pair. The host of a room sees numbers; a pair sees only where the two differ."""

from dialogs.core.acts import Rehearse
from dialogs.core.keys import Key, Rows
from dialogs.core.replies import Paragraph, paged
from dialogs.core.script import Script
from dialogs.form.item_cards import answer_in_words, asked_in_words
from dialogs.rehearsal.core.practice import Practice, case_of
from dialogs.rehearsal.core.rooms import MOST, Beside, Counts, Door, Ended, NotOpen, spoken
from dialogs.rehearsal.core.stage_card import BACK, GO_ON, REPORT, Page, StageCard, about_case, titled, turning
from dialogs.rehearsal.kit.papers import HANDOUT, KEY, NOTE, PLANS, SHEET
from dialogs.rehearsal.together.keys import (
    JOIN,
    MAP,
    OPEN,
    PAPER,
    PAPERS,
    QR,
    RELEASE,
    RESULTS,
    SCREEN,
    SEATS,
    fetching,
)
from dialogs.rehearsal.together.paired_actions import paired_paragraphs
from dialogs.rehearsal.together.room_report import Report, report, row_text
from seraf.rehearsal.agreement import Compared
from state_machines.rehearsal import Stage, Together, Turn


def link_to(practice: Practice, script: Script) -> str:
    """The link that opens this bot and joins the room."""
    return f"{script.link}{practice.room}"


def page_of(practice: Practice, script: Script) -> str:
    """The link that joins the room in any browser; empty where there are no pages."""
    return f"{script.pages}/room/{practice.room}" if script.pages and practice.together is Together.ROOM else ""


def _consent(practice: Practice, script: Script) -> Page:
    """What others are shown of one's answers, said before anything is opened or joined."""
    asking = "joining" if practice.stage is Stage.JOINING else "opening"
    together = practice.together or Together.ROOM
    return tuple(map(Paragraph, script.wording.say(f"rehearsal.{asking}.{together}").split("\n\n")))


def room_report(practice: Practice, script: Script) -> Report | None:
    """The report of the room that the person has closed; None where they have closed none."""
    if not isinstance(practice.seen, Ended):
        return None
    return report(case_of(practice, script.pack), practice.seen, pack=script.pack, wording=script.wording)


def room_pages(practice: Practice, script: Script) -> tuple[Page, ...]:
    """Where the people of a closed room differ, in words, without the line that stands on every card."""
    told = room_report(practice, script)
    assert told is not None, "a closed room was worked out when it was closed"
    parts = (
        *((name, [row_text(row, script.wording) for row in rows]) for name, rows in told.parts),
        ("numbers", [f"{figure.title}\n{figure.words}".strip() for figure in told.figures]),
        ("closing", ["\n".join(told.closing)]),
    )
    named = ((script.wording.say(f"rehearsal-report.part.{name}"), texts) for name, texts in parts if texts)
    paragraphs = (each for name, texts in named for each in (Paragraph(name, is_strong=True), *map(Paragraph, texts)))
    opening = Paragraph("\n".join((told.finished, *told.notes)))
    goes = script.wording.say(f"rehearsal.room-report.{'goes' if told.figures else 'opens'}")
    lead = (*map(Paragraph, told.lead), opening, Paragraph(goes))
    return paged((Paragraph(told.vignette, is_strong=True), *lead, *paragraphs))


def pair_pages(practice: Practice, script: Script) -> tuple[Page, ...]:
    """How two people compare: the critical actions of both lead; before both have finished, that it is not there yet."""
    seen = practice.seen
    if not isinstance(seen, Beside) or not seen.is_compared:
        is_open = bool(practice.room) and not (isinstance(seen, Beside) and seen.has_left)
        return (titled("pair-waits" if is_open else "pair-over", script),)
    items = [item.id for item in script.pack.instrument.items]
    differing = sorted(seen.differing, key=lambda each: items.index(each[0]) if each[0] in items else len(items))
    say, alike = script.wording.say, seen.of - sum(each[0] in items for each in differing)
    head = Paragraph(say("rehearsal.report.items"), is_strong=True)
    counted = Paragraph(say("rehearsal.pair.alike", alike=alike, of=seen.of))
    talk = (Paragraph(say("rehearsal.pair.talk")),) if differing else ()
    lines = (_difference(*each, script) for each in differing)
    return (*paged(paired_paragraphs(seen, script)), *paged((head, counted, *talk, *lines)))


def _difference(place: str, mine: str, theirs: str, script: Script) -> Paragraph:
    """One place, and both responses."""
    about = asked_in_words(place, script)
    yours, others = (answer_in_words(place, each, script=script) for each in (mine, theirs))
    return Paragraph(script.wording.say("rehearsal.pair.line", about=about, yours=yours, theirs=others))


def _room_words(practice: Practice, script: Script) -> Page:
    """The code, and in numbers who has come how far: nobody's name and nobody's answer."""
    if not practice.room:
        return titled("room-over", script)
    say, vignette = script.wording.say, case_of(practice, script.pack)
    seen = host_counts(practice)
    title = say("rehearsal.room.title", title=vignette.title)
    counts = Paragraph("\n".join((say("rehearsal.room.items"), *_counts(seen, script))))
    return (
        Paragraph(title, is_strong=True),
        _code(practice, script),
        *_screen(seen, practice, script=script),
        people_line(seen, script),
        counts if seen.joined else Paragraph(say("rehearsal.room.nobody")),
        Paragraph(say("rehearsal.room.numbers")),
    )


def _closing_words(practice: Practice, script: Script) -> Page:
    """Whether to close the room, with how many have finished, and what that is too few for."""
    if not practice.room:
        return titled("room-over", script)
    title, *text = titled("closing", script)
    seen = host_counts(practice)
    say = script.wording.say
    few = say("rehearsal.closing.few", fewest=say(f"in-words.{seen.fewest}"))
    return (title, people_line(seen, script), *((Paragraph(few),) if seen.finished < seen.fewest else ()), *text)


def host_counts(practice: Practice) -> Counts:
    """What the host of a room sees of it."""
    return practice.seen if isinstance(practice.seen, Counts) else Counts()


def people_line(seen: Counts, script: Script) -> Paragraph:
    """How many have come, and how many have finished."""
    most = MOST[Together.ROOM]
    text = script.wording.say("rehearsal.room.people", joined=seen.joined, most=most, finished=seen.finished)
    return Paragraph(text, is_strong=True)


def _counts(seen: Counts, script: Script) -> list[str]:
    """How many have answered each item, a line a section."""
    say, instrument, answered = script.wording.say, script.pack.instrument, dict(seen.answered)
    lines = []
    for section in instrument.sections:
        items = [item for item in instrument.items if item.section == section]
        each = (
            say("rehearsal.room.item", number=instrument.number(item.id), people=answered.get(item.id, 0))
            for item in items
        )
        lines.append(say("rehearsal.room.section", section=section.title, items=" ".join(each)))
    return lines


def _waiting_words(practice: Practice, script: Script) -> Page:
    """In a pair: what the other one needs to come, until both have agreed."""
    if not practice.room or (isinstance(practice.seen, Beside) and practice.seen.has_left):
        return titled("pair-over", script)
    title = Paragraph(case_of(practice, script.pack).title, is_strong=True)
    if isinstance(practice.seen, Beside) and practice.seen.is_here:
        return (title, *titled("both-agreed", script))
    return (title, _code(practice, script), *titled("waiting", script))


def _code(practice: Practice, script: Script) -> Paragraph:
    seen = practice.seen
    if isinstance(seen, Counts) and seen.door is not Door.OPEN:
        return Paragraph(script.wording.say(f"rehearsal.room.{seen.door}", code=spoken(practice.room)))
    page, code, link = page_of(practice, script), spoken(practice.room), link_to(practice, script)
    if page:
        return Paragraph(script.wording.say("rehearsal.room.code-or-page", page=page, code=code, link=link))
    return Paragraph(script.wording.say("rehearsal.room.code", code=code, link=link))


def _screen(seen: Counts, practice: Practice, *, script: Script) -> Page:
    """What opens the screen of the host of the room, until it has."""
    if not (script.pages and seen.screen):
        return ()
    link = f"{script.pages}/screen/{practice.room}/{seen.screen}"
    return (Paragraph(script.wording.say("rehearsal.room.screen", link=link)),)


def _on_page(pages: tuple[Page, ...], practice: Practice, *, script: Script) -> Page:
    """One of the pages, under which one it is."""
    page = min(practice.page, len(pages))
    head = script.wording.say(f"rehearsal.{practice.stage}.head", page=page, pages=len(pages))
    held = f" · {script.wording.say('rehearsal.room-report.closed')}" if practice.is_held else ""
    return (Paragraph(f"{head}{held}"), *pages[page - 1])


def _asking_words(practice: Practice, script: Script) -> Page:
    return about_case(practice, script, how=_consent(practice, script))


def _joining_rows(practice: Practice, _script: Script) -> Rows:
    return ((JOIN[practice.together],),) if practice.together else ()


def _opening_rows(practice: Practice, script: Script) -> Rows:
    """How to begin a room or a pair; for a room also its papers."""
    papers = ((PAPERS,),) if practice.together is Together.ROOM and script.channel.sends_files else ()
    return ((OPEN[practice.together], BACK), *papers) if practice.together else ()


def _leaving_words(practice: Practice, script: Script) -> Page:
    """Whether to leave, and what is lost by it."""
    title, *_ = titled(practice.stage, script)
    return (title, Paragraph(script.wording.say(f"rehearsal.leaving.{_lost(practice)}")))


def _lost(practice: Practice) -> str:
    """What is lost by leaving: to the host of a room the room, to one of a pair what both would compare, else one's answers."""
    if practice.is_host and isinstance(practice.seen, Ended):
        return "comparison"
    if practice.is_host and practice.room:
        return "room"
    if practice.is_bound:
        return "pair"
    return "text" if practice.first_call is None else "finished"


def _leaving_rows(_practice: Practice, _script: Script) -> Rows:
    return ((Key(GO_ON.act, "keep-rehearsing"),),)


def _waiting_rows(practice: Practice, _script: Script) -> Rows:
    return ((Key(Rehearse(Turn.TELL), "to-story"),),) if practice.room else ()


def _room_rows(practice: Practice, script: Script) -> Rows:
    if not practice.room:
        return ()
    papers = (fetching(QR), PAPERS) if host_counts(practice).door is Door.OPEN else (PAPERS,)
    below = (SCREEN, SEATS) if script.pages else (SEATS,)
    return (papers, below) if script.channel.sends_files else (below,)


def _closing_rows(practice: Practice, _script: Script) -> Rows:
    return ((Key(Rehearse(Turn.CLOSE), "close-room"), Key(Rehearse(Turn.GO_ON), "keep-open")),) if practice.room else ()


def _report_words(practice: Practice, script: Script) -> Page:
    return _on_page(room_pages(practice, script), practice, script=script)


def _report_rows(practice: Practice, script: Script) -> Rows:
    shown = (fetching(MAP), fetching(PAPER)) if _has_results(practice) else ()
    papers = ((*shown, PAPERS),) if script.channel.sends_files else ()
    turns = turning(practice.page, len(room_pages(practice, script)))
    return (*((turns,) if turns else ()), *papers, (RELEASE,))


def _papers_words(practice: Practice, script: Script) -> Page:
    title = Paragraph(case_of(practice, script.pack).title, is_strong=True)
    return (title, *titled(practice.stage, script))


def _papers_rows(practice: Practice, _script: Script) -> Rows:
    plans = tuple(Key(Rehearse(Turn.DRAW, kind), "fetch-plan", number=str(length)) for length, kind in PLANS.items())
    results = ((fetching(RESULTS),),) if _has_results(practice) else ()
    return ((fetching(HANDOUT), fetching(SHEET)), plans, (fetching(KEY), fetching(NOTE)), *results)


def _has_results(practice: Practice) -> bool:
    """Whether the room is closed and enough people finished for anything to be shown."""
    return isinstance(practice.seen, Ended) and isinstance(practice.seen.outcome, Compared)


def _differences_words(practice: Practice, script: Script) -> Page:
    return _on_page(pair_pages(practice, script), practice, script=script)


def _differences_rows(practice: Practice, script: Script) -> Rows:
    return ((*turning(practice.page, len(pair_pages(practice, script))), BACK),)


def _held_words(practice: Practice, script: Script) -> Page:
    return titled("not-open" if isinstance(practice.seen, NotOpen) else "held", script)


def _held_rows(_practice: Practice, _script: Script) -> Rows:
    return ((REPORT, BACK),)


OPENING_CARD = StageCard(_asking_words, _opening_rows)
JOINING_CARD = StageCard(_asking_words, _joining_rows)
LEAVING_CARD = StageCard(_leaving_words, _leaving_rows)
WAITING_CARD = StageCard(_waiting_words, _waiting_rows)
ROOM_CARD = StageCard(_room_words, _room_rows)
CLOSING_CARD = StageCard(_closing_words, _closing_rows)
ROOM_REPORT_CARD = StageCard(_report_words, _report_rows)
PAPERS_CARD = StageCard(_papers_words, _papers_rows)
DIFFERENCES_CARD = StageCard(_differences_words, _differences_rows)
HELD_CARD = StageCard(_held_words, _held_rows)
