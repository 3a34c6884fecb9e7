"""The cards of the benchmark's tour (`bench/tour.py`), read from the JSON file that every peer is given."""

import json
from pathlib import Path
from typing import Any

Drawn = dict[str, Any]
"""A card as the Bot API takes it: `text`, `entities`, and `rows` of buttons."""


def read_cards(path: str) -> list[Drawn]:
    """Return all cards, in order."""
    found: list[Drawn] = json.loads(Path(path).read_text())
    return found


def after(data: str, cards: list[Drawn]) -> int:
    """Return the number of the card after the one whose button was pressed. The first card follows the last."""
    return (int(data.partition(":")[0]) + 1) % len(cards)
