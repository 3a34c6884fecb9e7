"""Cases scored by two packs: which of them another pack puts in another category, or meets with other words first."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from itertools import combinations

from seraf.errors import RequestFault
from seraf.form.instrument import Instrument
from seraf.form.responses import Case, Responses
from seraf.form.vocabulary import Age
from seraf.pack import Pack
from seraf.reading.form.request import read_request
from seraf.score.findings import find

Named = tuple[str, Case, Case]
"""What a case is called, and the case as each of two packs reads it."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a pack makes of a case: its total and category, and what stands first on the result."""

    total: int
    category: int
    lead: str
    title: str
    urgency: str

    @property
    def leads(self) -> tuple[str, str]:
        """Which lead stands first, and how urgent that is; its words may differ."""
        return self.lead, self.urgency


@dataclass(frozen=True, slots=True)
class Changed:
    """A case of which two packs do not say the same."""

    name: str
    before: Outcome
    after: Outcome

    def __str__(self) -> str:
        parts = []
        if self.before.category != self.after.category:
            totals = f"{self.before.total} to {self.after.total} points"
            parts.append(f"Category {self.before.category} becomes {self.after.category} ({totals})")
        if self.before.leads != self.after.leads:
            was, now = self.before, self.after
            parts.append(f"“{was.title}” ({was.urgency}) becomes “{now.title}” ({now.urgency})")
        return f"{self.name}: {'; '.join(parts)}"


def outcome(pack: Pack, case: Case, *, today: date) -> Outcome:
    """What a pack makes of a case."""
    found = find(pack.instrument, case, today=today)
    lead, *_ = pack.guidance.leads_for(found.facts)
    return Outcome(found.score.total, found.score.category, lead.id, lead.title, lead.urgency.word)


def changed_cases(cases: Iterable[Named], one: Pack, other: Pack, *, today: date) -> Iterator[Changed]:
    """The cases of which the second pack says another category, or another lead."""
    for name, before, after in cases:
        was, now = outcome(one, before, today=today), outcome(other, after, today=today)
        if (was.category, was.leads) != (now.category, now.leads):
            yield Changed(name, was, now)


def cases_in(content: bytes, one: Pack, other: Pack) -> Iterator[Named]:
    """The cases of a file with a request (JSON) a line. `RequestFault` where one of the packs cannot read a line."""
    for number, line in enumerate(content.splitlines(), 1):
        if not line.strip():
            continue
        try:
            yield f"line {number}", read_request(line, one), read_request(line, other)
        except RequestFault as fault:
            raise RequestFault(tuple(f"line {number}: {each}" for each in fault.faults)) from None


def every_case(one: Instrument, other: Instrument) -> Iterator[Named]:
    """Every case with one sign or two that both forms have, and the form filled in item by item, at each age of a child."""
    both = [item for item in one.items if item.id in other]
    ways = [
        (item.id, option.id)
        for item in both
        for option in item.section.options
        if option.is_present and option.id in {each.id for each in other.item(item.id).section.options}
    ]
    each_item = tuple((item.id, next(option for item_id, option in ways if item_id == item.id)) for item in both)
    runs = [each_item[:count] for count in range(len(each_item) + 1)]
    few = [*((each,) for each in ways), *(pair for pair in combinations(ways, 2) if pair[0][0] != pair[1][0])]
    for age in (Age.UNDER_13, Age.FROM_13_TO_15, Age.FROM_16_TO_17):
        for answers in (*runs, *few):
            case = Case(age, Responses.of(dict(answers)))
            yield f"{age}, {', '.join(' '.join(each) for each in answers) or 'nothing ticked'}", case, case
