"""The values that callers pass to the store and get from it. Their `repr` omits people's ids, texts and secrets."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, Generic, Protocol, TypeVar

from bot.runtime.clock import TIMELESS, from_micros, to_micros
from bot.storage.cases import CaseHead, Held, Retied, Tied, ViewAdded, WrongCode
from bot.trail.chain import Entry
from dialogs.core.codec import ReadTexts
from dialogs.core.teams import Team


class Aware:
    """The base class of values that contain times. A time without a time zone raises `ValueError`."""

    __slots__: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        for name in self.__slots__:
            value = getattr(self, name)
            if isinstance(value, datetime) and value.utcoffset() is None:
                raise ValueError(TIMELESS)


@dataclass(frozen=True, slots=True)
class Record(Aware):
    """The record of a person. `card` is a counter that never decreases; `profile` is what their chat shows without a case, as text.

    `heads` are the heads of the cases that they hold, and `hand` is the reference of the one on their live card, empty if none
    is. `case` is the body of that case as text, or None. `closed` are the references of their cases that were changed from
    outside, so that they cannot be opened (an empty text where it is not known which). `tied` are all cases to which the
    person is tied, also those that others hold.
    `access` is their account as text, empty if they were never admitted. At `due` the bot acts without an event
    of theirs. `rehearsal` is their rehearsal as text, empty if there is none.
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
    hand: str = ""
    heads: tuple[CaseHead, ...] = ()
    closed: tuple[str, ...] = ()
    tied: tuple[Tied, ...] = field(default=(), repr=False, compare=False)

    def tied_to(self, reference: str) -> Tied | None:
        """Return the case of this reference to which the person is tied, or None. If there are two, theirs comes first."""
        found = [each for each in self.tied if each.head.reference == reference]
        found.sort(key=lambda each: each.head.holder != self.person)
        return found[0] if found else None

    @property
    def head(self) -> CaseHead | None:
        """The head of the case in hand, or None."""
        return self.head_of(self.hand) if self.hand else None

    def head_of(self, reference: str) -> CaseHead | None:
        """Return the head of the person's case with this reference, or None."""
        for head in self.heads:  # a loop, since every tap asks this several times
            if head.reference == reference:
                return head
        return None


def first_record(person: str) -> Record:
    """Return the record of a new person."""
    return Record(person=person, card=0, profile="{}", case=None, phase="", edition="", active=None)


class Sorting(StrEnum):
    """The time by which people are sorted: the time when they are due, or the time of their last activity."""

    DUE = "due"
    ACTIVE = "active"


@dataclass(frozen=True, slots=True)
class Located:
    """A person, and the ledger slot that counts them (`part`). Changes to many people go slot by slot, so that each is verified once."""

    part: int
    person: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Slice:
    """One page of a sorted list of people. `next` is the position after which the next page begins, or None after the last page."""

    people: tuple[Located, ...]
    next: tuple[int, bytes] | None


@dataclass(frozen=True, slots=True)
class Reminder(Aware):
    """A reminder that a person's review of the case with this reference is due at `due`. It is stored apart from the case."""

    person: str = field(repr=False)
    reference: str
    due: datetime


@dataclass(frozen=True, slots=True)
class Shared(Aware):
    """A room that several people share until `until`: its name, and its content as `text`. Their cards are updated when it changes."""

    name: str = field(repr=False)
    text: str = field(repr=False)
    until: datetime
    people: tuple[str, ...] = field(default=(), repr=False)


@dataclass(frozen=True, slots=True)
class Issued(Aware):
    """A one-time code to be stored, the text that belongs to it, and the time until which it is valid."""

    code: str = field(repr=False)
    text: str = field(repr=False)
    until: datetime


@dataclass(frozen=True, slots=True)
class Shown(Aware):
    """The live message of a chat, the time it was sent, a keyed hash of its text, and whether a new message may be on its way."""

    handle: str | None = field(repr=False)
    born: datetime | None
    digest: bytes = field(repr=False)
    sending: bool

    @property
    def delivered(self) -> bool:
        """True if the chat is known to show the text that `digest` is the hash of."""
        return bool(self.digest) and not self.sending


NOTHING_SHOWN = Shown(handle=None, born=None, digest=b"", sending=False)


@dataclass(frozen=True, slots=True)
class MessageToRemove:
    """A message to be removed from a chat. `is_own`: the person sent it. `is_kept`: a document, which stays until its case or
    chat closes.
    """

    person: str = field(repr=False)
    handle: str = field(repr=False)
    born: datetime
    is_own: bool = False
    is_kept: bool = False


def write_shown(shown: Shown) -> bytes:
    """Return this value as JSON, to be sealed."""
    born = None if shown.born is None else to_micros(shown.born)
    return json.dumps([shown.handle, born, shown.digest.hex(), shown.sending]).encode()


