"""How people get to the pages: without a sign-in, or through that of their organisation. The settings say which."""

import hashlib
import secrets
import ssl
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Literal, assert_never

from aiohttp import web

from bot.access.account import Account, Terms, read_account, state_of
from bot.access.admission import make_who
from bot.channels.web.drawing import Pen
from bot.channels.web.guard import A_STRANGER, Buckets, Refusals, form_of, html
from bot.channels.web.inbox import PageInbox
from bot.channels.web.markup import Content, Markup, element
from bot.channels.web.page import bar_of, page, plain_page, whom_to_call
from bot.channels.web.site import Site
from bot.channels.web.visitor import Handler, Identity, Nobody, Visitor
from bot.conversation.arriving import Arriving, Welcome
from bot.conversation.conversation import Conversation
from bot.conversation.talk import Talk
from bot.runtime.clock import Clock, local_time
from bot.runtime.errors import SettingsFault, StoreFault
from bot.runtime.logs import FaultLog, log
from bot.runtime.person_id import PersonId
from bot.runtime.settings import Settings
from bot.runtime.web_settings import Serves, Unlock
from bot.sign_in.provider import Fetching, NotSignedIn, Provider, ProviderFault
from bot.sign_in.relying import LONGEST, Client, SigningIn
from bot.sign_in.tokens import Arrival, Departure, RolesByClaim
from bot.storage.store import Store
from bot.storage.values import Done, Inbound, KeyOnly, Refused, Repeated, SignIn, SignOff, Undecided
from dialogs.core.events import Commanded
from dialogs.core.page import SectionPart, Text
from dialogs.core.role import Role
from dialogs.locked import AccountState


@dataclass(frozen=True, slots=True)
class Cookie:
    """A cookie that scripts cannot read and other hosts cannot set (`__Host-`). It is sent only over TLS."""

    name: str
    lasts: timedelta
    same_site: Literal["Lax", "Strict"]

    def read(self, request: web.Request) -> str:
        """Return the value that the browser sent, or an empty text if there is none or it is too long to be one of the site's."""
        value = request.cookies.get(self.name, "")
        return value if len(value) <= 128 else ""

    def write(self, response: web.StreamResponse, value: str) -> None:
        """Set the cookie in the response. An empty value deletes it."""
        seconds = int(self.lasts.total_seconds()) if value else 0
        response.set_cookie(
            self.name, value, max_age=seconds, path="/", secure=True, httponly=True, samesite=self.same_site
        )


SIGNED_IN = Cookie("__Host-s", timedelta(hours=12), "Strict")  # for a session; not sent on a link from another site
ON_THE_WAY = Cookie("__Host-o", LONGEST, "Lax")  # to the provider and back, where a Strict one is not sent


@dataclass(frozen=True, slots=True)
class SignedIn:
    """The `Identity` of a site with a sign-in: cookie, session and account say who a visitor is. Without a store, `inbox` returns None."""

    inbox: Callable[[], PageInbox | None]
    clock: Clock
    terms: Terms

    async def visitor(self, request: web.Request) -> Visitor | None:
        """Return the visitor, or None if they are not signed in, were removed, or have a page that only a new sign-in unlocks."""
        secret, inbox = SIGNED_IN.read(request), self.inbox()
        if not secret or inbox is None:
            return None
        session = await inbox.store.read(lambda t: t.sign_ins.find(secret, self.clock.now()))
        if session is None:
            return None
        row = await inbox.store.recall(session.person)
        account = None if row is None else read_account(row[0].access)
        if isinstance(account, Account):
            is_shut = state_of(account, self.clock.now(), terms=self.terms) is AccountState.LOCKED
            if account.pin.opens_by_sign_in and is_shut:
                return None
        elif account is not None:
            return None
        # The session is named by a hash, from which the cookie cannot be computed.
        return Visitor(session.person, hashlib.sha256(secret.encode()).hexdigest())


