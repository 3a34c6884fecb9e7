"""The card of a rehearsal, by its stage, under the line that no child of it is real."""

from collections.abc import Mapping
from dataclasses import replace

from dialogs.cards.show import button, show, with_heading, with_numbers
from dialogs.core.acts import Rehearse
from dialogs.core.keys import URGENT, Key, Rows
from dialogs.core.replies import Card, Paragraph
from dialogs.core.script import Script
from dialogs.rehearsal.alone.choosing import CHOSEN_CARD, FIRST_CALL_CARD, LIST_CARD, MENU_CARD, STORY_CARD
from dialogs.rehearsal.alone.course_cards import COURSE_CARD
from dialogs.rehearsal.alone.debrief_cards import FEEDBACK_CARD, REPORT_CARD
from dialogs.rehearsal.core.practice import Practice
from dialogs.rehearsal.core.stage_card import (
    BACK,
    LEAVE,
    REPORT,
    STORY,
    Page,
    StageCard,
    rehearsed_script,
    shows_numbers,
)
from dialogs.rehearsal.core.stages import standing
from dialogs.rehearsal.together.cards import (
    CLOSING_CARD,
    DIFFERENCES_CARD,
    HELD_CARD,
    JOINING_CARD,
    LEAVING_CARD,
    OPENING_CARD,
    PAPERS_CARD,
    ROOM_CARD,
    ROOM_REPORT_CARD,
    SEATS_CARD,
    WAITING_CARD,
)
from dialogs.rehearsal.together.keys import COMPARE, END
from seraf.advice.contacts import LocalTime
from state_machines.assessment import Phase
from state_machines.rehearsal import REHEARSAL, Stage

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
    on_stage = () if shows_seraf(practice) else (*stage_card(practice).rows(practice, script), _foot(practice))
    rows = on_stage or _beside(practice)
    kept = (tuple(key for key in row if _leads(key, practice)) for row in rows)
    return tuple(row for row in kept if row)


def _leads(key: Key, practice: Practice) -> bool:
    """Whether the key is none of the rehearsal's, or its turn leads somewhere from here."""
    return (
        not isinstance(key.act, Rehearse)
        or REHEARSAL.advance(practice.stage, key.act.turn, facts=standing(practice)) is not None
    )


def _foot(practice: Practice) -> tuple[Key, ...]:
    """What stands under a card of the rehearsal's own. The host of a room is asked before they leave it."""
    if practice.stage in (Stage.PAPERS, Stage.SEATS):
        return (BACK, URGENT)
    if practice.stage is Stage.CLOSING and practice.room:
        return (URGENT,)  # one wrong tap next to `Close` would end the room, and show nothing of it
    return (END, URGENT) if practice.stage is Stage.ROOM and practice.room else FOOT


def _beside(practice: Practice) -> Rows:
    """What stands with a card of the SERAF; nothing but the way out with what was opened over one."""
    session = practice.session
    if session is None or session.overlay is not None:
        return () if practice.is_running_room else ((LEAVE,),)
    return ((REPORT, COMPARE), (STORY, LEAVE)) if session.phase is Phase.RESULT else ((STORY, LEAVE),)


def _nothing(_practice: Practice, _script: Script) -> Page:
    return ()


STAGE_CARDS: Mapping[Stage, StageCard] = {
    Stage.IDLE: StageCard(_nothing),
    Stage.MENU: MENU_CARD,
    Stage.LIST: LIST_CARD,
    Stage.CHOSEN: CHOSEN_CARD,
    Stage.STORY: STORY_CARD,
    Stage.SERAF: StageCard(_nothing),
    Stage.FEEDBACK: FEEDBACK_CARD,
    Stage.FIRST_CALL: FIRST_CALL_CARD,
    Stage.HELD: HELD_CARD,
    Stage.REPORT: REPORT_CARD,
    Stage.COURSE: COURSE_CARD,
    Stage.LEAVING: LEAVING_CARD,
    Stage.JOINING: JOINING_CARD,
    Stage.WAITING: WAITING_CARD,
    Stage.ROOM: ROOM_CARD,
    Stage.SEATS: SEATS_CARD,
    Stage.CLOSING: CLOSING_CARD,
    Stage.ROOM_REPORT: ROOM_REPORT_CARD,
    Stage.PAPERS: PAPERS_CARD,
    Stage.DIFFERENCES: DIFFERENCES_CARD,
}


def stage_card(practice: Practice) -> StageCard:
    """The card of the stage that somebody is at. Who takes a case with others is told first what they are shown."""
    is_with_others = practice.stage is Stage.CHOSEN and practice.together is not None
    return OPENING_CARD if is_with_others else STAGE_CARDS[practice.stage]


def show_rehearsal(practice: Practice, script: Script, *, now: LocalTime, card: int, notice: str = "") -> Card:
    """The card of a rehearsal that is under way; `card` is the token of the person's live card."""
    above = (Paragraph(notice),) if notice else ()
    rows = tuple(tuple(button(key, script) for key in row) for row in own_rows(practice, script))
    session = practice.session
    if session is None or not shows_seraf(practice):
        asks_for = "join" if practice.stage is Stage.MENU else ""
        own = with_heading(
            Card(card, (*above, *stage_card(practice).words(practice, script)), rows, asks_for=asks_for),
            above=len(above),
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
