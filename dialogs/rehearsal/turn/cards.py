"""The card of each stage of a rehearsal. At its top it says that no child in it is real."""

from collections.abc import Mapping
from dataclasses import replace

from dialogs.cards.show import button, show, with_heading, with_numbers
from dialogs.core.acts import Rehearse
from dialogs.core.keys import IN_A_ROW, URGENT, Key, Rows
from dialogs.core.replies import Card, Paragraph
from dialogs.core.script import Script
from dialogs.rehearsal.alone.choosing import CHOSEN_CARD, FIRST_CALL_CARD, LIST_CARD, MENU_CARD, STORY_CARD
from dialogs.rehearsal.alone.course_cards import COURSE_CARD
from dialogs.rehearsal.alone.debrief_cards import FEEDBACK_CARD, REPORT_CARD
from dialogs.rehearsal.core.practice import Practice
from dialogs.rehearsal.core.stage_card import BACK, LEAVE, REPORT, STORY, StageCard, rehearsed_script, shows_numbers
from dialogs.rehearsal.core.stages import standing
from dialogs.rehearsal.together.cards import CARDS, COMPARE, END, OPENING_CARD
from seraf.advice.contacts import LocalTime
from state_machines.assessment import Phase
from state_machines.rehearsal import REHEARSAL, Stage


def shows_seraf(practice: Practice) -> bool:
    """Return True if the card is that of the assessment itself: at its stage, or while an overlay is open."""
    return practice.session is not None and (practice.stage is Stage.SERAF or practice.session.overlay is not None)


def acts_on(practice: Practice, script: Script) -> tuple[Rehearse, ...]:
    """Return the acts of those buttons on the card that belong to the rehearsal, not to its assessment."""
    keys = (key for row in own_rows(practice, script) for key in row)
    return tuple(key.act for key in keys if isinstance(key.act, Rehearse))


def own_rows(practice: Practice, script: Script) -> Rows:
    """Return the rehearsal's own buttons in rows, without those whose trigger is not allowed now."""
    session, facts = practice.session, standing(practice)
    if not shows_seraf(practice):
        rows: Rows = (*stage_card(practice).rows(practice, script), _foot(practice))
    elif session is None or session.overlay is not None:
        # Over an overlay, the only button of the rehearsal is the one that leaves it.
        rows = () if practice.is_running_room else ((LEAVE,),)
    else:
        rows = ((REPORT, COMPARE), (STORY, LEAVE)) if session.phase is Phase.RESULT else ((STORY, LEAVE),)

    def leads(key: Key) -> bool:
        act = key.act
        return not isinstance(act, Rehearse) or REHEARSAL.advance(practice.stage, act.turn, facts=facts) is not None

    leading = tuple(row for row in (tuple(key for key in row if leads(key)) for row in rows) if row)
    under = tuple(key for row in leading for key in row)
    # Below an assessment, which fills the screen, they are one row if they fit.
    return (under,) if under and shows_seraf(practice) and len(under) <= IN_A_ROW else leading


def _foot(practice: Practice) -> tuple[Key, ...]:
    """Return the last row of a stage's card. Instead of leaving, a host of an open room has a button to close it, after a question."""
    if practice.stage in (Stage.PAPERS, Stage.SEATS):
        return (BACK, URGENT)
    if practice.stage is Stage.CLOSING and practice.membership.room:
        return (URGENT,)  # one wrong tap next to `Close` would end the room, and show nothing of it
    return (END if practice.stage is Stage.ROOM and practice.membership.room else LEAVE, URGENT)


NO_CARD = StageCard(lambda _practice, _script: ())

STAGE_CARDS: Mapping[Stage, StageCard] = {
    Stage.IDLE: NO_CARD,
    Stage.MENU: MENU_CARD,
    Stage.LIST: LIST_CARD,
    Stage.CHOSEN: CHOSEN_CARD,
    Stage.STORY: STORY_CARD,
    Stage.SERAF: NO_CARD,
    Stage.FEEDBACK: FEEDBACK_CARD,
    Stage.FIRST_CALL: FIRST_CALL_CARD,
    Stage.REPORT: REPORT_CARD,
    Stage.COURSE: COURSE_CARD,
    **CARDS,
}


def stage_card(practice: Practice) -> StageCard:
    """Return the card of the current stage. Before a room or pair is opened, it is `OPENING_CARD`."""
    is_with_others = practice.stage is Stage.CHOSEN and practice.together is not None
    return OPENING_CARD if is_with_others else STAGE_CARDS[practice.stage]


def show_rehearsal(practice: Practice, script: Script, *, now: LocalTime, card: int, notice: str = "") -> Card:
    """Return the card of a person who is in a rehearsal. `card` is the token of their live card."""
    above = (Paragraph(notice),) if notice else ()
    rows = tuple(tuple(button(key, script) for key in row) for row in own_rows(practice, script))
    session = practice.session
    if session is None or not shows_seraf(practice):
        asks_for = "join" if practice.stage is Stage.MENU else ""
        words = (*above, *stage_card(practice).words(practice, script))
        own = with_heading(Card(card, words, rows, asks_for=asks_for), above=len(above))
        return replace(own, paragraphs=_headed(own.paragraphs, practice, script=script))
    within = show(session, rehearsed_script(practice, script), now)
    within = with_numbers(within, script.pack.contacts) if shows_numbers(practice) else within
    paragraphs = _headed((*above, *within.paragraphs), practice, script=script)
    # Urgent, if it is alone in its row, stands beside the rehearsal's own buttons, as on the cards of all stages.
    if len(rows) == 1 and len(rows[0]) < IN_A_ROW and [each.act for each in within.rows[-1]] == [URGENT.act]:
        return replace(within, paragraphs=paragraphs, rows=(*within.rows[:-1], (*rows[0], *within.rows[-1])))
    return replace(within, paragraphs=paragraphs, rows=(*within.rows, *rows))


def _headed(paragraphs: tuple[Paragraph, ...], practice: Practice, *, script: Script) -> tuple[Paragraph, ...]:
    """Return the paragraphs below a sentence that no child here is real and, if they have a telephone number, that nobody is called."""
    say, text = script.wording.say, " ".join(paragraph.text for paragraph in paragraphs)
    numbers = (say("rehearsal.number"), *(contact.value for contact in script.pack.contacts.all if contact.value))
    has_number = any(number in text for number in numbers)
    key = "head-real" if shows_numbers(practice) else "head-calls" if has_number else "head"
    place = practice.session.reference if practice.session else ""
    # The reference of the case stands right below, so that the card is a line lower.
    is_place = bool(place) and paragraphs[0].text.startswith(place)
    below = (paragraphs[0]._replace(is_close=True), *paragraphs[1:]) if is_place else paragraphs
    return (Paragraph(say(f"rehearsal.{key}"), is_strong=True), *below)
