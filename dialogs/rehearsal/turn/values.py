"""What a turn of a rehearsal is given, and what it comes to."""

from dataclasses import dataclass, field, replace

from dialogs.core.replies import Document, Effect
from dialogs.core.session import Session
from dialogs.rehearsal.core.practice import Practice
from dialogs.rehearsal.core.rooms import Room
from dialogs.rehearsal.turn.keys import shows_seraf
from state_machines.rehearsal import Stage


@dataclass(frozen=True, slots=True)
class Person:
    """Who rehearses: the token of their live card, and a session with what is remembered of them and nothing of a case."""

    card: int
    remembered: Session = field(repr=False)


@dataclass(frozen=True, slots=True)
class RehearsalTurn:
    """What a turn comes to: the rehearsal, the token of its card, and what else is to happen.

    `room` is one that it changed, `ends` the code of one that is over.
    """

    practice: Practice
    card: int
    effects: tuple[Effect, ...] = ()
    room: Room | None = None
    ends: str = field(default="", repr=False)


def on_its_card(before: Practice, turned: RehearsalTurn) -> RehearsalTurn:
    """The same on the next card, unless nothing changed and no document was asked for.

    The SERAF within it also stays on its card, where it says itself that the card still counts.
    """
    practice, inner = turned.practice, turned.practice.session
    if practice == before and not any(isinstance(each, Document) for each in turned.effects):
        return turned
    is_same = inner is not None and inner.card == turned.card and practice.stage is before.stage
    if is_same and shows_seraf(practice) and practice.stage is Stage.SERAF:
        return turned
    card = turned.card + 1
    return replace(turned, practice=replace(practice, session=inner and replace(inner, card=card)), card=card)
