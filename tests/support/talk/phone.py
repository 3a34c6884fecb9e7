"""The heights of cards on a phone, and all different cards of the recorded conversations in Telegram."""

from collections.abc import Iterable
from functools import cache

from dialogs.core.replies import Card
from docs.phone.cards import different
from docs.phone.measure import height
from tests.support.walks.core import replayed
from tests.support.walks.model import TELEGRAM
from tests.support.walks.reading import walk_files


def measured(cards: Iterable[Card]) -> list[int]:
    """Return the height in px of each card with its buttons."""
    return [height(card) for card in cards]


@cache
def cards_of_all_walks() -> tuple[Card, ...]:
    """Return every different card of the recorded conversations, as Telegram shows it. Computed once per process."""
    scenes = (scene for path in walk_files() for scene in replayed(path, TELEGRAM))
    return different(scene.card for scene in scenes if scene.card is not None)
