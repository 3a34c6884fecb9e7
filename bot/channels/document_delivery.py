"""Documents that are owed, made and put beside the card in their person's own lane.

First the intent is kept, then a document is sent, then it is noted to be removed in the end, and only then is it not owed
any more: a crash in between sends it once more, and leaves nothing in a chat of which nobody knows.
"""

import asyncio
from dataclasses import replace
from datetime import timedelta
from functools import partial

import structlog

from bot.channels.delivery_log import DeliveryLog
from bot.channels.protocol import Conversing, SendResult, Speaker
from bot.channels.show_request import ShowRequest
from bot.runtime.errors import DocumentFault
from bot.storage.owed_document import OwedDocument
from bot.storage.shown import Shown
from bot.storage.store import Store
from bot.storage.values import Record
from bot.summaries.forms import File

LATEST = timedelta(hours=1)
"""How long a document is owed while it cannot be sent; after that its person is told to get it another way."""

log = structlog.get_logger()


class DocumentDelivery:
    """Delivers, and knows what was delivered."""

    def __init__(self, conversation: Conversing, speaker: Speaker, store: Store, ledger: DeliveryLog) -> None:
        self._conversation = conversation
        self._speaker = speaker
        self._store = store
        self._ledger = ledger

    async def deliver(self, wish: ShowRequest) -> None:
        """Deliver what is owed to a person. What they may not have now is not owed any more."""
        owed = await self._store.documents.owed() if wish.is_owed else ()
        for parcel in owed:
            found = await self._store.recall(wish.person) if parcel.person == wish.person else None
            if found is not None and await self._deliver(parcel, *found):
                await self._store.documents.forget(parcel)

    async def handed(self, person: str) -> tuple[str, ...]:
        """The documents that stand in a person's chat."""
        return tuple(
            each.handle
            for each in await self._store.messages_to_remove.oldest_first()
            if each.is_kept and each.person == person
        )

    async def _deliver(self, parcel: OwedDocument, record: Record, stored: Shown) -> bool:
        """Make and send one; true where it is not owed any more."""
        if not self._conversation.may_have(record, parcel):
            return True
        if self._conversation.clock.now() - parcel.asked > LATEST:
            return await self._give_up(parcel, "refused")
        try:
            file = await asyncio.to_thread(self._conversation.document, record, parcel)
        except DocumentFault as fault:
            log.error("not made", fault=type(fault).__name__)
            return await self._give_up(parcel, "failed")
        return file is None or await self._send(parcel, file, self._ledger.shown(parcel.person, stored))

    async def _send(self, parcel: OwedDocument, file: File, shown: Shown) -> bool:
        """Send it; while that goes on, the chat counts as one in which something may stand that nobody knows of."""
        person = parcel.person
        spare = frozenset((*await self.handed(person), *filter(None, [shown.handle])))
        await self._ledger.intend(person, replace(shown, sending=True))
        put = await self._speaker.hand(
            person, file, may=partial(self._may, parcel), note=partial(self._note, person), spare=spare
        )
        if put is SendResult.UNSURE:
            return not await self._may(parcel)
        await self._ledger.sent(person, shown)
        if put is SendResult.SHUT:
            return await self._give_up(parcel, "refused")
        return put is not SendResult.LATE

    async def _may(self, parcel: OwedDocument) -> bool:
        """Whether it may be sent, by what the store has at this very moment."""
        found = await self._store.recall(parcel.person)
        return found is not None and self._conversation.may_have(found[0], parcel)

    async def _note(self, person: str, handle: str) -> None:
        await self._store.messages_to_remove.add(person, handle, born=self._conversation.clock.now(), is_kept=True)

    async def _give_up(self, parcel: OwedDocument, why: str) -> bool:
        """Say that it does not come, and what to do instead."""
        say = self._conversation.script.wording.say
        text = say(f"rehearsal-document.{why}" if parcel.is_of_rehearsal else f"document.{why}")
        handle = await self._speaker.tell(parcel.person, text)
        if handle is not None:
            await self._store.messages_to_remove.add(parcel.person, handle, born=self._conversation.clock.now())
        return True
