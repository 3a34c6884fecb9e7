"""Attacks on the audit, a chain of entries, by somebody who can write to its database but has no key file."""

import random
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

from bot.crypto.sealing import KeyRing
from bot.trail.chain import NO_LINK, Segment, Trail
from tests.support.store.trails import MONTHS, grown, line_in, other_entry, put, put_row, row_in

Tamper = Callable[[random.Random, Trail], Trail]


def changed_entry(draw: random.Random, trail: Trail) -> Trail:
    """Change an entry."""
    place, line = line_in(draw, trail)
    return put(trail, place, replace(line, entry=other_entry(draw, line.entry)))


def changed_link(draw: random.Random, trail: Trail) -> Trail:
    """Flip a bit of the link that connects an entry with the one before it."""
    place, line = line_in(draw, trail)
    bit = 1 << draw.randrange(256)
    return put(trail, place, replace(line, link=(int.from_bytes(line.link, "big") ^ bit).to_bytes(32, "big")))


def closed_entry(draw: random.Random, trail: Trail) -> Trail:
    """Damage an encrypted entry, so that it cannot be decrypted."""
    place, line = line_in(draw, trail)
    return put(trail, place, replace(line, entry=None))


def removed_entry(draw: random.Random, trail: Trail) -> Trail:
    """Delete an entry."""
    return put(trail, draw.randrange(len(trail.lines)))


def renumbered(trail: Trail, place: int, by: int) -> Trail:
    """Change the numbers of all entries from `place` on by `by`, as if entries had been added or removed there."""
    month = trail.lines[place - (by < 0)].month
    at = [row.month for row in trail.segments].index(month)
    rows = [
        replace(row, count=row.count + by) if spot == at else replace(row, first=row.first + (by if spot > at else 0))
        for spot, row in enumerate(trail.segments)
    ]
    lines = [replace(line, number=line.number + by) if spot >= place else line for spot, line in enumerate(trail.lines)]
    return Trail(tuple(rows), tuple(lines))


def removed_and_renumbered(draw: random.Random, trail: Trail) -> Trail:
    """Delete an entry, and renumber all entries after it."""
    place = draw.randrange(1, len(trail.lines))
    return put(renumbered(trail, place, -1), place - 1)


def inserted(draw: random.Random, trail: Trail) -> Trail:
    """Insert an entry, and renumber all entries after it."""
    place, line = line_in(draw, trail)
    entry = draw.choice((line.entry, other_entry(draw, line.entry)))
    new = replace(line, entry=entry, link=draw.choice((line.link, draw.randbytes(32))))
    later = renumbered(trail, place, 1)
    return replace(later, lines=(*later.lines[:place], new, *later.lines[place:]))


def swapped(draw: random.Random, trail: Trail) -> Trail:
    """Exchange two entries, with or without their links."""
    one, other = sorted(draw.sample(range(len(trail.lines)), 2))
    first, second = trail.lines[one], trail.lines[other]
    links = draw.choice(((first.link, second.link), (second.link, first.link)))
    moved = replace(first, entry=second.entry, link=links[0]), replace(second, entry=first.entry, link=links[1])
    return put(put(trail, one, moved[0]), other, moved[1])


def cut(draw: random.Random, trail: Trail) -> Trail:
    """Delete some of the last entries."""
    return replace(trail, lines=trail.lines[: draw.randrange(len(trail.lines))])


def cut_with_row(draw: random.Random, trail: Trail) -> Trail:
    """Delete the last entries, and let the month's row end with the genuine link of the new last entry."""
    *_, row = trail.segments
    left = draw.randrange(1, row.count)
    lines = trail.lines[: len(trail.lines) - row.count + left]
    return replace(put_row(trail, len(trail.segments) - 1, replace(row, count=left, head=lines[-1].link)), lines=lines)


def cut_months(draw: random.Random, trail: Trail) -> Trail:
    """Delete the last months, with their rows and entries."""
    rows = trail.segments[: draw.randrange(1, len(trail.segments))]
    return Trail(rows, tuple(line for line in trail.lines if line.number <= rows[-1].last))


def cut_start(draw: random.Random, trail: Trail) -> Trail:
    """Delete the first months, with their rows and entries."""
    rows = trail.segments[draw.randrange(1, len(trail.segments)) :]
    return Trail(rows, tuple(line for line in trail.lines if line.number >= rows[0].first))


