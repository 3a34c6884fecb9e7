"""An administrator made without a second person, where none is left who could confirm: announced, told to everybody, and then waited for.

All of it is read from the audit, which nobody without the key can change, and where it is seen.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot.trail.audit import AuditEvent
from bot.trail.chain import Entry

DELAY, LASTS = timedelta(hours=24), timedelta(days=7)
"""How long it is waited for after the last person was told; and how long after the announcement it may be done."""


@dataclass(frozen=True, slots=True)
class Announcement:
    """Who announced it at the machine, and when; and when the last person was told of it in their chat."""

    by: str
    at: datetime
    told: datetime | None = None

    @property
    def opens(self) -> datetime:
        """From when on it may be done, as far as everybody has been told."""
        return max(self.at, self.told or self.at) + DELAY

    @property
    def ends(self) -> datetime:
        """Until when it may be done."""
        return self.at + LASTS


def announced(entries: Iterable[Entry], now: datetime) -> Announcement | None:
    """Return the announcement that stands now, by these entries of the audit in their order, or None if none does."""
    found: Announcement | None = None
    for entry in entries:
        match entry.what:
            case AuditEvent.BREAK_GLASS:
                found = Announcement(entry.who, entry.at)
            case AuditEvent.BREAK_GLASS_TOLD if found is not None:
                found = replace(found, told=entry.at)
            # One that came with a backup may have been called off or used since that was made.
            case AuditEvent.BREAK_GLASS_USED | AuditEvent.BREAK_GLASS_CALLED_OFF | AuditEvent.BACKUP_RESTORED:
                found = None
    return found if found is not None and now < found.ends else None


def is_used_since_restore(entries: Iterable[Entry]) -> bool:
    """True if a code for an administrator was made this way after the last restore of a backup."""
    latest = [each.what for each in entries if each.what in (AuditEvent.BACKUP_RESTORED, AuditEvent.BREAK_GLASS_USED)][
        -1:
    ]
    return latest == [AuditEvent.BREAK_GLASS_USED]
