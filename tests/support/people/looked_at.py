"""A person for whom the bot does due work, and a sender that keeps everybody's card."""

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
"""The age at which a card is shown anew."""


class Wall:
    """A sender that keeps each person's card, and records what it sent and removed."""

    channel = TELEGRAM
    replace_after: timedelta | None = OLD
    removable_for: timedelta | None = timedelta(hours=48)
    sends_files: bool = True

    def __init__(self) -> None:
        self.cards: dict[str, Card] = {}
        self.did: list[str] = []
        self.files: list[File] = []

    async def send(self, person: str, card: Card, how: Sending) -> str | SendResult:
        """Show a new card."""
        self.cards[person] = card
        self.did.append("sent")
        return f"message {len(self.did)}"

    async def send_file(
        self, person: str, file: File, *, may_send: MaySend, on_sent: OnSent, keep: frozenset[str]
    ) -> SendResult:
        """Send a file, if it may still be sent."""
        if not await may_send():
            return SendResult.OUTDATED
        self.files.append(file)
        self.did.append("handed")
        await on_sent(f"message {len(self.did)}")
        return SendResult.DONE

    async def edit(self, person: str, handle: str, card: Card, *, is_current: StillCurrent) -> SendResult:
        """Change the card."""
        self.cards[person] = card
        return SendResult.DONE

    async def remove(self, person: str, handles: Sequence[str]) -> tuple[str, ...]:
        """Remove cards."""
        self.did += ["removed"] * len(handles)
        return tuple(handles)

    async def tell(self, person: str, text: str) -> str | None:
        """Show a message next to the card, which is not kept."""
        return None

    async def answer(self, reply_to: str, text: str) -> None:
        """Answer a tap, which is not kept."""


class Room:
    """A person for whom the bot does due work."""

    def __init__(self, sam: Visitor) -> None:
        self.sam = sam
        self.wall = Wall()
        self.lanes = ChatLanes(sam.bot, self.wall, sam.store, str.encode)
        self.due_work = DueWork(sam.bot, sam.store, self.lanes, OLD)

    async def look(self, **time: float) -> str:
        """Let time pass and the bot look once; return the words shown then."""
        self.sam.later(**time)
        await self.due_work.look()
        await self.lanes.settle(1)
        found = await self.sam.store.recall(self.sam.person)
        assert found is not None
        self.sam.record = found[0]
        card = self.wall.cards.get(self.sam.person)
        return card.text if card else ""

    async def show(self) -> None:
        """Show a card born now."""
        await self.sam.store.show(self.sam.person, Shown("message 0", self.sam.clock.now(), b"", sending=False))
