"""Paragraphs laid out on as many pages as they need, so that no card has to be scrolled on a phone."""

import textwrap
from functools import lru_cache

from dialogs.core.replies import Paragraph

WIDTH = 43
"""Characters of a line on a phone, where they are strong."""

ROOM = 21
"""Lines of a page without its heading, its notices and its buttons, empty ones counted."""


def paged(paragraphs: tuple[Paragraph, ...]) -> tuple[tuple[Paragraph, ...], ...]:
    """The paragraphs on pages. A heading never stands last on one, and is said again on the next."""
    pages: list[list[Paragraph]] = [[]]
    heading, left = None, ROOM
    for index, paragraph in enumerate(paragraphs):
        following = paragraphs[index + 1] if paragraph.is_strong and index + 1 < len(paragraphs) else None
        height = height_of(paragraph)
        if pages[-1] and height + (height_of(following) if following else 0) > left:
            pages.append([heading] if heading and not paragraph.is_strong else [])
            left = ROOM - sum(map(height_of, pages[-1]))
        heading = paragraph if paragraph.is_strong else heading
        pages[-1].append(paragraph)
        left -= height
    return tuple(tuple(page) for page in pages)


def height_of(paragraph: Paragraph) -> int:
    """Lines that a paragraph takes on a phone, with the empty one before it."""
    text, above = paragraph.text, 0 if paragraph.is_close else 1
    # most have no line break, and a card is measured at every turn that comes to it
    return above + (sum(map(lines_on_a_phone, text.split("\n"))) if "\n" in text else lines_on_a_phone(text))


@lru_cache(maxsize=2_000)
def lines_on_a_phone(text: str) -> int:
    """Lines that a text without line breaks takes on a phone."""
    return max(len(textwrap.wrap(text, WIDTH)), 1)
