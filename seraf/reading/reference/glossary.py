"""Reading a glossary, which is put in alphabetical order whatever the order of the file."""

from seraf.reading.toml.tables import TomlTable, unique
from seraf.reference import Glossary, Term, fold

MAX_BUTTON = 20
"""The most characters of a term, which is also the label of a button."""


def read_glossary(table: TomlTable) -> Glossary:
    """The terms in a table. No two may be called the same, or one of them could never be found."""
    terms = tuple(_term(each) for each in table.tables("terms", at_least=1))
    table.close()
    unique(table, "terms", ids=[term.id for term in terms])
    names = [{fold(name) for name in (term.term, *term.also)} for term in terms]
    unique(table, "terms", ids=[name for each in names for name in sorted(each)])
    return Glossary(tuple(sorted(terms, key=lambda term: fold(term.term))))


def _term(table: TomlTable) -> Term:
    term = Term(
        id=table.name("id", limit=30),
        term=table.text("term", limit=MAX_BUTTON),
        also=table.texts("also"),
        text=table.text("text", limit=400),
        source=table.text("source"),
    )
    table.close()
    return term
