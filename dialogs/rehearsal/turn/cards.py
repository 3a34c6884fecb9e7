"""The card of each stage of a rehearsal. At its top it says that no child in it is real."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace
from typing import cast

from dialogs.cards.plain_page import simple_page, ways_of
from dialogs.cards.show import button, show, with_heading
from dialogs.core.acts import Rehearse
from dialogs.core.keys import IN_A_ROW, URGENT, Key, Rows
from dialogs.core.page import Button, WholePage, altered, offered_acts
from dialogs.core.replies import Card, Paragraph
from dialogs.core.script import Script
from dialogs.rehearsal.alone.choosing import CHOSEN_CARD, FIRST_CALL_CARD, LIST_CARD, MENU_CARD, STORY_CARD
from dialogs.rehearsal.alone.course_cards import COURSE_CARD
from dialogs.rehearsal.alone.debrief_cards import FEEDBACK_CARD, REPORT_CARD
from dialogs.rehearsal.alone.drill_cards import DRILL_CARD, DRILLED_CARD
from dialogs.rehearsal.core.practice import Practice
from dialogs.rehearsal.core.stage_card import BACK, LEAVE, REPORT, STORY, StageCard, rehearsed_script, shows_numbers
from dialogs.rehearsal.core.stages import standing
from dialogs.rehearsal.together.cards import CARDS, COMPARE, END, OPENING_CARD
from seraf.advice.contacts import LocalTime
from state_machines.assessment import Phase
from state_machines.rehearsal import REHEARSAL, Stage, Turn

EVERY = frozenset(Turn)


def shows_seraf(practice: Practice) -> bool:
    """Return True if the card is that of the assessment itself: at its stage, or while an overlay is open."""
    return practice.session is not None and (practice.stage is Stage.SERAF or practice.session.overlay is not None)


def acts_on(practice: Practice, script: Script) -> Iterator[Rehearse]:
    """Yield the acts of those buttons on the card or its page that belong to the rehearsal, not to its assessment."""
    rows = own_rows(practice, script)
    yield from (key.act for row in rows for key in row if isinstance(key.act, Rehearse))
    if script.channel.draws_pages and not shows_seraf(practice):
        acts = offered_acts(_stage_page(practice, script, card=_own_card(practice, script, rows=rows)))
        yield from (act for act in acts if isinstance(act, Rehearse) and _leads(act, practice))


def _leads(act: Rehearse, practice: Practice) -> bool:
    return REHEARSAL.advance(practice.stage, act.turn, facts=standing(practice)) is not None


def own_rows(practice: Practice, script: Script, turns: Collection[Turn] = EVERY) -> Rows:
    """Return the rehearsal's own buttons in rows, without those whose trigger is not allowed now or not among `turns`."""
    session = practice.session
    if not shows_seraf(practice):
        rows: Rows = (*stage_card(practice).rows(practice, script), _foot(practice))
    elif session is None or session.overlay is not None:
        # Over an overlay, the only button of the rehearsal is the one that leaves it.
        rows = () if practice.is_running_room else ((LEAVE,),)
    else:
        rows = ((REPORT, COMPARE), (STORY, LEAVE)) if session.phase is Phase.RESULT else ((STORY, LEAVE),)

    def leads(key: Key) -> bool:
        act = key.act
        return not isinstance(act, Rehearse) or (act.turn in turns and _leads(act, practice))

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
    Stage.DRILL: DRILL_CARD,
    Stage.DRILLED: DRILLED_CARD,
    Stage.COURSE: COURSE_CARD,
    **CARDS,
}


def stage_card(practice: Practice) -> StageCard:
    """Return the card of the current stage. Before a room or pair is opened, it is `OPENING_CARD`."""
    is_with_others = practice.stage is Stage.CHOSEN and practice.together is not None
    return OPENING_CARD if is_with_others else STAGE_CARDS[practice.stage]


