"""What `check` sees of the way in by a browser: whether the organisation's sign-in is named, and answers as it should."""

import asyncio
from collections.abc import Iterator

from bot.channels.web.sign_in.entrance import client_of, fetching_of
from bot.channels.web.site import site_of
from bot.cli.frame.findings import Finding, Verdict
from bot.runtime.clock import SystemClock
from bot.runtime.errors import SettingsFault
from bot.runtime.settings import Settings
from bot.runtime.web.web_settings import Serves
from bot.sign_in.provider import Provider
from bot.sign_in.refusals import ProviderFault


def sign_in(settings: Settings) -> Iterator[Finding]:
    """What the sign-in says of itself now. Where it does not answer as it should, nobody can come in, and that is wrong."""
    if settings.web is not Serves.CASES:
        return
    try:
        client_of(settings, site_of(settings))
        asyncio.run(_asked(settings))
    except SettingsFault as fault:
        yield Finding("sign-in", Verdict.NO, str(fault))
    except ProviderFault as fault:
        yield Finding("sign-in", Verdict.NO, f"nobody can sign in: {fault}")
    else:
        yield Finding("sign-in", Verdict.YES, "the organisation's sign-in answers, and calls itself as set")


async def _asked(settings: Settings) -> None:
    async with fetching_of(settings) as fetching:
        await Provider(settings.oidc_issuer, fetching, SystemClock()).facts()
