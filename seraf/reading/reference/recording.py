"""Reading what is to be recorded, and the words of the language mirror, which a board may leave out."""

from collections.abc import Iterator

from seraf.form.instrument import Instrument
from seraf.reading.toml.tables import TomlTable, unique
from seraf.reference import Blaming, Heading, Recording, fold

MAX_BUTTON = 18
"""The most characters of the short title, which is also the label of a button, and is marked there."""


def read_recording(table: TomlTable, instrument: Instrument) -> Recording:
    """The headings and the mirror in a table. A heading is never called like an item, since both may have a note."""
    headings = tuple(_heading(each) for each in table.tables("headings", at_least=1))
    mirror = tuple(_blaming(each) for each in table.tables("mirror"))
    table.close()
    unique(table, "headings", ids=[each.id for each in headings])
    for each in headings:
        if each.id in instrument:
            table.fault("headings", f"{each.id!r} is already the name of an item; choose another")
    unique(table, "headings", ids=[each.short for each in headings])
    unique(table, "mirror", ids=[each.id for each in mirror])
    return Recording(headings, mirror)


def _heading(table: TomlTable) -> Heading:
    heading = Heading(
        id=table.name("id"),
        title=table.text("title", limit=60),
        short=table.text("short", limit=MAX_BUTTON),
        ask=table.text("ask", limit=300),
        source=table.text("source"),
    )
    table.close()
    return heading


def _blaming(table: TomlTable) -> Blaming:
    blaming = Blaming(
        id=table.name("id"),
        phrases=table.texts("phrases", at_least=1),
        why=table.text("why", limit=200),
        instead=table.text("instead", limit=250),
        source=table.text("source"),
    )
    table.close()
    for phrase in _wordless(blaming):
        table.fault("phrases", f"{phrase!r} has no words; write the words themselves")
    return blaming


def _wordless(blaming: Blaming) -> Iterator[str]:
    """Phrases that would find everything, or nothing."""
    return (phrase for phrase in blaming.phrases if not all(fold(word) for word in phrase.split()))
