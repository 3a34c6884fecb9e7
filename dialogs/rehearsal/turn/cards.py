"""The card of somebody who is rehearsing. Every card of a rehearsal says first that no child of it is real."""

from dataclasses import replace
from typing import assert_never

from dialogs.cards.show import button, show
from dialogs.core.replies import Card, Paragraph
from dialogs.core.script import Script
from dialogs.phrases.landmarks import with_heading, with_numbers
from dialogs.rehearsal.alone.course_cards import course_paragraphs
from dialogs.rehearsal.alone.debrief_cards import feedback_paragraphs, report_pages
from dialogs.rehearsal.core.made_up import case_of
from dialogs.rehearsal.core.practice import Practice
from dialogs.rehearsal.core.rehearsed_script import rehearsed_script, shows_numbers
from dialogs.rehearsal.core.room_views import Ended, NotOpen
from dialogs.rehearsal.together.cards import consent, titled, together_paragraphs
from dialogs.rehearsal.turn.keys import CASES_A_PAGE, list_pages, own_rows, shows_seraf
from seraf.advice.contacts import LocalTime
from state_machines.rehearsal import Stage


def show_rehearsal(practice: Practice, script: Script, *, now: LocalTime, card: int, notice: str = "") -> Card:
    """The card of a rehearsal that is under way; `card` is the token of the person's live card."""
    above = (Paragraph(notice),) if notice else ()
    rows = tuple(tuple(button(key, script) for key in row) for row in own_rows(practice, script))
    session = practice.session
    if session is None or not shows_seraf(practice):
        asks_for = "join" if practice.stage is Stage.MENU else ""
        own = with_heading(
            Card(card, (*above, *_paragraphs(practice, script)), rows, asks_for=asks_for), above=len(above)
        )
        return replace(own, paragraphs=_headed(own.paragraphs, practice, script=script))
    within = show(session, rehearsed_script(practice, script), now)
    within = with_numbers(within, script.pack.contacts) if shows_numbers(practice) else within
    paragraphs = _headed((*above, *within.paragraphs), practice, script=script)
    return replace(within, paragraphs=paragraphs, rows=(*within.rows, *rows))


def _headed(paragraphs: tuple[Paragraph, ...], practice: Practice, *, script: Script) -> tuple[Paragraph, ...]:
    """The paragraphs under the line that no child of it is real; where a call is spoken of, also that none is made."""
    say, text = script.wording.say, " ".join(each.text for each in paragraphs)
    numbers = (say("rehearsal.number"), *(each.value for each in script.pack.contacts.all if each.value))
    speaks = any(number in text for number in numbers)
    key = "head-real" if shows_numbers(practice) else "head-calls" if speaks else "head"
    return (Paragraph(say(f"rehearsal.{key}"), is_strong=True), *paragraphs)


def _paragraphs(practice: Practice, script: Script) -> tuple[Paragraph, ...]:
    say = script.wording.say
    match practice.stage:
        case Stage.MENU | Stage.LEAVING:
            lost = "comparison" if isinstance(practice.seen, Ended) else "room"
            ends = (Paragraph(say(f"rehearsal.leaving.{lost}")),) if practice.is_host and practice.room else ()
            return (*titled(practice.stage, script), *ends)
        case Stage.LIST:
            return _list(practice, script)
        case Stage.CHOSEN | Stage.JOINING | Stage.STORY:
            return _told(practice, script)
        case Stage.FEEDBACK:
            return feedback_paragraphs(practice, script)
        case Stage.FIRST_CALL:
            return titled(practice.stage, script)
        case Stage.HELD:
            return titled("not-open" if isinstance(practice.seen, NotOpen) else "held", script)
        case Stage.REPORT:
            pages = report_pages(practice, script)
            head = say("rehearsal.report.head", page=min(practice.page, len(pages)), pages=len(pages))
            return (Paragraph(head), *pages[min(practice.page, len(pages)) - 1])
        case Stage.COURSE:
            return course_paragraphs(practice.course, script)
        case Stage.IDLE | Stage.SERAF:
            return ()
        case Stage.WAITING | Stage.ROOM | Stage.CLOSING | Stage.ROOM_REPORT | Stage.PAPERS | Stage.DIFFERENCES:
            return together_paragraphs(practice, script)
    assert_never(practice.stage)


def _list(practice: Practice, script: Script) -> tuple[Paragraph, ...]:
    say, pack = script.wording.say, script.pack
    start = (practice.page - 1) * CASES_A_PAGE
    shown = enumerate(pack.vignettes[start : start + CASES_A_PAGE], start + 1)
    lines = [say("rehearsal.list.line", number=number, title=each.title, about=each.about) for number, each in shown]
    head = say("rehearsal.list.title", page=practice.page, pages=list_pages(pack))
    return (Paragraph(head, is_strong=True), Paragraph("\n".join(lines)))


def _told(practice: Practice, script: Script) -> tuple[Paragraph, ...]:
    """What the made-up case is about, or one part of what is told."""
    say, vignette = script.wording.say, case_of(practice, script.pack)
    if practice.stage is not Stage.STORY:
        return (
            Paragraph(vignette.title, is_strong=True),
            Paragraph(vignette.about),
            Paragraph(say("rehearsal.warning", warning=vignette.warning)),
            *(consent(practice, script) if practice.together else (Paragraph(say("rehearsal.modes")),)),
            Paragraph(say("rehearsal.support")),
        )
    part = vignette.parts[practice.page - 1]
    place = say("rehearsal.part", title=vignette.title, page=practice.page, pages=len(vignette.parts))
    last = (Paragraph(say("rehearsal.now-you")),) if practice.page == len(vignette.parts) else ()
    return (Paragraph(place), Paragraph(part.title, is_strong=True), Paragraph(part.text), *last)
