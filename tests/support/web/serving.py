"""A server of the web pages in this process: a store, a conversation, and people who are identified by a cookie."""

from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import partial

from aiohttp import web

from bot.access.account import Terms
from bot.channels.inbox import Turns
from bot.channels.turn_queue import TurnQueue
from bot.channels.web.entrance import front_of
from bot.channels.web.guard import Buckets, Followers, Gatekeeper, Rate
from bot.channels.web.inbox import PageInbox
from bot.channels.web.pages import Pages
from bot.channels.web.serving import listening
from bot.channels.web.site import Site
from bot.channels.web.visitor import Visitor
from bot.conversation.conversation import Conversation
from bot.crypto.sealing import KeyRing
from bot.rehearsal.mode import REHEARSALS
from bot.storage.sqlite.memory import in_memory
from bot.storage.store import Store
from dialogs.core.role import Role
from dialogs.core.script import Script
from tests.support.people.admitting import access, admit, door
from tests.support.shipped import CARRY, WEB_SCRIPT
from tests.support.walks.clock import Surroundings
from tests.support.web.wire import ORIGIN

BADGE = "badge"
SAM, KIM = "web:sam", "web:kim"

UNHURRIED = Rate(1e9, 1e9)
"""A rate limit that is never reached."""

AT_ONCE = 0.1
"""How many seconds the server waits at its end for open pages that follow changes."""

PATIENT = Terms(lock=timedelta(days=3_650))
"""Terms in which chats never lock, for tests of something else."""


class Badges:
    """An identification of visitors by a cookie, the badge, unless it has been made invalid (`taken`)."""

    def __init__(self) -> None:
        self.taken: set[str] = set()

    async def visitor(self, request: web.Request) -> Visitor | None:
        """Return the person whom the badge names, or None if it is missing or no longer valid."""
        badge = request.cookies.get(BADGE, "")
        if not badge or badge in self.taken:
            return None
        return Visitor(f"web:{badge.partition('.')[0]}", badge)


@dataclass(slots=True)
class Serving:
    """A server of the web pages, its parts, and its port."""

    store: Store
    conversation: Conversation
    keys: KeyRing
    badges: Badges = field(default_factory=Badges)
    watch: Followers = field(default_factory=Followers)
    site: Site = field(default_factory=lambda: Site(ORIGIN, "127.0.0.1", 0))
    rate: Rate = UNHURRIED
    is_open: bool = True
    port: int = 0
    inbox: PageInbox = field(init=False)

    def __post_init__(self) -> None:
        mark = partial(self.keys.lasting, "card")
        turns: Turns = TurnQueue(self.store.turns)
        self.inbox = PageInbox(self.conversation, self.store, mark=mark, watch=self.watch, turns=turns)

    def inbox_now(self) -> PageInbox | None:
        """Return the inbox of the pages, or None while the store cannot be reached."""
        return self.inbox if self.is_open else None

    @asynccontextmanager
    async def listening(self) -> AsyncIterator["Serving"]:
        """Run the server within the context."""
        bare = self.conversation
        people = Buckets(self.rate)
        pages = Pages(bare, self.badges, front_of(bare), self.inbox_now, people=people)
        gatekeeper = Gatekeeper(self.site, bare.script.wording)
        async with listening(gatekeeper, pages.routes(), grace=AT_ONCE) as self.port:
            yield self
        await self.store.close()


def made(
    around: Surroundings,
    *,
    script: Script = WEB_SCRIPT,
    terms: Terms = PATIENT,
    keys: KeyRing | None = None,
    store: Store | None = None,
) -> Serving:
    """Return a server, by default on a store in memory, with its own clock and references."""
    keys = keys or replace(KeyRing.fresh(), carry=CARRY)
    own = door(keys, terms)
    talk = Conversation(script, around, around.reference, REHEARSALS, fresh_code=around.fresh_code, door=own)
    return Serving(store or in_memory(), talk, keys)


async def let_in(serving: Serving, people: Iterable[str], *, role: Role = Role.PRACTITIONER, now: datetime) -> None:
    """Admit people whose pages are open from now on."""
    await admit(serving.store, people, access(serving.keys, role, at=now))
