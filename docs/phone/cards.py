"""The cards that walks reach in Telegram, with the time on the phone, and the kind of each card."""

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
"""The items of the form, by the ids that their buttons carry."""


REFERENCE = re.compile(r"^[A-Z]+ [A-Z]+ \d+ · ")
"""The reference of a case, if a card begins with it."""


@dataclass(frozen=True, slots=True)
class Shown:
    """One card of a walk and the time on the phone; `is_printed` is True if the walk prints the card."""

    card: Card
    at: datetime
    is_printed: bool


def shown_in(path: Path) -> Iterator[Shown]:
    """Yield every card that a walk reaches, in order. An empty chat has none."""
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
    """Return the paragraphs, without the reference at the beginning."""
    place, *rest = card.paragraphs
    return (place._replace(text=REFERENCE.sub("", place.text)), *rest)


def _labels(card: Card) -> tuple[tuple[str, ...], ...]:
    return tuple(tuple(each.label for each in row) for row in card.rows)


def heading(card: Card) -> str:
    """Return what the eye finds first, on one line: the strong words of a card, else its first words."""
    strong = [each.text for each in card.paragraphs if each.is_strong]
    return " ".join(" · ".join(strong or [card.paragraphs[0].text]).split())


def is_item(card: Card) -> bool:
    """Return True if the card asks one item of the form: it takes an answer, and says what counts for that item."""
    acts = [button.act for button in card.buttons]
    answers = any(isinstance(act, Say) for act in acts)
    return answers and any(isinstance(act, Open) and act.overlay.about in ITEMS for act in acts)


def is_tick_list(card: Card) -> bool:
    """Return True if the card is a section's tick list, the only kind that may be higher than the screen."""
    return any(isinstance(button.act, Tick) and button.act.item in ITEMS for button in card.buttons)
