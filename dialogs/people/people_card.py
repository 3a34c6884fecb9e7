"""A card of people as it is kept while it lies over an administrator's chat: what it showed counts, not what has changed since."""

import json
from dataclasses import dataclass, field

from dialogs.cards.show import button
from dialogs.core.act_codes import act_of
from dialogs.core.acts import Copy
from dialogs.core.keys import Rows
from dialogs.core.replies import Button, Card, Paragraph
from dialogs.core.script import Script
from dialogs.phrases.landmarks import with_heading


@dataclass(frozen=True, slots=True)
class PeopleCard:
    """The words and the buttons of a card, and `name`, what somebody who is to be invited is called."""

    paragraphs: tuple[Paragraph, ...] = field(repr=False)
    rows: tuple[tuple[Button, ...], ...] = field(repr=False)
    name: str = field(default="", repr=False)

    def card(self, token: int, notice: str = "") -> Card:
        """The card with this token. A notice, where there is one, stands above it."""
        above = (Paragraph(notice),) if notice else ()
        return with_heading(Card(token, (*above, *self.paragraphs), self.rows, asks_for="people"), above=len(above))

    def has(self, code: str) -> bool:
        """Whether a button of it has this code."""
        return any(each.code == code for row in self.rows for each in row)


def people_card(paragraphs: tuple[Paragraph, ...], rows: Rows, script: Script, *, name: str = "") -> PeopleCard:
    """The card of these paragraphs and keys."""
    return PeopleCard(paragraphs, tuple(tuple(button(key, script) for key in row) for row in rows if row), name)


def write_people_card(card: PeopleCard) -> str:
    """The card as text to seal."""
    paragraphs = [[each.text, each.is_strong] for each in card.paragraphs]
    rows = [[[each.label, each.code, _copied(each)] for each in row] for row in card.rows]
    return json.dumps([paragraphs, rows, card.name])


def read_people_card(text: str) -> PeopleCard | None:
    """The card in a text; None where there is none, or another release wrote it."""
    try:
        paragraphs, rows, name = json.loads(text or "null")
        return PeopleCard(
            tuple(Paragraph(words, is_strong) for words, is_strong in paragraphs),
            tuple(tuple(_button(*each) for each in row) for row in rows),
            name,
        )
    except (TypeError, ValueError):
        return None


def _copied(each: Button) -> str:
    return each.act.text if isinstance(each.act, Copy) else ""


def _button(label: str, code: str, copied: str) -> Button:
    act = Copy(copied) if copied else act_of(code)
    if act is None:
        raise ValueError("a button of another release")
    return Button(label, act)
