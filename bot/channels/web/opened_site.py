"""The site as the settings say, with its certificate read. Nothing is served where others could read along."""

import ssl

from bot.channels.web.guard.site import Site
from bot.runtime.addresses import is_this_machine
from bot.runtime.errors import SettingsFault
from bot.runtime.web.web_settings import WebSettings, split_bind


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
