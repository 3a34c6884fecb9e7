"""Work that nobody's act starts: work due at a time, recovery after a start or an outage, and the hourly upkeep of the store."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from datetime import date, datetime, timedelta
from functools import partial
from typing import assert_never

from bot.access.account import BACKWARDS
from bot.channels.delivery import ChatLanes, ShowRequest
from bot.channels.protocol import Sender
from bot.conversation.conversation import Conversation
from bot.conversation.notices import near_their_end, say_endings, say_reminder
from bot.operations.housekeeping import bring_back, forget, forget_removed, pass_time, purge
from bot.rehearsal.mode import practice_of
from bot.runtime.background_tasks import BackgroundTasks
from bot.runtime.clock import EPOCH, LONDON, is_daytime, local_time, morning_of
from bot.runtime.errors import DamagedValue, StoreFault
from bot.runtime.logs import FaultLog, log
from bot.runtime.person_id import PersonId
from bot.storage.store import Store
from bot.storage.values import Done, KeyOnly, MessageToRemove, OutOfStep, Record, Refused, Repeated, Shown, Undecided
from bot.trail.audit import BOT, AuditEvent
from bot.trail.chain import Entry
from dialogs.core.codec import forget_all
from dialogs.core.replies import Ring

LOOK_EVERY = 0.5  # seconds between two checks
AT_ONCE = 20  # the maximum number of people handled in one check, so that people who press buttons need not wait
MOST = 500  # the maximum number of people read in one check
AGAIN = timedelta(minutes=1)  # the minimum time between two tries to replace a card, repeat a failed turn or remind
RECENT = timedelta(days=1)  # people who were active within this time are shown their card again after a start
BETWEEN = 1 / 20  # seconds between two chats in a round, so that people who press buttons need not wait
STORE_WAIT = 10.0  # seconds until the next try after the store could not be read
PURGE_AFTER = 60.0  # seconds from the start to the first purge of the whole store, so that people need not wait for it
TIDY_EVERY = 60 * 60.0  # seconds between two rounds of upkeep


class DueWork:
    """The periodic check that carries out locks, erasures, reminders and notices when they are due, and sends pending documents."""

    def __init__(
        self, conversation: Conversation, store: Store, lanes: ChatLanes, replace_after: timedelta | None
    ) -> None:
        self._conversation, self._store, self._lanes = conversation, store, lanes
        self._replace_after = replace_after
        self._looked_at: dict[str, datetime] = {}
        self._failed: dict[str, datetime] = {}
        self._reminded: dict[str, datetime] = {}
        self._latest = self._next = EPOCH
        self._seen: object = None
        self._warned = self._endings_told = date.min
        self._documents_read = EPOCH
        self._may_owe = False
        self._from_the_future: tuple[str, ...] = ()
        self._not_swept, self._damaged = FaultLog("not swept"), FaultLog("a row does not open")

    async def run(self) -> None:
        """Check for due work every `LOOK_EVERY` seconds. This never returns."""
        while True:
            try:
                await self.look()
            except StoreFault as fault:
                self._not_swept.note(fault)
            else:
                self._not_swept.over()
            await asyncio.sleep(LOOK_EVERY)

    async def look(self) -> None:
        """Carry out due work if its time has come or any program has changed the store. First drop all decrypted cases from memory."""
        forget_all()
        now = self._conversation.clock.now()
        # After the clock was set back, lock the chats of people whose last act is now in the future.
        if now < self._latest - BACKWARDS:
            self._from_the_future = await self._store.read(lambda t: t.people.active_since(now + BACKWARDS))
            self._latest = self._next = now
        self._latest = max(self._latest, now)
        changes = await self._store.changes()
        if changes != self._seen or now >= self._next:
            self._next = await self._do_due_work(now)
            self._seen = changes

    async def _do_due_work(self, now: datetime) -> datetime:
        """Carry out the due work of at most `AT_ONCE` people, and return the time of the next check."""
        # `abs`, since after the clock is set back nothing would be done for these people until it has caught up.
        self._looked_at, self._failed, self._reminded = (
            {person: at for person, at in times.items() if abs(now - at) < AGAIN}
            for times in (self._looked_at, self._failed, self._reminded)
        )
        await self._conversation.checked.refresh(self._store)
        today = local_time(now).today
        if self._warned != today and self._conversation.script.pack.contacts.doubtful(today):
            self._warned = today
            log.warning("contacts to check")
        # Deliver the pending documents: soon after a start, and once a minute while there are any.
        self._may_owe = True
        if abs(now - self._documents_read) >= AGAIN:
            self._documents_read = now
            owed = await self._store.read(lambda t: t.documents.owed())
            self._may_owe = bool(owed)
            for person in dict.fromkeys(document.person for document in owed):
                self._lanes.show(ShowRequest(person, is_owed=True))
        lasts = self._replace_after
        due = (*self._from_the_future, *await self._store.read(lambda t: t.people.due(now, EPOCH, most=MOST)))
        old = () if lasts is None else await self._store.read(lambda t: t.people.due(EPOCH, now - lasts, most=MOST))
        waiting = [person for person in due if person not in self._failed]
        waiting += [person for person in old if person not in self._looked_at]
        waiting = list(dict.fromkeys(waiting))[:AT_ONCE]
        for person in waiting:
            # Set before the turn, so that a failed one is not tried again in the next check.
            self._looked_at[person] = self._failed[person] = now
            await self._pass_time(person, now)
        self._from_the_future = tuple(person for person in self._from_the_future if person not in waiting)
        if is_daytime(now):
            await self.remind(now)
            await self._tell_of_endings(now)
        if waiting or (is_daytime(now) and self._endings_told != today):
            return now
        tried = [*self._looked_at.values(), *self._failed.values(), *self._reminded.values()]
        tried += [self._documents_read] if self._may_owe else []
        times = [morning_of(today), morning_of(today + timedelta(days=1)), *(at + AGAIN for at in tried)]
        next_due = await self._store.read(lambda t: t.people.next_due(now, card_lasts=lasts))
        times += [next_due] if next_due is not None else []
        return min(at for at in times if at > now)

    async def remind(self, now: datetime) -> None:
        """Send the reminders that are due at `now`, at most one a minute to each person."""
        # A later entry replaces an earlier one, so in reverse each person's longest due reminder remains.
        reminders = reversed(await self._store.read(lambda t: t.reminders.due(now)))
        due = {reminder.person: reminder for reminder in reminders}
        for reminder in [reminder for reminder in due.values() if reminder.person not in self._reminded][:AT_ONCE]:
            self._reminded[reminder.person] = now
            outcome = await say_reminder(self._store, reminder, now=now)
            if isinstance(outcome, Done):
                self._lanes.show(ShowRequest(reminder.person, outcome.record, outcome.shown, is_new=True))
            if isinstance(outcome, Refused):
                log.error("refused", error=outcome.error, where=outcome.where)

    async def _tell_of_endings(self, now: datetime) -> None:
        """Once a day, tell people that their admission ends soon, at most `AT_ONCE` of them in one check. Log how many there are."""
        today = local_time(now).today
        if self._endings_told == today:
            return
        outcomes = await say_endings(self._store, now, terms=self._conversation.door.terms, most=AT_ONCE)
        for outcome in outcomes:
            if isinstance(outcome, Done):
                is_new = any(isinstance(effect, Ring) for effect in outcome.effects)
                self._lanes.show(ShowRequest(outcome.record.person, outcome.record, outcome.shown, is_new=is_new))
        if not any(isinstance(outcome, Done) for outcome in outcomes):
            self._endings_told = today
            if near := await near_their_end(self._store, now):
                first = near[0].admission.until.date()
                log.warning("admissions near their end", people=len(near), first_ends=first.isoformat())

    async def _pass_time(self, person: str, now: datetime) -> None:
        """Carry out one person's due work, and show the resulting card. A damaged row is logged and stops nobody else's work."""
        try:
            row = await self._store.recall(person)
        except DamagedValue as fault:
            self._damaged.note(fault)
            return
        if row is None:
            return
        record, born = row[0], row[1].born
        is_old = self._replace_after is not None and born is not None and now - born >= self._replace_after
        # A delivery in progress is newer than the live card.
        old_card = record.card if is_old and not self._lanes.is_showing(person) else None
        try:
            outcome = await pass_time(self._store, self._conversation, person=person, now=now, old_card=old_card)
        except StoreFault:  # the card can still be shown: the clock tells that the chat is closed
            self._lanes.show(ShowRequest(person))
            raise
        match outcome:
            case Done(record=after, shown=shows, effects=effects) as done:
                self._failed.pop(person, None)  # the next work may be due within the minute
                show = self._lanes.show_once_gone if done.is_erasure else self._lanes.show
                show(ShowRequest(person, after, shows, is_new=any(isinstance(effect, Ring) for effect in effects)))
            case Refused(error=error, where=where):
                log.error("refused", error=error, where=where)
                self._lanes.show(ShowRequest(person))
            case Repeated() | KeyOnly() | Undecided():
                self._lanes.show(ShowRequest(person))
            case _:
                assert_never(outcome)


class Upkeep:
    """The hourly check of the store, which also deletes data past its retention time. It sends and removes no messages."""

    def __init__(self, conversation: Conversation, store: Store) -> None:
        self._conversation, self._store = conversation, store
        self._latest = OutOfStep()

    async def run(self, audit_months: int, *, also: Callable[[], Awaitable[None]] | None = None) -> None:
        """Run the upkeep and `also` now and every hour; this never returns. Once a day, purge and scrub the store."""
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
            if scrubbed != now.date() and await _tried(self._store.scrub):
                scrubbed = now.date()
            wait = TIDY_EVERY

    async def run_after_a_while(self, audit_months: int) -> None:
        """Wait `PURGE_AFTER` seconds, then run the upkeep. Callers cancel this if a channel starts, which runs it itself."""
        await asyncio.sleep(PURGE_AFTER)
        await self.run(audit_months)

    async def _look_over(self, now: datetime) -> None:
        """Verify the store. If its contents were changed from outside, log it and add it to the audit, once for the same finding."""
        out_of_step = await self._store.verify()
        if out_of_step and out_of_step != self._latest:
            log.error("out of step", what=", ".join(out_of_step.what), people=out_of_step.people)
            await self._store.write(lambda t: t.audit.append([Entry(now, BOT, AuditEvent.OUT_OF_STEP)]))
        self._latest = out_of_step


async def _tried(work: Callable[[], Awaitable[object]]) -> bool:
    """Do the work and return True. If the store fails, log it and return False, so that the caller can go on with the next task."""
    try:
        await work()
    except StoreFault as fault:
        log.warning("not tidied", fault=str(fault))
        return False
    return True


class Recovery:
    """The work after a start or an outage: cards are shown again and old messages removed. It also runs the hourly upkeep."""

    def __init__(self, conversation: Conversation, store: Store, lanes: ChatLanes, sender: Sender) -> None:
        self._conversation, self._store = conversation, store
        self._lanes, self._sender = lanes, sender
        self._tasks = BackgroundTasks()
        self._emptying: set[str] = set()
        self._one_round = asyncio.Lock()
        self._round: asyncio.Task[None] | None = None

    def begin(self, since: datetime | None, now: datetime) -> None:
        """Start to show recently active people their card. `since` is when an outage began, which the card then mentions, or None."""
        period = {"since": _clock_time(since), "until": _clock_time(now)} if since else {}
        notice = self._conversation.script.wording.say("toast.outage", **period) if since else ""
        if self._round:
            self._round.cancel()
        self._round = self._tasks.run(self._show_recent(notice, now))

    async def tidy(self, audit_months: int) -> None:
        """Run the upkeep of the store, and remove old messages, now and every hour. This never returns."""
        await Upkeep(self._conversation, self._store).run(audit_months, also=self._remove_left_messages)

    async def settle(self) -> None:  # the next start continues what this cancels
        await self._tasks.settle(0)

    async def _show_recent(self, notice: str, now: datetime) -> None:
        """Show recently active people their cards, first those that may not have been delivered. Also remove old messages."""
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
        for person in people:
            if PersonId.read(person).channel != self._sender.channel:
                continue
            show = self._lanes.show
            # A card without a case may say that it was erased, so it waits until no file contains the case.
            if not await self._store.is_gone(seconds=0):
                try:
                    row = await self._store.recall(person)
                except DamagedValue:
                    row = None
                if row is not None and not row[0].heads:
                    show = self._lanes.show_once_gone
            show(ShowRequest(person, notice=notice, is_unsure=is_unsure))
            await asyncio.sleep(BETWEEN)

    async def _remove_left_messages(self) -> None:
        """Start the removal of old messages, in one task for each chat, so that a slow chat does not delay the others."""
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
        """Remove the messages of a chat, oldest first. If the person's own messages or documents can never be removed, show that."""
        try:
            row = await self._store.recall(person)
            due = [message for message in messages if row is None or not self._stays(message, *row)]
            gone = await self._sender.remove(person, [message.handle for message in due])
            now, limit = self._conversation.clock.now(), self._sender.removable_for
            stuck = [message for message in due if message.handle not in gone]
            old = [message for message in stuck if limit is not None and now - message.born > limit]
            handles = (*gone, *(message.handle for message in old))
            await self._store.write(lambda t: t.messages_to_remove.forget(person, handles))
            births = [message.born for message in old if message.is_own or message.is_kept]
            if births:
                # The time is shown to the minute, so it is rounded up: the messages were sent before it.
                await bring_back(self._store, person, left=births[-1] + timedelta(minutes=1), now=now)
                self._lanes.show(ShowRequest(person, tells=True))
        except StoreFault as fault:
            log.warning("not tidied", fault=str(fault))
        finally:
            self._emptying.discard(person)

    def _stays(self, message: MessageToRemove, record: Record, shown: Shown) -> bool:
        """Return True if a message must not be removed yet: the live card, or a document that the person can still use."""
        if not message.is_kept or self._conversation.is_closed(record):
            return shown.handle == message.handle  # the live card is removed only when the next one is shown
        # A document stays while the chat is open and its case or rehearsal exists.
        limit = self._sender.replace_after
        is_young = limit is None or self._conversation.clock.now() - message.born < limit
        return is_young and (bool(record.heads) or practice_of(record).is_under_way)


def _without(people: Iterable[str], others: Iterable[str]) -> tuple[str, ...]:
    excluded = set(others)
    return tuple(person for person in people if person not in excluded)


def _clock_time(at: datetime) -> str:
    local = at.astimezone(LONDON)
    return f"{local:%H:%M} ({local.day} {local:%B})"
