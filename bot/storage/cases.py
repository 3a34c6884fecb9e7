"""A SERAF as the store has it: its head, its body, and the ties that say who may do what with it.

The head is what lists, terms and reminders need, and has no answer. The body has the answers; `demand_tie` stands before it is opened.
"""

import json
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field, fields, replace
from datetime import datetime
from enum import StrEnum
from typing import Any

from bot.runtime.clock import from_micros, to_micros

MOST = 8  # the maximum number of SERAFs that a person holds at the same time


@dataclass(frozen=True, slots=True)
class CallReminder:
    """The reminder of a call for a case: when the call is due, when to remind next, and whether a reminder is shown (`is_said`)."""

    due: datetime | None = None
    next: datetime | None = None
    is_said: bool = False

    def seen(self) -> "CallReminder":
        """Return the reminder after its owner saw it. If no later reminder is planned, this is `NO_CALL`."""
        return NO_CALL if self.next is None else replace(self, is_said=False)


NO_CALL = CallReminder()


@dataclass(frozen=True, slots=True)
class CaseLead:
    """What leads in a case: its urgency (0 before anything leads), and when the first open action is due, if one is."""

    urgency: int = 0
    by: datetime | None = None


NOTHING_LEADS = CaseLead()


@dataclass(frozen=True, slots=True)
class CaseHead:
    """What is known of a case without its answers. No two cases of a person have the same reference.

    `number` tells apart cases of several people that have the same reference, which can be so in a store of an earlier
    release. `holder` and `raised_by` are ids of people, `phase` and `fingerprint` those of the session. `revision` counts
    the changes of its answers, of which `answered` are to items. `touched` is the holder's last act in the case,
    `finished` its first result; with `held` it is on hold.
    """

    reference: str
    holder: str = field(repr=False)
    touched: datetime
    raised_by: str = field(default="", repr=False)
    fingerprint: str = ""
    phase: str = ""
    number: int = 1
    revision: int = 0
    answered: int = 0
    lead: CaseLead = NOTHING_LEADS
    finished: datetime | None = None
    is_warned: bool = False
    held: bool = False
    call: CallReminder = NO_CALL

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
        due, following, is_said = raw["call"]
        raw["call"] = CallReminder(_moment(due), _moment(following), is_said)
    if "lead" in raw:
        raw["lead"] = CaseLead(raw["lead"][0], _moment(raw["lead"][1]))
    return CaseHead(**raw)


def _plain(value: Any) -> object:
    if isinstance(value, CaseLead):
        return [value.urgency, value.by]
    return to_micros(value) if isinstance(value, datetime) else [value.due, value.next, value.is_said]


def _moment(micros: int | None) -> datetime | None:
    return None if micros is None else from_micros(micros)


class TieKind(StrEnum):
    """What a person has to do with a case: they hold it, raised it, look at it, or are asked for a look or to take it over."""

    HOLDER = "holder"
    RAISED = "raised"
    LOOK = "look"
    ASKED_LOOK = "asked-look"
    ASKED_HAND = "asked-hand"


HOLDING = frozenset({TieKind.HOLDER})


@dataclass(frozen=True, slots=True)
class Tie:
    """The one tie of a person to a case, since and until when, and who made it. `is_claimed`: by a code that is not confirmed yet.

    `case` is the keyed hash by which the case is found.
    """

    person: str = field(repr=False)
    case: bytes = field(repr=False)
    kind: TieKind
    since: datetime
    until: datetime | None = None
    by: str = field(default="", repr=False)
    is_claimed: bool = False


@dataclass(frozen=True, slots=True)
class Held:
    """A case as its person may see it: its head, its body (None for somebody who is only asked), and their tie to it."""

    head: CaseHead
    body: str | None = field(repr=False)
    tie: Tie


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
        is_theirs = (tie.person, tie.case) == (person, case) and tie.kind in kinds and not tie.is_claimed
        if is_theirs and (tie.until is None or (now is not None and now < tie.until)):
            return tie
    raise NotTied("this person may not do that with this case")
