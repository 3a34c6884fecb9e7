"""How soon people would act in given cases, compared with the bot's leads (reasons to act), and how far they agree.

No person is identified: each person is a column without a name.
"""

import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

from seraf.advice.action_plan import Urgency
from seraf.advice.guidance import Lead
from seraf.case_view import CaseView
from seraf.errors import RequestFault
from seraf.form.responses import Case
from seraf.pack import Pack
from seraf.rehearsal.agreement import Counts, ScaleNumbers, mean_agreement, scale_numbers


class Disposition(StrEnum):
    """How soon somebody has to act in a case, in people's opinion. The most urgent comes first."""

    CALL = "call"  # call now, or 999
    HOUR = "hour"  # talk within the hour
    TODAY = "today"  # talk today
    PLAN = "plan"  # plan, and review


ORDER = tuple(Disposition)

OF_URGENCY: Mapping[Urgency, Disposition] = {
    Urgency.EMERGENCY: Disposition.CALL,
    Urgency.CALL: Disposition.CALL,
    Urgency.MANAGER: Disposition.HOUR,
    Urgency.TODAY: Disposition.TODAY,
    Urgency.PLAN: Disposition.PLAN,
}
"""The disposition of each urgency. 999 and other calls are not distinguished: danger alone decides between them."""

NOT_GIVEN = "-"
"""The sign that is typed if a person gave no answer."""

WORDS: Mapping[str, Disposition | None] = {
    **{str(disposition): disposition for disposition in Disposition},
    "999": Disposition.CALL,
    NOT_GIVEN: None,
}
"""What can be typed as an answer, each with its disposition."""

SHEET = re.compile(r"sheet\s+(?P<code>(?P<seed>\d{1,9})-(?P<count>\d{1,4})-[0-9a-f]{8})", re.IGNORECASE)
"""Matches the first line of a file of answers: it has the code of the sheet (the list of cases to judge)."""

MOST = 1_000
"""The maximum number of cases on a sheet."""


def sheet_code(cases: Sequence[Case], *, seed: int) -> str:
    """Return the code of a sheet, a list of cases to judge. It changes with the cases, so that answers fit no other."""
    values = [[case.age, sorted(case.responses), sorted(case.answers.items())] for case in cases]
    digest = hashlib.sha256(json.dumps(values).encode()).hexdigest()[:8]
    return f"{seed}-{len(cases)}-{digest}"


@dataclass(frozen=True, slots=True)
class TypedAnswers:
    """Several people's answers to a sheet. For each case number, `said` has an answer per person, or None."""

    code: str
    seed: int
    count: int
    said: Mapping[int, tuple[Disposition | None, ...]]
    people: int


def read_answers(text: str) -> TypedAnswers:
    """Return the answers in a text: a `SHEET` line, then for each case a line with its number and one answer per person.

    Raise `RequestFault` with all faults and their line numbers.
    """
    lines = [(number, line.strip()) for number, line in enumerate(text.splitlines(), 1)]
    lines = [(number, line) for number, line in lines if line and not line.startswith("#")]
    head = SHEET.fullmatch(lines[0][1]) if lines else None
    if head is None:
        raise RequestFault(("line 1: begin with the code that the sheet has, such as: sheet 1-50-0a1b2c3d",))
    count, faults = int(head["count"]), list[str]()
    answers: dict[int, tuple[Disposition | None, ...]] = {}
    for number, line in lines[1:]:
        case, *words = re.split(r"[\s,;]+", line.strip(" ,;").lower())
        if not case.isdecimal() or not 1 <= int(case) <= count:
            faults.append(f"line {number}: begin with the number of a case, 1 to {count}")
        elif not words or any(word not in WORDS for word in words):
            faults.append(f"line {number}: write one of these for each person: {', '.join(WORDS)}")
        elif int(case) in answers:
            faults.append(f"line {number}: case {int(case)} stands twice")
        else:
            answers[int(case)] = tuple(WORDS[word] for word in words)
    people = max(map(len, answers.values()), default=0)
    uneven = [number for number, given in answers.items() if len(given) != people]
    faults.extend(f"case {number}: an answer is missing; type {NOT_GIVEN} where none was given" for number in uneven)
    if not answers and not faults:
        faults.append("there is no answer; type a case and a word on each line, such as: 1 today")
    if faults:
        raise RequestFault(tuple(faults))
    return TypedAnswers(head["code"].lower(), int(head["seed"]), count, answers, people)


