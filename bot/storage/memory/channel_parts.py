"""What a channel has to know, over plain dictionaries: messages that are still to be removed, and two notes."""

from collections.abc import Sequence
from datetime import datetime

from bot.runtime.clock import aware
from bot.storage.shown import MessageToRemove
from bot.storage.turn_rules import oldest_first


class MemoryMessagesToRemove:
    """Messages by person and handle."""

    def __init__(self) -> None:
        self.rows: dict[tuple[str, str], MessageToRemove] = {}

    async def oldest_first(self) -> tuple[MessageToRemove, ...]:
        """Every message still to be removed."""
        return oldest_first(self.rows.values())

    async def of(self, person: str) -> tuple[MessageToRemove, ...]:
        """Those in this person's chat."""
        return oldest_first(each for each in self.rows.values() if each.person == person)

    async def add(self, person: str, handle: str, *, born: datetime, is_kept: bool = False) -> None:
        """Add a message of the bot's, to be removed at once or in the end; the first word on a message stands."""
        self.keep(MessageToRemove(person, handle, aware(born), is_kept=is_kept))

    async def forget(self, person: str, handles: Sequence[str]) -> None:
        """Forget messages that have been removed."""
        for handle in handles:
            self.rows.pop((person, handle), None)

    def keep(self, message: MessageToRemove) -> None:
        """Keep a message; the first word on it stands."""
        self.rows.setdefault((message.person, message.handle), message)


class MemoryChannelNotes:
    """When the channel last asked for events."""

    def __init__(self) -> None:
        self._polled: datetime | None = None

    async def polled_at(self) -> datetime | None:
        """When the channel last asked for events; None when it never has."""
        return self._polled

    async def mark_polled(self, at: datetime) -> None:
        """Remember when the channel last asked for events."""
        self._polled = aware(at)
