"""Who may see a case besides its holder, and what each event does to that: requests, looks, codes, and changes of hands.

These are the rules of one case, without its answers. Every event passes through `changed`, which says no with a `Refusal`.
"""

from collections.abc import Collection
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import assert_never

from dialogs.core.role import ROWS, Role

REQUEST_LASTS = timedelta(hours=12)
LOOK_LASTS = timedelta(days=14)  # from when it was opened, or from when its person handed the case on
CODE_LASTS = timedelta(minutes=30)
MOST_REQUESTS, MOST_LOOKS = 2, 3  # that a case has at the same time
MOST_ASKED, ASKED_WITHIN = 10, timedelta(hours=1)  # how often a person may ask, whatever the case
READ_AGAIN, MOST_READ = timedelta(hours=1), 12  # after how long reading is written down again, and how often at most
MOST_HELD = 8  # the maximum number of cases that a person holds


class TieKind(StrEnum):
    """What a person has to do with a case: they hold it, raised it, look at it, or are asked for a look or to take it over."""

    HOLDER = "holder"
    RAISED = "raised"
    LOOK = "look"
    ASKED_LOOK = "asked-look"
    ASKED_HAND = "asked-hand"

    @property
    def is_request(self) -> bool:
        """True if the person is asked for something, and has not answered."""
        return self in (TieKind.ASKED_LOOK, TieKind.ASKED_HAND)


READING = frozenset({TieKind.HOLDER, TieKind.RAISED, TieKind.LOOK})  # the kinds of ties that let their person read

TAKING = frozenset({TieKind.ASKED_HAND})


@dataclass(frozen=True, slots=True)
class Tie:
    """The one tie of a person to a case: since and until when, and by whom it was made. `case` is the mark of the case.

    A request that came by a code `is_claimed` until the holder has said that it is the right person. `opened` is when the
    person opened it. `returns` is their tie before a request to take over, by which they go on reading. `label` is that
    of the person, and `by_label` that of who made the tie, as their organisation called them then. `read` is when they
    read the case, once an hour, and `answered` when they last said how they see it. `role` is what they had then.
    """

    person: str = field(repr=False)
    case: bytes = field(repr=False)
    kind: TieKind
    since: datetime
    until: datetime | None = None
    by: str = field(default="", repr=False)
    is_claimed: bool = False
    opened: datetime | None = None
    returns: "Tie | None" = None
    label: str = field(default="", repr=False)
    by_label: str = field(default="", repr=False)
    read: tuple[datetime, ...] = ()
    answered: datetime | None = None
    role: str = ""

    def is_alive(self, now: datetime) -> bool:
        """Return True if the tie has no end, or it has not come."""
        return self.until is None or now < self.until

    def reads(self, now: datetime) -> bool:
        """Return True if its person may read the case. Who is asked to take it over may, once they have opened the request."""
        return self.counts_as(READING, now)

    def counts_as(self, kinds: Collection[TieKind], now: datetime | None) -> bool:
        """Return True if it is a tie of these kinds that has not ended. Without `now`, only one without an end counts."""
        is_alive = self.until is None or (now is not None and self.is_alive(now))
        is_opened = READING.issubset(kinds) and self.kind.is_request and self.opened is not None
        if is_alive and not self.is_claimed and (self.kind in kinds or is_opened):
            return True
        return self.kind.is_request and self.returns is not None and self.returns.counts_as(kinds, now)

    def is_read_lately(self, now: datetime) -> bool:
        """Return True if its person's reading was written down so lately that reading on is not written down again."""
        return bool(self.read) and now - self.read[-1] < READ_AGAIN

    def at(self, now: datetime) -> "Tie | None":
        """Return what is left of the tie at this time: the tie, the one before it, or None."""
        if self.is_alive(now):
            return self
        return self.before(now)

    def before(self, now: datetime) -> "Tie | None":
        """Return the tie to which a request returns once it is over, or None."""
        return None if self.returns is None else self.returns.at(now)

    def allowed(self, role: Role, now: datetime) -> "Tie | None":
        """Return what is left of the tie once its person has this role. What becomes of a holder's case is not said here."""
        row = ROWS[role]
        if self.kind is TieKind.HOLDER:
            return self
        may = {TieKind.RAISED: row.consults, TieKind.ASKED_HAND: row.takes_over}
        before = None if self.returns is None else self.returns.allowed(role, now)
        if not may.get(self.kind, row.is_asked):
            return None if before is None else before.at(now)
        return replace(self, returns=before) if self.returns is not None else self


