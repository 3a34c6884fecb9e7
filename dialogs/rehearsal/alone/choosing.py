"""The cards on which a person chooses a made-up case, reads its story, and chooses the first call."""

from dataclasses import replace

from dialogs.cards.show import button
from dialogs.core.acts import Rehearse
from dialogs.core.keys import Key, Paragraphs, Rows, in_rows
from dialogs.core.page import (
    Button,
    Field,
    PageKind,
    PagePart,
    QuestionPart,
    SectionPart,
    Text,
    TextLook,
    Ways,
    WholePage,
)
from dialogs.core.replies import Paragraph
from dialogs.core.script import Script
from dialogs.rehearsal.alone.course_cards import COURSE
from dialogs.rehearsal.alone.drill_cards import BEGIN
from dialogs.rehearsal.core.practice import Practice, case_of
from dialogs.rehearsal.core.stage_card import (
    BACK,
    NEXT,
    STORY,
    StageCard,
    about_case,
    case_page,
    led,
    stage_question,
    titled,
    turning,
    ways_to,
)
from seraf.cases.vignette import FirstCall, Vignette
from seraf.pack import Pack
from seraf.rehearsal.drills import sections_of
from seraf.rehearsal.progress import Mode
from state_machines.rehearsal import Together, Turn

CASES_A_PAGE = 5


def _menu_rows(_practice: Practice, script: Script) -> Rows:
    """Return the buttons of the first card: the next case, the list, drills, past rehearsals, and, if possible, a partner."""
    drills = (BEGIN,) if sections_of(script.pack.instrument) else ()
    pair = (Key(Rehearse(Turn.TOGETHER, Together.PAIR), "pair"),) if script.link else ()
    return ((NEXT, Key(Rehearse(Turn.LIST), "choose-case")), (*drills, *pair, COURSE))


def _menu_page(_practice: Practice, script: Script, plain: WholePage) -> WholePage:
    say, shown = script.wording.say, led(plain)
    label, send = say("browser.field.join"), say("browser.look-up.join")
    joining = (
        (SectionPart(say("leaf.with-others"), (Field("words", label, send, command="join"),)),) if script.link else ()
    )
    return replace(shown, parts=(*shown.parts, *joining))


def _case_line(number: int, case: Vignette, script: Script) -> str:
    return script.wording.say("rehearsal.list.line", number=number, title=case.title, about=case.about)


def _list_words(practice: Practice, script: Script) -> Paragraphs:
    say, pack = script.wording.say, script.pack
    start = (practice.page - 1) * CASES_A_PAGE
    shown = enumerate(pack.vignettes[start : start + CASES_A_PAGE], start + 1)
    lines = [_case_line(number, case, script) for number, case in shown]
    head = say("rehearsal.list.title", page=practice.page, pages=_list_pages(pack))
    return (Paragraph(head, is_strong=True), Paragraph("\n".join(lines)))


def _list_rows(practice: Practice, script: Script) -> Rows:
    pack, start = script.pack, (practice.page - 1) * CASES_A_PAGE
    shown = pack.vignettes[start : start + CASES_A_PAGE]
    picks = [Key(Rehearse(Turn.PICK, case.id), "case", number=str(start + at)) for at, case in enumerate(shown, 1)]
    return (*in_rows(picks), (*turning(practice.page, _list_pages(pack)), BACK))


def _list_pages(pack: Pack) -> int:
    return -(-len(pack.vignettes) // CASES_A_PAGE)


def _list_page(_practice: Practice, script: Script, plain: WholePage) -> WholePage:
    """Return the page with every case, each of which one press chooses."""
    cases = tuple(
        Button(_case_line(number, case, script), Rehearse(Turn.PICK, case.id))
        for number, case in enumerate(script.pack.vignettes, 1)
    )
    parts: tuple[PagePart, ...] = (QuestionPart(cases), *ways_to(plain, Turn.LEAVE))
    return replace(plain, shape=PageKind.QUESTION, heading=script.wording.say("leaf.cases"), parts=parts)


MENU_CARD = StageCard(lambda practice, script: titled(practice.stage, script), _menu_rows, _menu_page)
LIST_CARD = StageCard(_list_words, _list_rows, _list_page)
MODES = tuple(Key(Rehearse(Turn.TELL, mode), f"mode.{mode}") for mode in (Mode.PRACTICE, Mode.TEST))
CHOSEN_CARD = StageCard(
    lambda practice, script: about_case(practice, script, how=(Paragraph(script.wording.say("rehearsal.modes")),)),
    lambda _practice, _script: ((*MODES, BACK),),
    case_page,
)


def _story_words(practice: Practice, script: Script) -> Paragraphs:
    say, vignette = script.wording.say, case_of(practice, script.pack)
    part = vignette.parts[practice.page - 1]
    place = say("rehearsal.part", title=vignette.title, page=practice.page, pages=len(vignette.parts))
    last = (Paragraph(say("rehearsal.now-you")),) if practice.page == len(vignette.parts) else ()
    return (Paragraph(place), Paragraph(part.title, is_strong=True), Paragraph(part.text), *last)


def _story_rows(practice: Practice, script: Script) -> Rows:
    parts = len(case_of(practice, script.pack).parts)
    asks, later = (_asking(practice),), turning(practice.page, parts)[-1:] if practice.page < parts else ()
    return ((*later, *(asks if _has_begun(practice) or not later else ()), BACK),)


def _asking(practice: Practice) -> Key:
    return Key(Rehearse(Turn.ASK), "back-to-seraf" if _has_begun(practice) else "begin-seraf")


def _has_begun(practice: Practice) -> bool:
    return practice.session is not None and practice.session.has_case


def _story_page(practice: Practice, script: Script, plain: WholePage) -> WholePage:
    """Return the page with the whole story."""
    vignette = case_of(practice, script.pack)
    story = (SectionPart(part.title, tuple(map(Text, part.text.split("\n\n")))) for part in vignette.parts)
    warning = Text(script.wording.say("rehearsal.warning", warning=vignette.warning), TextLook.HINT)
    asks = Ways(
        (button(_asking(practice), script), *(each for way in ways_to(plain, Turn.LEAVE) for each in way.buttons)), True
    )
    parts: tuple[PagePart, ...] = (warning, *story, Text(script.wording.say("rehearsal.now-you")), asks)
    return replace(plain, shape=PageKind.STORY, caption="", heading=vignette.title, parts=parts)


STORY_CARD = StageCard(_story_words, _story_rows, _story_page)
CALLS = in_rows([Key(Rehearse(Turn.CALL, call), f"first-call.{call}") for call in FirstCall], 2)
FIRST_CALL_CARD = StageCard(
    lambda practice, script: titled(practice.stage, script),
    lambda _practice, _script: (*CALLS, (STORY,)),
    lambda _practice, _script, plain: stage_question(plain, but=(Turn.TELL, Turn.LEAVE)),
)
