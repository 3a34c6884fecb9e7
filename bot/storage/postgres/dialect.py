"""Translates the statements of the store, which are written as SQLite reads them, for PostgreSQL."""

import re
from collections.abc import Iterator
from functools import cache

TYPES = (
    (r"\bBLOB\b", "bytea"),
    (r"\bINTEGER\b", "bigint"),
    # In the order of bytes, as SQLite sorts.
    (r"\bTEXT\b", 'text COLLATE "C"'),
    (r"\bWITHOUT ROWID\b", ""),
    (r"\bifnull\b", "coalesce"),
    # A rotation of the keys changes the marks of one table after the other.
    (r"(REFERENCES \w+ \(\w+\)(?: ON DELETE CASCADE)?)", r"\1 DEFERRABLE"),
)


def definition(statement: str) -> str:
    """Return a statement of a migration with the types of PostgreSQL."""
    for pattern, replacement in TYPES:
        statement = re.sub(pattern, replacement, statement)
    return statement


@cache
def translated(statement: str) -> str:
    """Return a statement with its placeholders as psycopg reads them: `?` becomes `%s`, and `:name` becomes `%(name)s`."""
    assert "%" not in statement, "a percent sign would be taken for a placeholder"
    return re.sub(r"(?<!:):([a-z_]+)", r"%(\1)s", statement.replace("?", "%s"))


def without_comments(statements: tuple[str, ...]) -> Iterator[str]:
    """Yield these statements without comments, in which a quotation mark could seem to begin a text."""
    for statement in statements:
        yield re.sub(r"--[^\n]*", "", statement)
