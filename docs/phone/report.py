"""A report on the cards of recorded conversations (walks): their heights, the highest cards, and cut labels."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from statistics import median

from dialogs.core.replies import Card
from docs.phone.cards import different, heading, is_item, is_tick_list, shown_in
from docs.phone.measure import VISIBLE, as_shown, cut_labels, height

TALLEST = 20
"""How many of the highest cards the report names."""


def cards_of(paths: Iterable[Path]) -> tuple[Card, ...]:
    """Return all different cards that these walks reach in Telegram."""
    return different(shown.card for path in paths for shown in shown_in(path))


def report(cards: Sequence[Card]) -> Iterator[str]:
    """Yield the report, line by line."""
    above = [card for card in cards if height(card) > VISIBLE]
    yield f"{len(cards)} different cards"
    yield _middle("all", cards)
    yield _middle("items", [card for card in cards if is_item(card)])
    yield _middle("tick lists", [card for card in cards if is_tick_list(card)])
    yield f"higher than {VISIBLE} px: {len(above)}, of them tick lists {sum(map(is_tick_list, above))}"
    yield ""
    yield f"The {TALLEST} highest (cards of one heading are named once, by their highest):"
    yield from (f"{high:6} px  {name}" for name, high in _highest(cards)[:TALLEST])
    yield ""
    yield from _cut(cards)


def _middle(name: str, cards: Sequence[Card]) -> str:
    heights = [height(card) for card in cards]
    return (
        f"{name}: {len(heights)}, median {median(heights):g} px, highest {max(heights)} px" if heights else f"{name}: 0"
    )


def _highest(cards: Iterable[Card]) -> list[tuple[str, int]]:
    """Return the headings with the height of their highest card, the highest first."""
    found: dict[str, int] = {}
    for card in cards:
        mark = " (tick list)" if is_tick_list(card) else ""
        name = f"{heading(card)}{mark}"
        found[name] = max(found.get(name, 0), height(card))
    return sorted(found.items(), key=lambda each: (-each[1], each[0]))


def _cut(cards: Iterable[Card]) -> Iterator[str]:
    """Yield each label that is cut, the most frequent first."""
    found = Counter(cut for card in cards for cut in cut_labels(card))
    yield f"Labels that do not fit their row: {len(found)}" if found else "Every label fits its row."
    for cut, number in sorted(found.items(), key=lambda each: (-each[1], each[0].label)):
        times = f"on {number} card" if number == 1 else f"on {number} cards"
        yield f"  in a row of {cut.in_row}: “{cut.label}” ({len(cut.label)}) is “{as_shown(cut.label, cut.in_row)}”, {times}"
