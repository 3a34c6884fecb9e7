"""The delivery of cards and documents to chats, and the removal of old messages.

The intent to send is recorded, then the message is sent, then its handle is recorded, and only then is the old
message removed. After a crash between two steps, a message may be shown twice, but every message can be found.
"""

import asyncio
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta

from bot.channels.protocol import OnSent, Sender, Sending, SendResult, StillCurrent
from bot.conversation.records import ABANDONED
from bot.conversation.talk import Talk
from bot.runtime.background_tasks import BackgroundTasks, Backoff
from bot.runtime.errors import DocumentFault, StoreFault
from bot.runtime.logs import FaultLog, log
from bot.runtime.person_id import PersonId
from bot.storage.store import Store
from bot.storage.values import NOTHING_SHOWN, OwedDocument, Record, Shown
from dialogs.core.replies import Card, Paragraph


@dataclass(frozen=True, slots=True)
class ShowRequest:
    """A request to show a person's card, made from `record`, or from the stored record if `record` is None."""

    person: str
    record: Record | None = None
    shown: Shown = NOTHING_SHOWN
    is_new: bool = False  # True to send a new message instead of an edit, since the person has just written
    is_unsure: bool = False  # True if the chat may not show what `shown` says
    notice: str = ""  # a text that is shown above the card once
    strays: tuple[str, ...] = ()  # handles of messages whose buttons were pressed
    to_remove: tuple[str, ...] = ()  # handles of other messages to remove, such as the person's own
    is_owed: bool = False  # True if a document may have to be sent
    tells: bool = False  # True if the card has news: it then replaces an old card even if the person is inactive

    def after(self, waiting: "ShowRequest | None") -> "ShowRequest":
        """Return this request merged with an earlier one for the same chat. This request's record wins."""
        if waiting is None:
            return self
        return replace(
            self,
            is_new=self.is_new or waiting.is_new,
            is_unsure=self.is_unsure or waiting.is_unsure,
            notice=self.notice or waiting.notice,
            is_owed=self.is_owed or waiting.is_owed,
            tells=self.tells or waiting.tells,
            strays=tuple(dict.fromkeys((*waiting.strays, *self.strays))),
            to_remove=tuple(dict.fromkeys((*waiting.to_remove, *self.to_remove))),
        )


PAUSE = 0.3  # seconds for which deliveries are collected before all are recorded at once; a crash may show a card twice
WITHIN = 5.0  # seconds for which this recording may wait to join another transaction of the store
MOST_CHATS = 2_000  # the maximum number of chats whose latest delivery is remembered; an older turn must not undo it
BLANK = Card(0, (Paragraph("·"),), ())  # a card without words and buttons
Mark = Callable[[str], bytes]  # a keyed hash, by which a card is recognised without being stored
LATEST = timedelta(hours=1)  # how long the bot tries to send a document; then the person is told how else to get it
FIRST_WAIT, LONGEST_WAIT = 1.0, 60.0  # seconds between tries while the store cannot record an intent


class DeliveryLog:
    """The latest delivery to each chat, and the people whose latest delivery the store has not recorded yet."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._tasks = BackgroundTasks()
        self._latest: OrderedDict[str, Shown] = OrderedDict()
        self._unwritten: set[str] = set()
        self._task: asyncio.Task[None] | None = None
        self._faults = FaultLog("not noted")

    def shown(self, person: str, stored: Shown) -> Shown:
        """Return what the person's chat shows: the latest delivery, or else the record in the store."""
        return self._latest.get(person, stored)

    def delivered(self, person: str, shown: Shown) -> None:
        """Note what the chat shows now. The store records it within a few seconds."""
        self._remember(person, shown)
        self._unwritten.add(person)
        if self._task is None or self._task.done():
            self._task = self._tasks.run(self._write_soon())

    async def intend(self, person: str, shown: Shown) -> None:
        """Record the intent to send a message. Raise `StoreFault` if that fails; then the caller must not send anything."""
        # Remembered first, so that an earlier delivery does not overwrite it while the store is still writing.
        self._unwritten.discard(person)
        self._remember(person, shown)
        await self._store.show(person, shown)

    async def sent(self, person: str, shown: Shown) -> None:
        """Record that a new message was sent, at once, or, if the store fails, once it works again."""
        self.delivered(person, shown)
        await self.write()

    async def close(self) -> None:
        """Stop the background task, and record the deliveries that are not recorded yet."""
        await self._tasks.settle(0)
        await self.write()

    async def write(self, *, within: float = 0.0) -> None:
        """Record all deliveries that are not recorded yet. If that fails, the next call tries them again."""
        people, self._unwritten = self._unwritten, set()
        try:
            await self._store.show_many({person: self._latest[person] for person in people}, within=within)
        except StoreFault as fault:
            self._faults.note(fault)
            self._unwritten |= people
        except asyncio.CancelledError:
            self._unwritten |= people
            raise
        else:
            self._faults.over()

    def _remember(self, person: str, shown: Shown) -> None:
        self._latest[person] = shown
        self._latest.move_to_end(person)
        while len(self._latest) > MOST_CHATS and (oldest := next(iter(self._latest))) not in self._unwritten:
            del self._latest[oldest]

    async def _write_soon(self) -> None:
        while self._unwritten:
            await asyncio.sleep(PAUSE)
            await self.write(within=0 if self._faults.is_standing else WITHIN)


