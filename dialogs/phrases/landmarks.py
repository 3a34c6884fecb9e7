"""What a channel finds its way by on a card: which paragraph is the heading, and where numbers stand that may be rung."""

from dataclasses import replace

from dialogs.core.replies import Card, Number, Paragraph
from dialogs.core.script import Script
from seraf.advice.contacts import Contacts
from seraf.form.remembered import prepared


def with_landmarks(card: Card, script: Script, *, above: int = 0) -> Card:
    """The card with its heading and its numbers; so many paragraphs `above` were put over it, and are none of its own.

    The numbers are the pack's own and no others. In a rehearsal nothing can be rung.
    """
    marked = with_heading(card, above=above)
    return marked if script.is_rehearsal else with_numbers(marked, script.pack.contacts)


def with_numbers(card: Card, contacts: Contacts) -> Card:
    """The card with every number of these contacts that stands on it."""
    known = _known(contacts)
    return replace(card, paragraphs=tuple(_with_numbers(each, known) for each in card.paragraphs))


def with_heading(card: Card, *, above: int = 0) -> Card:
    """The card with its first strong paragraph as the heading; the first of all where none is strong."""
    own = range(above, len(card.paragraphs))
    heading = next((at for at in own if card.paragraphs[at].is_strong), above)
    marked = (
        each if each.is_heading is (at == heading) else replace(each, is_heading=at == heading)
        for at, each in enumerate(card.paragraphs)
    )
    return replace(card, paragraphs=tuple(marked))


@prepared
def _known(contacts: Contacts) -> tuple[tuple[str, str], ...]:
    """Each number with how it is rung. The longest goes first, so that no part of one is taken for another."""
    known = {each.value: each.dial or each.value for each in contacts.all if each.value}
    return tuple((value, known[value].replace(" ", "")) for value in sorted(known, key=len, reverse=True))


def _with_numbers(paragraph: Paragraph, known: tuple[tuple[str, str], ...]) -> Paragraph:
    """The paragraph with each number of a contact in it."""
    found: list[Number] = []
    for value, rung in known:
        start = paragraph.text.find(value)
        while start >= 0:
            end = start + len(value)
            is_new = all(end <= each.start or start >= each.end for each in found)
            if is_new and _stands_alone(paragraph.text, start, end=end):
                found.append(Number(start, end, rung))
            start = paragraph.text.find(value, end)
    return replace(paragraph, numbers=tuple(sorted(found, key=lambda each: each.start))) if found else paragraph


def _stands_alone(text: str, start: int, *, end: int) -> bool:
    """Whether it is no part of a longer run of digits and letters."""
    return not (text[start - 1 : start].isalnum() or text[end : end + 1].isalnum())
