"""What a summary says is to do, and what was done, as values: why, by when and whom to ring; who was called, and when."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class SummaryReason:
    """A reason to act, how soon as a word of `seraf.advice.urgency`, and the heading of the guidance it rests on, or that it is ours."""

    urgency: str
    title: str
    text: str
    source: str


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
