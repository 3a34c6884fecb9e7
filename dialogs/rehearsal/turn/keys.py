"""The buttons of a rehearsal's own: on its stages, and under every card of the SERAF within it."""

from dialogs.core.acts import Rehearse
from dialogs.core.keys import URGENT, Key, Rows
from dialogs.core.script import Script
from dialogs.rehearsal.core.practice import Practice
from dialogs.rehearsal.core.stage_card import BACK, LEAVE, REPORT, STORY
from dialogs.rehearsal.core.stages import standing
from dialogs.rehearsal.together.keys import COMPARE, END
from dialogs.rehearsal.turn.stage_cards import stage_card
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
