"""The buttons of a rehearsal's own: on its stages, and under every card of the SERAF within it."""

from typing import assert_never

from dialogs.core.acts import Rehearse
from dialogs.core.keys import URGENT, Key, Rows, in_rows
from dialogs.core.script import Script
from dialogs.rehearsal.alone.course_cards import offers_picture
from dialogs.rehearsal.alone.course_picture import OWN_COURSE
from dialogs.rehearsal.alone.debrief_cards import report_pages
from dialogs.rehearsal.core.made_up import MEASURED, vignette_of
from dialogs.rehearsal.core.practice import TAKES, Practice
from dialogs.rehearsal.core.stages import standing
from dialogs.rehearsal.together.keys import BACK, COMPARE, END, OPEN, PAIR, PAPERS_CARD, together_rows, turning
from seraf.cases.vignette import FirstCall
from seraf.pack import Pack
from state_machines.assessment import Phase
from state_machines.rehearsal import REHEARSAL, Stage, Together, Turn

CASES_A_PAGE = 5
"""Made-up cases on one page of the list."""

LEAVE = Key(Rehearse(Turn.LEAVE), "leave-rehearsal")
STORY = Key(Rehearse(Turn.TELL), "story")
REPORT = Key(Rehearse(Turn.REPORT), "report")
COURSE = Key(Rehearse(Turn.COURSE), "course")
PICTURE = Key(Rehearse(Turn.DRAW, OWN_COURSE), "course-picture")
GO_ON = Key(Rehearse(Turn.GO_ON), "go-on")
NEXT = Key(Rehearse(Turn.PICK), "next-case")
FOOT = (LEAVE, URGENT)
"""What stands under every card of a rehearsal's own."""


def shows_seraf(practice: Practice) -> bool:
    """Whether the card is that of the SERAF within it: on its stage, and wherever something was opened over a card."""
    return practice.session is not None and (practice.stage is Stage.SERAF or practice.session.overlay is not None)


def acts_on(practice: Practice, script: Script) -> tuple[Rehearse, ...]:
    """What the rehearsal's own buttons on the card do."""
    keys = (key for row in own_rows(practice, script) for key in row)
    return tuple(key.act for key in keys if isinstance(key.act, Rehearse))


def own_rows(practice: Practice, script: Script) -> Rows:
    """The rehearsal's own rows on the card, without what would lead nowhere from here."""
    rows = _beside(practice) if shows_seraf(practice) else (*_rows(practice, script), _foot(practice))
    kept = (tuple(key for key in row if _leads(key, practice)) for row in rows)
    return tuple(row for row in kept if row)


def _leads(key: Key, practice: Practice) -> bool:
    """Whether the key is none of the rehearsal's, or its turn leads somewhere from here."""
    return (
        not isinstance(key.act, Rehearse)
        or REHEARSAL.advance(practice.stage, key.act.turn, facts=standing(practice)) is not None
    )


def _foot(practice: Practice) -> tuple[Key, ...]:
    """What stands under a card of the rehearsal's own. Whoever runs a room is asked before they leave it."""
    if practice.stage is Stage.PAPERS:
        return (BACK, URGENT)
    return (END, URGENT) if practice.stage is Stage.ROOM and practice.room else FOOT


def _beside(practice: Practice) -> Rows:
    """What stands under a card of the SERAF; nothing but the way out under what was opened over one."""
    session = practice.session
    if session is None or session.overlay is not None:
        return () if practice.is_running_room else ((LEAVE,),)
    is_finished = session.phase is Phase.RESULT
    return ((COMPARE,) if is_finished else (), (STORY, *((REPORT,) if is_finished else ()), LEAVE))


def _rows(practice: Practice, script: Script) -> Rows:
    match practice.stage:
        case Stage.MENU:
            return _menu(script)
        case Stage.LIST:
            return _list(practice, script.pack)
        case Stage.CHOSEN:
            return _chosen(practice, script)
        case Stage.STORY:
            return _story(practice, script.pack)
        case Stage.FEEDBACK:
            return ((GO_ON,),)
        case Stage.FIRST_CALL:
            return (*in_rows([Key(Rehearse(Turn.CALL, each), f"first-call.{each}") for each in FirstCall], 2), (STORY,))
        case Stage.HELD:
            return ((REPORT, BACK),)
        case Stage.REPORT:
            return ((*turning(practice.page, len(report_pages(practice, script))), BACK), (NEXT, COURSE))
        case Stage.COURSE:
            return ((*((PICTURE,) if offers_picture(practice.course, script) else ()), BACK),)
        case Stage.LEAVING:
            return ((Key(GO_ON.act, "keep-rehearsing"),),)
        case Stage.IDLE | Stage.SERAF:
            return ()
        case Stage.JOINING | Stage.WAITING | Stage.ROOM | Stage.CLOSING | Stage.ROOM_REPORT:
            return together_rows(practice, script)
        case Stage.PAPERS | Stage.DIFFERENCES:
            return together_rows(practice, script)
    assert_never(practice.stage)


def _menu(script: Script) -> Rows:
    """The next case and the list; made to measure and a pair where there can be one."""
    measured = (Key(Rehearse(Turn.PICK, MEASURED), "made-to-measure"),) if script.pack.fragments else ()
    pair = (PAIR,) if script.link else ()
    return ((NEXT, Key(Rehearse(Turn.LIST), "choose-case")), (*measured, *pair, COURSE))


def _chosen(practice: Practice, script: Script) -> Rows:
    """How to take the case that was chosen; for a room also its papers."""
    if practice.together is None:
        return ((*(Key(Rehearse(Turn.TELL, mode), f"mode.{mode}") for mode in TAKES), BACK),)
    papers = ((PAPERS_CARD,),) if practice.together is Together.ROOM and script.channel.sends_files else ()
    return ((OPEN[practice.together], BACK), *papers)


def _list(practice: Practice, pack: Pack) -> Rows:
    start = (practice.page - 1) * CASES_A_PAGE
    shown = pack.vignettes[start : start + CASES_A_PAGE]
    picks = [Key(Rehearse(Turn.PICK, each.id), "case", number=str(start + at)) for at, each in enumerate(shown, 1)]
    return (*in_rows(picks), (*turning(practice.page, list_pages(pack)), BACK))


def list_pages(pack: Pack) -> int:
    """How many pages the list of made-up cases has."""
    return -(-len(pack.vignettes) // CASES_A_PAGE)


def _story(practice: Practice, pack: Pack) -> Rows:
    vignette = vignette_of(practice.case, pack)
    parts = len(vignette.parts) if vignette else 1
    has_begun = practice.session is not None and practice.session.has_case
    asks = (Key(Rehearse(Turn.ASK), "back-to-seraf" if has_begun else "begin-seraf"),)
    later = turning(practice.page, parts)[-1:] if practice.page < parts else ()
    return ((*later, *(asks if has_begun or not later else ()), BACK),)
