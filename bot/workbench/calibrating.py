"""What a pack makes of many cases, as shares, and a sheet of cases to be answered on paper. It does not say whether the pack is right."""

import textwrap
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from fractions import Fraction
from itertools import groupby

from bot.runtime.clock import LONDON, local_time
from dialogs.core.script import Script
from dialogs.core.session import fresh
from dialogs.result.actions import CaseLine, card_lines
from dialogs.summary.summarise import summarise
from dialogs.summary.summary import Fact, SummaryPart
from seraf.advice.action_plan import CardLine, Urgency
from seraf.advice.guidance import Step
from seraf.calibration.sorting import OF_URGENCY, Disposition, SortedCase, SortingResult, first_lead
from seraf.case_view import CaseView
from seraf.form.circumstances import Facts
from seraf.form.instrument import Instrument
from seraf.form.responses import NOTHING, Case, Responses
from seraf.form.vocabulary import NOT_KNOWN, Age
from seraf.pack import Pack
from seraf.rehearsal.agreement import Coefficient, Estimate

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
        """Return the share of a row in its table, from 0 to 1; 0 where the table has no case."""
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
    """Yield what the first line is about, then whether parents are not to be told, then where early help is named."""
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
    """Return the share of a row, before and after where there are both; a dash where its table has no case."""
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
    """Return True if a line forbids to tell the parents: it holds from now on, and so has no time."""
    return any(each.line is CardLine.PARENTS and each.planned.deadline.from_now for each in card)


def _early_help(card: Sequence[CaseLine], steps: Iterable[Step], pack: Pack) -> str:
    """Return where early help is named: on a line of its own, in a sentence of another line, among the further steps, or nowhere."""
    actions = [each.planned.action for each in card]
    if any(each.id.startswith(OF_EARLY_HELP) for each in actions):
        return EARLY_HELP_ROWS[0]
    folded = [each.wording.folded for each in pack.guidance.plan.actions if each.id.startswith(OF_EARLY_HELP)]
    if any(text in each.planned.details for each in card for text in folded if text):
        return EARLY_HELP_ROWS[1]
    is_step = any(each.id.startswith(OF_EARLY_HELP) for each in steps)
    return EARLY_HELP_ROWS[2] if is_step else EARLY_HELP_ROWS[3]


WIDTH = 76
"""Characters of a line, so that it fits paper."""

HEADED = ("profession", "age")
"""Answers that stand in the heading of a case."""


def printed_sheet(script: Script, cases: Sequence[Case], *, code: str, is_assumed: bool) -> Iterator[str]:
    """Yield the lines of the sheet, to be printed."""
    say = script.wording.say
    sheet = say("calibrate.sheet", code=code)
    yield from (say("calibrate.title", count=len(cases)), sheet, "")
    about = ("assumed" if is_assumed else "own", "when", "how", *Disposition, "not-listed")
    for each in about:
        yield from _wrapped(say(f"calibrate.{each}"), first="")
    for number, case in enumerate(cases, 1):
        yield ""
        yield from _case_lines(script, case, number=number)
        yield f"  {say('calibrate.circle')}"
    yield ""
    yield from _wrapped(say("calibrate.type"), first="", others="")
    yield from ("", sheet, say("calibrate.example"))


def _case_lines(script: Script, case: Case, *, number: int) -> Iterator[str]:
    """Yield a case in the words of the form: who has it, every answer that is not a plain No, and what is ticked or not known."""
    say = script.wording.say
    answers = Responses.of({**case.answers, "age": str(case.age)})
    begun = fresh(0, NOTHING)
    session = replace(begun, answers=replace(begun.answers, around=answers, items=case.responses))
    summary = summarise(session, script, now=HOURS["offices open"])
    facts = {each.id: each for each in summary.answers.facts}
    role, age = (_words(facts[each], answers) for each in HEADED)
    yield say("calibrate.case", number=number, role=role, age=age)
    for line in _fact_lines(script, facts.values(), answers):
        yield from _wrapped(line)
    ticked = [line for part in summary.answers.parts if (line := _ticked(script, part))]
    yield from (text for line in ticked or [say("calibrate.nothing")] for text in _wrapped(line))
    unknown = [line.label for part in summary.answers.parts for line in part.lines if line.response in ("", NOT_KNOWN)]
    if unknown:
        yield from _wrapped(say("calibrate.not-known", items="; ".join(unknown)))


