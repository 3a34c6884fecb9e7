"""A slide of a trainer's screen as HTML: large, one thing at a time, and whatever is counted can follow live."""

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import groupby

from bot.channels.web.page.markup import Attribute, Content, Markup, element, together, whole_page
from dialogs.core.wording import Wording
from dialogs.rehearsal.guest.slides import Screen, Shows, Slide
from dialogs.rehearsal.together.report import Cell, ReportRow, cell_words

HOME = "/screen"


@dataclass(frozen=True, slots=True)
class Place:
    """Which slide of a screen is shown, counted from 1."""

    screen: Screen
    number: int

    @classmethod
    def asked(cls, screen: Screen, words: str) -> "Place":
        """The slide that is asked for (“closed-3”); the first one where the room has gone on since."""
        phase, _, number = words.partition("-")
        is_its = phase == screen.phase and number.isascii() and number.isdecimal() and len(number) <= 3
        return cls(screen, min(max(int(number), 1), len(screen.slides)) if is_its else 1)

    @property
    def slide(self) -> Slide:
        """The slide."""
        return self.screen.slides[self.number - 1]

    def link(self, step: int) -> str | None:
        """Where the slide before it or after it is; None where there is none."""
        number = self.number + step
        is_there = 1 <= number <= len(self.screen.slides)
        return f"{HOME}?slide={self.screen.phase}-{number}" if is_there else None


def counted_live(screen: Screen) -> Mapping[str, str]:
    """What changes on the slides while people answer, by its name."""
    counts = (each for slide in screen.slides for each in slide.counts)
    return {"phase": screen.phase, "people": screen.people, **{f"item-{number}": str(n) for _, number, n in counts}}


def slide_page(place: Place, words: Wording, *, address: str, alt: str) -> str:
    """The page of a slide; `alt` says what the heat map shows."""
    slide, screen = place.slide, place.screen
    people = (element("p", screen.people, class_="people", data_live="people"),) if screen.people else ()
    main = element(
        "main",
        element("p", words.say("rehearsal.head"), class_="head"),
        element("h1", slide.title),
        *_shown(slide, screen, words=words, address=address, alt=alt),
        *people,
        element("nav", *_ways(place, words)),
        id="slide",
        class_=slide.shows,
        data_phase=screen.phase,
    )
    head = element(
        "head",
        element("meta", charset="utf-8"),
        element("meta", name="viewport", content="width=device-width, initial-scale=1"),
        element("meta", name="robots", content="noindex"),
        element("title", words.say("browser.title")),
        element("link", rel="stylesheet", href="/screen.css"),
        element("script", src="/screen.js", defer=True),
        element("noscript", element("meta", http_equiv="refresh", content="5")) if screen.people else Markup(""),
    )
    return whole_page(head, element("body", main), lang="en-GB")


def _shown(slide: Slide, screen: Screen, *, words: Wording, address: str, alt: str) -> tuple[Markup, ...]:
    paragraphs = tuple(element("p", line) for text in slide.words for line in text.split("\n"))
    match slide.shows:
        case Shows.JOIN:
            page = f"{address}/room"
            code = element("p", screen.code, class_="code")
            qr = element("img", src=f"{HOME}/qr.png", alt=words.say("screen.qr", page=page))
            joining = element("div", qr, element("p", words.say("screen.join", page=page)), code, class_="joining")
            return (joining, *paragraphs)
        case Shows.COUNTS:
            return (*paragraphs, *_counts(slide))
        case Shows.ROW:
            return (*(_bars(slide.row, words) if slide.row is not None else ()), *paragraphs)
        case Shows.MAP:
            return (element("img", src=f"{HOME}/map.png", alt=alt),)
        case Shows.WORDS:
            return paragraphs


def _counts(slide: Slide) -> tuple[Markup, ...]:
    """How many have answered each item, a table a section."""
    tables = []
    for section, counts in groupby(slide.counts, key=lambda each: each[0]):
        mine = tuple(counts)
        numbers = (element("th", number, scope="col") for _, number, _ in mine)
        people = (element("td", str(count), data_live=f"item-{number}") for _, number, count in mine)
        rows = (element("tr", *numbers), element("tr", *people))
        tables.append(element("table", element("caption", section), *rows))
    return tuple(tables)


def _bars(row: ReportRow, words: Wording) -> tuple[Markup, ...]:
    """How many gave each answer, as bars with their words; none where they may not be shown."""
    if not row.cells:
        return ()
    return (element("table", *(_bar(each, row.people, words=words) for each in row.cells), class_="bars"),)


def _bar(cell: Cell, people: int, *, words: Wording) -> Markup:
    bar = element("meter", str(cell.people), min=0, max=max(people, 1), value=cell.people)
    said = element("th", cell_words(cell, words), scope="row", class_=cell.mark or None)
    return element("tr", said, element("td", bar))


def _ways(place: Place, words: Wording) -> tuple[Content, ...]:
    """On and back: each is a link, so that one press of a key follows it."""
    say, of = words.say, len(place.screen.slides)
    number = element("span", say("screen.place", number=place.number, of=of))
    back = _way(place.link(-1), say("screen.earlier"), rel="prev")
    onward = _way(place.link(1), say("screen.next"), rel="next", autofocus=True)
    return (together(*back), number, together(*onward))


def _way(href: str | None, label: str, **attributes: Attribute) -> tuple[Markup, ...]:
    return () if href is None else (element("a", label, href=href, **attributes),)
