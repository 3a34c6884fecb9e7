"""Cards on a phone, for thresholds: how high they are, and all different ones that the walks come to in Telegram."""

from collections.abc import Iterable
from functools import cache

from dialogs.core.replies import Card
from docs.phone.measure import height
from docs.phone.report import cards_of
from tests.support.walks.reading import walk_files


def measured(cards: Iterable[Card]) -> list[int]:
    """The height of each card with its buttons, in px."""
    return [height(card) for card in cards]


@cache
def cards_of_all_walks() -> tuple[Card, ...]:
    """Every different card of every walk, as Telegram shows it. They are worked out once a run."""
    return cards_of(walk_files())
