"""What `check` sees of the way in by a browser."""

import asyncio

from bot.runtime.clock import SystemClock
from tests.bot.cli.operate.test_cli_check_around import told
from tests.fakes.openid.provider import FakeProvider
from tests.support.command_line.desk import Folder

CASES = {"SERAF_WEB": "cases", "SERAF_OIDC_CLIENT": "seraf"}


def test_a_sign_in_is_looked_at_where_there_are_cases_alone(kept: Folder) -> None:
    """Rooms need none; cases without one are wrong."""
    assert told(kept, "sign-in") == []
    ((order, said),) = told(kept, "sign-in", **CASES)
    assert (order, "SERAF_OIDC_ISSUER must be set" in said) == ("NO", True)


def test_who_comes_with_a_browser_alone_needs_no_token(kept: Folder) -> None:
    """Where rooms are all that pages are for, one is missing."""
    without = {"SERAF_TELEGRAM_TOKEN": "", "SERAF_OIDC_ISSUER": "http://127.0.0.1:1"}

    assert told(kept, "settings", **CASES, **without) == [("yes", "no token: people come with a browser alone")]
    assert told(kept, "settings", **without)[0][0] == "NO"


async def test_what_the_sign_in_says_of_itself_is_told(kept: Folder) -> None:
    """Whether it answers is for a person to judge, and so is another name."""
    async with FakeProvider(SystemClock()) as there:
        settings = {**CASES, "SERAF_OIDC_ISSUER": there.issuer}
        ((order, said),) = await asyncio.to_thread(told, kept, "sign-in", **settings)
        assert (order, said) == ("yes", "the organisation's sign-in answers, and calls itself as set")
        there.errs.discovery = {"issuer": "https://other.example"}
        ((order, said),) = await asyncio.to_thread(told, kept, "sign-in", **settings)
        assert (order, "calls itself otherwise" in said) == ("look", True)
        there.errs.is_down = True
        ((order, said),) = await asyncio.to_thread(told, kept, "sign-in", **settings)
        assert (order, "answered 503" in said or "JSON" in said) == ("look", True)
