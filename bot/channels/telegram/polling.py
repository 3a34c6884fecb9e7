"""Asking Telegram for updates: a batch is confirmed only after it was committed, and its offset is used once.

After a failure it is asked again, unless another bot that polls with the same token was there first.
"""

import asyncio
import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from telegram.error import Conflict, InvalidToken, RetryAfter, TelegramError

from bot.channels.protocol import OnReached, Receiver
from bot.channels.telegram.rate_limit import heed
from bot.channels.telegram.reader import WANTED, ReadUpdate, UpdateReader
from bot.channels.telegram.request import named
from bot.channels.telegram.sender import TelegramSender
from bot.runtime.background_tasks import BackgroundTasks, Backoff
from bot.runtime.clock import Clock
from bot.runtime.errors import DamagedStore, SettingsFault, StoreFault, TokenShared
from bot.runtime.logs import FaultLog, log
from bot.storage.store import Store
from bot.watch.meter import meter
from dialogs.turn.commands import LISTED

AGAIN = 1.0
"""Seconds until the next poll after a conflict: soon, so that a newcomer learns that somebody is there."""

FOLLOWS = timedelta(seconds=15)
"""Within so long of each other conflicts are those of one bot that goes on polling. A newcomer leaves more time between its polls."""

CONFLICTS_LAST, MOST_LOTS = timedelta(seconds=30), 15
"""For so long such conflicts are borne, and up to so many seconds more, drawn at random: of two that came back at the same moment one
is to give way first."""

NEWCOMERS_LAST = timedelta(seconds=10)
"""The same for a bot that was a newcomer in this run: the other one may have come back."""

ESTABLISHED = timedelta(minutes=1)
"""A bot that was answered for so long before the first conflict goes on: the later one is to give way."""

SILENCE = timedelta(minutes=2)
"""After so long without an answer another bot may have taken over, and nothing is established any more."""

FIRST_WAIT, LONGEST_WAIT = 0.5, 10.0
"""Seconds between tries while Telegram cannot be reached."""

LONGEST_REFUSAL = 60.0
"""Seconds between tries while Telegram refuses a token that it has accepted before."""


def token_refused() -> SettingsFault:
    """What to do about a token that Telegram does not know."""
    return SettingsFault("SERAF_TELEGRAM_TOKEN: Telegram refuses this token; copy it again from @BotFather")


def another_polls() -> TokenShared:
    """What to do about another program with the same token."""
    return TokenShared(
        "Another program polls with this token, or has set a webhook. Stop the one that should not run. If you know of no other,"
        " the token may have been leaked. The one that came later touches nothing, and asks again within the hour"
    )


class TokenRefusals:
    """Waits while Telegram refuses a token that it has accepted before, so that it may accept it again; the log and monitors have it."""

    def __init__(self) -> None:
        self._backoff, self._faults = Backoff(FIRST_WAIT, LONGEST_REFUSAL), FaultLog("Telegram refuses the token")

    async def wait(self) -> None:
        """Wait before the next try."""
        meter().knows_token(False)
        self._faults.note(token_refused())
        await self._backoff.wait()

    def over(self) -> None:
        """It is accepted."""
        self._backoff.reset()
        self._faults.over()


