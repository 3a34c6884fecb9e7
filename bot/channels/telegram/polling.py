"""Asking Telegram for updates: a batch is confirmed only after it was committed, and its offset is used once."""

import asyncio
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import structlog
from telegram.error import RetryAfter, TelegramError

from bot.channels.protocol import Inbox, OnReached
from bot.channels.telegram.poll_backoff import PollBackoff
from bot.channels.telegram.reader import WANTED, ReadUpdate, UpdateReader
from bot.channels.telegram.retry import heed
from bot.channels.telegram.sender import TelegramSender
from bot.runtime.background_tasks import BackgroundTasks
from bot.runtime.errors import StoreFault
from bot.storage.store import Store
from dialogs.turn.commands import LISTED

LONG_POLL = 25
"""Seconds for which Telegram holds a question open."""

TAPS_LIVE = timedelta(seconds=150)
"""After so long Telegram drops a tap that nobody fetched."""

MARK_EVERY = timedelta(seconds=10)
"""How often the store is told when Telegram was asked last."""

STORE_WAIT = 1.0
"""Seconds between two tries to save a batch."""

MOST_HELD = 1_000
"""Updates that are kept in memory while the store cannot save; more of them wait at Telegram, for as long as they live."""

log = structlog.get_logger()


class Poller:
    """Polls until it is stopped, and hands in what people did."""

    def __init__(self, reader: UpdateReader, sender: TelegramSender, store: Store) -> None:
        self._reader = reader
        self._sender = sender
        self._store = store
        self._clock = reader.conversation.clock
        self._backoff = PollBackoff(reader.bot, self._clock)
        self._tasks = BackgroundTasks()
        self._offset: int | None = None
        self._held: list[dict[str, Any]] = []
        self._marked: datetime | None = None
        self._is_reached = False
        self._is_first = True

    async def listen(self, inbox: Inbox, on_reached: OnReached) -> None:
        """Ask, take, confirm, for ever. Raises `SettingsFault` where the token is refused or another bot polls with it."""
        say = self._reader.conversation.script.wording.say
        log.info("ready", bot=self._reader.bot.username)
        self._tasks.run(self._sender.list_commands([(name, say(f"command.{name}")) for name in LISTED]))
        try:
            await self._poll(inbox, on_reached)
        finally:
            await self._tasks.settle(0)

    async def _poll(self, inbox: Inbox, on_reached: OnReached) -> None:
        last = await self._store.channel.polled_at()
        while True:
            try:
                fetched = await self._ask()
            except RetryAfter as error:
                await heed(error)
                continue
            except TelegramError as error:
                self._is_reached = False
                await self._backoff.wait_after(error)
                continue
            now = self._clock.now()
            await self._take(fetched, inbox)
            self._backoff.reset()
            self._tell(last, now, on_reached=on_reached)
            await self._mark(now)
            last = now

    async def _ask(self) -> list[dict[str, Any]]:
        """The updates that wait. It waits for one itself only while Telegram is known to be reached and nothing is held."""
        wait = LONG_POLL if self._is_reached and not self._held else 0
        fields: dict[str, Any] = {"timeout": wait, "allowed_updates": list(WANTED)}
        if self._offset is not None:
            fields["offset"] = self._offset
        found = await self._reader.bot.do_api_request("getUpdates", api_kwargs=fields, read_timeout=LONG_POLL + 10)
        if not isinstance(found, list):
            raise TelegramError("no list of updates")
        self._offset = None
        fetched = [raw for raw in found if isinstance(raw, dict) and type(raw.get("update_id")) is int]
        if found and not fetched:  # they cannot be confirmed, and would be fetched again at once
            raise TelegramError("no update with an id")
        return fetched

    async def _take(self, fetched: list[dict[str, Any]], inbox: Inbox) -> None:
        """Take what was held and what is new; hold it where it cannot be saved, since taps may expire at Telegram meanwhile."""
        ids = {raw["update_id"] for raw in self._held}
        new = [raw for raw in fetched if raw["update_id"] not in ids]
        batch = [*self._held, *new]
        updates = [self._reader.read(raw) for raw in batch]
        try:
            if batch:
                await inbox.take([update.heard for update in updates])
        except StoreFault as fault:
            log.error("not saved", fault=type(fault).__name__)
            inbox.cannot_keep([update.heard for update in updates[len(self._held) :]])
            self._held = batch[:MOST_HELD]
            await asyncio.sleep(STORE_WAIT)
            return
        self._finish(updates)
        self._held = []
        if fetched:
            self._offset = fetched[-1]["update_id"] + 1

    def _finish(self, updates: Sequence[ReadUpdate]) -> None:
        """Do what is Telegram's alone: log what could not be read, and leave groups, in which nobody is answered."""
        for update in updates:
            if not update.is_readable:
                log.warning("unreadable update", update=int(update.heard.key))
            if update.group is not None:
                self._tasks.run(self._sender.leave_group(update.group))

    def _tell(self, last: datetime | None, now: datetime, *, on_reached: OnReached) -> None:
        """Say that Telegram is reached: the first time, and whenever taps may have expired there unfetched."""
        is_outage = last is not None and now - last > TAPS_LIVE
        if is_outage or self._is_first:
            on_reached(last if is_outage else None, now)
        self._is_reached, self._is_first = True, False

    async def _mark(self, now: datetime) -> None:
        """Have the store remember when Telegram was asked last, now and then; a clock that was set back is followed."""
        if self._marked is not None and abs(now - self._marked) < MARK_EVERY:
            return
        self._marked = now
        try:
            await self._store.channel.mark_polled(now)
        except StoreFault as fault:
            log.error("not saved", fault=type(fault).__name__)
