"""The fake OpenID provider: discovery, public keys, a page that signs everybody in, and codes that work once."""

import base64
import hashlib
import secrets
from dataclasses import dataclass, field
from html import escape
from types import TracebackType
from typing import Any, Self
from urllib.parse import parse_qsl, unquote_plus, urlencode, urlsplit

from aiohttp import ClientSession, web
from joserfc.jwk import ECKey, RSAKey

from bot.runtime.clock import Clock
from tests.fakes.openid.signing import FIRST, Signer

CLIENT, SECRET = "seraf", "a secret/with signs"
CHALLENGE_SIGNS = 43


@dataclass(slots=True)
class Asked:
    """The parameters with which a browser requested a code, and whether the code was redeemed."""

    redirect_uri: str
    nonce: str
    challenge: str
    is_redeemed: bool = False


@dataclass(slots=True)
class Errs:
    """The errors that the provider makes, by default none. `refuses` is the error code for an unknown client."""

    state: str | None = None
    nonce: str | None = None
    iss: str | None = None
    error: str = ""
    refuses: str = "invalid_client"
    discovery: dict[str, Any] = field(default_factory=dict)
    redirects: bool = False
    is_long: bool = False
    is_down: bool = False
    forgets_pkce: bool = False


class FakeProvider:
    """A fake provider on loopback, for `async with`. It signs in `subject` (session `sid`, more claims: `more`)."""

    def __init__(self, clock: Clock) -> None:
        self.clock = clock
        self.subject, self.sid = "ada", "sid-1"
        self.secret = SECRET
        self.more: dict[str, Any] = {}
        self.errs = Errs()
        self.keys: list[RSAKey | ECKey] = [FIRST]
        self.asked: dict[str, Asked] = {}
        self.requests: list[str] = []
        self.authorizations: list[dict[str, str]] = []
        self.has_basic = True
        self.asks_first = False
        """True if the provider shows a page of its own before it redirects, like one that asks for a password."""
        self.issuer = ""
        self.signer = Signer("", CLIENT, clock)
        self._runner: web.AppRunner | None = None

    async def __aenter__(self) -> Self:
        app = web.Application(middlewares=[self._noting])
        app.router.add_get("/.well-known/openid-configuration", self._discovery)
        app.router.add_get("/keys", self._keys)
        app.router.add_get("/authorize", self._authorize)
        app.router.add_post("/token", self._token)
        app.router.add_get("/elsewhere", self._elsewhere)
        self._runner = web.AppRunner(app)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", 0)
        await site.start()
        port = self._runner.addresses[0][1]
        self.issuer = self.signer.issuer = f"http://127.0.0.1:{port}"
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, _: BaseException | None, __: TracebackType | None
    ) -> None:
        assert self._runner is not None, "closed before it was opened"
        await self._runner.cleanup()

    def rotate(self, key: RSAKey | ECKey, algorithm: str = "RS256") -> None:
        """Sign with this key from now on, and publish only this key."""
        self.keys, self.signer.key, self.signer.algorithm = [key], key, algorithm

    def times(self, path: str) -> int:
        return self.requests.count(path)

    async def let_in(self, address: str) -> dict[str, str]:
        """Return the query parameters with which the provider sends a browser back from this address."""
        async with ClientSession() as browser, browser.get(address, allow_redirects=False) as answer:
            assert answer.status == web.HTTPFound.status_code, await answer.text()
            return _query(answer.headers["Location"])

    @web.middleware
    async def _noting(self, request: web.Request, handler: Any) -> web.StreamResponse:
        self.requests.append(request.path)
        if self.errs.is_down:
            return web.Response(status=503, text="down")
        if self.errs.redirects:
            raise web.HTTPFound(f"{self.issuer}/elsewhere")
        if self.errs.is_long:
            return web.json_response({"long": "x" * 400_000})
        answer: web.StreamResponse = await handler(request)
        return answer

    async def _discovery(self, _: web.Request) -> web.Response:
        facts = {
            "issuer": self.issuer,
            "authorization_endpoint": f"{self.issuer}/authorize",
            "token_endpoint": f"{self.issuer}/token",
            "jwks_uri": f"{self.issuer}/keys",
            "end_session_endpoint": f"{self.issuer}/leave",
            "token_endpoint_auth_methods_supported": [
                "client_secret_basic" if self.has_basic else "client_secret_post"
            ],
        }
        return web.json_response(facts | self.errs.discovery)

    async def _elsewhere(self, request: web.Request) -> web.Response:
        """Serve a page of another site, with a link to the address in `to`."""
        return _page("There", request.query["to"])

    async def _keys(self, _: web.Request) -> web.Response:
        return web.json_response({"keys": [key.as_dict(private=False) for key in self.keys]})

    async def _authorize(self, request: web.Request) -> web.Response:
        """Sign the visitor in if the client's request is complete. Otherwise answer with status 400."""
        asked = dict(request.query)
        self.authorizations.append(asked)
        is_right = (asked["response_type"], asked["client_id"], asked["code_challenge_method"]) == (
            "code",
            CLIENT,
            "S256",
        )
        if not is_right or len(asked["code_challenge"]) != CHALLENGE_SIGNS or "openid" not in asked["scope"].split():
            return web.Response(status=400, text="asked wrongly")
        code = secrets.token_urlsafe(16)
        self.asked[code] = Asked(asked["redirect_uri"], asked["nonce"], asked["code_challenge"])
        result = {"state": self.errs.state or asked["state"], "code": code}
        result |= {"iss": self.errs.iss} if self.errs.iss is not None else {}
        result |= {"error": self.errs.error} if self.errs.error else {}
        back = f"{asked['redirect_uri']}?{urlencode(result)}"
        if self.asks_first:
            return _page("Let me in", back)
        raise web.HTTPFound(back)

    async def _token(self, request: web.Request) -> web.Response:
        """Redeem a code once, and only for the client that requested it, with the PKCE verifier of the request."""
        fields = {name: str(value) for name, value in (await request.post()).items()}
        asked = self.asked.get(fields.get("code", ""))
        hashed = _challenge(fields.get("code_verifier", ""))
        if not self._is_client(request, fields):
            return web.json_response({"error": self.errs.refuses}, status=401)
        is_same = asked is not None and asked.redirect_uri == fields["redirect_uri"] and not asked.is_redeemed
        if asked is None or not is_same or (hashed != asked.challenge and not self.errs.forgets_pkce):
            return web.json_response({"error": "invalid_grant"}, status=400)
        asked.is_redeemed = True
        nonce = asked.nonce if self.errs.nonce is None else self.errs.nonce
        token = self.signer.id_token(self.subject, nonce=nonce, sid=self.sid, more=self.more)
        return web.json_response({"id_token": token, "access_token": "unused", "token_type": "Bearer"})

    def _is_client(self, request: web.Request, fields: dict[str, str]) -> bool:
        """Return True if the client has authenticated with its secret, in the one way that discovery names."""
        if not self.has_basic:
            return (fields.get("client_id"), fields.get("client_secret")) == (CLIENT, self.secret)
        kind, _, pair = request.headers.get("Authorization", "").partition(" ")
        if kind != "Basic" or "client_secret" in fields:
            return False
        name, _, secret = base64.b64decode(pair).decode().partition(":")
        return (unquote_plus(name), unquote_plus(secret)) == (CLIENT, self.secret)


def _page(words: str, address: str) -> web.Response:
    return web.Response(text=f'<a href="{escape(address)}">{words}</a>', content_type="text/html")


def _challenge(verifier: str) -> str:
    return base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()


def _query(address: str) -> dict[str, str]:
    return dict(parse_qsl(urlsplit(address).query))
