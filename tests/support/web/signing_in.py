"""A server of web pages with an organisation's sign-in: the fake provider, the pages, and browsers with cookies."""

from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http.cookies import Morsel, SimpleCookie
from urllib.parse import urlencode

from aiohttp import ClientSession, DummyCookieJar

from bot.access.account import Account, Terms, read_account
from bot.channels.web.entrance import entrance
from bot.channels.web.guard import Gatekeeper
from bot.channels.web.inbox import PageInbox
from bot.channels.web.pages import Pages
from bot.channels.web.serving import listening
from bot.channels.web.site import Site
from bot.crypto.sealing import KeyRing
from bot.runtime.person_id import PersonId
from bot.runtime.settings import Settings
from bot.storage.store import Store
from bot.storage.values import Record
from tests.fakes.openid.provider import CLIENT, SECRET, FakeProvider
from tests.support.walks.clock import Surroundings
from tests.support.web.serving import AT_ONCE, Serving, made
from tests.support.web.wire import HOST, ORIGIN

TERMS = Terms()


@dataclass(slots=True)
class Seen:
    """The response that a browser got."""

    status: int
    headers: Mapping[str, str]
    text: str
    cookies: dict[str, Morsel[str]]


@dataclass(slots=True)
class Browser:
    """A browser without JavaScript, with its cookies."""

    port: int
    wire: ClientSession
    jar: dict[str, str] = field(default_factory=dict)

    async def get(self, path: str = "/") -> Seen:
        return await self._ask("GET", path, {})

    async def post(self, path: str, fields: Mapping[str, str], *, origin: str = ORIGIN) -> Seen:
        """Send a form, with this origin in the headers."""
        return await self._ask("POST", path, {"Origin": origin}, urlencode(fields))

    async def _ask(self, method: str, path: str, headers: dict[str, str], body: str = "") -> Seen:
        cookies = "; ".join(f"{name}={value}" for name, value in self.jar.items())
        result = {"Host": HOST, "Cookie": cookies, **headers}
        result |= {"Content-Type": "application/x-www-form-urlencoded"} if method == "POST" else {}
        address = f"http://127.0.0.1:{self.port}{path}"
        async with self.wire.request(
            method, address, headers=result, data=body or None, allow_redirects=False
        ) as answer:
            given = dict(_cookies(answer.headers.getall("Set-Cookie", [])))
            for name, cookie in given.items():
                self.jar[name] = cookie.value
                if cookie["max-age"] == "0":
                    del self.jar[name]
            return Seen(answer.status, answer.headers, await answer.text(), given)


@dataclass(slots=True)
class House:
    """The web pages, their store, and the organisation's fake sign-in provider."""

    serving: Serving
    there: FakeProvider
    around: Surroundings
    wire: ClientSession
    settings: Settings
    is_open: bool = True
    port: int = 0

    def browser(self) -> Browser:
        return Browser(self.port, self.wire)

    async def come_back(self, browser: Browser) -> Seen:
        """Sign in at the provider with this browser. Return the response after coming back."""
        return await come_back(browser, self.there)

    async def signed_in(self) -> Browser:
        """Return a browser in which the provider's current user has signed in."""
        browser = self.browser()
        answer = await self.come_back(browser)
        assert answer.status == 200, answer.text
        return browser

    @property
    def person(self) -> str:
        """The id under which the store knows the provider's current user."""
        return str(PersonId.on_web(self.there.issuer, self.there.subject))

    async def record(self) -> Record:
        found = await self.serving.store.recall(self.person)
        assert found is not None
        return found[0]

    async def standing(self) -> Account:
        access = read_account((await self.record()).access)
        assert isinstance(access, Account)
        return access

    async def said(self) -> list[str]:
        """Return the kinds of all audit entries, in order."""
        return [entry.what for entry in await self.serving.store.read(lambda t: t.audit.entries())]


@asynccontextmanager
async def opened(
    site: Site | None = None, store: Store | None = None, keys: KeyRing | None = None, **settings: object
) -> AsyncIterator[House]:
    """Run a server with its provider inside a `with`, at a site that a real browser can open if needed."""
    around = Surroundings(datetime(2026, 11, 24, 12, tzinfo=UTC), "AMBER RIVER 10")
    async with FakeProvider(around) as there, ClientSession(cookie_jar=DummyCookieJar()) as wire:
        serving = made(around, terms=TERMS, keys=keys, store=store)
        serving.site = site or serving.site
        result = Settings.model_validate(
            {"web": "cases", "oidc_issuer": there.issuer, "oidc_client": CLIENT, "oidc_secret": SECRET, **settings}
        )
        house = House(serving, there, around, wire, result)
        async with listening_at(house):
            yield house
        await serving.store.close()


@asynccontextmanager
async def listening_at(house: House) -> AsyncIterator[None]:
    """Serve the pages and the sign-in of a house inside a `with`."""
    serving, scripted = house.serving, house.serving.conversation

    def inside() -> PageInbox | None:
        """What there is while the store is open."""
        return serving.inbox if house.is_open else None

    async with entrance(house.settings, serving.site, scripted, terms=TERMS, inbox=inside) as way:
        pages = Pages(scripted, way.identity, way.front, serving.inbox_now, way.extra)
        keeper = Gatekeeper(serving.site, scripted.script.wording, way.open_to_others)
        async with listening(keeper, [*pages.routes(), *way.routes], grace=AT_ONCE) as house.port:
            yield


async def come_back(browser: Browser, there: FakeProvider) -> Seen:
    """Sign in at this provider with this browser. Return the response after coming back."""
    sent = await browser.get("/sign-in")
    assert sent.status == 303, sent.text
    back = await there.let_in(sent.headers["Location"])
    return await browser.get(f"/callback?{urlencode(back)}")


def _cookies(lines: list[str]) -> Iterator[tuple[str, Morsel[str]]]:
    for line in lines:
        yield from SimpleCookie(line).items()
