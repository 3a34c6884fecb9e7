"""Asking Telegram for updates: a batch is confirmed only after it was committed, and its offset is used once."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import Any

import structlog
from telegram import Bot
from telegram.error import Conflict, InvalidToken, RetryAfter, TelegramError

from bot.channels.telegram.channel import Channel
from bot.channels.telegram.hearing import WANTED
from bot.clock import Clock
from bot.errors import SettingsFault, StoreFault
from bot.storage.protocol import Store

LONG_POLL = 25
"""Seconds for which Telegram holds a question open."""

TAPS_LIVE = timedelta(seconds=150)
"""After so long Telegram drops a tap that nobody fetched."""

MARK_EVERY = timedelta(seconds=10)
"""How often the store is told when Telegram was asked last."""

FIRST_WAIT, LONGEST_WAIT = 0.5, 10.0
STORE_WAIT = 1.0

Outage = Callable[[datetime, datetime], Awaitable[None]]
"""Told from when to when taps may have been lost."""

log = structlog.get_logger()


class Poller:
    """Polls until it is stopped."""

    def __init__(self, bot: Bot, channel: Channel, store: Store, clock: Clock, on_outage: Outage) -> None:
        self._bot = bot
        self._channel = channel
        self._store = store
        self._clock = clock
        self._on_outage = on_outage
        self._offset: int | None = None
        self._marked: datetime | None = None
        self._conflict_since: datetime | None = None

    async def poll(self) -> None:
        """Ask, take, confirm, for ever. Raises `SettingsFault` where the token is refused or another bot polls with it."""
        last = await self._store.polled_at()
        wait = FIRST_WAIT
        while True:
            try:
                raws = await self._ask()
            except RetryAfter as error:
                seconds = error.retry_after
                await asyncio.sleep(seconds if isinstance(seconds, int) else seconds.total_seconds())
                continue
            except TelegramError as error:
                self._demand_patience(error)
                await asyncio.sleep(wait)
                wait = min(wait * 2, LONGEST_WAIT)
                continue
            wait, self._conflict_since = FIRST_WAIT, None
            last = await self._note(last)
            await self._take(raws)

    async def _ask(self) -> list[dict[str, Any]]:
        fields: dict[str, Any] = {"timeout": LONG_POLL, "allowed_updates": list(WANTED)}
        if self._offset is not None:
            fields["offset"] = self._offset
        found = await self._bot.do_api_request("getUpdates", api_kwargs=fields, read_timeout=LONG_POLL + 10)
        self._offset = None
        return [raw for raw in found if isinstance(raw, dict) and isinstance(raw.get("update_id"), int)]

    async def _take(self, raws: list[dict[str, Any]]) -> None:
        if not raws:
            return
        try:
            await self._channel.take(raws)
        except StoreFault as fault:
            log.error("not saved", fault=type(fault).__name__)
            await self._channel.cannot_keep(raws)
            await asyncio.sleep(STORE_WAIT)
            return
        self._offset = raws[-1]["update_id"] + 1

    async def _note(self, last: datetime | None) -> datetime:
        """Take down that Telegram was reached now; after a long silence, say from when to when taps may not have counted."""
        now = self._clock.now()
        if last is not None and now - last > TAPS_LIVE + timedelta(seconds=LONG_POLL):
            await self._on_outage(last, now)
        if self._marked is None or now - self._marked >= MARK_EVERY:
            self._marked = now
            try:
                await self._store.mark_polled(now)
            except StoreFault as fault:
                log.error("not saved", fault=type(fault).__name__)
        return now

    def _demand_patience(self, error: TelegramError) -> None:
        """Whether to go on asking after a failure. A killed predecessor's question may linger for one long poll."""
        if isinstance(error, InvalidToken):
            raise SettingsFault("SERAF_TELEGRAM_TOKEN: Telegram refuses this token; copy it again from @BotFather")
        if isinstance(error, Conflict):
            now = self._clock.now()
            self._conflict_since = self._conflict_since or now
            if now - self._conflict_since > timedelta(seconds=LONG_POLL + 5):
                raise SettingsFault("Another program polls with this token. Stop it, then start this one again")
        log.warning("Telegram not reached", fault=type(error).__name__)
