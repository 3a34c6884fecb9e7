"""Polling of Telegram for updates. Telegram is told to drop an update only once it is stored."""

import asyncio
import secrets
from datetime import datetime, timedelta
from typing import Any

from telegram.error import Conflict, InvalidToken, RetryAfter, TelegramError

from bot.channels.protocol import OnReached, Receiver
from bot.channels.telegram.reader import WANTED, UpdateReader
from bot.channels.telegram.request import heed, named
from bot.channels.telegram.sender import TelegramSender
from bot.runtime.background_tasks import BackgroundTasks, Backoff
from bot.runtime.clock import Clock
from bot.runtime.errors import SettingsFault, StoreFault, TokenShared, UnusableStore
from bot.runtime.logs import FaultLog, log
from bot.storage.store import Store
from bot.watch.meter import meter
from dialogs.turn.commands import LISTED

AGAIN = 1.0  # seconds until the next poll after a conflict: soon, so that a newcomer notices this bot
FOLLOWS = timedelta(seconds=15)  # the longest gap between two conflicts of one series; a newcomer polls less often
CONFLICTS_LAST, MOST_JITTER = timedelta(seconds=30), 15
"""How long such a series of conflicts is tolerated, and the maximum of random seconds that are added, so that of two
bots that return at the same moment one gives way first."""

NEWCOMERS_LAST = timedelta(seconds=10)  # the same for a newcomer of this run: the other bot may have returned
COPIES_LAST = timedelta(seconds=3)  # the same for a copy that led: another copy probably leads now, and has the store
ESTABLISHED = timedelta(minutes=1)  # a bot whose polls were answered for this long before a conflict keeps polling
SILENCE = timedelta(minutes=2)  # without an answer for this long, a bot is no longer established
FIRST_WAIT, LONGEST_REFUSAL = 0.5, 60.0  # seconds between tries while Telegram refuses a token that it accepted before
LONG_POLL = 25  # seconds for which Telegram holds a poll open
TAPS_LIVE = timedelta(seconds=150)  # the time after which Telegram drops a tap that nobody fetched
MARK_EVERY = timedelta(seconds=10)  # the minimum time between two records of the last poll in the store
TOGETHER = 0.002  # seconds without a poll after several updates arrived at once, since more are likely
STORE_WAIT = 0.5  # seconds between two tries to save a batch; new updates are answered before the second
PAGE = 100  # the maximum number of updates that Telegram returns at once; it returns more only once these are confirmed
MOST_HELD = 1_000  # the maximum number of updates held while the store cannot save; people are told to repeat others
MARKED_WITHIN = 5.0  # seconds within which the time of the last poll is saved, together with any turns


def token_refused() -> SettingsFault:
    """Return the fault for a token that Telegram refuses."""
    return SettingsFault("SERAF_TELEGRAM_TOKEN: Telegram refuses this token; copy it again from @BotFather")


def another_polls() -> TokenShared:
    """Return the fault for a token that another program uses."""
    return TokenShared(
        "Another program polls with this token, or has set a webhook. Stop the one that should not run. If you know of no other,"
        " the token may have been leaked. The one that came later touches nothing, and asks again within the hour"
    )


def retries() -> Backoff:
    """Return the backoff between tries while Telegram cannot be reached."""
    return Backoff(FIRST_WAIT, 10.0)


class TokenRefusals:
    """The waits while Telegram refuses a token that it accepted before and may accept again."""

    def __init__(self) -> None:
        self._backoff, self._faults = Backoff(FIRST_WAIT, LONGEST_REFUSAL), FaultLog("Telegram refuses the token")

    async def wait(self) -> None:
        """Log the refusal, and wait before the next try."""
        meter().knows_token(False)
        self._faults.note(token_refused())
        await self._backoff.wait()

    def over(self) -> None:
        """Return to the first wait, since the token is accepted."""
        self._backoff.reset()
        self._faults.over()


