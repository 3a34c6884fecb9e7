"""Checks that a pack acts on what others raise a case to: each height leads, and has a line, for everybody at any hour."""

from collections.abc import Iterator
from dataclasses import replace
from typing import assert_never

from seraf.advice.action_plan import CardLine, Deadline, Hour, Planned, Urgency, urgency_of
from seraf.advice.guidance import Guidance
from seraf.case_view import CaseView
from seraf.form.circumstances import Facts
from seraf.form.instrument import Instrument
from seraf.form.responses import Case, Responses
from seraf.form.vocabulary import FACT_WORDS, FLOOR, HEIGHTS, REASONABLE, SECOND_VIEW, STILL_COUNTS, Age, Meaning
from seraf.pack import Pack
from seraf.reading.checks.idle import Fault

CALM = {"danger": "no", "told_or_seen": "no", "judgement": "no", "allocated": "no", "known": "no", "stage": "first"}
"""The answers of a case in which nothing else is urgent: whatever leads then is what others raised."""

RAISED = (
    *[(key, height, height) for key in (SECOND_VIEW, FLOOR) for height in HEIGHTS],
    (SECOND_VIEW, REASONABLE, "call"),
    (STILL_COUNTS, SECOND_VIEW, "manager"),
)
"""Each way in which others raise a case: a fact, its value, and the height to which it raises."""

HOURS = {
    Hour(is_open=True): "while the office is open",
    Hour(is_open=True, is_after_home_time=True): "after children went home",
    Hour(is_open=False): "while the office is closed",
}

WANTED = {
    Urgency.TODAY: "a line for the manager or social care that is due by the next working day",
    Urgency.MANAGER: "a line for the manager that is due within the hour",
    Urgency.CALL: "a line for social care that is due within half an hour",
    Urgency.EMERGENCY: "an emergency line that is due at once",
}


def raising_faults(pack: Pack) -> Iterator[Fault]:
    """Yield a fault for each height that does not lead once others raise a case to it, or that has no line for someone."""
    # Details change no line, and are most of what a card costs.
    guidance = replace(pack.guidance, plan=replace(pack.guidance.plan, details=()))
    calm = tuple(_calm_facts(pack.instrument))
    for key, word, height in RAISED:
        yield from _first_fault(calm, guidance, raised=(key, word), height=urgency_of(height))


def _first_fault(
    calm: tuple[tuple[Age, Facts], ...], guidance: Guidance, *, raised: tuple[str, str], height: Urgency
) -> Iterator[Fault]:
    key, word = raised
    for age, facts in calm:
        for profession in FACT_WORDS["profession"]:
            person = {**facts, "profession": frozenset({profession}), key: frozenset({word})}
            advice = guidance.advise(person)
            whom = f"`{key}` is {word!r} (profession {profession}, age {age}"
            if advice.leads[0].urgency < height:
                yield (
                    "guidance.toml.leads",
                    f"nothing leads with the urgency {height.word!r} where {whom}); write a lead",
                )
                return
            for hour, when in HOURS.items():
                if key != STILL_COUNTS and not any(_is_of(line, height) for line in advice.planned(hour=hour)):
                    what = f"{WANTED[height]} is missing where {whom}, {when}); name the `lead` in such an action"
                    yield "guidance.toml.actions", what
                    return


def _calm_facts(instrument: Instrument) -> Iterator[tuple[Age, Facts]]:
    absent = {
        item.id: option.id
        for item in instrument.items
        for option in item.section.options
        if option.means is Meaning.ABSENT
    }
    for age in Age:
        yield age, CaseView(instrument, Case(age, Responses.of(absent), CALM)).facts


def _is_of(line: Planned, height: Urgency) -> bool:
    """Return True if the line is what somebody has to do at this height, and is due soon enough."""
    kind, deadline = line.action.line, line.deadline
    match height:
        case Urgency.EMERGENCY:
            return kind is CardLine.EMERGENCY and deadline.is_at_once
        case Urgency.CALL:
            return kind is CardLine.CARE and _is_within(deadline, 30)
        case Urgency.MANAGER:
            return kind is CardLine.MANAGER and _is_within(deadline, 60)
        case Urgency.TODAY | Urgency.PLAN:
            is_late = deadline.working_days or deadline.months or deadline.from_now
            return kind in (CardLine.MANAGER, CardLine.CARE) and not is_late
    assert_never(height)


def _is_within(deadline: Deadline, minutes: int) -> bool:
    waits = deadline.at_close or deadline.opens or deadline.working_days or deadline.months or deadline.from_now
    return not waits and deadline.minutes <= minutes
