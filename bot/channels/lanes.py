"""One lane a person: what their chat should show is brought about in order, and only the latest card counts."""

import asyncio
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

import structlog

from bot.channels.ledger import Ledger
from bot.channels.protocol import Put, Speaker, signature
from bot.channels.wishes import Wish
from bot.conversation import Conversation
from bot.errands import Errands
from bot.errors import StoreFault
from bot.storage.protocol import Store
from bot.storage.values import NOTHING_SHOWN, Shown
from dialogs.replies import Card

FIRST_WAIT, LONGEST_WAIT = 1.0, 60.0
"""Seconds between tries while the store cannot take down what is to be done: doubled from the first up to the longest."""

Mark = Callable[[str], bytes]
"""A keyed hash, by which a card is known again without being kept."""

log = structlog.get_logger()


class Lanes:
    """The lanes of all people who have something to be shown."""

    def __init__(self, conversation: Conversation, speaker: Speaker, store: Store, mark: Mark) -> None:
        self._conversation = conversation
        self._store = store
        self._speaker = speaker
        self._errands = Errands()
        self._ledger = Ledger(store)
        self._mark = mark
        self._wishes: dict[str, Wish] = {}
        self._running: set[str] = set()

    def wish(self, wish: Wish) -> None:
        """Bring about what a chat should show; what is still waiting for the same person is taken along."""
        person = wish.person
        self._wishes[person] = wish.after(self._wishes.get(person))
        if person not in self._running:
            self._running.add(person)
            self._errands.run(self._run(person))

    async def settle(self, seconds: float) -> None:
        """Wait until every lane is empty, at most so long, then give up what is left; it is shown at the next start."""
        await self._errands.settle(seconds)
        await self._ledger.close()

    async def _run(self, person: str) -> None:
        wait = FIRST_WAIT
        try:
            while wish := self._wishes.pop(person, None):
                try:
                    await self._bring_about(wish)
                except StoreFault as fault:
                    log.warning("not noted", fault=type(fault).__name__)
                    await asyncio.sleep(wait)
                    wait = min(2 * wait, LONGEST_WAIT)
                    later = self._wishes.get(person)
                    self._wishes[person] = later.after(wish) if later else wish
        finally:
            self._running.discard(person)

    async def _bring_about(self, wish: Wish) -> None:
        record, stored = wish.record, wish.shown
        if record is None:
            found = await self._store.recall(wish.person)
            if found is None:
                return
            record, stored = found
        card = self._conversation.card(record, wish.notice)
        shown = self._ledger.shown(wish.person, stored)
        if card is None:
            await self._clear(wish, shown)
        else:
            await self._show(wish, shown, card)
        live = self._ledger.shown(wish.person, shown).handle
        await self._remove(wish.person, (*(stray for stray in wish.strays if stray != live), *wish.litter))

    async def _show(self, wish: Wish, shown: Shown, card: Card) -> None:
        digest = self._mark(signature(card))
        if shown.handle is None or wish.is_new or shown.sending or self._is_too_old(shown.born):
            await self._replace(wish.person, shown, card, digest)
            return
        is_elsewhere = any(stray != shown.handle for stray in wish.strays)
        if digest == shown.digest and not (wish.is_unsure or is_elsewhere):
            self._ledger.delivered(wish.person, shown)
            return
        match await self._speaker.edit(wish.person, shown.handle, card):
            case Put.DONE:
                self._ledger.delivered(wish.person, replace(shown, digest=digest))
            case Put.GONE:
                await self._replace(wish.person, shown, card, digest)
            case Put.SHUT:
                log.info("shut out")

    async def _replace(self, person: str, shown: Shown, card: Card, digest: bytes) -> None:
        """Send a new message: first its intent is kept, then it is sent, then its id is kept and the old one removed."""
        born = self._conversation.clock.now()
        if shown.handle is not None:
            await self._store.discard(person, shown.handle, shown.born or born)
        await self._ledger.intend(person, replace(shown, sending=True, digest=b""))
        handle = await self._speaker.send(person, card)
        if handle is None:
            log.info("shut out")
            return
        await self._ledger.sent(person, Shown(handle=handle, born=born, digest=digest, sending=False))
        if shown.handle is not None:
            await self._remove(person, (shown.handle,))

    async def _clear(self, wish: Wish, shown: Shown) -> None:
        """Leave the chat empty of the bot's card."""
        emptied = replace(NOTHING_SHOWN, digest=self._mark(""))
        if shown == emptied and not wish.is_unsure:
            return
        if shown.handle is not None:
            await self._store.discard(wish.person, shown.handle, shown.born or self._conversation.clock.now())
        await self._ledger.sent(wish.person, emptied)
        if shown.handle is not None:
            await self._remove(wish.person, (shown.handle,))

    async def _remove(self, person: str, handles: tuple[str, ...]) -> None:
        """Remove messages. One that the channel will not let go of is forgotten too, since asking again changes nothing."""
        for handle in handles:
            await self._speaker.remove(person, handle)
        try:
            await self._store.swept(person, handles)
        except StoreFault as fault:  # they are removed, and at the next start nothing more is found of them
            log.warning("not noted", fault=type(fault).__name__)

    def _is_too_old(self, born: datetime | None) -> bool:
        return born is not None and self._conversation.clock.now() - born >= self._speaker.replace_after
