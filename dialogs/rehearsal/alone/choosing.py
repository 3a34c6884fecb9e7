"""The cards before a made-up case is told: the menu, the list, and how to take the one that was chosen."""

from dialogs.core.acts import Rehearse
from dialogs.core.keys import Key, Rows, in_rows
from dialogs.core.replies import Paragraph
from dialogs.core.script import Script
from dialogs.rehearsal.alone.course_cards import COURSE
from dialogs.rehearsal.core.made_up import MEASURED
from dialogs.rehearsal.core.practice import TAKES, Practice
from dialogs.rehearsal.core.stage_card import BACK, NEXT, Page, StageCard, about_case, titled, turning
from seraf.pack import Pack
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
    return ((*(Key(Rehearse(Turn.TELL, mode), f"mode.{mode}") for mode in TAKES), BACK),)


MENU_CARD = StageCard(_menu_words, _menu_rows)
LIST_CARD = StageCard(_list_words, _list_rows)
CHOSEN_CARD = StageCard(_chosen_words, _chosen_rows)
