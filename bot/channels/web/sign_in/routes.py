"""The way in: to the sign-in, back from it, out, and what the sign-in itself says of who left; with its few pages.

Each page says whom to ring, since nobody has to sign in for that.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from aiohttp import web

from bot.channels.protocol import Scripted
from bot.channels.web.guard import A_STRANGER, Buckets, Refusals, form_of, html
from bot.channels.web.page import Content, Markup, element, page, plain_page, urgent_words
from bot.channels.web.sign_in.arrival import ON_THE_WAY, SIGNED_IN, Came, Reachable
from bot.channels.web.site import Site
from bot.channels.web.visitor import Identity
from bot.runtime.clock import local_time
from bot.runtime.errors import SettingsFault, StoreFault
from bot.runtime.logs import FaultLog, log
from bot.sign_in.provider import NotSignedIn, ProviderFault
from bot.sign_in.relying import SigningIn
from dialogs.core.script import Script

SIGN_IN, CALLBACK, SIGN_OUT, SIGNED_OUT, BACK_CHANNEL = (
    *("/sign-in", "/callback", "/sign-out"),
    *("/signed-out", "/back-channel"),
)


def sign_out_form(script: Script) -> Markup:
    """What stands under every card: signing out. It leaves the page, so that a script has no part in it."""
    button = element("button", script.wording.say("browser.sign-in.sign-out"))
    return element("form", element("p", button, class_="row"), method="post", action=SIGN_OUT, data_leaves=True)


LOGOUT_TOKEN = "logout_token"


@dataclass(frozen=True, slots=True)
class WayIn:
    """Answers at these addresses. `reception` gives nobody while there is no store."""

    scripted: Scripted
    signing_in: SigningIn
    identity: Identity
    reception: Reachable
    site: Site
    strangers: Buckets = field(default_factory=lambda: Buckets(A_STRANGER))
    faults: FaultLog = field(default_factory=lambda: FaultLog("nobody can sign in"))
    not_signed_in: Refusals = field(default_factory=lambda: Refusals("not signed in", _said_not_signed_in))
    no_sign_off: Refusals = field(default_factory=lambda: Refusals("no sign-off", _said_no_sign_off))
    wrong_settings: FaultLog = field(default_factory=lambda: FaultLog("sign-in settings are wrong"))

    def routes(self) -> list[web.RouteDef]:
        """Where each is."""
        return [
            web.get(SIGN_IN, self.send_there),
            web.get(CALLBACK, self.take_back),
            web.post(SIGN_OUT, self.sign_out),
            web.get(SIGNED_OUT, self.say_signed_out),
            web.post(BACK_CHANNEL, self.hear_of_departure),
        ]

    async def front(self, _: web.Request) -> web.StreamResponse:
        """What somebody sees who is not signed in."""
        return html(self._page("front"))

    async def send_there(self, request: web.Request) -> web.StreamResponse:
        """Send the browser to the organisation's sign-in."""
        self._demand_patience(request)
        try:
            address, trip = await self.signing_in.begin()
        except ProviderFault as fault:
            return self._unreached(fault)
        self.faults.over()
        response = web.Response(status=303, headers={"Location": address})
        ON_THE_WAY.write(response, trip.cookie)
        return response

    async def take_back(self, request: web.Request) -> web.StreamResponse:
        """Those who come back are signed in, or told that they are not. This address is a secret for a moment: it goes nowhere."""
        response = await self._taken_back(request)
        ON_THE_WAY.take_away(response)
        response.headers["Referrer-Policy"] = "no-referrer"
        return response

    async def _taken_back(self, request: web.Request) -> web.Response:
        self._demand_patience(request)
        reception = self.reception()
        if reception is None:
            return self._refused("down", 503)
        try:
            arrival = await self.signing_in.finish(ON_THE_WAY.read(request), _single(request))
            came, secret = await reception.receive(arrival)
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
        if came is Came.AWAY:
            self.not_signed_in.note("turned away")
            return self._refused("away", 403)
        # The page leads on by itself: a Strict cookie goes along from a page of ours, and not from the sign-in's redirect.
        words = self.scripted.script.wording
        on = element("p", element("a", words.say("browser.go-on"), href="/"), class_="row")
        main = element("main", element("h1", words.say("browser.sign-in.in")), on, id="card")
        response = html(page(words, main, onto="/"))
        SIGNED_IN.write(response, secret)
        return response

    async def sign_out(self, request: web.Request) -> web.StreamResponse:
        """End a person's sign-ins. The server asks for a page of ours before this."""
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
        SIGNED_IN.take_away(response)
        return response

    async def say_signed_out(self, request: web.Request) -> web.StreamResponse:
        """That it ended here, and how it is ended at the organisation's sign-in too."""
        self._demand_patience(request)
        try:
            leaving = await self.signing_in.leaving()
        except ProviderFault:
            leaving = ""
        label = self.scripted.script.wording.say("browser.sign-in.leave")
        links = [element("p", element("a", label, href=leaving), class_="row")] if leaving else []
        return html(self._page("out", *links))

    async def hear_of_departure(self, request: web.Request) -> web.StreamResponse:
        """End what the organisation's sign-in says has ended; what it did not sign, or said before, is refused."""
        reception, token = self.reception(), (await form_of(request)).get(LOGOUT_TOKEN, "")
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
        """Let those wait who come too often: through us nobody shall flood the organisation's sign-in."""
        self.strangers.demand(self.site.sender_of(request))

    def _refused(self, why: str, status: int) -> web.Response:
        """Say that somebody was not signed in: by their own organisation (`failed`), by us (`away`), or by nobody who answers (`down`).

        Where the settings are wrong (`unset`), nobody is before whoever runs this puts them right.
        """
        return html(self._page(why), status)

    def _page(self, name: str, *content: Content) -> str:
        script = self.scripted.script
        say = script.wording.say
        # A link, since a form would be held to go to us alone.
        sign_in = element("p", element("a", say("browser.sign-in.sign-in"), href=SIGN_IN), class_="row")
        urgent = urgent_words(script, local_time(self.scripted.clock.now()))
        about = element("p", say(f"browser.sign-in.{name}.text"))
        heading = say(f"browser.sign-in.{name}.title")
        return plain_page(script.wording, about, *content, sign_in, urgent, heading=heading)

    def _unreached(self, fault: ProviderFault | StoreFault) -> web.Response:
        self.faults.note(fault)
        return self._refused("down", 503)


def _said_not_signed_in(kind: str, _: str, count: int) -> None:
    log.warning("not signed in", fault=kind, count=count)


def _said_no_sign_off(kind: str, _: str, count: int) -> None:
    log.warning("no sign-off", fault=kind, count=count)


def _single(request: web.Request) -> Mapping[str, str]:
    """What stands in the address; a name that stands there twice is as good as none."""
    return {name: value for name, value in request.query.items() if len(request.query.getall(name)) == 1}
