"""Who a browser is: the person who signed in with it, for as long as that counts and they may come in."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass

from aiohttp import web

from bot.access.standing import Access, Terms, read_access, standing_of
from bot.channels.web.sign_in.cookies import SIGNED_IN
from bot.channels.web.visitor import Visitor
from bot.runtime.clock import Clock
from bot.storage.store import Store
from bot.storage.values import Record
from dialogs.locked.gate import Standing


@dataclass(frozen=True, slots=True)
class SignedIn:
    """Tells who a request comes from by its cookie, the store's row, and their standing now.

    `store` is None while there is none.
    """

    store: Callable[[], Store | None]
    clock: Clock
    terms: Terms

    async def visitor(self, request: web.Request) -> Visitor | None:
        """The person who signed in. Somebody who was removed is nobody; so is somebody whose page opens by signing in, once it locked."""
        secret, store = SIGNED_IN.read(request), self.store()
        if not secret or store is None:
            return None
        found = await store.sign_ins.find(secret, self.clock.now())
        if found is None:
            return None
        row = await store.recall(found.person)
        return None if row is not None and self._is_out(row[0]) else Visitor(found.person, browser_of(secret))

    def _is_out(self, record: Record) -> bool:
        access = read_access(record.access)
        if not isinstance(access, Access):
            return access is not None
        is_shut = standing_of(access, self.clock.now(), terms=self.terms) is Standing.LOCKED
        return access.opens_by_sign_in and is_shut


def browser_of(secret: str) -> str:
    """What a sign-in is called in this process, by which its cookie cannot be made."""
    return hashlib.sha256(secret.encode()).hexdigest()
