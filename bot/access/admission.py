"""Invitations, their codes and links, the account of a newly admitted person, and the search for an administrator."""

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
from dialogs.core.role import ADMINISTERING, Role

WHO_BYTES = 4
LONGEST_NAME = 40  # the maximal length of the name that an administrator gives to a person


@dataclass(frozen=True, slots=True)
class Invitation:
    """The invitation that a one-time code stands for: the person's future id in the audit, their role and their name."""

    audit_id: str
    role: Role
    name: str = field(default="", repr=False)

    def text(self) -> str:
        """Return the invitation as JSON. The store encrypts it."""
        return json.dumps([self.audit_id, self.role, self.name])

    def entry(self, at: datetime, *, by: str) -> Entry:
        """Return the audit entry that a code for this invitation was made at this time by the person with the id `by`."""
        return Entry(at, by, AuditEvent.INVITED, self.audit_id, self.role)


def read_invitation(text: str) -> Invitation:
    """Return the invitation from a text that `Invitation.text` returned."""
    who, role, name = json.loads(text)
    return Invitation(who, Role(role), name)


def drawn_from(random_bytes: bytes, first: Invitation, *, number: int) -> tuple[tuple[Invitation, str], ...]:
    """Return `number` invitations like `first`, each with a code made from the random bytes. Two or more have numbered names."""
    if number == 1:
        return ((first, code_drawn_from(random_bytes)),)
    name = first.name[: LONGEST_NAME - len(f" {number}")]
    ids = (first.audit_id, *(_numbered(b"who", random_bytes, at).hex()[: 2 * WHO_BYTES] for at in range(2, number + 1)))
    return tuple(
        (Invitation(who, first.role, f"{name} {at}"), code_drawn_from(_numbered(b"code", random_bytes, at)))
        for at, who in enumerate(ids, 1)
    )


def _numbered(what: bytes, random_bytes: bytes, at: int) -> bytes:
    """Return the hash of `what`, the number `at` and the random bytes, of which an id or a code is made."""
    return hashlib.sha256(what + bytes([at]) + random_bytes).digest()


def make_who() -> str:
    """Return a new random id for a person in the audit."""
    return secrets.token_hex(WHO_BYTES)


def grouped(code: str) -> str:
    """Return a code in groups of four characters, so that it can be read aloud."""
    return "-".join(code[start : start + 4] for start in range(0, len(code), 4))


def invitation_link(bot: str, code: str) -> str:
    """Return the Telegram link that opens a chat with the bot of this name and sends it the code."""
    return f"https://t.me/{bot}?start={code}"


def plain_code(words: str) -> str:
    """Return a typed code as codes are stored: in upper case, without spaces and dashes."""
    # Cut, since anybody may type anything here; a code that is a little too long still matches none.
    return "".join(char for char in words.upper() if char.isalnum())[: 2 * CODE_LENGTH]


def admitted(invitation: Invitation, now: datetime, *, terms: Terms) -> Account:
    """Return the new account of a person who used this invitation."""
    return Account(invitation.audit_id, Admission(invitation.role, now + terms.renewal, invitation.name))


def had_administrator(standings: Iterable[AnyAccount | None], audit: AuditLook) -> bool:
    """Return True if there is or was an administrator, or if the accounts and the audit do not rule that out."""
    return audit.had_administrator or any(
        isinstance(account, Unreadable)  # a newer release wrote it, perhaps for an administrator
        or (isinstance(account, Account) and account.admission.role in ADMINISTERING)
        or (isinstance(account, Removed) and account.was_admin)
        for account in standings
    )
