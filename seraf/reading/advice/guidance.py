"""Reading what the guidance asks for: short questions, leads, steps, notes, and the lines of the action card."""

from collections.abc import Sequence

from seraf.advice.action_plan import (
    WHOM,
    Action,
    ActionPlan,
    CardLine,
    Deadline,
    Detail,
    HomeTime,
    WhomToCall,
    urgency_of,
)
from seraf.advice.action_plan import WORDS as URGENCIES
from seraf.advice.guidance import Guidance, Lead, Note, Step
from seraf.form.circumstances import EVIDENCE, Choice, Circumstance, Condition
from seraf.form.instrument import Instrument
from seraf.form.vocabulary import NOT_ASKED, NOT_KNOWN
from seraf.reading.form.instrument import MAX_LABEL, TAKEN
from seraf.reading.form.rules import read_basis
from seraf.reading.toml.conditions import Groups, Words, read_any, read_condition, words_for
from seraf.reading.toml.tables import TomlTable, unique

CARDS = ("safety", "case")
"""The two cards of ticks."""

MOST = 6
"""Statements on one card: with more, a phone shows no end of it."""


def read_circumstances(table: TomlTable, instrument: Instrument, *, words: Words) -> tuple[Circumstance, ...]:
    """The short questions in their order; the conditions of each may ask for those before it."""
    found: list[Circumstance] = []
    for each in table.tables("circumstances"):
        # Those after it are not settled yet when its own turn comes (`settle` goes by their order).
        before = {earlier.id: (*earlier.words, NOT_ASKED) for earlier in found}
        found.append(_circumstance(each, {**words, **before}))
    _check(table, found, instrument=instrument)
    return tuple(found)


def _circumstance(table: TomlTable, words: Words) -> Circumstance:
    card = table.word("card", CARDS) if "card" in table.raw else ""
    circumstance = Circumstance(
        id=table.name("id"),
        ask=table.text("ask", limit=100),
        # One that says nothing where none was written: whatever is judged later takes the first tick for granted.
        ticks=tuple(_choice(each) for each in table.tables("ticks", at_least=1)) or (Choice("", ""),),
        rest=table.name("rest") if card else "",
        what=table.text("what", limit=500),
        basis=read_basis(table),
        matters=read_any(table, "if", words=words),
        implied=read_any(table, "yes_when", words=words),
        card=card,
        at_once=not card and table.flag_or_false("at_once"),
        again=table.texts("again") if "again" in table.raw else (),
        note="" if card else table.text_or_empty("note", limit=300),
    )
    table.close()
    answers = [tick.answer for tick in circumstance.ticks]
    unique(table, "ticks", ids=answers)
    if NOT_KNOWN in answers or NOT_ASKED in answers:
        table.fault(
            "ticks", f"{NOT_KNOWN!r} and {NOT_ASKED!r} stand beside the ticks; give each tick a word of its own"
        )
    _check_again(table, circumstance)
    if circumstance.rest in answers:
        table.fault("rest", f"{circumstance.rest!r} is what a tick gives; the rest needs another word")
    return circumstance


def _check_again(table: TomlTable, circumstance: Circumstance) -> None:
    for word in circumstance.again:
        if word not in circumstance.words:
            table.fault("again", f"{word!r} is not one of: {', '.join(circumstance.words)}")
    if circumstance.again and not (circumstance.at_once and circumstance.matters):
        table.fault("again", "needs `at_once` and an `if`: only what brings a question about can bring it again")


def _choice(table: TomlTable) -> Choice:
    choice = Choice(answer=table.name("answer"), short=table.text("short", limit=MAX_LABEL))
    table.close()
    return choice


def _check(table: TomlTable, found: list[Circumstance], *, instrument: Instrument) -> None:
    ids = [each.id for each in found]
    ticks = [tick.short for each in found if each.card for tick in each.ticks]
    unique(table, "circumstances", ids=ids)
    unique(table, "circumstances", ids=ticks)
    taken = (
        *TAKEN,
        *(section.id for section in instrument.sections),
        *(item.id for item in instrument.items),
        *(question.id for question in instrument.questions),
    )
    for each in ids:
        if each and each in taken:
            table.fault("circumstances", f"{each!r} is already the name of something else; choose another")
    for card in CARDS:
        count = len([each for each in found if each.card == card])
        if count > MOST:
            table.fault("circumstances", f"{count} statements on the card {card!r}; at most {MOST} fit on one")


