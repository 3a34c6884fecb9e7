"""One lane a person: what their chat should show is brought about in order, and only the latest card counts."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import structlog

from bot.channels.telegram.drawing import Drawing, draw
from bot.channels.telegram.hearing import chat_of
from bot.channels.telegram.ledger import Ledger
from bot.channels.telegram.speaking import Put, Voice
from bot.clock import Clock
from bot.conversation import Conversation
from bot.errors import StoreFault
from bot.storage.protocol import Store
from bot.storage.values import NOTHING_SHOWN, Record, Shown

TOO_OLD = timedelta(hours=40)
"""A card of this age is replaced, since Telegram removes messages only within 48 hours of their sending."""

Mark = Callable[[str], bytes]
"""A keyed hash, by which a card is known again without being kept."""

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Wish:
    """What a chat should come to show: the record's card, as a new message where the person has just written.

    `notice` stands above the card this once; `stray` is an old message that was pressed; `litter` are messages of the
    person's own to remove.
    """

    record: Record
    shown: Shown
    is_new: bool = False
    notice: str = ""
    stray: int | None = None
    litter: tuple[str, ...] = ()


class Lanes:
    """The lanes of all people who have something to be shown."""

    def __init__(self, conversation: Conversation, store: Store, voice: Voice, ledger: Ledger, mark: Mark) -> None:
        self._conversation = conversation
        self._clock: Clock = conversation.clock
        self._store = store
        self._voice = voice
        self._ledger = ledger
        self._mark = mark
        self._wishes: dict[str, Wish] = {}
        self._tasks: dict[str, asyncio.Task[None]] = {}

    def wish(self, wish: Wish) -> None:
        """Bring about what a chat should show; what is still waiting for the same person is taken along."""
        person = wish.record.person
        self._wishes[person] = _together(self._wishes.get(person), wish)
        if person not in self._tasks:
            self._tasks[person] = asyncio.create_task(self._run(person))

    async def settle(self, seconds: float) -> None:
        """Wait until every lane is empty, at most so long, then give up what is left; it is shown at the next start."""
        if self._tasks:
            await asyncio.wait(self._tasks.values(), timeout=seconds)
        for task in self._tasks.values():
            task.cancel()

    async def _run(self, person: str) -> None:
        try:
            while wish := self._wishes.pop(person, None):
                await self._bring_about(person, wish)
        except StoreFault as fault:
            log.warning("not noted", fault=type(fault).__name__)
        finally:
            self._tasks.pop(person, None)

    async def _bring_about(self, person: str, wish: Wish) -> None:
        card = self._conversation.card(wish.record, wish.notice)
        shown = self._ledger.shown(person, wish.shown)
        if card is None:
            await self._clear(person, shown)
        else:
            await self._show(person, wish, shown, draw(card))
        strays = (str(wish.stray),) if wish.stray is not None and str(wish.stray) != shown.handle else ()
        await self._remove(person, (*strays, *wish.litter))

    async def _show(self, person: str, wish: Wish, shown: Shown, drawing: Drawing) -> None:
        digest = self._mark(drawing.signature)
        is_live = shown.handle is not None and not shown.sending and not self._is_too_old(shown.born)
        if shown.handle is None or wish.is_new or not is_live:
            await self._replace(person, shown, drawing, digest)
            return
        if digest == shown.digest:
            self._ledger.delivered(person, shown)
            return
        match await self._voice.edit(chat_of(person), int(shown.handle), drawing):
            case Put.DONE:
                self._ledger.delivered(person, replace(shown, digest=digest))
            case Put.GONE:
                await self._replace(person, replace(shown, handle=None), drawing, digest)
            case Put.SHUT:
                log.info("shut out")

    async def _replace(self, person: str, shown: Shown, drawing: Drawing, digest: bytes) -> None:
        """Send a new message: first its intent is kept, then it is sent, then its id is kept and the old one removed."""
        await self._ledger.keep(person, replace(shown, sending=True, digest=b""))
        born = self._clock.now()
        message = await self._voice.send(chat_of(person), drawing)
        if message is None:
            log.info("shut out")
            return
        await self._ledger.keep(person, Shown(handle=str(message), born=born, digest=digest, sending=False))
        if shown.handle is not None:
            await self._store.discard(person, shown.handle, shown.born or born)
            await self._remove(person, (shown.handle,))

    async def _clear(self, person: str, shown: Shown) -> None:
        """Leave the chat empty of the bot's card."""
        if shown.handle is not None:
            await self._store.discard(person, shown.handle, shown.born or self._clock.now())
        await self._ledger.keep(person, replace(NOTHING_SHOWN, digest=self._mark("")))
        if shown.handle is not None:
            await self._remove(person, (shown.handle,))

    async def _remove(self, person: str, handles: tuple[str, ...]) -> None:
        """Remove messages. One that Telegram will not let go of is forgotten too, since asking again changes nothing."""
        for handle in handles:
            await self._voice.remove(chat_of(person), int(handle))
        if handles:
            await self._store.swept(person, handles)

    def _is_too_old(self, born: datetime | None) -> bool:
        return born is not None and self._clock.now() - born >= TOO_OLD


def _together(waiting: Wish | None, wish: Wish) -> Wish:
    """The later wish with what the earlier one still has to bring about."""
    if waiting is None:
        return wish
    return replace(
        wish,
        is_new=wish.is_new or waiting.is_new,
        notice=wish.notice or waiting.notice,
        stray=wish.stray if wish.stray is not None else waiting.stray,
        litter=(*waiting.litter, *wish.litter),
    )
