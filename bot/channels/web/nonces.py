"""Nonces of forms: drawn for each page, bound to channel, person and session, and of no use to anybody else."""

import base64
import hmac
import secrets
from collections.abc import Callable
from datetime import datetime, timedelta

from bot.channels.web import FACTS
from bot.channels.web.visitor import Visitor

GOOD_FOR = timedelta(hours=12)
"""How long a page can be used. The store knows the keys of events for longer, so that none counts twice."""

RANDOM, TIME, SEAL = 9, 5, 16
# Thirty bytes together, so that their base 64 has no signs that only fill it up.
LENGTH = (RANDOM + TIME + SEAL) * 4 // 3


class Nonces:
    """Draws and checks them. `mark` is a keyed hash that outlives a restart, so that open pages do too."""

    def __init__(self, mark: Callable[[str], bytes]) -> None:
        self._mark = mark

    def fresh(self, visitor: Visitor, now: datetime) -> str:
        """A nonce for a page of this visitor."""
        drawn = secrets.token_bytes(RANDOM) + int(now.timestamp()).to_bytes(TIME)
        return base64.urlsafe_b64encode(drawn + self._seal(visitor, drawn)).decode()

    def is_of(self, nonce: str, visitor: Visitor, *, now: datetime) -> bool:
        """Whether it was drawn for a page of this visitor, not too long ago."""
        if len(nonce) != LENGTH or not nonce.isascii():
            return False
        try:
            whole = base64.b64decode(nonce, altchars=b"-_", validate=True)
        except ValueError:
            return False
        drawn, seal = whole[: RANDOM + TIME], whole[RANDOM + TIME :]
        age = now.timestamp() - int.from_bytes(drawn[RANDOM:])
        return hmac.compare_digest(seal, self._seal(visitor, drawn)) and abs(age) <= GOOD_FOR.total_seconds()

    def _seal(self, visitor: Visitor, drawn: bytes) -> bytes:
        return self._mark(f"{FACTS.name}\n{visitor.person}\n{visitor.session}\n{drawn.hex()}")[:SEAL]
