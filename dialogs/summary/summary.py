"""A finished assessment as a value from which any file format can be written, with all its texts.

It has no name and no date of birth, and does not depend on a file format.
"""

from dataclasses import dataclass, fields, is_dataclass
from datetime import datetime
from typing import Any

from seraf.form.circumstances import Basis


@dataclass(frozen=True, slots=True)
class SummaryReason:
    """A reason to act: its urgency (plan, today, manager, call or emergency), its title and text, and its source."""

    urgency: str
    title: str
    text: str
    source: str
    basis: Basis


@dataclass(frozen=True, slots=True)
class SummaryAction:
    """An action of the action card: what to do, by when (local, in ISO 8601 and in words), whom to ring, and why.

    `state` is `open`, `closed`, or `not-known` if the summary was made from a code, which has no times either. An action
    that is no longer on the card is only listed if it is open. `open_words` says that it is open.
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
    """An entry of the action card's log: its time (local, ISO 8601), and in words who was called and with which outcome.

    `is_spoken` is True if the person spoke to somebody, whose name and reference they then write by hand.
    """

    at: str
    line: str
    what: str
    words: str
    is_spoken: bool


@dataclass(frozen=True, slots=True)
class Due:
    """A step besides the actions of the action card. It is never a call."""

    id: str
    text: str
    source: str
    basis: Basis


@dataclass(frozen=True, slots=True)
class SummaryOption:
    """A possible answer: its id, label and points, and whether it says that the indicator is present (`is_tick`)."""

    id: str
    label: str
    points: int = 0
    is_tick: bool = False


@dataclass(frozen=True, slots=True)
class TappedReason:
    """Who reported a ticked item and since when it is known, each as an id and in words, or empty if not answered."""

    says: str
    says_words: str
    known: str
    known_words: str


@dataclass(frozen=True, slots=True)
class SummaryLine:
    """An item and the answer to it. `note` is the person's own note, or empty, to be written by hand.

    `response` is the id of the chosen option, or empty; `is_ticked` is True if it says that the indicator is present.
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
    """A section: its possible answers, its points, the most points that it can have (`most`), and its items (`lines`)."""

    id: str
    title: str
    ask: str
    choices: tuple[SummaryOption, ...]
    points: int
    most: int
    lines: tuple[SummaryLine, ...]

    @property
    def ticked(self) -> int:
        """Return how many items of the section are ticked."""
        return sum(line.is_ticked for line in self.lines)


@dataclass(frozen=True, slots=True)
class Fact:
    """A question other than an item: its id and label, and its answer as an id (empty if not asked) and in words."""

    id: str
    label: str
    answer: str
    words: str
    choices: tuple[SummaryOption, ...]


@dataclass(frozen=True, slots=True)
class Added:
    """Points that a rule adds once to those of the items: the id of the rule, its label, and the points."""

    id: str
    label: str
    points: int


@dataclass(frozen=True, slots=True)
class SummaryHeading:
    """A heading of the case record: its id and title, what to write under it, its source, and the note, which may be empty."""

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
    """The instrument that the SERAF was made with. `fingerprint` is its whole SHA-256 hash in hexadecimal digits."""

    name: str
    board: str
    edition: str
    fingerprint: str
    is_verified: bool
    bands: tuple[Begins, ...]


@dataclass(frozen=True, slots=True)
class Count:
    """The score: points and category (1 to 4), each so far and the highest possible, and how many items are answered.

    `words` is the sentence with the category or range; `lines` follow it, the last of them about the judgement. `low`
    says that a low category does not mean safe, and is empty for a high one.
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
    """When the summary was made (`made`, UTC, ISO 8601), when the assessment was finished, when the next is due.

    `finished` is the local day of the judgement, or only its month if the summary was made from a code; `review` is the
    day by which the next assessment is due.
    """

    made: str
    finished: str
    review: str


@dataclass(frozen=True, slots=True)
class SummaryAnswers:
    """The answers to the questions (`facts`) and, by section, to the items (`parts`)."""

    facts: tuple[Fact, ...]
    parts: tuple[SummaryPart, ...]


@dataclass(frozen=True, slots=True)
class SummaryResult:
    """The result: the score, the judgement, and further findings, each as an id and in words."""

    additions: tuple[Added, ...]
    count: Count
    discussion: str
    discussion_words: str
    other_harm: tuple[str, ...]
    harm_words: str
    judgement: str


@dataclass(frozen=True, slots=True)
class SummaryAdvice:
    """The advice: reasons to act, actions, steps, whom to call, and what the guidance says about this combination of points."""

    leads: tuple[SummaryReason, ...]
    actions: tuple[SummaryAction, ...]
    steps: tuple[Due, ...]
    contacts: tuple[str, ...]
    mix: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SummaryHand:
    """Somebody who holds the case, or held it until `until` (local, ISO 8601), with the ids of the items that they answered.

    Label and role are those that their organisation gave them; `judgement` is what they said of significant harm.
    """

    label: str
    role: str
    profession: str
    judgement: str
    until: str
    items: tuple[str, ...]
    words: str


@dataclass(frozen=True, slots=True)
class SummaryView:
    """How a second person sees the case: who by label and role, when (local, ISO 8601), and `words`, the whole of it signed.

    `says` compares with what leads; `level` is what it is raised to, `grounds` what they say of reasonable grounds, `why` are
    the pack's reasons, and `note` is what they wrote themselves; each is empty if it was not said.
    """

    label: str
    role: str
    at: str
    says: str
    level: str
    grounds: str
    why: tuple[str, ...]
    words: str
    note: str


@dataclass(frozen=True, slots=True)
class SummaryOwed:
    """A call that was open when the case changed hands: its line, and by when it was due (ISO 8601, or empty)."""

    line: str
    due: str


@dataclass(frozen=True, slots=True)
class SummaryPeople:
    """Whose the case is: who holds it (`first`), who held it before (`hands`), how others see it, and what was owed then."""

    first: SummaryHand
    hands: tuple[SummaryHand, ...]
    views: tuple[SummaryView, ...]
    owed: tuple[SummaryOwed, ...]

    def label_of(self, at: str) -> str:
        """Return the label of who held the case at a time (ISO 8601), or an empty text if it never changed hands."""
        holder = next((each for each in self.hands if _before(at, each.until)), self.first)
        return holder.label if self.hands else ""


def _before(at: str, until: str) -> bool:
    return datetime.fromisoformat(at) < datetime.fromisoformat(until)


@dataclass(frozen=True, slots=True)
class Summary:
    """The whole summary of a finished SERAF.

    If it was made from a code, `reference` and `log` are empty, and `gaps` names what else is missing. Every file
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
    people: SummaryPeople

    @property
    def lines(self) -> tuple[SummaryLine, ...]:
        """Return all items in the order of the instrument."""
        return tuple(line for part in self.answers.parts for line in part.lines)


GROUPS = (TappedReason, SummaryDates, SummaryAnswers, SummaryResult, SummaryAdvice, SummaryPeople)
"""The types that `as_written` flattens: it puts their fields beside those of the value that contains them."""


def as_written(value: Any) -> Any:
    """Return a part of a summary in plain types: a dataclass becomes a mapping in the order of its fields; a tuple stays one."""
    if isinstance(value, tuple):
        return tuple(map(as_written, value))
    if not is_dataclass(value):
        return value
    written: dict[str, Any] = {}
    for field in fields(value):
        inner = getattr(value, field.name)
        written |= as_written(inner) if isinstance(inner, GROUPS) else {field.name: as_written(inner)}
    return written
