"""Sample chains of audit entries (trails), small changes of them, and attacks by somebody who has the key file."""

import random
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from bot.crypto.sealing import KeyRing
from bot.trail.audit import AuditEvent
from bot.trail.chain import Entry, Linked, Segment, Trail, follow, sealed
from tests.support.store.builders import KEYS

JANUARY = datetime(2026, 1, 5, 9, 30, tzinfo=UTC)
MONTHS = tuple(JANUARY.replace(month=month) for month in (1, 2, 3, 4))
WORDS = tuple(AuditEvent)

Retelling = Callable[[random.Random, list[Entry], int], list[Entry]]
"""An attack by somebody with the key file: it changes entries. The first `noted` existed when the head was noted."""


def grown(entries: Iterable[Entry], *, keys: KeyRing = KEYS) -> Trail:
    """Return the chain of these entries."""
    segments: dict[str, Segment] = {}
    lines: list[Linked] = []
    latest = None
    for entry in entries:
        over, latest, line = follow(keys, latest, entry=entry)
        segments |= {each.month: each for each in (over, latest) if each is not None}
        lines.append(line)
    return Trail(tuple(segments.values()), tuple(lines))


def without_first_month(trail: Trail, *, keys: KeyRing = KEYS) -> Trail:
    """Return the same chain after its first month was dropped."""
    first, *others = trail.segments
    dropped = sealed(keys, replace(first, dropped=MONTHS[-1]), is_open=False)
    return Trail((dropped, *others), tuple(line for line in trail.lines if line.month != first.month))


def happened(draw: random.Random) -> list[Entry]:
    """Return random entries of four months, at least two in each. Sometimes the clock goes back."""
    return [
        Entry(
            month + timedelta(hours=hour, days=-40 if hour and draw.random() < 0.05 else 0),
            f"{draw.randrange(2**32):08x}",
            draw.choice(WORDS),
            draw.choice(("", "BRISK OTTER 41", "CALM HERON 7")),
        )
        for month in MONTHS
        for hour in range(draw.randint(2, 6))
    ]


def some_trail(draw: random.Random) -> Trail:
    """Return a valid random chain. In half of the cases its first month was dropped."""
    trail = grown(happened(draw))
    return without_first_month(trail) if draw.random() < 0.5 else trail


def put(trail: Trail, place: int, *lines: Linked) -> Trail:
    """Return the chain with the entry at `place` replaced by these entries."""
    return replace(trail, lines=(*trail.lines[:place], *lines, *trail.lines[place + 1 :]))


def put_row(trail: Trail, place: int, *rows: Segment) -> Trail:
    """Return the chain with the row at `place` replaced by these rows."""
    return replace(trail, segments=(*trail.segments[:place], *rows, *trail.segments[place + 1 :]))


def line_in(draw: random.Random, trail: Trail) -> tuple[int, Linked]:
    """Return a random entry, and its position."""
    place = draw.randrange(len(trail.lines))
    return place, trail.lines[place]


def row_in(draw: random.Random, trail: Trail) -> tuple[int, Segment]:
    """Return a random month's row, and its position."""
    place = draw.randrange(len(trail.segments))
    return place, trail.segments[place]


def other_entry(draw: random.Random, entry: Entry | None) -> Entry:
    """Return a copy of the entry with one field changed."""
    assert entry is not None
    return draw.choice(
        (
            replace(entry, at=entry.at + timedelta(microseconds=draw.choice((-1, 1)))),
            replace(entry, who=f"{entry.who[:-1]}x"),
            replace(entry, what=draw.choice([word for word in WORDS if word != entry.what])),
            replace(entry, reference=f"{entry.reference} 1"),
        )
    )


def forgotten_end(draw: random.Random, entries: list[Entry], noted: int) -> list[Entry]:
    """Cut off the end, as if an older copy were restored."""
    return entries[: draw.randrange(noted)]


def retold_end(draw: random.Random, entries: list[Entry], noted: int) -> list[Entry]:
    """Change the entries at the end, and append more, so that the chain is longer."""
    left = draw.randrange(noted)
    return [*entries[:left], *(other_entry(draw, entry) for entry in entries[left:]), entries[-1], entries[-1]]


def retold_entry(draw: random.Random, entries: list[Entry], noted: int) -> list[Entry]:
    """Change an entry. The chain after it is then built again."""
    place = draw.randrange(noted)
    return [*entries[:place], other_entry(draw, entries[place]), *entries[place + 1 :]]


def left_out(draw: random.Random, entries: list[Entry], noted: int) -> list[Entry]:
    """Delete an entry. The chain after it is then built again."""
    place = draw.randrange(noted)
    return [*entries[:place], *entries[place + 1 :]]


def told_twice(draw: random.Random, entries: list[Entry], noted: int) -> list[Entry]:
    """Insert, before an entry, a copy with one field changed. The chain from there on is then built again."""
    place = draw.randrange(noted)
    return [*entries[:place], other_entry(draw, entries[place]), *entries[place:]]


WITH_KEY: tuple[Retelling, ...] = (forgotten_end, retold_end, retold_entry, left_out, told_twice)
