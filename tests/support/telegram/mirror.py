"""A second copy of a person's conversation, computed by the pure core, to compare with what the bot shows."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import NamedTuple

from bot.channels.turn_queue import read_press
from bot.runtime.clock import local_time
from dialogs.asking import as_question
from dialogs.core.acts import Copy, Fetch, OpenCase, Rehearse, Share, ToCases, act_of
from dialogs.core.events import Began, Commanded, Event, Occasion, Pressed, Typed
from dialogs.core.page import Button
from dialogs.core.replies import Card
from dialogs.core.script import Script
from dialogs.core.session import Session, fresh
from seraf.form.responses import NOTHING
from state_machines.assessment import Phase
from state_machines.rehearsal import Turn
from tests.fakes.telegram import Message, Person
from tests.support.shipped import SCRIPT
from tests.support.talk.beside import Held, show_beside, step_beside
from tests.support.telegram.bots import REFERENCE

SPOKEN = re.compile(r"\b[A-Z]+ [A-Z]+ \d\d\b")
"""A reference in a text. The copy has one of its own, since the bot draws another where somebody has it."""

UNFORESEEN = (Turn.HOST, Turn.AGREE, Turn.DRAW)
"""Acts whose outcome the copy cannot predict, since the bot draws a random code or sends a file."""


def foreseen(pressable: Iterable[str]) -> list[str]:
    """Return those of these buttons' callback data whose outcome the mirror can predict."""
    acts = ((each, act_of(each.partition(":")[2])) for each in pressable)
    return [
        each
        for each, act in acts
        if not (
            isinstance(act, Fetch | ToCases | OpenCase | Share)
            or (isinstance(act, Rehearse) and act.turn in UNFORESEEN)
        )
    ]


def expected(text: str) -> str:
    """Return a shown text with the reference that the copy has."""
    return SPOKEN.sub(REFERENCE, text)


def told_by(button: Button, token: int) -> str | None:
    """Return a button's callback data: its card's token and its own code. Return None if it only copies."""
    return None if isinstance(button.act, Copy) else f"{token}:{button.code}"


class Drawn(NamedTuple):
    """A drawn card, what it was drawn from, and how a chat shows it: callback data and lines."""

    of: tuple[Held, Script, datetime]
    card: Card
    told: list[str | None]
    words: list[str]


@dataclass(slots=True)
class Mirror:
    """A person's expected conversation, real and rehearsed, at a fixed time."""

    at: datetime
    held: Held = field(default_factory=lambda: Held(fresh(0, NOTHING)))
    script: Script = SCRIPT
    _drawn: Drawn | None = field(default=None, init=False, repr=False, compare=False)

    @property
    def session(self) -> Session:
        return self.held.session

    @property
    def occasion(self) -> Occasion:
        """The occasion of every event of this person."""
        return Occasion(local_time(self.at), REFERENCE)

    @property
    def card(self) -> Card:
        """The card that the person must see."""
        return self._draw().card

    def _draw(self) -> Drawn:
        """Return the expected card as a chat shows it. It is drawn only once between two events."""
        of = (self.held, self.script, self.at)
        if self._drawn is None or any(now is not then for now, then in zip(of, self._drawn.of, strict=True)):
            card = show_beside(self.held, self.script, local_time(self.at))
            result = [told_by(button, card.token) for button in card.buttons]
            self._drawn = Drawn(of, card, result, _lines(card.text))
        return self._drawn

    @property
    def is_empty(self) -> bool:
        is_erased = self.session.phase is Phase.ERASED and self.session.overlay is None
        return is_erased and not self.held.practice.is_under_way

    def take(self, event: Event) -> None:
        """Process the same event as the bot."""
        self.held = step_beside(self.held, event, self.script).held

    def press(self, callback_data: str) -> None:
        """Press the button with this callback data."""
        token, code = read_press(callback_data) or (-1, "")
        self.take(Pressed(self.occasion, token, code))

    def type(self, text: str) -> None:
        """Type a text or a command."""
        name, *words = text.removeprefix("/").split(maxsplit=1)
        if text.startswith("/") and name == "start":
            self.take(Began(self.occasion))
        else:
            event = Commanded(self.occasion, name, "".join(words)) if text.startswith("/") else Typed(self.occasion)
            is_several = not self.held.practice.is_under_way
            self.take(as_question(event, text, script=self.script, is_several=is_several))

    def is_kept_as(self, session: Session) -> bool:
        """Return True if a stored session is the expected one, whatever its reference."""
        return replace(session, reference=REFERENCE if session.reference else "") == self.session

    def is_shown_by(self, person: Person) -> bool:
        """Return True if the chat shows the expected card with exactly its buttons, or is empty if it must be."""
        written = [message for message in person.chat if message.by_bot]
        if self.is_empty:
            return not written
        return bool(written) and (_shows(written[-1], self._draw()) or self._is_as_long(written[-1]))

    def _is_as_long(self, message: Message) -> bool:
        """Return True if a message shows the expected card under its own reference, whose length decides how much fits."""
        found = SPOKEN.search(message.text)
        if found is None or not self.session.reference or found[0] == REFERENCE:
            return False
        held = replace(self.held, session=replace(self.session, reference=found[0]))
        card = show_beside(held, self.script, local_time(self.at))
        told = [told_by(button, card.token) for button in card.buttons]
        return _shows(message, Drawn((held, self.script, self.at), card, told, _lines(expected(card.text))))


def _shows(message: Message, drawn: Drawn) -> bool:
    if [button.callback_data for button in message.buttons] != drawn.told:
        return False
    result = _lines(expected(message.text))
    more = len(result) - len(drawn.words)
    # A notice may come first, or after the warning of a rehearsal.
    return more >= 0 and drawn.words in (result[more:], [*result[:1], *result[1 + more :]])


def _lines(text: str) -> list[str]:
    return [line for line in text.splitlines() if line]
