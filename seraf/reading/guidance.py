"""Reading the rules of the guidance: leads, next steps, what the mix says, and notes."""

from seraf.conditions import ALWAYS
from seraf.guidance import Guidance, Lead, Note, Step, When
from seraf.instrument import Instrument
from seraf.reading.conditions import Words, read_condition, words_for
from seraf.reading.tables import Table, unique


def read_guidance(table: Table, instrument: Instrument) -> Guidance:
    """The guidance in a table; its conditions are checked against the instrument's own ids."""
    words = words_for(
        [section.id for section in instrument.sections],
        [item.id for item in instrument.items],
        [question.id for question in instrument.questions],
    )
    guidance = Guidance(
        leads=tuple(_lead(each, words) for each in table.tables("leads", at_least=1)),
        steps=tuple(_step(each, words) for each in table.tables("steps", at_least=1)),
        mixes=tuple(_note(each, words) for each in table.tables("mixes", at_least=1)),
        notes=tuple(_note(each, words) for each in table.tables("notes")),
    )
    table.close()
    for kind in ("leads", "steps", "mixes", "notes"):
        unique(table, kind, [each.id for each in getattr(guidance, kind)])
    if guidance.leads and guidance.leads[-1].condition != ALWAYS:
        table.fault("leads", "the last lead must hold always (no `if`), so that no result is without one")
    return guidance


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
    )
    table.close()
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
