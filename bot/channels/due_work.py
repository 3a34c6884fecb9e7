"""What happens without anybody acting: chats lock, cases are erased, old cards go, and changes by the command line are shown.

It reads the store when something is due, or when anybody committed something. What is due is done in a turn, like everything else.
"""

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

LOOK_EVERY = 0.5
"""Seconds until it is asked again whether there is anything to look at."""

AT_ONCE = 20
"""People who are dealt with in one look, so that nobody who is pressing buttons has to wait."""

MOST = 500
"""People who are looked at in one look."""

AGAIN = timedelta(minutes=1)
"""How long somebody whose card is old, or whose turn failed, is left alone: the channel may be slow to take the new one."""

EVER = datetime(1970, 1, 1, tzinfo=UTC)


class DueWork:
    """Does what is due."""

    def __init__(
        self, conversation: Conversation, store: Store, lanes: ChatLanes, replace_after: timedelta | None
    ) -> None:
        self._conversation = conversation
        self._store = store
        self._lanes = lanes
        self._replace_after = replace_after
        self._looked_at: dict[str, datetime] = {}
        self._failed: dict[str, datetime] = {}
        self._reminded: dict[str, datetime] = {}
        self._latest = self._next = EVER
        self._seen: object = None
        self._warned = date.min
        self._endings_told = date.min
        self._documents_read = EVER
        self._may_owe = False
        self._from_the_future: tuple[str, ...] = ()
        self._not_swept, self._damaged = FaultLog("not swept"), FaultLog("a row does not open")

    async def run(self) -> None:
        """Look, for ever."""
        while True:
            try:
                await self.look()
            except StoreFault as fault:
                self._not_swept.note(fault)
            else:
                self._not_swept.over()
            await asyncio.sleep(LOOK_EVERY)

    async def look(self) -> None:
        """Do what is due by now; and let nothing of a case be remembered from one look to the next.

        Nothing is read where nothing can be due: by the clock nothing is, and nobody, this program or another, committed anything.
        """
        forget_all()
        now = self._conversation.clock.now()
        await self._follow_clock(now)
        changes = await self._store.changes()
        if changes != self._seen or now >= self._next:
            self._next = await self._see_to_what_is_due(now)
            self._seen = changes

    async def _see_to_what_is_due(self, now: datetime) -> datetime:
        """Do what is due, for at most so many people. Returns when something else is, unless somebody commits something before."""
        # By `abs`: else a clock that was set back would leave them alone for all of that time.
        self._looked_at, self._failed, self._reminded = (
            {each: at for each, at in times.items() if abs(now - at) < AGAIN}
            for times in (self._looked_at, self._failed, self._reminded)
        )
        await self._read_contact_checks(now)
        await self._deliver_documents(now)
        waiting = await self._waiting(now)
        for person in waiting:
            # Before the turn: one that fails is left alone for a minute, and not tried again at the next look.
            self._looked_at[person] = self._failed[person] = now
            await self._pass_time(person, now)
        self._from_the_future = tuple(each for each in self._from_the_future if each not in waiting)
        if is_daytime(now):
            await self.remind(now)
            await self._tell_of_endings(now)
        return await self._next_due(now, is_more=bool(waiting))

    async def _next_due(self, now: datetime, *, is_more: bool) -> datetime:
        """When something is due after now: by a row, by the hour, or since it is to be tried again after a minute."""
        today = local_time(now).today
        if is_more or (is_daytime(now) and self._endings_told != today):
            return now
        tried = [*self._looked_at.values(), *self._failed.values(), *self._reminded.values()]
        tried += [self._documents_read] if self._may_owe else []
        times = [morning_of(today), morning_of(today + timedelta(days=1)), *(each + AGAIN for each in tried)]
        due = await self._store.read(lambda t: t.people.next_due(now, card_lasts=self._replace_after))
        times += [due] if due is not None else []
        return min(each for each in times if each > now)

    async def remind(self, now: datetime) -> None:
        """Say the reminders that are due, at most once a minute for the same person."""
        # From the end, so that of several of one person the one that is due longest stays.
        due = {each.person: each for each in reversed(await self._store.read(lambda t: t.reminders.due(now)))}
        for reminder in [each for each in due.values() if each.person not in self._reminded][:AT_ONCE]:
            self._reminded[reminder.person] = now
            outcome = await say_reminder(self._store, reminder, now=now)
            if isinstance(outcome, Done):
                self._lanes.show(ShowRequest(reminder.person, outcome.record, outcome.shown, is_new=True))
            if isinstance(outcome, Refused):
                log.error("refused", error=outcome.error, where=outcome.where)

    async def _tell_of_endings(self, now: datetime) -> None:
        """Once a day tell whose admission is near its end, some people in one look, and say how many in the log."""
        today = local_time(now).today
        if self._endings_told == today:
            return
        outcomes = await say_endings(self._store, now, terms=self._conversation.door.terms, most=AT_ONCE)
        for outcome in outcomes:
            if isinstance(outcome, Done):
                is_new = any(isinstance(each, Ring) for each in outcome.effects)
                self._lanes.show(ShowRequest(outcome.record.person, outcome.record, outcome.shown, is_new=is_new))
        if not any(isinstance(each, Done) for each in outcomes):
            self._endings_told = today
            if near := await near_their_end(self._store, now):
                log.warning(
                    "admissions near their end", people=len(near), first_ends=near[0].admission.until.date().isoformat()
                )

    async def _waiting(self, now: datetime) -> tuple[str, ...]:
        """People for whom something is due, or whose card is old, and who were not dealt with just now."""
        lasts = self._replace_after
        due = (*self._from_the_future, *await self._store.read(lambda t: t.people.due(now, EVER, most=MOST)))
        old = () if lasts is None else await self._store.read(lambda t: t.people.due(EVER, now - lasts, most=MOST))
        waiting = [each for each in due if each not in self._failed]
        waiting += [each for each in old if each not in self._looked_at]
        return tuple(dict.fromkeys(waiting))[:AT_ONCE]

    async def _follow_clock(self, now: datetime) -> None:
        """Where the clock was set back, lock the chats of all who were active in what is now the future."""
        if now < self._latest - BACKWARDS:
            self._from_the_future = await self._store.read(lambda t: t.people.active_since(now + BACKWARDS))
            self._latest = self._next = now
        self._latest = max(self._latest, now)

    async def _read_contact_checks(self, now: datetime) -> None:
        """Read what people found of the contacts, and say once a day in the log where somebody should look at a number."""
        await self._conversation.checked.refresh(self._store)
        today = local_time(now).today
        if self._warned != today and self._conversation.script.pack.contacts.doubtful(today):
            self._warned = today
            log.warning("contacts to check")

    async def _deliver_documents(self, now: datetime) -> None:
        """Once a minute, while there are any, and soon after a start, let lanes deliver the documents that are still owed."""
        self._may_owe = True
        if abs(now - self._documents_read) >= AGAIN:
            self._documents_read = now
            owed = await self._store.read(lambda t: t.documents.owed())
            self._may_owe = bool(owed)
            for person in dict.fromkeys(each.person for each in owed):
                self._lanes.show(ShowRequest(person, is_owed=True))

    async def _pass_time(self, person: str, now: datetime) -> None:
        """Do what is due for one person, and show what came of it. One whose row does not open holds up nobody else."""
        try:
            found = await self._store.recall(person)
        except DamagedValue as fault:
            self._damaged.note(fault)
            return
        if found is None:
            return
        born = found[1].born
        is_old = self._replace_after is not None and born is not None and now - born >= self._replace_after
        # What is on its way to the chat is newer than what stands in it.
        old_card = found[0].card if is_old and not self._lanes.is_showing(person) else None
        try:
            outcome = await pass_time(self._store, self._conversation, person=person, now=now, old_card=old_card)
        except StoreFault:  # it cannot be recorded, and can be shown: a card knows from the clock that it is closed
            self._lanes.show(ShowRequest(person))
            raise
        match outcome:
            case Done(record=after, shown=shows, effects=effects) as done:
                self._failed.pop(person, None)  # what was due was done, and the next thing may be due within the minute
                show = self._lanes.show_once_gone if done.is_erasure else self._lanes.show
                show(ShowRequest(person, after, shows, is_new=any(isinstance(each, Ring) for each in effects)))
            case Refused(error=error, where=where):
                log.error("refused", error=error, where=where)
                self._lanes.show(ShowRequest(person))
            case Repeated() | KeyOnly() | Undecided():
                self._lanes.show(ShowRequest(person))
            case _:
                assert_never(outcome)
