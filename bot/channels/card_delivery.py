"""One card in one chat: edited in place where that will do, sent anew where it will not, and removed again.

First the intent is kept, then a message is sent, then its handle is kept, and only then is the old one removed: a crash in
between may show a card twice, and leaves no message of which nobody knows.
"""

from collections.abc import Callable
from dataclasses import replace

from bot.channels.delivery_log import DeliveryLog
from bot.channels.protocol import OnSent, Sender, SendResult, StillCurrent, signature
from bot.channels.show_request import ShowRequest, is_too_old
from bot.runtime.clock import Clock
from bot.runtime.errors import StoreFault
from bot.runtime.logs import log
from bot.storage.shown import NOTHING_SHOWN, Shown
from bot.storage.store import Store
from dialogs.core.replies import Card, Paragraph

BLANK = Card(0, (Paragraph("·"),), ())
"""A card of no word and no button."""

Mark = Callable[[str], bytes]
"""A keyed hash, by which a card is recognised without being kept."""


class CardDelivery:
    """Shows, clears and removes, and records what each chat shows."""

    def __init__(self, sender: Sender, store: Store, delivery_log: DeliveryLog, *, clock: Clock, mark: Mark) -> None:
        self._sender = sender
        self._store = store
        self._delivery_log = delivery_log
        self._clock = clock
        self._mark = mark

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
            self._delivery_log.delivered(person, shown)
            return True
        match await self._sender.edit(person, shown.handle, card=card, is_current=is_current):
            case SendResult.DONE:
                self._delivery_log.delivered(person, replace(shown, digest=digest))
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
        if shown.handle is not None:
            await self._store.messages_to_remove.add(person, shown.handle, born=shown.born or born)
        await self._delivery_log.intend(person, replace(shown, sending=True, digest=b""))
        shows = Shown(handle=None, born=born, digest=self._mark(signature(card)), sending=True)
        sent = await self._sender.send(
            person,
            card,
            is_current=is_current,
            is_quiet=not request.is_new,
            on_sent=self._recording(person, shows),
            # An intent that still stands is of a try of which nobody knows whether it arrived.
            may_have_strays=shown.sending or shown.handle is None,
        )
        if sent is SendResult.OUTDATED:  # before anything was sent: nothing unknown stands there that did not before
            self._delivery_log.delivered(person, replace(shown, digest=b""))
        if sent in (SendResult.OUTDATED, SendResult.UNSURE):
            return False
        if isinstance(sent, SendResult):
            self._record_shut(person, NOTHING_SHOWN)
        else:
            await self._delivery_log.sent(person, replace(shows, handle=sent, sending=False))
        if shown.handle is not None:
            await self.remove(person, (shown.handle,))
        return True

    def _recording(self, person: str, shows: Shown) -> OnSent:
        return lambda handle: self._delivery_log.sent(person, replace(shows, handle=handle))

    def _record_shut(self, person: str, shown: Shown) -> None:
        """Record that the person has shut the bot out: nothing is owed to them until they come back."""
        log.info("shut out")
        # A digest that no card has: nothing is tried while the chat is shut, and whatever comes after it differs.
        self._delivery_log.delivered(person, replace(shown, digest=self._mark("shut"), sending=False))

    async def clear(self, request: ShowRequest, shown: Shown) -> None:
        """Leave the chat empty of the bot's card."""
        person, emptied = request.person, replace(NOTHING_SHOWN, digest=self._mark(""))
        if shown == emptied and not request.is_unsure:
            return
        if shown.handle is not None:
            await self._store.messages_to_remove.add(person, shown.handle, born=shown.born or self._clock.now())
            await self.remove(person, (shown.handle,))
        if shown.sending:
            await self._remove_unknown(person)
        await self._delivery_log.sent(person, emptied)

    async def _remove_unknown(self, person: str) -> None:
        """Remove what may stand there unknown: it is found before a blank that is sent for that, and goes again."""
        shows = Shown(handle=None, born=self._clock.now(), digest=b"", sending=True)
        sent = await self._sender.send(
            person,
            BLANK,
            is_current=lambda: True,
            is_quiet=True,
            on_sent=self._recording(person, shows),
            may_have_strays=True,
        )
        if isinstance(sent, str):
            await self.remove(person, (sent,))

    async def remove(self, person: str, handles: tuple[str, ...]) -> None:
        """Remove messages. One that the channel cannot remove now is tried again later, with what was left in chats."""
        if not handles:
            return
        gone = await self._sender.remove(person, handles)
        try:
            await self._store.messages_to_remove.forget(person, gone)
        except StoreFault as fault:  # they are removed, and at the next start nothing more is found of them
            log.warning("not noted", fault=str(fault))
