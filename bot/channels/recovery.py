"""After a start or an outage: chats are brought to what they should show, a few a second, while live acts go first."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from datetime import date, datetime, timedelta
from functools import partial

from bot.channels.delivery import ChatLanes, ShowRequest
from bot.channels.protocol import Sender
from bot.conversation.conversation import Conversation
from bot.operations.housekeeping import bring_back, forget, forget_removed, purge
from bot.rehearsal.mode import practice_of
from bot.runtime.background_tasks import BackgroundTasks
from bot.runtime.clock import LONDON
from bot.runtime.errors import DamagedValue, StoreFault
from bot.runtime.logs import log
from bot.runtime.person_id import PersonId
from bot.storage.store import Store
from bot.storage.values import MessageToRemove, OutOfStep, Record, Shown
from bot.trail.audit import BOT, AuditEvent
from bot.trail.chain import Entry

RECENT = timedelta(days=1)
"""Only people who were active so lately are shown their card unasked."""

BETWEEN = 1 / 20
"""Seconds between two chats, so that nobody who is pressing buttons has to wait."""

MINUTE = timedelta(minutes=1)

STORE_WAIT = 10.0
"""Seconds until the next try where the store could not be read."""

PURGE_AFTER = 60.0
"""Seconds after a start until the whole store is looked through, so that nobody who is pressing buttons has to wait."""

TIDY_EVERY = 60 * 60.0
"""Seconds between two times of forgetting and removing."""


class Upkeep:
    """Looks the store over, and forgets and erases what is past its term. Nothing of it is shown or removed in any chat."""

    def __init__(self, conversation: Conversation, store: Store) -> None:
        self._conversation = conversation
        self._store = store
        self._found = OutOfStep()

    async def run(self, audit_months: int, *, also: Callable[[], Awaitable[None]] | None = None) -> None:
        """Do it now and every hour, for ever, and what is to be done `also`. Purge and scrub once a day."""
        purged, scrubbed, wait = date.min, date.min, PURGE_AFTER
        while True:
            now = self._conversation.clock.now()
            await _tried(partial(self._look_over, now))
            await _tried(partial(forget, self._store, now, audit_months=audit_months))
            if also is not None:
                await _tried(also)
            await asyncio.sleep(wait)
            if purged != now.date():
                await _tried(partial(purge, self._store, self._conversation, now=now))
                await _tried(partial(forget_removed, self._store, now))
                purged = now.date()
            if scrubbed != now.date() and await _tried(self._scrub):
                scrubbed = now.date()
            wait = TIDY_EVERY

    async def run_after_a_while(self, audit_months: int) -> None:
        """The same, once a start is over. Where a channel takes over before, it does all of it."""
        await asyncio.sleep(PURGE_AFTER)
        await self.run(audit_months)

    async def _scrub(self) -> bool:
        await self._store.scrub()
        return True

    async def _look_over(self, now: datetime) -> None:
        """Say once, in the log and in the audit, that something was changed from outside, whatever was done about it since."""
        found = await self._store.verify()
        if found and found != self._found:
            log.error("out of step", what=", ".join(found.what), people=found.people)
            await self._store.write(lambda t: t.audit.append([Entry(now, BOT, AuditEvent.OUT_OF_STEP)]))
        self._found = found


async def _tried(work: Callable[[], Awaitable[object]]) -> object:
    """Do one thing of several, and give what came of it; the others do not wait for it. None where it failed."""
    try:
        return await work()
    except StoreFault as fault:
        log.warning("not tidied", fault=str(fault))
        return None


class Recovery:
    """Shows cards again, removes what was left to be removed in chats, and keeps the store up."""

    def __init__(self, conversation: Conversation, store: Store, lanes: ChatLanes, sender: Sender) -> None:
        self._conversation = conversation
        self._store = store
        self._lanes = lanes
        self._sender = sender
        self._tasks = BackgroundTasks()
        self._emptying: set[str] = set()
        self._one_round = asyncio.Lock()
        self._round: asyncio.Task[None] | None = None

    def begin(self, since: datetime | None, now: datetime) -> None:
        """Show all who were active lately their card and, where there was an outage since a time, say so on it."""
        said = {"since": _clock_time(since), "until": _clock_time(now)} if since else {}
        notice = self._conversation.script.wording.say("toast.outage", **said) if since else ""
        if self._round:
            self._round.cancel()
        self._round = self._tasks.run(self._show_recent(notice, now))

    async def tidy(self, audit_months: int) -> None:
        """Keep the store up, and remove what was left in chats, now and every hour."""
        await Upkeep(self._conversation, self._store).run(audit_months, also=self._remove_left_messages)

    async def settle(self) -> None:
        """Give up what is under way; the next start takes it up."""
        await self._tasks.settle(0)

    async def _show_recent(self, notice: str, now: datetime) -> None:
        """First those whose card was committed and perhaps not delivered, then the others who were active lately."""
        while True:
            try:
                recent = await self._store.read(lambda t: t.people.active_since(now - RECENT))
                behind = await self._store.read(lambda t: t.people.stale(now - RECENT))
                earlier = _without(behind, recent)
                await self._show(_without(behind, earlier), notice, is_unsure=True)
                await self._remove_left_messages()
                await self._show(_without(recent, behind), notice, is_unsure=False)
                await self._show(earlier, "", is_unsure=True)
            except StoreFault as fault:
                log.warning("not shown again", fault=str(fault))
                await asyncio.sleep(STORE_WAIT)
            else:
                return

    async def _show(self, people: Iterable[str], notice: str, *, is_unsure: bool) -> None:
        """Show people of this channel their card; that of somebody who may no longer use the bot is removed."""
        for person in people:
            if PersonId.read(person).channel != self._sender.channel:
                continue
            show = self._lanes.show_once_gone if await self._is_held_up(person) else self._lanes.show
            show(ShowRequest(person, notice=notice, is_unsure=is_unsure))
            await asyncio.sleep(BETWEEN)

    async def _is_held_up(self, person: str) -> bool:
        """Whether their card may tell of an erasure, of this process or an earlier one, while a file still holds what was erased."""
        if await self._store.is_gone(seconds=0):
            return False
        try:
            found = await self._store.recall(person)
        except DamagedValue:
            return False
        return found is not None and found[0].case is None

    async def _remove_left_messages(self) -> None:
        """Begin to remove the messages that are still to be removed. A chat in which that takes long holds up no other."""
        async with self._one_round:
            chats, under_way = dict[str, list[MessageToRemove]](), frozenset(self._emptying)
            for message in await self._store.read(lambda t: t.messages_to_remove.oldest_first()):
                if PersonId.read(message.person).channel == self._sender.channel and message.person not in under_way:
                    chats.setdefault(message.person, []).append(message)
            for person, messages in chats.items():
                self._emptying.add(person)
                self._tasks.run(self._empty(person, messages))
                await asyncio.sleep(BETWEEN)

    async def _empty(self, person: str, messages: list[MessageToRemove]) -> None:
        try:
            await _tried(partial(self._remove_from, person, messages))
        finally:
            self._emptying.discard(person)

    async def _remove_from(self, person: str, messages: list[MessageToRemove]) -> None:
        """Remove messages from a chat, oldest first.

        Those that can no longer be removed are forgotten, and the person is told of what they wrote or asked for.
        """
        found = await self._store.recall(person)
        due = [each for each in messages if found is None or not self._stays(each, *found)]
        gone = await self._sender.remove(person, [each.handle for each in due])
        left = [each for each in due if each.handle not in gone and self._is_too_old(each)]
        await self._store.write(lambda t: t.messages_to_remove.forget(person, (*gone, *(each.handle for each in left))))
        of_their_own = [each.born for each in left if each.is_own or each.is_kept]
        if of_their_own:
            # A minute on, since it is said to the minute: what is left was there before that.
            before, now = of_their_own[-1] + MINUTE, self._conversation.clock.now()
            await bring_back(self._store, person, left=before, now=now)
            self._lanes.show(ShowRequest(person, tells=True))

    def _is_too_old(self, message: MessageToRemove) -> bool:
        """Whether the channel can no longer remove it."""
        limit = self._sender.removable_for
        return limit is not None and self._conversation.clock.now() - message.born > limit

    def _stays(self, message: MessageToRemove, record: Record, shown: Shown) -> bool:
        """Whether it is not removed yet: a card whose lane does that once another is sent, or a document that somebody
        asked for, while their chat is open and what it could be about is there.
        """
        if not message.is_kept or self._conversation.is_closed(record):
            return shown.handle == message.handle
        limit = self._sender.replace_after
        is_young = limit is None or self._conversation.clock.now() - message.born < limit
        return is_young and (record.case is not None or practice_of(record).is_under_way)


def _without(people: Iterable[str], others: Iterable[str]) -> tuple[str, ...]:
    left_out = set(others)
    return tuple(each for each in people if each not in left_out)


def _clock_time(at: datetime) -> str:
    local = at.astimezone(LONDON)
    return f"{local:%H:%M} ({local.day} {local:%B})"
