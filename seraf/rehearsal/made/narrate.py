"""Statements become the parts of a case: each finds who tells it, and every part is closed so that nothing is left open."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from seraf.cases.fragments import Fragments, Phrasing, Said, Teller, Today, filled, times_of
from seraf.cases.seed import Seed
from seraf.cases.vignette import Part

MOST = 8
"""The most statements of a case. With the bounds of `seraf.reading.cases.frames` its text then stays within 250 words."""
FEWEST_WORDS = 120
ROOM = {Teller.CONCERN: 4, Teller.SCHOOL: 4, Teller.SERVICES: 4, Teller.CHILD: 2}
"""The most statements of each teller, so that a part fits a card. Any two of the first three have room for all."""


ORDER = tuple(Teller)
"""The order of the parts. What is said of somebody comes after the sentence that brings them in."""


@dataclass(frozen=True, slots=True)
class Narrative:
    """A case as it is told: its parts, the sentence that settles each item or question, and why, in the words of the case.

    `rest` closes it, and settles whatever was not spoken of.
    """

    parts: tuple[Part, ...]
    sentences: Mapping[str, str]
    reasons: Mapping[str, str]
    rest: str

    @property
    def words(self) -> int:
        """How many words it has."""
        return sum(len(part.text.split()) for part in self.parts)


CLOSES = {"review": "stage", "uneasy": "uneasy"}
"""What each closing frame settles: a question, or that people are uneasy."""


@dataclass(frozen=True, slots=True)
class Around:
    """What stands around the statements: the places to fill in, where the child is today, and which frames are used.

    `closing` are those of the last part, before the sentence that closes all: a review, or that people are uneasy.
    """

    places: Mapping[str, str]
    worker: str
    today: Today
    closing: tuple[str, ...] = ()


def tell_case(fragments: Fragments, statements: tuple[Said, ...], *, around: Around, seed: Seed) -> Narrative:
    """The case in four parts, with as many of the statements as it was given."""
    lines = _cast(fragments, statements, lines=(), seed=seed)
    places = {said.item: {**around.places, **_times(fragments, said.item, seed=seed)} for said in statements}
    texts = {said.item: filled(line.text, places[said.item]) for said, line in zip(statements, lines, strict=True)}
    frame = _frames(fragments, around, seed=seed)
    told = {
        teller: [texts[said.item] for said, line in zip(statements, lines, strict=True) if line.teller is teller]
        for teller in Teller
    }
    told[Teller.CONCERN][:0] = [frame["intro"], frame[around.worker]]
    for teller in (Teller.SCHOOL, Teller.SERVICES):
        told[teller] = told[teller] or [frame[f"{teller}_none"]]
    told[Teller.CHILD] += [frame["today"], *(frame[key] for key in around.closing), frame["rest"]]
    titles = {teller: filled(fragments.titles[teller], around.places) for teller in Teller}
    return Narrative(
        parts=tuple(Part(titles[teller], " ".join(told[teller])) for teller in Teller),
        sentences={item: texts[said.item] for said in statements for item in said.settles} | _around(frame, around),
        reasons={item: filled(said.because, places[said.item]) for said in statements for item in said.settles},
        rest=frame["rest"],
    )


def _times(fragments: Fragments, item: str, *, seed: Seed) -> dict[str, str]:
    """When it was what is told of an item: the same words wherever it is spoken of, and as of the item that it follows."""
    of = fragments.follows.get(item, item)
    return times_of({each: seed.one(words, f"{each} {of}") for each, words in fragments.times.items()})


def _frames(fragments: Fragments, around: Around, *, seed: Seed) -> dict[str, str]:
    """One way of each sentence around the statements that could be needed."""
    keys = ("intro", around.worker, "school_none", "services_none", *around.closing, "rest")
    texts = {**{key: fragments.frames[key] for key in keys}, "today": around.today.texts}
    return {key: filled(seed.one(ways, key), around.places) for key, ways in texts.items()}


def _around(frame: Mapping[str, str], around: Around) -> dict[str, str]:
    """The sentences that settle the questions around the items; `stage` where it is a review."""
    today = frame["today"]
    settled = {"danger": today, "told_or_seen": today, "allocated": frame[around.worker]}
    return settled | {CLOSES[key]: frame[key] for key in around.closing}


def _cast(
    fragments: Fragments, statements: tuple[Said, ...], *, lines: tuple[Phrasing, ...], seed: Seed
) -> tuple[Phrasing, ...]:
    """A line for each statement, spread evenly over the tellers, none of whom gets more than there is room for.

    It steps back where it has to. Where each statement has two tellers to choose from, it always ends.
    """
    if len(lines) == len(statements):
        return lines
    load = Counter(line.teller for line in lines)
    said = statements[len(lines)]
    texts = seed.ordered([line.text for line in said.lines], f"line {said.item}")
    cast = {each.item: line.teller for each, line in zip(statements, lines, strict=False)}
    first = ORDER.index(cast.get(fragments.follows.get(said.item, ""), ORDER[0]))
    free = [line for line in said.lines if load[line.teller] < ROOM[line.teller] and ORDER.index(line.teller) >= first]
    for line in sorted(free, key=lambda line: (load[line.teller], texts.index(line.text))):
        found = _cast(fragments, statements, lines=(*lines, line), seed=seed)
        if found:
            return found
    return ()


def spaced(statements: tuple[Said, ...], fillers: Iterable[Said]) -> Iterable[tuple[Said, ...]]:
    """The statements, then with one filler more each time, as many as a case has room for."""
    yield statements
    for filler in fillers:
        if len(statements) == MOST:
            return
        statements = (*statements, filler)
        yield statements