@dataclass(frozen=True, slots=True)
class OpenCode:
    """A code that was drawn and that nobody has typed: what it asks for, until when, and the keyed hash by which it is found."""

    mark: bytes = field(repr=False)
    kind: TieKind
    until: datetime
    by_label: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class Party:
    """Somebody who is asked, types a code, or takes a case over.

    `is_admitted`: they were not removed, are not locked out, and their access has not run out. `is_own`: it may be the
    asking person themselves, with another account. `holds` is how many cases they hold, and `asked` how often they asked
    somebody lately.
    """

    person: str = field(repr=False)
    role: Role
    is_admitted: bool = True
    is_away: bool = False
    is_own: bool = False
    holds: int = 0
    asked: int = 0
    label: str = field(default="", repr=False)


class Refusal(StrEnum):
    """Why something about sharing a case is refused."""

    NOT_HOLDER = "not-holder"
    NOT_ASKED = "not-asked"  # no request, or it is over
    NOT_READING = "not-reading"
    ROLE = "role"
    OWN = "own"
    NOT_ADMITTED = "not-admitted"
    AWAY = "away"
    HOLDS_EIGHT = "holds-eight"
    HAS_IT = "has-it"
    TWO_REQUESTS = "two-requests"
    THREE_LOOKS = "three-looks"
    ASKED_OFTEN = "asked-often"
    CODE_OVER = "code-over"


@dataclass(frozen=True, slots=True)
class Sharing:
    """Every tie to one case, and its open code. `raised_by` is the person who began it, and reads it until it ends."""

    raised_by: str = field(repr=False)
    ties: tuple[Tie, ...]
    code: OpenCode | None = None

    @property
    def holder(self) -> Tie:
        """The tie of the one person who holds the case."""
        return next(tie for tie in self.ties if tie.kind is TieKind.HOLDER)

    def of(self, person: str) -> Tie | None:
        """Return the person's tie, or None."""
        return next((tie for tie in self.ties if tie.person == person), None)

    def at(self, now: datetime) -> "Sharing":
        """Return the sharing without what is over at this time."""
        ties = tuple(left for tie in self.ties if (left := tie.at(now)) is not None)
        code = self.code if self.code is not None and now < self.code.until else None
        return replace(self, ties=ties, code=code)

    def reads(self, person: str, now: datetime) -> bool:
        """Return True if the person, who has to be admitted, may read the case."""
        tie = self.of(person)
        return tie is not None and tie.reads(now)

    def with_tie(self, tie: Tie | None, person: str) -> "Sharing":
        """Return the sharing with this tie as the person's only one, or without the person if it is None."""
        others = tuple(other for other in self.ties if other.person != person)
        return replace(self, ties=others if tie is None else (*others, tie))


@dataclass(frozen=True, slots=True)
class ColleagueAsked:
    """The holder asks a colleague for a look, or to take the case over."""

    kind: TieKind
    by: Party
    whom: Party


@dataclass(frozen=True, slots=True)
class CodeMade:
    """The holder draws a code, which ends an earlier one."""

    kind: TieKind
    by: Party
    mark: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class CodeEnded:
    """The holder ends the code."""

    by: str


@dataclass(frozen=True, slots=True)
class CodeClaimed:
    """Somebody typed a code. Nothing opens before the holder has confirmed them."""

    who: Party
    mark: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class ClaimConfirmed:
    """The holder says that it is the right person who typed the code."""

    by: str
    who: Party


@dataclass(frozen=True, slots=True)
class RequestOpened:
    """Somebody opens a request: to look, or to read before they take the case over."""

    who: Party


@dataclass(frozen=True, slots=True)
class CaseRead:
    """Somebody who does not hold the case reads it."""

    who: Party


@dataclass(frozen=True, slots=True)
class ViewSent:
    """Somebody who looks at the case says how they see it."""

    who: Party


@dataclass(frozen=True, slots=True)
class RequestDeclined:
    """Somebody says no to a request."""

    who: str


@dataclass(frozen=True, slots=True)
class TakenOver:
    """Somebody takes the case over."""

    who: Party


@dataclass(frozen=True, slots=True)
class HandedOn:
    """An administrator gives the case to somebody who is on call, before its holder is removed."""

    former: str = field(repr=False)  # the holder's label
    whom: Party


@dataclass(frozen=True, slots=True)
class TieEnded:
    """The holder ends a request or a look, says no to somebody who typed the code, or somebody gives their look back."""

    by: str
    whose: str


@dataclass(frozen=True, slots=True)
class RoleChanged:
    """Somebody's role was changed."""

    who: str
    role: Role


@dataclass(frozen=True, slots=True)
class PersonLeft:
    """Somebody who does not hold the case was removed."""

    who: str


