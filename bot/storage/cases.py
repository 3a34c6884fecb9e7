"""A SERAF as the store has it: its head, its body, and the ties that say who may do what with it.

The head is what lists, terms and reminders need, and has no answer. The body has the answers; `demand_tie` stands before it is opened.
"""

import json
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, field, fields, replace
from datetime import datetime
from typing import Any, Protocol

from bot.runtime.clock import from_micros, to_micros
from dialogs.core.ties import OpenCode, Sharing, Tie, TieEvent, TieKind

MOST = 8  # the maximum number of SERAFs that a person holds at the same time


@dataclass(frozen=True, slots=True)
class CallReminder:
    """The reminder of a call for a case: when the call is due, when to remind next, and whether a reminder is shown (`is_said`).

    `unopened` is when to tell the holder that a colleague has not opened what they were asked.
    """

    due: datetime | None = None
    next: datetime | None = None
    is_said: bool = False
    unopened: datetime | None = None

    def seen(self) -> "CallReminder":
        """Return the reminder after its owner saw it. If no later reminder is planned, this is `NO_CALL`."""
        return self.without_call() if self.next is None else replace(self, is_said=False)

    def without_call(self) -> "CallReminder":
        """Return the reminder after the call was made: only that of what a colleague was asked is left."""
        return CallReminder(unopened=self.unopened)


NO_CALL = CallReminder()


@dataclass(frozen=True, slots=True)
class CaseLead:
    """What leads in a case: its urgency (0 before anything leads), and when the first open action is due, if one is."""

    urgency: int = 0
    by: datetime | None = None


NOTHING_LEADS = CaseLead()


@dataclass(frozen=True, slots=True)
class CaseProgress:
    """How far a case is: how often its answers were changed (`revision`), and how many items are answered."""

    revision: int = 0
    answered: int = 0


@dataclass(frozen=True, slots=True)
class CaseHead:
    """What is known of a case without its answers. No two cases of a person have the same reference.

    `number` tells apart cases of several people that have the same reference, which can be so in a store of an earlier
    release. `holder` and `raised_by` are ids of people, `phase` and `fingerprint` those of the session. `touched`
    is the holder's last act in the case, `finished` its first result; with `held` it is on hold. `together`: the holder marked it
    as belonging with others of theirs.
    """

    reference: str
    holder: str = field(repr=False)
    touched: datetime
    raised_by: str = field(default="", repr=False)
    fingerprint: str = ""
    phase: str = ""
    number: int = 1
    progress: CaseProgress = CaseProgress()
    lead: CaseLead = NOTHING_LEADS
    finished: datetime | None = None
    is_warned: bool = False
    held: bool = False
    call: CallReminder = NO_CALL
    together: bool = False

    def numbered(self, number: int) -> "CaseHead":
        """Return the head with this number."""
        return replace(self, number=number)


DEFAULTS = {item.name: item.default for item in fields(CaseHead)}


def write_head(head: CaseHead) -> bytes:
    """Return the head as JSON, to be sealed, without the values that equal their default."""
    values = {name: value for name in DEFAULTS if (value := getattr(head, name)) != DEFAULTS[name]}
    return json.dumps(values, default=_plain).encode()


def read_head(text: bytes) -> CaseHead:
    """Return the head that `write_head` wrote."""
    raw: dict[str, Any] = json.loads(text)
    for name in ("touched", "finished"):
        if name in raw:
            raw[name] = from_micros(raw[name])
    if "call" in raw:
        due, following, is_said, *unopened = raw["call"]
        raw["call"] = CallReminder(_moment(due), _moment(following), is_said, *map(_moment, unopened))
    if "progress" in raw:
        raw["progress"] = CaseProgress(*raw["progress"])
    if "lead" in raw:
        raw["lead"] = CaseLead(raw["lead"][0], _moment(raw["lead"][1]))
    return CaseHead(**raw)


def _plain(value: Any) -> object:
    if isinstance(value, CaseLead):
        return [value.urgency, value.by]
    if isinstance(value, CaseProgress):
        return [value.revision, value.answered]
    return to_micros(value) if isinstance(value, datetime) else _reminder(value)


def _reminder(call: CallReminder) -> list[object]:
    return [call.due, call.next, call.is_said, *([] if call.unopened is None else [call.unopened])]


def _moment(micros: int | None) -> datetime | None:
    return None if micros is None else from_micros(micros)


HOLDING = frozenset({TieKind.HOLDER})


@dataclass(frozen=True, slots=True)
class Held:
    """A case as its person may see it: its head, its body (None for somebody who is only asked), and their tie to it."""

    head: CaseHead
    body: str | None = field(repr=False)
    tie: Tie


