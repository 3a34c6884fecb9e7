"""What a chat should show, and what is done for that: cards, documents, and what is left to be removed.

First the intent is kept, then a message is sent, then its handle is kept, and only then is the old one removed, or a document no longer
owed: a crash in between may show something twice, and leaves no message of which nobody knows.
"""

import asyncio
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial

from bot.channels.protocol import Conversing, OnSent, Sender, Sending, SendResult, StillCurrent, signature
from bot.conversation.records import ABANDONED
from bot.runtime.background_tasks import BackgroundTasks, Backoff
from bot.runtime.errors import DocumentFault, StoreFault
from bot.runtime.logs import FaultLog, log
from bot.runtime.person_id import PersonId
from bot.storage.store import Store
from bot.storage.values import NOTHING_SHOWN, OwedDocument, Record, Shown
from bot.summaries.file import File
from dialogs.core.replies import Card, Paragraph


@dataclass(frozen=True, slots=True)
class ShowRequest:
    """What a person's chat should come to show: the record's card; without a record, that of whatever the store has.

    `is_new` asks for a new message, since the person has just written; `is_unsure` says that what is recorded of the chat
    may not be so; `notice` stands above the card this once; `strays` are messages whose buttons were pressed; `to_remove`
    are other messages, such as the person's own; `is_owed` says that a document may be owed to them; `tells` says that the
    card tells something, for which an old one is shown anew though nobody uses it.
    """

    person: str
    record: Record | None = None
    shown: Shown = NOTHING_SHOWN
    is_new: bool = False
    is_unsure: bool = False
    notice: str = ""
    strays: tuple[str, ...] = ()
    to_remove: tuple[str, ...] = ()
    is_owed: bool = False
    tells: bool = False

    def after(self, waiting: "ShowRequest | None") -> "ShowRequest":
        """The request, with what an earlier one still asks for. Its record is its own: the earlier one's is outdated."""
        if waiting is None:
            return self
        return replace(
            self,
            is_new=self.is_new or waiting.is_new,
            is_unsure=self.is_unsure or waiting.is_unsure,
            notice=self.notice or waiting.notice,
            is_owed=self.is_owed or waiting.is_owed,
            tells=self.tells or waiting.tells,
            strays=_together(waiting.strays, self.strays),
            to_remove=_together(waiting.to_remove, self.to_remove),
        )


def is_too_old(request: ShowRequest, shown: Shown, *, now: datetime, replace_after: timedelta | None) -> bool:
    """Whether the card that stands has to be shown anew, before the channel can no longer remove it.

    One that nobody uses any more is left as it is, unless it tells something: it is taken out of the chat instead.
    """
    if replace_after is None or shown.born is None or now - shown.born < replace_after:
        return False
    record = request.record
    return request.tells or record is None or record.active is None or now - record.active < ABANDONED


def _together(earlier: tuple[str, ...], later: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys((*earlier, *later)))


PAUSE, WITHIN = 0.3, 5.0
"""Seconds for which deliveries are gathered before the store is told; and within which it keeps them, with the next thing that
it keeps. A crash in between shows a card a second time.
"""

MOST_CHATS = 2_000
"""Chats remembered here, so that a turn decided during a delivery does not undo it."""


