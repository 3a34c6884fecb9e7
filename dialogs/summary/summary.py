"""A finished SERAF as a value that can be written down in any form: everything in words, with the ids.

It holds no name and no day of birth, and knows no form.
"""

from dataclasses import dataclass

from seraf.form.circumstances import Basis


@dataclass(frozen=True, slots=True)
class SummaryReason:
    """A reason to act, how soon as a word of `seraf.advice.action_plan`, and what it rests on, in short and in full."""

    urgency: str
    title: str
    text: str
    source: str
    basis: Basis


@dataclass(frozen=True, slots=True)
class SummaryAction:
    """A line of the action card: what to do, by when (local, ISO 8601) and in words, whom to ring, what belongs to it, and why.

    `state` is `open`, `closed`, or `not-known` where it was made from a code: then there is no time either. A line that
    is not on the card any more, but was due and has no outcome, is still open. `open_words` say so, for the log.
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
    """What was tapped at a line of the action card, and when (local, ISO 8601): who was called and what came of it, in words.

    `is_spoken` says that somebody was spoken to: a name and a reference are then to be written by hand.
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
    """One of the answers that could be given: its id, label and points, and whether it says that an indicator is present."""

    id: str
    label: str
    points: int = 0
    is_tick: bool = False


@dataclass(frozen=True, slots=True)
class SummaryLine:
    """One item of the form and its response. `note` holds own words that were noted, empty where they are still to be written.

    `response` is the id of the option, empty where nothing was answered; `is_ticked` says that the indicator is present.
    Of a tick, `says` is who says so and `known` since when that is known, as ids and in words, empty where it was not said.
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
    says: str
    says_words: str
    known: str
    known_words: str


@dataclass(frozen=True, slots=True)
class SummaryPart:
    """A section of the form, with what may be answered and its points out of the most that it could have."""

    id: str
    title: str
    ask: str
    choices: tuple[SummaryOption, ...]
    points: int
    most: int
    lines: tuple[SummaryLine, ...]

    @property
    def ticked(self) -> int:
        """How many of its items are ticked."""
        return sum(line.is_ticked for line in self.lines)


@dataclass(frozen=True, slots=True)
class Fact:
    """A question around the items: its id, in words, the answer's id (empty: not asked), and the answer in words."""

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
    """What the case record needs apart from the responses: its place, its title, what to write, and what was noted, if anything."""

    id: str
    title: str
    ask: str
    source: str
    note: str


@dataclass(frozen=True, slots=True)
class Begins:
    """Which category (1 to 4) begins at which total."""

    category: int
    lowest: int


@dataclass(frozen=True, slots=True)
class SummaryForm:
    """Which instrument it was made with; `fingerprint` is the whole SHA-256 (hex)."""

    name: str
    board: str
    edition: str
    fingerprint: str
    is_verified: bool
    bands: tuple[Begins, ...]


@dataclass(frozen=True, slots=True)
class Count:
    """The number: points, how much was answered, and the categories (1 to 4) of what is known and of what it could become.

    `words` says the category or the range; `lines` what is said with it, the last being the judgement. `low` is what a
    low number never stands without, empty where it is high.
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
class Summary:
    """All of a summary.

    `made` is aware UTC as ISO 8601. `finished` is the local day of the judgement, or only its month where a code has no
    more; `review` the day by which the next is due. `reference` is empty, and `gaps` names what is missing, where it was
    made from a code; then `log` is empty too. `warnings` has to be read with it, whatever the form.
    """

    reference: str
    made: str
    finished: str
    review: str
    form: SummaryForm
    facts: tuple[Fact, ...]
    parts: tuple[SummaryPart, ...]
    additions: tuple[Added, ...]
    count: Count
    discussion: str
    discussion_words: str
    other_harm: tuple[str, ...]
    harm_words: str
    judgement: str
    leads: tuple[SummaryReason, ...]
    actions: tuple[SummaryAction, ...]
    steps: tuple[Due, ...]
    contacts: tuple[str, ...]
    mix: tuple[str, ...]
    cautions: tuple[str, ...]
    headings: tuple[SummaryHeading, ...]
    warnings: tuple[str, ...]
    gaps: tuple[str, ...]
    code: str
    log: tuple[Did, ...]

    @property
    def lines(self) -> tuple[SummaryLine, ...]:
        """Every item, in the order of the form."""
        return tuple(line for part in self.parts for line in part.lines)
