"""The chain of the audit. Its entries have no field for answers; keyed hashes link them, and another one protects each month."""

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
    """An entry of the audit: when, who (a random id, an operator or “bot”), what, about which reference, and any role given.

    `whom` is the id of the other person whom it is about, where a case is shared.
    """

    at: datetime
    who: str
    what: str
    reference: str = ""
    role: str = ""
    whom: str = ""

    def __post_init__(self) -> None:
        aware(self.at)


NO_LINK = bytes(32)  # the link before the first entry


@dataclass(frozen=True, slots=True)
class Linked:
    """An entry with its number, month and link. If it cannot be decrypted, `entry` is None."""

    number: int
    month: str
    entry: Entry | None
    link: bytes


@dataclass(frozen=True, slots=True)
class Segment:
    """A month of the audit. `start` is the link before its first entry, `head` that of its last; `dropped` is when they were deleted.

    `seal` is a keyed hash over all fields, so that nobody without the key file can add or shorten a month.
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
        """The number of this month's last entry."""
        return self.first + self.count - 1


@dataclass(frozen=True, slots=True)
class Trail:
    """The whole audit: its months, the oldest first, and its entries in order, which may be read from the store while they are used."""

    segments: tuple[Segment, ...]
    lines: Sequence[Linked]


@dataclass(frozen=True, slots=True)
class Head:
    """The number and link of the audit's last entry. Noted elsewhere, it proves later that no entry up to it was changed."""

    number: int
    link: bytes

    def __str__(self) -> str:
        return f"{self.number}:{self.link.hex()}"

    @classmethod
    def parse(cls, text: str) -> "Head":
        """Return the head from this text, as it was printed. Raise `SettingsFault` if the text is not a head."""
        match = re.fullmatch(r"([0-9]{1,18}):([0-9a-f]{64})", text.strip().lower())
        if match is None:
            raise SettingsFault("That is no head of the audit: copy it whole, a number, a colon and 64 signs 0-9 a-f.")
        return cls(int(match[1]), bytes.fromhex(match[2]))


def head_of(trail: Trail) -> Head:
    """Return the head of the audit. If it has no entry, the head's number is 0."""
    return Head(trail.segments[-1].last, trail.segments[-1].head) if trail.segments else Head(0, NO_LINK)


def entry_bytes(entry: Entry) -> bytes:
    """Return an entry as canonical JSON, from which it is encrypted and its link computed."""
    # What is empty at the end is left out, as before there were roles: so the links of earlier entries stay valid.
    later = [entry.role, entry.whom] if entry.whom else [entry.role] if entry.role else []
    fields = [to_micros(entry.at), entry.who, entry.what, entry.reference, *later]
    return json.dumps(fields, separators=(",", ":")).encode()


def link(keys: "KeyRing", before: bytes, *, number: int, entry: Entry) -> bytes:
    """Return the link of an entry, which is a keyed hash over the link before it, its number and its fields."""
    return keys.lasting("audit", before.hex(), str(number), entry_bytes(entry).decode())


def audit_month(moment: datetime) -> str:
    """Return the month of this time in UTC, such as 2026-11."""
    return f"{moment.astimezone(UTC):%Y-%m}"


def sealed(keys: "KeyRing", segment: Segment, *, is_open: bool) -> Segment:
    """Return the month with its `seal`. Only the latest month is marked as open, so that the removal of later months is noticed."""
    dropped = "" if segment.dropped is None else str(to_micros(segment.dropped))
    numbers = (str(segment.first), str(segment.count), "open" if is_open else "closed", dropped)
    links = (segment.start.hex(), segment.head.hex())
    return replace(segment, seal=keys.lasting("audit-segment", segment.month, *numbers, *links))


def is_genuine(keys: "KeyRing", segment: Segment, *, is_open: bool) -> bool:
    """Return True if the month's `seal` matches its other fields."""
    return segment.seal == sealed(keys, segment, is_open=is_open).seal


def follow(keys: "KeyRing", latest: Segment | None, *, entry: Entry) -> tuple[Segment | None, Segment, Linked]:
    """Return the latest month, closed, if the entry begins a new one, or None; the entry's month; and the linked entry.

    An entry of a later month begins a segment; one of an earlier month, after a clock was set back, does not. A
    month that was changed from outside gets no `seal` again, since that would hide the change.
    """
    month, over = audit_month(entry.at), None
    segment = latest or Segment(month, 1, 0, NO_LINK, NO_LINK, None)
    is_sound = latest is None or is_genuine(keys, latest, is_open=True)
    if latest is not None and month > latest.month:
        # A month that is not genuine is closed without a seal, so that the change stays visible.
        over = sealed(keys, latest, is_open=False) if is_sound else replace(latest, seal=b"")
        segment, is_sound = Segment(month, latest.last + 1, 0, latest.head, latest.head, None), True
    number = segment.last + 1
    line = Linked(number, segment.month, entry, link(keys, segment.head, number=number, entry=entry))
    grown = replace(segment, count=segment.count + 1, head=line.link, seal=b"")
    return over, (sealed(keys, grown, is_open=True) if is_sound else grown), line
