"""Whom a call of the action card is to, in the order in which to ring, and who is next once nobody answered."""

from dataclasses import dataclass
from datetime import timedelta
from typing import assert_never

from dialogs.core.script import Script
from dialogs.core.session import Session
from dialogs.result.actions import CaseLine
from seraf.advice.action_log import Logged
from seraf.advice.action_plan import CardLine
from seraf.advice.contacts import ELSEWHERE, EMERGENCY, Contact, LocalTime
from seraf.form.vocabulary import DECIDER

OWN, THEM, MANAGER = "own", "them", "manager"
"""Callees whose number stands in somebody's own records: the team or manager that a line names, others, and one's manager."""

TRIES = 2
"""Calls without an answer after which the next number is rung (ours)."""

FORGOTTEN = timedelta(hours=12)
"""After which a call that was not answered counts no more: a number that was shut then may answer now (ours)."""


@dataclass(frozen=True, slots=True)
class Callee:
    """Somebody to ring: `id` is that of a contact of the pack, or one of the words above; `value` is empty where it is not held."""

    id: str
    name: str
    value: str = ""

    @property
    def words(self) -> str:
        """The name, with the number where it is held."""
        return f"{self.name} {self.value}".strip()


def callees(line: CaseLine, session: Session, *, script: Script, now: LocalTime) -> tuple[Callee, ...]:
    """Whom a line means, the first to ring first, of those that can answer at this hour; none where it is no call."""
    contacts, now = script.pack.contacts, ringing_time(line, script, now=now)
    if not line.planned.action.calls:
        return ()
    match line.line:
        case CardLine.EMERGENCY:
            return (_of(contacts[EMERGENCY]),)
        case CardLine.POLICE:
            return (_of(contacts.police),)
        case CardLine.CARE:
            return _of_social_care(line, session, script=script, now=now)
        case CardLine.NEXT if session.answers.get("allocated") != "yes":
            return (_of(contacts["art"]),)
        case (
            CardLine.NEXT
            | CardLine.MANAGER
            | CardLine.PARENTS
            | CardLine.CHILD
            | CardLine.PLAN
            | CardLine.RECORD
            | CardLine.REVIEW
        ):
            return (Callee(OWN, line.planned.whom),)
    assert_never(line.line)


def ringing_time(line: CaseLine, script: Script, *, now: LocalTime) -> LocalTime:
    """When a call of social care is to be made: now, or where it may wait for the office to open, when it is due."""
    waits = line.line is CardLine.CARE and line.planned.deadline.opens is not None and line.due > now.at
    return now.moved(line.due) if waits and not script.pack.contacts["art"].is_open(now) else now


def is_rung_now(line: CaseLine, script: Script, *, now: LocalTime) -> bool:
    """Whether it is a call of social care that does not wait until an office opens."""
    return line.line is CardLine.CARE and ringing_time(line, script, now=now) is now


def to_ring(order: tuple[Callee, ...], taps: tuple[Logged, ...], *, now: LocalTime) -> Callee | None:
    """Who is rung now, after these taps at a line: the first that was not tried twice in vain lately; once all were, the last."""
    return next((each for each in order if tried(each, taps, now=now) < TRIES), order[-1] if order else None)


def then_ring(order: tuple[Callee, ...], first: Callee, *, taps: tuple[Logged, ...], now: LocalTime) -> Callee | None:
    """Who is rung after that one, if it does not answer either; None where there is nobody else."""
    after = order[order.index(first) + 1 :]
    return next((each for each in after if tried(each, taps, now=now) < TRIES), None)


def tried(callee: Callee, taps: tuple[Logged, ...], *, now: LocalTime) -> int:
    """How many calls to somebody were not answered lately."""
    return sum(each.what == "no-answer" and each.to == callee.id and now.at - each.time < FORGOTTEN for each in taps)


def called(said: Logged, line: CaseLine, *, script: Script) -> str:
    """Whom somebody said that they rang, by name; empty where no tap of that time says."""
    if said.to == OWN:
        return line.planned.whom
    return next((each.name for each in script.pack.contacts.all if each.id == said.to), "")


def _of_social_care(line: CaseLine, session: Session, *, script: Script, now: LocalTime) -> tuple[Callee, ...]:
    answers, contacts, say = session.answers, script.pack.contacts, script.wording.say
    answering = tuple(map(_of, contacts.answering(now)))
    is_open = contacts["art"].is_open(now)
    if answers.get("profession") == DECIDER:
        stands_in = (Callee(MANAGER, say("did.manager")),) if is_open else answering
        return (Callee(THEM, say("did.them")), *stands_in)
    if answers.get("profession") == "leaving-care" and answers.get("age") == "18-25":
        return (Callee(OWN, line.planned.whom), *answering)
    if answers.get("lives_elsewhere") == "yes":
        return (Callee(ELSEWHERE, line.planned.whom, contacts[ELSEWHERE].value), *answering)
    if answers.get("allocated") == "yes" and is_open:
        return (Callee(OWN, line.planned.whom), *answering)
    return answering


def _of(contact: Contact) -> Callee:
    return Callee(contact.id, contact.name, contact.value)
