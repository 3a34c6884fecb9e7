"""The parser of vignettes with their agreed answers."""

from collections.abc import Iterable, Iterator

from seraf.advice.guidance import Guidance
from seraf.cases.vignette import AgreedKey, FirstCall, Keyed, Part, Rule, Theme, Vignette
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

NO_KEY = AgreedKey((), Age.NOT_KNOWN, 0, 1, FirstCall.NOBODY, "", ())


def read_vignettes(
    tables: Iterable[TomlTable], instrument: Instrument, *, guidance: Guidance, is_proven: bool = False
) -> tuple[Vignette, ...]:
    """Return the vignettes in these tables.

    Unless `is_proven`, the agreed answers of each are also checked for mistakes, provided that neither its own file
    nor the instrument or guidance has faults.
    """
    vignettes: dict[str, Vignette] = {}
    for table in tables:
        vignette = _vignette(table)
        unprovable = (table.path, "instrument.toml", "guidance.toml")
        if not is_proven and not any(fault.startswith(unprovable) for fault in table.faults.found):
            from seraf.rehearsal.checking import mistakes  # slow to import

            for mistake in mistakes(vignette, instrument, guidance=guidance):
                table.fault(mistake.place, mistake.what)
        if vignette.id in vignettes:
            table.fault("id", f"{vignette.id!r} is already the id of another vignette; choose another")
        vignettes[vignette.id] = vignette
    return tuple(vignettes.values())


def read_vignette(name: str, content: bytes, instrument: Instrument, *, guidance: Guidance) -> Vignette:
    """Return the vignette in the content of one file. Raise `PackFault` with all faults and their paths."""
    faults = Faults()
    table = parse(name, content, faults=faults)
    vignettes = read_vignettes(
        [with_places(table, instrument.edition.places)] if table else [], instrument, guidance=guidance
    )
    if faults.found:
        raise PackFault(tuple(faults.found))
    return vignettes[0]


def _vignette(table: TomlTable) -> Vignette:
    return table.closed(
        Vignette(
            id=table.name("id"),
            title=table.text("title", limit=MAX_TITLE),
            about=table.text("about", limit=MAX_ABOUT),
            warning=table.text("warning", limit=MAX_WARNING),
            parts=tuple(
                row.closed(Part(title=row.text("title", limit=MAX_TITLE), text=row.text("text", limit=MAX_PART)))
                for row in table.tables("parts", at_least=1)
            ),
            key=_key(table),
            themes=tuple(Theme(word) for word in known_words(table, "themes", allowed=tuple(Theme))),
        )
    )


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
