"""A card of people as it is kept while it lies over an administrator's chat: what it showed counts, not what has changed since."""

import json
from dataclasses import dataclass, field

from dialogs.cards.show import button
from dialogs.core.act_codes import act_of
from dialogs.core.acts import Copy
from dialogs.core.keys import Rows
from dialogs.core.replies import Button, Card, Paragraph
from dialogs.core.script import Script


@dataclass(frozen=True, slots=True)
class Sheet:
    """The words and the buttons of a card, and `name`, what somebody who is to be invited is called."""

    paragraphs: tuple[Paragraph, ...] = field(repr=False)
    rows: tuple[tuple[Button, ...], ...] = field(repr=False)
    name: str = field(default="", repr=False)

    def card(self, token: int, notice: str = "") -> Card:
        """The card with this token. A notice, where there is one, stands above it."""
        above = (Paragraph(notice),) if notice else ()
        return Card(token, (*above, *self.paragraphs), self.rows)

    def has(self, code: str) -> bool:
        """Whether a button of it has this code."""
        return any(each.code == code for row in self.rows for each in row)


def drawn(paragraphs: tuple[Paragraph, ...], rows: Rows, script: Script, *, name: str = "") -> Sheet:
    """The sheet of these paragraphs and keys."""
    return Sheet(paragraphs, tuple(tuple(button(key, script) for key in row) for row in rows if row), name)


def write_sheet(sheet: Sheet) -> str:
    """The sheet as text to seal."""
    paragraphs = [[each.text, each.is_strong] for each in sheet.paragraphs]
    rows = [[[each.label, each.code, _copied(each)] for each in row] for row in sheet.rows]
    return json.dumps([paragraphs, rows, sheet.name])


def read_sheet(text: str) -> Sheet | None:
    """The sheet in a text; None where there is none, or another release wrote it."""
    try:
        paragraphs, rows, name = json.loads(text or "null")
        return Sheet(
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
