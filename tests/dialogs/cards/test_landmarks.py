"""Tests that each card marks its heading and its telephone numbers, so that every channel can display them as such."""

from dataclasses import replace

import pytest

from dialogs.cards.show import with_heading, with_landmarks
from dialogs.core.page import Number
from dialogs.core.replies import Card, Paragraph
from seraf.advice.contacts import Contacts
from tests.support.shipped import PACK, SCRIPT


def card(*paragraphs: Paragraph) -> Card:
    return Card(1, paragraphs, ())


def rung(text: str) -> list[tuple[str, str]]:
    (paragraph,) = with_landmarks(card(Paragraph(text)), SCRIPT).paragraphs
    return [(text[each.start : each.end], each.dial) for each in paragraph.numbers]


def test_the_heading_is_the_first_strong_paragraph_of_the_card_itself() -> None:
    above, plain, strong = Paragraph("above", is_strong=True), Paragraph("plain"), Paragraph("strong", is_strong=True)

    headings = [
        [each.text for each in with_heading(card(*paragraphs), above=count).paragraphs if each.is_heading]
        for paragraphs, count in (((above, plain, strong, strong), 1), ((plain, plain), 0), ((above, plain), 1))
    ]

    assert headings == [["strong"], ["plain"], ["plain"]]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Call 999 now, else 101.", [("999", "999"), ("101", "101")]),
        ("ART 01454 866000 · EDT 01454 615165", [("01454 866000", "+441454866000"), ("01454 615165", "+441454615165")]),
        ("1999 and 9990 and A101 and 101st", []),
        ("999 999", [("999", "999"), ("999", "999")]),
        ("", []),
    ],
)
def test_only_whole_numbers_of_the_pack_are_linked(text: str, found: list[tuple[str, str]]) -> None:
    assert rung(text) == found


def test_a_number_within_a_longer_one_is_not_linked() -> None:
    first, second, *_ = PACK.contacts.all
    contacts = Contacts((replace(first, value="101", dial=""), replace(second, value="101 222", dial="+44 101 222")))
    script = replace(SCRIPT, pack=replace(PACK, contacts=contacts))

    (paragraph,) = with_landmarks(card(Paragraph("Ring 101 222.")), script).paragraphs

    assert paragraph.numbers == (Number(5, 12, "+44101222"),)