TITLE = 60
"""Characters of a title at most, once it says whom: two lines of a phone."""

SHORT = 12
"""Characters of a line's button at most: three stand in a row, with its number and the mark of what is done."""


def read_action_plan(table: TomlTable, words: Words, *, questions: Sequence[str]) -> ActionPlan:
    """The lines of the card; a pack may have none. `questions` are the ids of the short questions that a line may put."""
    deadlines = tuple(_deadline(each) for each in table.tables("deadlines"))
    plan = ActionPlan(
        deadlines=deadlines,
        whom=tuple(_whom(each, words) for each in table.tables("whom")),
        actions=tuple(
            _action(each, words, deadlines=[deadline.id for deadline in deadlines], questions=questions)
            for each in table.tables("actions")
        ),
        details=tuple(_detail(each, words) for each in table.tables("details")),
        home_time=_home_time(table.table("home_time"), words),
    )
    unique(table, "deadlines", ids=[each.id for each in deadlines])
    unique(table, "actions", ids=[each.id for each in plan.actions])
    unique(table, "details", ids=[each.id for each in plan.details])
    _action_plan_check(table, plan)
    return plan


def _deadline(table: TomlTable) -> Deadline:
    deadline = Deadline(
        id=table.name("id"),
        minutes=table.number("minutes") if "minutes" in table.raw else 0,
        at_close=table.flag_or_false("at_close"),
        opens=table.clock("opens") if "opens" in table.raw else None,
        working_days=table.number("working_days") if "working_days" in table.raw else 0,
        months=table.number("months") if "months" in table.raw else 0,
        from_now=table.flag_or_false("from_now"),
    )
    table.close()
    return deadline


def _home_time(table: TomlTable | None, words: Words) -> HomeTime | None:
    if table is None:
        return None
    home_time = HomeTime(table.clock("at"), read_any(table, "if", words=words))
    table.close()
    return home_time


def _whom(table: TomlTable, words: Words) -> WhomToCall:
    whom = WhomToCall(
        line=CardLine(table.word("line", tuple(CardLine))),
        name=table.text("name", limit=50),
        conditions=read_any(table, "if", words=words),
        short=table.text("short", limit=SHORT - len("1 ") - len(" ✓")) if "short" in table.raw else "",
    )
    table.close()
    return whom


def _action(table: TomlTable, words: Words, *, deadlines: list[str], questions: Sequence[str]) -> Action:
    action = Action(
        id=table.name("id"),
        line=CardLine(table.word("line", tuple(CardLine))),
        title=table.text("title", limit=TITLE),
        short=table.text("short", limit=SHORT - len("1 ") - len(" ✓")),
        by=table.word("by", deadlines),
        why=table.text("why", limit=300),
        basis=read_basis(table),
        calls=table.flag_or_false("calls"),
        refers=table.flag_or_false("refers"),
        folded=table.text("folded", limit=60) if "folded" in table.raw else "",
        asks=table.word("asks", questions) if "asks" in table.raw else "",
        covers=_lines(table),
        leaves=table.flag_or_false("leaves"),
        referred=table.text("referred", limit=TITLE) if "referred" in table.raw else "",
        conditions=read_any(table, "if", words=words),
    )
    table.close()
    return action


def _lines(table: TomlTable) -> tuple[CardLine, ...]:
    named = table.texts("covers")
    for each in named:
        if each not in tuple(CardLine):
            table.fault("covers", f"{each!r} is not one of: {', '.join(CardLine)}")
    return tuple(line for line in CardLine if line in named)


def _detail(table: TomlTable, words: Words) -> Detail:
    detail = Detail(
        id=table.name("id", limit=30),
        line=CardLine(table.word("line", tuple(CardLine))),
        text=table.text("text", limit=120),
        basis=read_basis(table),
        conditions=read_any(table, "if", words=words),
    )
    table.close()
    return detail


