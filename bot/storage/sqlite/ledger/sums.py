"""Sums over rows: where a row is counted, and what it adds. People are counted twice, by two bytes of their mark.

A person who is out of step is found where two wrong sums meet: with 300 people that is nearly always one person alone.
"""

import hmac
from collections.abc import Iterable, Mapping, Sequence

from bot.storage.sqlite.ledger.bound_tables import BOUND, PEOPLE

SLOTS = 64
"""Sums over people by the first byte of their mark, and as many by the second."""

SUM_BYTES = 16
MODULUS = 1 << (8 * SUM_BYTES)
TABLES: Mapping[str, int] = {table.name: 2 * SLOTS + number for number, table in enumerate(BOUND)}
"""The place of each table's sum; people have theirs as well, though they stand in slots too."""

EMPTY = bytes(SUM_BYTES * (2 * SLOTS + len(BOUND)))
"""The sums over no row."""


def value(key: bytes, table: str, row: Sequence[object]) -> int:
    """What a row adds to its sums: a keyed hash of its table and of every value with its type."""
    return int.from_bytes(hmac.digest(key, repr((table, *row)).encode(errors="surrogatepass"), "sha256")[:SUM_BYTES])


def slots(mark: object) -> tuple[int, int]:
    """The two slots of a person's mark. What is no mark is counted with the first ones."""
    first, second = mark[:2] if isinstance(mark, bytes) and len(mark) > 1 else (0, 0)
    return first * SLOTS >> 8, SLOTS + (second * SLOTS >> 8)


def sums_of(table: str, row: Sequence[object]) -> tuple[int, ...]:
    """The sums that a row is counted in."""
    return (*slots(row[0]), TABLES[table]) if table == PEOPLE.name else (TABLES[table],)


def added(sums: bytes, changes: Iterable[tuple[tuple[int, ...], int]]) -> bytes:
    """The sums with something added at some places."""
    fresh = bytearray(sums)
    for where, amount in changes:
        for each in where:
            at = each * SUM_BYTES
            # A sum and no exclusive or, in which two equal changes would vanish (ADR 0053).
            total = int.from_bytes(fresh[at : at + SUM_BYTES]) + amount
            fresh[at : at + SUM_BYTES] = (total % MODULUS).to_bytes(SUM_BYTES)
    return bytes(fresh)


def sums_unlike(one: bytes, other: bytes) -> frozenset[int]:
    """The places at which the sums differ."""
    steps = range(0, len(one), SUM_BYTES)
    return frozenset(at // SUM_BYTES for at in steps if one[at : at + SUM_BYTES] != other[at : at + SUM_BYTES])