def _read(text: str) -> Shown:
    handle, born, digest, sending = json.loads(text)
    return Shown(handle, None if born is None else from_micros(born), bytes.fromhex(digest), sending)


SHOWN = ReadTexts(_read)


@dataclass(frozen=True, slots=True)
class OwedDocument(Aware):
    """A document that a person asked for and has not received. `reference` is that of its case, or empty for a rehearsal."""

    person: str = field(repr=False)
    reference: str
    kind: str
    asked: datetime

    @property
    def is_of_rehearsal(self) -> bool:
        """True if the document is about a rehearsal, and not about a case."""
        return not self.reference


MOST_BROWSERS = 5  # the maximum number of simultaneous sign-ins of a person; one more ends the one that expires first


@dataclass(frozen=True, slots=True)
class SignIn(Aware):
    """A sign-in of a person in a browser, until `until`. `at_provider` is its session id at the organisation's sign-in, or empty."""

    secret: str = field(repr=False)
    person: str = field(repr=False)
    until: datetime
    at_provider: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class SignOff(Aware):
    """A request to end every sign-in with this person and this session id. If one of them is empty, it matches any."""

    key: str = field(repr=False)
    at: datetime
    person: str = field(repr=False)
    at_provider: str = field(default="", repr=False)

    def ends(self, sign_in: SignIn) -> bool:
        """Return True if this request ends the sign-in. A request without a person and a session id ends none."""
        is_theirs = self.person in ("", sign_in.person)
        return is_theirs and self.at_provider in ("", sign_in.at_provider) and bool(self.person or self.at_provider)


MonthCounts = Mapping[str, Mapping[str, int]]  # the counts of one month, by kind and by the value that is counted
CountsByMonth = Mapping[str, MonthCounts]  # the counts of all months, by month, such as "2026-11"


@dataclass(frozen=True, slots=True)
class MonthlyCount:
    """A change of a count of one month ("2026-11") by `by`, which is -1 if a tap was undone. `word` is the value that is counted."""

    month: str
    kind: str
    word: str
    by: int = 1


@dataclass(frozen=True, slots=True)
class Spent:
    """A one-time code to be deleted, since it was used."""

    code: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Withdrawn:
    """An open invitation to be withdrawn, identified by its `mark` (see `OpenInvitation`)."""

    mark: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class SharedEnded:
    """A room to be deleted, since it has ended, identified by its name."""

    name: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class PersonForgotten:
    """A person whose reminders, rooms, sign-ins and places in teams are to be deleted. `who` is their id in the audit."""

    person: str = field(repr=False)
    who: str = ""


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
    | Team
    | Retied
    | ViewAdded
    | WrongCode
)
"""Everything that a decision can write or delete besides its person's own record. A `Record` among the writes belongs to another person."""

Kind = TypeVar("Kind")


@dataclass(frozen=True, slots=True)
class Decision:
    """The result of an event: the new record, effects that the store only passes on to its caller, and further writes, in order."""

    record: Record
    effects: tuple[object, ...] = ()
    writes: tuple[Write, ...] = ()

    def of(self, kind: type[Kind]) -> tuple[Kind, ...]:
        """Return the writes that are instances of this class, in order."""
        return tuple([write for write in self.writes if isinstance(write, kind)])


@dataclass(frozen=True, slots=True)
class OpenInvitation:
    """An invitation whose code is still valid: its text and its end. `mark` identifies it in the store without revealing the code."""

    mark: bytes = field(repr=False)
    text: str = field(repr=False)
    until: datetime


class Lookup(Protocol):
    """The look-ups that a decision may make within its transaction, and the PIN hashes that were derived for it before."""

    @property
    def derived(self) -> "Mapping[NeedsHash, str]":
        """The hashes for which earlier decisions on this event asked."""

    def record(self, person: str) -> Record | None:
        """Return a person's record, or None if there is none or it was tampered with. Only records looked up here may be changed."""

    def case(self, reference: str) -> Held | None:
        """Return the case of this reference with its body, or None if the event's person does not hold it, or it cannot be opened."""

    def is_free(self, reference: str) -> bool:
        """Return True if nobody has a case with this reference."""

    def case_of_code(self, code: str) -> Tied | None:
        """Return the case whose holder was given this code, as its holder is tied to it, or None if the code is not known."""

    def may_type_code(self) -> bool:
        """Return True unless the event's person typed five wrong codes within a day."""

    def shared(self, name: str) -> Shared | None:
        """Return the room of this name, or None if there is none."""

    def invitation(self, mark: bytes) -> OpenInvitation | None:
        """Return the open invitation with this mark, or None if there is none."""

    def teams(self) -> tuple[Team, ...]:
        """Return all teams, sorted by name, or none if any of them was changed from outside."""

    def opened_by(self, code: str) -> str | None:
        """Return the text that belongs to a one-time code, or None if it is not valid or its person must wait after wrong ones."""


