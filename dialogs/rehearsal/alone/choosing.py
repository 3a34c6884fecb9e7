"""The cards on which a person chooses a made-up case, reads its story, and chooses the first call."""

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


def _menu_rows(_practice: Practice, script: Script) -> Rows:
    """Return the buttons of the first card: the next case, the list, past rehearsals, and, if possible, a generated case and a partner."""
    measured = (Key(Rehearse(Turn.PICK, MEASURED), "made-to-measure"),) if script.pack.fragments else ()
    pair = (Key(Rehearse(Turn.TOGETHER, Together.PAIR), "pair"),) if script.link else ()
    return ((NEXT, Key(Rehearse(Turn.LIST), "choose-case")), (*measured, *pair, COURSE))


def _list_words(practice: Practice, script: Script) -> Page:
    say, pack = script.wording.say, script.pack
    start = (practice.page - 1) * CASES_A_PAGE
    shown = enumerate(pack.vignettes[start : start + CASES_A_PAGE], start + 1)
    lines = [say("rehearsal.list.line", number=number, title=case.title, about=case.about) for number, case in shown]
    head = say("rehearsal.list.title", page=practice.page, pages=_list_pages(pack))
    return (Paragraph(head, is_strong=True), Paragraph("\n".join(lines)))


def _list_rows(practice: Practice, script: Script) -> Rows:
    pack, start = script.pack, (practice.page - 1) * CASES_A_PAGE
    shown = pack.vignettes[start : start + CASES_A_PAGE]
    picks = [Key(Rehearse(Turn.PICK, case.id), "case", number=str(start + at)) for at, case in enumerate(shown, 1)]
    return (*in_rows(picks), (*turning(practice.page, _list_pages(pack)), BACK))


def _list_pages(pack: Pack) -> int:
    return -(-len(pack.vignettes) // CASES_A_PAGE)


MENU_CARD = StageCard(lambda practice, script: titled(practice.stage, script), _menu_rows)
LIST_CARD = StageCard(_list_words, _list_rows)
MODES = tuple(Key(Rehearse(Turn.TELL, mode), f"mode.{mode}") for mode in (Mode.PRACTICE, Mode.TEST))
CHOSEN_CARD = StageCard(
    lambda practice, script: about_case(practice, script, how=(Paragraph(script.wording.say("rehearsal.modes")),)),
    lambda _practice, _script: ((*MODES, BACK),),
)


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


STORY_CARD = StageCard(_story_words, _story_rows)
CALLS = in_rows([Key(Rehearse(Turn.CALL, call), f"first-call.{call}") for call in FirstCall], 2)
FIRST_CALL_CARD = StageCard(
    lambda practice, script: titled(practice.stage, script), lambda _practice, _script: (*CALLS, (STORY,))
)