class Delivery:
    """The part of the bot that shows and removes cards, sends pending documents, and records what each chat shows."""

    def __init__(self, conversation: Talk, sender: Sender, store: Store, *, mark: Mark) -> None:
        self._conversation, self._clock = conversation, conversation.clock
        self._sender, self._store, self._mark = sender, store, mark
        self.log = DeliveryLog(store)

    async def show(self, request: ShowRequest, shown: Shown, card: Card, *, is_current: StillCurrent) -> bool:
        """Make the chat show the card. Return False if the caller has to show it again: it was outdated, or may not have arrived."""
        person, digest, now = request.person, self._mark(card.signature), self._clock.now()
        # An old card is replaced while the channel can still remove it. The card of an inactive person is not, unless it
        # has news: their chat is emptied instead.
        limit, record = self._sender.replace_after, request.record
        is_old = limit is not None and shown.born is not None and now - shown.born >= limit
        is_active = record is None or record.active is None or now - record.active < ABANDONED
        if shown.handle is None or request.is_new or shown.sending or (is_old and (request.tells or is_active)):
            try:
                return await self._replace(request, shown, card=card, is_current=is_current)
            except StoreFault:  # no new message can be recorded, but the live one can show the same
                if shown.handle is not None:
                    await self._sender.edit(person, shown.handle, card=card, is_current=is_current)
                raise
        is_elsewhere = bool({*request.strays} - {shown.handle})
        if digest == shown.digest and not (request.is_unsure or is_elsewhere):
            self.log.delivered(person, shown)
            return True
        match await self._sender.edit(person, shown.handle, card=card, is_current=is_current):
            case SendResult.DONE:
                self.log.delivered(person, replace(shown, digest=digest))
            case SendResult.GONE:
                return await self._replace(request, shown, card=card, is_current=is_current)
            case SendResult.SHUT:
                self._record_shut(person, shown)
            case SendResult.OUTDATED:
                return False
        return True

    async def _replace(self, request: ShowRequest, shown: Shown, *, card: Card, is_current: StillCurrent) -> bool:
        person, born = request.person, self._clock.now()
        if (handle := shown.handle) is not None:
            await self._store.write(lambda t: t.messages_to_remove.add(person, handle, born=shown.born or born))
        await self.log.intend(person, replace(shown, sending=True, digest=b""))
        shows = Shown(handle=None, born=born, digest=self._mark(card.signature), sending=True)
        # A recorded intent belongs to an earlier try that may have arrived.
        is_unsure = shown.sending or shown.handle is None
        how = Sending(is_current, not request.is_new, is_unsure, self._recording(person, shows))
        sent = await self._sender.send(person, card, how)
        if sent is SendResult.OUTDATED:  # nothing was sent, so no unknown message was added
            self.log.delivered(person, replace(shown, digest=b""))
        if sent in (SendResult.OUTDATED, SendResult.UNSURE):
            return False
        if isinstance(sent, SendResult):
            self._record_shut(person, NOTHING_SHOWN)
        else:
            await self.log.sent(person, replace(shows, handle=sent, sending=False))
        if shown.handle is not None:
            await self.remove(person, (shown.handle,))
        return True

    def _recording(self, person: str, shows: Shown) -> OnSent:
        return lambda handle: self.log.sent(person, replace(shows, handle=handle))

    def _record_shut(self, person: str, shown: Shown) -> None:
        """Record that the person has blocked the bot, with a digest that no card has, so that the next card is sent."""
        log.info("shut out")
        # No card has this digest, so whatever comes after the block differs from it.
        self.log.delivered(person, replace(shown, digest=self._mark("shut"), sending=False))

    async def clear(self, request: ShowRequest, shown: Shown) -> None:
        """Remove the bot's card from the chat, and any message that was sent but not recorded."""
        person, emptied = request.person, replace(NOTHING_SHOWN, digest=self._mark(""))
        if shown == emptied and not request.is_unsure:
            return
        if (handle := shown.handle) is not None:
            born = shown.born or self._clock.now()
            await self._store.write(lambda t: t.messages_to_remove.add(person, handle, born=born))
            await self.remove(person, (handle,))
        if shown.sending:
            # The handle of a lost message is not known. A blank message is sent, so that strays just before it can be
            # found, and removed again.
            shows = Shown(handle=None, born=self._clock.now(), digest=b"", sending=True)
            how = Sending(is_quiet=True, may_have_strays=True, on_sent=self._recording(person, shows))
            sent = await self._sender.send(person, BLANK, how)
            if isinstance(sent, str):
                await self.remove(person, (sent,))
        await self.log.sent(person, emptied)

    async def remove(self, person: str, handles: tuple[str, ...]) -> None:
        """Remove messages. Those that cannot be removed now are tried again with the hourly upkeep."""
        if not handles:
            return
        gone = await self._sender.remove(person, handles)
        try:
            await self._store.write(lambda t: t.messages_to_remove.forget(person, gone))
        except StoreFault as fault:  # the next start finds nothing more to remove
            log.warning("not noted", fault=str(fault))

    async def deliver(self, request: ShowRequest) -> None:
        """If `is_owed`, send the documents that the person waits for. Forget those that were sent or may not be sent any more."""
        for owed in await self._store.read(lambda t: t.documents.owed()) if request.is_owed else ():
            is_theirs = owed.person == request.person
            stored = await self._store.recall(request.person, owed.reference) if is_theirs else None
            if stored is not None and await self._deliver(owed, *stored):
                await self._store.write(lambda t: t.documents.forget(owed))  # noqa: B023 — called at once

    async def standing(self, person: str) -> tuple[str, ...]:
        """Return the handles of the messages in the person's chat that contain documents."""
        messages = await self._store.read(lambda t: t.messages_to_remove.of(person))
        return tuple(message.handle for message in messages if message.is_kept)

    async def _deliver(self, owed: OwedDocument, record: Record, stored: Shown) -> bool:
        """Create and send a document. Return True if it was sent or given up, and False if it has to be tried again."""
        if not self._conversation.may_have(record, owed):
            return True
        if self._clock.now() - owed.asked > LATEST:
            return await self._give_up(owed, "refused")
        if not self._sender.sends_files:
            return False
        try:
            file = await asyncio.to_thread(self._conversation.document, record, owed)
        except DocumentFault as fault:
            log.error("not made", fault=type(fault).__name__)
            return await self._give_up(owed, "failed")
        if file is None:
            return True
        person, shown = owed.person, self.log.shown(owed.person, stored)

        async def may_send() -> bool:
            latest = await self._store.recall(person, owed.reference)
            return latest is not None and self._conversation.may_have(latest[0], owed)

        async def on_sent(handle: str) -> None:
            await self._store.write(
                lambda t: t.messages_to_remove.add(person, handle, born=self._clock.now(), is_kept=True)
            )

        # The known messages, which must not be taken for lost copies of an earlier try.
        keep = frozenset((*await self.standing(person), *filter(None, [shown.handle])))
        await self.log.intend(person, replace(shown, sending=True))
        result = await self._sender.send_file(person, file, may_send=may_send, on_sent=on_sent, keep=keep)
        if result is SendResult.UNSURE:
            # It may have arrived. It stays pending, and the recorded intent makes the next try remove a lost copy.
            return not await may_send()
        await self.log.sent(person, shown)
        if result is SendResult.SHUT:
            return await self._give_up(owed, "refused")
        return result is not SendResult.LATE

    async def _give_up(self, owed: OwedDocument, why: str) -> bool:
        """Tell the person that the document will not be sent, and how else to get it. Always return True."""
        say = self._conversation.script.wording.say
        await self.tell(owed.person, say(f"rehearsal-document.{why}" if owed.is_of_rehearsal else f"document.{why}"))
        return True

    async def tell(self, person: str, text: str) -> None:
        """Send a text as a message of its own, and record it for removal with other old messages."""
        handle = await self._sender.tell(person, text)
        if handle is not None:
            await self._store.write(lambda t: t.messages_to_remove.add(person, handle, born=self._clock.now()))


