"""A card about a young adult says “the person”: nobody of 18 or over is called a child."""

import re
from collections.abc import Mapping

from dialogs.core.replies import Paragraph
from dialogs.core.session import Session
from seraf.form.responses import Responses
from seraf.form.vocabulary import Age

WORDS = (
    (" child", re.compile(r"\b([Tt]he|[Tt]his|[Aa]|[Aa] hurt|[Aa]ny) child\b"), r"\1 person"),
    (" children", re.compile(r"\b([Oo]ther) children\b"), r"\1s"),
    (" children", re.compile(r"\b([Mm]ore|find|keep) children\b"), r"\1 people"),
)
"""What stands in a text about any child, with what is looked for first, and what is said of a young adult instead."""

CHILD = "hild"
"""What each of these has in it, in whatever case: most texts do not."""

ADVISER = "leaving-care"
"""Those who work with care leavers, who are 18 or over."""

HEADING = re.compile(r"(“[^”]*”)")
"""What stands between quotation marks is a heading, or somebody's own words, and is left as it is."""


def is_adult(session: Session) -> bool:
    """Whether the case is a young adult's, or one of whom no age is said yet and for whom an adviser to care leavers asks."""
    return session.has_case and is_of_an_adult(session.answers.around)


def is_of_an_adult(answers: Responses | Mapping[str, str]) -> bool:
    """Whether the answers are about a young adult, or no age is said yet and an adviser to care leavers gave them."""
    is_expected = answers.get("age") is None and answers.get("profession") == ADVISER
    return answers.get("age") == Age.FROM_18_TO_25 or is_expected


def of_an_adult(paragraphs: tuple[Paragraph, ...]) -> tuple[Paragraph, ...]:
    """The paragraphs of a card with nobody called a child."""
    return tuple(map(_said, paragraphs))


def said_of_an_adult(text: str) -> str:
    """The text with nobody called a child; headings stay as they are."""
    if CHILD not in text:
        return text
    parts = HEADING.split(text)
    return "".join([part if CHILD not in part or HEADING.fullmatch(part) else _replaced(part) for part in parts])


def _said(paragraph: Paragraph) -> Paragraph:
    said = said_of_an_adult(paragraph.text)
    return paragraph if said == paragraph.text else paragraph._replace(text=said)


def _replaced(text: str) -> str:
    for sign, pattern, instead in WORDS:
        if sign in text:
            text = pattern.sub(instead, text)
    return text
