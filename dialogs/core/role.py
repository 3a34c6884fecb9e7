"""What somebody was admitted as, and who of them may have an assessment."""

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
