"""Rehearsals for a program that may never see one: they are imported when something of theirs is asked for."""

from bot.conversation.mode import Mode
from bot.rehearsal.beginning import begins_none
from bot.storage.values import Decision, NeedsShared, Record
from bot.summaries.file import File
from dialogs.core.events import Event, Lapsed
from dialogs.core.replies import Card
from dialogs.core.script import Script
from seraf.advice.contacts import LocalTime


class WhenAsked:
    """The mode of those who rehearse, for everybody else."""

    def is_under_way(self, record: Record) -> bool:
        """Whether something is rehearsed, so that no case is shown meanwhile."""
        return bool(record.rehearsal) and _rehearsals().is_under_way(record)

    def follows(self, record: Record) -> bool:
        """Whether the card changes with a room."""
        return bool(record.rehearsal) and _rehearsals().follows(record)

    def answer(self, record: Record, event: Event, *, script: Script) -> Decision | NeedsShared | Record:
        """What the rehearsal makes of an event; the record to go on with where the event is none of its own."""
        return record if begins_none(record, event) else _rehearsals().answer(record, event, script=script)

    def followed(self, passed: Decision, event: Lapsed, *, script: Script) -> Decision | NeedsShared:
        """What time brought about, with the card of somebody in a room or a pair as that is now."""
        return _rehearsals().followed(passed, event, script=script) if passed.record.rehearsal else passed

    def card(self, record: Record, script: Script, *, now: LocalTime, notice: str) -> Card | None:
        """The card of the rehearsal; None where there is none."""
        return _rehearsals().card(record, script, now=now, notice=notice) if record.rehearsal else None

    def has_document(self, record: Record, kind: str) -> bool:
        """Whether there is something of which such a document can be made."""
        return bool(record.rehearsal) and _rehearsals().has_document(record, kind)

    def document(self, record: Record, kind: str, *, script: Script) -> File | None:
        """The document; None where nothing is rehearsed. `DocumentFault` where it cannot be made."""
        return _rehearsals().document(record, kind, script=script) if record.rehearsal else None


def _rehearsals() -> Mode:
    from bot.rehearsal.mode import REHEARSALS  # slow to import, and most of those who only ask for help never need it

    return REHEARSALS


WHEN_ASKED = WhenAsked()
