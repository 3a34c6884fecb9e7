"""The picture at the top of the README: three cards of one recorded conversation (walk), as a phone shows them."""

from pathlib import Path

from docs.phone.cards import shown_in
from docs.phone.drawing import sheet

WALK = Path(__file__).parents[2] / "tests" / "walks" / "57-a-teacher-and-category-4.walk"

CARDS = (6, 4, 7)
"""The cards in the picture, numbered as the walk prints them: the action card, an item, and a line with its reason."""


def phone_picture() -> str:
    """Return the three phones side by side, as SVG."""
    printed = [shown for shown in shown_in(WALK) if shown.is_printed]
    return sheet([printed[number - 1] for number in CARDS], len(CARDS)).svg