TieEvent = (
    ColleagueAsked
    | CodeMade
    | CodeEnded
    | CodeClaimed
    | ClaimConfirmed
    | RequestOpened
    | CaseRead
    | ViewSent
    | RequestDeclined
    | TakenOver
    | HandedOn
    | TieEnded
    | RoleChanged
    | PersonLeft
)


def changed(sharing: Sharing, event: TieEvent, now: datetime) -> Sharing | Refusal:
    """Return the sharing after an event, or why the event is refused. What is over by then has ended."""
    sharing = sharing.at(now)
    match event:
        case ColleagueAsked() | CodeMade() | CodeEnded() | CodeClaimed() | ClaimConfirmed():
            return _requested(sharing, event, now=now)
        case RequestOpened() | CaseRead() | ViewSent() | RequestDeclined() | TakenOver():
            return _answered(sharing, event, now=now)
        case HandedOn(former, whom):
            refusal = _refused_by_access(TieKind.ASKED_HAND, whom)
            if whom.person == sharing.holder.person:
                return Refusal.HAS_IT
            return _handed(sharing, whom, now=now, former=former) if refusal is None else refusal
        case TieEnded(by_person, whose):
            tie = sharing.of(whose)
            if by_person not in (whose, sharing.holder.person):
                return Refusal.NOT_HOLDER
            if tie is None or tie.kind in (TieKind.HOLDER, TieKind.RAISED):
                return Refusal.NOT_READING
            return sharing.with_tie(tie.before(now), whose)
        case RoleChanged(person, role):
            tie = sharing.of(person)
            return sharing.with_tie(tie.allowed(role, now), person) if tie is not None else sharing
        case PersonLeft(person):
            return sharing.with_tie(None, person)
    assert_never(event)


def _requested(
    sharing: Sharing, event: ColleagueAsked | CodeMade | CodeEnded | CodeClaimed | ClaimConfirmed, *, now: datetime
) -> Sharing | Refusal:
    """Return the sharing after somebody was asked, by name or by a code."""
    match event:
        case ColleagueAsked(kind, by, whom):
            refusal = _refused_asker(sharing, by) or _refused(sharing, kind, whom=whom)
            if refusal is not None:
                return refusal
            return _asking(sharing, kind, whom=whom, by_label=by.label, now=now)
        case CodeMade(kind, by, mark):
            if (refusal := _refused_asker(sharing, by)) is not None:
                return refusal
            kept = tuple(left for tie in sharing.ties if (left := tie.before(now) if tie.is_claimed else tie))
            sharing = replace(sharing, ties=kept)
            if len(_requests(sharing)) >= MOST_REQUESTS:
                return Refusal.TWO_REQUESTS
            return replace(sharing, code=OpenCode(mark, kind, now + CODE_LASTS, by.label))
        case CodeEnded(by_person):
            return replace(sharing, code=None) if by_person == sharing.holder.person else Refusal.NOT_HOLDER
        case CodeClaimed(who, mark):
            code = sharing.code
            if code is None or code.mark != mark:
                return Refusal.CODE_OVER
            if (refusal := _refused(sharing, code.kind, whom=who)) is not None:
                return refusal
            asking = _asking(sharing, code.kind, whom=who, by_label=code.by_label, now=now)
            tie = asking.of(who.person)
            assert tie is not None
            return replace(asking.with_tie(replace(tie, is_claimed=True, until=code.until), who.person), code=None)
        case ClaimConfirmed(by_person, who):
            tie = sharing.of(who.person)
            if by_person != sharing.holder.person:
                return Refusal.NOT_HOLDER
            if tie is None or not tie.is_claimed:
                return Refusal.NOT_ASKED
            if (refusal := _refused_by_access(tie.kind, who)) is not None:
                return refusal
            return sharing.with_tie(replace(tie, is_claimed=False, since=now, until=now + REQUEST_LASTS), who.person)
    assert_never(event)