def show_rehearsal(
    practice: Practice,
    script: Script,
    *,
    now: LocalTime,
    card: int,
    notice: str = "",
    turns: Collection[Turn] = EVERY,
) -> Card:
    """Return the card of a person who is in a rehearsal, with buttons of these triggers. `card` is the token of their live card."""
    above = (Paragraph(notice),) if notice else ()
    rows, session = own_rows(practice, script, turns), practice.session
    if session is None or not shows_seraf(practice):
        shown = _own_card(practice, script, card=card, rows=rows, notice=notice)
        page = _stage_page(practice, script, card=shown, notice=notice) if script.channel.draws_pages else None
    else:
        within = show(session, rehearsed_script(practice, script), now)
        own = tuple(tuple(button(key, script) for key in row) for row in rows)
        below = (*within.rows, *own)
        # Urgent, if it is alone in its row, stands beside the rehearsal's own buttons, as on the cards of all stages.
        if len(own) == 1 and len(own[0]) < IN_A_ROW and [each.act for each in within.rows[-1]] == [URGENT.act]:
            below = (*within.rows[:-1], (*own[0], *within.rows[-1]))
        shown, page = replace(within, paragraphs=(*above, *within.paragraphs), rows=below), within.page
        if page is not None:
            page = replace(page, notice=notice, parts=(*page.parts, *ways_of(replace(within, rows=own), script)))
    head = _head(shown, practice, script=script)
    if page is not None:
        page = _striped(page, head, practice, script=script)
    place = session.reference if session else ""
    # The reference of the case stands right below, so that the card is a line lower.
    words = [
        each._replace(is_close=True) if at == 0 and place and each.text.startswith(place) else each
        for at, each in enumerate(shown.paragraphs)
    ]
    return replace(shown, paragraphs=(Paragraph(head, is_strong=True), *words), page=page)


def _own_card(practice: Practice, script: Script, *, card: int = 0, rows: Rows, notice: str = "") -> Card:
    """Return the card of a stage without its head."""
    above = (Paragraph(notice),) if notice else ()
    asks_for = "join" if practice.stage is Stage.MENU else ""
    words = (*above, *stage_card(practice).words(practice, script))
    own = tuple(tuple(button(key, script) for key in row) for row in rows)
    return with_heading(Card(card, words, own, asks_for=asks_for), above=len(above))


def _stage_page(practice: Practice, script: Script, *, card: Card, notice: str = "") -> WholePage:
    """Return the page of a stage, whose title says nothing of the case."""
    title = script.wording.say(f"leaf.rehearsal.{practice.stage}")
    plain = replace(simple_page(card, script, notice=notice), title=title)
    return stage_card(practice).page(practice, script, plain)


def _striped(page: WholePage, head: str, practice: Practice, *, script: Script) -> WholePage:
    """Return a page of a rehearsal, which says so in its title too. With real numbers, its heading says whom they are for."""
    say, session = script.wording.say, practice.session

    def named(value: object) -> Button | None:
        is_leaving = isinstance(value, Button) and value.act == LEAVE.act
        return cast(Button, value)._replace(label=say("leaf.leave")) if is_leaving else None

    if is_real := session is not None and session.overlay is not None and shows_numbers(practice):
        heading = say(f"leaf.real.{session.overlay.kind}")
        page = replace(page, heading=heading, reference="", parts=altered(page.parts, named))
    return replace(page, title=say("leaf.rehearsed", title=page.title), stripe=head, has_numbers=is_real)


def _head(card: Card, practice: Practice, *, script: Script) -> str:
    """Return the sentence that no child here is real and, if the card has a telephone number, that nobody is called."""
    say, text = script.wording.say, " ".join(paragraph.text for paragraph in card.paragraphs)
    numbers = (say("rehearsal.number"), *(contact.value for contact in script.pack.contacts.all if contact.value))
    has_number = any(number in text for number in numbers)
    key = "head-real" if shows_numbers(practice) else "head-calls" if has_number else "head"
    return say(f"rehearsal.{key}")