class DeliveryLog:
    """The latest of every chat that something was delivered to lately, and which of them the store has yet to be told of."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._tasks = BackgroundTasks()
        self._latest: OrderedDict[str, Shown] = OrderedDict()
        self._unwritten: set[str] = set()
        self._task: asyncio.Task[None] | None = None
        self._faults = FaultLog("not noted")

    def shown(self, person: str, stored: Shown) -> Shown:
        """What the person's chat shows: what was delivered last, else what the store had of it."""
        return self._latest.get(person, stored)

    def delivered(self, person: str, shown: Shown) -> None:
        """Record that the live message shows something else now; the store is told soon."""
        self._remember(person, shown)
        self._unwritten.add(person)
        if self._task is None or self._task.done():
            self._task = self._tasks.run(self._write_soon())

    async def intend(self, person: str, shown: Shown) -> None:
        """Record durably what is about to be done. Raises `StoreFault`, and then it must not be done.

        It is remembered first, so that what was delivered before is not written over it while the store is still writing.
        """
        self._unwritten.discard(person)
        self._remember(person, shown)
        await self._store.show(person, shown)

    async def sent(self, person: str, shown: Shown) -> None:
        """Record which message is the live one: at once where the store can, else as soon as it can again."""
        self.delivered(person, shown)
        await self.write()

    async def close(self) -> None:
        """Tell the store the rest, and stop telling it."""
        await self._tasks.settle(0)
        await self.write()

    async def write(self, *, within: float = 0.0) -> None:
        """Tell the store of all that it has not been told; what it cannot keep now is tried again."""
        told, self._unwritten = self._unwritten, set()
        try:
            await self._store.show_many({person: self._latest[person] for person in told}, within=within)
        except StoreFault as fault:
            self._faults.note(fault)
            self._unwritten |= told
        except asyncio.CancelledError:
            self._unwritten |= told
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


BLANK = Card(0, (Paragraph("·"),), ())
"""A card of no word and no button."""

Mark = Callable[[str], bytes]
"""A keyed hash, by which a card is recognised without being kept."""


LATEST = timedelta(hours=1)
"""How long a document is owed while it cannot be sent; after that its person is told to get it another way."""