class PollBackoff:
    """Waits after one failure and the next, and gives way where another bot was there first."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._backoff, self._refusals = Backoff(FIRST_WAIT, LONGEST_WAIT), TokenRefusals()
        self._bears = CONFLICTS_LAST + timedelta(seconds=secrets.randbelow(MOST_LOTS))
        self._answered: datetime | None = None
        self._latest: datetime | None = None
        self._conflicts: tuple[datetime, datetime] | None = None
        self._others = FaultLog("another program polls with this token")

    def begin_as_newcomer(self) -> None:
        """Forget what was established."""
        self._bears, self._answered, self._conflicts = NEWCOMERS_LAST, None, None

    def reset(self) -> None:
        """Begin with the first wait again. Conflicts are remembered, since two bots may each get an answer now and then."""
        self._backoff.reset()
        self._refusals.over()
        now = self._clock.now()
        if self._answered is None or self._latest is None or abs(now - self._latest) > SILENCE:
            self._answered = now
        self._latest = now

    async def wait_after(self, error: TelegramError) -> None:
        """Wait before the next try. Raises `TokenShared` where another bot was there first."""
        if isinstance(error, Conflict):
            self._demand_first()
            await asyncio.sleep(AGAIN)
        elif isinstance(error, InvalidToken):
            await self._refusals.wait()
        else:
            log.warning("Telegram not reached", fault=named(error))
            await self._backoff.wait()

    def _demand_first(self) -> None:
        """Raise where another program polls with this token, for longer than a killed predecessor could, and was there first."""
        now, fault = self._clock.now(), another_polls()
        first, latest = self._conflicts or (now, now)
        first = first if abs(now - latest) <= FOLLOWS else now
        self._conflicts = (first, now)
        meter().conflicts()
        self._others.note(fault)
        is_established = self._answered is not None and first - self._answered >= ESTABLISHED
        if now - first > self._bears and not is_established:
            raise fault


LONG_POLL = 25
"""Seconds for which Telegram holds a question open."""

TAPS_LIVE = timedelta(seconds=150)
"""After so long Telegram drops a tap that nobody fetched."""

MARK_EVERY = timedelta(seconds=10)
"""How often the store is told when Telegram was asked last."""

TOGETHER = 0.002
"""Seconds for which nothing is asked after several updates came at once, since more are about to."""

STORE_WAIT = 0.5
"""Seconds between two tries to save a batch; what came meanwhile is answered before the second."""

PAGE = 100
"""Updates that Telegram hands out at once. It hands out no others before these are confirmed."""

MOST_HELD = 1_000
"""Updates that are kept in memory while the store cannot save; people are told that others have to be done again."""


MARKED_WITHIN = 5.0
"""Seconds within which it is kept when Telegram was asked last: with what people did, where they do something."""


class Poller:
    """Polls until it is stopped, and hands in what people did."""

    def __init__(
        self, reader: UpdateReader, sender: TelegramSender, store: Store | None, *, backoff: PollBackoff
    ) -> None:
        self._reader = reader
        self._sender = sender
        self._store = store
        self._clock = reader.conversation.clock
        self._backoff = backoff
        self._tasks = BackgroundTasks()
        self._unsaved = FaultLog("not saved")
        self._offset: int | None = None
        self._held: list[dict[str, Any]] = []
        self._marked: datetime | None = None
        self._is_reached = False
        self._is_first = True

    async def listen(self, receiver: Receiver, on_reached: OnReached) -> None:
        """Ask, take, confirm, for ever. Raises `TokenShared` where another bot polls with the token, and was there first."""
        say = self._reader.conversation.script.wording.say
        self._tasks.run(self._sender.list_commands([(name, say(f"command.{name}")) for name in LISTED]))
        try:
            await self._poll(receiver, on_reached)
        finally:
            await self._tasks.settle(0)

    async def _poll(self, receiver: Receiver, on_reached: OnReached) -> None:
        last = None if self._store is None else await self._store.read(lambda t: t.channel.polled_at())
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
            await self._take(fetched, receiver)
            self._backoff.reset()
            self._tell(last, now, on_reached=on_reached)
            self._mark_now_and_then(now)
            last = now
            if len(fetched) > 1:
                await asyncio.sleep(TOGETHER)  # whoever taps now comes along with the others (ADR 0003)

    async def _ask(self) -> list[dict[str, Any]]:
        """The updates that wait. It waits for one itself only while Telegram is known to be reached and nothing is held."""
        meter().asks()
        wait = LONG_POLL if self._is_reached and not self._held else 0
        fields: dict[str, Any] = {"timeout": wait, "allowed_updates": list(WANTED)}
        # Used once, whatever comes of it: ids of updates may begin anew after a quiet time, and an offset that is held would
        # confirm some that nobody saw (ADR 0003). Where it did not arrive, what it was to confirm comes again, and counts once.
        offset, self._offset = self._offset, None
        if offset is not None:
            fields["offset"] = offset
        found = await self._reader.bot.call("getUpdates", fields, read_seconds=LONG_POLL + 10)
        if not isinstance(found, list):
            raise TelegramError("no list of updates")
        meter().hears()
        fetched = [raw for raw in found if isinstance(raw, dict) and type(raw.get("update_id")) is int]
        if found and not fetched:  # they cannot be confirmed, and would be fetched again at once
            raise TelegramError("no update with an id")
        return fetched

    async def _take(self, fetched: list[dict[str, Any]], receiver: Receiver) -> None:
        """Take what was held and what is new; hold it where it cannot be saved, since taps may expire at Telegram meanwhile.

        While something is held, what is new is answered first: the store may take long to refuse it.
        """
        ids = {raw["update_id"] for raw in self._held}
        batch = [*self._held, *(raw for raw in fetched if raw["update_id"] not in ids)]
        updates = [self._reader.read(raw) for raw in batch]
        new = [update.heard for update in updates[len(ids) :]]
        is_tried_again = len(batch) <= MOST_HELD
        if ids:
            receiver.cannot_keep(new, is_tried_again=is_tried_again)
        try:
            if batch:
                await receiver.take([update.heard for update in updates])
        except StoreFault as fault:
            meter().keeps(False)
            self._unsaved.note(fault)
            if not ids:
                receiver.cannot_keep(new, is_tried_again=is_tried_again)
            if isinstance(fault, DamagedStore):
                raise
            self._hold(batch, fetched)
            await asyncio.sleep(STORE_WAIT)
            return
        self._unsaved.over()
        self._finish(updates)
        self._held = []
        if fetched:
            self._offset = fetched[-1]["update_id"] + 1

    def _hold(self, batch: list[dict[str, Any]], fetched: list[dict[str, Any]]) -> None:
        """Keep a batch in memory, unconfirmed, but for a whole page: nobody behind it would be heard before it is confirmed."""
        self._held = batch[:MOST_HELD]
        if len(fetched) >= PAGE:
            self._offset = fetched[-1]["update_id"] + 1

    def _finish(self, updates: Sequence[ReadUpdate]) -> None:
        """Do what is Telegram's alone: log what could not be read, and leave groups, in which nobody is answered."""
        if updates:
            meter().keeps()
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

    def _mark_now_and_then(self, now: datetime) -> None:
        """Have the store remember when Telegram was asked last; a clock that was set back is followed.

        Not while something is held: after a crash, those who did it are to be told that it may not have counted.
        """
        if self._held or (self._marked is not None and abs(now - self._marked) < MARK_EVERY):
            return
        self._marked = now
        self._tasks.run(self._mark(now))

    async def _mark(self, now: datetime) -> None:
        """Nobody waits for this, since the store may be slow."""
        try:
            if self._store is not None:
                await self._store.write_along(lambda t: t.channel.mark_polled(now), within=MARKED_WITHIN)
            meter().keeps()
        except StoreFault as fault:
            meter().keeps(False)
            self._unsaved.note(fault)
