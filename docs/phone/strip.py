"""The picture at the top of the README: three cards of one walk as a phone shows them, the first about what to do."""

from pathlib import Path

from docs.phone.cards import shown_in
from docs.phone.drawing import sheet

WALK = Path(__file__).parents[2] / "tests" / "walks" / "57-a-teacher-and-category-4.walk"

CARDS = (6, 4, 7)
"""The cards shown, out of those that the walk prints: the action card, an item, and a line with its reason."""


def phone_picture() -> str:
    """Return the three phones side by side, as SVG."""
    printed = [shown for shown in shown_in(WALK) if shown.is_printed]
    return sheet([printed[number - 1] for number in CARDS], len(CARDS)).svg