@dataclass(frozen=True, slots=True)
class Reception:
    """Signs in the people of one issuer. With `opens`, a sign-in opens locked pages, and there is no PIN.

    `secret` is that of every trip to the provider and back. All copies of the program have the same.
    """

    conversation: Conversation
    store: Store
    issuer: str
    roles: RolesByClaim
    opens: bool
    secret: bytes = field(repr=False)

    async def receive(self, arrival: Arrival) -> str | None:
        """Sign a person in. Return the secret of their session, or None if they may not enter. Raise `StoreFault` if nothing was stored."""
        now, secret = self.conversation.clock.now(), secrets.token_urlsafe(32)
        person = str(PersonId.on_web(self.issuer, arrival.subject))
        sign_in = SignIn(secret, person, now + SIGNED_IN.lasts, arrival.sid)
        role = self.roles.role_in(arrival.claims)
        decide = Arriving(self.conversation, sign_in, now, role, make_who(), self.opens)
        (outcome,) = await self.store.turns([Inbound(f"sign-in:{secrets.token_hex(16)}", now, person, decide, None)])
        match outcome:
            case Done(effects=effects) if Welcome.SIGNED_IN in effects:
                return secret
            case Done():
                away = SignOff(f"away:{secrets.token_hex(16)}", now, person)
                await self.store.write(lambda t: t.sign_ins.sign_off(away))
                return None
            case KeyOnly():  # a person who was never admitted, who can only enter the code of an invitation
                await self.store.write(lambda t: t.sign_ins.keep(sign_in))
                return secret
            case Repeated() | Refused() | Undecided():
                raise StoreFault("a sign-in could not be kept")
        assert_never(outcome)

    async def sign_out(self, person: str) -> None:
        """End all sessions of a person, in all browsers, and lock their page. Raise `StoreFault` if that could not be stored."""
        # A browser that signed in twice has two sessions and knows only the later one.
        event = Commanded(self.conversation.occasion(), "lock")
        now = event.occasion.now.at
        out = SignOff(f"out:{secrets.token_hex(16)}", now, person)
        await self.store.write(lambda t: t.sign_ins.sign_off(out))
        key = f"sign-out:{secrets.token_hex(16)}"
        await self.store.turns([Inbound(key, now, person, self.conversation.decide(event), None)])

    async def sign_off(self, departure: Departure) -> bool:
        """End the sessions named in a logout token. Return False if the token was used before. Raise `StoreFault` if the store fails."""
        person = str(PersonId.on_web(self.issuer, departure.subject)) if departure.subject else ""
        key = f"sign-off:{self.issuer}:{departure.jti}"
        off = SignOff(key, self.conversation.clock.now(), person, departure.sid)
        return await self.store.write(lambda t: t.sign_ins.sign_off(off))


SIGN_IN, CALLBACK, SIGN_OUT = "/sign-in", "/callback", "/sign-out"
SIGNED_OUT, BACK_CHANNEL = "/signed-out", "/back-channel"


def _log_not_signed_in(kind: str, _: str, count: int) -> None:
    log.warning("not signed in", fault=kind, count=count)


def _log_no_sign_off(kind: str, _: str, count: int) -> None:
    log.warning("no sign-off", fault=kind, count=count)


