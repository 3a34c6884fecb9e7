"""The values that go into a store and come out of it; each hides a person's words and name from its `repr`."""

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, Generic, Protocol, TypeVar

from bot.runtime.clock import aware, from_micros, to_micros
from bot.trail.chain import Entry as Entry  # part of what a store is given, so callers find it here too
from dialogs.core.codec import ReadTexts


@dataclass(frozen=True, slots=True)
class Record:
    """What is kept of a person; `case` is None when no assessment is kept, and `card` is a counter nothing resets.

    `access` is the text of their standing, empty for somebody who was never admitted; `due` is when something is to
    happen without them. `rehearsal` is the text of what they rehearse, empty where there is none; it never becomes a case.
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

    def __post_init__(self) -> None:
        for time in (self.active, self.due):
            if time is not None:
                aware(time)


def first_record(person: str) -> Record:
    """Return the record of somebody met for the first time."""
    return Record(person=person, card=0, profile="{}", case=None, phase="", edition="", active=None)


class Sorting(StrEnum):
    """In which order people are gone through."""

    DUE = "due"
    """By when something is to happen without them."""
    ACTIVE = "active"
    """By when they were active last."""


@dataclass(frozen=True, slots=True)
class Located:
    """Somebody, and the part of the store that they lie in. Whoever changes many goes part by part, so that the store looks at each
    part once.
    """

    part: int
    person: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Slice:
    """Some people of many, in an order, and where the next ones begin; None after the last."""

    people: tuple[Located, ...]
    next: tuple[int, bytes] | None


@dataclass(frozen=True, slots=True)
class Reminder:
    """When somebody is to look at the case of this reference again; kept apart from every assessment."""

    person: str = field(repr=False)
    reference: str
    due: datetime

    def __post_init__(self) -> None:
        aware(self.due)


@dataclass(frozen=True, slots=True)
class Shared:
    """What several people share under a name, until a time; the cards of these people show it and follow its changes."""

    name: str = field(repr=False)
    text: str = field(repr=False)
    until: datetime
    people: tuple[str, ...] = field(default=(), repr=False)

    def __post_init__(self) -> None:
        aware(self.until)


@dataclass(frozen=True, slots=True)
class Issued:
    """A one-time code that is given out, the text that it opens, and until when."""

    code: str = field(repr=False)
    text: str = field(repr=False)
    until: datetime

    def __post_init__(self) -> None:
        aware(self.until)


@dataclass(frozen=True, slots=True)
class Shown:
    """The live message, when it was sent (its birth), a keyed hash of what it says (b"" where unknown), and whether a new
    message may be on its way.
    """

    handle: str | None = field(repr=False)
    born: datetime | None
    digest: bytes = field(repr=False)
    sending: bool

    def __post_init__(self) -> None:
        if self.born is not None:
            aware(self.born)

    @property
    def delivered(self) -> bool:
        """Return True if the chat is known to show what `digest` says."""
        return bool(self.digest) and not self.sending


NOTHING_SHOWN = Shown(handle=None, born=None, digest=b"", sending=False)


@dataclass(frozen=True, slots=True)
class MessageToRemove:
    """A message still to be removed from a chat; `is_own` says that the person wrote it, not the bot.

    `is_kept` is a document that they asked for: it stays while their chat is open and its case or rehearsal is there.
    """

    person: str = field(repr=False)
    handle: str = field(repr=False)
    born: datetime
    is_own: bool = False
    is_kept: bool = False


def write_shown(shown: Shown) -> bytes:
    """Return what a chat shows as text to seal."""
    born = None if shown.born is None else to_micros(shown.born)
    return json.dumps([shown.handle, born, shown.digest.hex(), shown.sending]).encode()


def read_shown(text: str) -> Shown:
    """Return what a chat shows, from such a text."""
    return SHOWN.of(text)


def _read(text: str) -> Shown:
    handle, born, digest, sending = json.loads(text)
    moment = None if born is None else from_micros(born)
    return Shown(handle=handle, born=moment, digest=bytes.fromhex(digest), sending=sending)


SHOWN = ReadTexts(_read)


@dataclass(frozen=True, slots=True)
class OwedDocument:
    """Who asked for a document of which kind, of which case (by its reference), and when.

    Without a reference it is of a rehearsal, and never of a case.
    """

    person: str = field(repr=False)
    reference: str
    kind: str
    asked: datetime

    def __post_init__(self) -> None:
        aware(self.asked)

    @property
    def is_of_rehearsal(self) -> bool:
        """Return True if it is of a rehearsal."""
        return not self.reference


MOST_BROWSERS = 5
"""Sign-ins of one person at a time; one more ends the one that would end first."""


@dataclass(frozen=True, slots=True)
class SignIn:
    """Who signed in, and until when that counts; `at_provider` is what their organisation's sign-in calls it, if anything."""

    secret: str = field(repr=False)
    person: str = field(repr=False)
    until: datetime
    at_provider: str = field(default="", repr=False)

    def __post_init__(self) -> None:
        aware(self.until)