class Delivery:
    """Shows, clears and removes cards, sends the documents that are owed, and records what each chat shows."""

    def __init__(self, conversation: Conversing, sender: Sender, store: Store, *, mark: Mark) -> None:
        self._conversation, self._clock = conversation, conversation.clock
        self._sender = sender
        self._store = store
        self._mark = mark
        self.log = DeliveryLog(store)

    async def show(self, request: ShowRequest, shown: Shown, card: Card, *, is_current: StillCurrent) -> bool:
        """Bring a chat to show the card; false where the card was outdated before it could be shown."""
        person, digest, now = request.person, self._mark(signature(card)), self._clock.now()
        is_old = is_too_old(request, shown, now=now, replace_after=self._sender.replace_after)
        if shown.handle is None or request.is_new or shown.sending or is_old:
            try:
                return await self._replace(request, shown, card=card, is_current=is_current)
            except StoreFault:  # no new message can be recorded, and the one that stands can say the same
                if shown.handle is not None:
                    await self._sender.edit(person, shown.handle, card=card, is_current=is_current)
                raise
        is_elsewhere = any(stray != shown.handle for stray in request.strays)
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
        """Send a new message: first its intent is kept, then it is sent, then its id is kept and the old one removed."""
        person, born = request.person, self._clock.now()
        if (handle := shown.handle) is not None:
            await self._store.write(lambda t: t.messages_to_remove.add(person, handle, born=shown.born or born))
        await self.log.intend(person, replace(shown, sending=True, digest=b""))
        shows = Shown(handle=None, born=born, digest=self._mark(signature(card)), sending=True)
        # An intent that still stands is of a try of which nobody knows whether it arrived.
        is_unsure = shown.sending or shown.handle is None
        how = Sending(is_current, not request.is_new, is_unsure, self._recording(person, shows))
        sent = await self._sender.send(person, card, how)
        if sent is SendResult.OUTDATED:  # before anything was sent: nothing unknown stands there that did not before
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
        """Record that the person has shut the bot out: nothing is owed to them until they come back."""
        log.info("shut out")
        # A digest that no card has: nothing is tried while the chat is shut, and whatever comes after it differs.
        self.log.delivered(person, replace(shown, digest=self._mark("shut"), sending=False))

    async def clear(self, request: ShowRequest, shown: Shown) -> None:
        """Leave the chat empty of the bot's card."""
        person, emptied = request.person, replace(NOTHING_SHOWN, digest=self._mark(""))
        if shown == emptied and not request.is_unsure:
            return
        if (handle := shown.handle) is not None:
            born = shown.born or self._clock.now()
            await self._store.write(lambda t: t.messages_to_remove.add(person, handle, born=born))
            await self.remove(person, (handle,))
        if shown.sending:
            await self._remove_unknown(person)
        await self.log.sent(person, emptied)

    async def _remove_unknown(self, person: str) -> None:
        """Remove what may stand there unknown: it is found before a blank that is sent for that, and goes again."""
        shows = Shown(handle=None, born=self._clock.now(), digest=b"", sending=True)
        how = Sending(is_quiet=True, may_have_strays=True, on_sent=self._recording(person, shows))
        sent = await self._sender.send(person, BLANK, how)
        if isinstance(sent, str):
            await self.remove(person, (sent,))

    async def remove(self, person: str, handles: tuple[str, ...]) -> None:
        """Remove messages. One that the channel cannot remove now is tried again later, with what was left in chats."""
        if not handles:
            return
        gone = await self._sender.remove(person, handles)
        try:
            await self._store.write(lambda t: t.messages_to_remove.forget(person, gone))
        except StoreFault as fault:  # they are removed, and at the next start nothing more is found of them
            log.warning("not noted", fault=str(fault))

    async def deliver(self, request: ShowRequest) -> None:
        """Deliver what is owed to a person. What they may not have now is no longer owed."""
        documents = await self._store.read(lambda t: t.documents.owed()) if request.is_owed else ()
        for owed in documents:
            found = await self._store.recall(request.person) if owed.person == request.person else None
            if found is not None and await self._deliver(owed, *found):
                await self._forget(owed)

    async def _forget(self, document: OwedDocument) -> None:
        await self._store.write(lambda t: t.documents.forget(document))

    async def standing(self, person: str) -> tuple[str, ...]:
        """The handles of the documents that stand in a person's chat."""
        return tuple(
            each.handle for each in await self._store.read(lambda t: t.messages_to_remove.of(person)) if each.is_kept
        )

    async def _deliver(self, owed: OwedDocument, record: Record, stored: Shown) -> bool:
        """Make and send one; true where it is no longer owed."""
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
        return file is None or await self._send(owed, file, shown=self.log.shown(owed.person, stored))

    async def _send(self, owed: OwedDocument, file: File, *, shown: Shown) -> bool:
        """Send it; while that goes on, the chat counts as one in which something unknown may stand."""
        person = owed.person
        # What is known to stand there is not to be taken for what is left of an earlier try.
        keep = frozenset((*await self.standing(person), *filter(None, [shown.handle])))
        await self.log.intend(person, replace(shown, sending=True))
        may_send, on_sent = partial(self._may_send, owed), partial(self._record, person)
        result = await self._sender.send_file(person, file, may_send=may_send, on_sent=on_sent, keep=keep)
        if result is SendResult.UNSURE:
            # Nobody knows whether it arrived: it stays owed, and the intent stands, by which what may
            # lie there is looked for.
            return not await self._may_send(owed)
        await self.log.sent(person, shown)
        if result is SendResult.SHUT:
            return await self._give_up(owed, "refused")
        return result is not SendResult.LATE

    async def _may_send(self, owed: OwedDocument) -> bool:
        """Whether it may be sent, by what the store has at this very moment."""
        found = await self._store.recall(owed.person)
        return found is not None and self._conversation.may_have(found[0], owed)

    async def _record(self, person: str, handle: str) -> None:
        await self._store.write(
            lambda t: t.messages_to_remove.add(person, handle, born=self._clock.now(), is_kept=True)
        )

    async def _give_up(self, owed: OwedDocument, why: str) -> bool:
        """Say that it does not come, and what to do instead."""
        say = self._conversation.script.wording.say
        text = say(f"rehearsal-document.{why}" if owed.is_of_rehearsal else f"document.{why}")
        await self.tell(owed.person, text)
        return True

    async def tell(self, person: str, text: str) -> None:
        """Say one line next to the card. It is removed later, with what was left in chats."""
        handle = await self._sender.tell(person, text)
        if handle is not None:
            await self._store.write(lambda t: t.messages_to_remove.add(person, handle, born=self._clock.now()))