Seen = TypeVar("Seen")


@dataclass(frozen=True, slots=True)
class Everybody(Generic[Seen]):
    """What `see` returned for each person who is not refused, the open invitations, and the teams. `is_in_step` is False if any row
    is wrong.
    """

    seen: tuple[Seen, ...] = field(repr=False)
    invitations: tuple[OpenInvitation, ...] = ()
    is_in_step: bool = True
    teams: tuple[Team, ...] = ()


See = Callable[[str, str], Seen | None]  # returns what is needed of a person with this account (text), or None


class AboutEverybody(Protocol[Seen]):
    """A decision that needs to look at every person first."""

    def see(self, person: str, standing: str) -> Seen | None:
        """Return what the decision needs of a person, given their account as text, or None to leave them out."""

    def decide(self, everybody: Everybody[Seen]) -> "Decide":
        """Return the function that decides the event, given all people. It may take long, so it is called outside the transaction."""


@dataclass(frozen=True, slots=True)
class NeedsEverybody(Aware, Generic[Seen]):
    """The result of an event whose decision depends on every person. Nothing is saved, and the event is decided again after a look-up."""

    at: datetime
    asking: AboutEverybody[Seen] = field(repr=False)


@dataclass(frozen=True, slots=True)
class NeedsHash:
    """The result of an event whose decision depends on the slow hash of a PIN. Nothing is saved, and the event is decided again with it."""

    pin: str = field(repr=False)
    salt: bytes = field(repr=False)
    derive: Callable[[str, bytes], str] = field(repr=False, compare=False)  # called outside every transaction


Decided = Decision | NeedsEverybody[Any] | NeedsHash | None
Decide = Callable[[Record, Lookup], Decided]
"""A function that decides what an event does to a record. It returns None if nobody is to be answered; then no person's row is written."""


@dataclass(frozen=True, slots=True)
class Inbound(Aware):
    """One event: its key, its time, its person, and the pure function that answers it. A repeated event has the same key.

    Without a person or a function only the key is recorded. `own_message` is the person's own message, to be removed.
    If `is_try` is True, the event brings an invitation code, which counts as one try. `derived` has the PIN hashes for
    which earlier decisions on this event asked.
    """

    key: str
    at: datetime
    person: str | None = field(repr=False)
    decide: Decide | None = field(repr=False)
    own_message: str | None = field(repr=False)
    is_try: bool = False
    derived: Mapping[NeedsHash, str] = field(default_factory=dict, repr=False)


@dataclass(frozen=True, slots=True)
class Done:
    """The outcome of an event that was accepted. The new record is durable."""

    key: str
    before: Record
    record: Record
    shown: Shown
    effects: tuple[object, ...]

    @property
    def is_erasure(self) -> bool:
        """True if the event erased a case. Callers notify nobody before the case is gone from every file."""
        kept = {head.reference for head in self.record.heads}
        return any(head.reference not in kept for head in self.before.heads)


@dataclass(frozen=True, slots=True)
class Repeated:
    """The outcome of an event whose key was known: nothing changed. The record and `shown` are current, so the card can be shown again."""

    key: str
    record: Record | None
    shown: Shown | None


@dataclass(frozen=True, slots=True)
class Refused:
    """The outcome of an event whose decision failed. Only its key is recorded, so that it is not decided again.

    `error` is the exception's class and an error id (`"ValueError 3f9a01bc"`). The exception's message is left
    out, since it may quote a person. `where` is the module and line.
    """

    key: str
    error: str
    where: str


@dataclass(frozen=True, slots=True)
class KeyOnly:
    """The outcome of an event that is not answered: it has no person or no `decide`, or `decide` returned None. Only its key is saved."""

    key: str


@dataclass(frozen=True, slots=True)
class Undecided:
    """The outcome of an event that was not recorded. It is decided again once what it needs is there.

    `needed` is None if it only has to come after an earlier event of the same person that needs a PIN hash.
    """

    key: str
    needed: NeedsEverybody[Any] | NeedsHash | None


Outcome = Done | Repeated | Refused | KeyOnly | Undecided


@dataclass(frozen=True, slots=True)
class OutOfStep:
    """The kinds of rows that were changed from outside, and how many people and SERAFs are refused for it. False if there are none."""

    what: tuple[str, ...] = ()
    people: int = 0
    cases: int = 0

    def __bool__(self) -> bool:
        return bool(self.what)

    def __str__(self) -> str:
        refused = f" {self.people} of the people are refused until it is put right." if self.people else ""
        refused += f" {self.cases} of the SERAFs are refused until it is put right." if self.cases else ""
        return f"The database was changed from outside: put back, changed or taken away were {', '.join(self.what)}.{refused}"
