"""The values that go into the store and come out of it; a `repr` hides a person's words and name."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, Generic, Protocol, TypeVar

from bot.runtime.clock import aware, from_micros, to_micros
from bot.trail.chain import Entry
from dialogs.core.codec import ReadTexts


class Aware:
    """A value whose times have a zone; a time without one raises `ValueError`."""

    __slots__: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        for name in self.__slots__:
            value = getattr(self, name)
            if isinstance(value, datetime):
                aware(value)


@dataclass(frozen=True, slots=True)
class Record(Aware):
    """A person: `card` is a counter that nothing resets, and `case` is None without an assessment.

    `access` is their account as text, empty if they were never admitted; at `due` the bot acts without them.
    `rehearsal` is their rehearsal as text, empty without one; it never becomes a case.
    """

    person: str = field(repr=False)
    card: int
    profile: str = field(repr=False)
    case: str | None = field(repr=False)
    phase: str
    edition: str
    active: datetime | None
    access: str = field(default="", repr=False)
    due: datetime | None = None
    rehearsal: str = field(default="", repr=False)


def first_record(person: str) -> Record:
    """Return the record of a new person."""
    return Record(person=person, card=0, profile="{}", case=None, phase="", edition="", active=None)


class Sorting(StrEnum):
    """The time by which people are ordered: when they are due, or when they were last active."""

    DUE = "due"
    ACTIVE = "active"


@dataclass(frozen=True, slots=True)
class Located:
    """A person, and the part of the store that holds them: changes to many go part by part, so that each is verified once."""

    part: int
    person: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Slice:
    """Some of many people, in order, and the position after which the next slice begins; None after the last."""

    people: tuple[Located, ...]
    next: tuple[int, bytes] | None


@dataclass(frozen=True, slots=True)
class Reminder(Aware):
    """The time at which a person is to review the case of this reference; stored apart from every assessment."""

    person: str = field(repr=False)
    reference: str
    due: datetime


@dataclass(frozen=True, slots=True)
class Shared(Aware):
    """A room that several people share under a name until a time; their cards show it and follow its changes."""

    name: str = field(repr=False)
    text: str = field(repr=False)
    until: datetime
    people: tuple[str, ...] = field(default=(), repr=False)


@dataclass(frozen=True, slots=True)
class Issued(Aware):
    """A one-time code that was issued, the text that it opens, and its end."""

    code: str = field(repr=False)
    text: str = field(repr=False)
    until: datetime


@dataclass(frozen=True, slots=True)
class Shown(Aware):
    """The live message of a chat, the time it was sent, a keyed hash of its text (or b""), and whether a new one may be on its way."""

    handle: str | None = field(repr=False)
    born: datetime | None
    digest: bytes = field(repr=False)
    sending: bool

    @property
    def delivered(self) -> bool:
        """True if the chat is known to show the text with this digest."""
        return bool(self.digest) and not self.sending


NOTHING_SHOWN = Shown(handle=None, born=None, digest=b"", sending=False)


@dataclass(frozen=True, slots=True)
class MessageToRemove:
    """A message to be removed: the person's if `is_own`; a document, which stays until its case or the chat closes, if `is_kept`."""

    person: str = field(repr=False)
    handle: str = field(repr=False)
    born: datetime
    is_own: bool = False
    is_kept: bool = False


def write_shown(shown: Shown) -> bytes:
    """Return what a chat shows, as text to seal."""
    born = None if shown.born is None else to_micros(shown.born)
    return json.dumps([shown.handle, born, shown.digest.hex(), shown.sending]).encode()


def _read(text: str) -> Shown:
    handle, born, digest, sending = json.loads(text)
    return Shown(handle, None if born is None else from_micros(born), bytes.fromhex(digest), sending)


SHOWN = ReadTexts(_read)


@dataclass(frozen=True, slots=True)
class OwedDocument(Aware):
    """A document that a person asked for and has not received: its kind, and the reference of its case, empty for a rehearsal."""

    person: str = field(repr=False)
    reference: str
    kind: str
    asked: datetime

    @property
    def is_of_rehearsal(self) -> bool:
        """True if it is of a rehearsal."""
        return not self.reference


MOST_BROWSERS = 5  # sign-ins of one person at a time; another one ends the first to expire


@dataclass(frozen=True, slots=True)
class SignIn(Aware):
    """A sign-in at a browser, with its end; `at_provider` is its name at the organisation's sign-in, or empty."""

    secret: str = field(repr=False)
    person: str = field(repr=False)
    until: datetime
    at_provider: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class SignOff(Aware):
    """A notice by a person or their organisation's sign-in that one sign-in ended (`at_provider`), or all of a person's."""

    key: str = field(repr=False)
    at: datetime
    person: str = field(repr=False)
    at_provider: str = field(default="", repr=False)

    def ends(self, sign_in: SignIn) -> bool:
        """Return True if this ends the sign-in."""
        is_theirs = self.person in ("", sign_in.person)
        return is_theirs and self.at_provider in ("", sign_in.at_provider) and bool(self.person or self.at_provider)


MonthCounts = Mapping[str, Mapping[str, int]]  # the counts of one month, by kind and word
CountsByMonth = Mapping[str, MonthCounts]  # the counts of each month, such as "2026-11"


@dataclass(frozen=True, slots=True)
class MonthlyCount:
    """A change of a count of a month ("2026-11"); `by` is -1 if a tap was taken back."""

    month: str
    kind: str
    word: str
    by: int = 1


