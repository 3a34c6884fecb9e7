"""The documents of rehearsals and the training documents, as files made in memory. They have nothing of a real case."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial
from pathlib import Path

from bot.pictures.images import as_course_picture, as_heat_map, as_qr_code
from bot.pictures.papers import as_session_paper, as_sheet_of_links, as_training_paper
from bot.summaries.file import File
from dialogs.core.script import Script
from dialogs.rehearsal.alone.course_cards import OWN_COURSE, course_picture
from dialogs.rehearsal.core.practice import Practice, case_of
from dialogs.rehearsal.core.rooms import Counts, Ended, spoken
from dialogs.rehearsal.kit.key_paper import how_matched
from dialogs.rehearsal.kit.new_case import new_case
from dialogs.rehearsal.kit.paper import TrainingPaper
from dialogs.rehearsal.kit.papers import HANDOUT, KEY, PAPERS, SHEET, kit_of, preview_of
from dialogs.rehearsal.together.cards import LINKS, MAP, PAPER, QR, RESULTS, link_to, room_page, room_report
from dialogs.rehearsal.together.room_report import Report, map_alt, report_csv
from seraf.cases.vignette import Vignette
from seraf.rehearsal.session_plan import MatchedPair
from state_machines.rehearsal import Stage, Together

LONGEST = 1_024  # maximum number of characters of a caption


def paper_of(kind: str, vignette: Vignette, script: Script) -> File:
    """Return a training document about a made-up case as a PDF. `kind` is one of those in `PAPERS`."""
    return _paper_file(PAPERS[kind](vignette, script), script)


def kit_files(vignette: Vignette, script: Script, *, minutes: int) -> tuple[File, ...]:
    """Return all training documents for a session of this many minutes. Raise `KeyError` if no plan has this length."""
    return tuple(_paper_file(paper, script) for paper in kit_of(vignette, script, minutes=minutes))


def pair_files(pair: MatchedPair, script: Script) -> tuple[File, ...]:
    """Return what to use before and after training: handout and model answers of both cases, and one answer sheet."""
    files = (
        replace(file, name=f"{number}-{file.name}")
        for number, vignette in enumerate((pair.first, pair.second), 1)
        for file in (paper_of(kind, vignette, script) for kind in (HANDOUT, KEY))
    )
    return (*files, paper_of(SHEET, pair.first, script))


def pair_lines(pair: MatchedPair, script: Script) -> tuple[str, ...]:
    """Return lines of text that say how the two made-up cases are alike and differ."""
    return how_matched(pair, script)


def preview_file(vignette: Vignette, script: Script) -> File:
    """Return a made-up case as a PDF for its author to proofread."""
    return _paper_file(preview_of(vignette, script), script)


def template_of(path: Path, script: Script) -> bytes:
    """Return the content of the commented file at this path with which an author begins a made-up case."""
    return f"{new_case(path.stem, script, file=str(path))}\n".encode()


def _paper_file(paper: TrainingPaper, script: Script) -> File:
    caption = script.wording.say("rehearsal-document.paper", title=paper.about)
    return File(f"{paper.name}.pdf", as_training_paper(paper, script.wording), caption)


def _own_course(practice: Practice, script: Script) -> File | None:
    course = course_picture(practice.history.course, script.wording)
    if not course.points:
        return None
    caption = script.wording.say("rehearsal-document.own-course", about="\n".join(course.text))
    return File(f"{OWN_COURSE}.png", as_course_picture(course), caption)


def _room_code(practice: Practice, script: Script) -> File | None:
    """Return the QR code with which the group joins the open room that this person hosts, or None if they host none."""
    if not (practice.is_host and practice.membership.room) or isinstance(practice.membership.seen, Ended):
        return None
    page = room_page(practice, script)
    link = page or link_to(practice, script)
    key = "room-qr-page" if page else "room-qr"
    caption = script.wording.say(f"rehearsal-document.{key}", code=spoken(practice.membership.room), link=link)
    return File(f"{QR}.png", as_qr_code(link), caption)


def _room_links(practice: Practice, script: Script) -> File | None:
    """Return a sheet of personal links to the open room, for one person each, or None if none were made."""
    seen = practice.membership.seen
    if not (isinstance(seen, Counts) and seen.tickets is not None and practice.membership.room and script.pages):
        return None
    tickets = [seen.tickets.ticket(number) for number in range(1, seen.tickets.count + 1)]
    page = room_page(practice, script)
    links = [(f"{page}/{ticket}", spoken(f"{practice.membership.room}{ticket}")) for ticket in tickets]
    title = case_of(practice, script.pack).title
    sheet = as_sheet_of_links(links, script.wording, title=title, page=f"{script.pages}/room")
    return File(f"{LINKS}.pdf", sheet, script.wording.say("rehearsal-document.room-links"))


def _of_closed_room(make: Callable[[Report, Script], File | None], practice: Practice, script: Script) -> File | None:
    """Return what `make` makes of the report on a closed room, or None if there are no results."""
    report = room_report(practice, script)
    return make(report, script) if report is not None and report.figures else None


def _room_map(report: Report, script: Script) -> File:
    """Return the heat map of a room. If it is short enough, the caption says the same in words."""
    caption = script.wording.say("rehearsal-document.room-map", about=map_alt(report, script.wording))
    if len(caption) > LONGEST:
        caption = script.wording.say("rehearsal-document.room-map-short")
    return File(f"{MAP}.png", as_heat_map(report, script.wording), caption)


def _room_paper(report: Report, script: Script) -> File:
    paper = as_session_paper(report, script.wording)
    return File(f"{PAPER}.pdf", paper, script.wording.say("rehearsal-document.room-paper"))


def _room_results(report: Report, script: Script) -> File:
    caption = script.wording.say("rehearsal-document.results")
    return File(f"{RESULTS}.csv", report_csv(report).encode("utf-8-sig"), caption)


def _paper_to_teach(kind: str, practice: Practice, script: Script) -> File | None:
    """Return a training document about the case of a room, or None if the person is not the room's host."""
    is_free = practice.is_host or practice.stage is Stage.CHOSEN
    if practice.together is not Together.ROOM or practice.membership.seat or not is_free:
        return None
    return paper_of(kind, case_of(practice, script.pack), script)


MAKING: Mapping[str, Callable[[Practice, Script], File | None]] = {
    OWN_COURSE: _own_course,
    QR: _room_code,
    LINKS: _room_links,
    MAP: partial(_of_closed_room, _room_map),
    PAPER: partial(_of_closed_room, _room_paper),
    RESULTS: partial(_of_closed_room, _room_results),
    **{kind: partial(_paper_to_teach, kind) for kind in PAPERS},
}
"""For each kind of document, the function that makes it. It returns None if there is nothing to write in the document."""
