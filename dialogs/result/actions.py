"""The actions of a case's action card, when each is due, and whom to call. A due time never changes to a later one."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from typing import NamedTuple, assert_never

from dialogs.core.script import Script
from dialogs.core.session import Result, Session, is_of_an_adult
from dialogs.phrases.earlier import reviewed
from dialogs.phrases.number import in_words
from dialogs.phrases.whom_to_call import OWN
from seraf.advice.action_log import REFERRED, Logged, is_closed, last_of
from seraf.advice.action_plan import LINES, PLACES, CardLine, Planned, first_lines
from seraf.advice.contacts import ELSEWHERE, EMERGENCY, Contact, LocalTime
from seraf.advice.guidance import OF_THE_NUMBER, Lead
from seraf.case_view import CaseView
from seraf.form.responses import Case, Responses
from seraf.form.vocabulary import DECIDER


class CaseLine(NamedTuple):
    """An action on the card: its number (from 1), its kind (`line`), what is planned, its local due time, whether it is closed."""

    number: int
    line: CardLine
    planned: Planned
    due: datetime
    is_closed: bool

    def is_late(self, now: LocalTime) -> bool:
        """Return True if the action is open and its due time is past. One that applies from now on is never late."""
        return not self.is_closed and not self.planned.deadline.from_now and now.is_past(self.due)


def lead_of(view: CaseView, script: Script) -> Lead:
    """Return the most urgent advice for a case. `view` is what `reviewed` returned for it."""
    return view.advice(script.pack.guidance).leads[0]


def lines_of(session: Session, script: Script, *, now: LocalTime) -> tuple[CaseLine, ...]:
    """Return the actions of the card: open ones first, of these 999 and the calls first, and the rest by due time."""
    view, result = reviewed(session, script, now=now), session.result
    return view.once(
        "lines",
        lambda: _lines_of(view, script, now=now, result=result),
        by=(script.pack.guidance, script.pack.contacts, now, result.due, result.log, result.owed),
    )


def without_number(line: CaseLine, session: Session, script: Script, *, now: LocalTime) -> CaseLine:
    """Return an action as it may be shown. Before the judgement, nothing in it may depend on the points."""
    if session.is_judged:
        return line
    guidance = script.pack.guidance
    facts = {key: words for key, words in reviewed(session, script, now=now).facts.items() if key not in OF_THE_NUMBER}
    planned = guidance.advise(facts).planned(hour=guidance.hour(now, script.pack.contacts))
    same = next((each for each in planned if each.action.line is line.line), line.planned._replace(details=()))
    return line._replace(planned=line.planned._replace(action=same.action, details=same.details))


def card_lines(case: Case, script: Script, *, now: LocalTime) -> tuple[CaseLine, ...]:
    """Return the actions of a case that has no conversation, as its card would show them before anything was logged."""
    answers = {**case.answers, "age": str(case.age)}  # in a conversation the age is one of the answers
    view = CaseView(script.pack.instrument, replace(case, answers=answers))
    return _lines_of(view, script, now=now, result=Result())


def _lines_of(view: CaseView, script: Script, *, now: LocalTime, result: Result) -> tuple[CaseLine, ...]:
    guidance, contacts = script.pack.guidance, script.pack.contacts
    said, log = result.due, result.log
    advice, hour = view.advice(guidance), guidance.hour(now, contacts)
    planned = advice.planned(hour=hour)
    # The hour changes nothing in the other lines, so what is due there is planned already.
    changing = guidance.plan.by_hours.difference([each.action.line for each in planned])
    owed = tuple([line for line in LINES if line in changing and line in said and not is_closed(log, line)])
    brought = tuple([call for call in result.owed.calls if not is_closed(log, CardLine(call.line))])
    planned = advice.planned(hour=hour, owed=owed, brought=brought) if owed or brought else planned
    is_referred = (last := last_of(log, CardLine.CARE)) is not None and last.what == REFERRED
    by_line = {each.action.line: each.once_referred() if is_referred else each for each in planned}
    hours = contacts["art"].hours
    before = {call.line: call.due for call in brought}
    due = {
        line: datetime.fromisoformat(kept)
        if (kept := said.get(line) or before.get(line))
        else each.deadline.due(now, hours)
        for line, each in by_line.items()
    }
    first = first_lines(advice.leads[0].urgency, is_adult=is_of_an_adult(view.case.answers))
    ordered = sorted(by_line, key=lambda line: (is_closed(log, line), *_place(line, due, first=first)))
    numbered = enumerate(ordered, 1)
    return tuple([CaseLine(at, line, by_line[line], due[line], is_closed(log, line)) for at, line in numbered])


def _place(line: CardLine, due: Mapping[CardLine, datetime], *, first: Sequence[CardLine]) -> tuple[int, datetime, int]:
    is_late = line is CardLine.CHILD and CardLine.CARE in due and due[line] > due[CardLine.CARE]
    place = first.index(line) if line in first and not is_late else len(first)
    return (place, due[line], PLACES[line])


def line_of(line: str, session: Session, *, script: Script, now: LocalTime) -> CaseLine | None:
    """Return the action of this kind, or None if the card has none now."""
    return next((each for each in lines_of(session, script, now=now) if each.line == line), None)


def with_due(
    session: Session, script: Script, *, now: LocalTime, finished: str = "", only: Sequence[CardLine] = LINES
) -> Session:
    """Return the session with the time by which each action is due, counted from now but never later than before.

    `finished` is today (ISO 8601) if the judgement is given now. Only the kinds of action in `only` get a time.
    """
    times, hours = dict(session.result.due), script.pack.contacts["art"].hours
    guidance = script.pack.guidance
    advice = reviewed(session, script, now=now).advice(guidance)
    for each in advice.planned(hour=guidance.hour(now, script.pack.contacts)):
        if each.action.line not in only:
            continue
        soon, line = each.deadline.due(now, hours), str(each.action.line)
        said = times.get(line)
        times[line] = min(soon, datetime.fromisoformat(said)).isoformat() if said else soon.isoformat()
    return session.dated(Responses.of(times), finished or session.result.finished)


MIDNIGHT = time()  # midnight, shown as the end of the day before, as people understand it
MORNING, NIGHT = time(4), timedelta(hours=12)
WEEK = timedelta(days=7)
WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


def due_words(line: CaseLine, now: LocalTime, *, script: Script) -> str:
    """Return when an action is due, in words: a time, a day, at once, or from now on."""
    if line.planned.deadline.from_now:
        return script.wording.say("by.from-now")
    if line.planned.deadline.is_at_once:
        return script.wording.say("by.at-once")
    by = by_words(line.due, now, script=script)
    if line.is_late(now):
        return script.wording.say("by.late", by=by)
    return script.wording.say("by.before-leaving", by=by) if line.planned.deadline.before else by


def by_words(due: datetime, now: LocalTime, *, script: Script) -> str:
    """Return “by” and a time in words."""
    say, due = script.wording.say, due.astimezone(now.at.tzinfo)
    day, today = due.date(), now.today
    if due.time() == MIDNIGHT:
        evening = day - timedelta(days=1)
        near = today in (evening, day)
        return say("by.midnight") if near else say("by.midnight-of", day=WEEKDAYS[evening.weekday()])
    if day == today:
        return say("by.time", time=_minutes(due))
    if script.channel.draws_pages and due - now.at < NIGHT and due.time() < MORNING:
        return say("by.tonight", time=_minutes(due))  # a weekday twenty minutes away would be taken for one far off
    if today < day and day - today < WEEK:  # a weekday of the past would be taken for the next
        return say("by.day", day=WEEKDAYS[day.weekday()], time=_minutes(due))
    return say("by.date", date=in_words(day) if day.year != today.year else f"{day.day} {day:%b}")


def clock(at: datetime, now: LocalTime) -> str:
    """Return a time in words, in the board's time zone, with its day unless that is today."""
    at = at.astimezone(now.at.tzinfo)
    return _minutes(at) if at.date() == now.today else f"{WEEKDAYS[at.weekday()]} {at.day} {at:%b}, {_minutes(at)}"


