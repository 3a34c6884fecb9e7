"""How somebody comes in, is renewed and goes: invitations and their codes, first administrators, renewal, removal.

Each change is a pure function of what was kept; nothing here asks a clock or draws at random, but for the one that makes an id.
"""

import hashlib
import json
import secrets
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from bot.access.account import Account, Admission, AnyAccount, Removed, Terms, Unreadable
from bot.crypto.at_random import CODE_LENGTH, code_drawn_from
from bot.trail.audit import AuditEvent, AuditLook
from bot.trail.chain import Entry
from dialogs.core.role import Role

WHO_BYTES = 4
GROUP = 4
LONGEST_NAME = 40
"""Signs of what an administrator calls somebody, at most."""


@dataclass(frozen=True, slots=True)
class Invitation:
    """What a one-time code opens: a role, under the id that the audit will have, and what the administrator calls them."""

    audit_id: str
    role: Role
    name: str = field(default="", repr=False)

    def text(self) -> str:
        """The invitation as text to seal."""
        return json.dumps([self.audit_id, self.role, self.name])

    def entry(self, at: datetime, *, by: str) -> Entry:
        """What the audit is told when its code is made: by whom, and as what somebody is let in."""
        return Entry(at, by, AuditEvent.INVITED, self.audit_id, self.role)


def read_invitation(text: str) -> Invitation:
    """The invitation in a text."""
    who, role, name = json.loads(text)
    return Invitation(who, Role(role), name)


def drawn_from(random_bytes: bytes, first: Invitation, *, number: int) -> tuple[tuple[Invitation, str], ...]:
    """So many invitations such as the first, numbered where there are several, each with its code; the same for a turn that
    is taken again.
    """
    if number == 1:
        return ((first, code_drawn_from(random_bytes)),)
    name = first.name[: LONGEST_NAME - len(f" {number}")]
    ids = (first.audit_id, *(_numbered(b"who", random_bytes, at).hex()[: 2 * WHO_BYTES] for at in range(2, number + 1)))
    return tuple(
        (Invitation(who, first.role, f"{name} {at}"), code_drawn_from(_numbered(b"code", random_bytes, at)))
        for at, who in enumerate(ids, 1)
    )


def _numbered(what: bytes, random_bytes: bytes, at: int) -> bytes:
    """Bytes for the numbered one of several things that are drawn together."""
    return hashlib.sha256(what + bytes([at]) + random_bytes).digest()


def make_who() -> str:
    """A new id for the audit, drawn at random. It says nothing about anybody."""
    return secrets.token_hex(WHO_BYTES)


def grouped(code: str) -> str:
    """A code for reading aloud, in groups of four."""
    return "-".join(code[start : start + GROUP] for start in range(0, len(code), GROUP))


def invitation_link(bot: str, code: str) -> str:
    """The link that opens a chat with the bot of this public name and gives it the code."""
    return f"https://t.me/{bot}?start={code}"


def plain_code(words: str) -> str:
    """A code as it was made, from what somebody typed: upper case, without spaces and dashes."""
    # Cut, since anybody may type anything here; a code that is a little too long still fits none.
    return "".join(char for char in words.upper() if char.isalnum())[: 2 * CODE_LENGTH]


def admitted(invitation: Invitation, now: datetime, *, terms: Terms) -> Account:
    """Return the account of somebody who came with an invitation."""
    return Account(invitation.audit_id, Admission(invitation.role, now + terms.renewal, invitation.name))


def had_administrator(standings: Iterable[AnyAccount | None], audit: AuditLook) -> bool:
    """True if somebody is or was an administrator, by everybody's standing and by the audit; also where neither can rule it out.

    A standing alone does not show it of somebody who was given another role, or was removed by an earlier release.
    """
    return audit.had_administrator or any(map(_may_have_led, standings))


def _may_have_led(account: AnyAccount | None) -> bool:
    match account:
        case Account():
            return account.admission.role is Role.ADMIN
        case Removed(was_admin=was_admin):
            return was_admin
        case Unreadable():  # a newer release wrote it, and may have let in an administrator
            return True
    return False
