"""Tests that no text becomes markup: a page of hostile texts has the same elements as a page of plain ones."""

import random
import re
from dataclasses import replace
from fractions import Fraction
from typing import get_args

from bot.channels.web.markup import element
from bot.channels.web.page import Frame, Offers, blank_page, card_page, plain_page
from bot.channels.web.rooms.screen_pages import Place, slide_page
from dialogs.core.acts import Copy, Kind, Open, Overlay, Say
from dialogs.core.page import (
    AnswerRow,
    AnswerRows,
    Banner,
    Box,
    Button,
    Call,
    Calls,
    Doing,
    Doings,
    Field,
    Listed,
    More,
    Number,
    PageKind,
    PagePart,
    PinField,
    QuestionPart,
    Saved,
    SectionPart,
    TablePart,
    TallyPart,
    Text,
    TextLook,
    Ticks,
    Ways,
)
from dialogs.core.page import WholePage as CardPage
from dialogs.core.replies import Card, Paragraph
from dialogs.core.role import Role
from dialogs.core.script import Wording
from dialogs.rehearsal.guest.slides import RoomIs, Screen, Shows, Slide
from dialogs.rehearsal.together.room_report import Cell, Mark, Reading, ReportRow
from tests.support.counts import times
from tests.support.shipped import WEB_SCRIPT, WORDING
from tests.support.talk.notes import taking_in
from tests.support.walks.clock import Surroundings
from tests.support.walks.model import WEB
from tests.support.web.browser import Browser
from tests.support.web.seeing import Page, seen
from tests.support.web.serving import SAM, let_in, made

PIECES = (
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    '" autofocus onfocus="alert(1)',
    "' onclick='alert(1)",
    "</h1><h1>",
    "</title><script>",
    "</main></body></html>",
    "<!--",
    "-->",
    "<![CDATA[",
    "&lt;script&gt;",
    "&#60;b&#62;",
    "javascript:alert(1)",
    "<form action=https://elsewhere.test>",
    "<base href=https://elsewhere.test>",
    "\x00<b>",
    "\u202e<b>",
    "`${alert(1)}`",
    "<svg/onload=alert(1)>",
    "<noscript><p title='</noscript><img src=x onerror=alert(1)>'>",
    "\n\r\t<b>",
    "plain words",
    "a/",
    "a`b=c",
)
"""Texts that careless code would turn into markup."""

PLAIN = "plain"
MANY = 30
"""How often a page with every kind of part says a text at least."""

OWN_SCRIPT = re.compile(r'<script src="/(s|screen)\.js(\?\w+)?" defer></script>')
SEEDS = times(10_000, 24)


def hostile(chance: random.Random) -> str:
    return "".join(chance.choice(PIECES) for _ in range(chance.randrange(1, 4)))


def pages(words: str) -> list[str]:
    result = words.replace("{", "{{").replace("}", "}}")
    said = Wording({key: result if key.startswith("browser.") else text for key, text in WORDING.texts.items()})
    frame = Frame(
        replace(WEB_SCRIPT, wording=said),
        home="/",
        nonce=words,
        shown=words,
        toast=words,
        offers=Offers(("start",), ("review", "join"), ("lock", "panic"), asks=True),
        documents=((words, f"/document/{words}"),),
        extra=(element("p", words, title=words),),
    )
    number = (Number(0, min(2, len(words)), words),)
    line = words.replace("\n", " ")  # each line of a paragraph becomes a paragraph of the page
    paragraphs = (
        Paragraph(line),
        Paragraph(line, is_strong=True, is_heading=True, numbers=number),
        Paragraph(line, is_strong=True, is_close=True),
    )
    buttons = (Button(words, Say(words)), Button(words, Copy(words)), Button(words, Open(Overlay(Kind.WHAT, words))))
    card = Card(1, paragraphs, (buttons,), takes_words=True, asks_for="review")
    plain = plain_page(said, words, heading=words, toast=words)
    full = replace(card, page=page_of(words))
    return [card_page(card, frame), card_page(full, frame), plain, blank_page(frame), *slides(words)]


