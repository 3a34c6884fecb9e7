"""Prose that contradicts its own pack: another window, other points, another band, or a name that stands outright."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

from seraf.advice.guidance import Guidance
from seraf.form.instrument import Instrument, Section
from seraf.reading.checks.idle import Fault
from seraf.reading.toml.places import A_YEAR, FILLED_LATER, FORMER, PLACE, WORDS, fill, texts_in
from seraf.reading.toml.tables import TomlTable

NUMBER = rf"\b(\d+|{'|'.join(WORDS[1:])})\b"
SPAN = rf"{NUMBER} ?(?:to|–|-) ?{NUMBER}"

Told = tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Claim:
    """How a sentence names numbers: how that is found, which are right, and what the right ones are in words."""

    pattern: re.Pattern[str]
    is_right: Callable[[Told], bool]
    right: str

    def wrong(self, said: str) -> Iterator[str]:
        """What a sentence says that is not right."""
        for found in self.pattern.finditer(said):
            if not self.is_right(tuple(number_of_word(each) for each in found.groups())):
                yield f"says “{found[0]}”; {self.right}"


def claims_of_points(instrument: Instrument) -> tuple[Claim, ...]:
    """What may be said of points: those that the form gives, the edges of its categories, and from where to where they go."""
    bands = instrument.bands
    spans = [(one.lowest, other.lowest - 1) for one, other in pairwise(bands)]
    known = {option.points for section in instrument.sections for option in section.options}
    known |= {each.points for each in instrument.additions} | {each.points for each in instrument.missing}
    known |= {edge for span in spans for edge in span} | {bands[-1].lowest}
    said = ", ".join(f"{first} to {last}" for first, last in spans)
    top = f"the last category begins at {bands[-1].lowest}"
    return (
        Claim(_found(rf"{SPAN} points?\b"), lambda told: told in spans, f"the categories have {said}"),
        Claim(_found(rf"{NUMBER} points? (?:or more|and over)\b"), lambda told: told[0] == bands[-1].lowest, top),
        Claim(
            # Not after “to” or a dash: the second number of a span is judged with its span above.
            _found(rf"(?<!to )(?<![–-]){NUMBER} (?:more )?points?\b"),
            lambda told: told[0] in known,
            f"neither points nor categories have that; they have {', '.join(map(str, sorted(known)))}",
        ),
    )


def claims_of_months(sections: Sequence[Section], instrument: Instrument) -> tuple[Claim, ...]:
    """What may be said of times in sentences about these sections; anything, where none of them has a window."""
    windows = [each.windows for each in sections if each.windows]
    if not windows:
        return ()
    single, spans = {months for each in windows for months in each}, [each for each in windows if len(each) > 1]
    right = f"the windows are {' and '.join(map(str, sorted(single)))} months"
    review = instrument.review_months
    return (
        Claim(_found(rf"\bpast {NUMBER} months?\b"), lambda told: told[0] in single, right),
        Claim(_found(rf"\bnot in {NUMBER} months?\b"), lambda told: told[0] in single, right),
        Claim(_found(r"\bpast year\b"), lambda told: A_YEAR in single, right),
        Claim(_found(rf"{SPAN} months\b"), lambda told: told in spans, right),
        Claim(_found(rf"\bevery {NUMBER} months\b"), lambda told: told[0] == review, f"a review is due after {review}"),
    )


def number_of_word(told: str) -> int:
    """The number that is written in digits, or as a word."""
    return int(told) if told.isdecimal() else WORDS.index(told.lower())


def _found(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.IGNORECASE)


NO_PROSE = frozenset(
    {"id", "source", "sources", "says", "heading", "law", "phrases", "board", "places", "cites", "names", "if"}
)
"""Keys whose texts say nothing of the pack: ids, headings of the guidance, words to be found, what a case says."""

CASES = ("fragments", "vignettes")
"""Made-up cases tell of any month; and the fragments have places of their own, which are judged where they are read."""


def contradictions(sources: Iterable[TomlTable], instrument: Instrument, *, guidance: Guidance) -> Iterator[Fault]:
    """Everything of the kind, each text once, with its path. `sources` are the files as they are written, places not filled."""
    for at, deadline in enumerate(guidance.plan.deadlines):
        if deadline.months not in (0, instrument.review_months):
            yield (
                f"guidance.toml.deadlines[{at}].months",
                f"{deadline.months}, while `review_months` of instrument.toml is {instrument.review_months}; write that",
            )
    agreement = ProseJudge(instrument)
    for table in sources:
        for path, text in texts_in(table.raw, table.path):
            if not _keys(path) & NO_PROSE and (said := next(agreement.faults(path, text), None)):
                yield path, said


def former_names(sources: Iterable[TomlTable], names: Mapping[str, object]) -> Iterator[Fault]:
    """Names of the board from whose pack this one was made, wherever they stand: in labels and headings too."""
    former = names.get(FORMER)
    own = " ".join(text for _, text in texts_in({key: each for key, each in names.items() if key != FORMER}, ""))
    # What this board calls somebody too is no longer another board's name.
    words = [each for each in former if isinstance(each, str) and each not in own] if isinstance(former, list) else []
    if not words:
        return
    found = _any_of(words)
    for table in sources:
        for path, text in texts_in(table.raw, table.path):
            if not _keys(path) & {"names", "id"} and (met := found.search(text)):
                yield path, f"has {met[0]!r}, which is another board's; write what it is here"


class ProseJudge:
    """Judges sentence by sentence whether it says what an instrument says."""

    def __init__(self, instrument: Instrument) -> None:
        self._instrument = instrument
        self._points = claims_of_points(instrument)
        self._months = {each.id: claims_of_months((each,), instrument) for each in instrument.sections}
        self._any_months = claims_of_months(instrument.sections, instrument)

    def faults(self, path: str, text: str) -> Iterator[str]:
        """What is wrong with a text, as it is written in the file."""
        if found := self._outright.search(text):
            yield f"says {found[0]!r} outright; write {{{self._names[found[0]]}}}, so that it stands once"
        said = fill(text, self._instrument.places)
        if "{" in said and not path.startswith("fragments"):
            later = FILLED_LATER.get(path.partition(".toml")[0] + ".toml", frozenset())
            unknown = [found for found in PLACE.findall(said) if found not in later]
            yield from (f"{{{each}}} is no place that is known; see [names] in instrument.toml" for each in unknown)
        for claim in self._claims(path, said.lower()):
            yield from claim.wrong(said)
        if "Category" in said:
            yield from self._categories(said)

    def _claims(self, path: str, said: str) -> Iterator[Claim]:
        if "point" in said:
            yield from self._points
        if ("month" in said or "year" in said) and not path.startswith(CASES):
            section = self._section(path)
            yield from self._months[section.id] if section else self._any_months

    def _section(self, path: str) -> Section | None:
        """The section that a text of the instrument belongs to; None where it is of none."""
        found = re.match(r"instrument\.toml\.(sections|items)\[(\d+)\]", path)
        if found is None:
            return None
        at = int(found[2])
        return self._instrument.sections[at] if found[1] == "sections" else self._instrument.items[at].section

    @cached_property
    def _names(self) -> dict[str, str]:
        """Each name as nobody may write it outright, with its place: it would stay there when the name is changed."""
        places = self._instrument.places
        names = {key: places[key] for key in places if f"{key}_name" in places and key[:1].islower()}
        # Without its “the” a name is looked for only where it has a capital: small letters
        # alone could be plain English.
        bare = {key: name.removeprefix("the ") for key, name in names.items()}
        return {bare[key] if bare[key] != bare[key].lower() else name: key for key, name in names.items() if name}

    @cached_property
    def _outright(self) -> re.Pattern[str]:
        return _any_of(self._names)

    def _categories(self, said: str) -> Iterator[str]:
        """Names and edges that are said of one category and are another's, or nobody's."""
        bands = self._instrument.bands
        last = {one.category: other.lowest - 1 for one, other in pairwise(bands)}
        for band in bands:
            for found in re.finditer(rf"\bCategory {band.category} \(([a-z][a-z ]+)\)", said):
                if found[1] not in (band.name, "ours"):
                    yield f"says “{found[0]}”; the form calls it {band.name!r}"
            named = rf"\bCategory {band.category}(?: \([^)]*\))?[:,] {SPAN}"
            for found in re.finditer(rf"{named}|{SPAN} is Category {band.category}\b", said, re.IGNORECASE):
                edges = tuple(number_of_word(each) for each in found.groups() if each)
                if edges != (band.lowest, last.get(band.category)):
                    yield f"says “{found[0]}”; it begins at {band.lowest}"


def _any_of(words: Iterable[str]) -> re.Pattern[str]:
    """Any of the words, whole; of two that begin alike the longer one."""
    longest: Sequence[str] = sorted(words, key=len, reverse=True)
    return re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, longest)) or '(?!)'})(?!\w)")


def _keys(path: str) -> set[str]:
    """The keys on the way to a text, without their places in lists."""
    return {step.partition("[")[0] for step in path.split(".")}
