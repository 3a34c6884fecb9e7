"""How people come in, as the settings say: who they are, what they see before that, and what else answers for it."""

import ssl
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass

from aiohttp import web

from bot.access.account import Terms
from bot.channels.protocol import Scripted
from bot.channels.web.inbox import PageInbox
from bot.channels.web.page import Markup, element, plain_page
from bot.channels.web.sign_in.arrival import Reception, SignedIn
from bot.channels.web.sign_in.routes import BACK_CHANNEL, CALLBACK, SIGNED_OUT, WayIn, sign_out_form
from bot.channels.web.site import Site
from bot.channels.web.visitor import Handler, Identity, Nobody
from bot.runtime.errors import SettingsFault
from bot.runtime.settings import Settings
from bot.runtime.web_settings import Serves, Unlock
from bot.sign_in.provider import Fetching, Provider
from bot.sign_in.relying import Client, SigningIn
from bot.sign_in.tokens import RolesByClaim
from dialogs.core.role import Role


def front_of(bare: Scripted) -> Handler:
    """The page for everybody who is not known."""

    async def front(_: web.Request) -> web.StreamResponse:
        words = bare.script.wording
        about = element("p", words.say("browser.front.text"))
        joining = element("p", element("a", words.say("browser.room.title"), href="/room"))
        html = plain_page(words, about, joining, heading=words.say("browser.front.title"))
        return web.Response(text=html, content_type="text/html")

    return front


def client_of(settings: Settings, site: Site) -> Client:
    """What the bot is at the organisation's sign-in."""
    if missing := [name for name in ("issuer", "client") if not getattr(settings, f"oidc_{name}")]:
        named = " and ".join(f"SERAF_OIDC_{name.upper()}" for name in missing)
        raise SettingsFault(f"SERAF_WEB: cases need a way to sign in: {named} must be set; read docs/deploy/browser.md")
    secret = settings.oidc_secret.get_secret_value() if settings.oidc_secret else ""
    places = (f"{site.address}{CALLBACK}", f"{site.address}{SIGNED_OUT}")
    return Client(settings.oidc_client, secret, *places, is_fresh=settings.oidc_unlock is Unlock.SIGN_IN)


def fetching_of(settings: Settings) -> Fetching:
    """Connections by the certificates and the proxy that the settings name."""
    trusted = ssl.create_default_context(cafile=settings.ssl_cert_file) if settings.ssl_cert_file else True
    return Fetching(trusted, settings.https_proxy.get_secret_value() if settings.https_proxy else None)


@dataclass(frozen=True, slots=True)
class Entrance:
    """One way to come in. `extra` stands under every card; others than a page of ours may post to `open_to_others`."""

    identity: Identity
    front: Handler
    routes: tuple[web.RouteDef, ...] = ()
    extra: tuple[Markup, ...] = ()
    open_to_others: frozenset[str] = frozenset()


@asynccontextmanager
async def entrance(
    settings: Settings, site: Site, scripted: Scripted, *, terms: Terms, inbox: Callable[[], PageInbox | None]
) -> AsyncIterator[Entrance]:
    """Open the way in that the settings say, while the block runs; `inbox` gives None while there is no store.

    Raises `SettingsFault` where the settings name no sign-in and need one.
    """
    if settings.web is not Serves.CASES:
        yield Entrance(Nobody(), front_of(scripted))
        return
    client, opens = client_of(settings, site), settings.oidc_unlock is Unlock.SIGN_IN
    roles = RolesByClaim(settings.oidc_claim, {group: Role(role) for role, group in settings.oidc_roles})

    def reception() -> Reception | None:
        found = inbox()
        if found is None:
            return None
        return Reception(found.conversation, found.store, settings.oidc_issuer, roles, opens)

    async with fetching_of(settings) as fetching:
        provider = Provider(settings.oidc_issuer, fetching, scripted.clock)
        signing_in = SigningIn(provider, fetching, client, clock=scripted.clock)
        way = WayIn(scripted, signing_in, SignedIn(inbox, scripted.clock, terms), reception, site)
        out = (sign_out_form(scripted.script),)
        yield Entrance(way.identity, way.front, tuple(way.routes()), out, frozenset({BACK_CHANNEL}))