def _answered(
    sharing: Sharing, event: RequestOpened | CaseRead | ViewSent | RequestDeclined | TakenOver, *, now: datetime
) -> Sharing | Refusal:
    """Return the sharing after somebody who is asked, or who reads, did something."""
    match event:
        case RequestOpened(who):
            tie = _request(sharing, who.person)
            if tie is None:
                return Refusal.NOT_ASKED
            if (refusal := _refused_by_access(tie.kind, who)) is not None:
                return refusal
            if tie.kind is TieKind.ASKED_LOOK:
                tie = replace(tie, kind=TieKind.LOOK, since=now, until=now + LOOK_LASTS)
            return sharing.with_tie(replace(tie, opened=tie.opened or now), who.person)
        case CaseRead(who):
            tie = sharing.of(who.person)
            if tie is None or not tie.reads(now) or not who.is_admitted:
                return Refusal.NOT_READING
            if tie.is_read_lately(now):
                return sharing
            return sharing.with_tie(replace(tie, read=(*tie.read, now)[-MOST_READ:]), who.person)
        case ViewSent(who):
            tie = sharing.of(who.person)
            is_look = tie is not None and (tie.kind is TieKind.LOOK or _looks_meanwhile(tie, now))
            if tie is None or not is_look or not who.is_admitted or not ROWS[who.role].is_asked:
                return Refusal.NOT_READING
            return sharing.with_tie(replace(tie, answered=now), who.person)
        case RequestDeclined(person):
            tie = sharing.of(person)
            if tie is None or not tie.kind.is_request:
                return Refusal.NOT_ASKED
            return sharing.with_tie(tie.before(now), person)
        case TakenOver(who):
            tie = _request(sharing, who.person)
            if tie is None or tie.kind is not TieKind.ASKED_HAND:
                return Refusal.NOT_ASKED
            refusal = _refused_by_access(tie.kind, who)
            return _handed(sharing, who, now=now, former=tie.by_label) if refusal is None else refusal
    assert_never(event)


def _refused_asker(sharing: Sharing, by: Party) -> Refusal | None:
    if by.person != sharing.holder.person:
        return Refusal.NOT_HOLDER
    if not ROWS[by.role].asks:
        return Refusal.ROLE
    return Refusal.ASKED_OFTEN if by.asked >= MOST_ASKED else None


def _refused(sharing: Sharing, kind: TieKind, *, whom: Party) -> Refusal | None:
    """Return why this person cannot be asked, or None. The sharing has only what is not over."""
    tie = sharing.of(whom.person)
    if whom.is_own or whom.person == sharing.holder.person:
        return Refusal.OWN
    if (refusal := _refused_by_access(kind, whom)) is not None:
        return refusal
    if tie is not None and (tie.kind.is_request or kind is TieKind.ASKED_LOOK):
        return Refusal.HAS_IT
    if len(_requests(sharing)) >= MOST_REQUESTS:
        return Refusal.TWO_REQUESTS
    looks = [tie for tie in sharing.ties if tie.kind in (TieKind.LOOK, TieKind.ASKED_LOOK)]
    return Refusal.THREE_LOOKS if kind is TieKind.ASKED_LOOK and len(looks) >= MOST_LOOKS else None


def _refused_by_access(kind: TieKind, whom: Party) -> Refusal | None:
    row = ROWS[whom.role]
    if not whom.is_admitted:
        return Refusal.NOT_ADMITTED
    if whom.is_away:
        return Refusal.AWAY
    if not (row.takes_over if kind is TieKind.ASKED_HAND else row.is_asked):
        return Refusal.ROLE
    return Refusal.HOLDS_EIGHT if kind is TieKind.ASKED_HAND and whom.holds >= MOST_HELD else None


def _requests(sharing: Sharing) -> list[Tie]:
    return [tie for tie in sharing.ties if tie.kind.is_request]


def _request(sharing: Sharing, person: str) -> Tie | None:
    """Return the request to this person that may be answered, or None."""
    tie = sharing.of(person)
    return tie if tie is not None and tie.kind.is_request and not tie.is_claimed else None


def _looks_meanwhile(tie: Tie, now: datetime) -> bool:
    return tie.returns is not None and tie.returns.kind is TieKind.LOOK and tie.returns.is_alive(now)


def _asking(sharing: Sharing, kind: TieKind, *, whom: Party, by_label: str, now: datetime) -> Sharing:
    before, holder = sharing.of(whom.person), sharing.holder
    tie = Tie(whom.person, holder.case, kind, now, now + REQUEST_LASTS, holder.person, returns=before)
    tie = replace(tie, label=whom.label, by_label=by_label, role=str(whom.role))
    return sharing.with_tie(tie, whom.person)


def _handed(sharing: Sharing, whom: Party, *, former: str, now: datetime) -> Sharing:
    """Return the sharing in which `whom` holds the case. All requests end, and who held it goes on reading."""
    before, case = sharing.holder.person, sharing.holder.case
    is_raiser = before == sharing.raised_by
    reading = TieKind.RAISED if is_raiser else TieKind.LOOK
    kept = [tie.before(now) if tie.kind.is_request else tie for tie in sharing.ties]
    others = tuple(tie for tie in kept if tie is not None and tie.person not in (before, whom.person))
    after = Tie(before, case, reading, now, None if is_raiser else now + LOOK_LASTS, by=whom.person)
    holder = Tie(whom.person, case, TieKind.HOLDER, now, by=before, label=whom.label, by_label=former)
    after = replace(after, label=former, by_label=whom.label, role=sharing.holder.role)
    holder = replace(holder, role=str(whom.role))
    return Sharing(sharing.raised_by, (*others, after, holder))
