"""A card as large as an item card of ours, for the bots that ours is compared with."""

from telegram import InlineKeyboardButton, InlineKeyboardMarkup

LABELS = (("Yes", "No", "Not known"), ("What counts?", "Back", "More"), ("Urgent",))


def text(number: int) -> str:
    """About 270 characters, different for each number."""
    lines = (
        f"QUIET LANTERN 41 · Moderate 4 of 12 · item 15 of 30 ({number})",
        "A label of the form that is about as long as most of the labels are, with some words in brackets",
        "One plain line on what to consider about the child, and nothing more.\nNow, or at any time in the past six months?",
    )
    return "\n\n".join(lines)


def keyboard() -> InlineKeyboardMarkup:
    """The buttons of the card."""
    return InlineKeyboardMarkup(
        [[InlineKeyboardButton(each, callback_data=f"1:{each}") for each in row] for row in LABELS]
    )
