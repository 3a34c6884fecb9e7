"""The parser of vignettes with their agreed answers."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import time

from seraf.advice.contacts import NO_CONTACTS, Contacts
from seraf.advice.guidance import Guidance
from seraf.cases.vignette import (
    AgreedKey,
    CaseStage,
    FirstCall,
    Keyed,
    Part,
    Rule,
    StageChoice,
    Theme,
    Vignette,
)
from seraf.errors import PackFault
from seraf.form.instrument import Instrument
from seraf.form.vocabulary import Age
from seraf.reading.toml.conditions import known_words
from seraf.reading.toml.places import with_places
from seraf.reading.toml.tables import Faults, TomlTable, parse

MAX_TITLE, MAX_ABOUT, MAX_WARNING = 40, 120, 160
"""The maximum number of characters of a title, of the description in a menu, and of the warning."""

MAX_PART = 700
"""The maximum number of characters of a part. Its card also says that this is a rehearsal."""

MAX_BECAUSE = 200
"""The maximum number of characters of a reason. Its card also has the supporting sentence."""

MAX_STAGE, MAX_THEN, MAX_ASKS, MAX_LABEL = 450, 320, 160, 34
"""The maximum number of characters of a stage, of what follows a choice, of what the other end asks, and of a button."""

MOST_STAGES = 12
"""The maximum number of stages of a vignette."""

DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")

NO_KEY = AgreedKey((), Age.NOT_KNOWN, 0, 1, FirstCall.NOBODY, "", ())


def read_vignettes(
    tables: Iterable[TomlTable],
    instrument: Instrument,
    *,
    guidance: Guidance,
    contacts: Contacts = NO_CONTACTS,
    is_proven: bool = False,
) -> tuple[Vignette, ...]:
    """Return the vignettes in these tables.

    Unless `is_proven`, the agreed answers of each are also checked for mistakes, provided that neither its own file
    nor the instrument, guidance or contacts have faults. Those in stages can only ring somebody in `contacts`.
    """
    vignettes: dict[str, Vignette] = {}
    for table in tables:
        vignette = _vignette(table)
        unprovable = (table.path, "instrument.toml", "guidance.toml", "contacts.toml")
        if not is_proven and not any(fault.startswith(unprovable) for fault in table.faults.found):
            from seraf.rehearsal.checking import mistakes  # slow to import

            for mistake in mistakes(vignette, instrument, guidance=guidance, contacts=contacts):
                table.fault(mistake.place, mistake.what)
        if vignette.stages and not any(fault.startswith(unprovable) for fault in table.faults.found):
            from seraf.rehearsal.unfolding import straight_parts  # slow to import

            vignette = replace(vignette, parts=straight_parts(vignette))
        if vignette.id in vignettes:
            table.fault("id", f"{vignette.id!r} is already the id of another vignette; choose another")
        vignettes[vignette.id] = vignette
    return tuple(vignettes.values())


def read_vignette(
    name: str, content: bytes, instrument: Instrument, *, guidance: Guidance, contacts: Contacts = NO_CONTACTS
) -> Vignette:
    """Return the vignette in the content of one file. Raise `PackFault` with all faults and their paths."""
    faults = Faults()
    table = parse(name, content, faults=faults)
    tables = [with_places(table, instrument.edition.places)] if table else []
    vignettes = read_vignettes(tables, instrument, guidance=guidance, contacts=contacts)
    if faults.found:
        raise PackFault(tuple(faults.found))
    return vignettes[0]


def _vignette(table: TomlTable) -> Vignette:
    stages = tuple(_stage(row) for row in table.tables("stages", at_most=MOST_STAGES))
    vignette = table.closed(
        Vignette(
            id=table.name("id"),
            title=table.text("title", limit=MAX_TITLE),
            about=table.text("about", limit=MAX_ABOUT),
            warning=table.text("warning", limit=MAX_WARNING),
            parts=tuple(
                row.closed(Part(title=row.text("title", limit=MAX_TITLE), text=row.text("text", limit=MAX_PART)))
                for row in table.tables("parts", at_least=0 if stages else 1)
            ),
            key=_key(table),
            themes=tuple(Theme(word) for word in known_words(table, "themes", allowed=tuple(Theme))),
            stages=stages,
        )
    )
    if stages and vignette.parts:
        table.fault("parts", "stand beside stages; write one or the other")
    return vignette


def _stage(table: TomlTable) -> CaseStage:
    clock = table.text("clock", limit=MAX_TITLE)
    day, _, hour = clock.partition(" ")
    if day not in DAYS:
        table.fault("clock", "must be a weekday and a time such as Thursday 15:05")
    at = TomlTable(table.path, {"clock": hour}, table.faults).clock("clock") if day in DAYS else time.min
    choices = tuple(_choice(row) for row in table.tables("do"))
    stage = CaseStage(
        id=table.name("id"),
        clock=clock,
        day=DAYS.index(day) if day in DAYS else 0,
        at=at,
        text=table.text("text", limit=MAX_STAGE if choices else MAX_PART),
        choices=choices,
    )
    if choices:
        answers = tuple(keyed for row in table.tables("answers") for keyed in _keyed(row))
        stage = replace(
            stage,
            first_call=FirstCall(table.word("first_call", tuple(FirstCall))),
            first_call_because=table.text("first_call_because", limit=MAX_BECAUSE),
            missed=table.text("missed", limit=MAX_BECAUSE),
            answers=answers,
        )
    return table.closed(stage)


def _choice(table: TomlTable, *, is_reply: bool = False) -> StageChoice:
    choice = StageChoice(
        label=table.text("label", limit=MAX_LABEL),
        then=table.text("then", limit=MAX_THEN),
        because=table.text("because", limit=MAX_BECAUSE),
        next=table.text_or_empty("next", limit=16) if is_reply else table.name("next"),
        fits=table.flag("fits") if "fits" in table.raw else None,
        missed=table.text_or_empty("missed", limit=MAX_BECAUSE),
    )
    if not is_reply:
        choice = replace(
            choice,
            rings=table.text_or_empty("rings", limit=16),
            source=table.text("source"),
            asks=table.text_or_empty("asks", limit=MAX_ASKS),
            replies=tuple(_choice(row, is_reply=True) for row in table.tables("replies")),
        )
    return table.closed(choice)


def _key(table: TomlTable) -> AgreedKey:
    rows = table.table("key")
    if rows is None:
        table.fault("key", "missing; say what a careful reader would answer")
        return NO_KEY
    key = AgreedKey(
        keyed=tuple(keyed for row in rows.tables("answers", at_least=1) for keyed in _keyed(row)),
        age=Age(rows.word("age", tuple(Age))),
        total=rows.number("total"),
        category=rows.number("category"),
        first_call=FirstCall(rows.word("first_call", tuple(FirstCall))),
        first_call_because=rows.text("first_call_because", limit=MAX_BECAUSE),
        rules=_rules(rows),
    )
    rows.close()
    return key


def _keyed(table: TomlTable) -> Iterator[Keyed]:
    """Yield the agreed answer of a row for each of the items and questions in its `places`."""
    places, rules = table.texts("places", at_least=1), _rules(table)
    answer, because = table.text("answer", limit=16), table.text("because", limit=MAX_BECAUSE)
    cites = table.text_or_empty("cites", limit=MAX_PART)
    other = table.text_or_empty("other", limit=16)
    other_because = table.text_or_empty("other_because", limit=MAX_BECAUSE)
    table.close()
    return (Keyed(place, answer, because, cites, rules, other, other_because) for place in places)


def _rules(table: TomlTable) -> tuple[Rule, ...]:
    return tuple(Rule(word) for word in known_words(table, "rules", allowed=tuple(Rule)))
