"""A conversation without a door, for a channel that only one person can reach: nobody is admitted, and nothing locks."""

from dataclasses import dataclass

from bot.conversation.conversation import Conversation
from bot.runtime.clock import Clock, local_time
from bot.storage.values import Decide, OwedDocument, Record, Redeem
from bot.summaries.file import File
from dialogs.core.events import Event
from dialogs.core.replies import Card
from dialogs.core.script import Script


@dataclass(frozen=True, slots=True)
class OpenConversation:
    """A conversation that is open to everybody who can reach it."""

    inner: Conversation

    @property
    def script(self) -> Script:
        """The script of today."""
        return self.inner.today

    @property
    def clock(self) -> Clock:
        """What tells the time."""
        return self.inner.clock

    def decide(self, event: Event, *, words: str = "") -> Decide:
        """The pure function that answers an event."""
        return self.inner.decide(event, words)

    def redeem(self, event: Event) -> Redeem:
        """A code opens nothing here that is not open: the event is answered as it is without one."""
        return lambda _: self.decide(event)

    def card(self, record: Record, notice: str = "") -> Card | None:
        """The card that the person should see now, or None where the chat is to be left empty."""
        return self.inner.card(record, notice)

    def is_closed(self, record: Record) -> bool:
        """It is never closed."""
        return False

    def may_have(self, record: Record, owed: OwedDocument) -> bool:
        """Anybody who asks for a document may have it."""
        return True

    def document(self, record: Record, owed: OwedDocument) -> File | None:
        """The document, where there is something to make it of. `DocumentFault` where it cannot be made."""
        from bot.conversation.documents import document  # what makes documents is slow to import

        return document(self.inner, record, owed=owed, now=local_time(self.clock.now()))
