"""Why Telegram was not reached, told apart as far as somebody can do something about it; never with the address, which has the token."""

import errno
from enum import StrEnum

import aiohttp
from telegram.error import NetworkError, TelegramError


class Why(StrEnum):
    """What stood in the way, as the log names it."""

    NAME = "name not found"
    PORT = "port refused"
    NO_WAY = "no way there"
    PROXY = "proxy not reached"
    PROXY_REFUSED = "refused by the proxy"
    CERTIFICATE = "certificate not trusted"
    TLS = "no secure connection"
    CUT = "connection cut"
    SENT_ELSEWHERE = "sent elsewhere"
    TOO_LONG = "answer too long"
    NOT_THE_API = "answered by something else"


ADVICE = {
    Why.NAME: "The name of the Bot API or of the proxy is not found. Does this machine have a DNS server? Is the address right?",
    Why.PORT: "Nothing listens there, or a firewall says no.",
    Why.NO_WAY: "There is no network, or no route.",
    Why.PROXY: "The proxy of `HTTPS_PROXY` does not answer.",
    Why.PROXY_REFUSED: "The proxy answers, and lets nobody through to the Bot API: a rule of it, or a name and password.",
    Why.CERTIFICATE: "Somebody between reads along, or a proxy signs with a certificate of its own. If it is meant to: "
    "`SSL_CERT_FILE`.",
    Why.TLS: "What answers there does not speak TLS as it should.",
    Why.CUT: "It passes by itself, or something between cuts connections.",
    Why.SENT_ELSEWHERE: "The answer was to ask another address, which is never done: the token would go along.",
    Why.TOO_LONG: "It was not read to its end.",
    Why.NOT_THE_API: "A page that asks for a login, or of a proxy; or `SERAF_TELEGRAM_API` is another server.",
}
"""What each could mean, and what to look at."""


class Unreached(NetworkError):
    """There was no answer of the Bot API, and why."""

    def __init__(self, why: Why) -> None:
        super().__init__(why)
        self.why = why


def unreached(error: Exception, *, has_proxy: bool) -> Unreached:
    """What a failed call means; with a proxy it is the proxy whose name this machine looks up."""
    match error:
        case aiohttp.ClientProxyConnectionError():
            return Unreached(Why.PROXY)
        case aiohttp.ClientConnectorDNSError():
            return Unreached(Why.PROXY if has_proxy else Why.NAME)
        case aiohttp.ClientHttpProxyError():
            return Unreached(Why.PROXY_REFUSED)
        case aiohttp.ClientConnectorCertificateError():
            return Unreached(Why.CERTIFICATE)
        case aiohttp.ClientSSLError():
            return Unreached(Why.TLS)
        case aiohttp.ClientConnectorError() if error.os_error.errno == errno.ECONNREFUSED:
            return Unreached(Why.PORT)
        case aiohttp.ClientConnectorError():
            return Unreached(Why.NO_WAY)
        case _:
            return Unreached(Why.CUT)


def named(error: TelegramError) -> str:
    """What the log says of an error."""
    return error.why if isinstance(error, Unreached) else type(error).__name__
