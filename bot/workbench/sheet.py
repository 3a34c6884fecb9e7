"""A sheet of cases to print, in the words of the form and without what the bot says of them; and what came of the answers, in lines."""

import textwrap
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from fractions import Fraction
from itertools import groupby

from bot.workbench.shares import DISPOSITIONS, HOURS
from dialogs.core.script import Script
from dialogs.core.session import fresh
from dialogs.summary.summarise import summarise
from dialogs.summary.summary import Fact, SummaryPart
from seraf.calibration.sorting import Disposition, SortedCase, SortingResult
from seraf.form.responses import NOTHING, Case, Responses
from seraf.form.vocabulary import NOT_KNOWN
from seraf.rehearsal.agreement import Coefficient, Estimate

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
    session = replace(
        fresh(0, NOTHING), answers=replace(fresh(0, NOTHING).answers, around=answers, items=case.responses)
    )
    summary = summarise(session, script, now=HOURS["offices open"])
    facts = {each.id: each for each in summary.facts}
    role, age = (_words(facts[each], answers) for each in HEADED)
    yield say("calibrate.case", number=number, role=role, age=age)
    for line in _fact_lines(script, facts.values(), answers):
        yield from _wrapped(line)
    ticked = [line for part in summary.parts if (line := _ticked(script, part))]
    yield from (text for line in ticked or [say("calibrate.nothing")] for text in _wrapped(line))
    unknown = [line.label for part in summary.parts for line in part.lines if line.response in ("", NOT_KNOWN)]
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
    """An answer in words; one for which there are none stands as it is, so that none is ever left out."""
    return fact.words if fact.answer else answers.get(fact.id) or ""


def _ticked(script: Script, part: SummaryPart) -> str:
    """What is ticked of a section, each with its window where it has one; empty where nothing is."""
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
