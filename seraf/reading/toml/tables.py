"""Typed reading of TOML tables. Every fault is recorded with its path, and reading continues."""

import re
import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time
from itertools import chain, islice
from typing import TypeVar

Row = TypeVar("Row")
MAX_TEXT = 1000
"""The default maximum number of characters (Unicode code points) of a text."""

MOST_ROWS, DEEPEST, MOST_VALUES = 1_000, 12, 100_000
"""The maximum number of rows in a list, the maximum depth of nesting, and the maximum number of values in a file."""

MOST_DOTS = 100
"""The maximum number of dots in a key. The time of `tomllib` grows with their square: 20 seconds for a key of 40 KB."""

TOKEN = re.compile(
    r"""
      (?P<dot> \. )
    | (?P<other> "{3} (?: [^"\\] | \\. | "(?!"") )*+ (?: "{3,5} | \Z ) | '{3} .*? (?: '{3,5} | \Z ) | \# [^\n]* )
    | (?P<part> [\w-]+ | [\ \t]+ | " (?: [^"\\\n] | \\. )*+ "? | ' [^'\n]*+ '? )
    | .
    """,
    re.DOTALL | re.VERBOSE,
)
"""Matches a token of a TOML file, as far as this is needed to count the dots in a key."""

MOST_KEPT, LONGEST_FAULT = 1_000, 1_000
"""The maximum number of recorded faults, and the maximum number of characters of each."""

ALLOWED = "\n\u00a0"
"""The characters that a text may contain although they are not printable: line breaks and no-break spaces."""


@dataclass(frozen=True, slots=True)
class Faults:
    """The faults recorded so far, in the order in which they were found."""

    found: list[str] = field(default_factory=list)

    def add(self, path: str, what: str) -> None:
        """Record a fault at a path. It is dropped if there are already `MOST_KEPT` faults."""
        if len(self.found) < MOST_KEPT:
            fault = f"{path}: {what}"
            self.found.append(fault if len(fault) <= LONGEST_FAULT else f"{fault[:LONGEST_FAULT]}…")


def parse(name: str, content: bytes, *, faults: Faults) -> "TomlTable | None":
    """Return the file's outermost table. If the file is not valid TOML, record a fault and return None."""
    try:
        text = content.decode("utf-8")
        if line := _line_of_a_deep_key(text):
            faults.add(name, f"not TOML of a pack: over {MOST_DOTS} dots in a key (at line {line})")
            return None
        raw = tomllib.loads(text)
        if _is_bounded(raw):
            return TomlTable(name, raw, faults)
        faults.add(
            name, f"nested deeper than {DEEPEST}, or over {MOST_VALUES:,} values; a file of a pack is never like that"
        )
    except UnicodeDecodeError as error:
        faults.add(name, f"not UTF-8 text (byte {error.start}); save it as UTF-8")
    # `tomllib` recurses into nested values, and a short file can nest them deeper than Python allows.
    except (ValueError, RecursionError) as error:
        faults.add(name, f"not TOML: {error}")
    return None


def _line_of_a_deep_key(text: str) -> int:
    """Return the number of the first line with too many dots in a key, or 0. The time it takes is linear."""
    if all(line.count(".") <= MOST_DOTS for line in text.split("\n")):
        return 0  # true of every pack that people write, which then needs no closer look
    dots = 0
    for token in TOKEN.finditer(text):
        dots = dots + 1 if token["dot"] else dots if token["part"] else 0
        if dots > MOST_DOTS:
            return text.count("\n", 0, token.start()) + 1
    return 0


def _is_bounded(raw: dict[str, object]) -> bool:
    """Return True if the depth of nesting and the number of values are within the limits. They are counted by level."""
    level, count = list[object]([raw]), 0
    for _ in range(DEEPEST + 1):
        inner = [
            value.values() if isinstance(value, dict) else value for value in level if isinstance(value, dict | list)
        ]
        level = list(islice(chain.from_iterable(inner), MOST_VALUES + 1))
        count += len(level)
        if not level or count > MOST_VALUES:
            break
    return not level and count <= MOST_VALUES