def _action_plan_check(table: TomlTable, plan: ActionPlan) -> None:
    """Whether every title can be said: its places are known, and with the longest name it is not too long."""
    for action in plan.actions:
        names = [each.name for each in plan.whom if each.line is action.line]
        if WHOM not in action.title and "{" not in action.title + action.referred:
            continue
        if "{" in (action.title + action.referred).replace(WHOM, "") or WHOM not in action.title or not names:
            table.fault(
                "actions", f"{action.id!r}: a title may name {{whom}} alone, where [[whom]] has a name for the line"
            )
            continue
        longest = max([each.replace(WHOM, name) for each in (action.title, action.referred) for name in names], key=len)
        if len(longest) > TITLE:
            table.fault("actions", f"{action.id!r}: “{longest}” has {len(longest)} characters, and at most {TITLE} fit")
    for line in dict.fromkeys(each.line for each in plan.whom):
        if [each for each in plan.whom if each.line is line][-1].conditions:
            table.fault("whom", f"the last name of the line {line!s} must hold always (no `if`)")


ANSWERED = ("yes", "no")
"""The words of a fact that is worked out."""


def read_guidance(table: TomlTable, instrument: Instrument, *, groups: Groups) -> Guidance:
    """The guidance in a table; its conditions are checked against the instrument's own ids."""
    own = words_for(
        [section.id for section in instrument.sections],
        [item.id for item in instrument.items],
        questions=[question.id for question in instrument.questions],
        groups=groups,
    )
    circumstances = read_circumstances(table, instrument, words={**own, EVIDENCE: ANSWERED})
    asked = {each.id: (*each.words, NOT_ASKED) for each in circumstances}
    evidence = _evidence(table, {**own, **asked})
    words = {**own, EVIDENCE: ANSWERED, **asked}
    leads = tuple(_lead(each, words) for each in table.tables("leads", at_least=1))
    of_lines = {**words, "urgency": URGENCIES, "lead": tuple(dict.fromkeys(lead.reason for lead in leads))}
    guidance = Guidance(
        leads=leads,
        steps=tuple(_step(each, of_lines) for each in table.tables("steps", at_least=1)),
        mixes=tuple(_note(each, words) for each in table.tables("mixes", at_least=1)),
        notes=tuple(_note(each, words) for each in table.tables("notes")),
        circumstances=circumstances,
        evidence=evidence,
        plan=read_action_plan(table, of_lines, questions=tuple(asked)),
    )
    table.close()
    for kind in ("leads", "steps", "mixes", "notes"):
        unique(table, kind, ids=[each.id for each in getattr(guidance, kind)])
    if guidance.leads and guidance.leads[-1].conditions:
        table.fault("leads", "the last lead must hold always (no `if`), so that no result is without one")
    return guidance


def _evidence(table: TomlTable, words: Words) -> tuple[Condition, ...]:
    conditions = []
    for each in table.tables("evidence"):
        found = each.table("if")
        if found is None:
            each.fault("if", "missing; say what is evidence of exploitation")
        conditions.append(read_condition(found, words))
        each.close()
    return tuple(conditions)


def _lead(table: TomlTable, words: Words) -> Lead:
    lead_id = table.name("id", limit=30)
    lead = Lead(
        id=lead_id,
        reason=table.name("reason", limit=30) if "reason" in table.raw else lead_id,
        urgency=urgency_of(table.word("urgency", URGENCIES)),
        title=table.text("title", limit=60),
        text=table.text("text", limit=300),
        basis=read_basis(table),
        conditions=read_any(table, "if", words=words),
    )
    table.close()
    return lead


def _step(table: TomlTable, words: Words) -> Step:
    step = Step(
        id=table.name("id", limit=30),
        text=table.text("text", limit=120),
        basis=read_basis(table),
        conditions=read_any(table, "if", words=words),
    )
    table.close()
    return step


def _note(table: TomlTable, words: Words) -> Note:
    note = Note(
        id=table.name("id", limit=30),
        text=table.text("text", limit=400),
        basis=read_basis(table),
        condition=read_condition(table.table("if"), words),
    )
    table.close()
    return note
