"""Which role somebody has by what the organisation's sign-in says of them: settings map groups to roles."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot.sign_in.tokens import Claims
from dialogs.core.role import GIVEN, ROWS, Role

BY_RANK = sorted(GIVEN, key=lambda role: ROWS[role].rank)
"""Roles that a group can stand for. Somebody in several groups has the first of these; an administrator is always invited."""


@dataclass(frozen=True, slots=True)
class RolesByClaim:
    """The claim that names groups, and what each stands for; nothing where everybody comes by invitation."""

    claim: str
    groups: Mapping[str, Role]

    def role_in(self, claims: Claims) -> Role | None:
        """The role of somebody of whom this is said."""
        said = claims.get(self.claim)
        named = said if isinstance(said, Sequence) and not isinstance(said, str) else [said]
        roles = {self.groups[each] for each in named if isinstance(each, str) and each in self.groups}
        return next((role for role in BY_RANK if role in roles), None)
