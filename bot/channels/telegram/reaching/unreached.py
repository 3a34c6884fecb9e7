"""Why Telegram was not reached, told apart as far as somebody can do something about it; never with the address, which has the token."""

import errno
from enum import StrEnum

import aiohttp
from telegram.error import NetworkError, TelegramError


class Cause(StrEnum):
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
    Cause.NAME: "The name of the Bot API or of the proxy is not found. Does this machine have a DNS server? Is the address right?",
    Cause.PORT: "Nothing listens there, or a firewall says no.",
    Cause.NO_WAY: "There is no network, or no route.",
    Cause.PROXY: "The proxy of `HTTPS_PROXY` does not answer.",
    Cause.PROXY_REFUSED: "The proxy answers, and lets nobody through to the Bot API: a rule of it, or a name and password.",
    Cause.CERTIFICATE: "Somebody between reads along, or a proxy signs with a certificate of its own. If it is meant to: "
    "`SSL_CERT_FILE`.",
    Cause.TLS: "What answers there does not speak TLS as it should.",
    Cause.CUT: "It passes by itself, or something between cuts connections.",
    Cause.SENT_ELSEWHERE: "The answer was to ask another address, which is never done: the token would go along.",
    Cause.TOO_LONG: "It was not read to its end.",
    Cause.NOT_THE_API: "A page that asks for a login, or of a proxy; or `SERAF_TELEGRAM_API` is another server.",
}
"""What each could mean, and what to look at."""


class Unreached(NetworkError):
    """There was no answer of the Bot API, and why."""

    def __init__(self, why: Cause) -> None:
        super().__init__(why)
        self.why = why


def unreached(error: Exception, *, has_proxy: bool) -> Unreached:
    """What a failed call means; with a proxy it is the proxy whose name this machine looks up."""
    match error:
        case aiohttp.ClientProxyConnectionError():
            return Unreached(Cause.PROXY)
        case aiohttp.ClientConnectorDNSError():
            return Unreached(Cause.PROXY if has_proxy else Cause.NAME)
        case aiohttp.ClientHttpProxyError():
            return Unreached(Cause.PROXY_REFUSED)
        case aiohttp.ClientConnectorCertificateError():
            return Unreached(Cause.CERTIFICATE)
        case aiohttp.ClientSSLError():
            return Unreached(Cause.TLS)
        case aiohttp.ClientConnectorError() if error.os_error.errno == errno.ECONNREFUSED:
            return Unreached(Cause.PORT)
        case aiohttp.ClientConnectorError():
            return Unreached(Cause.NO_WAY)
        case _:
            return Unreached(Cause.CUT)


def named(error: TelegramError) -> str:
    """What the log says of an error."""
    return error.why if isinstance(error, Unreached) else type(error).__name__
