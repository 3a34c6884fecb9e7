"""How soon people would act in given cases, compared with what leads: where they agree, and where the bot is sooner or later.

It knows no person: whoever answered is a column of answers without a name.
"""

import hashlib
import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
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
    """How soon somebody has to act, as people sort cases: the most urgent first."""

    CALL = "call"
    """Call now, or 999."""
    HOUR = "hour"
    """Talk within the hour."""
    TODAY = "today"
    """Talk today."""
    PLAN = "plan"
    """Plan, and look again."""


ORDER = tuple(Disposition)
"""The most urgent first."""

OF_URGENCY: Mapping[Urgency, Disposition] = {
    Urgency.EMERGENCY: Disposition.CALL,
    Urgency.CALL: Disposition.CALL,
    Urgency.MANAGER: Disposition.HOUR,
    Urgency.TODAY: Disposition.TODAY,
    Urgency.PLAN: Disposition.PLAN,
}
"""999 and a call are one answer: which of the two it is hangs on danger alone, and nobody differs about that."""

NOT_GIVEN = "-"
"""What is typed where somebody gave no answer."""

WORDS: Mapping[str, Disposition | None] = {
    **{str(each): each for each in Disposition},
    "999": Disposition.CALL,
    NOT_GIVEN: None,
}
"""What may be typed."""

SHEET = re.compile(r"sheet\s+(?P<code>(?P<seed>\d{1,9})-(?P<count>\d{1,4})-[0-9a-f]{8})", re.IGNORECASE)
"""The first line of the answers: which cases they are of."""

MOST = 1_000
"""The most cases on a sheet."""


def sheet_code(cases: Sequence[Case], *, seed: int) -> str:
    """Return the code of a sheet with these cases, by which answers are known to be of them and of no others."""
    said = [[each.age, sorted(each.responses), sorted(each.answers.items())] for each in cases]
    digest = hashlib.sha256(json.dumps(said).encode()).hexdigest()[:8]
    return f"{seed}-{len(cases)}-{digest}"


@dataclass(frozen=True, slots=True)
class TypedAnswers:
    """What several people said of the cases of one sheet: by the number of a case, one answer a person; None where none was given."""

    code: str
    seed: int
    count: int
    said: Mapping[int, tuple[Disposition | None, ...]]
    people: int


def read_answers(text: str) -> TypedAnswers:
    """Read typed answers: the line with the code of the sheet, then on each line a case and one word a person.

    Raises `RequestFault` with every fault, each with the number of its line.
    """
    lines = [(number, line.strip()) for number, line in enumerate(text.splitlines(), 1)]
    lines = [(number, line) for number, line in lines if line and not line.startswith("#")]
    head = SHEET.fullmatch(lines[0][1]) if lines else None
    if head is None:
        raise RequestFault(("line 1: begin with the code that the sheet has, such as: sheet 1-50-0a1b2c3d",))
    count, faults = int(head["count"]), list[str]()
    said: dict[int, tuple[Disposition | None, ...]] = {}
    for number, line in lines[1:]:
        found = _answered(line, count)
        if isinstance(found, str):
            faults.append(f"line {number}: {found}")
        elif found[0] in said:
            faults.append(f"line {number}: case {found[0]} stands twice")
        else:
            said[found[0]] = found[1]
    people = max(map(len, said.values()), default=0)
    uneven = [case for case, answers in said.items() if len(answers) != people]
    faults.extend(f"case {case}: an answer is missing; type {NOT_GIVEN} where none was given" for case in uneven)
    if not said and not faults:
        faults.append("there is no answer; type a case and a word on each line, such as: 1 today")
    if faults:
        raise RequestFault(tuple(faults))
    return TypedAnswers(head["code"].lower(), int(head["seed"]), count, said, people)


