"""How often a pack gives each piece of advice and each action over many cases, and how people's answers compare with that."""

import textwrap
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from fractions import Fraction
from itertools import groupby
from operator import attrgetter

from bot.runtime.clock import LONDON, local_time
from dialogs.core.script import Script
from dialogs.core.session import fresh
from dialogs.result.actions import card_lines
from dialogs.summary.summarise import summarise
from seraf.advice.action_plan import CardLine
from seraf.calibration.sorting import OF_URGENCY, Disposition, SortingResult, first_lead
from seraf.case_view import CaseView
from seraf.form.circumstances import Facts
from seraf.form.instrument import Instrument
from seraf.form.responses import NOTHING, Case, Responses
from seraf.form.vocabulary import NOT_KNOWN, Age
from seraf.rehearsal.agreement import Coefficient, Estimate

HOURS = {
    "offices open": local_time(datetime(2026, 3, 3, 14, 10, tzinfo=LONDON)),
    "offices closed": local_time(datetime(2026, 3, 5, 23, 15, tzinfo=LONDON)),
}
"""The two times for which the actions of cases are counted: a Tuesday afternoon and a Thursday night."""

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
"""The name that the tables use for each kind of action that can be the first on a card."""

ALL = "all cases"
QUIET = "the quiet group"
QUIET_ABOUT = "Category 1 or 2, no significant sign, nobody told, no judgement Yes, no danger"
ROLE = "role: "
LEAD = "lead"
FIRST_LINE = "first line"
NO_PARENTS, NO_PARENTS_MISSING = "“tell no parent”", "“tell no parent” while missing"
EARLY_HELP = "early help"
EARLY_HELP_ROWS = ("a line of the card", "a sentence of another line", "the further steps", "nowhere")
OF_EARLY_HELP = "safeh"  # prefix of the ids of rules about early help, in the shipped pack and packs begun from it
WIDTH = 76  # maximum number of characters of a printed line
HEADED = ("profession", "age")  # the answers that are in the heading of a case


@dataclass(frozen=True, slots=True)
class Shares:
    """How many cases were counted, and how many of them in each row of each table."""

    cases: int
    tables: Mapping[str, Counter[str]]

    def share(self, table: str, row: str) -> float:
        """Return a row's share of its table, from 0 to 1. If the table has no cases, it is 0."""
        return self.tables[table][row] / (self.tables[table].total() or 1) if table in self.tables else 0.0


def shares_of(script: Script, cases: Iterable[Case]) -> Shares:
    """Count the results that the script's pack gives for these cases."""
    count, tables = 0, dict[str, Counter[str]]()
    for case in cases:
        count += 1
        for table, row in _rows(case, script):
            tables.setdefault(table, Counter())[row] += 1
    return Shares(count, tables)


@dataclass(frozen=True, slots=True)
class Grid:
    """A table of shares as text: its title, its column headings, and its rows, which begin with their names."""

    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


def grids(shares: Shares, after: Shares | None = None) -> tuple[Grid, ...]:
    """Return the tables of these shares. With `after`, the shares after a change, each cell has both."""
    both = (shares,) if after is None else (shares, after)

    def percent(numbers: Iterable[float]) -> str:
        return f"{' → '.join(f'{100 * number:.1f}' for number in numbers)} %"

    def cell(table: str, row: str) -> str:
        """Return the share of this row, with that after the change if there is one, or a dash if its table has no cases."""
        return percent(one.share(table, row) for one in both) if any(table in one.tables for one in both) else "–"

    def at_hours(name: str, *, table: str, row: str) -> tuple[str, ...]:
        return (name, *(cell(f"{table}, {hour}", row) for hour in HOURS))

    roles = sorted({table for one in both for table in one.tables if table.startswith(ROLE)})
    how_soon = []
    for table in (ALL, QUIET, *roles):
        of_all = [one.tables.get(table, Counter()).total() / (one.cases or 1) for one in both]
        how_soon.append((table, *(cell(table, row) for row in DISPOSITIONS.values()), percent(of_all)))
    leads = sum((one.tables.get(LEAD, Counter()) for one in reversed(both)), Counter[str]())
    by_hour = [
        at_hours(f"first line: {line}", table=FIRST_LINE, row=line)
        for line in FIRST_LINES.values()
        if any(one.share(f"{FIRST_LINE}, {hour}", line) for one in both for hour in HOURS)
    ]
    by_hour += [at_hours(table, table=table, row="yes") for table in (NO_PARENTS, NO_PARENTS_MISSING)]
    about = "child in Category 2 without evidence, early help"
    by_hour += [at_hours(f"{about}: {row}", table=EARLY_HELP, row=row) for row in EARLY_HELP_ROWS]
    return (
        Grid("How soon", ("", *DISPOSITIONS.values(), "of all"), tuple(how_soon)),
        Grid(
            "Which lead stands first",
            ("", "of all"),
            tuple((lead, cell(LEAD, lead)) for lead, _ in leads.most_common()),
        ),
        Grid("What stands on the card", ("", *HOURS), tuple(by_hour)),
    )


