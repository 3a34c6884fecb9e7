"""What a pack makes of many cases: the share of each lead and of each disposition, and what stands on their cards at two hours.

Figures are shares of the cases that it is given. It refuses to say whether they are right: that is a safeguarding lead's to say.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.runtime.clock import LONDON, local_time
from dialogs.core.script import Script
from dialogs.result.actions import CaseLine, card_lines
from seraf.advice.action_plan import CardLine, Urgency
from seraf.advice.guidance import Step
from seraf.calibration.sorting import OF_URGENCY, Disposition, first_lead
from seraf.case_view import CaseView
from seraf.form.circumstances import Facts
from seraf.form.instrument import Instrument
from seraf.form.responses import Case
from seraf.form.vocabulary import Age
from seraf.pack import Pack

HOURS = {
    "offices open": local_time(datetime(2026, 3, 3, 14, 10, tzinfo=LONDON)),
    "offices closed": local_time(datetime(2026, 3, 5, 23, 15, tzinfo=LONDON)),
}
"""The two hours at which cards are looked at: a Tuesday afternoon, and a Thursday night."""

DISPOSITIONS = {
    Disposition.CALL: "call or 999",
    Disposition.HOUR: "talk within the hour",
    Disposition.TODAY: "talk today",
    Disposition.PLAN: "plan",
}

FIRST_LINES = {
    CardLine.EMERGENCY: "999, or act at once",
    CardLine.CARE: "social care",
    CardLine.MANAGER: "manager or lead",
    CardLine.POLICE: "police",
    CardLine.CHILD: "the child",
    CardLine.PARENTS: "parents",
    CardLine.NEXT: "social care, once it opens",
    CardLine.PLAN: "early help",
    CardLine.RECORD: "the record",
    CardLine.REVIEW: "the next SERAF",
}
"""What the first line of a card is about."""

ALL = "all cases"
QUIET = "the quiet group"
QUIET_ABOUT = "Category 1 or 2, no significant sign, nobody told, no judgement Yes, no danger"

ROLE = "role: "
LEAD = "lead"
FIRST_LINE = "first line"

NO_PARENTS, NO_PARENTS_MISSING = "“tell no parent”", "“tell no parent” while missing"
EARLY_HELP = "early help"
EARLY_HELP_ROWS = ("a line of the card", "a sentence of another line", "the further steps", "nowhere")
OF_EARLY_HELP = "safeh"
"""What the ids of rules begin with that name early help, in the shipped pack and in one that was begun from it."""

Counts = Mapping[str, Counter[str]]
"""By the name of a table, how many cases are in each of its rows."""


@dataclass(frozen=True, slots=True)
class Shares:
    """What a pack makes of so many cases, table by table."""

    cases: int
    tables: Counts

    def share(self, table: str, row: str) -> float:
        """The share of a row in its table, from 0 to 1; 0 where the table has no case."""
        return self.tables[table][row] / (self.tables[table].total() or 1) if table in self.tables else 0.0


def shares_of(script: Script, cases: Iterable[Case]) -> Shares:
    """Return the shares over these cases, as the pack of this script leads them."""
    tables: dict[str, Counter[str]] = {}
    count = 0
    for case in cases:
        count += 1
        for table, row in _rows(case, script):
            tables.setdefault(table, Counter())[row] += 1
    return Shares(count, tables)


@dataclass(frozen=True, slots=True)
class Grid:
    """A table of shares to be printed: what it is about, what its columns are, and its rows, the first cell of each being its name."""

    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


def grids(shares: Shares, after: Shares | None = None) -> tuple[Grid, ...]:
    """Return the tables of these shares; with those after a change, each cell has both."""
    both = (shares,) if after is None else (shares, after)
    return (
        Grid("How soon", ("", *DISPOSITIONS.values(), "of all"), tuple(_by_disposition(both))),
        Grid("Which lead stands first", ("", "of all"), tuple(_by_lead(both))),
        Grid("What stands on the card", ("", *HOURS), tuple(_by_hour(both))),
    )


def grid_lines(grid: Grid) -> Iterator[str]:
    """Yield a table as lines of plain text, its columns aligned."""
    widths = [max(len(row[at]) for row in (grid.columns, *grid.rows)) for at in range(len(grid.columns))]
    yield grid.title
    for name, *cells in (grid.columns, *grid.rows):
        aligned = (f"{cell:>{width}}" for cell, width in zip(cells, widths[1:], strict=True))
        yield f"  {name:<{widths[0]}}  {'  '.join(aligned)}".rstrip()


def _by_disposition(both: Sequence[Shares]) -> Iterator[tuple[str, ...]]:
    roles = sorted({table for each in both for table in each.tables if table.startswith(ROLE)})
    for table in (ALL, QUIET, *roles):
        of_all = [each.tables.get(table, Counter()).total() / (each.cases or 1) for each in both]
        yield (table, *(_cell(both, table, row) for row in DISPOSITIONS.values()), _percent(of_all))


def _by_lead(both: Sequence[Shares]) -> Iterator[tuple[str, ...]]:
    found = sum((each.tables.get(LEAD, Counter()) for each in reversed(both)), Counter[str]())
    for reason, _ in found.most_common():
        yield (reason, _cell(both, LEAD, reason))


def _by_hour(both: Sequence[Shares]) -> Iterator[tuple[str, ...]]:
    """What the first line is about, then whether parents are not to be told, then where early help is named."""
    for line in FIRST_LINES.values():
        if any(each.share(f"{FIRST_LINE}, {hour}", line) for each in both for hour in HOURS):
            yield _at_hours(both, f"first line: {line}", table=FIRST_LINE, row=line)
    for table in (NO_PARENTS, NO_PARENTS_MISSING):
        yield _at_hours(both, table, table=table, row="yes")
    for row in EARLY_HELP_ROWS:
        yield _at_hours(both, f"child in Category 2 without evidence, early help: {row}", table=EARLY_HELP, row=row)


def _at_hours(both: Sequence[Shares], name: str, *, table: str, row: str) -> tuple[str, ...]:
    return (name, *(_cell(both, f"{table}, {hour}", row) for hour in HOURS))


def _cell(both: Sequence[Shares], table: str, row: str) -> str:
    """The share of a row, before and after where there are both; a dash where its table has no case."""
    if not any(table in each.tables for each in both):
        return "–"
    return _percent([each.share(table, row) for each in both])


def _percent(shares: Sequence[float]) -> str:
    return f"{' → '.join(f'{100 * share:.1f}' for share in shares)} %"


@dataclass(frozen=True, slots=True)
class AgainstOrder:
    """Cases as the pack and another order rank them: how many lead to a call in each, how many the pack puts lower, and higher."""

    cases: int
    calls: int
    calls_by_order: int
    lower: tuple[Case, ...]
    higher: int


def against(pack: Pack, cases: Iterable[Case], *, order: Callable[[Case], Urgency]) -> AgainstOrder:
    """Return how a pack's leads compare with another order of urgency, such as a reader's own of the guidance."""
    pairs = [(case, first_lead(pack, case).urgency, order(case)) for case in cases]
    return AgainstOrder(
        cases=len(pairs),
        calls=sum(here >= Urgency.CALL for _, here, _ in pairs),
        calls_by_order=sum(there >= Urgency.CALL for _, _, there in pairs),
        lower=tuple(case for case, here, there in pairs if here < there),
        higher=sum(here > there for _, here, there in pairs),
    )


def _rows(case: Case, script: Script) -> Iterator[tuple[str, str]]:
    """Yield the table and the row of everything that is counted of one case."""
    pack = script.pack
    facts = CaseView(pack.instrument, case).advice(pack.guidance).settled
    steps = CaseView(pack.instrument, case).advice(pack.guidance).steps
    lead = first_lead(pack, case)
    disposition = DISPOSITIONS[OF_URGENCY[lead.urgency]]
    yield ALL, disposition
    yield LEAD, lead.reason
    yield f"{ROLE}{case.answers.get('profession', 'not-known')}", disposition
    if is_quiet(facts, pack.instrument):
        yield QUIET, disposition
    for hour, now in HOURS.items():
        card = card_lines(case, script, now=now)
        yield f"{FIRST_LINE}, {hour}", FIRST_LINES[card[0].line] if card else "nothing"
        row = "yes" if _is_kept_from_parents(card) else "no"
        yield f"{NO_PARENTS}, {hour}", row
        if "yes" in facts.get("missing_now", ()) or "missing" in facts["danger"]:
            yield f"{NO_PARENTS_MISSING}, {hour}", row
        if "2" in facts["category"] and "no" in facts["evidence"] and case.age is not Age.FROM_18_TO_25:
            yield f"{EARLY_HELP}, {hour}", _early_help(card, steps, pack)


def is_quiet(facts: Facts, instrument: Instrument) -> bool:
    """Return whether nothing but the number and the short questions could make a case urgent."""
    is_low = not facts["category"].isdisjoint(map(str, instrument.manager_discussion.categories))
    has_sign = not facts["present"].isdisjoint(instrument.manager_discussion.present)
    is_named = "yes" in facts["told_or_seen"] or "yes" in facts["judgement"]
    in_danger = not facts["danger"].isdisjoint({"yes", "missing"}) or "danger" in facts.get("safe", ())
    return is_low and not has_sign and not is_named and not in_danger and "yes" not in facts.get("missing_now", ())


def _is_kept_from_parents(card: Sequence[CaseLine]) -> bool:
    """Whether a line forbids to tell the parents: it holds from now on, and so has no time."""
    return any(each.line is CardLine.PARENTS and each.planned.deadline.from_now for each in card)


def _early_help(card: Sequence[CaseLine], steps: Iterable[Step], pack: Pack) -> str:
    """Where early help is named: on a line of its own, in a sentence of another line, among the further steps, or nowhere."""
    actions = [each.planned.action for each in card]
    if any(each.id.startswith(OF_EARLY_HELP) for each in actions):
        return EARLY_HELP_ROWS[0]
    folded = [each.folded for each in pack.guidance.plan.actions if each.id.startswith(OF_EARLY_HELP) and each.folded]
    if any(text in each.planned.details for each in card for text in folded):
        return EARLY_HELP_ROWS[1]
    is_step = any(each.id.startswith(OF_EARLY_HELP) for each in steps)
    return EARLY_HELP_ROWS[2] if is_step else EARLY_HELP_ROWS[3]
