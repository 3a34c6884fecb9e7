"""Choosing a made-up case, and its story."""

from dialogs.core.acts import Rehearse
from dialogs.core.keys import Key, Rows, in_rows
from dialogs.core.replies import Paragraph
from dialogs.core.script import Script
from dialogs.rehearsal.alone.course_cards import COURSE
from dialogs.rehearsal.core.practice import MEASURED, Practice, case_of
from dialogs.rehearsal.core.stage_card import BACK, NEXT, STORY, Page, StageCard, about_case, titled, turning
from seraf.cases.vignette import FirstCall
from seraf.pack import Pack
from seraf.rehearsal.progress import Mode
from state_machines.rehearsal import Together, Turn

CASES_A_PAGE = 5
"""Made-up cases on one page of the list."""

PAIR = Key(Rehearse(Turn.TOGETHER, Together.PAIR), "pair")


def _menu_words(practice: Practice, script: Script) -> Page:
    return titled(practice.stage, script)


def _menu_rows(_practice: Practice, script: Script) -> Rows:
    """The next case and the list; made to measure and a pair where there can be one."""
    measured = (Key(Rehearse(Turn.PICK, MEASURED), "made-to-measure"),) if script.pack.fragments else ()
    pair = (PAIR,) if script.link else ()
    return ((NEXT, Key(Rehearse(Turn.LIST), "choose-case")), (*measured, *pair, COURSE))


def _list_words(practice: Practice, script: Script) -> Page:
    say, pack = script.wording.say, script.pack
    start = (practice.page - 1) * CASES_A_PAGE
    shown = enumerate(pack.vignettes[start : start + CASES_A_PAGE], start + 1)
    lines = [say("rehearsal.list.line", number=number, title=each.title, about=each.about) for number, each in shown]
    head = say("rehearsal.list.title", page=practice.page, pages=_list_pages(pack))
    return (Paragraph(head, is_strong=True), Paragraph("\n".join(lines)))


def _list_rows(practice: Practice, script: Script) -> Rows:
    pack, start = script.pack, (practice.page - 1) * CASES_A_PAGE
    shown = pack.vignettes[start : start + CASES_A_PAGE]
    picks = [Key(Rehearse(Turn.PICK, each.id), "case", number=str(start + at)) for at, each in enumerate(shown, 1)]
    return (*in_rows(picks), (*turning(practice.page, _list_pages(pack)), BACK))


def _list_pages(pack: Pack) -> int:
    return -(-len(pack.vignettes) // CASES_A_PAGE)


def _chosen_words(practice: Practice, script: Script) -> Page:
    return about_case(practice, script, how=(Paragraph(script.wording.say("rehearsal.modes")),))


def _chosen_rows(_practice: Practice, _script: Script) -> Rows:
    return ((*(Key(Rehearse(Turn.TELL, mode), f"mode.{mode}") for mode in (Mode.PRACTICE, Mode.TEST)), BACK),)


MENU_CARD = StageCard(_menu_words, _menu_rows)
LIST_CARD = StageCard(_list_words, _list_rows)
CHOSEN_CARD = StageCard(_chosen_words, _chosen_rows)


def _story_words(practice: Practice, script: Script) -> Page:
    say, vignette = script.wording.say, case_of(practice, script.pack)
    part = vignette.parts[practice.page - 1]
    place = say("rehearsal.part", title=vignette.title, page=practice.page, pages=len(vignette.parts))
    last = (Paragraph(say("rehearsal.now-you")),) if practice.page == len(vignette.parts) else ()
    return (Paragraph(place), Paragraph(part.title, is_strong=True), Paragraph(part.text), *last)


def _story_rows(practice: Practice, script: Script) -> Rows:
    parts = len(case_of(practice, script.pack).parts)
    has_begun = practice.session is not None and practice.session.has_case
    asks = (Key(Rehearse(Turn.ASK), "back-to-seraf" if has_begun else "begin-seraf"),)
    later = turning(practice.page, parts)[-1:] if practice.page < parts else ()
    return ((*later, *(asks if has_begun or not later else ()), BACK),)


def _first_call_words(practice: Practice, script: Script) -> Page:
    return titled(practice.stage, script)


def _first_call_rows(_practice: Practice, _script: Script) -> Rows:
    return (*in_rows([Key(Rehearse(Turn.CALL, each), f"first-call.{each}") for each in FirstCall], 2), (STORY,))


STORY_CARD = StageCard(_story_words, _story_rows)
FIRST_CALL_CARD = StageCard(_first_call_words, _first_call_rows)
