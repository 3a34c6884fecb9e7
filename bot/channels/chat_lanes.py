"""One lane per person: what their chat should show is brought about in order, and only the latest card counts."""

from dataclasses import replace

from bot.channels.delivery import CardDelivery, DeliveryLog, DocumentDelivery, Mark, ShowRequest
from bot.channels.protocol import Conversing, Sender, StillCurrent
from bot.runtime.background_tasks import BackgroundTasks
from bot.runtime.backoff import Backoff
from bot.runtime.errors import StoreFault
from bot.runtime.logs import FaultLog, log
from bot.runtime.person_id import PersonId
from bot.storage.store import Store
from bot.storage.values import Record

FIRST_WAIT, LONGEST_WAIT = 1.0, 60.0
"""Seconds between tries while the store cannot record what is about to be done."""


class ChatLanes:
    """The lanes of all people of a channel who have something to be shown."""

    def __init__(self, conversation: Conversing, sender: Sender, store: Store, mark: Mark) -> None:
        self._conversation = conversation
        self._store = store
        self._sender = sender
        self._tasks = BackgroundTasks()
        self._delivery_log = DeliveryLog(store)
        self._cards = CardDelivery(sender, store, self._delivery_log, clock=conversation.clock, mark=mark)
        self._documents = DocumentDelivery(conversation, sender, store, self._delivery_log)
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

    async def tell(self, person: str, text: str) -> None:
        """Say one line next to the card. It is removed later, with what was left in chats."""
        handle = await self._sender.tell(person, text)
        if handle is not None:
            await self._store.write(
                lambda t: t.messages_to_remove.add(person, handle, born=self._conversation.clock.now())
            )

    async def settle(self, seconds: float) -> None:
        """Wait until every lane is empty, at most so long, then give up what is left; it is shown at the next start."""
        await self._tasks.settle(seconds)
        await self._delivery_log.close()

    def _apologise(self, person: str, error_id: str) -> None:
        """Say that the bot itself failed; its card is shown again with whatever comes next, or waits already."""
        if waiting := self._waiting.pop(person, None):
            self.show(waiting)
        text = self._conversation.script.wording.say("toast.failed", error=error_id)
        self._tasks.run(self.tell(person, text))

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
        card, shown = self._conversation.card(record, request.notice), self._delivery_log.shown(person, stored)
        is_current = self._is_current(person, record, is_closed=is_closed)
        if card is None:
            await self._cards.clear(request, shown)
        elif not await self._cards.show(request, shown, card, is_current=is_current):
            return False
        live = self._delivery_log.shown(person, shown).handle
        documents = await self._documents.standing(person) if is_closed or card is None else ()
        left = (*request.strays, *request.to_remove, *documents)
        await self._cards.remove(person, tuple(each for each in left if each != live))
        await self._documents.deliver(request)
        return True

    def _is_current(self, person: str, record: Record, *, is_closed: bool) -> StillCurrent:
        """Whether a card may still be shown: that of an open chat only for as long as the chat has not closed."""

        def is_current() -> bool:
            waiting = self._waiting.get(person)
            latest = waiting.record if waiting else record
            return is_closed or (latest is not None and not self._conversation.is_closed(latest))

        return is_current