def _minutes(at: datetime) -> str:
    return at.time().isoformat("minutes")


# Callees whose number is in the person's own records, besides the team that the action names (`OWN`).
THEM, MANAGER = "them", "manager"
TRIES = 2  # number of unanswered calls to one callee after which the next is to be rung (our choice)

# Older unanswered calls do not count: an office that was closed then may answer now (our choice).
FORGOTTEN = timedelta(hours=12)


@dataclass(frozen=True, slots=True)
class Callee:
    """An office or person to ring. `id` is that of a contact, `OWN`, `THEM` or `MANAGER`; `value` is the telephone number, if stored."""

    id: str
    name: str
    value: str = ""

    @property
    def words(self) -> str:
        """Return the name, and after it the telephone number if it is stored."""
        return f"{self.name} {self.value}".strip()


def callees(line: CaseLine, session: Session, *, script: Script, now: LocalTime) -> tuple[Callee, ...]:
    """Return who can be rung at this hour about an action, in the order in which to try. It is empty if the action is no call."""
    contacts, now = script.pack.contacts, ringing_time(line, script, now=now)
    if not line.planned.action.calls:
        return ()
    match line.line:
        case CardLine.EMERGENCY:
            return (_of(contacts[EMERGENCY]),)
        case CardLine.POLICE:
            return (_of(contacts.police),)
        case CardLine.CARE:
            answers, say = session.answers, script.wording.say
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
    """Return when the call is to be made: now, or, if it may wait until the office opens, when it is due."""
    waits = line.line is CardLine.CARE and line.planned.deadline.opens is not None and line.due > now.at
    return now.moved(line.due) if waits and not script.pack.contacts["art"].is_open(now) else now


def is_rung_now(line: CaseLine, script: Script, *, now: LocalTime) -> bool:
    """Return True if the action is a call to social care that has to be made now, before the office opens if it is closed."""
    return line.line is CardLine.CARE and ringing_time(line, script, now=now) is now


def to_ring(order: tuple[Callee, ...], taps: tuple[Logged, ...], *, now: LocalTime) -> Callee | None:
    """Return whom to ring now: the first with fewer than `TRIES` recent unanswered calls, or else the last, or None if there are none."""
    return next((each for each in order if tried(each.id, taps, now=now) < TRIES), order[-1] if order else None)


def then_ring(order: tuple[Callee, ...], first: Callee, *, taps: tuple[Logged, ...], now: LocalTime) -> Callee | None:
    """Return whom to ring next if `first` does not answer, or None if nobody is left."""
    after = order[order.index(first) + 1 :]
    return next((each for each in after if tried(each.id, taps, now=now) < TRIES), None)


def tried(callee: str, taps: tuple[Logged, ...], *, now: LocalTime) -> int:
    """Return how many calls to the callee with this id were not answered in the last 12 hours."""
    return sum(each.what == "no-answer" and each.to == callee and now.at - each.time < FORGOTTEN for each in taps)


def called(said: Logged, line: CaseLine, *, script: Script) -> str:
    """Return the name of the office or person who was rung, or an empty text if the log does not have it."""
    if said.to == OWN:
        return line.planned.whom
    return next((each.name for each in script.pack.contacts.all if each.id == said.to), "")


def _of(contact: Contact) -> Callee:
    return Callee(contact.id, contact.name, contact.value)
