"""Promise P9 in Telegram: with every logger at DEBUG, no token, key, answer or text of a person is printed."""

import json
from pathlib import Path
from random import Random

import pytest

from tests.fakes.telegram import FakeTelegram
from tests.support.counts import times
from tests.support.people.admitting import PIN
from tests.support.promising import Promise
from tests.support.telegram.bots import python_process
from tests.support.telegram.fuzz import update
from tests.support.telegram.home import SAM, Home
from tests.support.telegram.walker import Walker, tap_pin

SAID = "canary-words-of-a-person"
CODE = "CANARYCANARY23"

LOUD = """
import logging, threading, time
logging.basicConfig(level=1)
def loudly():
    while True:
        for name in [None, *logging.root.manager.loggerDict]:
            logging.getLogger(name).setLevel(1)
        time.sleep(0.05)
threading.Thread(target=loudly, daemon=True).start()
import sys
sys.argv = ["seraf-bot", "run"]
from bot.cli.main import run
run()
"""
"""A program that runs `seraf-bot run` and keeps setting every logger to DEBUG, against the bot's own levels."""


def forbidden(home: Home) -> list[str]:
    """Return the texts that must not be printed: the token, its secret part, all keys, and what people type and see."""
    token = home.server.token
    secrets = [value for name, value in json.loads(home.key_file.read_text()).items() if name not in ("v", "id")]
    said = [
        SAID, CODE, PIN, ":k:", "Tap your PIN", "Emotional neglect", "Not known", "s:not-known", "BRISK OTTER",
        "is not kept", "Eavesdropper",
    ]  # fmt: skip
    return [token, token.partition(":")[2], *secrets, *said]


@pytest.mark.prove
async def test_no_logger_prints_secrets_or_words_at_debug(tmp_path: Path, promise: Promise) -> None:
    async with FakeTelegram() as server:
        home, draw, count = Home(tmp_path, server), Random(9), times(10_000, 12)
        sam = server.person(SAM, first_name="Eavesdropper")
        async with python_process(home, program=("-X", "dev", "-c", LOUD)) as bot:
            await bot.says("ready")
            await Walker(sam, draw).begin(until_item=3)
            for kind in ("garbage", "error_500", "cut_after", "garbage"):
                server.fault(kind=kind, method="editMessageText")
                server.fault(kind=kind, method="getUpdates")
                await sam.send(SAID)
                await sam.until(lambda: not server.pending, timeout=20)
                await sam.settled(timeout=20)
            for _ in range(count):
                server.push_raw(update(draw))
            server.push_raw({"message": {"text": SAID}})
            await sam.until(lambda: not server.pending, timeout=60)
            await sam.send(f"/start {CODE}")
            await sam.send("/lock")
            await sam.sees("Tap your PIN", timeout=20)
            await sam.settled(timeout=20)
            await tap_pin(sam)
            await sam.settled(timeout=20)
            await sam.until(lambda: not server.pending, timeout=60)
            await bot.terminated()

    assert "ready" in bot.said
    assert [words for words in forbidden(home) if words in bot.said] == []
    assert "Traceback" not in bot.said, bot.said
    promise.reached("P9", asked=count, reached=count, of="updates, every logger at DEBUG")
