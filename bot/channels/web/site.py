"""Where the pages are: the address that people type, what is listened on, and which proxies are believed.

Nothing is served where others could read along.
"""

import ssl
from dataclasses import dataclass
from ipaddress import ip_address

from aiohttp import web

from bot.runtime.addresses import is_this_machine
from bot.runtime.errors import SettingsFault
from bot.runtime.web_settings import WebSettings, split_bind

FORWARDED_FOR, FORWARDED_PROTO = "X-Forwarded-For", "X-Forwarded-Proto"


@dataclass(frozen=True, slots=True)
class Site:
    """`address` is what people type, without a path; what comes from one of the `proxies` may say whom it is for."""

    address: str
    host: str
    port: int
    proxies: frozenset[str] = frozenset()
    tls: ssl.SSLContext | None = None

    @property
    def is_secure(self) -> bool:
        """Whether people reach it by HTTPS alone."""
        return self.address.startswith("https://")

    def is_named(self, host: str) -> bool:
        """Whether a request that names this host is for these pages."""
        return host.lower() == self.address.partition("://")[2].lower()

    def sender_of(self, request: web.BaseRequest) -> str:
        """Return the address that a request comes from: what the nearest proxy of ours says, else the one that is connected."""
        peer = _peer(request)
        if peer not in self.proxies:
            return peer
        said = [each.strip() for line in request.headers.getall(FORWARDED_FOR, []) for each in line.split(",")]
        # From the end: that was written by our own proxies, and what stands before it anybody may have sent along.
        for each in reversed(said):
            address = plain_address(each)
            if address not in self.proxies:
                return address or peer
        return peer

    def is_downgraded(self, request: web.BaseRequest) -> bool:
        """Whether it came to our proxy without TLS, though people reach it by HTTPS."""
        protocol = request.headers.get(FORWARDED_PROTO, "https")
        return protocol != "https" and self.is_secure and _peer(request) in self.proxies


def _peer(request: web.BaseRequest) -> str:
    peer = request.transport.get_extra_info("peername") if request.transport is not None else None
    return plain_address(str(peer[0])) if peer else ""


def plain_address(text: str) -> str:
    """Return an IP address in one way of writing; empty where it is none."""
    try:
        address = ip_address(text.partition("%")[0])
    except ValueError:
        return ""
    mapped = getattr(address, "ipv4_mapped", None)
    return str(mapped or address)


def site_of(settings: WebSettings) -> Site:
    """Where the pages are. `SettingsFault` where the way there would not be safe."""
    host, port = split_bind(settings.web_bind)
    if settings.web_certificate is None and not is_this_machine(host):
        raise SettingsFault(
            "SERAF_WEB_BIND: others could read along, since this is not an address of this machine alone and there is no TLS;"
            " listen on 127.0.0.1 behind a proxy that does TLS, or set SERAF_WEB_CERTIFICATE and SERAF_WEB_KEY"
        )
    return Site(settings.pages_address, host, port, frozenset(settings.web_proxies), _tls(settings))


def _tls(settings: WebSettings) -> ssl.SSLContext | None:
    if settings.web_certificate is None:
        return None
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    try:
        context.load_cert_chain(settings.web_certificate, settings.web_key)
    except OSError:  # that of a file that is none in PEM is one of these
        raise SettingsFault(
            "SERAF_WEB_CERTIFICATE: no certificate with its key can be read from these files; both must be in PEM, and this"
            " account's to read"
        ) from None
    return context