def removed_row(draw: random.Random, trail: Trail) -> Trail:
    """Delete the row of a month, with or without its entries."""
    place, row = row_in(draw, trail)
    lines = trail.lines if draw.random() < 0.5 else tuple(line for line in trail.lines if line.month != row.month)
    return put_row(replace(trail, lines=lines), place)


def forged_row(draw: random.Random, trail: Trail) -> Trail:
    """Change the row of a month."""
    place, row = row_in(draw, trail)
    step = draw.choice((-(10**18), -1, 1, 10**18))
    forged = (
        replace(row, month=draw.choice(("2025-12", "2026-05", "9999-12", "x"))),
        replace(row, first=row.first + step),
        replace(row, count=row.count + step),
        replace(row, start=draw.randbytes(32)),
        replace(row, head=draw.randbytes(draw.choice((0, 31, 32)))),
        replace(row, dropped=(row.dropped or MONTHS[-1]) + timedelta(seconds=1)),
        replace(row, dropped=None, seal=draw.randbytes(32)),
        replace(row, seal=b""),
    )
    return put_row(trail, place, draw.choice(forged))


def added_row(draw: random.Random, trail: Trail) -> Trail:
    """Add the row of a month, before or after all others."""
    first, last = trail.segments[0], trail.segments[-1]
    after = Segment("2026-09", last.last + 1, 0, last.head, last.head, None, draw.choice((b"", last.seal)))
    before = Segment("2025-12", 1, 0, NO_LINK, NO_LINK, MONTHS[-1], first.seal)
    rows = draw.choice(((*trail.segments, after), (before, *trail.segments)))
    return replace(trail, segments=rows)


def moved_border(draw: random.Random, trail: Trail) -> Trail:
    """Move the last entry of a month to the next month, and change the rows of both."""
    kept = [place for place, row in enumerate(trail.segments[:-1]) if row.dropped is None]
    place = draw.choice(kept)
    row, later = trail.segments[place : place + 2]
    lines = [replace(line, month=later.month) if line.number == row.last else line for line in trail.lines]
    head = next(line.link for line in lines if line.number == row.last - 1)
    shorter = replace(row, count=row.count - 1, head=head)
    longer = replace(later, first=later.first - 1, count=later.count + 1, start=head)
    return Trail(put_row(put_row(trail, place, shorter), place + 1, longer).segments, tuple(lines))


def moved_line(draw: random.Random, trail: Trail) -> Trail:
    """Assign an entry to another month."""
    place, line = line_in(draw, trail)
    months = [row.month for row in trail.segments if row.month != line.month]
    return put(trail, place, replace(line, month=draw.choice([*months, "x"])))


def marked_dropped(draw: random.Random, trail: Trail) -> Trail:
    """Mark a month as dropped, with or without its entries."""
    place = draw.choice([place for place, row in enumerate(trail.segments) if row.dropped is None])
    row = trail.segments[place]
    lines = trail.lines if draw.random() < 0.5 else tuple(line for line in trail.lines if line.month != row.month)
    return put_row(replace(trail, lines=lines), place, replace(row, dropped=MONTHS[-1] + timedelta(days=40)))


def made_anew_without_key(draw: random.Random, trail: Trail) -> Trail:
    """Build the whole chain again, with another key."""
    return grown([line.entry for line in trail.lines if line.entry is not None], keys=KeyRing.fresh())


def added_at_end(draw: random.Random, trail: Trail) -> Trail:
    """Append an entry, and change the month's row to match."""
    *_, row = trail.segments
    line = trail.lines[-1]
    new = replace(line, number=line.number + 1, link=draw.choice((line.link, draw.randbytes(32))))
    longer = put_row(trail, len(trail.segments) - 1, replace(row, count=row.count + 1, head=new.link))
    return replace(longer, lines=(*trail.lines, new))


WITHOUT_KEY: tuple[Tamper, ...] = (
    changed_entry,
    changed_link,
    closed_entry,
    removed_entry,
    removed_and_renumbered,
    inserted,
    swapped,
    cut,
    cut_with_row,
    cut_months,
    cut_start,
    removed_row,
    forged_row,
    added_row,
    moved_border,
    moved_line,
    marked_dropped,
    made_anew_without_key,
    added_at_end,
)