def grid_lines(grid: Grid) -> Iterator[str]:
    """Yield the table as lines of text with aligned columns."""
    widths = [max(len(row[at]) for row in (grid.columns, *grid.rows)) for at in range(len(grid.columns))]
    yield grid.title
    for name, *cells in (grid.columns, *grid.rows):
        aligned = (f"{cell:>{width}}" for cell, width in zip(cells, widths[1:], strict=True))
        yield f"  {name:<{widths[0]}}  {'  '.join(aligned)}".rstrip()


def _rows(case: Case, script: Script) -> Iterator[tuple[str, str]]:
    pack = script.pack
    advice = CaseView(pack.instrument, case).advice(pack.guidance)
    facts = advice.settled
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
        # A line about parents that holds from now on, and so has no deadline, says not to tell them.
        is_forbidden = any(line.line is CardLine.PARENTS and line.planned.deadline.from_now for line in card)
        row = "yes" if is_forbidden else "no"
        yield f"{NO_PARENTS}, {hour}", row
        if "yes" in facts.get("missing_now", ()) or "missing" in facts["danger"]:
            yield f"{NO_PARENTS_MISSING}, {hour}", row
        if "2" in facts["category"] and "no" in facts["evidence"] and case.age is not Age.FROM_18_TO_25:
            actions = [action for action in pack.guidance.plan.actions if action.id.startswith(OF_EARLY_HELP)]
            folded = [action.wording.folded for action in actions if action.wording.folded]
            places = (
                any(line.planned.action.id.startswith(OF_EARLY_HELP) for line in card),
                any(sentence in line.planned.details for line in card for sentence in folded),
                any(step.id.startswith(OF_EARLY_HELP) for step in advice.steps),
                True,
            )
            yield f"{EARLY_HELP}, {hour}", EARLY_HELP_ROWS[places.index(True)]


def is_quiet(facts: Facts, instrument: Instrument) -> bool:
    """Return True if the case is in the quiet group, as `QUIET_ABOUT` describes it, and the child is not missing."""
    is_low = not facts["category"].isdisjoint(map(str, instrument.manager_discussion.categories))
    has_sign = not facts["present"].isdisjoint(instrument.manager_discussion.present)
    is_named = "yes" in facts["told_or_seen"] or "yes" in facts["judgement"]
    in_danger = not facts["danger"].isdisjoint({"yes", "missing"}) or "danger" in facts.get("safe", ())
    return is_low and not has_sign and not is_named and not in_danger and "yes" not in facts.get("missing_now", ())


def printed_sheet(script: Script, cases: Sequence[Case], *, code: str, is_assumed: bool) -> Iterator[str]:
    """Yield the lines of a sheet of cases, on which people mark what they would do in each. `code` identifies the sheet."""
    say = script.wording.say
    sheet = say("calibrate.sheet", code=code)
    yield from (say("calibrate.title", count=len(cases)), sheet, "")
    for key in ("assumed" if is_assumed else "own", "when", "how", *Disposition, "not-listed"):
        yield from _wrapped(say(f"calibrate.{key}"), first="")
    for number, case in enumerate(cases, 1):
        yield ""
        yield from _case_lines(script, case, number=number)
        yield f"  {say('calibrate.circle')}"
    yield ""
    yield from _wrapped(say("calibrate.type"), first="", others="")
    yield from ("", sheet, say("calibrate.example"))


