"""A conversation in which tests press buttons by label. The session is written and read again after each turn."""

import re
from collections.abc import Iterable

from dialogs.asking import as_question
from dialogs.cards.show import show
from dialogs.core.acts import Kind
from dialogs.core.events import Began, Commanded, Event, Occasion, Pressed, Typed
from dialogs.core.page import Button
from dialogs.core.replies import Card, Effect, Toast
from dialogs.core.script import Script
from dialogs.core.session import Session, fresh
from dialogs.form.path import PREPARE, places, section_at
from dialogs.turn.step import step
from seraf.form.responses import NOTHING, Responses
from state_machines.assessment import Phase
from tests.support.shipped import INSTRUMENT, OCCASION, SCRIPT
from tests.support.stored import session_read_again

CHOSEN = " ✓"

MILDLY = {
    "safe": "Yes",
    "online": "No",
    "going_on": "It is over",
    "reported": "They were told",
    "missing_now": "Yes, known",
}
"""The mildest answer to each follow-up question."""


class Cards:
    """A person's view of a conversation. `cards` has every card that was shown, `effects` those of the last turn."""

    cards: list[Card]
    effects: tuple[Effect, ...]

    @property
    def card(self) -> Card:
        return self.cards[-1]

    @property
    def text(self) -> str:
        return self.card.text

    @property
    def labels(self) -> list[str]:
        """The labels of the card's buttons, without the mark of the chosen answer."""
        return [button.label.removesuffix(CHOSEN) for button in self.card.buttons]

    @property
    def toasts(self) -> list[str]:
        """The wording keys of the toasts of the last turn."""
        return [effect.key for effect in self.effects if isinstance(effect, Toast)]

    def button(self, label: str) -> Button:
        found = [button for button in self.card.buttons if _is_named(button.label.removesuffix(CHOSEN), label)]
        assert len(found) == 1, f"{label!r} is not on the card, or twice: {self.labels}\n{self.text}"
        return found[0]


def _is_named(label: str, wanted: str) -> bool:
    """Return True if a label is the wanted one. “# Call” stands for a numbered button, such as “3 Call”."""
    return label == wanted or (
        wanted.startswith("# ") and re.fullmatch(rf"\d+ {re.escape(wanted[2:])}", label) is not None
    )


class Talk(Cards):
    """A person in a conversation. `cards` has every card that was shown; `taps` counts the pressed buttons."""

    def __init__(self, script: Script = SCRIPT, *, profile: Responses = NOTHING, occasion: Occasion = OCCASION) -> None:
        self.script = script
        self.occasion = occasion
        self.session: Session = fresh(7, profile)
        self.effects: tuple[Effect, ...] = ()
        self.taps = 0
        self.cards: list[Card] = [self._shown()]

    @property
    def chosen(self) -> list[str]:
        """The labels that have the mark of a chosen answer."""
        return [button.label.removesuffix(CHOSEN) for button in self.card.buttons if button.label.endswith(CHOSEN)]

    def take(self, event: Event) -> "Talk":
        """Let the person cause this event, and check that the session can be stored."""
        reply = step(self.session, event, self.script)
        self.session = session_read_again(reply.session)
        assert self.session == reply.session
        self.effects = reply.effects
        self.cards.append(self._shown())
        return self

    def press(self, *labels: str) -> "Talk":
        """Press buttons of the card, one after another, by their labels."""
        for label in labels:
            self.taps += 1
            self.take(Pressed(self.occasion, self.session.card, self.button(label).code))
        return self

    def begin(self) -> "Talk":
        return self.take(Began(self.occasion))

    def command(self, name: str, words: str = "") -> "Talk":
        return self.take(as_question(Commanded(self.occasion, name, words), "", script=self.script))

    def type(self, words: str = "") -> "Talk":
        """Type a text that is neither a command nor a label: a question."""
        return self.take(as_question(Typed(self.occasion), words, script=self.script))

    def start(self, *, role: str = "School") -> "Talk":
        """Start an assessment, and answer with this profession if the bot asks for it."""
        self.begin().press("Start")
        return self.press(role) if role in self.labels else self

    def open_with(
        self, *, order: str = "Form order", told: str = "No", age: str = "13–15", role: str = "School"
    ) -> "Talk":
        """Start an assessment, and answer the opening questions up to item 1."""
        self.start(role=role).press("Neither", told).on().press("Yes", age)
        return self.press(order) if order in self.labels else self

    def answer(self, responses: Iterable[str]) -> "Talk":
        """Answer the items from the current one on, and follow-up questions as mildly as possible."""
        if section_at(self.session.place, INSTRUMENT) and self.session.answers.get("how") != PREPARE:
            for label in responses:
                self.press(label).on()
            return self
        pending = dict(zip(self._items_ahead(), responses, strict=False))
        while pending:
            place = self.session.place
            if section := section_at(place, INSTRUMENT):
                self._answer_section(section.id, pending)
            else:
                self.press(pending.pop(place)).on()
        return self

    def _items_ahead(self) -> list[str]:
        """Return the items from the current one on, in their present order. Before a call it is form order."""
        if self.session.answers.get("how") == PREPARE:
            return [item.id for item in INSTRUMENT.items if item.id not in self.session.answers.items]
        path = places(self.session, self.script.pack, phase=self.session.phase)
        return list(path[path.index(self.session.place) :])

    def _answer_section(self, section_id: str, pending: dict[str, str]) -> None:
        """On the card of a section, tick its present items and give the answer of all others."""
        items = [item for item in INSTRUMENT.of_section(section_id) if item.id in pending]
        said = {item.id: pending.pop(item.id) for item in items}
        for item in items:
            if said[item.id] == "Yes":
                self.press(item.short).on()
        self.press("Others not known" if "Not known" in said.values() else "None of the others").on()

    def on(self) -> "Talk":
        """Answer follow-up questions as mildly as possible, and leave overlays."""
        while overlay := self.session.overlay:
            answer = MILDLY.get(overlay.about, "Not known") if overlay.kind is Kind.FOLLOW_UP else ""
            self.press(answer or next(each for each in ("Prepare the call", "Go on") if each in self.labels))
        return self

    def close(self) -> "Talk":
        """Answer the closing questions as briefly as possible, and confirm the answers on the check page."""
        return self.press("Not known", "First").rest().press("Continue")

    def rest(self) -> "Talk":
        """Answer the remaining closing questions with no tick, or with not known."""
        while self.session.phase is Phase.CLOSING:
            self.press(next(each for each in ("None of the others", "Not known") if each in self.labels))
        return self

    def finish(self) -> "Talk":
        """Finish early, and answer the remaining questions as briefly as possible."""
        return self.press("More", "Finish now").rest()

    def _shown(self) -> Card:
        return show(self.session, self.script, self.occasion.now)
