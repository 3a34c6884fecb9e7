"""The events of the audit, and the verification of its chain. Each fault is described in plain words, with what to do.

Nobody without the key file can change, cut or extend the audit unnoticed. The chain alone does not reveal an older
copy of the whole audit, or a new chain made with the key file: to find these, compare it with a head that was noted
elsewhere. If that head is in the middle of a month whose entries were deleted since, only its number can be compared.
"""

import os
import pwd
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING

from bot.runtime.errors import SettingsFault
from bot.trail.chain import NO_LINK, Entry, Head, Linked, Segment, Trail, audit_month, head_of, is_genuine, link

if TYPE_CHECKING:  # a chat in the terminal has neither, and need not import the ciphers
    from bot.crypto.sealing import KeyRing
    from bot.runtime.settings import LocalSettings

ADVICE = "Keep a copy of the database as it is, and compare it with the latest backup."
MONTH = re.compile(r"[0-9]{4}-(0[1-9]|1[0-2])")

OPERATOR = "operator"  # together with their name, the `who` of entries by somebody at the command line
BOT = "bot"  # the `who` of entries about what the bot does without anybody's act


def is_operator(who: str) -> bool:
    """Return True if this is the `who` of an entry by an operator at the command line."""
    return who.partition(" ")[0] == OPERATOR


def operator_of(settings: "LocalSettings") -> str:
    """Return the operator's name in the audit, such as “operator anna”, which never looks like the random id of a person."""
    try:
        account = os.getlogin()  # who logged in, also behind `sudo -u`
    except OSError:
        try:
            account = pwd.getpwuid(os.getuid()).pw_name
        except KeyError:  # a container's number without a name
            account = str(os.getuid())
    return f"{OPERATOR} {re.sub(r'[^A-Za-z0-9._-]', '_', settings.operator or account)[:32]}"


class AuditEvent(StrEnum):
    """The events that the audit can record."""

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
    CONSOLE_LINKED = "console-linked"
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
    STORE_MOVED = "store-moved"
    STORE_REOPENED = "store-reopened"
    WRONG_PIN = "wrong-pin"
    BREAK_GLASS = "break-glass"
    BREAK_GLASS_TOLD = "break-glass-told"
    BREAK_GLASS_USED = "break-glass-used"
    BREAK_GLASS_CALLED_OFF = "break-glass-called-off"
    SIGNED_IN = "signed-in"
    TEAM_CHANGED = "team-changed"
    ON_CALL = "on-call"
    ASKED_LOOK = "asked-look"
    ASKED_HAND = "asked-hand"
    CODE_MADE = "code-made"
    CODE_TYPED = "code-typed"
    CODE_WRONG = "code-wrong"
    LOOK_CONFIRMED = "look-confirmed"
    LOOK_REFUSED = "look-refused"
    OPENED = "opened"
    READ = "read"
    VIEWED = "viewed"
    DECLINED = "declined"
    LOOK_ENDED = "look-ended"
    TAKEN = "taken"
    HANDED_ALL = "handed-all"


@dataclass(frozen=True, slots=True)
class AuditLook:
    """The result of verifying an audit: its months, its faults, how many entries it has, and the time of the latest.

    `break_glass` has the entries about making an administrator without a second person, and about restores,
    which end that. `had_administrator` is True if the audit shows an administrator, or cannot rule one out.
    """

    segments: tuple[Segment, ...]
    faults: tuple[str, ...]
    entries: int
    latest: datetime | None
    break_glass: tuple[Entry, ...] = ()
    had_administrator: bool = False

    @property
    def head(self) -> Head:
        """The number and the link of the audit's last entry."""
        return head_of(Trail(self.segments, ()))


def verify_trail(keys: "KeyRing", trail: Trail, *, anchor: Head | None = None) -> tuple[str, ...]:
    """Return all faults of the audit. `anchor` is a head that was noted elsewhere, or None."""
    return look_at(keys, trail, anchor=anchor).faults


def look_at(keys: "KeyRing", trail: Trail, *, anchor: Head | None = None) -> AuditLook:
    """Verify the audit, also against a head that was noted elsewhere (`anchor`), and return the result. Entries do not stay in memory."""
    months = {segment.month: _Month(keys, segment) for segment in trail.segments if segment.dropped is None}
    homeless, noted, count, latest = list[str](), None, 0, None
    glass, invited, had_administrator = list[Entry](), dict[str, str](), False
    for line in trail.lines:
        count += 1
        entry = line.entry
        if entry is not None:
            latest = max(entry.at, latest or entry.at)
            if entry.what.startswith(AuditEvent.BREAK_GLASS) or entry.what == AuditEvent.BACKUP_RESTORED:
                glass.append(entry)
        # Missing entries cannot rule an administrator out.
        if entry is None or entry.what in (AuditEvent.CONFIRMED, AuditEvent.AUDIT_DROPPED):
            had_administrator = True
        elif entry.what == AuditEvent.INVITED:
            invited[entry.reference] = entry.role
        elif entry.what == AuditEvent.ADMITTED:
            # A first administrator has no invitation, and earlier releases did not record the role of an invitation.
            had_administrator |= (entry.role or invited.get(entry.who, "")) in ("", "admin")
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
    advised = tuple(f"{fault} {ADVICE}" for fault in faults)
    return AuditLook(trail.segments, advised, count, latest, tuple(glass), had_administrator)


def month_name(month: str) -> str:
    """Return the month if it is well-formed, otherwise a phrase, so that a message does not quote what somebody wrote into a row."""
    return month if MONTH.fullmatch(month) else "a month without a proper name"


