"""Cards on a phone, for thresholds: their heights, and every distinct card of the walks in Telegram."""

from collections.abc import Iterable
from functools import cache

from dialogs.core.replies import Card
from docs.phone.cards import different
from docs.phone.measure import height
from tests.support.walks.core import replayed
from tests.support.walks.model import TELEGRAM
from tests.support.walks.reading import walk_files


def measured(cards: Iterable[Card]) -> list[int]:
    """Return the height of each card with its buttons, in px."""
    return [height(card) for card in cards]


@cache
def cards_of_all_walks() -> tuple[Card, ...]:
    """Return every distinct card of every walk, as Telegram shows it, computed once a run."""
    scenes = (scene for path in walk_files() for scene in replayed(path, TELEGRAM))
    return different(scene.card for scene in scenes if scene.card is not None)
