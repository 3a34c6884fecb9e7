"""Tests, on a virtual clock, that simultaneous taps are read together and that a single tap does not wait."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, cast

import pytest

from bot.channels.protocol import Heard, NotForUs, Receiver
from bot.channels.telegram.polling import TOGETHER, PollBackoff, Poller
from bot.channels.telegram.reader import ReadUpdate, UpdateReader
from bot.channels.telegram.sender import TelegramSender
from bot.runtime.clock import SystemClock
from tests.support.virtual_time import run_virtually

BEGUN = 1.0


@dataclass
class Waiting:
    """A fake of Telegram's updates in which people act at given seconds. It records which acts were read when."""

    coming: list[tuple[float, str]]
    heard: list[tuple[float, tuple[str, ...]]] = field(default_factory=list)
    over: asyncio.Event = field(default_factory=asyncio.Event)

    # What a poller has of its reader.

    @property
    def bot(self) -> "Waiting":
        return self

    @property
    def conversation(self) -> "Waiting":
        return self

    @property
    def clock(self) -> SystemClock:
        return SystemClock()

    async def call(self, _: str, fields: Mapping[str, Any], *, read_seconds: float) -> list[dict[str, Any]]:
        loop = asyncio.get_running_loop()
        if not self.coming:
            self.over.set()
            await asyncio.sleep(fields["timeout"])
            return []
        await asyncio.sleep(max(0.0, min(fields["timeout"], self.coming[0][0] - loop.time())))
        now = [who for at, who in self.coming if at <= loop.time()]
        self.coming = self.coming[len(now) :]
        return [{"update_id": ord(who)} for who in now]

    def read(self, raw: Mapping[str, Any]) -> ReadUpdate:
        return ReadUpdate(NotForUs(chr(raw["update_id"])))

    # What takes it, and what notes that it was asked.

    async def take(self, batch: Sequence[Heard]) -> None:
        self.heard.append((asyncio.get_running_loop().time(), tuple(heard.key for heard in batch)))


def heard(coming: Sequence[tuple[float, str]]) -> list[tuple[int, str]]:
    waiting = Waiting([(BEGUN + milliseconds / 1000, who) for milliseconds, who in coming])

    async def listen() -> None:
        poller = Poller(
            cast(UpdateReader, waiting), cast(TelegramSender, waiting), store=None, backoff=PollBackoff(SystemClock())
        )
        poll = asyncio.create_task(poller._poll(cast(Receiver, waiting), lambda *_: None))  # noqa: SLF001
        await waiting.over.wait()
        poll.cancel()

    run_virtually(listen())
    return [(round((at - BEGUN) * 1000), "".join(who)) for at, who in waiting.heard]


@pytest.mark.parametrize(
    ("coming", "together"),
    [
        pytest.param([(0, "a"), (1, "b"), (2, "c")], [(0, "a"), (1, "b"), (2, "c")], id="one after the other"),
        pytest.param([(0, "a"), (0, "b"), (1, "c"), (2, "d")], [(0, "ab"), (2, "cd")], id="two at once"),
        pytest.param([(0, "a"), (0, "b"), (9, "c"), (10, "d")], [(0, "ab"), (9, "c"), (10, "d")], id="and then nobody"),
    ],
)
def test_several_who_tap_at_once_are_waited_for(
    coming: list[tuple[float, str]], together: list[tuple[int, str]]
) -> None:
    """After several taps arrive at once, the bot waits two milliseconds, so that the next taps share a transaction."""
    assert TOGETHER * 1000 == 2
    assert heard(coming) == together
