"""A page while commits wait for a standby that does not answer: it is not saved, whom to call shows, and the form counts once later."""

import asyncio
from pathlib import Path
from random import Random

from tests.bot.channels.web.faults.test_web_disks import NOT_SAVED, NUMBERS
from tests.fakes.telegram import FakeTelegram
from tests.support.chromium.windows import free_port
from tests.support.people.plans import Plan
from tests.support.store.server import cluster
from tests.support.store.tapping import SOON
from tests.support.telegram.home import Home
from tests.support.web.running import (
    SECRET,
    SIGNED_IN,
    UNUSED,
    have_signed_in,
    opened,
    session_kept,
    web_process,
)
from tests.support.web.seeing import seen
from tests.support.web.wire import Wire


async def test_a_page_is_honest_while_commits_wait_for_a_standby(tmp_path: Path) -> None:
    with cluster() as server:
        server.run("CREATE DATABASE seraf")
        home = Home(tmp_path, FakeTelegram(port=UNUSED), frozenset(), address=server.address("seraf"))
        await have_signed_in(home)
        port = free_port()
        async with web_process(home, port) as bot:
            kim = await opened(port, SECRET, cookie=SIGNED_IN)
            page, plan = kim.page, Plan(Random(1))
            press = kim.button(plan.next_label_round(page)).attributes["value"]
            form, before = {"nonce": page.nonce, "press": press}, await session_kept(home)
            server.waits_for_standby()

            for _ in range(2):
                await kim.send_on(form)
                answer = seen(kim.answer.text)
                assert (kim.answer.status, NOT_SAVED in answer.text) == (503, True)
                assert set(NUMBERS) <= {link.words for link in answer.links}
            async with asyncio.timeout(2 * SOON):
                while (await Wire(port).send("GET", "/readyz", headers={})).status != 503:
                    await asyncio.sleep(0.1)

            server.waits_for_standby(False)
            while kim.answer.status != 303:
                await kim.send_on(form)
            await kim.send_on(form)
            assert (await session_kept(home)).card == before.card + 1
            await kim.close()
            assert "Traceback" not in bot.said
