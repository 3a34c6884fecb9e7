"""What a chat should come to show, as a value: two requests for one chat become one."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot.conversation.records import ABANDONED
from bot.storage.shown import NOTHING_SHOWN, Shown
from bot.storage.values import Record


@dataclass(frozen=True, slots=True)
class ShowRequest:
    """What a person's chat should come to show: the record's card; without a record, that of whatever the store has.

    `is_new` asks for a new message, since the person has just written; `is_unsure` says that what is recorded of the chat
    may not be so; `notice` stands above the card this once; `strays` are messages whose buttons were pressed; `to_remove`
    are other messages, such as the person's own; `is_owed` says that a document may be owed to them; `tells` says that the
    card tells something, for which an old one is shown anew though nobody uses it.
    """

    person: str
    record: Record | None = None
    shown: Shown = NOTHING_SHOWN
    is_new: bool = False
    is_unsure: bool = False
    notice: str = ""
    strays: tuple[str, ...] = ()
    to_remove: tuple[str, ...] = ()
    is_owed: bool = False
    tells: bool = False

    def after(self, waiting: "ShowRequest | None") -> "ShowRequest":
        """The request, with what an earlier one still asks for. Its record is its own: the earlier one's is outdated."""
        if waiting is None:
            return self
        return replace(
            self,
            is_new=self.is_new or waiting.is_new,
            is_unsure=self.is_unsure or waiting.is_unsure,
            notice=self.notice or waiting.notice,
            is_owed=self.is_owed or waiting.is_owed,
            tells=self.tells or waiting.tells,
            strays=_together(waiting.strays, self.strays),
            to_remove=_together(waiting.to_remove, self.to_remove),
        )


def is_too_old(request: ShowRequest, shown: Shown, *, now: datetime, replace_after: timedelta | None) -> bool:
    """Whether the card that stands has to be shown anew, before the channel can no longer remove it.

    One that nobody uses any more is left as it is, unless it tells something: it is taken out of the chat instead.
    """
    if replace_after is None or shown.born is None or now - shown.born < replace_after:
        return False
    record = request.record
    return request.tells or record is None or record.active is None or now - record.active < ABANDONED


def _together(earlier: tuple[str, ...], later: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys((*earlier, *later)))
