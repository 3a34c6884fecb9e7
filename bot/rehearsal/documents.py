"""The documents of a rehearsal, made in memory from its current state. They contain nothing of a real case."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial

from bot.pictures.images import as_course_picture, as_heat_map, as_qr_code
from bot.pictures.papers import as_session_paper, as_sheet_of_links
from bot.rehearsal.kit import paper_of, report_file
from bot.summaries.file import File
from dialogs.core.script import Script
from dialogs.rehearsal.alone.course_cards import OWN_COURSE, course_picture
from dialogs.rehearsal.core.practice import Practice, case_of
from dialogs.rehearsal.core.rooms import Counts, Ended, spoken
from dialogs.rehearsal.kit.papers import PAPERS
from dialogs.rehearsal.together.cards import LINKS, MAP, PAPER, QR, RESULTS, link_to, page_of, room_report
from dialogs.rehearsal.together.room_report import map_alt
from state_machines.rehearsal import Stage, Together

LONGEST = 1_024
"""The most characters of a caption."""

Making = Callable[[Practice, Script], File | None]
"""A function that makes a document of a rehearsal; None if there is nothing to put in it."""


def own_course(practice: Practice, script: Script) -> File | None:
    """Return the person's course as a picture, with the same in words."""
    course = course_picture(practice.course, script.wording)
    if not course.points:
        return None
    caption = script.wording.say("rehearsal-document.own-course", about="\n".join(course.text))
    return File(f"{OWN_COURSE}.png", as_course_picture(course), caption)


def room_code(practice: Practice, script: Script) -> File | None:
    """Return the link to an open room as a QR code for the group."""
    if not (practice.is_host and practice.room) or isinstance(practice.seen, Ended):
        return None
    page = page_of(practice, script)
    link = page or link_to(practice, script)
    key = "room-qr-page" if page else "room-qr"
    caption = script.wording.say(f"rehearsal-document.{key}", code=spoken(practice.room), link=link)
    return File(f"{QR}.png", as_qr_code(link), caption)


def room_links(practice: Practice, script: Script) -> File | None:
    """Return a sheet of links to an open room, for one person each; None if no links were made."""
    seen = practice.seen
    if not (isinstance(seen, Counts) and seen.tickets is not None and practice.room and script.pages):
        return None
    tickets = [seen.tickets.ticket(number) for number in range(1, seen.tickets.count + 1)]
    links = [(f"{page_of(practice, script)}/{each}", spoken(f"{practice.room}{each}")) for each in tickets]
    title = case_of(practice, script.pack).title
    sheet = as_sheet_of_links(links, script.wording, title=title, page=f"{script.pages}/room")
    return File(f"{LINKS}.pdf", sheet, script.wording.say("rehearsal-document.room-links"))


def room_map(practice: Practice, script: Script) -> File | None:
    """Return the heat map of a closed room, with its content in words if they fit a caption."""
    told = room_report(practice, script)
    if told is None or not told.figures:
        return None
    words = script.wording.say("rehearsal-document.room-map", about=map_alt(told, script.wording))
    caption = words if len(words) <= LONGEST else script.wording.say("rehearsal-document.room-map-short")
    return File(f"{MAP}.png", as_heat_map(told, script.wording), caption)


def room_paper(practice: Practice, script: Script) -> File | None:
    """Return the paper of a closed room, for the session."""
    told = room_report(practice, script)
    if told is None or not told.figures:
        return None
    paper = as_session_paper(told, script.wording)
    return File(f"{PAPER}.pdf", paper, script.wording.say("rehearsal-document.room-paper"))


def room_results(practice: Practice, script: Script) -> File | None:
    """Return the number of people per answer in a closed room, as a table for a spreadsheet."""
    told = room_report(practice, script)
    if told is None or not told.figures:
        return None
    table = report_file(told, script, ending="csv")
    return table and replace(table, name=f"{RESULTS}.csv", caption=script.wording.say("rehearsal-document.results"))


def paper_to_teach(kind: str, practice: Practice, script: Script) -> File | None:
    """Return a paper of the kit for the case of a room; None for anybody who is not its host."""
    is_free = practice.is_host or practice.stage is Stage.CHOSEN
    if practice.together is not Together.ROOM or practice.seat or not is_free:
        return None
    return paper_of(kind, case_of(practice, script.pack), script)


MAKING: Mapping[str, Making] = {
    OWN_COURSE: own_course,
    QR: room_code,
    LINKS: room_links,
    MAP: room_map,
    PAPER: room_paper,
    RESULTS: room_results,
    **{kind: partial(paper_to_teach, kind) for kind in PAPERS},
}
"""The function that makes each kind of document."""
