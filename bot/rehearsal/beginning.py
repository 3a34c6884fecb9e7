"""What begins a rehearsal. It needs nothing of one."""

from bot.storage.values import Record
from dialogs.core.events import Event
from dialogs.turn.roles import command_of

COMMANDS = frozenset({"rehearse", "room", "join", "pair"})
"""What can begin a rehearsal, typed or by a button."""


def begins_none(record: Record, event: Event) -> bool:
    """Whether nothing is kept of a rehearsal, and the event does not begin one."""
    return not record.rehearsal and command_of(event) not in COMMANDS
