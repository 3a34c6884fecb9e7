"""The cards that recorded conversations (walks) reach in Telegram, with the time on the phone and the kind of card."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from dialogs.core.acts import Open, Say, Tick
from dialogs.core.replies import Card, Paragraph
from tests.support.shipped import INSTRUMENT
from tests.support.walks.core import replay
from tests.support.walks.model import TELEGRAM, ItIsNow
from tests.support.walks.reading import read_walk

ITEMS = frozenset(item.id for item in INSTRUMENT.items)
"""The ids of the items of the form, as buttons contain them."""


REFERENCE = re.compile(r"^[A-Z]+ [A-Z]+ \d+ · ")
"""Matches the reference of a case at the beginning of a card."""


@dataclass(frozen=True, slots=True)
class Shown:
    """A card of a walk, and the time on the phone. `is_printed` is True if the text of the walk contains the card."""

    card: Card
    at: datetime
    is_printed: bool


def shown_in(path: Path) -> Iterator[Shown]:
    """Yield every card that a walk reaches, in order. Where the chat is empty, there is no card."""
    walk = read_walk(path)
    at = walk.at
    for scene in replay(walk, TELEGRAM):
        at = next((each.at for each in reversed(scene.steps) if isinstance(each, ItIsNow)), at)
        if scene.card is not None:
            yield Shown(scene.card, at, scene.is_last)


def different(cards: Iterable[Card]) -> tuple[Card, ...]:
    """Return each card once. Cards that differ only in their token or their case's reference are the same."""
    return tuple({(_words(card), _labels(card)): card for card in cards}.values())


def _words(card: Card) -> tuple[Paragraph, ...]:
    """Return the paragraphs of a card, without the reference of the case at the beginning."""
    place, *rest = card.paragraphs
    return (place._replace(text=REFERENCE.sub("", place.text)), *rest)


def _labels(card: Card) -> tuple[tuple[str, ...], ...]:
    return tuple(tuple(each.label for each in row) for row in card.rows)


def heading(card: Card) -> str:
    """Return the text that catches the eye on a card, as one line: its bold text, or else its first paragraph."""
    strong = [each.text for each in card.paragraphs if each.is_strong]
    return " ".join(" · ".join(strong or [card.paragraphs[0].text]).split())


def is_item(card: Card) -> bool:
    """Return True if the card asks about one item of the form. Such a card takes an answer and explains what counts."""
    acts = [button.act for button in card.buttons]
    answers = any(isinstance(act, Say) for act in acts)
    return answers and any(isinstance(act, Open) and act.overlay.about in ITEMS for act in acts)


def is_tick_list(card: Card) -> bool:
    """Return True if the card lists the items of a section to tick. Only such a card may be higher than the screen."""
    return any(isinstance(button.act, Tick) and button.act.item in ITEMS for button in card.buttons)