def _fact_lines(script: Script, facts: Iterable[Fact], answers: Responses) -> Iterator[str]:
    """Yield every answer that is not a plain No: those with a short label together, and each whole question on its own line."""
    say, ticks = script.wording.say, {each.id for each in script.pack.guidance.circumstances if each.card}
    listed = [
        each
        for each in facts
        if each.id in answers and each.id not in HEADED and not (each.id in ticks and answers.get(each.id) == "no")
    ]
    for is_question, alike in groupby(listed, lambda fact: fact.label.endswith("?")):
        key = "calibrate.question" if is_question else "calibrate.fact"
        lines = [say(key, label=each.label, answer=_words(each, answers)) for each in alike]
        yield from lines if is_question else (" ".join(lines),)


def _words(fact: Fact, answers: Responses) -> str:
    """Return an answer in words; one for which there are none stands as it is, so that none is ever left out."""
    return fact.words if fact.answer else answers.get(fact.id) or ""


def _ticked(script: Script, part: SummaryPart) -> str:
    """Return what is ticked of a section, each with its window where it has one; empty if nothing is."""
    say = script.wording.say
    is_plain = sum(each.is_tick for each in part.choices) == 1
    items = [
        line.label
        if is_plain
        else say("calibrate.item", label=line.label, window=f"{line.answer[:1].lower()}{line.answer[1:]}")
        for line in part.lines
        if line.is_ticked
    ]
    return say("calibrate.items", title=part.title, items="; ".join(items)) if items else ""


def _wrapped(text: str, *, first: str = "  ", others: str = "    ") -> list[str]:
    return textwrap.wrap(text, WIDTH, initial_indent=first, subsequent_indent=others, break_on_hyphens=False)


def result_lines(found: SortingResult) -> Iterator[str]:
    """Yield what came of the answers: with the bot, between people, case by case where they differ, and which leads were disputed."""
    yield f"{found.people} people, {len(found.cases)} cases, {found.answers} answers."
    yield ""
    yield f"As soon as the bot: {_of(found.same, found.answers)}"
    yield f"The bot is sooner: {_of(found.sooner, found.answers)}"
    yield f"The bot is later: {_of(found.later, found.answers)}"
    yield ""
    yield f"Two people say the same: {_share(found.percent)}"
    yield f"Krippendorff's alpha: {_coefficient(found.numbers.alpha)}. Gwet's AC1: {_coefficient(found.numbers.ac1)}."
    yield from _differing("Most people would act sooner than the bot says:", found, lambda each: each.later)
    yield from _differing("Most people would act later than the bot says:", found, lambda each: each.sooner)
    yield ""
    yield "Leads that were disputed:"
    for each in found.disputed:
        yield f"  {each.lead.reason} (“{each.lead.title}”): {each.sooner} of {each.answers} answers later than the bot, {each.later} sooner"
    yield from () if found.disputed else ("  none",)


def _differing(title: str, found: SortingResult, differ: Callable[[SortedCase], int]) -> Iterator[str]:
    """Yield the cases of which more than half of the people differ from the bot in one direction."""
    cases = [each for each in found.cases if 2 * differ(each) > len(each.said)]
    yield from ("", title)
    yield from map(_case_line, cases)
    yield from () if cases else ("  no case",)


def _case_line(case: SortedCase) -> str:
    said = ", ".join(case.said)
    return f"  {case.number}: the bot says {DISPOSITIONS[case.bot]} (“{case.lead.title}”); people said {said}"


def _of(count: int, whole: int) -> str:
    return f"{count} of {whole} answers ({_share(Fraction(count, whole))})" if whole else "no answer"


def _share(share: Fraction | None) -> str:
    return "no case was answered by two people" if share is None else f"{round(100 * share)} %"


def _coefficient(number: Coefficient) -> str:
    if not isinstance(number, Estimate):
        return f"none ({number.why.value.replace('-', ' ')})"
    around = number.interval
    return f"{float(number.value):.2f}" + (f" ({float(around.low):.2f} to {float(around.high):.2f})" if around else "")
