"""A person who may rehearse, and presses buttons by label. The state is written as text and read after every turn."""

from dialogs.asking import as_question
from dialogs.core.events import Began, Commanded, Event, Occasion, Pressed, Typed
from dialogs.core.replies import Card, Effect
from dialogs.core.script import Script
from dialogs.core.session import Session, fresh
from dialogs.rehearsal.core.practice import NOT_REHEARSING, Practice
from seraf.form.responses import NOTHING, Responses
from tests.support.pack.made_up import REHEARSAL_SCRIPT
from tests.support.shipped import OCCASION
from tests.support.stored import practice_read_again, session_read_again
from tests.support.talk.beside import Held, Turned, show_beside, step_beside
from tests.support.talk.talking import Cards

MILD = ("Go on", "No", "It is over", "They were told", "Yes, known", "Yes")
"""Labels that continue from any overlay, with the mildest answers."""


class Rehearser(Cards):
    """A person with a real conversation and a rehearsal. `cards` has every card that was shown."""

    def __init__(
        self, script: Script = REHEARSAL_SCRIPT, *, profile: Responses = NOTHING, occasion: Occasion = OCCASION
    ) -> None:
        self.script = script
        self.occasion = occasion
        self.held = Held(fresh(7, profile), NOT_REHEARSING)
        self.effects: tuple[Effect, ...] = ()
        self.cards: list[Card] = [self._shown()]

    @property
    def practice(self) -> Practice:
        return self.held.practice

    @property
    def session(self) -> Session:
        """The session of the real conversation."""
        return self.held.session

    def take(self, event: Event) -> "Rehearser":
        """Let the person cause this event, and check that the state can be stored."""
        turned = self._talk(event)
        session = session_read_again(turned.held.session)
        self.held = Held(session, practice_read_again(turned.held.practice, session.card))
        assert self.held == turned.held
        self.effects = turned.effects
        self.cards.append(self._shown())
        return self

    def _talk(self, event: Event) -> Turned:
        """Return the outcome of an event."""
        return step_beside(self.held, event, self.script)

    def press(self, *labels: str) -> "Rehearser":
        """Press buttons of the card, one after another, by their labels."""
        for label in labels:
            self.take(Pressed(self.occasion, self.card.token, self.button(label).code))
        return self

    def begin(self) -> "Rehearser":
        return self.take(Began(self.occasion))

    def command(self, name: str, words: str = "") -> "Rehearser":
        return self._ask(Commanded(self.occasion, name, words), "")

    def type(self, words: str = "") -> "Rehearser":
        """Type a text that is neither a command nor a label: a question."""
        return self._ask(Typed(self.occasion), words)

    def _ask(self, event: Event, words: str) -> "Rehearser":
        is_several = not self.held.practice.is_under_way
        return self.take(as_question(event, words, script=self.script, is_several=is_several))

    def tell(self, take: str = "Test") -> "Rehearser":
        """Open the next case in this mode, and read it to its end."""
        self.press("Rehearse", "Next case", take)
        pages = sum(len(each.parts) for each in self.script.pack.vignettes if each.id == self.practice.case)
        return self.press(*["Next page"] * (pages - 1), "Start the SERAF")

    def answer(self, *labels: str) -> "Rehearser":
        """Press these labels. After each, answer follow-up questions mildly, and leave overlays."""
        for label in labels:
            self.press(label)
            while "Go on" in self.labels or "a question that cannot wait" in self.text:
                self.press(next(each for each in MILD if each in self.labels))
        return self

    def _shown(self) -> Card:
        return show_beside(self.held, self.script, self.occasion.now)