@dataclass(frozen=True, slots=True)
class WayIn:
    """The pages of the sign-in: to the provider, back from it, and signing out. `reception` returns None while there is no store."""

    talk: Talk
    signing_in: SigningIn
    identity: Identity
    reception: Callable[[], Reception | None]
    site: Site
    strangers: Buckets = field(default_factory=lambda: Buckets(A_STRANGER))
    faults: FaultLog = field(default_factory=lambda: FaultLog("nobody can sign in"))
    not_signed_in: Refusals = field(default_factory=lambda: Refusals("not signed in", _log_not_signed_in))
    no_sign_off: Refusals = field(default_factory=lambda: Refusals("no sign-off", _log_no_sign_off))
    wrong_settings: FaultLog = field(default_factory=lambda: FaultLog("sign-in settings are wrong"))

    def routes(self) -> tuple[web.RouteDef, ...]:
        """Return the addresses of these pages, with their handlers."""
        return (
            web.get(SIGN_IN, self.send_there),
            web.get(CALLBACK, self.take_back),
            web.post(SIGN_OUT, self.sign_out),
            web.get(SIGNED_OUT, self.say_signed_out),
            web.post(BACK_CHANNEL, self.hear_of_departure),
        )

    async def front(self, request: web.Request) -> web.StreamResponse:
        """Return the page that a person sees who is not signed in, or whose page only a new sign-in unlocks."""
        return html(self._page("again" if SIGNED_IN.read(request) else "front"))

    async def send_there(self, request: web.Request) -> web.StreamResponse:
        """Redirect the browser to the provider of the sign-in."""
        self._demand_patience(request)
        reception = self.reception()
        if reception is None:
            return self._refused("down", 503)
        try:
            address, trip = await self.signing_in.begin(reception.secret)
        except ProviderFault as fault:
            return self._unreached(fault)
        self.faults.over()
        response = web.Response(status=303, headers={"Location": address})
        ON_THE_WAY.write(response, trip.cookie)
        return response

    async def take_back(self, request: web.Request) -> web.StreamResponse:
        """Sign in a person who comes back from the provider, or say why not. The address has a secret, so it is sent to no other site."""
        response = await self._taken_back(request)
        ON_THE_WAY.write(response, "")
        response.headers["Referrer-Policy"] = "no-referrer"
        return response

    async def _taken_back(self, request: web.Request) -> web.Response:
        self._demand_patience(request)
        reception = self.reception()
        if reception is None:
            return self._refused("down", 503)
        query = request.query
        # A parameter that occurs twice is as good as missing.
        single = {name: value for name, value in query.items() if len(query.getall(name)) == 1}
        try:
            arrival = await self.signing_in.finish(ON_THE_WAY.read(request), single, secret=reception.secret)
            secret = await reception.receive(arrival)
        except NotSignedIn as error:
            self.not_signed_in.note(str(error.why))
            return self._refused("failed", 403)
        except SettingsFault as fault:
            self.wrong_settings.note(fault)
            return self._refused("unset", 503)
        except (ProviderFault, StoreFault) as fault:
            return self._unreached(fault)
        self.faults.over()
        self.wrong_settings.over()
        if secret is None:
            self.not_signed_in.note("turned away")
            return self._refused("away", 403)
        # The page redirects by itself: after the provider's redirect the browser would not send a Strict cookie.
        words = self.talk.script.wording
        on = element("p", element("a", words.say("browser.go-on"), href="/", class_="button main"), class_="row")
        main = element("main", element("h1", words.say("browser.sign-in.in")), on, id="card")
        response = html(page(words, main, onto="/"))
        SIGNED_IN.write(response, secret)
        return response

    async def sign_out(self, request: web.Request) -> web.StreamResponse:
        """End the person's sessions. `Gatekeeper` lets this request through only if it comes from the site's own form."""
        reception = self.reception()
        if reception is None:
            return self._refused("down", 503)
        try:
            visitor = await self.identity.visitor(request)
            if visitor is not None:
                await reception.sign_out(visitor.person)
        except StoreFault as fault:
            return self._unreached(fault)
        response = web.Response(status=303, headers={"Location": SIGNED_OUT})
        SIGNED_IN.write(response, "")
        return response

    async def say_signed_out(self, request: web.Request) -> web.StreamResponse:
        """Say that the session here has ended, with a link by which the person can also sign out of the provider."""
        self._demand_patience(request)
        try:
            leaving = await self.signing_in.leaving()
        except ProviderFault:
            leaving = ""
        label = self.talk.script.wording.say("browser.sign-in.leave")
        links = [element("p", element("a", label, href=leaving, class_="button"), class_="row")] if leaving else []
        return html(self._page("out", *links))

    async def hear_of_departure(self, request: web.Request) -> web.StreamResponse:
        """End the sessions named in a logout token. Refuse a token that is not the provider's, or that was used before."""
        reception, token = self.reception(), (await form_of(request)).get("logout_token", "")
        try:
            if reception is None:
                return web.json_response({"error": "temporarily_unavailable"}, status=503)
            departure = await self.signing_in.departed(token)
            if await reception.sign_off(departure):
                return web.Response(status=200)
            self.no_sign_off.note("said before")
        except NotSignedIn as error:
            self.no_sign_off.note(str(error.why))
        except (ProviderFault, StoreFault) as fault:
            self.faults.note(fault)
            return web.json_response({"error": "temporarily_unavailable"}, status=503)
        return web.json_response({"error": "invalid_request"}, status=400)

    def _demand_patience(self, request: web.Request) -> None:
        """Count a request of this sender. Raise `HTTPTooManyRequests` above a limit that protects the provider."""
        self.strangers.demand(self.site.sender_of(request))

    def _refused(self, why: str, status: int) -> web.Response:
        """Return the page that tells a person why they were not signed in."""
        # Refused by the provider (`failed`) or by the bot (`away`); no answer (`down`); wrong settings (`unset`).
        return html(self._page(why), status)

    def _page(self, name: str, *content: Content) -> str:
        script = self.talk.script
        say = script.wording.say
        # A link, since the policy lets forms go to the site only.
        sign_in = element("a", say("browser.sign-in.sign-in"), href=SIGN_IN, class_="button main")
        about = element("p", say(f"browser.sign-in.{name}.text"))
        heading, title = say(f"browser.sign-in.{name}.title"), say("leaf.locked" if name == "again" else "leaf.title")
        # Nobody has to sign in to see whom to call in danger.
        now = local_time(self.talk.clock.now())
        parts = (about, element("p", sign_in, class_="row"), *content, whom_to_call(script, now))
        return plain_page(script.wording, *parts, heading=heading, title=title, bar=bar_of(script, now))

    def _unreached(self, fault: ProviderFault | StoreFault) -> web.Response:
        self.faults.note(fault)
        return self._refused("down", 503)


