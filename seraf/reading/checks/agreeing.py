"""Checks for prose that contradicts its own pack: wrong look-back windows, points, categories or names."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from seraf.advice.guidance import Guidance
from seraf.form.instrument import Instrument, Section
from seraf.reading.checks.idle import Fault
from seraf.reading.toml.places import A_YEAR, FILLED_LATER, FORMER, PLACE, WORDS, fill, texts_in
from seraf.reading.toml.tables import TomlTable

NUMBER = rf"\b(\d+|{'|'.join(WORDS[1:])})\b"
SPAN = rf"{NUMBER} ?(?:to|–|-) ?{NUMBER}"

Numbers = tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Claim:
    """A way in which sentences state numbers: a pattern, a test of these numbers, and a hint at the right ones."""

    pattern: re.Pattern[str]
    is_right: Callable[[Numbers], bool]
    right: str

    def wrong(self, text: str) -> Iterator[str]:
        """Yield a fault for each wrong statement of this kind in a text."""
        for match in self.pattern.finditer(text):
            if not self.is_right(tuple(number_of_word(word) for word in match.groups())):
                yield f"says “{match[0]}”; {self.right}"


def claims_of_points(instrument: Instrument) -> tuple[Claim, ...]:
    """Return the claims about points: single points, the range of a category, and where the last category begins."""
    bands = instrument.bands
    spans = [(one.lowest, other.lowest - 1) for one, other in pairwise(bands)]
    known = {option.points for section in instrument.sections for option in section.options}
    known |= {row.points for row in instrument.additions} | {row.points for row in instrument.missing}
    known |= {edge for span in spans for edge in span} | {bands[-1].lowest}
    written = ", ".join(f"{first} to {last}" for first, last in spans)
    top = f"the last category begins at {bands[-1].lowest}"
    return (
        Claim(_found(rf"{SPAN} points?\b"), lambda numbers: numbers in spans, f"the categories have {written}"),
        Claim(_found(rf"{NUMBER} points? (?:or more|and over)\b"), lambda numbers: numbers[0] == bands[-1].lowest, top),
        Claim(
            # Not after “to” or a dash: the second number of a span is checked with its span above.
            _found(rf"(?<!to )(?<![–-]){NUMBER} (?:more )?points?\b"),
            lambda numbers: numbers[0] in known,
            f"neither points nor categories have that; they have {', '.join(map(str, sorted(known)))}",
        ),
    )


def claims_of_months(sections: Sequence[Section], instrument: Instrument) -> tuple[Claim, ...]:
    """Return the claims about months in texts of these sections; an empty tuple if no section has a window."""
    windows = [section.windows for section in sections if section.windows]
    if not windows:
        return ()
    single, spans = {months for pair in windows for months in pair}, [pair for pair in windows if len(pair) > 1]
    right = f"the windows are {' and '.join(map(str, sorted(single)))} months"
    review = instrument.edition.review_months
    return (
        Claim(_found(rf"\bpast {NUMBER} months?\b"), lambda numbers: numbers[0] in single, right),
        Claim(_found(rf"\bnot in {NUMBER} months?\b"), lambda numbers: numbers[0] in single, right),
        Claim(_found(r"\bpast year\b"), lambda numbers: A_YEAR in single, right),
        Claim(_found(rf"{SPAN} months\b"), lambda numbers: numbers in spans, right),
        Claim(
            _found(rf"\bevery {NUMBER} months\b"),
            lambda numbers: numbers[0] == review,
            f"a review is due after {review}",
        ),
    )


def number_of_word(word: str) -> int:
    """Return the number that is written in digits or as a word."""
    return int(word) if word.isdecimal() else WORDS.index(word.lower())


def _found(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.IGNORECASE)


NO_PROSE = frozenset(
    {"id", "source", "sources", "says", "heading", "law", "phrases", "board", "places", "cites", "names", "if"}
)
"""The keys whose texts are not checked, among them ids, headings, search terms and quotations from a case."""

CASES = "vignettes"
"""The prefix of made-up cases, whose texts may state any months."""


def contradictions(sources: Iterable[TomlTable], instrument: Instrument, *, guidance: Guidance) -> Iterator[Fault]:
    """Yield the path and the first contradiction of each text. Placeholders in `sources` are not filled yet."""
    for at, deadline in enumerate(guidance.plan.deadlines):
        if deadline.months not in (0, instrument.edition.review_months):
            yield (
                f"guidance.toml.deadlines[{at}].months",
                f"{deadline.months}, while `review_months` of instrument.toml is {instrument.edition.review_months}; write that",
            )
    judge = ProseJudge(instrument)
    for table in sources:
        for path, text in texts_in(table.raw, table.path):
            if not _keys(path) & NO_PROSE and (fault := next(judge.faults(path, text), None)):
                yield path, fault


def former_names(sources: Iterable[TomlTable], names: Mapping[str, object]) -> Iterator[Fault]:
    """Yield the path and the fault of each text that names the board from which the pack was copied."""
    former = names.get(FORMER)
    own = " ".join(text for _, text in texts_in({key: name for key, name in names.items() if key != FORMER}, ""))
    # A name that this board uses as well is not another board's name.
    words = [name for name in former if isinstance(name, str) and name not in own] if isinstance(former, list) else []
    if not words:
        return
    pattern = _any_of(words)
    for table in sources:
        for path, text in texts_in(table.raw, table.path):
            if not _keys(path) & {"names", "id"} and (match := pattern.search(text)):
                yield path, f"has {match[0]!r}, which is another board's; write what it is here"


class ProseJudge:
    """A checker that compares texts with what an instrument says."""

    def __init__(self, instrument: Instrument) -> None:
        self._instrument = instrument
        self._points = claims_of_points(instrument)
        self._months = {section.id: claims_of_months((section,), instrument) for section in instrument.sections}
        self._any_months = claims_of_months(instrument.sections, instrument)
        places = instrument.edition.places
        names = {key: places[key] for key in places if f"{key}_name" in places and key[:1].islower()}
        # Without “the”, a name is only looked for if it has a capital: in lower case it could be plain English.
        bare = {key: name.removeprefix("the ") for key, name in names.items()}
        self._names = {
            bare[key] if bare[key] != bare[key].lower() else name: key for key, name in names.items() if name
        }
        self._outright = _any_of(self._names)

    def faults(self, path: str, text: str) -> Iterator[str]:
        """Yield every fault of a text, which is given as it stands in the file."""
        # A name that is written out would stay as it is when the board changes the name.
        if match := self._outright.search(text):
            yield f"says {match[0]!r} outright; write {{{self._names[match[0]]}}}, so that it stands once"
        filled = fill(text, self._instrument.edition.places)
        if "{" in filled:
            later = FILLED_LATER.get(path.partition(".toml")[0] + ".toml", frozenset())
            unknown = [place for place in PLACE.findall(filled) if place not in later]
            yield from (f"{{{place}}} is no place that is known; see [names] in instrument.toml" for place in unknown)
        claims: list[Claim] = []
        if "point" in filled.lower():
            claims += self._points
        if ("month" in filled.lower() or "year" in filled.lower()) and not path.startswith(CASES):
            claims += self._months_at(path)
        for claim in claims:
            yield from claim.wrong(filled)
        if "Category" in filled:
            yield from self._categories(filled)

    def _months_at(self, path: str) -> tuple[Claim, ...]:
        """Return the claims about months for a text: those of its section, or of all sections if it belongs to none."""
        match = re.match(r"instrument\.toml\.(sections|items)\[(\d+)\]", path)
        if match is None:
            return self._any_months
        at = int(match[2])
        is_section = match[1] == "sections"
        section = self._instrument.sections[at] if is_section else self._instrument.items[at].section
        return self._months[section.id]

    def _categories(self, text: str) -> Iterator[str]:
        """Yield a fault for each category to which a text gives a wrong name or range."""
        bands = self._instrument.bands
        last = {one.category: other.lowest - 1 for one, other in pairwise(bands)}
        for band in bands:
            for match in re.finditer(rf"\bCategory {band.category} \(([a-z][a-z ]+)\)", text):
                if match[1] not in (band.name, "ours"):
                    yield f"says “{match[0]}”; the form calls it {band.name!r}"
            named = rf"\bCategory {band.category}(?: \([^)]*\))?[:,] {SPAN}"
            for match in re.finditer(rf"{named}|{SPAN} is Category {band.category}\b", text, re.IGNORECASE):
                edges = tuple(number_of_word(number) for number in match.groups() if number)
                if edges != (band.lowest, last.get(band.category)):
                    yield f"says “{match[0]}”; it begins at {band.lowest}"


def _any_of(words: Iterable[str]) -> re.Pattern[str]:
    """Return a pattern that matches any of these words as a whole word. Longer words are tried first."""
    longest: Sequence[str] = sorted(words, key=len, reverse=True)
    return re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, longest)) or '(?!)'})(?!\w)")


def _keys(path: str) -> set[str]:
    """Return the keys in a path, without positions in lists."""
    return {step.partition("[")[0] for step in path.split(".")}