@dataclass(frozen=True, slots=True)
class SignOff:
    """What is said once, by a person or by their organisation's sign-in: that one of its sign-ins ended (`at_provider`), or all
    of a person's.
    """

    key: str = field(repr=False)
    at: datetime
    person: str = field(repr=False)
    at_provider: str = field(default="", repr=False)

    def __post_init__(self) -> None:
        aware(self.at)

    def ends(self, sign_in: SignIn) -> bool:
        """Return True if this sign-in is one of those that ended."""
        is_theirs = self.person in ("", sign_in.person)
        return is_theirs and self.at_provider in ("", sign_in.at_provider) and bool(self.person or self.at_provider)


MonthCounts = Mapping[str, Mapping[str, int]]
"""Of one month: by kind and word, how often."""

CountsByMonth = Mapping[str, MonthCounts]
"""By month, such as "2026-11"."""


@dataclass(frozen=True, slots=True)
class MonthlyCount:
    """Something that is counted in a month ("2026-11"); `by` is -1 where a tap was taken back."""

    month: str
    kind: str
    word: str
    by: int = 1


def with_counts(before: MonthCounts, added: Iterable[MonthlyCount]) -> dict[str, dict[str, int]]:
    """Return the counts of a month with these added. Nothing falls below nought, since a tap may be taken back in a later month."""
    after = {kind: dict(words) for kind, words in before.items()}
    for each in added:
        words = after.setdefault(each.kind, {})
        words[each.word] = max(words.get(each.word, 0) + each.by, 0)
    return after


@dataclass(frozen=True, slots=True)
class Spent:
    """A one-time code that was used up."""

    code: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Withdrawn:
    """An open invitation that is taken back, by its mark."""

    mark: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class SharedEnded:
    """What is shared under this name ends."""

    name: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class PersonForgotten:
    """The reminders, the rooms and the sign-ins of this person go."""

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
"""What a decision writes besides the person's own record: a line of the audit, a reminder, a document that is owed, what is shared or
ends, a code that is given out, used up or taken back, a sign-in, a count, the record of somebody else, and somebody who is forgotten.
"""

Kind = TypeVar("Kind")


@dataclass(frozen=True, slots=True)
class Decision:
    """The record after an event, effects that the store only passes through, and what else is written in the same transaction, in
    this order.
    """

    record: Record
    effects: tuple[object, ...] = ()
    writes: tuple[Write, ...] = ()

    def of(self, kind: type[Kind]) -> tuple[Kind, ...]:
        """Return the writes of this kind."""
        return tuple(each for each in self.writes if isinstance(each, kind))


@dataclass(frozen=True, slots=True)
class OpenInvitation:
    """What a code that is valid opens, and until when. By its `mark` the store finds it, and nobody the code."""

    mark: bytes = field(repr=False)
    text: str = field(repr=False)
    until: datetime


