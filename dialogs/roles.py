"""Which role may use which command. The table is read top to bottom; a command that is not in it is nobody's."""

from collections.abc import Mapping
from enum import StrEnum


class Role(StrEnum):
    """What somebody was admitted as."""

    PRACTITIONER = "practitioner"
    MANAGER = "manager"
    TRAINER = "trainer"
    ADMIN = "admin"
    AUDITOR = "auditor"


EVERYBODY = frozenset(Role)
CONSULTING = EVERYBODY - {Role.AUDITOR}
"""Who may have an assessment. An auditor reads the audit, and never sees a case."""

ROLES: Mapping[str, frozenset[Role]] = {
    "urgent": EVERYBODY,
    "call": EVERYBODY,
    "contacts": EVERYBODY,
    "help": EVERYBODY,
    "explain": EVERYBODY,
    "lock": EVERYBODY,
    "panic": EVERYBODY,
    "start": CONSULTING,
    "pause": CONSULTING,
    "resume": CONSULTING,
    "cancel": CONSULTING,
    "erase": CONSULTING,
}
"""Role × command. What a button does is counted as its command: an assessment begins by `start` alone."""


def may(role: Role, command: str) -> bool:
    """Whether the role may use the command."""
    return role in ROLES.get(command, frozenset())
