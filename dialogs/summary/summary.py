"""A finished SERAF as a value that can be written down in any form: everything in words, with the ids.

It holds no name and no date of birth, and knows no form.
"""

from dataclasses import dataclass, fields, is_dataclass
from typing import Any

from seraf.form.circumstances import Basis


@dataclass(frozen=True, slots=True)
class SummaryReason:
    """A reason to act: its urgency as a word of `seraf.advice.action_plan`, and its basis, in short and in full."""

    urgency: str
    title: str
    text: str
    source: str
    basis: Basis


@dataclass(frozen=True, slots=True)
class SummaryAction:
    """A line of the action card: what to do, by when (local, ISO 8601 and in words), whom to ring, details, and why.

    `state` is `open`, `closed`, or `not-known` if it was made from a code: then there is no time either. A line that
    left the card, but was due and has no outcome, is still open. `open_words` say so, for the log.
    """

    line: str
    title: str
    by: str
    by_words: str
    whom: str
    details: tuple[str, ...]
    why: str
    source: str
    basis: Basis
    state: str
    is_on_card: bool
    open_words: str


@dataclass(frozen=True, slots=True)
class Did:
    """A tap at a line of the action card and its time (local, ISO 8601): who was called, and the outcome, in words.

    `is_spoken` is True if somebody was spoken to: a name and a reference are then to be written by hand.
    """

    at: str
    line: str
    what: str
    words: str
    is_spoken: bool


@dataclass(frozen=True, slots=True)
class Due:
    """One thing to do besides the lines of the action card; it is no call."""

    id: str
    text: str
    source: str
    basis: Basis


@dataclass(frozen=True, slots=True)
class SummaryOption:
    """A possible answer: its id, label and points, and whether it says that an indicator is present."""

    id: str
    label: str
    points: int = 0
    is_tick: bool = False


@dataclass(frozen=True, slots=True)
class TappedReason:
    """The reason for a tick as tapped: who says so and since when it is known, as ids and in words, empty if not answered."""

    says: str
    says_words: str
    known: str
    known_words: str


@dataclass(frozen=True, slots=True)
class SummaryLine:
    """One item of the form and its response. `note` holds own words, empty if they are still to be written.

    `response` is the id of the option, empty if nothing was answered; `is_ticked` is True if the indicator is present.
    """

    id: str
    number: int
    label: str
    response: str
    answer: str
    points: int
    is_ticked: bool
    is_verified: bool
    note: str
    tapped: TappedReason


@dataclass(frozen=True, slots=True)
class SummaryPart:
    """A section of the form, with its possible answers, its points, and the most points that it could have."""

    id: str
    title: str
    ask: str
    choices: tuple[SummaryOption, ...]
    points: int
    most: int
    lines: tuple[SummaryLine, ...]

    @property
    def ticked(self) -> int:
        """Return the number of its items that are ticked."""
        return sum(line.is_ticked for line in self.lines)


@dataclass(frozen=True, slots=True)
class Fact:
    """A question around the items: its id, its words, the answer's id (empty: not asked), and the answer in words."""

    id: str
    label: str
    answer: str
    words: str
    choices: tuple[SummaryOption, ...]


@dataclass(frozen=True, slots=True)
class Added:
    """Points added once to a case."""

    id: str
    label: str
    points: int


@dataclass(frozen=True, slots=True)
class SummaryHeading:
    """A heading of the case record: its place, its title, what to write, and the note, if any."""

    id: str
    title: str
    ask: str
    source: str
    note: str


@dataclass(frozen=True, slots=True)
class Begins:
    """A category (1 to 4) and the total at which it begins."""

    category: int
    lowest: int


@dataclass(frozen=True, slots=True)
class SummaryForm:
    """The instrument that the SERAF was made with; `fingerprint` is the whole SHA-256 (hex)."""

    name: str
    board: str
    edition: str
    fingerprint: str
    is_verified: bool
    bands: tuple[Begins, ...]


@dataclass(frozen=True, slots=True)
class Count:
    """The number: points, how much was answered, and the categories (1 to 4) of the known and of the possible total.

    `words` says the category or the range; `lines` go with it, the last one about the judgement. `low` always
    accompanies a low number, and is empty if it is high.
    """

    total: int
    highest: int
    category: int
    highest_category: int
    answered: int
    of: int
    is_range: bool
    words: str
    low: str
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SummaryDates:
    """When the summary was made (aware UTC as ISO 8601), when the SERAF was finished, and when the next one is due.

    `finished` is the local day of the judgement, or only its month if a code has no more; `review` the day by which the
    next is due.
    """

    made: str
    finished: str
    review: str


@dataclass(frozen=True, slots=True)
class SummaryAnswers:
    """The answers: the questions around the items, and the items by section."""

    facts: tuple[Fact, ...]
    parts: tuple[SummaryPart, ...]


@dataclass(frozen=True, slots=True)
class SummaryResult:
    """The number, the findings that are said with it, as ids and in words, and the judgement."""

    additions: tuple[Added, ...]
    count: Count
    discussion: str
    discussion_words: str
    other_harm: tuple[str, ...]
    harm_words: str
    judgement: str


@dataclass(frozen=True, slots=True)
class SummaryAdvice:
    """The reasons to act, what to do, whom to call, and what the guidance says of this mix of points."""

    leads: tuple[SummaryReason, ...]
    actions: tuple[SummaryAction, ...]
    steps: tuple[Due, ...]
    contacts: tuple[str, ...]
    mix: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Summary:
    """A whole summary.

    If it was made from a code, `reference` and `log` are empty, and `gaps` names what is missing. `warnings` have to be
    shown with it in any form.
    """

    reference: str
    dates: SummaryDates
    form: SummaryForm
    answers: SummaryAnswers
    result: SummaryResult
    advice: SummaryAdvice
    cautions: tuple[str, ...]
    headings: tuple[SummaryHeading, ...]
    warnings: tuple[str, ...]
    gaps: tuple[str, ...]
    code: str
    log: tuple[Did, ...]

    @property
    def lines(self) -> tuple[SummaryLine, ...]:
        """Return every item, in the order of the form."""
        return tuple(line for part in self.answers.parts for line in part.lines)


GROUPS = (TappedReason, SummaryDates, SummaryAnswers, SummaryResult, SummaryAdvice)
"""Values that are written flat: their fields become fields of the value that holds them."""


def as_written(value: Any) -> Any:
    """Return a value of a summary as plain values: a mapping per dataclass, in the order of its fields, and tuples."""
    if isinstance(value, tuple):
        return tuple(map(as_written, value))
    if not is_dataclass(value):
        return value
    written: dict[str, Any] = {}
    for field in fields(value):
        inner = getattr(value, field.name)
        written |= as_written(inner) if isinstance(inner, GROUPS) else {field.name: as_written(inner)}
    return written