class PollBackoff:
    """The waits between failed polls, and the decision to give way if another bot polled before this one."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._backoff, self._refusals = retries(), TokenRefusals()
        self._tolerates = CONFLICTS_LAST + timedelta(seconds=secrets.randbelow(MOST_JITTER))
        self._answered: datetime | None = None
        self._latest: datetime | None = None
        self._conflicts: tuple[datetime, datetime] | None = None
        self._others = FaultLog("another program polls with this token")

    def begin_as_newcomer(self, lasts: timedelta = NEWCOMERS_LAST) -> None:
        """Forget the answered polls and the conflicts, so that the bot counts as a newcomer and gives way sooner."""
        self._tolerates, self._answered, self._conflicts = lasts, None, None

    def reset(self) -> None:
        """Note an answered poll: return to the first wait. Conflicts are remembered, as both bots may get answers."""
        self._backoff.reset()
        self._refusals.over()
        now = self._clock.now()
        if self._answered is None or self._latest is None or abs(now - self._latest) > SILENCE:
            self._answered = now
        self._latest = now

    async def wait_after(self, error: TelegramError) -> None:
        """Wait before the next try. Raise `TokenShared` if another bot polled before this one."""
        if isinstance(error, Conflict):
            now, fault = self._clock.now(), another_polls()
            first, latest = self._conflicts or (now, now)
            first = first if abs(now - latest) <= FOLLOWS else now
            self._conflicts = (first, now)
            meter().conflicts()
            self._others.note(fault)
            is_established = self._answered is not None and first - self._answered >= ESTABLISHED
            # A killed predecessor could cause conflicts for a shorter time.
            if now - first > self._tolerates and not is_established:
                raise fault
            await asyncio.sleep(AGAIN)
        elif isinstance(error, InvalidToken):
            await self._refusals.wait()
        else:
            log.warning("Telegram not reached", fault=named(error))
            await self._backoff.wait()


class Poller:
    """The listener for Telegram: it polls until it is stopped, and passes each batch of updates to a receiver."""

    def __init__(
        self, reader: UpdateReader, sender: TelegramSender, store: Store | None, *, backoff: PollBackoff
    ) -> None:
        self._reader, self._sender, self._store, self._backoff = reader, sender, store, backoff
        self._clock = reader.conversation.clock
        self._tasks = BackgroundTasks()
        self._unsaved = FaultLog("not saved")
        self._offset: int | None = None
        self._held: list[dict[str, Any]] = []
        self._marked: datetime | None = None
        self._is_reached, self._is_first = False, True
        self._unusable: UnusableStore | None = None

    async def listen(self, receiver: Receiver, on_reached: OnReached) -> None:
        """Poll and confirm updates. This never returns. Raise `TokenShared` if another bot polled before this one."""
        say = self._reader.conversation.script.wording.say
        self._tasks.run(self._sender.list_commands([(name, say(f"command.{name}")) for name in LISTED]))
        try:
            await self._poll(receiver, on_reached)
        finally:
            await self._tasks.settle(0)

    async def _poll(self, receiver: Receiver, on_reached: OnReached) -> None:
        last = None if self._store is None else await self._store.read(lambda t: t.channel.polled_at())
        while True:
            if self._unusable is not None:  # found though nobody tapped, so that another copy may poll
                raise self._unusable
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
            # Recovery begins after the first poll, and whenever taps may have expired unfetched.
            is_outage = last is not None and now - last > TAPS_LIVE
            if is_outage or self._is_first:
                on_reached(last if is_outage else None, now)
            self._is_reached, self._is_first = True, False
            # No poll is recorded while a batch is held, so that after a crash its people are told of the outage.
            # After the clock is set back, the next poll is recorded at once.
            if not self._held and (self._marked is None or abs(now - self._marked) >= MARK_EVERY):
                self._marked = now
                self._tasks.run(self._mark(now))  # in the background, since the store may be slow
            last = now
            if len(fetched) > 1:
                await asyncio.sleep(TOGETHER)  # taps of this moment join the next batch (ADR 0003)

    async def _ask(self) -> list[dict[str, Any]]:
        """Return the pending updates. The poll is held open only while Telegram is reachable and no batch is held."""
        meter().asks()
        wait = LONG_POLL if self._is_reached and not self._held else 0
        fields: dict[str, Any] = {"timeout": wait, "allowed_updates": list(WANTED)}
        # Sent once, whether or not it arrives: ids of updates may start again after a quiet time, and an offset sent
        # later would confirm updates that nobody saw (ADR 0003). If it is lost, the same updates return and count once.
        offset, self._offset = self._offset, None
        if offset is not None:
            fields["offset"] = offset
        updates = await self._reader.bot.call("getUpdates", fields, read_seconds=LONG_POLL + 10)
        if not isinstance(updates, list):
            raise TelegramError("no list of updates")
        meter().hears()
        fetched = [raw for raw in updates if isinstance(raw, dict) and type(raw.get("update_id")) is int]
        if updates and not fetched:  # they cannot be confirmed, and would be fetched again at once
            raise TelegramError("no update with an id")
        return fetched

    async def _take(self, fetched: list[dict[str, Any]], receiver: Receiver) -> None:
        """Pass the held and the new updates on. Hold them if they cannot be saved, since taps expire at Telegram."""
        ids = {raw["update_id"] for raw in self._held}
        batch = [*self._held, *[raw for raw in fetched if raw["update_id"] not in ids]]
        updates = [self._reader.read(raw) for raw in batch]
        new = [update.heard for update in updates[len(ids) :]]
        is_tried_again = len(batch) <= MOST_HELD
        if ids:  # new updates are answered first, since the store may take long to refuse the batch
            receiver.cannot_keep(new, is_tried_again=is_tried_again)
        try:
            if batch:
                await receiver.take([update.heard for update in updates])
        except StoreFault as fault:
            self._unsaved.note(fault)
            if not ids:
                receiver.cannot_keep(new, is_tried_again=is_tried_again)
            if isinstance(
                fault, UnusableStore
            ):  # what was heard is not confirmed, and comes again, here or to another copy
                raise
            self._held = batch[:MOST_HELD]
            if len(fetched) >= PAGE:  # a full page is confirmed, or no update after it would arrive
                self._offset = fetched[-1]["update_id"] + 1
            await asyncio.sleep(STORE_WAIT)
            return
        self._unsaved.over()
        for update in updates:
            if not update.is_readable:
                log.warning("unreadable update", update=int(update.heard.key))
            if update.group is not None:  # nobody is answered in a group
                self._tasks.run(self._sender.leave_group(update.group))
        self._held = []
        if fetched:
            self._offset = fetched[-1]["update_id"] + 1

    async def _mark(self, now: datetime) -> None:
        try:
            if self._store is not None:
                await self._store.write_along(lambda t: t.channel.mark_polled(now), within=MARKED_WITHIN)
            meter().keeps()
        except StoreFault as fault:
            meter().keeps(False)
            self._unsaved.note(fault)
            if isinstance(fault, UnusableStore):
                self._unusable = fault
