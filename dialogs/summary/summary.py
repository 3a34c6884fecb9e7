"""A finished SERAF as a value that can be written in any output format: every text in words, with its id.

It contains no name and no date of birth, and does not depend on an output format.
"""

from dataclasses import dataclass, fields, is_dataclass
from typing import Any

from seraf.form.circumstances import Basis


@dataclass(frozen=True, slots=True)
class SummaryReason:
    """A reason to act: its urgency (plan, today, manager, call or emergency), its title and text, and its basis."""

    urgency: str
    title: str
    text: str
    source: str
    basis: Basis


@dataclass(frozen=True, slots=True)
class SummaryAction:
    """A line of the action card: what to do, by when (local, ISO 8601 and in words), whom to ring, and why.

    `state` is `open`, `closed`, or `not-known` if the summary was made from a code, which has no times either. A line
    that is no longer on the card is open if it has no outcome. `open_words` is the sentence that it is open.
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
    """An entry of the log of the action card: its time (local, ISO 8601), who was called and the outcome, in words.

    `is_spoken` is True if the person spoke to somebody, whose name and reference they then write by hand.
    """

    at: str
    line: str
    what: str
    words: str
    is_spoken: bool


@dataclass(frozen=True, slots=True)
class Due:
    """A step besides the lines of the action card. It is never a call."""

    id: str
    text: str
    source: str
    basis: Basis


@dataclass(frozen=True, slots=True)
class SummaryOption:
    """A possible answer: its id, label and points, and whether it means that an indicator is present (`is_tick`)."""

    id: str
    label: str
    points: int = 0
    is_tick: bool = False


@dataclass(frozen=True, slots=True)
class TappedReason:
    """Who says so about a tick and since when it is known, as ids and in words; each is empty if not answered."""

    says: str
    says_words: str
    known: str
    known_words: str


@dataclass(frozen=True, slots=True)
class SummaryLine:
    """An item and its response. `note` is a note in the person's own words, empty if they still have to write it.

    `response` is the id of the option, empty if there is none; `is_ticked` is True if the indicator is present.
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
    """A section with its possible answers, its points, the maximum of its points (`most`), and its items (`lines`)."""

    id: str
    title: str
    ask: str
    choices: tuple[SummaryOption, ...]
    points: int
    most: int
    lines: tuple[SummaryLine, ...]

    @property
    def ticked(self) -> int:
        """Return the number of ticked items in the section."""
        return sum(line.is_ticked for line in self.lines)


@dataclass(frozen=True, slots=True)
class Fact:
    """A question other than an item: its id and label, and the answer as an id (empty if not asked) and in words."""

    id: str
    label: str
    answer: str
    words: str
    choices: tuple[SummaryOption, ...]


@dataclass(frozen=True, slots=True)
class Added:
    """Points that are added once to the points of the items: the id of the rule, its label, and the points."""

    id: str
    label: str
    points: int


@dataclass(frozen=True, slots=True)
class SummaryHeading:
    """A heading of the case record: its id and title, what to write under it, its source, and the note, if any."""

    id: str
    title: str
    ask: str
    source: str
    note: str


@dataclass(frozen=True, slots=True)
class Begins:
    """A category (1 to 4) and the lowest total at which it begins."""

    category: int
    lowest: int


@dataclass(frozen=True, slots=True)
class SummaryForm:
    """The instrument that the SERAF was made with. `fingerprint` is the SHA-256 of it in full (hex)."""

    name: str
    board: str
    edition: str
    fingerprint: str
    is_verified: bool
    bands: tuple[Begins, ...]


@dataclass(frozen=True, slots=True)
class Count:
    """The score: points and category (1 to 4), known so far and at their highest, and how many items are answered.

    `words` has the category or range; `lines` follow it, the last one about the judgement. `low` says that a low
    category does not mean safe, and is empty for a high one.
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
    """When the summary was made (`made`, UTC, ISO 8601), when the SERAF was finished, and when the next one is due.

    `finished` is the local day of the judgement, or only its month if the summary was made from a code; `review` is the
    day by which the next SERAF is due.
    """

    made: str
    finished: str
    review: str


@dataclass(frozen=True, slots=True)
class SummaryAnswers:
    """The answers: to the questions (`facts`), and to the items by section (`parts`)."""

    facts: tuple[Fact, ...]
    parts: tuple[SummaryPart, ...]


@dataclass(frozen=True, slots=True)
class SummaryResult:
    """The result: the score, the findings shown with it, as ids and in words, and the judgement."""

    additions: tuple[Added, ...]
    count: Count
    discussion: str
    discussion_words: str
    other_harm: tuple[str, ...]
    harm_words: str
    judgement: str


@dataclass(frozen=True, slots=True)
class SummaryAdvice:
    """The advice: reasons to act, actions, steps, whom to call, and what the guidance says about this mix of points."""

    leads: tuple[SummaryReason, ...]
    actions: tuple[SummaryAction, ...]
    steps: tuple[Due, ...]
    contacts: tuple[str, ...]
    mix: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Summary:
    """The whole summary of a finished SERAF.

    If it was made from a code, `reference` and `log` are empty, and `gaps` names what else is missing. Every output
    format must show `warnings`.
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
        """Return every item, in the order of the instrument."""
        return tuple(line for part in self.answers.parts for line in part.lines)


GROUPS = (TappedReason, SummaryDates, SummaryAnswers, SummaryResult, SummaryAdvice)
"""The types that `as_written` flattens: their fields become fields of the value that contains them."""


def as_written(value: Any) -> Any:
    """Return a value of a summary in plain types: dataclasses as mappings in the order of their fields, and tuples."""
    if isinstance(value, tuple):
        return tuple(map(as_written, value))
    if not is_dataclass(value):
        return value
    written: dict[str, Any] = {}
    for field in fields(value):
        inner = getattr(value, field.name)
        written |= as_written(inner) if isinstance(inner, GROUPS) else {field.name: as_written(inner)}
    return written
