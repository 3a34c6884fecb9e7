"""The cards of the round, from the file that every peer is given."""

import json
from pathlib import Path
from typing import Any

Drawn = dict[str, Any]
"""A card in the Bot API's words: `text`, `entities`, and `rows` of buttons."""


def read_cards(path: str) -> list[Drawn]:
    """All of them, in order."""
    found: list[Drawn] = json.loads(Path(path).read_text())
    return found


def after(data: str, cards: list[Drawn]) -> int:
    """The number of the card after the one whose button was pressed; the last leads to the first."""
    return (int(data.partition(":")[0]) + 1) % len(cards)
