"""The ways in which a sentence names a number of points or of months, and which numbers are right there."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from seraf.form.instrument import Instrument, Section
from seraf.reading.toml.places import A_YEAR, WORDS

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
