"""Parsers of the guidance: short questions, leads, steps, notes, and the lines of the action card."""

from collections.abc import Sequence
from itertools import chain

from seraf.advice.action_plan import (
    WHOM,
    Action,
    ActionPlan,
    ActionWording,
    CardLine,
    Deadline,
    Detail,
    HomeTime,
    WhomToCall,
    urgency_of,
)
from seraf.advice.action_plan import WORDS as URGENCIES
from seraf.advice.guidance import Guidance, Lead, Note, Step
from seraf.form.circumstances import EVIDENCE, Choice, Circumstance
from seraf.form.instrument import Instrument
from seraf.form.second_view import Says, ViewReason
from seraf.form.vocabulary import FLOOR, HEIGHTS, NOT_ASKED, NOT_KNOWN, REASONABLE, SECOND_VIEW
from seraf.reading.form.instrument import MAX_LABEL, TAKEN
from seraf.reading.form.rules import read_basis
from seraf.reading.toml.conditions import Groups, Words, read_any, read_condition, words_for
from seraf.reading.toml.tables import TomlTable, unique

CARDS = ("safety", "case")
"""The two cards of the questionnaire that list short questions as ticks."""

MOST = 6
"""The maximum number of ticks on one card: more do not fit on a phone."""

TITLE = 60
"""The maximum number of characters of a title, including the addressee: two lines on a phone."""

SHORT = 12 - len("1 ") - len(" ✓")
"""The maximum number of characters of a line's button label. Three buttons, each with number and mark, fit in a row."""


