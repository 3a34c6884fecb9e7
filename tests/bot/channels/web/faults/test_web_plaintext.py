"""Promise P7 in a browser: no text typed into a page, and no secret that opens a page, is readable on the disk."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from random import Random

import pytest
from aiohttp import ClientSession, DummyCookieJar
from pydantic import SecretStr
from structlog.testing import capture_logs

from bot.runtime.person_id import PersonId
from bot.runtime.web_settings import Serves, Unlock
from tests.bot.channels.web.entrance.test_pin import form
from tests.fakes.openid.provider import CLIENT, SECRET, FakeProvider
from tests.support.chromium.windows import free_port
from tests.support.counts import times
from tests.support.people.admitting import PIN
from tests.support.people.plans import Plan, item_number
from tests.support.promising import Promise
from tests.support.store.canaries import canary, found_in
from tests.support.telegram.home import Home
from tests.support.walks.clock import Surroundings
from tests.support.web import signing_in
from tests.support.web.browser import Browser
from tests.support.web.running import home_of_pages, opened, running_pages, settings_of
from tests.support.web.signing_in import come_back
from tests.support.web.wire import ORIGIN

NOON = datetime(2026, 3, 4, 12, tzinfo=UTC)
SPOKEN = ("ask", "explain", "guide", "review", "join")


@dataclass(frozen=True, slots=True)
class Pages:
    """A running server of pages with a sign-in, the people who use it, and the bytes of its files."""

    home: Home
    port: int
    there: FakeProvider
    around: Surroundings
    wire: ClientSession

    async def came(self, seed: int) -> list[str]:
        """Let a new person sign in, write a note and type texts; return the random words (canaries) in them."""
        subject, sid, reference, noted, password, *typed = [canary() for _ in range(5 + len(SPOKEN))]
        self.there.subject, self.there.sid = subject, sid
        self.around.reference_is(reference)
        guest = signing_in.Browser(self.port, self.wire)
        assert (await come_back(guest, self.there)).status == 200
        secret = guest.jar["__Host-s"]
        browser, plan = Browser(self.port, secret, cookie="__Host-s"), Plan(Random(seed))
        await browser.open()
        await browser.press("I understand")
        await browser.send(form(browser.page, password, password))  # not a PIN, but typed where one belongs
        assert browser.page.heading == "Choose a PIN"
        await browser.send(form(browser.page, PIN, PIN))
        while not item_number(browser.page):
            await browser.press(plan.next_label(browser.page))
        assert reference in browser.answer.text
        await browser.send({**form(browser.page), "typed": f"the nurse saw {noted}"})
        assert f"the nurse saw {noted}" in browser.page.text
        for name, word in zip(SPOKEN, typed, strict=True):
            await browser.command(name, word)
        await browser.close()
        return [
            subject,
            sid,
            reference,
            noted,
            password,
            *typed,
            secret,
            str(PersonId.on_web(self.there.issuer, subject)),
        ]

    def on_disk(self) -> bytes:
        files = (path for path in self.home.folder.rglob("*") if path.is_file() and path != self.home.key_file)
        return b"".join(path.name.encode() + path.read_bytes() for path in files)


@asynccontextmanager
async def running(folder: Path) -> AsyncIterator[Pages]:
    home, around, port = replace(home_of_pages(folder), notes=True), Surroundings(NOON, ""), free_port()
    async with FakeProvider(around) as there, ClientSession(cookie_jar=DummyCookieJar()) as wire:
        there.more = {"groups": ["workers"], "auth_time": around.now().timestamp()}
        result = settings_of(
            home,
            port,
            web=Serves.CASES,
            web_address=ORIGIN,
            oidc_issuer=there.issuer,
            oidc_client=CLIENT,
            oidc_secret=SecretStr(SECRET),
            oidc_unlock=Unlock.PIN,
            oidc_roles=(("practitioner", "workers"),),
        )
        async with running_pages(result, around):
            await (await opened(port, there=ORIGIN)).close()
            yield Pages(home, port, there, around, wire)


@pytest.mark.prove
async def test_no_word_of_a_page_is_found_in_any_encoding(tmp_path: Path, unhurried: None, promise: Promise) -> None:
    """Promise P7: no subject, cookie, note, code, word or password typed as a PIN is found in the database, its log or the folder."""
    words: list[str] = []
    asked, seeds = times(1_000, 20), count()

    with capture_logs() as lines:
        async with running(tmp_path) as here:
            while len(words) < asked:
                fresh = await here.came(next(seeds))
                words += fresh
                assert found_in(here.on_disk(), fresh) == []
            assert b"seraf.sqlite-wal" in here.on_disk()
            assert found_in(here.on_disk(), words) == []
    assert found_in(here.on_disk() + repr(lines).encode(), words) == []

    promise.reached("P7", asked=asked, reached=len(words), of="words of pages found nowhere, in five encodings")