def _case_lines(script: Script, case: Case, *, number: int) -> Iterator[str]:
    """Yield a case in the form's words: the profession, all answers except a plain No, and the items that are ticked or not known."""
    say = script.wording.say
    answers = Responses.of({**case.answers, "age": str(case.age)})
    empty = fresh(0, NOTHING)
    session = replace(empty, answers=replace(empty.answers, around=answers, items=case.responses))
    summary = summarise(session, script, now=HOURS["offices open"])
    # As it is stored if there are no words for it, so that no answer is left out.
    words = {fact.id: fact.words if fact.answer else answers.get(fact.id) or "" for fact in summary.answers.facts}
    role, age = (words[key] for key in HEADED)
    yield say("calibrate.case", number=number, role=role, age=age)
    ticked_on_a_card = {question.id for question in script.pack.guidance.circumstances if question.card}
    listed = [
        fact
        for fact in summary.answers.facts
        if fact.id in answers
        and fact.id not in HEADED
        and not (fact.id in ticked_on_a_card and answers.get(fact.id) == "no")
    ]
    # Answers with a short label share a line; each whole question has its own.
    for is_question, group in groupby(listed, lambda fact: fact.label.endswith("?")):
        key = "calibrate.question" if is_question else "calibrate.fact"
        lines = [say(key, label=fact.label, answer=words[fact.id]) for fact in group]
        for line in lines if is_question else (" ".join(lines),):
            yield from _wrapped(line)
    is_empty = True
    for part in summary.answers.parts:
        ticked = [line for line in part.lines if line.is_ticked]
        items = [line.label for line in ticked]
        if sum(choice.is_tick for choice in part.choices) != 1:  # several windows, of which each item names its own
            windows = [f"{line.answer[:1].lower()}{line.answer[1:]}" for line in ticked]
            pairs = zip(items, windows, strict=True)
            items = [say("calibrate.item", label=label, window=window) for label, window in pairs]
        if items:
            is_empty = False
            yield from _wrapped(say("calibrate.items", title=part.title, items="; ".join(items)))
    if is_empty:
        yield from _wrapped(say("calibrate.nothing"))
    unknown = [line.label for part in summary.answers.parts for line in part.lines if line.response in ("", NOT_KNOWN)]
    if unknown:
        yield from _wrapped(say("calibrate.not-known", items="; ".join(unknown)))


def _wrapped(text: str, *, first: str = "  ", others: str = "    ") -> list[str]:
    return textwrap.wrap(text, WIDTH, initial_indent=first, subsequent_indent=others, break_on_hyphens=False)


def result_lines(result: SortingResult) -> Iterator[str]:
    """Yield lines on people's answers: agreement with the bot and each other, cases that differ, and disputed advice."""
    yield f"{result.people} people, {len(result.cases)} cases, {result.answers} answers."
    yield ""
    yield f"As soon as the bot: {_of(result.same, result.answers)}"
    yield f"The bot is sooner: {_of(result.sooner, result.answers)}"
    yield f"The bot is later: {_of(result.later, result.answers)}"
    yield ""
    yield f"Two people say the same: {_share(result.percent)}"
    yield f"Krippendorff's alpha: {_coefficient(result.numbers.alpha)}. Gwet's AC1: {_coefficient(result.numbers.ac1)}."
    for direction, differ in (("sooner", attrgetter("later")), ("later", attrgetter("sooner"))):
        yield from ("", f"Most people would act {direction} than the bot says:")
        cases = [case for case in result.cases if 2 * differ(case) > len(case.said)]
        for case in cases:
            bot = f"{DISPOSITIONS[case.bot]} (“{case.lead.title}”)"
            yield f"  {case.number}: the bot says {bot}; people said {', '.join(case.said)}"
        if not cases:
            yield "  no case"
    yield ""
    yield "Leads that were disputed:"
    for dispute in result.disputed:
        counts = f"{dispute.sooner} of {dispute.answers} answers later than the bot, {dispute.later} sooner"
        yield f"  {dispute.lead.reason} (“{dispute.lead.title}”): {counts}"
    if not result.disputed:
        yield "  none"


def _of(count: int, whole: int) -> str:
    return f"{count} of {whole} answers ({_share(Fraction(count, whole))})" if whole else "no answer"


def _share(share: Fraction | None) -> str:
    return "no case was answered by two people" if share is None else f"{round(100 * share)} %"


def _coefficient(number: Coefficient) -> str:
    if not isinstance(number, Estimate):
        return f"none ({number.why.value.replace('-', ' ')})"
    around = number.interval
    return f"{float(number.value):.2f}" + (f" ({float(around.low):.2f} to {float(around.high):.2f})" if around else "")
