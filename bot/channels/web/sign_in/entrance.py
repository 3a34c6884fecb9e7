"""How people come in, as the pages need it: who they are, what they see before that, and what else answers for it."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass

from aiohttp import web

from bot.access.standing import Terms
from bot.channels.protocol import Scripted
from bot.channels.web.front import front_of
from bot.channels.web.guard.site import Site
from bot.channels.web.page.markup import Markup
from bot.channels.web.sign_in.opened import FindStore, way_in
from bot.channels.web.sign_in.pages import BACK_CHANNEL, sign_out_form
from bot.channels.web.visitor import Handler, Identity, Nobody, Visitor
from bot.runtime.settings import Settings
from bot.runtime.web.web_settings import Serves

Extra = Callable[[Visitor, str], tuple[Markup, ...]]
"""What stands under a card besides."""


@dataclass(frozen=True, slots=True)
class Entrance:
    """One way to come in."""

    identity: Identity
    front: Handler
    routes: tuple[web.RouteDef, ...] = ()
    extra: Extra = lambda _, __: ()
    open_to_others: frozenset[str] = frozenset()


@asynccontextmanager
async def entrance(
    settings: Settings, site: Site, scripted: Scripted, *, terms: Terms, find_store: FindStore
) -> AsyncIterator[Entrance]:
    """The way in that the settings say, while the block runs."""
    if settings.web is not Serves.CASES:
        yield Entrance(Nobody(), front_of(scripted))
        return
    async with way_in(settings, site, scripted, terms=terms, find_store=find_store) as way:
        out = (sign_out_form(scripted.script),)
        yield Entrance(way.identity, way.front, tuple(way.routes()), lambda _, __: out, frozenset({BACK_CHANNEL}))
