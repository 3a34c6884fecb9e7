"""The screen of a room between store and core: opened once with the link on the host's card, then viewed."""

import hmac
from dataclasses import dataclass, field, replace

from bot.rehearsal.sharing import room_in
from bot.storage.passes import Pass, PassDecision, PassView
from bot.storage.values import Shared
from dialogs.core.script import Script
from dialogs.rehearsal.core.practice import decode_practice
from dialogs.rehearsal.core.rooms import encode_room
from dialogs.rehearsal.guest.seat import Screen, screen_of
from dialogs.rehearsal.together.cards import room_report
from dialogs.rehearsal.together.room_report import Report


@dataclass(frozen=True, slots=True)
class OpeningAScreen:
    """The decision about a visitor with a screen's link, as a function of the room. The link opens once."""

    name: str = field(repr=False)
    token: str = field(repr=False)

    def __call__(self, before: Pass | None, shared: Shared | None) -> PassDecision | None:
        """Return a pass to the screen; None if the link is no longer valid."""
        room = room_in(shared)
        if before is not None or shared is None or room is None or len(shared.people) != 1:
            return None
        if not room.screen or not hmac.compare_digest(room.screen.encode(), self.token.encode()):
            return None
        kept = Pass(self.name, shared.name, shared.until, host=shared.people[0])
        return PassDecision(kept, (), encode_room(replace(room, screen="")))


def screen_in(view: PassView, script: Script) -> Screen:
    """Return the current screen."""
    practice = decode_practice(view.hosted, 0)
    return screen_of(practice, room_in(view.room), code=view.kept.room, script=script)


def report_in(view: PassView, script: Script) -> Report | None:
    """Return the report that the screen shows; None if it shows none."""
    practice = decode_practice(view.hosted, 0)
    is_its = practice.is_host and practice.membership.room in ("", view.kept.room)
    return room_report(practice, script) if is_its else None
