"""Reading the rules of the guidance: leads, next steps, what the mix says, and notes."""

from seraf.advice.action_plan import WORDS as URGENCIES
from seraf.advice.action_plan import urgency_of
from seraf.advice.guidance import Guidance, Lead, Note, Step
from seraf.form.circumstances import EVIDENCE, Condition
from seraf.form.instrument import Instrument
from seraf.form.vocabulary import NOT_ASKED
from seraf.reading.advice.action_plan import read_action_plan
from seraf.reading.form.basis import read_basis
from seraf.reading.form.circumstances import read_circumstances
from seraf.reading.toml.conditions import Words, read_any, read_condition, words_for
from seraf.reading.toml.groups import Groups
from seraf.reading.toml.tables import TomlTable, unique

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
