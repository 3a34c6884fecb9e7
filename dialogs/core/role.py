"""The roles with which people are admitted, and what each may do. Anything that a role's row does not allow is refused."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class Role(StrEnum):
    """A role with which a person is admitted."""

    PRACTITIONER = "practitioner"
    MANAGER = "manager"
    TRAINER = "trainer"
    ADMIN = "admin"
    AUDITOR = "auditor"


@dataclass(frozen=True, slots=True)
class RoleRow:
    """The permissions of a role.

    `consults`: may make assessments and rehearse. `runs_rooms`: may open group rehearsals. `administers`: may
    use `/people`. `given_as` is the audit event recorded when somebody is given the role; empty if it cannot be given
    in the chat or by a sign-in group. A person in several sign-in groups gets the role with the lowest `rank`.
    """

    consults: bool = False
    runs_rooms: bool = False
    administers: bool = False
    given_as: str = ""
    rank: int = 0


ROWS: Mapping[Role, RoleRow] = {
    Role.PRACTITIONER: RoleRow(consults=True, given_as="role-practitioner", rank=2),
    Role.MANAGER: RoleRow(consults=True, given_as="role-manager", rank=1),
    Role.TRAINER: RoleRow(consults=True, runs_rooms=True, given_as="role-trainer", rank=3),
    # An administrator comes in by an invitation that is made at the machine.
    Role.ADMIN: RoleRow(consults=True, runs_rooms=True, administers=True),
    # An auditor reads the audit, and never sees a case.
    Role.AUDITOR: RoleRow(given_as="role-auditor", rank=4),
}

assert set(ROWS) == set(Role), "a role without a row"

EVERYBODY = frozenset(Role)
CONSULTING = frozenset(role for role, row in ROWS.items() if row.consults)
RUNNING_ROOMS = frozenset(role for role, row in ROWS.items() if row.runs_rooms)
ADMINISTERING = frozenset(role for role, row in ROWS.items() if row.administers)
GIVEN = tuple(role for role, row in ROWS.items() if row.given_as)  # roles that can be given in the chat
