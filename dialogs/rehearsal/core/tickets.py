"""Links to a room for one person each: all of them follow from one secret, so that a sheet of them can be printed again."""

import base64
import hashlib
import hmac
from dataclasses import dataclass, field

COUNTS = (12, 24, 60)
"""How many a host may hand out: a sheet has twelve, and a room sixty seats."""

TICKET_LENGTH = 10
"""Letters of one: 50 bits, for a day."""


@dataclass(frozen=True, slots=True)
class Tickets:
    """The secret that they follow from, and how many there are; they are numbered from 1."""

    secret: str = field(repr=False)
    count: int

    def ticket(self, number: int) -> str:
        """The letters of one."""
        drawn = hmac.digest(self.secret.encode(), str(number).encode(), hashlib.sha256)
        return base64.b32encode(drawn).decode()[:TICKET_LENGTH]

    def number_of(self, ticket: str) -> int:
        """Which one has these letters; 0 where none has."""
        said = ticket.encode()
        return next(
            (each for each in range(1, self.count + 1) if hmac.compare_digest(self.ticket(each).encode(), said)), 0
        )
