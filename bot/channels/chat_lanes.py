"""One lane a person: what their chat should show is brought about in order, and only the latest card counts."""

import asyncio
from collections.abc import Callable
from dataclasses import replace

import structlog

from bot.channels.delivery_log import DeliveryLog
from bot.channels.document_delivery import DocumentDelivery
from bot.channels.protocol import Conversing, OnSent, SendResult, Speaker, StillCurrent, signature
from bot.channels.show_request import ShowRequest, is_to_be_renewed
from bot.runtime.background_tasks import BackgroundTasks
from bot.runtime.errors import StoreFault
from bot.storage.shown import NOTHING_SHOWN, Shown
from bot.storage.store import Store
from bot.storage.values import Record
from dialogs.core.replies import Card, Paragraph

FIRST_WAIT, LONGEST_WAIT = 1.0, 60.0
"""Seconds between tries while the store cannot take down what is to be done: doubled from the first up to the longest."""

BLANK = Card(0, (Paragraph("·"),), ())
"""A card of no word and no button."""

Mark = Callable[[str], bytes]
"""A keyed hash, by which a card is known again without being kept."""

log = structlog.get_logger()


class ChatLanes:
    """The lanes of all people who have something to be shown."""

    def __init__(self, conversation: Conversing, speaker: Speaker, store: Store, mark: Mark) -> None:
        self._conversation = conversation
        self._store = store
        self._speaker = speaker
        self._errands = BackgroundTasks()
        self._ledger = DeliveryLog(store)
        self._hands = DocumentDelivery(conversation, speaker, store, self._ledger)
        self._mark = mark
        self._wishes: dict[str, ShowRequest] = {}
        self._running: set[str] = set()

    def wish(self, wish: ShowRequest) -> None:
        """Bring about what a chat should show; what is still waiting for the same person is taken along."""
        person = wish.person
        self._wishes[person] = wish.after(self._wishes.get(person))
        if person not in self._running:
            self._running.add(person)
            self._errands.run(self._run(person), failed=lambda error_id: self._apologise(person, error_id))

    async def tell(self, person: str, text: str) -> None:
        """Say one line beside the card. It is taken away later, with what was left in chats."""
        handle = await self._speaker.tell(person, text)
        if handle is not None:
            await self._store.messages_to_remove.add(person, handle, born=self._conversation.clock.now())

    async def settle(self, seconds: float) -> None:
        """Wait until every lane is empty, at most so long, then give up what is left; it is shown at the next start."""
        await self._errands.settle(seconds)
        await self._ledger.close()

    def _apologise(self, person: str, error_id: str) -> None:
        """Say that the bot itself failed; the card is shown again with whatever comes next."""
        text = self._conversation.script.wording.say("toast.failed", error=error_id)
        self._errands.run(self.tell(person, text))

    async def _run(self, person: str) -> None:
        wait = FIRST_WAIT
        try:
            while wish := self._wishes.pop(person, None):
                try:
                    is_shown = await self._bring_about(wish)
                except StoreFault as fault:
                    log.warning("not noted", fault=type(fault).__name__)
                    await asyncio.sleep(wait)
                    wait = min(2 * wait, LONGEST_WAIT)
                    is_shown = False
                if not is_shown:
                    later = self._wishes.get(person)
                    self._wishes[person] = later.after(wish) if later else wish
        finally:
            self._running.discard(person)

    async def _bring_about(self, wish: ShowRequest) -> bool:
        """Show what is wished for; false where it was outdated before it could be shown."""
        record, stored = wish.record, wish.shown
        if record is None:
            found = await self._store.recall(wish.person)
            if found is None:
                return True
            record, stored = found
            wish = replace(wish, record=record)
        is_closed, card = self._conversation.is_closed(record), self._conversation.card(record, wish.notice)
        shown = self._ledger.shown(wish.person, stored)
        if card is None:
            await self._clear(wish, shown)
        elif not await self._show(wish, shown, card, still=self._still(wish.person, record, is_closed=is_closed)):
            return False
        live = self._ledger.shown(wish.person, shown).handle
        handed = await self._hands.handed(wish.person) if is_closed or card is None else ()
        await self._remove(wish.person, (*(stray for stray in wish.strays if stray != live), *wish.litter, *handed))
        await self._hands.deliver(wish)
        return True

    def _still(self, person: str, record: Record, *, is_closed: bool) -> StillCurrent:
        """Whether a card may still be shown: that of an open chat only for as long as the chat has not closed."""

        def still() -> bool:
            """Look at the latest that is known of the person."""
            waiting = self._wishes.get(person)
            latest = waiting.record if waiting else record
            return is_closed or (latest is not None and not self._conversation.is_closed(latest))

        return still

    async def _show(self, wish: ShowRequest, shown: Shown, card: Card, *, still: StillCurrent) -> bool:
        digest, now = self._mark(signature(card)), self._conversation.clock.now()
        is_old = is_to_be_renewed(wish, shown, now=now, after=self._speaker.replace_after)
        if shown.handle is None or wish.is_new or shown.sending or is_old:
            try:
                return await self._replace(wish, shown, card, still=still)
            except StoreFault:  # no new message can be noted, and the one that stands can say the same
                if shown.handle is not None:
                    await self._speaker.edit(wish.person, shown.handle, card, still=still)
                raise
        is_elsewhere = any(stray != shown.handle for stray in wish.strays)
        if digest == shown.digest and not (wish.is_unsure or is_elsewhere):
            self._ledger.delivered(wish.person, shown)
            return True
        match await self._speaker.edit(wish.person, shown.handle, card, still=still):
            case SendResult.DONE:
                self._ledger.delivered(wish.person, replace(shown, digest=digest))
            case SendResult.GONE:
                return await self._replace(wish, shown, card, still=still)
            case SendResult.SHUT:
                self._note_shut(wish.person, shown)
            case SendResult.OUTDATED:
                return False
        return True

    async def _replace(self, wish: ShowRequest, shown: Shown, card: Card, *, still: StillCurrent) -> bool:
        """Send a new message: first its intent is kept, then it is sent, then its id is kept and the old one removed."""
        person, born = wish.person, self._conversation.clock.now()
        if shown.handle is not None:
            await self._store.messages_to_remove.add(person, shown.handle, born=shown.born or born)
        await self._ledger.intend(person, replace(shown, sending=True, digest=b""))
        shows = Shown(handle=None, born=born, digest=self._mark(signature(card)), sending=True)
        unsure, is_unsure = self._keeping(person, shows), shown.sending or shown.handle is None
        put = await self._speaker.send(
            person, card, still=still, is_quiet=not wish.is_new, unsure=unsure, is_unsure=is_unsure
        )
        if put is SendResult.OUTDATED:
            return False
        if isinstance(put, SendResult):
            self._note_shut(person, NOTHING_SHOWN)
        else:
            await self._ledger.sent(person, replace(shows, handle=put, sending=False))
        if shown.handle is not None:
            await self._remove(person, (shown.handle,))
        return True

    def _keeping(self, person: str, shows: Shown) -> OnSent:
        return lambda handle: self._ledger.sent(person, replace(shows, handle=handle))

    def _note_shut(self, person: str, shown: Shown) -> None:
        """Take down that the person has shut the bot out: nothing is owed to them until they come back."""
        log.info("shut out")
        self._ledger.delivered(person, replace(shown, digest=self._mark("shut"), sending=False))

    async def _clear(self, wish: ShowRequest, shown: Shown) -> None:
        """Leave the chat empty of the bot's card."""
        emptied = replace(NOTHING_SHOWN, digest=self._mark(""))
        if shown == emptied and not wish.is_unsure:
            return
        if shown.handle is not None:
            await self._store.messages_to_remove.add(
                wish.person, shown.handle, born=shown.born or self._conversation.clock.now()
            )
            await self._remove(wish.person, (shown.handle,))
        if shown.sending:
            await self._find(wish.person)
        await self._ledger.sent(wish.person, emptied)

    async def _find(self, person: str) -> None:
        """Remove what may stand there unknown: it is found before a blank that is sent for that, and goes again."""
        shows = Shown(handle=None, born=self._conversation.clock.now(), digest=b"", sending=True)
        unsure = self._keeping(person, shows)
        put = await self._speaker.send(person, BLANK, still=lambda: True, is_quiet=True, unsure=unsure, is_unsure=True)
        if isinstance(put, str):
            await self._remove(person, (put,))

    async def _remove(self, person: str, handles: tuple[str, ...]) -> None:
        """Remove messages. One that the channel does not let go of now is tried again later, with what was left in chats."""
        gone = [handle for handle in handles if await self._speaker.remove(person, handle)]
        try:
            await self._store.messages_to_remove.forget(person, gone)
        except StoreFault as fault:  # they are removed, and at the next start nothing more is found of them
            log.warning("not noted", fault=type(fault).__name__)
