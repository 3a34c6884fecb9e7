"""Every stage of a rehearsal with its card: one row a stage, and what stands on the card is where the capability is."""

from collections.abc import Mapping

from dialogs.core.script import Script
from dialogs.rehearsal.alone.choosing import CHOSEN_CARD, LIST_CARD, MENU_CARD
from dialogs.rehearsal.alone.course_cards import COURSE_CARD
from dialogs.rehearsal.alone.debrief_cards import FEEDBACK_CARD, REPORT_CARD
from dialogs.rehearsal.alone.story import FIRST_CALL_CARD, STORY_CARD
from dialogs.rehearsal.core.practice import Practice
from dialogs.rehearsal.core.stage_card import Page, StageCard
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
    WAITING_CARD,
)
from dialogs.rehearsal.together.seats import SEATS_CARD
from state_machines.rehearsal import Stage


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