@dataclass(frozen=True, slots=True)
class TomlTable:
    """A table with its path. Each method reads one key. On a fault, it records it and returns a harmless value."""

    path: str
    raw: dict[str, object]
    faults: Faults
    read: set[str] = field(default_factory=set)

    def text(self, key: str, *, limit: int = MAX_TEXT) -> str:
        """Return a required text of at most `limit` characters that is not blank."""
        value = self.take(key)
        if value is None:
            self.fault(key, "missing; write a text")
        elif not isinstance(value, str):
            self.fault(key, f"must be a text, not {_kind(value)}")
        elif not value.strip():
            self.fault(key, "empty; write a text")
        else:
            return self._fit(key, value, limit=limit)
        return ""

    def name(self, key: str, *, limit: int = 16) -> str:
        """Return an id of letters, digits, dashes and underscores. It is short, because button data contains it."""
        value = self.text(key)
        if value and not re.fullmatch(rf"[A-Za-z0-9][A-Za-z0-9_-]{{0,{limit - 1}}}", value):
            self.fault(key, f"must be at most {limit} letters, digits, dashes and underscores")
        return value

    def text_or_empty(self, key: str, *, limit: int = MAX_TEXT) -> str:
        """Return a text that may be absent or empty."""
        value = self.take(key)
        if value is None:
            return ""
        if not isinstance(value, str):
            self.fault(key, f"must be a text, not {_kind(value)}")
            return ""
        return self._fit(key, value, limit=limit)

    def number(self, key: str) -> int:
        """Return a whole number from 0 to 1000."""
        value = self.take(key)
        # `isinstance` would take `true` for 1.
        if type(value) is not int:
            self.fault(key, "missing" if value is None else f"must be a whole number, not {_kind(value)}")
        elif not 0 <= value <= 1000:
            self.fault(key, f"must be from 0 to 1000, not {value}")
        else:
            return value
        return 0

    def flag(self, key: str) -> bool:
        """Return a required boolean."""
        value = self.take(key)
        if not isinstance(value, bool):
            self.fault(key, "missing" if value is None else f"must be true or false, not {_kind(value)}")
        return value is True

    def flag_or_false(self, key: str) -> bool:
        """Return a boolean, or False if it is absent."""
        return key in self.raw and self.flag(key)

    def day(self, key: str) -> date:
        """Return a required date."""
        value = self.day_or_none(key)
        if value is None and key not in self.raw:
            self.fault(key, "missing; write a date such as 2019-04-30")
        return value or date.min

    def day_or_none(self, key: str) -> date | None:
        """Return a date, or None if it is absent."""
        value = self.take(key)
        # In Python a datetime is a date too.
        if value is None or (isinstance(value, date) and not isinstance(value, datetime)):
            return value
        self.fault(key, f"must be a date such as 2019-04-30, not {_kind(value)}")
        return None

    def clock(self, key: str) -> time:
        """Return a time of day written as "09:00"."""
        value = self.text(key, limit=5)
        if re.fullmatch(r"([01][0-9]|2[0-3]):[0-5][0-9]", value):
            return time.fromisoformat(value)
        self.fault(key, "must be a time such as 09:00")
        return time.min

    def texts(self, key: str, *, at_least: int = 0) -> tuple[str, ...]:
        """Return a list of texts, of which none is blank. It may be absent if `at_least` is 0."""
        value = self.take(key)
        if value is None and at_least == 0:
            return ()
        if not isinstance(value, list) or not all(isinstance(text, str) and text.strip() for text in value):
            self.fault(key, "must be a list of texts, none of them empty")
            return ()
        if len(value) < at_least:
            self.fault(key, f"needs at least {at_least}, has {len(value)}")
        value = self._countable(key, value)
        return tuple(self._fit(key, str(text), limit=MAX_TEXT) for text in value)

    def lists(self, key: str) -> tuple[tuple[str, ...], ...]:
        """Return a list of non-empty lists of texts. A plain list of texts is returned as the only list in it."""
        value = self.take(key)
        inner = value if isinstance(value, list) else []
        nested = [isinstance(row, list) for row in inner]
        if not any(nested):
            return (self.texts(key, at_least=1),)
        if not all(nested):
            self.fault(key, 'has words and lists side by side; write a list for each, as in [["A", "B"], ["C"]]')
            return ()
        rows = TomlTable(self.path, {f"{key}[{at}]": row for at, row in enumerate(inner)}, self.faults)
        return tuple(rows.texts(name, at_least=1) for name in rows.raw)

    def word(self, key: str, allowed: Iterable[str]) -> str:
        """Return one of the allowed values. On a fault, return the first of them."""
        words = tuple(allowed)
        value = self.text(key)
        if value and value not in words:
            self.fault(key, f"{value!r} is not one of: {', '.join(words)}")
        return value if value in words else (words[0] if words else "")

    def table(self, key: str) -> "TomlTable | None":
        """Return a table, or None if it is absent."""
        value = self.take(key)
        if value is None:
            return None
        if not isinstance(value, dict):
            self.fault(key, f"must be a table, not {_kind(value)}")
            return None
        return TomlTable(f"{self.path}.{key}", value, self.faults)

    def tables(self, key: str, *, at_least: int = 0, at_most: int = MOST_ROWS) -> "Iterator[TomlTable]":
        """Yield the tables of a list, in order. The list may be absent if `at_least` is 0."""
        value = self.take(key)
        rows = value if isinstance(value, list) else []
        if value is not None and not isinstance(value, list):
            self.fault(key, f"must be a list of tables ([[{key}]]), not {_kind(value)}")
        elif len(rows) < at_least:
            self.fault(key, f"needs at least {at_least}, has {len(rows)}")
        for index, row in enumerate(self._countable(key, rows, at_most=at_most)):
            if isinstance(row, dict):
                yield TomlTable(f"{self.path}.{key}[{index}]", row, self.faults)
            else:
                self.fault(f"{key}[{index}]", f"must be a table, not {_kind(row)}")

    def close(self) -> None:
        """Record a fault for each key that no method has read: a misspelt key must not go unnoticed."""
        for key in self.raw:
            if key not in self.read:
                self.fault(key, f"not a key that is known here; known: {', '.join(sorted(self.read))}")

    def closed(self, row: Row) -> Row:
        """Record a fault for each key that was not read, and return `row`, the value made from this table."""
        self.close()
        return row

    def fault(self, key: str, what: str) -> None:
        """Record a fault at a key of this table."""
        self.faults.add(f"{self.path}.{key}", what)

    def take(self, key: str) -> object:
        """Return the raw value of a key, or None if there is none, and mark the key as read."""
        self.read.add(key)
        return self.raw.get(key)

    def _countable(self, key: str, rows: list[object], *, at_most: int = MOST_ROWS) -> list[object]:
        """Return at most `at_most` rows. If there are more, record a fault."""
        if len(rows) > at_most:
            self.fault(key, f"{len(rows):,} rows; at most {at_most:,} are read")
        return rows[:at_most]

    def _fit(self, key: str, value: str, *, limit: int) -> str:
        if len(value) > limit:
            self.fault(key, f"{len(value)} characters; at most {limit} fit")
        if not (value.isprintable() or all(char.isprintable() or char in ALLOWED for char in value)):
            self.fault(key, "has control characters, or others that nobody sees; write plain text")
        return value


def unique(table: TomlTable, key: str, *, ids: Iterable[str]) -> None:
    """Record a fault for each id that occurs more than once."""
    seen: set[str] = set()
    for name in ids:
        if name and name in seen:
            table.fault(key, f"{name!r} stands more than once")
        seen.add(name)


def _kind(value: object) -> str:
    names = {str: "a text", bool: "true or false", int: "a whole number", float: "a decimal number", list: "a list"}
    return names.get(type(value), "a table" if isinstance(value, dict) else "a date or time")
