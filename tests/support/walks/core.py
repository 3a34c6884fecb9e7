"""Replays a recorded conversation (a walk) in the pure core. The session is written as text and read at every turn."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import assert_never

from bot.rehearsal.rooms import follows
from bot.runtime.clock import local_time
from dialogs.asking import as_question
from dialogs.core.acts import code_of
from dialogs.core.events import Began, Commanded, Event, Ignored, Lapsed, Occasion, Pressed, Typed
from dialogs.core.page import offered_acts
from dialogs.core.replies import Card, Toast
from dialogs.core.script import ChannelFacts, Script
from dialogs.core.session import Session, fresh
from dialogs.notes.noting import as_note
from dialogs.rehearsal.turn.alone import room_asked
from seraf.form.responses import NOTHING
from state_machines.assessment import Phase
from state_machines.rehearsal import Stage
from tests.support.stored import practice_read_again, session_read_again
from tests.support.talk.beside import Held, Turned, show_beside, step_beside
from tests.support.walks.around import Around
from tests.support.walks.boards import script_of
from tests.support.walks.model import (
    EMPTY,
    TELEGRAM,
    THINGS,
    Act,
    Follow,
    ItIsNow,
    NextReference,
    Others,
    Press,
    PressAgain,
    Send,
    Sight,
    Step,
    Type,
    Walk,
)
from tests.support.walks.reading import read_walk


@dataclass(frozen=True, slots=True)
class Scene:
    """One act of a walk: the card before it (`before`), and the session, the card and the toast (`said`) after it.

    `turn` counts the turns of the walk from 0. `is_last` marks a turn's last act, after which the walk shows a card.
    """

    turn: int
    steps: tuple[Step, ...]
    act: Act
    is_last: bool
    before: Card | None
    session: Session
    card: Card | None
    said: str
    where: str = ""
    """The overlay, phase or stage of a rehearsal that the card is of."""
    code: str = ""
    """The code of the pressed button. It is empty where a page shows at once what a chat turns to."""

    @property
    def sight(self) -> Sight:
        """What is shown after the act: the toast, if any, and the card."""
        said = (f"({self.said})",) if self.said else ()
        return (*said, *sight_of(self.card))


def sight_of(card: Card | None) -> Sight:
    """Return what a card shows, as a walk writes it."""
    if card is None:
        return (EMPTY,)
    paragraphs: list[str] = []
    for each in card.paragraphs:
        text = f"**{each.text}**" if each.is_strong else each.text
        if each.is_close and paragraphs:
            paragraphs[-1] += f"\n{text}"
        else:
            paragraphs.append(text)
    rows = "\n".join(" ".join(f"[{button.label}]" for button in row) for row in card.rows)
    return (*paragraphs, rows)


class Core:
    """A person's conversation with the core, without a channel or a store."""

    def __init__(self, script: Script, at: datetime, reference: str) -> None:
        self._script = script
        self._facts: ChannelFacts = self._script.channel
        self._at = at
        self._reference = reference
        self._last: Pressed | None = None
        self._around = Around(script)
        self._code = ""
        facts = replace(self._facts, draws_pages=False)
        self._chat = Core(replace(script, channel=facts), at, reference) if self._facts.draws_pages else None
        self._chat_card: Card | None = None
        self.held = Held(fresh(0, NOTHING))

    @property
    def session(self) -> Session:
        return self.held.session

    def scenes(self, walk: Walk) -> Iterator[Scene]:
        """Play the walk, and yield the scene after each of its acts."""
        card: Card | None = None
        for number, turn in enumerate(walk.turns):
            acts = [single for act in turn.acts for single in _singles(act)]
            for place, act in enumerate(acts, 1):
                steps = turn.steps if place == 1 else ()
                self._heed(steps)
                before = self._card("") if steps or card is None else card
                if self._chat is not None and (steps or self._chat_card is None):
                    self._chat_card = self._chat.after(steps)
                said, card = self.take(act, before)
                if self._chat is not None:
                    _, self._chat_card = self._chat.take(act, self._chat_card)
                yield Scene(
                    number,
                    steps,
                    act,
                    place == len(acts),
                    before,
                    self.session,
                    card,
                    said,
                    _where(self.held),
                    self._code,
                )

    def after(self, steps: tuple[Step, ...]) -> Card | None:
        """Return the card after what happens meanwhile."""
        self._heed(steps)
        return self._card("")

    def take(self, act: Act, before: Card | None) -> tuple[str, Card | None]:
        """Return the toast after an act on the card `before`, and the next card."""
        self._code = ""
        event = self._event(act, before)
        if isinstance(act, Press) and event is None:
            return "", before
        if event is None:
            return self._script.wording.say("toast.unclear"), self._card("")
        turned = self._talk(event)
        said = _said(turned, self._script)
        is_above = self._facts.name == TELEGRAM and not isinstance(event, Pressed)
        return ("", self._card(said)) if is_above else (said, self._card(""))

    def _talk(self, event: Event) -> Turned:
        """Return the outcome of an event, and store the change of its room."""
        held = written_and_read(self.held)
        turned = step_beside(held, event, self._script, self._around.table.found(room_asked(held.practice, event)))
        self._around.table.keep(turned)
        self.held = turned.held
        return turned

    def _event(self, act: Act, before: Card | None) -> Event | None:
        """Return the event of an act, or None for a text that a terminal ignores."""
        occasion = self._occasion()
        match act:
            case Follow():
                return Lapsed(occasion)
            case Press(label):
                token, self._code = self._pressed(label, before)
                self._last = Pressed(occasion, token, self._code) if self._code else self._last
                return self._last if self._code else None
            case PressAgain():
                assert self._last is not None, "nothing was pressed yet"
                return replace(self._last, occasion=occasion)
            case Type(line) if line.startswith("/"):
                name, _, words = line[1:].partition(" ")
                return Began(occasion) if name == "start" else self._typed(Commanded(occasion, name, words), "")
            case Type(line):
                return self._typed(Typed(occasion), line)
            case Send(thing):
                return Ignored(occasion, THINGS[thing])
        assert_never(act)

    def _typed(self, event: Typed | Commanded, words: str) -> Event:
        """Return the event of typed words as the bot takes them: a note, a question or a command."""
        is_rehearsing = self.held.practice.is_under_way
        noted = event if is_rehearsing else as_note(event, words, session=self.session, script=self._script)
        return as_question(noted, words, script=self._script, is_several=not is_rehearsing)

    def _pressed(self, label: str, before: Card | None) -> tuple[int, str]:
        """Return the token of the card and the code of the button with this label.

        A page may have other labels, and it may show at once what a chat turns to or opens. So on pages the button is the one
        that does what it does in a chat, and there is none (an empty code) if the page needs none.
        """
        if self._chat is None:
            return _button(label, before)
        assert before is not None, "a page is never empty"
        _, code = _button(label, self._chat_card)
        page = before.page
        on_page = (code_of(each) for each in offered_acts(page)) if page else ()
        return before.token, code if code in {*(each.code for each in before.buttons), *on_page} else ""

    def _card(self, notice: str) -> Card | None:
        held = written_and_read(self.held)
        is_empty = held.session.phase is Phase.ERASED and held.session.overlay is None
        if is_empty and not held.practice.is_under_way and self._facts.can_empty:
            return None
        return show_beside(held, self._script, local_time(self._at), notice)

    def _heed(self, steps: tuple[Step, ...]) -> None:
        for each in steps:
            if isinstance(each, ItIsNow):
                self._at = each.at
            if isinstance(each, NextReference):
                self._reference = each.words
            if isinstance(each, Others):
                self._around.heed(each)
                if follows(self.held.practice):
                    self._talk(Lapsed(self._occasion()))

    def _occasion(self) -> Occasion:
        return Occasion(local_time(self._at), self._reference, self._around.table.fresh_code)


