"""How somebody comes in, is renewed and goes: invitations and their codes, first administrators, renewal, removal.

Each change is a pure function of what was kept; nothing here asks a clock or draws lots, but for the two that make codes.
"""

import json
import secrets
from dataclasses import dataclass, field, replace
from datetime import datetime

from bot.access.standing import Access, Terms, forgiven
from dialogs.core.role import Role

LETTERS = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
"""What codes are written in: no letter that looks like a digit."""

CODE_LENGTH = 14
"""Letters of a code: 68 bits, which nobody guesses in the tries that they get."""

WHO_BYTES = 4


@dataclass(frozen=True, slots=True)
class Invitation:
    """What a one-time code opens: a role, under the id that the audit will have, and what the administrator calls them."""

    who: str
    role: Role
    name: str = field(default="", repr=False)

    def text(self) -> str:
        """The invitation as text to seal."""
        return json.dumps([self.who, self.role, self.name])


def read_invitation(text: str) -> Invitation:
    """The invitation in a text."""
    who, role, name = json.loads(text)
    return Invitation(who, Role(role), name)


def make_code() -> str:
    """A new one-time code, by lot."""
    return "".join(secrets.choice(LETTERS) for _ in range(CODE_LENGTH))


def make_who() -> str:
    """A new id for the audit, by lot. It says nothing about anybody."""
    return secrets.token_hex(WHO_BYTES)


def plain_code(words: str) -> str:
    """A code as it was made, from what somebody typed: upper case, without spaces and dashes."""
    return "".join(char for char in words.upper() if char.isalnum())[: 2 * CODE_LENGTH]


def admitted(invitation: Invitation, now: datetime, *, terms: Terms) -> Access:
    """The standing of somebody who came with an invitation."""
    return Access(invitation.who, invitation.role, now + terms.renewal, invitation.name)


def renewed(access: Access, now: datetime, *, terms: Terms, has_new_pin: bool) -> Access:
    """The standing once an administrator has renewed it: wrong PINs are forgiven, and a PIN that was lost is chosen anew."""
    pin = "" if has_new_pin else access.pin
    return replace(forgiven(access), until=now + terms.renewal, pin=pin, pending="", is_locked=True)