class AnyTie(Protocol):
    """A tie as it was found, and, of the holder, the case's open code."""

    @property
    def tie(self) -> Tie: ...

    @property
    def code(self) -> OpenCode | None: ...


@dataclass(frozen=True, slots=True)
class Tied:
    """A case to which a person is tied: its head, its mark, and every tie to it.

    `body` returns its body for a tie of these kinds at a time, or raises `NotTied` if the person has none.
    """

    head: CaseHead
    mark: bytes = field(repr=False)
    found: tuple[AnyTie, ...] = field(repr=False)
    person: str = field(repr=False)
    body: Callable[[Collection[TieKind], datetime], str] = field(repr=False, compare=False)

    @property
    def sharing(self) -> Sharing:
        """Every tie to the case, and its open code."""
        return sharing_of(self.head, self.found)

    @property
    def tie(self) -> Tie:
        """The person's own tie."""
        return next(found.tie for found in self.found if found.tie.person == self.person)


def sharing_of(head: CaseHead, ties: Sequence[AnyTie]) -> Sharing:
    """Return every tie to the case with this head, and its open code."""
    code = next((found.code for found in ties if found.code is not None), None)
    return Sharing(head.raised_by, tuple([found.tie for found in ties]), code)


@dataclass(frozen=True, slots=True)
class Retied:
    """What happened to the ties of a case, by its mark. The store demands again that it is allowed, before any other write.

    If a code was made, `code` is that code.
    """

    mark: bytes = field(repr=False)
    event: TieEvent
    code: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class ViewAdded:
    """How somebody who looks at a case sees it: the body with their view, and what then leads, by when.

    The store demands that they look at it, that its answers are still those of this revision, and that nothing but a view,
    and what follows from it, was added.
    """

    mark: bytes = field(repr=False)
    person: str = field(repr=False)
    body: str = field(repr=False)
    revision: int
    lead: int
    lead_by: datetime | None


@dataclass(frozen=True, slots=True)
class WrongCode:
    """A person typed a code of a colleague that is not good. After five within a day, codes are closed to them for a day."""

    person: str = field(repr=False)


def write_tie(tie: Tie, code: OpenCode | None = None) -> list[object]:
    """Return what the seal of a tie has besides its columns, as values of JSON. The tie of the holder has the case's open code."""
    values: list[object] = [tie.person, to_micros(tie.since), tie.by, tie.is_claimed]
    returns = tie.returns
    more: list[object] = [
        None if tie.opened is None else to_micros(tie.opened),
        None if returns is None else [str(returns.kind), _micros(returns.until), *write_tie(returns)],
        None if code is None else [code.mark.hex(), str(code.kind), to_micros(code.until), code.by_label],
        tie.label,
        tie.by_label,
        [to_micros(at) for at in tie.read],
        _micros(tie.answered),
        tie.role,
    ]
    return [*values, *(more if any(more) else [])]


def read_tie(
    case: bytes, kind: TieKind, *, until: datetime | None, values: Sequence[Any]
) -> tuple[Tie, OpenCode | None]:
    """Return the tie that `write_tie` wrote, and the code that it had with it."""
    person, since, by, is_claimed, *more = values
    opened, returns, code, label, by_label, read, answered, role = more or (None, None, None, "", "", (), None, "")
    before = None
    if returns is not None:
        word, end, *rest = returns
        before = read_tie(case, TieKind(word), until=_moment(end), values=rest)[0]
    labels, times = (label, by_label), tuple(from_micros(at) for at in read)
    tie = Tie(person, case, kind, from_micros(since), until, by, is_claimed, _moment(opened), before, *labels, times)
    tie = replace(tie, answered=_moment(answered), role=role)
    if code is None:
        return tie, None
    mark, asks, ends, maker = code
    return tie, OpenCode(bytes.fromhex(mark), TieKind(asks), from_micros(ends), maker)


def _micros(time: datetime | None) -> int | None:
    return None if time is None else to_micros(time)


class NotTied(ValueError):
    """Raised if a person has no tie to a case that allows what is asked. Its message names neither."""


def demand_tie(
    person: str, case: bytes, *, ties: Iterable[Tie], kinds: Collection[TieKind], now: datetime | None
) -> Tie:
    """Return the person's tie to the case, found among `ties`, if it is of one of these kinds. Raise `NotTied` otherwise.

    This stands before each body that is opened, and before each that is written. A tie with an end does not count from then
    on; without `now` it never counts.
    """
    for tie in ties:
        if (tie.person, tie.case) == (person, case) and tie.counts_as(kinds, now):
            return tie
    raise NotTied("this person may not do that with this case")
