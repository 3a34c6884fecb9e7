"""Reading made-up cases with their keys, one a file. What a key claims is proven elsewhere (`seraf.rehearsal.checking`)."""

from collections.abc import Iterable, Iterator

from seraf.advice.guidance import Guidance
from seraf.cases.vignette import AgreedKey, FirstCall, Keyed, Part, Rule, Theme, Vignette
from seraf.errors import PackFault
from seraf.form.instrument import Instrument
from seraf.form.vocabulary import Age
from seraf.reading.toml.asking import known_words
from seraf.reading.toml.places import with_places
from seraf.reading.toml.tables import Faults, TomlTable, parse

MAX_TITLE, MAX_ABOUT, MAX_WARNING = 40, 120, 160
"""The most characters of a title, of the line in a list, and of the warning."""

MAX_PART = 700
"""The most characters of a part, so that it fits a card that also says that this is a rehearsal."""

MAX_BECAUSE = 200
"""The most characters of a reason, which stands on a card with the sentence that it rests on."""

PROVEN_BY = ("instrument.toml", "guidance.toml")
"""The files that a key is proven by: while one of them has a fault, nothing that a key says can be proven."""

NO_KEY = AgreedKey((), Age.NOT_KNOWN, 0, 1, FirstCall.NOBODY, "", ())


def read_vignettes(
    tables: Iterable[TomlTable], instrument: Instrument, *, guidance: Guidance, is_proven: bool = False
) -> tuple[Vignette, ...]:
    """The vignettes in these tables. A key is proven where neither its own file nor what proves it has a fault, unless
    all of it was proven before.
    """
    found: dict[str, Vignette] = {}
    for table in tables:
        vignette = _vignette(table)
        if not is_proven and not any(fault.startswith((table.path, *PROVEN_BY)) for fault in table.faults.found):
            from seraf.rehearsal.checking import mistakes  # what proves is slow to import

            for mistake in mistakes(vignette, instrument, guidance=guidance):
                table.fault(mistake.place, mistake.what)
        if vignette.id in found:
            table.fault("id", f"{vignette.id!r} is already the id of another vignette; choose another")
        found[vignette.id] = vignette
    return tuple(found.values())


def read_vignette(name: str, content: bytes, instrument: Instrument, *, guidance: Guidance) -> Vignette:
    """The vignette in the content of one file. Raises `PackFault` with every fault, each with its path."""
    faults = Faults()
    table = parse(name, content, faults=faults)
    found = read_vignettes([with_places(table, instrument.places)] if table else [], instrument, guidance=guidance)
    if faults.found:
        raise PackFault(tuple(faults.found))
    return found[0]


def _vignette(table: TomlTable) -> Vignette:
    vignette = Vignette(
        id=table.name("id"),
        title=table.text("title", limit=MAX_TITLE),
        about=table.text("about", limit=MAX_ABOUT),
        warning=table.text("warning", limit=MAX_WARNING),
        parts=tuple(_part(each) for each in table.tables("parts", at_least=1)),
        key=_key(table),
        themes=tuple(Theme(each) for each in known_words(table, "themes", allowed=tuple(Theme))),
    )
    table.close()
    return vignette


def _part(table: TomlTable) -> Part:
    part = Part(title=table.text("title", limit=MAX_TITLE), text=table.text("text", limit=MAX_PART))
    table.close()
    return part


def _key(table: TomlTable) -> AgreedKey:
    found = table.table("key")
    if found is None:
        table.fault("key", "missing; say what a careful reader would answer")
        return NO_KEY
    key = AgreedKey(
        keyed=tuple(each for row in found.tables("answers", at_least=1) for each in _keyed(row)),
        age=Age(found.word("age", tuple(Age))),
        total=found.number("total"),
        category=found.number("category"),
        first_call=FirstCall(found.word("first_call", tuple(FirstCall))),
        first_call_because=found.text("first_call_because", limit=MAX_BECAUSE),
        rules=_rules(found),
    )
    found.close()
    return key


def _keyed(table: TomlTable) -> Iterator[Keyed]:
    """The answers of one row, which may be given for several places at once."""
    places, rules = table.texts("places", at_least=1), _rules(table)
    answer, because = table.text("answer", limit=16), table.text("because", limit=MAX_BECAUSE)
    cites = table.text_or_empty("cites", limit=MAX_PART)
    other = table.text_or_empty("other", limit=16)
    other_because = table.text_or_empty("other_because", limit=MAX_BECAUSE)
    table.close()
    return (Keyed(place, answer, because, cites, rules, other, other_because) for place in places)


def _rules(table: TomlTable) -> tuple[Rule, ...]:
    return tuple(Rule(each) for each in known_words(table, "rules", allowed=tuple(Rule)))