def _where(held: Held) -> str:
    practice, session = held.practice, held.session
    if practice.is_under_way:
        session = practice.session or session
        if practice.session is None or (practice.stage is not Stage.SERAF and session.overlay is None):
            return str(practice.stage)
    place = session.overlay.kind if session.overlay else session.phase
    return f"rehearsed {place}" if practice.is_under_way else str(place)


def written_and_read(held: Held) -> Held:
    """Return the state as it would be read from a store."""
    session = session_read_again(held.session)
    return Held(session, practice_read_again(held.practice, session.card))


def replay(walk: Walk, channel: str) -> list[Scene]:
    """Return the scenes of the walk, as the core plays it in this channel."""
    return list(Core(script_of(channel, walk), walk.at, walk.reference).scenes(walk))


@cache
def replayed(path: Path, channel: str) -> list[Scene]:
    """Return the scenes of the walk in this file. They are computed once per file and channel."""
    return replay(read_walk(path), channel)


def _singles(act: Act) -> list[Act]:
    """Return a repeated press as single presses."""
    return [Press(act.label)] * act.times if isinstance(act, Press) else [act]


def _button(label: str, card: Card | None) -> tuple[int, str]:
    assert card is not None, f"[{label}]: the chat is empty"
    found = [button.code for button in card.buttons if button.label == label]
    shown = " ".join(f"[{button.label}]" for button in card.buttons)
    assert len(found) == 1, f"[{label}] is not one button of this card:\n{card.text}\n{shown}"
    return card.token, found[0]


def _said(turned: Turned, script: Script) -> str:
    toasts = [effect for effect in turned.effects if isinstance(effect, Toast)]
    return " ".join(script.wording.say(f"toast.{toast.key}", **dict(toast.values)) for toast in toasts)