FIRST_WAIT, LONGEST_WAIT = 1.0, 60.0
"""Seconds between tries while the store cannot record what is about to be done."""


class ChatLanes:
    """The lanes of all people of a channel who have something to be shown."""

    def __init__(self, conversation: Conversing, sender: Sender, store: Store, mark: Mark) -> None:
        self._conversation = conversation
        self._store = store
        self._sender = sender
        self._tasks = BackgroundTasks()
        self._delivery = Delivery(conversation, sender, store, mark=mark)
        self._waiting: dict[str, ShowRequest] = {}
        self._running: set[str] = set()
        self._faults = FaultLog("not noted")

    def show(self, request: ShowRequest) -> None:
        """Bring about what a chat should show, with what earlier requests for it still ask for.

        People of other channels are passed over: nothing here could reach them.
        """
        person = request.person
        if PersonId.read(person).channel != self._sender.channel:
            return
        self._waiting[person] = request.after(self._waiting.get(person))
        if person not in self._running:
            self._running.add(person)
            self._tasks.run(self._run(person), failed=lambda error_id: self._apologise(person, error_id))

    def is_showing(self, person: str) -> bool:
        """Whether something is on its way to the chat."""
        return person in self._running

    def show_once_gone(self, request: ShowRequest) -> None:
        """The same, when what was erased is out of every file: the card says that it is."""
        self._tasks.run(self._show_once_gone(request))

    async def _show_once_gone(self, request: ShowRequest) -> None:
        while not await self._store.is_gone(seconds=LONGEST_WAIT):
            log.warning("an erasure is held up")
        self.show(replace(request, record=None))  # the person may have done something meanwhile

    def tell(self, person: str, text: str) -> None:
        """Say one line next to the card. It is removed later, with what was left in chats."""
        self._tasks.run(self._delivery.tell(person, text))

    async def settle(self, seconds: float) -> None:
        """Wait until every lane is empty, at most so long, then give up what is left; it is shown at the next start."""
        await self._tasks.settle(seconds)
        await self._delivery.log.close()

    def _apologise(self, person: str, error_id: str) -> None:
        """Say that the bot itself failed; its card is shown again with whatever comes next, or waits already."""
        if waiting := self._waiting.pop(person, None):
            self.show(waiting)
        text = self._conversation.script.wording.say("toast.failed", error=error_id)
        self.tell(person, text)

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
        """Show what is asked for; false where it was outdated before it could be shown."""
        record, stored = request.record, request.shown
        if record is None:
            found = await self._store.recall(request.person)
            if found is None:
                return True
            record, stored = found
            request = replace(request, record=record)
        person, is_closed = request.person, self._conversation.is_closed(record)
        card, shown = self._conversation.card(record, request.notice), self._delivery.log.shown(person, stored)
        is_current = self._is_current(person, record, is_closed=is_closed)
        if card is None:
            await self._delivery.clear(request, shown)
        elif not await self._delivery.show(request, shown, card, is_current=is_current):
            return False
        live = self._delivery.log.shown(person, shown).handle
        documents = await self._delivery.standing(person) if is_closed or card is None else ()
        left = (*request.strays, *request.to_remove, *documents)
        await self._delivery.remove(person, tuple(each for each in left if each != live))
        await self._delivery.deliver(request)
        return True

    def _is_current(self, person: str, record: Record, *, is_closed: bool) -> StillCurrent:
        """Whether a card may still be shown: that of an open chat only for as long as the chat has not closed."""

        def is_current() -> bool:
            waiting = self._waiting.get(person)
            latest = waiting.record if waiting else record
            return is_closed or (latest is not None and not self._conversation.is_closed(latest))

        return is_current
