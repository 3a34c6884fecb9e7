"""A mode that is entered apart from the conversation, such as a rehearsal: what is done there never touches a real case."""

from typing import Protocol

from bot.storage.values import Decision, NeedsShared, Record
from bot.summaries.file import File
from dialogs.core.events import Event, Lapsed
from dialogs.core.replies import Card
from dialogs.core.script import Script
from seraf.advice.contacts import LocalTime


class Mode(Protocol):
    """What takes over while it is under way. What it keeps is in the record, apart from the case."""

    def is_under_way(self, record: Record) -> bool:
        """Whether it takes every event, and shows the card."""
        ...

    def follows(self, record: Record) -> bool:
        """Whether the card changes with what others do."""
        ...

    def answer(self, record: Record, event: Event, *, script: Script) -> Decision | NeedsShared | Record:
        """What an event of the mode comes to; the record to go on with where the event is the conversation's own."""
        ...

    def followed(self, passed: Decision, event: Lapsed, *, script: Script) -> Decision | NeedsShared:
        """What time brought about, with the card as it is now that others went on."""
        ...

    def card(self, record: Record, script: Script, *, now: LocalTime, notice: str) -> Card | None:
        """The card of the mode; None where it is not under way."""
        ...

    def has_document(self, record: Record, kind: str) -> bool:
        """Whether there is something of which such a document can be made."""
        ...

    def document(self, record: Record, kind: str, *, script: Script) -> File | None:
        """The document; None where there is nothing to make it of. `DocumentFault` where it cannot be made."""
        ...
