"""Timed work, done in turns: chats lock, cases are erased, old cards are replaced, changes by commands are shown."""

import asyncio
from datetime import UTC, date, datetime, timedelta
from typing import assert_never

from bot.access.account import BACKWARDS
from bot.channels.delivery import ChatLanes, ShowRequest
from bot.conversation.conversation import Conversation
from bot.conversation.notices import near_their_end, say_endings, say_reminder
from bot.operations.housekeeping import pass_time
from bot.runtime.clock import is_daytime, local_time, morning_of
from bot.runtime.errors import DamagedValue, StoreFault
from bot.runtime.logs import FaultLog, log
from bot.storage.store import Store
from bot.storage.values import Done, KeyOnly, Refused, Repeated, Undecided
from dialogs.core.codec import forget_all
from dialogs.core.replies import Ring

LOOK_EVERY = 0.5  # seconds between two checks
AT_ONCE = 20  # the most people with a turn in one check, so that nobody who is pressing buttons has to wait
MOST = 500  # the most people who are read in one check
AGAIN = timedelta(minutes=1)  # a person's pause after an old card or a failed turn: a channel may be slow
EVER = datetime(1970, 1, 1, tzinfo=UTC)


class DueWork:
    """Does the work that is due."""

    def __init__(
        self, conversation: Conversation, store: Store, lanes: ChatLanes, replace_after: timedelta | None
    ) -> None:
        self._conversation, self._store, self._lanes = conversation, store, lanes
        self._replace_after = replace_after
        self._looked_at: dict[str, datetime] = {}
        self._failed: dict[str, datetime] = {}
        self._reminded: dict[str, datetime] = {}
        self._latest = self._next = EVER
        self._seen: object = None
        self._warned = self._endings_told = date.min
        self._documents_read = EVER
        self._may_owe = False
        self._from_the_future: tuple[str, ...] = ()
        self._not_swept, self._damaged = FaultLog("not swept"), FaultLog("a row does not open")

    async def run(self) -> None:
        """Look for due work, for ever."""
        while True:
            try:
                await self.look()
            except StoreFault as fault:
                self._not_swept.note(fault)
            else:
                self._not_swept.over()
            await asyncio.sleep(LOOK_EVERY)

    async def look(self) -> None:
        """Do the work that is due by the clock, or after a commit by any program. Forget every decoded case."""
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
        """Do the due work of at most `AT_ONCE` people, and return the time of the next work."""
        # `abs`, since after the clock is set back nothing would be done for them for all of that time.
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
        due = (*self._from_the_future, *await self._store.read(lambda t: t.people.due(now, EVER, most=MOST)))
        old = () if lasts is None else await self._store.read(lambda t: t.people.due(EVER, now - lasts, most=MOST))
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
        """Send the reminders that are due, to each person at most one a minute."""
        # In reverse, so that of a person's reminders the one that is due longest remains.
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
        """Once a day, tell people that their admission ends soon, some in each check, and log how many there are."""
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
                log.warning(
                    "admissions near their end", people=len(near), first_ends=near[0].admission.until.date().isoformat()
                )

    async def _pass_time(self, person: str, now: datetime) -> None:
        """Do the due work of one person, and show the outcome. A damaged row delays nobody else."""
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
        except StoreFault:  # the outcome can still be shown: a card knows from the clock that it is closed
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
