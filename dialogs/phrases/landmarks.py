"""What a channel finds its way by on a card: which paragraph is the heading, and where numbers stand that may be rung."""

from collections.abc import Iterable
from dataclasses import replace
from operator import attrgetter

from dialogs.core.replies import Card, Number, Paragraph
from dialogs.core.script import Script
from seraf.advice.contacts import Contacts

Known = tuple[tuple[str, str], ...]
"""Each number that is known, with how it is rung."""

START = attrgetter("start")


def with_landmarks(card: Card, script: Script, *, above: int = 0) -> Card:
    """The card with its heading and its numbers; so many paragraphs `above` were put over it, and are none of its own.

    The numbers are the pack's own and no others. In a rehearsal nothing can be rung.
    """
    return replace(card, paragraphs=landmarked(card.paragraphs, script, above=above))


def landmarked(paragraphs: tuple[Paragraph, ...], script: Script, *, above: int = 0) -> tuple[Paragraph, ...]:
    """The paragraphs of a card with its heading and its numbers."""
    at, known = _heading(paragraphs, above), () if script.is_rehearsal else script.pack.contacts.dialled
    return tuple(_marked(paragraphs, at, known))


def with_numbers(card: Card, contacts: Contacts) -> Card:
    """The card with every number of these contacts that stands on it."""
    at = next((at for at, each in enumerate(card.paragraphs) if each.is_heading), None)
    return replace(card, paragraphs=tuple(_marked(card.paragraphs, at, contacts.dialled)))


def with_heading(card: Card, *, above: int = 0) -> Card:
    """The card with its first strong paragraph as the heading; the first of all where none is strong."""
    return replace(card, paragraphs=tuple(_marked(card.paragraphs, _heading(card.paragraphs, above), ())))


def _heading(paragraphs: tuple[Paragraph, ...], above: int) -> int:
    """The place of the heading among the paragraphs."""
    for at, each in enumerate(paragraphs):
        if at >= above and each.is_strong:
            return at
    return above


def _marked(paragraphs: tuple[Paragraph, ...], heading: int | None, known: Known) -> Iterable[Paragraph]:
    """The paragraphs with the one at this place as the heading, and with each number of a contact in them."""
    left, start = _numbers("\n".join([each.text for each in paragraphs]), known), 0
    for at, each in enumerate(paragraphs):
        numbers, end = each.numbers, start + len(each.text)
        if left and left[0].start < end:
            here = [number for number in left if number.start < end]
            numbers = tuple([Number(number.start - start, number.end - start, number.dial) for number in here])
            left = left[len(here) :]
        is_marked = bool(numbers) or each.is_heading or at == heading
        yield Paragraph(each.text, each.is_strong, each.is_close, at == heading, numbers) if is_marked else each
        start = end + 1


def _numbers(text: str, known: Known) -> tuple[Number, ...]:
    """Where each number of a contact stands in a text."""
    found: list[Number] = []
    for value, rung in known:
        if value not in text:
            continue
        start = text.find(value)
        while start >= 0:
            end = start + len(value)
            is_new = not found or all(end <= each.start or start >= each.end for each in found)
            if is_new and _stands_alone(text, start, end=end):
                found.append(Number(start, end, rung))
            start = text.find(value, end)
    return tuple(sorted(found, key=START)) if found else ()


def _stands_alone(text: str, start: int, *, end: int) -> bool:
    """Whether it is no part of a longer run of digits and letters."""
    return not (text[start - 1 : start].isalnum() or text[end : end + 1].isalnum())