def since(trail: Trail, head: Head) -> tuple[Linked, ...]:
    """Return the entries after this head. Raise `SettingsFault` if the audit does not have it, or if later entries were dropped."""
    noted = next((line.link for line in trail.lines if line.number == head.number), None)
    if any(_against(trail, head, found=noted)):
        raise SettingsFault(
            "This audit does not know that head: it was copied wrongly, is another store's, or was printed before a backup was"
            " restored. Look with `seraf-bot audit verify --anchor HEAD`. Then export all of it: without --since."
        )
    if any(segment.dropped is not None and head.number < segment.last for segment in trail.segments):
        raise SettingsFault(
            "Entries after that head were dropped when their time was over, so that what follows is not all of it. Export what"
            " is there: without --since. Export more often than every SERAF_AUDIT_MONTHS."
        )
    return tuple(line for line in trail.lines if line.number > head.number)


def _in_months(keys: "KeyRing", segments: tuple[Segment, ...]) -> Iterator[str]:
    """Yield the faults of the months themselves: changed, removed, added, or dropped in the wrong order."""
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


class _Month:
    """The verification of one month's entries. It finds those that were changed, removed, added or moved."""

    def __init__(self, keys: "KeyRing", segment: Segment) -> None:
        self._keys, self._segment = keys, segment
        self._number, self._before = segment.first - 1, segment.start
        self._faults: list[str] = []

    def take(self, line: Linked) -> None:
        """Verify the next entry of this month."""
        name = month_name(self._segment.month)
        if line.number != self._number + 1:
            self._faults.append(f"Entry {self._number + 1} of {name} is not there: the next one is {line.number}.")
        if line.entry is None:
            self._faults.append(f"Entry {line.number} does not open: it was changed or moved.")
        elif line.link != link(self._keys, self._before, number=line.number, entry=line.entry):
            self._faults.append(f"Entry {line.number} does not follow from the one before: one was changed or removed.")
        else:
            # The first entry opens its month; a later one may be of an earlier month if the clock went back.
            month, own = audit_month(line.entry.at), self._segment.month
            if month > own or (month < own and line.number == self._segment.first):
                self._faults.append(f"Entry {line.number} stands in {name}, to which it does not belong.")
        self._number, self._before = line.number, line.link

    def ended(self) -> tuple[str, ...]:
        """Return the faults of this month. Callers pass all its entries to `take` before they call this."""
        segment, name = self._segment, month_name(self._segment.month)
        if (self._number, self._before) != (segment.last, segment.head):
            fault = f"{name} does not end as its row says, with entry {segment.last}: its end was changed or cut."
            self._faults.append(fault)
        return tuple(self._faults)


def _against(trail: Trail, anchor: Head, *, found: bytes | None) -> Iterator[str]:
    """Yield a fault if the audit does not match the noted head. `found` is the link of that entry, or None if it was dropped."""
    # The row of a dropped month has the link of its last entry alone: of the earlier ones only the number is known.
    dropped = [segment for segment in trail.segments if segment.dropped is not None]
    known = {0: NO_LINK, **{segment.last: segment.head for segment in dropped}}
    there = known.get(anchor.number) if found is None else found
    if there is not None:
        if there != anchor.link:
            yield f"Entry {anchor.number} is not the one whose head was noted: it, or one before it, was replaced."
    elif anchor.number > head_of(trail).number:
        yield f"The audit ends before entry {anchor.number}, whose head was noted: its end was cut off."
    elif not any(segment.first <= anchor.number <= segment.last for segment in dropped):
        yield f"Entry {anchor.number}, whose head was noted, is not there."


DELAY, LASTS = timedelta(hours=24), timedelta(days=7)
"""How long after the last notification the code may be made at the earliest, and after the announcement at the latest."""


@dataclass(frozen=True, slots=True)
class Announcement:
    """An operator's announcement of an administrator without a second person: who and when, and the last person's notification."""

    by: str
    at: datetime
    told: datetime | None = None

    @property
    def opens(self) -> datetime:
        """The time from which the administrator's code may be made, if nobody else has to be notified."""
        return max(self.at, self.told or self.at) + DELAY

    @property
    def ends(self) -> datetime:
        """The time after which the administrator's code may not be made any more."""
        return self.at + LASTS


def announced(entries: Iterable[Entry], now: datetime) -> Announcement | None:
    """Return the announcement that is in force by these audit entries, which begin with the oldest, or None."""
    standing: Announcement | None = None
    for entry in entries:
        match entry.what:
            case AuditEvent.BREAK_GLASS:
                standing = Announcement(entry.who, entry.at)
            case AuditEvent.BREAK_GLASS_TOLD if standing is not None:
                standing = replace(standing, told=entry.at)
            # An announcement from a backup may have been called off or used since the backup was made.
            case AuditEvent.BREAK_GLASS_USED | AuditEvent.BREAK_GLASS_CALLED_OFF | AuditEvent.BACKUP_RESTORED:
                standing = None
    return standing if standing is not None and now < standing.ends else None


def is_used_since_restore(entries: Iterable[Entry]) -> bool:
    """Return True if a code for an administrator was made without a second person after the last restore of a backup, if any."""
    ends = (AuditEvent.BACKUP_RESTORED, AuditEvent.BREAK_GLASS_USED)
    return [entry.what for entry in entries if entry.what in ends][-1:] == [AuditEvent.BREAK_GLASS_USED]