def _circumstance(table: TomlTable, words: Words) -> Circumstance:
    card = table.word("card", CARDS) if "card" in table.raw else ""
    circumstance = Circumstance(
        id=table.name("id"),
        ask=table.text("ask", limit=100),
        # An empty tick if none was written, since later checks rely on a first tick.
        ticks=tuple(
            row.closed(Choice(answer=row.name("answer"), short=row.text("short", limit=MAX_LABEL)))
            for row in table.tables("ticks", at_least=1)
        )
        or (Choice("", ""),),
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
    for word in circumstance.again:
        if word not in circumstance.words:
            table.fault("again", f"{word!r} is not one of: {', '.join(circumstance.words)}")
    if circumstance.again and not (circumstance.at_once and circumstance.matters):
        table.fault("again", "needs `at_once` and an `if`: only what brings a question about can bring it again")
    if circumstance.rest in answers:
        table.fault("rest", f"{circumstance.rest!r} is what a tick gives; the rest needs another word")
    return circumstance


def _check_circumstances(table: TomlTable, circumstances: Sequence[Circumstance], *, instrument: Instrument) -> None:
    ids = [circumstance.id for circumstance in circumstances]
    unique(table, "circumstances", ids=ids)
    unique(table, "circumstances", ids=[tick.short for row in circumstances if row.card for tick in row.ticks])
    own = [[row.id for row in rows] for rows in (instrument.sections, instrument.items, instrument.questions)]
    taken = {*TAKEN, *chain(*own)} - {""}
    for name in ids:
        if name in taken:
            table.fault("circumstances", f"{name!r} is already the name of something else; choose another")
    for card in CARDS:
        count = [circumstance.card for circumstance in circumstances].count(card)
        if count > MOST:
            table.fault("circumstances", f"{count} statements on the card {card!r}; at most {MOST} fit on one")


def _read_action_plan(table: TomlTable, words: Words, *, questions: Sequence[str]) -> ActionPlan:
    """Return what a table defines about the action card. `questions` are the ids of all short questions."""
    lines = tuple(CardLine)
    deadlines = tuple(
        row.closed(
            Deadline(
                id=row.name("id"),
                minutes=row.number("minutes") if "minutes" in row.raw else 0,
                at_close=row.flag_or_false("at_close"),
                opens=row.clock("opens") if "opens" in row.raw else None,
                working_days=row.number("working_days") if "working_days" in row.raw else 0,
                months=row.number("months") if "months" in row.raw else 0,
                from_now=row.flag_or_false("from_now"),
            )
        )
        for row in table.tables("deadlines")
    )
    whom = tuple(
        row.closed(
            WhomToCall(
                line=CardLine(row.word("line", lines)),
                name=row.text("name", limit=50),
                conditions=read_any(row, "if", words=words),
                short=row.text("short", limit=SHORT) if "short" in row.raw else "",
            )
        )
        for row in table.tables("whom")
    )
    by = [deadline.id for deadline in deadlines]
    actions = tuple(_action(row, words, deadlines=by, questions=questions) for row in table.tables("actions"))
    details = tuple(
        row.closed(
            Detail(
                id=row.name("id", limit=30),
                line=CardLine(row.word("line", lines)),
                text=row.text("text", limit=120),
                basis=read_basis(row),
                conditions=read_any(row, "if", words=words),
            )
        )
        for row in table.tables("details")
    )
    home = table.table("home_time")
    home_time = home.closed(HomeTime(home.clock("at"), read_any(home, "if", words=words))) if home else None
    unique(table, "deadlines", ids=by)
    unique(table, "actions", ids=[action.id for action in actions])
    unique(table, "details", ids=[detail.id for detail in details])
    plan = ActionPlan(deadlines=deadlines, whom=whom, actions=actions, details=details, home_time=home_time)
    _check_titles(table, plan)
    return plan


def _action(table: TomlTable, words: Words, *, deadlines: list[str], questions: Sequence[str]) -> Action:
    covers = table.texts("covers")
    for word in covers:
        if word not in tuple(CardLine):
            table.fault("covers", f"{word!r} is not one of: {', '.join(CardLine)}")
    # Read in this order, in which the faults of a file are reported.
    action_id, line = table.name("id"), CardLine(table.word("line", tuple(CardLine)))
    title, short = table.text("title", limit=TITLE), table.text("short", limit=SHORT)
    by, why, basis = table.word("by", deadlines), table.text("why", limit=300), read_basis(table)
    calls, refers = table.flag_or_false("calls"), table.flag_or_false("refers")
    folded = table.text("folded", limit=60) if "folded" in table.raw else ""
    asks = table.word("asks", questions) if "asks" in table.raw else ""
    leaves = table.flag_or_false("leaves")
    referred = table.text("referred", limit=TITLE) if "referred" in table.raw else ""
    action = Action(
        id=action_id,
        line=line,
        wording=ActionWording(title, short, folded, referred),
        by=by,
        why=why,
        basis=basis,
        calls=calls,
        refers=refers,
        asks=asks,
        covers=tuple(line for line in CardLine if line in covers),
        leaves=leaves,
        conditions=read_any(table, "if", words=words),
    )
    return table.closed(action)


def _check_titles(table: TomlTable, plan: ActionPlan) -> None:
    """Record a fault for each title with an unknown placeholder, or that is too long with its longest addressee."""
    for action in plan.actions:
        names = [whom.name for whom in plan.whom if whom.line is action.line]
        title, referred = action.wording.title, action.wording.referred
        if WHOM not in title and "{" not in title + referred:
            continue
        if "{" in (title + referred).replace(WHOM, "") or WHOM not in title or not names:
            table.fault(
                "actions", f"{action.id!r}: a title may name {{whom}} alone, where [[whom]] has a name for the line"
            )
            continue
        titles = [text.replace(WHOM, name) for text in (title, referred) for name in names]
        longest = max(titles, key=len)
        if len(longest) > TITLE:
            table.fault("actions", f"{action.id!r}: “{longest}” has {len(longest)} characters, and at most {TITLE} fit")
    for line, last in {whom.line: whom for whom in plan.whom}.items():
        if last.conditions:
            table.fault("whom", f"the last name of the line {line!s} must hold always (no `if`)")


def read_guidance(table: TomlTable, instrument: Instrument, *, groups: Groups) -> Guidance:
    """Return the guidance in a table. Its conditions are checked against the ids of the instrument."""
    own = words_for(
        [section.id for section in instrument.sections],
        [item.id for item in instrument.items],
        questions=[question.id for question in instrument.questions],
        groups=groups,
    )
    circumstances: list[Circumstance] = []
    for row in table.tables("circumstances"):
        # Only those before it: later ones are not settled yet when it is (`settle` goes by their order).
        before = {earlier.id: (*earlier.words, NOT_ASKED) for earlier in circumstances}
        circumstances.append(_circumstance(row, {**own, EVIDENCE: ("yes", "no"), **before}))
    _check_circumstances(table, circumstances, instrument=instrument)
    asked = {circumstance.id: (*circumstance.words, NOT_ASKED) for circumstance in circumstances}
    evidence = []
    for row in table.tables("evidence"):
        condition = row.table("if")
        if condition is None:
            row.fault("if", "missing; say what is evidence of exploitation")
        evidence.append(row.closed(read_condition(condition, {**own, **asked})))
    # Another person's view is no evidence and brings no question: leads and what follows from them alone can test it.
    raised = {SECOND_VIEW: (*HEIGHTS, REASONABLE), FLOOR: HEIGHTS}
    words = {**own, EVIDENCE: ("yes", "no"), **asked, **raised}
    leads = tuple(_lead(row, words) for row in table.tables("leads", at_least=1))
    of_lines = {**words, "urgency": URGENCIES, "lead": tuple(dict.fromkeys(lead.reason for lead in leads))}
    steps = tuple(
        row.closed(
            Step(
                id=row.name("id", limit=30),
                text=row.text("text", limit=120),
                basis=read_basis(row),
                conditions=read_any(row, "if", words=of_lines),
            )
        )
        for row in table.tables("steps", at_least=1)
    )
    guidance = Guidance(
        leads=leads,
        steps=steps,
        mixes=tuple(_note(row, words) for row in table.tables("mixes", at_least=1)),
        notes=tuple(_note(row, words) for row in table.tables("notes")),
        circumstances=tuple(circumstances),
        evidence=tuple(evidence),
        plan=_read_action_plan(table, of_lines, questions=tuple(asked)),
        view_reasons=tuple(_view_reason(row) for row in table.tables("view_reasons")),
    )
    table.close()
    for kind in ("leads", "steps", "mixes", "notes", "view_reasons"):
        unique(table, kind, ids=[row.id for row in getattr(guidance, kind)])
    if guidance.leads and guidance.leads[-1].conditions:
        table.fault("leads", "the last lead must hold always (no `if`), so that no result is without one")
    return guidance


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
    return table.closed(lead)


def _note(table: TomlTable, words: Words) -> Note:
    note = Note(
        id=table.name("id", limit=30),
        text=table.text("text", limit=400),
        basis=read_basis(table),
        condition=read_condition(table.table("if"), words),
    )
    return table.closed(note)


def _view_reason(table: TomlTable) -> ViewReason:
    reason = ViewReason(
        id=table.name("id", limit=30),
        says=Says(table.word("says", (Says.MORE, Says.LESS))),
        text=table.text("text", limit=60),
        short=table.text("short", limit=MAX_LABEL),
    )
    return table.closed(reason)
