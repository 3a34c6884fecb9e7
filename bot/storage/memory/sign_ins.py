"""Sign-ins in memory, by their secret."""

from datetime import datetime

from bot.runtime.clock import aware
from bot.storage.memory.parts import MemoryEventKeys
from bot.storage.sign_in import MOST_BROWSERS, SignIn, SignOff


class MemorySignIns:
    """Sign-ins by their secret."""

    def __init__(self, event_keys: MemoryEventKeys) -> None:
        self.rows: dict[str, SignIn] = {}
        self._event_keys = event_keys

    async def keep(self, sign_in: SignIn) -> None:
        """Keep a sign-in; the first to end goes for one too many."""
        self.add(sign_in)

    def add(self, sign_in: SignIn) -> None:
        """Keep a sign-in; the first to end goes for one too many."""
        self.rows[sign_in.secret] = sign_in
        theirs = [each for each in self.rows.values() if each.person == sign_in.person]
        for each in sorted(theirs, key=lambda one: one.until)[:-MOST_BROWSERS]:
            del self.rows[each.secret]

    async def find(self, secret: str, now: datetime) -> SignIn | None:
        """The sign-in of this secret; None where there is none, or its time is over."""
        found = self.rows.get(secret)
        return found if found is not None and aware(now) < found.until else None

    async def sign_off(self, said: SignOff) -> bool:
        """End what a sign-off ends, and keep its key; false where the key was seen before."""
        if not self._event_keys.add(said.key, said.at):
            return False
        self.rows = {secret: each for secret, each in self.rows.items() if not said.ends(each)}
        return True

    async def forget_expired(self, now: datetime) -> int:
        """Forget the sign-ins whose time is over, and say how many."""
        over = [secret for secret, each in self.rows.items() if each.until <= aware(now)]
        for secret in over:
            del self.rows[secret]
        return len(over)

    def forget_of(self, person: str) -> None:
        """End every sign-in of a person."""
        self.rows = {secret: each for secret, each in self.rows.items() if each.person != person}
