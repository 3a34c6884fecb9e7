"""A person for whom the bot does its periodic work, and a fake sender that records what everybody is shown."""

from collections.abc import Sequence
from datetime import timedelta

from bot.channels.delivery import ChatLanes
from bot.channels.due_work import DueWork
from bot.channels.protocol import MaySend, OnSent, Sending, SendResult, StillCurrent
from bot.runtime.person_id import TELEGRAM
from bot.storage.values import Shown
from bot.summaries.file import File
from dialogs.core.replies import Card
from tests.support.people.visiting import Visitor

OLD = timedelta(hours=40)
"""The age at which a card is replaced by a new message."""


class Wall:
    """A fake sender that records each person's card, the sent files, and what it sent and removed."""

    channel = TELEGRAM
    replace_after: timedelta | None = OLD
    removable_for: timedelta | None = timedelta(hours=48)
    sends_files: bool = True

    def __init__(self) -> None:
        self.cards: dict[str, Card] = {}
        self.did: list[str] = []
        self.files: list[File] = []

    async def send(self, person: str, card: Card, how: Sending) -> str | SendResult:
        """Record the person's new card. Return a new message id."""
        self.cards[person] = card
        self.did.append("sent")
        return f"message {len(self.did)}"

    async def send_file(
        self, person: str, file: File, *, may_send: MaySend, on_sent: OnSent, keep: frozenset[str]
    ) -> SendResult:
        """Record the file if `may_send` allows it; otherwise return `OUTDATED`."""
        if not await may_send():
            return SendResult.OUTDATED
        self.files.append(file)
        self.did.append("handed")
        await on_sent(f"message {len(self.did)}")
        return SendResult.DONE

    async def edit(self, person: str, handle: str, card: Card, *, is_current: StillCurrent) -> SendResult:
        """Record the person's changed card."""
        self.cards[person] = card
        return SendResult.DONE

    async def remove(self, person: str, handles: Sequence[str]) -> tuple[str, ...]:
        """Record how many messages were removed."""
        self.did += ["removed"] * len(handles)
        return tuple(handles)

    async def tell(self, person: str, text: str) -> str | None:
        """Ignore a message beside the card."""
        return None

    async def answer(self, reply_to: str, text: str) -> None:
        """Ignore the answer to a tap."""


class Room:
    """A person in a conversation, and the bot's periodic work for that person."""

    def __init__(self, sam: Visitor) -> None:
        self.sam = sam
        self.wall = Wall()
        self.lanes = ChatLanes(sam.bot, self.wall, sam.store, str.encode)
        self.due_work = DueWork(sam.bot, sam.store, self.lanes, OLD)

    async def look(self, **time: float) -> str:
        """Let time pass and the bot do its periodic work once. Return the text of the card that is shown then."""
        self.sam.later(**time)
        await self.due_work.look()
        await self.lanes.settle(1)
        found = await self.sam.store.recall(self.sam.person)
        assert found is not None
        self.sam.record = found[0]
        card = self.wall.cards.get(self.sam.person)
        return card.text if card else ""

    async def show(self) -> None:
        """Record that the person's card was sent just now."""
        await self.sam.store.show(self.sam.person, Shown("message 0", self.sam.clock.now(), b"", sending=False))
