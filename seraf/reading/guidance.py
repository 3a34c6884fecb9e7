"""Reading the rules of the guidance: leads, next steps, what the mix says, and notes."""

from seraf.circumstances import EVIDENCE
from seraf.conditions import ALWAYS, Condition
from seraf.guidance import Guidance, Lead, Note, Step, When
from seraf.instrument import Instrument
from seraf.reading.circumstances import read_circumstances
from seraf.reading.conditions import Words, read_condition, words_for
from seraf.reading.tables import Table, unique

ANSWERED = ("yes", "no")
"""The words of a fact that is worked out."""


def read_guidance(table: Table, instrument: Instrument) -> Guidance:
    """The guidance in a table; its conditions are checked against the instrument's own ids."""
    own = words_for(
        [section.id for section in instrument.sections],
        [item.id for item in instrument.items],
        [question.id for question in instrument.questions],
    )
    circumstances = read_circumstances(table, instrument, {**own, EVIDENCE: ANSWERED})
    asked = {each.id: each.words for each in circumstances}
    evidence = _evidence(table, {**own, **asked})
    words = {**own, EVIDENCE: ANSWERED, **asked}
    guidance = Guidance(
        leads=tuple(_lead(each, words) for each in table.tables("leads", at_least=1)),
        steps=tuple(_step(each, words) for each in table.tables("steps", at_least=1)),
        mixes=tuple(_note(each, words) for each in table.tables("mixes", at_least=1)),
        notes=tuple(_note(each, words) for each in table.tables("notes")),
        circumstances=circumstances,
        evidence=evidence,
    )
    table.close()
    for kind in ("leads", "steps", "mixes", "notes"):
        unique(table, kind, [each.id for each in getattr(guidance, kind)])
    if guidance.leads and guidance.leads[-1].condition != ALWAYS:
        table.fault("leads", "the last lead must hold always (no `if`), so that no result is without one")
    return guidance


def _evidence(table: Table, words: Words) -> tuple[Condition, ...]:
    conditions = []
    for each in table.tables("evidence"):
        found = each.table("if")
        if found is None:
            each.fault("if", "missing; say what is evidence of exploitation")
        conditions.append(read_condition(found, words))
        each.close()
    return tuple(conditions)


def _lead(table: Table, words: Words) -> Lead:
    lead = Lead(
        id=table.name("id", limit=30),
        title=table.text("title", limit=100),
        text=table.text("text", limit=400),
        source=table.text("source"),
        condition=read_condition(table.table("if"), words),
    )
    table.close()
    return lead


def _step(table: Table, words: Words) -> Step:
    step = Step(
        id=table.name("id", limit=30),
        when=When(table.word("when", tuple(When))),
        who=table.text("who", limit=80),
        text=table.text("text", limit=400),
        source=table.text("source"),
        condition=read_condition(table.table("if"), words),
        contacts=table.flag_or_false("contacts"),
    )
    table.close()
    if step.contacts and step.when is not When.NOW:
        table.fault("contacts", "a step that contacts ART, a social worker or the police is due now, never later")
    return step


def _note(table: Table, words: Words) -> Note:
    note = Note(
        id=table.name("id", limit=30),
        text=table.text("text", limit=400),
        source=table.text("source"),
        condition=read_condition(table.table("if"), words),
    )
    table.close()
    return note
