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

    `consults`: may make assessments and rehearse. `asks`: may ask a colleague for a second look, or to take a case over.
    `is_asked`: may be asked, by a code or while on call. `is_offered`: may be asked as the manager of a team, without a code.
    `takes_over`: may take a case over. `decides_on_grounds`: in Category 4, may decide that there are no grounds to refer,
    whatever their profession is. `leads`: may see and renew the people of a team that they manage. `administers`: may use
    `/people`. `audits`: may read the audit. `runs_rooms`: may open group rehearsals.

    `given_as` is the audit event recorded when somebody is given the role; empty if it cannot be given in the chat or by a
    sign-in group. A person in several sign-in groups gets the role with the lowest `rank`.
    """

    consults: bool = False
    asks: bool = False
    is_asked: bool = False
    is_offered: bool = False
    takes_over: bool = False
    decides_on_grounds: bool = False
    leads: bool = False
    administers: bool = False
    audits: bool = False
    runs_rooms: bool = False
    given_as: str = ""
    rank: int = 0


ROWS: Mapping[Role, RoleRow] = {
    Role.PRACTITIONER: RoleRow(
        consults=True, asks=True, is_asked=True, takes_over=True, given_as="role-practitioner", rank=2
    ),
    Role.MANAGER: RoleRow(
        consults=True,
        asks=True,
        is_asked=True,
        is_offered=True,
        takes_over=True,
        decides_on_grounds=True,
        leads=True,
        given_as="role-manager",
        rank=1,
    ),
    Role.TRAINER: RoleRow(consults=True, asks=True, runs_rooms=True, given_as="role-trainer", rank=3),
    # An administrator comes in by an invitation that is made at the machine.
    Role.ADMIN: RoleRow(consults=True, asks=True, runs_rooms=True, administers=True),
    # An auditor reads the audit, and never sees a case.
    Role.AUDITOR: RoleRow(audits=True, given_as="role-auditor", rank=4),
}

if set(ROWS) != set(Role):  # not an assertion, which `python -O` leaves out
    raise RuntimeError("a role without a row: what it may do has to be said")

EVERYBODY = frozenset(Role)
CONSULTING = frozenset(role for role, row in ROWS.items() if row.consults)
RUNNING_ROOMS = frozenset(role for role, row in ROWS.items() if row.runs_rooms)
ADMINISTERING = frozenset(role for role, row in ROWS.items() if row.administers)
LEADING = frozenset(role for role, row in ROWS.items() if row.leads or row.administers)  # may see a team
GIVEN = tuple(role for role, row in ROWS.items() if row.given_as)  # roles that can be given in the chat