class Lookup(Protocol):
    """What a decision may look up, within its transaction."""

    def record(self, person: str) -> Record | None:
        """Return somebody's record, or None if they have none, or it is refused. Only who was looked up may be changed."""
        ...

    def shared(self, name: str) -> Shared | None:
        """Return what is shared under a name, or None if nothing is."""
        ...

    def invitation(self, mark: bytes) -> OpenInvitation | None:
        """Return the open invitation with this mark, or None if there is none any more."""
        ...

    def opened_by(self, code: str) -> str | None:
        """Return the text that a one-time code opens, or None if it opens nothing."""
        ...


Seen = TypeVar("Seen")


@dataclass(frozen=True, slots=True)
class Everybody(Generic[Seen]):
    """What is seen of everybody but those who are refused, and the invitations that are open, as of one time.

    `is_in_step` says that every row of the store is what was written last.
    """

    seen: tuple[Seen, ...] = field(repr=False)
    invitations: tuple[OpenInvitation, ...] = ()
    is_in_step: bool = True


See = Callable[[str, str], Seen | None]
"""What is seen of a person and the text of their standing; None of somebody who is left out."""


class AboutEverybody(Protocol[Seen]):
    """What is asked about everybody."""

    def see(self, person: str, standing: str) -> Seen | None:
        """Return what is seen of somebody, or None if they are left out."""
        ...

    def decide(self, everybody: Everybody[Seen]) -> "Decide":
        """Return what is made of them all. For many people that takes a while, so it is called where nobody waits for it."""
        ...


@dataclass(frozen=True, slots=True)
class NeedsEverybody(Generic[Seen]):
    """A decision that depends on everybody, as of a time: nothing is kept, and the event is handed in again with them."""

    at: datetime
    asking: AboutEverybody[Seen] = field(repr=False)

    def __post_init__(self) -> None:
        aware(self.at)


Decide = Callable[[Record, Lookup], Decision | NeedsEverybody[Any] | None]
"""What an event makes of a record; None where there is nobody to answer, and then no row is made or changed."""


@dataclass(frozen=True, slots=True)
class Inbound:
    """One event to be counted once: its key, its time, whose it is, and the pure function that answers it.

    Without a person or a decision only the key is recorded. `own_message` is the handle of the person's own message, to
    be removed.
    """

    key: str
    at: datetime
    person: str | None = field(repr=False)
    decide: Decide | None = field(repr=False)
    own_message: str | None = field(repr=False)

    def __post_init__(self) -> None:
        aware(self.at)


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
        """Return True if a case went: nobody says so before the store says that it is gone."""
        return self.before.case is not None and self.record.case is None


@dataclass(frozen=True, slots=True)
class Repeated:
    """The key was seen before: nothing changed; the current record and card, so that it can be shown again."""

    key: str
    record: Record | None
    shown: Shown | None


@dataclass(frozen=True, slots=True)
class Refused:
    """The decision failed and left nothing behind but the key, so that the event is not met again.

    `error` is the exception's class and an error id (`"ValueError 3f9a01bc"`); `where` is the module and line. Never
    the message, which may quote a person.
    """

    key: str
    error: str
    where: str


@dataclass(frozen=True, slots=True)
class KeyOnly:
    """Only the key was recorded: there was nobody, or nothing to decide. No message is to be removed."""

    key: str


@dataclass(frozen=True, slots=True)
class Undecided:
    """Nothing was recorded: the decision needs everybody to be looked up, and the event to be handed in again with it."""

    key: str
    needed: NeedsEverybody[Any]


Outcome = Done | Repeated | Refused | KeyOnly | Undecided


@dataclass(frozen=True, slots=True)
class OutOfStep:
    """What in a store is not as it was written last: of what there are rows too old, changed, missing or too many.

    False where everything is. `people` says how many people are refused for it.
    """

    what: tuple[str, ...] = ()
    people: int = 0

    def __bool__(self) -> bool:
        return bool(self.what)

    def __str__(self) -> str:
        refused = f" {self.people} of the people are refused until it is put right." if self.people else ""
        return f"The database was changed from outside: put back, changed or taken away were {', '.join(self.what)}.{refused}"
