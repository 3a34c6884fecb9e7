"""Tests of the settings of the sign-in, and of the values that are refused at the start."""

import asyncio
from pathlib import Path

import pytest
from aiohttp import ClientSession
from pydantic import ValidationError

from bot.channels.web.entrance import client_of
from bot.channels.web.site import Site
from bot.crypto.keys import create_key_file
from bot.runtime.clock import SystemClock
from bot.runtime.errors import SettingsFault
from bot.runtime.settings import Settings
from bot.wiring import Environment, run_until
from tests.fakes.openid.provider import CLIENT, FakeProvider
from tests.support.web.signing_in import opened

SITE = Site("https://seraf.test", "127.0.0.1", 0)


def read(**settings: object) -> Settings:
    return Settings.model_validate(settings)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("oidc_issuer", "login.example.org"),
        ("oidc_issuer", "http://login.example.org"),
        ("oidc_issuer", "https://login.example.org?tenant=1"),
        ("oidc_issuer", "https://me:secret@login.example.org"),
        ("oidc_roles", "practitioner"),
        ("oidc_roles", "admin=Leads"),
        ("oidc_roles", "manager="),
        ("oidc_roles", "manager=a,practitioner=a"),
        ("oidc_unlock", "never"),
    ],
)
def test_settings_that_would_admit_the_wrong_people_are_refused(name: str, value: str) -> None:
    with pytest.raises(ValidationError) as refused:
        read(**{name: value})

    if value.startswith("https://me"):
        assert "secret" not in str(refused.value)


def test_groups_have_any_name_and_map_to_one_role() -> None:
    settings = read(oidc_roles="manager=Safeguarding leads, practitioner=0f0e-11, practitioner=/staff/x")

    assert settings.oidc_roles == (
        ("manager", "Safeguarding leads"),
        ("practitioner", "0f0e-11"),
        ("practitioner", "/staff/x"),
    )


def test_cases_without_a_sign_in_are_refused() -> None:
    with pytest.raises(SettingsFault, match="SERAF_OIDC_ISSUER and SERAF_OIDC_CLIENT must be set"):
        client_of(read(web="cases"), SITE)
    with pytest.raises(SettingsFault, match="sign in: SERAF_OIDC_CLIENT must be set"):
        client_of(read(web="cases", oidc_issuer="https://login.example.org"), SITE)


def test_the_address_that_people_come_back_to_is_our_own() -> None:
    client = client_of(read(oidc_issuer="https://login.example.org", oidc_client="seraf"), SITE)

    assert (client.returns_to, client.left_to) == ("https://seraf.test/callback", "https://seraf.test/signed-out")


async def test_pages_for_rooms_have_no_way_in() -> None:
    async with opened(web="rooms") as house:
        browser = house.browser()
        browser.jar["__Host-s"] = "x"
        for path in ("/sign-in", "/callback", "/signed-out", "/back-channel"):
            assert (await browser.get(path)).status == 404
        assert (await browser.post("/back-channel", {}, origin="")).status == 403
        assert "Sign in" not in (await browser.get("/")).text


async def test_the_whole_of_it_starts_and_sends_people_to_the_sign_in(tmp_path: Path, unused_tcp_port: int) -> None:
    (tmp_path / "keys").mkdir(mode=0o700)
    create_key_file(tmp_path / "keys" / "seraf.key")
    port, stopped = unused_tcp_port, asyncio.Event()
    async with FakeProvider(SystemClock()) as there, ClientSession() as wire:
        settings = read(
            **{"web": "cases", "web_bind": f"127.0.0.1:{port}", "store": tmp_path / "var" / "seraf.sqlite"},
            **{"key_file": tmp_path / "keys" / "seraf.key", "oidc_issuer": there.issuer, "oidc_client": CLIENT},
        )
        outside = Environment(SystemClock(), lambda: "AMBER RIVER 10")
        running = asyncio.create_task(run_until(stopped, settings, environment=outside, telegram=False, web=True))
        try:
            location = await _sent_to(wire, port)
        finally:
            stopped.set()
            await running

    assert location.startswith(f"{there.issuer}/authorize?")


async def _sent_to(wire: ClientSession, port: int) -> str:
    for _ in range(200):
        try:
            async with wire.get(f"http://127.0.0.1:{port}/sign-in", allow_redirects=False) as answer:
                if answer.status == 303:
                    return answer.headers["Location"]
        except OSError:
            pass
        await asyncio.sleep(0.1)
    raise AssertionError("it does not start")