@dataclass(frozen=True, slots=True)
class Spent:
    """A one-time code that was used up."""

    code: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Withdrawn:
    """An open invitation that was withdrawn, by its mark."""

    mark: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class SharedEnded:
    """A room that has ended, by its name."""

    name: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class PersonForgotten:
    """A person whose reminders, rooms and sign-ins are deleted."""

    person: str = field(repr=False)


Write = (
    Entry
    | Reminder
    | OwedDocument
    | Shared
    | SharedEnded
    | Issued
    | Spent
    | Withdrawn
    | SignIn
    | MonthlyCount
    | Record
    | PersonForgotten
)
"""What a decision writes besides the person's own record; a `Record` here is somebody else's."""

Kind = TypeVar("Kind")


@dataclass(frozen=True, slots=True)
class Decision:
    """The record after an event, the effects, which the store passes through, and the writes of the transaction, in order."""

    record: Record
    effects: tuple[object, ...] = ()
    writes: tuple[Write, ...] = ()

    def of(self, kind: type[Kind]) -> tuple[Kind, ...]:
        """Return the writes of this kind."""
        return tuple([write for write in self.writes if isinstance(write, kind)])


@dataclass(frozen=True, slots=True)
class OpenInvitation:
    """The text that a valid code opens, and its end. The `mark` finds it in the store, and does not give the code away."""

    mark: bytes = field(repr=False)
    text: str = field(repr=False)
    until: datetime


class Lookup(Protocol):
    """The look-ups of a decision, within its transaction."""

    def record(self, person: str) -> Record | None:
        """Return a person's record, or None without one or if it is refused. Only records looked up here may be changed."""

    def shared(self, name: str) -> Shared | None:
        """Return the room of this name, or None if there is none."""

    def invitation(self, mark: bytes) -> OpenInvitation | None:
        """Return the open invitation with this mark, or None if there is none."""

    def opened_by(self, code: str) -> str | None:
        """Return the text that a one-time code opens, or None if it opens nothing."""


Seen = TypeVar("Seen")


@dataclass(frozen=True, slots=True)
class Everybody(Generic[Seen]):
    """Views of every person who is not refused, and the open invitations; `is_in_step` if every row is as it was last written."""

    seen: tuple[Seen, ...] = field(repr=False)
    invitations: tuple[OpenInvitation, ...] = ()
    is_in_step: bool = True


See = Callable[[str, str], Seen | None]  # views a person and their account as text, or returns None to leave them out


class AboutEverybody(Protocol[Seen]):
    """A question about every person."""

    def see(self, person: str, standing: str) -> Seen | None:
        """Return the view of a person and their account as text, or None to leave them out."""

    def decide(self, everybody: Everybody[Seen]) -> "Decide":
        """Return the decision about all of them. It may take long, so it is called where nobody waits."""


@dataclass(frozen=True, slots=True)
class NeedsEverybody(Aware, Generic[Seen]):
    """A decision that depends on every person: nothing is saved, and the event is decided again with their views."""

    at: datetime
    asking: AboutEverybody[Seen] = field(repr=False)


Decide = Callable[[Record, Lookup], Decision | NeedsEverybody[Any] | None]
"""Decides what an event does to a record; None if there is nobody to answer, and then no row is written."""


@dataclass(frozen=True, slots=True)
class Inbound(Aware):
    """One event, which counts once: its key, its time, its person, and the pure function that answers it.

    Without a person or a function only the key is recorded. `own_message` is the person's own message, to be removed.
    """

    key: str
    at: datetime
    person: str | None = field(repr=False)
    decide: Decide | None = field(repr=False)
    own_message: str | None = field(repr=False)


@dataclass(frozen=True, slots=True)
class Done:
    """The event was accepted, and its record is durable."""

    key: str
    before: Record
    record: Record
    shown: Shown
    effects: tuple[object, ...]

    @property
    def is_erasure(self) -> bool:
        """True if a case was erased: nobody is notified before it is gone from every file."""
        return self.before.case is not None and self.record.case is None


@dataclass(frozen=True, slots=True)
class Repeated:
    """The key was known: nothing changed. The current record and card can be shown again."""

    key: str
    record: Record | None
    shown: Shown | None


@dataclass(frozen=True, slots=True)
class Refused:
    """The decision failed: only the key is recorded, so that the event is not decided again.

    `error` is the exception's class and an error id (`"ValueError 3f9a01bc"`), never its message, which may quote a person;
    `where` is the module and line.
    """

    key: str
    error: str
    where: str


@dataclass(frozen=True, slots=True)
class KeyOnly:
    """Only the key was recorded, since there was no person or nothing to decide. No message is to be removed."""

    key: str


@dataclass(frozen=True, slots=True)
class Undecided:
    """Nothing was recorded: the decision needs the views of every person, and the event has to be decided again with them."""

    key: str
    needed: NeedsEverybody[Any]


Outcome = Done | Repeated | Refused | KeyOnly | Undecided


@dataclass(frozen=True, slots=True)
class OutOfStep:
    """The kinds of rows that are not as they were last written, and the number of people refused for it; False if there are none."""

    what: tuple[str, ...] = ()
    people: int = 0

    def __bool__(self) -> bool:
        return bool(self.what)

    def __str__(self) -> str:
        refused = f" {self.people} of the people are refused until it is put right." if self.people else ""
        return f"The database was changed from outside: put back, changed or taken away were {', '.join(self.what)}.{refused}"