def all_answers(files: Sequence[TypedAnswers]) -> TypedAnswers:
    """Return the answers of several files as one, a column per person. Raise `RequestFault` if the sheets differ."""
    first = files[0]
    if others := sorted({file.code for file in files} - {first.code}):
        raise RequestFault((f"the answers are of different sheets: {', '.join((first.code, *others))}",))
    answers = {
        case: tuple(answer for file in files for answer in file.said.get(case, (None,) * file.people))
        for case in range(1, first.count + 1)
    }
    return TypedAnswers(first.code, first.seed, first.count, answers, sum(file.people for file in files))


@dataclass(frozen=True, slots=True)
class SortedCase:
    """A case of a sheet: its number, the bot's first lead, and the answers that people gave."""

    number: int
    lead: Lead
    said: tuple[Disposition, ...]

    @property
    def bot(self) -> Disposition:
        """The disposition of the bot's lead."""
        return OF_URGENCY[self.lead.urgency]

    @property
    def sooner(self) -> int:
        """The number of people who would act later than the bot says, so that the bot is sooner."""
        return sum(ORDER.index(self.bot) < ORDER.index(answer) for answer in self.said)

    @property
    def later(self) -> int:
        """The number of people who would act sooner than the bot says, so that the bot is later."""
        return sum(ORDER.index(self.bot) > ORDER.index(answer) for answer in self.said)

    @property
    def counts(self) -> Counts:
        """The number of people who gave each disposition, most urgent first."""
        return tuple(self.said.count(answer) for answer in ORDER)


@dataclass(frozen=True, slots=True)
class DisputedLead:
    """A lead with which some answers disagree: the number of answers, and for how many the bot is sooner or later."""

    lead: Lead
    answers: int
    sooner: int
    later: int


@dataclass(frozen=True, slots=True)
class SortingResult:
    """The result of a sheet. `percent` (None if no case has two answers) and `numbers` say how far people agree."""

    people: int
    answers: int
    sooner: int
    later: int
    cases: tuple[SortedCase, ...]
    percent: Fraction | None
    numbers: ScaleNumbers
    disputed: tuple[DisputedLead, ...]

    @property
    def same(self) -> int:
        """The number of answers that match the bot."""
        return self.answers - self.sooner - self.later


def sort_out(pack: Pack, cases: Sequence[Case], answers: TypedAnswers) -> SortingResult:
    """Return people's answers, compared with the bot's leads and with one another."""
    sorted_cases = tuple(
        SortedCase(number, first_lead(pack, case), tuple(word for word in answers.said.get(number, ()) if word))
        for number, case in enumerate(cases, 1)
    )
    counts = tuple(case.counts for case in sorted_cases)
    by_reason: dict[str, list[SortedCase]] = {}
    for case in sorted_cases:
        by_reason.setdefault(case.lead.reason, []).append(case)
    leads = [
        DisputedLead(
            lead=alike[0].lead,
            answers=sum(len(case.said) for case in alike),
            sooner=sum(case.sooner for case in alike),
            later=sum(case.later for case in alike),
        )
        for alike in by_reason.values()
    ]
    disputed = [lead for lead in leads if lead.sooner or lead.later]
    return SortingResult(
        people=answers.people,
        answers=sum(len(case.said) for case in sorted_cases),
        sooner=sum(case.sooner for case in sorted_cases),
        later=sum(case.later for case in sorted_cases),
        cases=sorted_cases,
        percent=mean_agreement(counts),
        numbers=scale_numbers(counts),
        disputed=tuple(sorted(disputed, key=lambda lead: -Fraction(lead.sooner + lead.later, lead.answers))),
    )


def first_lead(pack: Pack, case: Case) -> Lead:
    """Return the most urgent lead of a case."""
    return CaseView(pack.instrument, case).advice(pack.guidance).leads[0]
