"""One line of the audit. It holds who did what and when, and has no place for what was answered."""

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from bot.runtime.clock import aware, to_micros
from bot.runtime.errors import SettingsFault

if TYPE_CHECKING:
    from bot.crypto.sealing import KeyRing


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of the audit: when, who (a random id, or "operator"), what, which reference, and as what somebody was invited or let in
    (`role`); never content.
    """

    at: datetime
    who: str
    what: str
    reference: str = ""
    role: str = ""

    def __post_init__(self) -> None:
        aware(self.at)


NO_LINK = bytes(32)
"""The link before the very first entry."""

_HEAD = re.compile(r"([0-9]{1,18}):([0-9a-f]{64})")


@dataclass(frozen=True, slots=True)
class Linked:
    """An entry in its place, in the month that keeps it; `entry` is None where the sealed value does not open."""

    number: int
    month: str
    entry: Entry | None
    link: bytes


@dataclass(frozen=True, slots=True)
class Segment:
    """A month: its entries by number, the link before them and the last one's, and when they were dropped.

    `seal` is a keyed hash over all of it, so that nobody without the key file can make a month or shorten one.
    """

    month: str
    first: int
    count: int
    start: bytes
    head: bytes
    dropped: datetime | None
    seal: bytes = b""

    @property
    def last(self) -> int:
        """The number of its last entry."""
        return self.first + self.count - 1


@dataclass(frozen=True, slots=True)
class Trail:
    """The months, oldest first, and the entries that are kept, by number; where there may be many, they are read as they are used."""

    segments: tuple[Segment, ...]
    lines: Sequence[Linked]


@dataclass(frozen=True, slots=True)
class Head:
    """The number of the last entry and its link: noted elsewhere, it later shows that nothing before it was changed."""

    number: int
    link: bytes

    def __str__(self) -> str:
        return f"{self.number}:{self.link.hex()}"

    @classmethod
    def parse(cls, text: str) -> "Head":
        """Return the head as it was printed; `SettingsFault` for anything else."""
        found = _HEAD.fullmatch(text.strip().lower())
        if found is None:
            raise SettingsFault("That is no head of the audit: copy it whole, a number, a colon and 64 signs 0-9 a-f.")
        return cls(int(found[1]), bytes.fromhex(found[2]))


def head_of(trail: Trail) -> Head:
    """Return the head of all; number 0 while there is no entry."""
    return Head(trail.segments[-1].last, trail.segments[-1].head) if trail.segments else Head(0, NO_LINK)


def entry_bytes(entry: Entry) -> bytes:
    """Return an entry as it is sealed and linked: JSON in one form only."""
    # Without a role as it was before there was one: the links of earlier entries stay what they are.
    role = [entry.role] if entry.role else []
    said = [to_micros(entry.at), entry.who, entry.what, entry.reference, *role]
    return json.dumps(said, separators=(",", ":")).encode()


def link(keys: "KeyRing", before: bytes, *, number: int, entry: Entry) -> bytes:
    """Return the link of an entry: a keyed hash over the link before it, its number and what it says."""
    return keys.lasting("audit", before.hex(), str(number), entry_bytes(entry).decode())


def audit_month(moment: datetime) -> str:
    """Return the month of a moment in UTC, such as 2026-11."""
    return f"{moment.astimezone(UTC):%Y-%m}"


def sealed(keys: "KeyRing", segment: Segment, *, is_open: bool) -> Segment:
    """Return the month with its seal; an open one is the latest, so that it shows when those after it were removed."""
    dropped = "" if segment.dropped is None else str(to_micros(segment.dropped))
    numbers = (str(segment.first), str(segment.count), "open" if is_open else "closed", dropped)
    links = (segment.start.hex(), segment.head.hex())
    return replace(segment, seal=keys.lasting("audit-segment", segment.month, *numbers, *links))


def is_genuine(keys: "KeyRing", segment: Segment, *, is_open: bool) -> bool:
    """Return True if the month is as it was sealed."""
    return segment.seal == sealed(keys, segment, is_open=is_open).seal


def follow(keys: "KeyRing", latest: Segment | None, *, entry: Entry) -> tuple[Segment | None, Segment, Linked]:
    """Return the latest month where it has just ended, the month with the new entry, and the entry in its place.

    A later month begins a segment; a clock that went back does not. A month that was changed from outside is never
    sealed again: the next entry would hide the change.
    """
    month = audit_month(entry.at)
    is_sound = latest is None or is_genuine(keys, latest, is_open=True)
    if latest is None:
        return None, *_grown(keys, Segment(month, 1, 0, NO_LINK, NO_LINK, None), entry=entry, is_sound=True)
    if month <= latest.month:
        return None, *_grown(keys, latest, entry=entry, is_sound=is_sound)
    # A month that is not genuine is closed without a seal, so the change stays visible for good.
    over = sealed(keys, latest, is_open=False) if is_sound else replace(latest, seal=b"")
    fresh = Segment(month, latest.last + 1, 0, latest.head, latest.head, None)
    return over, *_grown(keys, fresh, entry=entry, is_sound=True)


def _grown(keys: "KeyRing", segment: Segment, *, entry: Entry, is_sound: bool) -> tuple[Segment, Linked]:
    number = segment.last + 1
    line = Linked(number, segment.month, entry, link(keys, segment.head, number=number, entry=entry))
    grown = replace(segment, count=segment.count + 1, head=line.link, seal=b"")
    return (sealed(keys, grown, is_open=True) if is_sound else grown), line
