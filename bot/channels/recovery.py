"""After a start or an outage: chats are brought to what they should show, a few a second, while live acts go first."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from datetime import date, datetime, timedelta
from functools import partial

import structlog

from bot.channels.chat_lanes import ChatLanes
from bot.channels.protocol import Sender
from bot.channels.show_request import ShowRequest
from bot.conversation.admitted_conversation import AdmittedConversation
from bot.operations.housekeeping import bring_back, forget, purge
from bot.rehearsal.mode import practice_of
from bot.runtime.background_tasks import BackgroundTasks
from bot.runtime.clock import LONDON
from bot.runtime.errors import DamagedValue, StoreFault
from bot.runtime.person_id import PersonId
from bot.storage.store import MessageToRemove, Record, Shown, Store

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

log = structlog.get_logger()


class Recovery:
    """Shows cards again, removes what was left to be removed, and forgets what is past its term."""

    def __init__(self, conversation: AdmittedConversation, store: Store, lanes: ChatLanes, sender: Sender) -> None:
        self._conversation = conversation
        self._store = store
        self._lanes = lanes
        self._sender = sender
        self._tasks = BackgroundTasks()
        self._round: asyncio.Task[None] | None = None

    def begin(self, since: datetime | None, now: datetime) -> None:
        """Show all who were active lately their card and, where there was an outage since a time, say so on it."""
        said = {"since": _clock_time(since), "until": _clock_time(now)} if since else {}
        notice = self._conversation.script.wording.say("toast.outage", **said) if since else ""
        if self._round:
            self._round.cancel()
        self._round = self._tasks.run(self._show_recent(notice, now))

    async def tidy(self, audit_months: int) -> None:
        """Forget what is past its term, and remove what was left in chats, now and every hour; purge and scrub once a day."""
        purged, wait = date.min, PURGE_AFTER
        while True:
            now = self._conversation.clock.now()
            await self._try(partial(forget, self._store, now, audit_months=audit_months))
            await self._try(self._remove_left_messages)
            await asyncio.sleep(wait)
            if purged != now.date():
                await self._try(partial(purge, self._store, self._conversation, now=now))
                await self._try(self._store.scrub)
                purged = now.date()
            wait = TIDY_EVERY

    async def settle(self) -> None:
        """Give up what is under way; the next start takes it up."""
        await self._tasks.settle(0)

    async def _try(self, work: Callable[[], Awaitable[object]]) -> None:
        """Do one thing of several; the others do not wait for it."""
        try:
            await work()
        except StoreFault as fault:
            log.warning("not tidied", fault=str(fault))

    async def _show_recent(self, notice: str, now: datetime) -> None:
        """First those whose card was committed and perhaps not delivered, then the others who were active lately."""
        while True:
            try:
                recent = await self._store.active_since(now - RECENT)
                behind = await self._store.stale(now - RECENT)
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
        """Show people their card; that of somebody who may no longer use the bot is removed."""
        for person in people:
            self._lanes.show(ShowRequest(person, notice=notice, is_unsure=is_unsure))
            await asyncio.sleep(BETWEEN)

    async def _remove_left_messages(self) -> None:
        """Remove the messages that are still to be removed.

        Those that can no longer be removed are forgotten, and the people who wrote or asked for them are told.
        """
        left: dict[str, datetime] = {}
        for message in await self._store.messages_to_remove.oldest_first():
            if PersonId.read(message.person).channel != self._sender.channel:
                continue
            try:
                found = await self._store.recall(message.person)
            except DamagedValue:  # theirs stays, and the others' go
                continue
            if found is not None and self._stays(message, *found):
                continue
            is_gone = await self._sender.remove(message.person, message.handle)
            is_too_old = self._is_too_old(message)
            if is_gone or is_too_old:
                await self._store.messages_to_remove.forget(message.person, (message.handle,))
            if (message.is_own or message.is_kept) and is_too_old and not is_gone:
                left[message.person] = message.born
            await asyncio.sleep(BETWEEN)
        for person, latest in left.items():
            said = self._conversation.script.wording.say("toast.left-behind", before=_clock_time(latest + MINUTE))
            await bring_back(self._store, person, now=self._conversation.clock.now())
            self._lanes.show(ShowRequest(person, notice=said))

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
