"""Paragraphs laid out on as many pages as they need, so that no card is over 1,000 characters."""

from dialogs.replies import Paragraph

ROOM = 840
"""Characters of a page beside its heading and its notices."""


def paged(paragraphs: tuple[Paragraph, ...]) -> tuple[tuple[Paragraph, ...], ...]:
    """The paragraphs on pages. A heading never stands last on one, and is said again on the next."""
    pages: list[list[Paragraph]] = [[]]
    heading: Paragraph | None = None
    for index, paragraph in enumerate(paragraphs):
        following = paragraphs[index + 1] if paragraph.is_strong and index + 1 < len(paragraphs) else None
        room = ROOM - sum(len(each.text) + 2 for each in pages[-1])
        if pages[-1] and len(paragraph.text) + (len(following.text) if following else 0) > room:
            pages.append([heading] if heading and not paragraph.is_strong else [])
        heading = paragraph if paragraph.is_strong else heading
        pages[-1].append(paragraph)
    return tuple(tuple(page) for page in pages)
