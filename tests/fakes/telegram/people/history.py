"""How long each message was in a chat, and what it said in that time, derived from the events of the chat."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from tests.fakes.telegram.state.chats import Act
from tests.fakes.telegram.state.messages import Message


@dataclass(frozen=True, slots=True, kw_only=True)
class Stay:
    """One message from sending to deletion: its versions, when it was deleted (`gone`), and by whom (`taken_by`)."""

    versions: tuple[Message, ...]
    gone: datetime | None = None
    taken_by: str = ""

    @property
    def message(self) -> Message:
        return self.versions[-1]

    @property
    def is_there(self) -> bool:
        return self.gone is None

    def age(self, now: datetime) -> timedelta:
        """Return the age of the message now, or at its deletion if it was deleted."""
        return (self.gone or now) - self.message.date

    def shown_after(self, age: timedelta, now: datetime) -> tuple[Message, ...]:
        """Return the versions that were visible after the message had reached this age. Empty if there are none."""
        end, edges = self.gone or now, [version.edited or version.date for version in self.versions]
        ends = zip(self.versions, [*edges[1:], end], strict=True)
        return tuple(version for version, until in ends if until > self.message.date + age)


def stays(acts: Iterable[Act]) -> tuple[Stay, ...]:
    """Return every message that was ever in the chat, oldest first."""
    found: dict[int, Stay] = {}
    for act in acts:
        if act.message is None or act.deed not in {"sent", "edited", "deleted"}:
            continue
        message_id = act.message.message_id
        before = found.get(message_id, Stay(versions=()))
        if act.deed == "deleted":
            found[message_id] = replace(before, gone=act.at, taken_by=act.who)
        else:
            found[message_id] = replace(before, versions=(*before.versions, act.message))
    return tuple(found.values())