def front_of(bare: Talk) -> Handler:
    """Return the handler of the front page of a site without a sign-in."""

    async def front(_: web.Request) -> web.StreamResponse:
        say, now = bare.script.wording.say, local_time(bare.clock.now())
        about = element("p", say("browser.front.text"))
        joining = element("a", say("browser.room.title"), href="/room", class_="button main")
        trainers = SectionPart(say("browser.front.trainers"), (Text(say("browser.front.trainers-text")),))
        parts = (about, element("p", joining, class_="row"), Pen(0, "", "", "").part(trainers))
        heading = say("browser.front.title")
        return html(plain_page(bare.script.wording, *parts, heading=heading, bar=bar_of(bare.script, now)))

    return front


def client_of(settings: Settings, site: Site) -> Client:
    """Return the bot's registration at the provider. Raise `SettingsFault` if the settings lack the issuer or the client."""
    if missing := [name for name in ("issuer", "client") if not getattr(settings, f"oidc_{name}")]:
        named = " and ".join(f"SERAF_OIDC_{name.upper()}" for name in missing)
        raise SettingsFault(f"SERAF_WEB: cases need a way to sign in: {named} must be set; read docs/deploy/browser.md")
    secret = settings.oidc_secret.get_secret_value() if settings.oidc_secret else ""
    places = (f"{site.address}{CALLBACK}", f"{site.address}{SIGNED_OUT}")
    return Client(settings.oidc_client, secret, *places, is_fresh=settings.oidc_unlock is Unlock.SIGN_IN)


def fetching_of(settings: Settings) -> Fetching:
    """Return an HTTP client that uses the certificates and the proxy in the settings."""
    trusted = ssl.create_default_context(cafile=settings.ssl_cert_file) if settings.ssl_cert_file else True
    return Fetching(trusted, settings.https_proxy.get_secret_value() if settings.https_proxy else None)


@dataclass(frozen=True, slots=True)
class Entrance:
    """How visitors are identified, and what the others see. `extra` is in the head of every card; other sites may use `open_to_others`."""

    identity: Identity
    front: Handler
    routes: tuple[web.RouteDef, ...] = ()
    extra: tuple[Markup, ...] = ()
    open_to_others: frozenset[str] = frozenset()


@asynccontextmanager
async def entrance(
    settings: Settings, site: Site, talk: Talk, *, terms: Terms, inbox: Callable[[], PageInbox | None]
) -> AsyncIterator[Entrance]:
    """Yield the entrance that the settings describe. Raise `SettingsFault` if they need a sign-in but do not name one."""
    if settings.web is not Serves.CASES:
        yield Entrance(Nobody(), front_of(talk))
        return
    client, opens = client_of(settings, site), settings.oidc_unlock is Unlock.SIGN_IN
    roles = RolesByClaim(settings.oidc_claim, {group: Role(role) for role, group in settings.oidc_roles})

    def reception() -> Reception | None:
        current = inbox()
        if current is None:
            return None
        secret = current.mark("sign-in")
        return Reception(current.conversation, current.store, settings.oidc_issuer, roles, opens, secret)

    async with fetching_of(settings) as fetching:
        provider = Provider(settings.oidc_issuer, fetching, talk.clock)
        signing_in = SigningIn(provider, fetching, client, clock=talk.clock)
        way = WayIn(talk, signing_in, SignedIn(inbox, talk.clock, terms), reception, site)
        out = element("button", talk.script.wording.say("browser.sign-in.sign-out"), formaction=SIGN_OUT, class_="link")
        yield Entrance(way.identity, way.front, way.routes(), (out,), frozenset({BACK_CHANNEL}))
