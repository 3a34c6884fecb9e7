"""The site: its public address, the address that it listens on, and its trusted proxies. Unsafe settings are refused."""

import ssl
from dataclasses import dataclass
from ipaddress import ip_address

from aiohttp import web

from bot.runtime.addresses import is_this_machine
from bot.runtime.errors import SettingsFault
from bot.runtime.web_settings import WebSettings, split_bind


@dataclass(frozen=True, slots=True)
class Site:
    """The site. `address` is public, without a path. Requests from `proxies` may say who sent them originally.

    `is_plain`: others reach it without TLS, which only a site of made-up cases alone may be.
    """

    address: str
    host: str
    port: int
    proxies: frozenset[str] = frozenset()
    tls: ssl.SSLContext | None = None
    is_plain: bool = False

    @property
    def is_secure(self) -> bool:
        """True if people can reach the site only by HTTPS."""
        return self.address.startswith("https://")

    def is_named(self, host: str) -> bool:
        """Return True if `host`, to which a request was sent, is that of the site."""
        return host.lower() == self.address.partition("://")[2].lower()

    def sender_of(self, request: web.BaseRequest) -> str:
        """Return the IP address of the request's sender: what a trusted proxy says it is, or otherwise that of the connection."""
        peer = _peer(request)
        if peer not in self.proxies:
            return peer
        # From the end: the last entries were written by trusted proxies, and anybody can have sent those before them.
        for entry in reversed(",".join(request.headers.getall("X-Forwarded-For", [])).split(",")):
            address = plain_address(entry.strip())
            if address not in self.proxies:
                return address or peer
        return peer

    def is_downgraded(self, request: web.BaseRequest) -> bool:
        """Return True if the request reached a trusted proxy without TLS although the site may only be used by HTTPS."""
        protocol = request.headers.get("X-Forwarded-Proto", "https")
        return protocol != "https" and self.is_secure and _peer(request) in self.proxies


def _peer(request: web.BaseRequest) -> str:
    peer = request.transport.get_extra_info("peername") if request.transport is not None else None
    return plain_address(str(peer[0])) if peer else ""


def plain_address(text: str) -> str:
    """Return an IP address in its canonical form, or an empty text if the text is not an IP address."""
    try:
        address = ip_address(text.partition("%")[0])
    except ValueError:
        return ""
    return str(getattr(address, "ipv4_mapped", None) or address)


def site_of(settings: WebSettings) -> Site:
    """Return the site that the settings describe. Raise `SettingsFault` if somebody else could read its traffic."""
    host, port = split_bind(settings.web_bind)
    tls = None
    if settings.web_certificate is not None:
        tls = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        tls.minimum_version = ssl.TLSVersion.TLSv1_2
        try:
            tls.load_cert_chain(settings.web_certificate, settings.web_key)
        except OSError:  # a file that is not PEM raises one too
            raise SettingsFault(
                "SERAF_WEB_CERTIFICATE: no certificate with its key can be read from these files; both must be in PEM, and"
                " this account's to read"
            ) from None
    elif not is_this_machine(host):
        raise SettingsFault(
            "SERAF_WEB_BIND: others could read along, since this is not an address of this machine alone and there is no TLS;"
            " listen on 127.0.0.1 behind a proxy that does TLS, or set SERAF_WEB_CERTIFICATE and SERAF_WEB_KEY"
        )
    return Site(settings.pages_address, host, port, frozenset(settings.web_proxies), tls)
