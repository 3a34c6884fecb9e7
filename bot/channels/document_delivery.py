"""Documents that are owed, made and sent next to the card in their person's own lane.

First the intent is kept, then a document is sent, then it is recorded for removal in the end, and only then is it no longer
owed: a crash in between sends it once more, and leaves nothing in a chat of which nobody knows.
"""

import asyncio
from dataclasses import replace
from datetime import timedelta
from functools import partial

from bot.channels.delivery_log import DeliveryLog
from bot.channels.protocol import Conversing, Sender, SendResult
from bot.channels.show_request import ShowRequest
from bot.runtime.errors import DocumentFault
from bot.runtime.logs import log
from bot.storage.owed_document import OwedDocument
from bot.storage.shown import Shown
from bot.storage.store import Store
from bot.storage.values import Record
from bot.summaries.file import File

LATEST = timedelta(hours=1)
"""How long a document is owed while it cannot be sent; after that its person is told to get it another way."""


class DocumentDelivery:
    """Delivers documents, and knows which were delivered."""

    def __init__(self, conversation: Conversing, sender: Sender, store: Store, delivery_log: DeliveryLog) -> None:
        self._conversation = conversation
        self._sender = sender
        self._store = store
        self._delivery_log = delivery_log

    async def deliver(self, request: ShowRequest) -> None:
        """Deliver what is owed to a person. What they may not have now is no longer owed."""
        documents = await self._store.documents.owed() if request.is_owed else ()
        for owed in documents:
            found = await self._store.recall(request.person) if owed.person == request.person else None
            if found is not None and await self._deliver(owed, *found):
                await self._store.documents.forget(owed)

    async def standing(self, person: str) -> tuple[str, ...]:
        """The handles of the documents that stand in a person's chat."""
        return tuple(each.handle for each in await self._store.messages_to_remove.of(person) if each.is_kept)

    async def _deliver(self, owed: OwedDocument, record: Record, stored: Shown) -> bool:
        """Make and send one; true where it is no longer owed."""
        if not self._conversation.may_have(record, owed):
            return True
        if self._conversation.clock.now() - owed.asked > LATEST:
            return await self._give_up(owed, "refused")
        if not self._sender.sends_files:
            return False
        try:
            file = await asyncio.to_thread(self._conversation.document, record, owed)
        except DocumentFault as fault:
            log.error("not made", fault=type(fault).__name__)
            return await self._give_up(owed, "failed")
        return file is None or await self._send(owed, file, shown=self._delivery_log.shown(owed.person, stored))

    async def _send(self, owed: OwedDocument, file: File, *, shown: Shown) -> bool:
        """Send it; while that goes on, the chat counts as one in which something unknown may stand."""
        person = owed.person
        # What is known to stand there is not to be taken for what is left of an earlier try.
        keep = frozenset((*await self.standing(person), *filter(None, [shown.handle])))
        await self._delivery_log.intend(person, replace(shown, sending=True))
        may_send, on_sent = partial(self._may_send, owed), partial(self._record, person)
        result = await self._sender.send_file(person, file, may_send=may_send, on_sent=on_sent, keep=keep)
        if result is SendResult.UNSURE:
            # Nobody knows whether it arrived: it stays owed, and the intent stands, by which what may
            # lie there is looked for.
            return not await self._may_send(owed)
        await self._delivery_log.sent(person, shown)
        if result is SendResult.SHUT:
            return await self._give_up(owed, "refused")
        return result is not SendResult.LATE

    async def _may_send(self, owed: OwedDocument) -> bool:
        """Whether it may be sent, by what the store has at this very moment."""
        found = await self._store.recall(owed.person)
        return found is not None and self._conversation.may_have(found[0], owed)

    async def _record(self, person: str, handle: str) -> None:
        await self._store.messages_to_remove.add(person, handle, born=self._conversation.clock.now(), is_kept=True)

    async def _give_up(self, owed: OwedDocument, why: str) -> bool:
        """Say that it does not come, and what to do instead."""
        say = self._conversation.script.wording.say
        text = say(f"rehearsal-document.{why}" if owed.is_of_rehearsal else f"document.{why}")
        handle = await self._sender.tell(owed.person, text)
        if handle is not None:
            await self._store.messages_to_remove.add(owed.person, handle, born=self._conversation.clock.now())
        return True
