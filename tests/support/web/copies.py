"""Two copies of the program over one store, and browsers whose requests go to them in turn."""

from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import replace
from itertools import cycle
from pathlib import Path

from bot.access.account import Terms
from bot.crypto.sealing import KeyRing
from bot.storage.sqlite.opening import open_sqlite
from dialogs.core.script import Script
from tests.support.shipped import CARRY, WEB_SCRIPT
from tests.support.walks.clock import Surroundings
from tests.support.web.browser import Browser
from tests.support.web.serving import PATIENT, Serving, made
from tests.support.web.wire import Answer, Wire


class BalancedWire(Wire):
    """A line through a load balancer, which sends nearly every request to the other copy than the one before."""

    def __init__(self, *ports: int) -> None:
        super().__init__(ports[0])
        self._wires = [Wire(port) for port in ports]
        # One copy twice in a row now and then, or all forms would go to one copy and all pages come from the other.
        self._order = cycle([*self._wires * 3, self._wires[0]])

    async def send(self, method: str, path: str, *, headers: Mapping[str, str], body: bytes = b"") -> Answer:
        wire = next(self._order)
        wire.host = self.host
        return await wire.send(method, path, headers=headers, body=body)

    async def close(self) -> None:
        for wire in self._wires:
            await wire.close()


def balanced(*copies: Serving, badge: str = "sam") -> Browser:
    """Return somebody's browser in front of these copies."""
    browser = Browser(copies[0].port, badge)
    browser.wire = BalancedWire(*[each.port for each in copies])
    return browser


@asynccontextmanager
async def two_copies(
    folder: Path, around: Surroundings, *, script: Script = WEB_SCRIPT, terms: Terms = PATIENT
) -> AsyncIterator[tuple[Serving, Serving]]:
    """Run two servers of pages, each with a store of its own on one database and nothing else in common."""
    path, keys = folder / "store" / "seraf.sqlite", replace(KeyRing.fresh(), carry=CARRY)
    async with AsyncExitStack() as stack:
        first, second = [
            await stack.enter_async_context(
                made(around, script=script, terms=terms, keys=keys, store=await open_sqlite(path, keys)).listening()
            )
            for _ in range(2)
        ]
        yield first, second