def page_of(words: str) -> CardPage:
    """Return a page with every kind of part."""
    number, inner = (Number(0, min(2, len(words)), words),), (Text(words),)
    button, copied = Button(words, Say(words), about=words), Button(words, Copy(words))
    parts: tuple[PagePart, ...] = (
        *(Text(words, look, number) for look in TextLook),
        *(Listed((words,), is_ordered) for is_ordered in (True, False)),
        Calls((Call(words, words, words, words), Call(words, "", "", words))),
        Ways((button, copied), is_main=True),
        QuestionPart((button,), (words,), (words,), words),
        QuestionPart((button,), (words,), (words,), words, is_radio=True, send=words),
        Ticks((Box(words, True, words),), (words,), words, words, ((words, words),), words, words),
        TallyPart(words, ((words, 1),)),
        AnswerRows((AnswerRow(words, words, button),)),
        TablePart(words, (words, words), ((words, button),)),
        Doings(words, (Doing(words, words, True, True, inner),)),
        More(words, inner),
        SectionPart(words, inner),
        Banner((words,)),
        Field("typed", words, words, words, text=words, most=300, fault=words),
        Field("words", words, words, words, "review", words, fault=words),
        PinField(words, words, words),
        Saved(words, button),
    )
    assert {type(each) for each in parts} == set(get_args(PagePart))
    return CardPage(PageKind.PLAN, words, words, parts, words, words, 1, 2, button, (button,), words, words)


def slides(words: str) -> list[str]:
    line = words.replace("\n", " ")
    cells = tuple(Cell(line, 1, Fraction(1, 2), mark) for mark in Mark)
    row = ReportRow(line, line, cells, 2, line, Reading(line, line, line), line)
    shown = tuple(Slide(each, line, 4 * (line,), row, ((line, line, 1), (line, line, 2))) for each in Shows)
    screen = Screen(RoomIs.OPEN, shown, people=line, code=line)
    places = (Place(screen, number) for number in range(1, len(shown) + 1))
    return [slide_page(each, WORDING, address=line) for each in places]


def elements(page: Page) -> list[tuple[str, list[str]]]:
    # A class may say how long a text is.
    return [(name, [each for each in attributes if each != "class"]) for name, attributes in page.elements]


def test_hostile_words_stay_text_everywhere() -> None:
    wanted = [elements(seen(html)) for html in pages(PLAIN)]

    for seed in range(SEEDS):
        words = hostile(random.Random(seed))
        found = [seen(html) for html in pages(words)]

        assert [elements(page) for page in found] == wanted, words
        assert {found[1].heading, found[0].said, found[1].title} == {words.strip()}
        assert found[1].text.count(words.strip()) > MANY
        assert all("<script" not in OWN_SCRIPT.sub("", html) for html in pages(words))


async def test_a_note_and_a_typed_word_come_back_as_words(around: Surroundings) -> None:
    house = made(around, script=replace(WEB_SCRIPT, notes=taking_in(WEB)))
    await let_in(house, [SAM], role=Role.ADMIN, now=around.now())
    async with house.listening():
        sam = Browser(house.port)
        await sam.open()
        for words in PIECES:
            await sam.command("ask", words)
            await sam.command("explain", words)
            await sam.command("people", words)
            await sam.send({"nonce": sam.page.nonce, "typed": words})

            assert {name for name, _ in sam.page.elements} <= OURS, words
            assert not [given for _, each in sam.page.elements for given in each if given.startswith("on")], words
        await sam.close()


OURS = {
    *("html", "head", "meta", "title", "link", "script", "noscript", "body", "header", "main", "footer", "nav", "form"),
    *(
        "h1",
        "h2",
        "p",
        "strong",
        "small",
        "span",
        "a",
        "ul",
        "ol",
        "li",
        "section",
        "div",
        "details",
        "summary",
        "table",
    ),
    *("caption", "tr", "th", "td", "dl", "dt", "dd", "fieldset", "legend", "label", "input", "textarea", "button"),
    "progress",
}
"""The HTML elements that the pages use."""


def test_what_was_typed_or_ticked_for_one_child_is_not_filled_in_for_another() -> None:
    card, frame = Card(1, (Paragraph("words"),), ()), Frame(WEB_SCRIPT, home="/", nonce="words")
    whole = replace(page_of("words"), shape=PageKind.TICKS)
    kept = [part for part in whole.parts if isinstance(part, Ticks | Field) or getattr(part, "is_radio", False)]
    pages = [
        replace(whole, parts=(part,), reference=each) for part in kept for each in ("BRISK OTTER 41", "CALM KETTLE 20")
    ]

    drafts = [
        each for page in pages for each in re.findall(r'data-draft="(.*?)"', card_page(replace(card, page=page), frame))
    ]

    assert len(drafts) == len(set(drafts)) == 6  # a field for a command has none