def _answered(line: str, count: int) -> tuple[int, tuple[Disposition | None, ...]] | str:
    """The case of a line with its answers, or what is wrong with it."""
    case, *words = re.split(r"[\s,;]+", line.strip(" ,;").lower())
    if not case.isdecimal() or not 1 <= int(case) <= count:
        return f"begin with the number of a case, 1 to {count}"
    wrong = [word for word in words if word not in WORDS]
    if wrong or not words:
        return f"write one of these for each person: {', '.join(WORDS)}"
    return int(case), tuple(WORDS[word] for word in words)


def all_answers(files: Sequence[TypedAnswers]) -> TypedAnswers:
    """Return the answers of several files as one, with a column for each person. Raises `RequestFault` unless all are of one sheet."""
    first = files[0]
    if others := sorted({each.code for each in files} - {first.code}):
        raise RequestFault((f"the answers are of different sheets: {', '.join((first.code, *others))}",))
    said = {
        case: tuple(answer for each in files for answer in each.said.get(case, (None,) * each.people))
        for case in range(1, first.count + 1)
    }
    return TypedAnswers(first.code, first.seed, first.count, said, sum(each.people for each in files))


@dataclass(frozen=True, slots=True)
class SortedCase:
    """A case of a sheet: its number, what leads it in the bot, and what people said of it."""

    number: int
    lead: Lead
    said: tuple[Disposition, ...]

    @property
    def bot(self) -> Disposition:
        """How soon the bot says."""
        return OF_URGENCY[self.lead.urgency]

    @property
    def sooner(self) -> int:
        """How many people would act later than the bot says."""
        return sum(ORDER.index(self.bot) < ORDER.index(each) for each in self.said)

    @property
    def later(self) -> int:
        """How many people would act sooner than the bot says."""
        return sum(ORDER.index(self.bot) > ORDER.index(each) for each in self.said)

    @property
    def counts(self) -> Counts:
        """How many people said each, the most urgent first."""
        return tuple(self.said.count(each) for each in ORDER)


@dataclass(frozen=True, slots=True)
class DisputedLead:
    """A lead that somebody would not have followed: of how many answers the bot is sooner than people, or later."""

    lead: Lead
    answers: int
    sooner: int
    later: int


@dataclass(frozen=True, slots=True)
class SortingResult:
    """What came of a sheet. `percent` and `numbers` are between people; None where no case was answered by two."""

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
        """How many answers are as soon as the bot says."""
        return self.answers - self.sooner - self.later


def sort_out(pack: Pack, cases: Sequence[Case], answers: TypedAnswers) -> SortingResult:
    """Return how far people agree with the bot and with one another."""
    found = tuple(_sorted(pack, cases, answers))
    counts = tuple(each.counts for each in found)
    return SortingResult(
        people=answers.people,
        answers=sum(len(each.said) for each in found),
        sooner=sum(each.sooner for each in found),
        later=sum(each.later for each in found),
        cases=found,
        percent=mean_agreement(counts),
        numbers=scale_numbers(counts),
        disputed=tuple(_disputed(found)),
    )


def first_lead(pack: Pack, case: Case) -> Lead:
    """Return what leads a case."""
    return CaseView(pack.instrument, case).advice(pack.guidance).leads[0]


def _sorted(pack: Pack, cases: Sequence[Case], answers: TypedAnswers) -> Iterator[SortedCase]:
    for number, case in enumerate(cases, 1):
        said = tuple(each for each in answers.said.get(number, ()) if each is not None)
        yield SortedCase(number, first_lead(pack, case), said)


def _disputed(cases: Iterable[SortedCase]) -> Iterator[DisputedLead]:
    """Yield the leads at which somebody differs from the bot, those at which the most do first."""
    by_lead: dict[str, list[SortedCase]] = {}
    for each in cases:
        by_lead.setdefault(each.lead.reason, []).append(each)
    found = [
        DisputedLead(
            lead=alike[0].lead,
            answers=sum(len(each.said) for each in alike),
            sooner=sum(each.sooner for each in alike),
            later=sum(each.later for each in alike),
        )
        for alike in by_lead.values()
    ]
    differing = [each for each in found if each.sooner or each.later]
    yield from sorted(differing, key=lambda each: -Fraction(each.sooner + each.later, each.answers))
