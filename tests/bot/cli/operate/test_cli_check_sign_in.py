"""What `check` reports about the sign-in."""

import asyncio

from bot.runtime.clock import SystemClock
from dialogs.core.role import Role
from tests.bot.cli.operate.test_cli_check_around import findings_about
from tests.fakes.openid.provider import FakeProvider
from tests.support.command_line.desk import Folder

CASES = {"SERAF_WEB": "cases", "SERAF_OIDC_CLIENT": "seraf"}


def test_a_sign_in_is_looked_at_where_there_are_cases_alone(kept: Folder) -> None:
    assert findings_about(kept, "sign-in") == []
    ((order, said),) = findings_about(kept, "sign-in", **CASES)
    assert (order, "SERAF_OIDC_ISSUER must be set" in said) == ("NO", True)


def test_pages_alone_need_no_token(kept: Folder) -> None:
    without = {"SERAF_TELEGRAM_TOKEN": "", "SERAF_OIDC_ISSUER": "http://127.0.0.1:1"}

    assert findings_about(kept, "settings", **CASES, **without) == [
        ("yes", "no token: people come with a browser alone")
    ]
    assert findings_about(kept, "settings", **without)[0][0] == "NO"


async def test_with_pages_alone_telegram_is_not_mentioned(kept: Folder) -> None:
    administrator = kept.standing(Role.ADMIN, who="9a9b9c9d")
    await asyncio.to_thread(kept.admit, "web:admin", administrator, reference="")
    async with FakeProvider(SystemClock()) as there:
        settings = {**CASES, "SERAF_OIDC_ISSUER": there.issuer, "SERAF_ADMINS": "7", "COLUMNS": "300"}
        full = await asyncio.to_thread(kept.run, "check", **settings)
        for left in (kept.path / "var").glob("seraf.sqlite*"):
            left.unlink()
        empty = await asyncio.to_thread(kept.run, "check", **settings)

    assert (full.status, empty.status) == (0, 0)
    assert "telegram" not in (full.out + empty.out).lower()
    assert "last poll" not in full.out
    assert "nobody can use the bot: hand over a code of" in empty.out


async def test_check_reports_how_the_sign_in_answers(kept: Folder) -> None:
    async with FakeProvider(SystemClock()) as there:
        settings = {**CASES, "SERAF_OIDC_ISSUER": there.issuer}
        ((order, said),) = await asyncio.to_thread(findings_about, kept, "sign-in", **settings)
        assert (order, said) == ("yes", "the organisation's sign-in answers, and calls itself as set")
        there.errs.discovery = {"issuer": "https://other.example"}
        ((order, said),) = await asyncio.to_thread(findings_about, kept, "sign-in", **settings)
        assert (order, "calls itself otherwise" in said) == ("NO", True)
        there.errs.is_down = True
        ((order, said),) = await asyncio.to_thread(findings_about, kept, "sign-in", **settings)
        assert (order, "answered 503" in said or "JSON" in said) == ("NO", True)
    ((order, said),) = await asyncio.to_thread(findings_about, kept, "sign-in", **settings)
    assert order == "NO", "nothing listens there any more"
