"""What could raise a result, in words: upward only, with what it is not. It shows sets of items, never how to get to fewer."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import reduce

from dialogs.number import named
from dialogs.replies import Paragraph
from dialogs.script import Script
from dialogs.session import Session
from seraf.evidence import response_of
from seraf.instrument import Instrument
from seraf.raising import First, Raising, Rise, Supposed, raising
from seraf.rules import Band
from seraf.search import Part, Way

ROOM = 620
"""Characters of a card for sets of further responses, reckoned from the names in the pack alone."""

NAMED = 2
"""Items that are named; more of them are counted."""


@dataclass(frozen=True, slots=True)
class RaisePage:
    """One card: a higher band with some of the ways to it, or what may come about beside the categories (no `rise`)."""

    rise: Rise | None
    ways: tuple[Way, ...] = ()


def raise_pages(found: Raising, instrument: Instrument) -> tuple[RaisePage, ...]:
    """The cards, the next higher band first; at least one."""
    pages = [RaisePage(rise, ways) for rise in found.rises for ways in _fitting(rise.ways, instrument)]
    beside = [RaisePage(None)] if found.discussion or found.supposed or not pages else []
    return (*pages, *beside)


def raise_paragraphs(page: int, session: Session, script: Script) -> tuple[Paragraph, ...]:
    """The card of that page."""
    say, instrument = script.wording.say, script.pack.instrument
    found = raising(instrument, session.case())
    pages = raise_pages(found, instrument)
    number = min(page, len(pages))
    shown, speaker = pages[number - 1], Speaker(script, session)
    head = Paragraph(say("place.raise", reference=session.reference, page=number, pages=len(pages)))
    target = Paragraph(say("raise.no-target"))
    if shown.rise:
        return (head, *speaker.rise(shown.rise, shown.ways), target)
    if not found.rises:
        return (head, *speaker.top(found.band))
    return (head, *speaker.beside(found), target)


def _fitting(ways: tuple[Way, ...], instrument: Instrument) -> list[tuple[Way, ...]]:
    """The ways in as many lots as there are cards needed for them; one lot where there are none."""
    lots: list[list[Way]] = [[]]
    room = ROOM
    for way in ways:
        length = _length(way, instrument)
        if lots[-1] and length > room:
            lots.append([])
            room = ROOM
        lots[-1].append(way)
        room -= length
    return [tuple(lot) for lot in lots]


def _length(way: Way, instrument: Instrument) -> int:
    """About as many characters as the way takes in words."""
    sections = [{instrument.item(each).section.plural for each in part.items} for part in way.parts]
    labels = [each.label for each in instrument.additions if each.id in way.additions]
    return sum(70 + sum(len(plural) + 5 for plural in each) for each in sections) + sum(
        30 + len(each) for each in labels
    )


@dataclass(frozen=True, slots=True)
class Speaker:
    """Says what was found about one session."""

    script: Script
    session: Session

    @property
    def _instrument(self) -> Instrument:
        return self.script.pack.instrument

    def top(self, band: Band) -> Iterator[Paragraph]:
        """In the highest band: nothing is above, and the steps are what counts."""
        say = self.script.wording.say
        yield Paragraph(say("raise.top-title", category=named(band, self.script)), is_strong=True)
        yield Paragraph(say("raise.top"))

    def rise(self, rise: Rise, ways: tuple[Way, ...]) -> Iterator[Paragraph]:
        """How far a band is, and what reaches it."""
        say, band = self.script.wording.say, named(rise.band, self.script)
        key = "raise.point" if rise.points == 1 else "raise.points"
        yield Paragraph(say(key, category=band, points=rise.points), is_strong=True)
        lines = [say("raise.way", way=self._way(way)) for way in ways]
        if lines:
            size = rise.ways[0].size
            fewest = say("raise.fewest-one") if size == 1 else say("raise.fewest", count=self.count(size))
            yield Paragraph("\n".join((fewest, *lines)))
        else:
            yield Paragraph(say("raise.out-of-reach"))
        yield from map(Paragraph, self._unknown(rise))

    def beside(self, found: Raising) -> Iterator[Paragraph]:
        """What may come about that is no category of its own: the manager's talk, and what an open fact would change."""
        say = self.script.wording.say
        if found.discussion:
            yield Paragraph(say("raise.discussion-title"), is_strong=True)
            yield Paragraph("\n".join((say("raise.discussion"), *self._firsts(found.discussion))))
        if found.supposed:
            yield Paragraph(say("raise.supposed-title"), is_strong=True)
            yield Paragraph("\n".join(self._supposed(each) for each in found.supposed))

    def count(self, number: int) -> str:
        """A small number in words."""
        return self.script.wording.say_first(f"count.{number}", "count.other").format(number=number)

    def _joined(self, key: str, words: Iterable[str]) -> str:
        return reduce(lambda one, other: self.script.wording.say(key, one=one, other=other), words)

    def _unknown(self, rise: Rise) -> Iterator[str]:
        """What the items that are not known could do by themselves, where there are any."""
        say, case = self.script.wording.say, self.session.case()
        if all(response_of(item, case) for item in self._instrument.items):
            return
        if not rise.unknown_ways:
            yield say("raise.unknown-not")
        elif rise.unknown_ways[0].size == 1:
            yield say("raise.unknown-one")
        else:
            yield say("raise.unknown", count=self.count(rise.unknown_ways[0].size))

    def _way(self, way: Way) -> str:
        say = self.script.wording.say
        said = self._joined("raise.together", (self._part(part) for part in way.parts))
        for each in self._instrument.additions:
            if each.id in way.additions:
                said = say("raise.addition", way=said, points=each.points, label=each.label)
        return said

    def _part(self, part: Part) -> str:
        items = self._items(part.items, part.count)
        return self._windowed(items, part.items[0], (part.option,))

    def _items(self, ids: tuple[str, ...], count: int) -> str:
        say, items = self.script.wording.say, [self._instrument.item(each) for each in ids]
        if len(items) <= NAMED and count in (1, len(items)):
            word = "raise.or" if count == 1 else "raise.and"
            return self._joined(word, (say("raise.item", short=item.short) for item in items))
        sections = dict.fromkeys(item.section.plural[:1].lower() + item.section.plural[1:] for item in items)
        given = response_of(items[0], self.session.case())
        key = "raise.of-ticked" if given and given.is_present else "raise.of-open"
        return say(key, count=self.count(count), of=len(items), sections=self._joined("raise.and", sections))

    def _windowed(self, items: str, item_id: str, options: tuple[str, ...]) -> str:
        """The items with the options they would be given, where a section has more than one way to be ticked."""
        item = self._instrument.item(item_id)
        if sum(option.is_present for option in item.section.options) == 1:
            return items
        labels = self._joined("raise.or", (f"“{item.option(each).label}”" for each in options))
        return self.script.wording.say("raise.window", items=items, options=labels)

    def _firsts(self, firsts: tuple[First, ...]) -> Iterator[str]:
        together: dict[tuple[str, ...], list[str]] = {}
        for each in firsts:
            together.setdefault(each.items, []).append(each.option)
        for items, options in together.items():
            said = self._windowed(self._items(items, 1), items[0], tuple(options))
            yield self.script.wording.say("raise.way", way=said)

    def _supposed(self, each: Supposed) -> str:
        say = self.script.wording.say
        own = next((question.ask for question in self._instrument.questions if question.id == each.fact), "")
        word = self.script.wording.say_first(f"answer.{each.fact}.{each.word}", f"answer.{each.word}")
        answer = word[:1].lower() + word[1:]
        supposition = say("raise.if-own", ask=own, answer=answer) if own else say("raise.if-age", age=answer)
        so = say("raise.then", supposition=supposition, total=each.total, category=named(each.band, self.script))
        further = [
            say(
                "raise.then-next",
                category=named(rise.band, self.script),
                points=rise.points,
                count=self.count(rise.ways[0].size),
            )
            for rise in each.rises[:1]
            if rise.ways
        ]
        return " ".join((so, *further))
