"""The lines of a case's action card, with the time by which each is due. What was due once is never put off."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import NamedTuple

from dialogs.core.script import Script
from dialogs.core.session import Session
from dialogs.phrases.adults import is_of_an_adult
from dialogs.phrases.outstanding import reviewed
from seraf.advice.action_log import REFERRED, Logged, is_closed, last_of
from seraf.advice.action_plan import LINES, PLACES, CardLine, Planned, first_lines
from seraf.advice.contacts import LocalTime
from seraf.advice.guidance import Lead
from seraf.case_view import CaseView
from seraf.form.responses import NOTHING, Case, Responses


class CaseLine(NamedTuple):
    """A line of a case: its place on the card from 1, whose matter it is, what is planned, when it is due (local), and
    whether it is closed.
    """

    number: int
    line: CardLine
    planned: Planned
    due: datetime
    is_closed: bool

    def is_late(self, now: LocalTime) -> bool:
        """Whether it was due and is still open. What holds from now on is never late."""
        return not self.is_closed and not self.planned.deadline.from_now and now.is_past(self.due)


def lead_of(view: CaseView, script: Script) -> Lead:
    """What leads the result of a case, as `reviewed` gives it."""
    return view.advice(script.pack.guidance).leads[0]


def lines_of(session: Session, script: Script, *, now: LocalTime) -> tuple[CaseLine, ...]:
    """The lines: what is open first; of these 999 and whoever is to be called, the others by when they are due."""
    view = reviewed(session, script, now=now)
    return _lines_of(view, script, now=now, said=session.result.due, log=session.result.log)


def card_lines(case: Case, script: Script, *, now: LocalTime) -> tuple[CaseLine, ...]:
    """Return the same lines of a case without a conversation, as its card shows them before anything was done."""
    answers = {**case.answers, "age": str(case.age)}  # in a conversation the age is one of the answers
    view = CaseView(script.pack.instrument, replace(case, answers=answers))
    return _lines_of(view, script, now=now, said=NOTHING, log=())


def _lines_of(
    view: CaseView, script: Script, *, now: LocalTime, said: Responses, log: tuple[Logged, ...]
) -> tuple[CaseLine, ...]:
    guidance, contacts = script.pack.guidance, script.pack.contacts
    advice, hour = view.advice(guidance), guidance.hour(now, contacts)
    planned = advice.planned(hour=hour)
    # Of all other lines the hour changes nothing, so what is owed of them stands already.
    changing = guidance.plan.by_hours.difference([each.action.line for each in planned])
    owed = tuple([line for line in LINES if line in changing and line in said and not is_closed(log, line)])
    planned = advice.planned(hour=hour, owed=owed) if owed else planned
    is_referred = (last := last_of(log, CardLine.CARE)) is not None and last.what == REFERRED
    by_line = {each.action.line: each.once_referred() if is_referred else each for each in planned}
    hours = contacts["art"].hours
    due = {
        line: datetime.fromisoformat(time) if (time := said.get(line)) else each.deadline.due(now, hours)
        for line, each in by_line.items()
    }
    first = first_lines(advice.leads[0].urgency, is_adult=is_of_an_adult(view.case.answers))
    ordered = sorted(by_line, key=lambda line: (is_closed(log, line), *_place(line, due, first=first)))
    return tuple(
        [
            CaseLine(number, line, by_line[line], due[line], is_closed(log, line))
            for number, line in enumerate(ordered, 1)
        ]
    )


def _place(line: CardLine, due: Mapping[CardLine, datetime], *, first: Sequence[CardLine]) -> tuple[int, datetime, int]:
    """Those that stand first, in their order, but a person before social care only where they are asked no later."""
    is_late = line is CardLine.CHILD and CardLine.CARE in due and due[line] > due[CardLine.CARE]
    place = first.index(line) if line in first and not is_late else len(first)
    return (place, due[line], PLACES[line])


def line_of(line: str, session: Session, *, script: Script, now: LocalTime) -> CaseLine | None:
    """One line of the card; None where it is not on it any more."""
    return next((each for each in lines_of(session, script, now=now) if each.line == line), None)


def with_due(
    session: Session, script: Script, *, now: LocalTime, finished: str = "", only: Sequence[CardLine] = LINES
) -> Session:
    """The session with the time by which each line is due, as of now; what was due before is due no later.

    `finished` is today (ISO 8601) where the judgement is given now; `only` these lines are given a time.
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
