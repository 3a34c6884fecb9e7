"""What the audit can say, and whether its chain is whole: every fault in plain words, with what to do.

Without the key file nobody can change, cut or add to it unseen. What a look at the chain alone cannot find is an older
copy of all of it, put back, or a new chain made with the key file: for these, compare with a head noted elsewhere.
Of a head in the middle of a month that was dropped since, only the number can be compared.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING

from bot.runtime.errors import SettingsFault
from bot.trail.chain import (
    NO_LINK,
    Entry,
    Head,
    Linked,
    Segment,
    Trail,
    audit_month,
    head_of,
    is_genuine,
    link,
)

if TYPE_CHECKING:  # keys are handed in; a chat in the terminal has none, and need not import what seals
    from bot.crypto.sealing import KeyRing


__all__ = [
    "BOT",
    "NO_LINK",
    "OPERATOR",
    "AuditEvent",
    "AuditLook",
    "Head",
    "Linked",
    "Segment",
    "Trail",
    "head_of",
    "is_operator",
    "link",
    "look_at",
    "since",
    "verify_trail",
]

ADVICE = "Keep a copy of the database as it is, and compare it with the latest backup."
MONTH = re.compile(r"[0-9]{4}-(0[1-9]|1[0-2])")


OPERATOR = "operator"
"""Recorded as who acted, with their name after it, for what was done at the command line."""

ADMIN = "admin"
"""Recorded as what an administrator was invited."""

BOT = "bot"
"""Recorded as who acted, for what the bot did because its time had come."""


def is_operator(who: str) -> bool:
    """Return True if that is what is recorded of somebody at the command line, with or without a name."""
    word, _, _ = who.partition(" ")
    return word == OPERATOR


class AuditEvent(StrEnum):
    """What can happen; the audit knows no other words."""

    ADMITTED = "admitted"
    RENEWED = "renewed"
    ROLE_PRACTITIONER = "role-practitioner"
    ROLE_MANAGER = "role-manager"
    ROLE_TRAINER = "role-trainer"
    ROLE_AUDITOR = "role-auditor"
    LABELLED = "labelled"
    REMOVED = "removed"
    LOCKED = "locked"
    UNLOCKED = "unlocked"
    BARRED = "barred"
    NOTICE = "notice"
    PIN_CHOSEN = "pin-chosen"
    PANIC = "panic"
    CONFIRMED = "confirmed"
    BEGUN = "begun"
    FINISHED = "finished"
    DOCUMENT = "document"
    ERASED = "erased"
    ERASED_BY_TIME = "erased-by-time"
    ERASED_ON_REMOVAL = "erased-on-removal"
    HOLD_SET = "hold-set"
    HOLD_LIFTED = "hold-lifted"
    HOLD_EXPORTED = "hold-exported"
    PERSON_EXPORTED = "person-exported"
    CODE_READ = "code-read"
    CODE_REFUSED = "code-refused"
    KEYS_ROTATED = "keys-rotated"
    CODES_ROTATED = "codes-rotated"
    BACKUP_CREATED = "backup-created"
    BACKUP_RESTORED = "backup-restored"
    PEOPLE_CONFIRMED = "people-confirmed"
    INVITED = "invited"
    WITHDRAWN = "withdrawn"
    CONTACT_CONFIRMED = "contact-confirmed"
    CONTACT_UNCONFIRMED = "contact-unconfirmed"
    AUDIT_EXPORTED = "audit-exported"
    AUDIT_DROPPED = "audit-dropped"
    OUT_OF_STEP = "out-of-step"
    STORE_ACCEPTED = "store-accepted"
    WRONG_PIN = "wrong-pin"
    BREAK_GLASS = "break-glass"
    BREAK_GLASS_TOLD = "break-glass-told"
    BREAK_GLASS_USED = "break-glass-used"
    BREAK_GLASS_CALLED_OFF = "break-glass-called-off"
    SIGNED_IN = "signed-in"


ABOUT_BREAK_GLASS = frozenset(each for each in AuditEvent if each.startswith(AuditEvent.BREAK_GLASS)) | {
    AuditEvent.BACKUP_RESTORED
}
"""What tells whether an announcement that an administrator is made without a second person still stands."""


@dataclass(frozen=True, slots=True)
class AuditLook:
    """What was found of an audit that was gone through: its months, its faults, how many entries, the latest time in one, and the
    entries about an administrator who is to be made without a second person, and about restores, which end that; and whether it shows
    an administrator, or cannot rule out that there was one.
    """

    segments: tuple[Segment, ...]
    faults: tuple[str, ...]
    entries: int
    latest: datetime | None
    break_glass: tuple[Entry, ...] = ()
    had_administrator: bool = False

    @property
    def head(self) -> Head:
        """The head of all."""
        return head_of(Trail(self.segments, ()))


def verify_trail(keys: "KeyRing", trail: Trail, *, anchor: Head | None = None) -> tuple[str, ...]:
    """Return every fault of the trail, none when it is whole; `anchor` is a head that was noted earlier, elsewhere."""
    return look_at(keys, trail, anchor=anchor).faults


def look_at(keys: "KeyRing", trail: Trail, *, anchor: Head | None = None) -> AuditLook:
    """Return the faults of the trail, and how much there is. Each entry is read once, and none is kept in memory."""
    months = {each.month: _Month(keys, each) for each in trail.segments if each.dropped is None}
    homeless, noted, count, latest = list[str](), None, 0, None
    glass, leaders = list[Entry](), _Leaders()
    for line in trail.lines:
        count += 1
        leaders.take(line.entry)
        if line.entry is not None:
            latest = max(line.entry.at, latest or line.entry.at)
            glass += [line.entry] if line.entry.what in ABOUT_BREAK_GLASS else []
        if line.month in months:
            months[line.month].take(line)
        else:
            homeless.append(f"Entry {line.number} stands in a month that is not there or was dropped.")
        if anchor is not None and line.number == anchor.number:
            noted = line.link
    faults = [*_in_months(keys, trail.segments), *homeless]
    for month in months.values():
        faults += month.ended()
    if anchor is not None:
        faults += _against(trail, anchor, found=noted)
    told = tuple(f"{fault} {ADVICE}" for fault in faults)
    return AuditLook(trail.segments, told, count, latest, tuple(glass), leaders.were_any)


def month_name(month: str) -> str:
    """Return the month, or what to call a row that carries no such name; what was written there is not repeated."""
    return month if MONTH.fullmatch(month) else "a month without a proper name"


def since(trail: Trail, head: Head) -> tuple[Linked, ...]:
    """Return the entries after that of a head; raise `SettingsFault` if this chain does not know the head, or more was dropped since."""
    noted = next((line.link for line in trail.lines if line.number == head.number), None)
    if any(_against(trail, head, found=noted)):
        raise SettingsFault(
            "This audit does not know that head: it was copied wrongly, is another store's, or was printed before a backup was"
            " restored. Look with `seraf-bot audit verify --anchor HEAD`. Then export all of it: without --since."
        )
    if any(each.dropped is not None and head.number < each.last for each in trail.segments):
        raise SettingsFault(
            "Entries after that head were dropped when their time was over, so that what follows is not all of it. Export what"
            " is there: without --since. Export more often than every SERAF_AUDIT_MONTHS."
        )
    return tuple(line for line in trail.lines if line.number > head.number)


def _in_months(keys: "KeyRing", segments: tuple[Segment, ...]) -> Iterator[str]:
    """Yield faults in the months: changed, removed, added, or dropped in the wrong order."""
    before = Segment("", 1, 0, NO_LINK, NO_LINK, None)
    is_kept = False
    for segment in segments:
        name, is_last = month_name(segment.month), segment is segments[-1]
        if not is_genuine(keys, segment, is_open=is_last):
            yield f"The row of {name} was changed, or one after it was removed: its seal does not fit."
        if (segment.first, segment.start) != (before.last + 1, before.head) or segment.month <= before.month:
            yield f"{name} does not go on where the month before it ended: a month was changed, removed or put in."
        if segment.dropped is None:
            is_kept = True
        elif is_kept or is_last or audit_month(segment.dropped) <= segment.month:
            yield f"{name} is marked as dropped out of turn: only the oldest months are ever dropped."
        before = segment


class _Leaders:
    """Whether an administrator was let in or confirmed something, or whether that cannot be ruled out, since entries are missing."""

    def __init__(self) -> None:
        self._invited = dict[str, str]()
        self.were_any = False

    def take(self, entry: Entry | None) -> None:
        """Look at the next entry; None is one that does not open."""
        if entry is None or entry.what in (AuditEvent.CONFIRMED, AuditEvent.AUDIT_DROPPED):
            self.were_any = True
        elif entry.what == AuditEvent.INVITED:
            self._invited[entry.reference] = entry.role
        elif entry.what == AuditEvent.ADMITTED:
            # Nobody invited a first administrator; and an earlier release did not note as what somebody was invited.
            self.were_any |= (entry.role or self._invited.get(entry.who, "")) in ("", ADMIN)


class _Month:
    """Faults in the entries of one month: changed, removed, added or moved. After each fault the check goes on with the next entry."""

    def __init__(self, keys: "KeyRing", segment: Segment) -> None:
        self._keys, self._segment = keys, segment
        self._number, self._before = segment.first - 1, segment.start
        self._faults: list[str] = []

    def take(self, line: Linked) -> None:
        """Look at the next entry of the month."""
        if line.number != self._number + 1:
            name = month_name(self._segment.month)
            self._faults.append(f"Entry {self._number + 1} of {name} is not there: the next one is {line.number}.")
        if line.entry is None:
            self._faults.append(f"Entry {line.number} does not open: it was changed or moved.")
        elif line.link != link(self._keys, self._before, number=line.number, entry=line.entry):
            self._faults.append(f"Entry {line.number} does not follow from the one before: one was changed or removed.")
        elif not _fits(line, self._segment):
            name = month_name(self._segment.month)
            self._faults.append(f"Entry {line.number} stands in {name}, to which it does not belong.")
        self._number, self._before = line.number, line.link

    def ended(self) -> tuple[str, ...]:
        """Return what was found, once there is no further entry."""
        segment = self._segment
        if (self._number, self._before) == (segment.last, segment.head):
            return tuple(self._faults)
        name = month_name(segment.month)
        return (
            *self._faults,
            f"{name} does not end as its row says, with entry {segment.last}: its end was changed or cut.",
        )


def _fits(line: Linked, segment: Segment) -> bool:
    """Return True if an entry belongs to its month: the first opens it, a later one may be of an earlier month if the clock went back."""
    assert line.entry is not None
    month = audit_month(line.entry.at)
    return month == segment.month if line.number == segment.first else month <= segment.month


def _against(trail: Trail, anchor: Head, *, found: bytes | None) -> Iterator[str]:
    """Yield where the trail does not match the recorded head; `found` is the link of that entry, where it is kept."""
    # The head of a dropped month stands in its row, which stays: of the entries before it there is only the number.
    known = {0: NO_LINK, **{each.last: each.head for each in trail.segments if each.dropped is not None}}
    there = known.get(anchor.number) if found is None else found
    if there is not None:
        if there != anchor.link:
            yield f"Entry {anchor.number} is not the one whose head was noted: it, or one before it, was replaced."
    elif anchor.number > head_of(trail).number:
        yield f"The audit ends before entry {anchor.number}, whose head was noted: its end was cut off."
    elif not any(each.dropped and each.first <= anchor.number <= each.last for each in trail.segments):
        yield f"Entry {anchor.number}, whose head was noted, is not there."
