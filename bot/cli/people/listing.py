"""The list of people and of open invitations as lines that fit a terminal of 80 signs, whatever roles and names there are."""

from collections.abc import Iterable, Iterator
from datetime import datetime

from bot.access.standing import Access, Removed, Terms, standing_of
from bot.cli.frame.plain import hour, short
from bot.cli.frame.roll import Known
from bot.cli.people.inviting import Offer
from dialogs.locked.gate import Standing

PEOPLE = (("Id", 8), ("Role", 12), ("Standing", 8), ("Admitted until", 14), ("Last active", 18), ("Held", 4))
OFFERS = (("Id", 8), ("Role", 12), ("Counts until", 18))
"""Columns, and how wide what stands in them can be."""

NEVER = "not yet"
BESIDE = " " * 10
"""What stands before the second line of an entry, below the role."""

Columns = tuple[tuple[str, int], ...]


def people_lines(everybody: Iterable[Known], now: datetime, *, terms: Terms, has_numbers: bool) -> Iterator[str]:
    """The heads, then everybody; those who were removed at the end. Telegram numbers only where they were asked for."""
    yield _line(PEOPLE, (head for head, _ in PEOPLE))
    for known in sorted(everybody, key=lambda each: isinstance(each.access, Removed)):
        yield _line(PEOPLE, _cells(known, now, terms=terms))
        named = [known.access.name] if isinstance(known.access, Access) and known.access.name else []
        numbered = [known.account] if has_numbers else []
        if beside := ", ".join((*named, *numbered)):
            yield BESIDE + beside


def offer_lines(offers: Iterable[Offer]) -> Iterator[str]:
    """The heads, then every invitation that is open."""
    yield _line(OFFERS, (head for head, _ in OFFERS))
    for offer in offers:
        yield _line(OFFERS, (offer.invitation.who, offer.invitation.role, _moment(offer.until)))
        if offer.invitation.name:
            yield BESIDE + offer.invitation.name


def _cells(known: Known, now: datetime, *, terms: Terms) -> tuple[str, ...]:
    held = "yes" if known.access.held else "no"
    access, active = known.access, known.record.active
    if isinstance(access, Removed):
        return known.who, "", "removed", "", "", held
    if not isinstance(access, Access):
        return "", "", "newer version", "", "", held
    standing = standing_of(access, now, terms=terms)
    said = "admitted" if standing is Standing.OPEN else str(standing)
    return access.who, access.role, said, short(access.until), _moment(active) if active else NEVER, held


def _line(columns: Columns, cells: Iterable[str]) -> str:
    """Cells, each as wide as its column."""
    padded = [cell.ljust(width) for cell, (_, width) in zip(cells, columns, strict=True)]
    return "  ".join(padded).rstrip()


def _moment(at: datetime) -> str:
    return f"{short(at)} {hour(at)}"