class ChatLanes:
    """One queue of deliveries for each person. A new request is merged with one that still waits."""

    def __init__(self, conversation: Talk, sender: Sender, store: Store, mark: Mark) -> None:
        self._conversation, self._sender, self._store = conversation, sender, store
        self._tasks = BackgroundTasks()
        self._delivery = Delivery(conversation, sender, store, mark=mark)
        self._waiting: dict[str, ShowRequest] = {}
        self._running: set[str] = set()
        self._faults = FaultLog("not noted")

    def show(self, request: ShowRequest) -> None:
        """Queue a request, merged with one that already waits for this chat. Requests for people of other channels are ignored."""
        person = request.person
        if PersonId.read(person).channel != self._sender.channel:
            return
        self._waiting[person] = request.after(self._waiting.get(person))
        if person not in self._running:
            self._running.add(person)
            self._tasks.run(self._run(person), failed=lambda error_id: self._apologise(person, error_id))

    def is_showing(self, person: str) -> bool:
        """Return True if a delivery to the chat is in progress."""
        return person in self._running

    def show_once_gone(self, request: ShowRequest) -> None:
        """Wait until no file contains erased data any more, then show the card, which says that the case is erased."""

        async def show() -> None:
            while not await self._store.is_gone(seconds=LONGEST_WAIT):
                log.warning("an erasure is held up")
            self.show(replace(request, record=None))  # the record may have changed meanwhile

        self._tasks.run(show())

    def tell(self, person: str, text: str) -> None:
        """Send a text as a message of its own, in the background."""
        self._tasks.run(self._delivery.tell(person, text))

    async def settle(self, seconds: float) -> None:
        """Wait at most this many seconds until every queue is empty. Cards that are not shown by then are shown after the next start."""
        await self._tasks.settle(seconds)
        await self._delivery.log.close()

    def _apologise(self, person: str, error_id: str) -> None:
        """Tell the person that the bot itself failed, with the error id. A request that waits for the chat is carried out."""
        if waiting := self._waiting.pop(person, None):
            self.show(waiting)
        self.tell(person, self._conversation.script.wording.say("toast.failed", error=error_id))

    async def _run(self, person: str) -> None:
        backoff = Backoff(FIRST_WAIT, LONGEST_WAIT)
        try:
            while request := self._waiting.pop(person, None):
                try:
                    is_shown = await self._bring_about(request)
                except StoreFault as fault:
                    self._faults.note(fault)
                    await backoff.wait()
                    is_shown = False
                if not is_shown:
                    later = self._waiting.get(person)
                    self._waiting[person] = later.after(request) if later else request
        finally:
            self._running.discard(person)

    async def _bring_about(self, request: ShowRequest) -> bool:
        """Carry out a request. Return False if its card has to be shown again."""
        person, record, stored = request.person, request.record, request.shown
        if record is None:
            row = await self._store.recall(person)
            if row is None:
                return True
            record, stored = row
            request = replace(request, record=record)
        is_closed = self._conversation.is_closed(record)

        def is_current() -> bool:  # False if the card is that of an open chat that has closed since
            waiting = self._waiting.get(person)
            latest = waiting.record if waiting else record
            return is_closed or (latest is not None and not self._conversation.is_closed(latest))

        card, shown = self._conversation.card(record, request.notice), self._delivery.log.shown(person, stored)
        if card is None:
            await self._delivery.clear(request, shown)
        elif not await self._delivery.show(request, shown, card, is_current=is_current):
            return False
        live = self._delivery.log.shown(person, shown).handle
        documents = await self._delivery.standing(person) if is_closed or card is None else ()
        old = (*request.strays, *request.to_remove, *documents)
        await self._delivery.remove(person, tuple(handle for handle in old if handle != live))
        await self._delivery.deliver(request)
        return True
