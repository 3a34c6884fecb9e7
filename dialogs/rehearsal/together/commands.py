"""The commands that open a room or a pair, or join one; and the reasons for refusing them."""

from dialogs.core.acts import Rehearse, code_of
from dialogs.core.events import Commanded, Event, Pressed
from dialogs.core.script import Script
from dialogs.core.session import Session
from dialogs.rehearsal.core.practice import Practice, vignette_of
from dialogs.rehearsal.core.rooms import Room, plain
from dialogs.rehearsal.core.stages import beginning, joining
from state_machines.rehearsal import Stage, Together, Turn

JOIN = "join"
NAMES = (*Together, JOIN)
"""The commands."""

AGREEING = code_of(Rehearse(Turn.AGREE))
"""The code of the button that joins."""


def is_refused(practice: Practice, event: Event, *, card: int, room: Room | None) -> bool:
    """Return True if a person agrees to join a room that has become full since they were asked."""
    is_agreed = isinstance(event, Pressed) and (event.card, event.code) == (card, AGREEING)
    return is_agreed and practice.stage is Stage.JOINING and room is not None and room.takes_nobody


def why_refused(practice: Practice, event: Commanded, *, script: Script, room: Room | None) -> str:
    """Return the key of the reason why a room cannot be opened or joined; empty if it can."""
    is_joining = event.name == JOIN
    is_known = room is not None and vignette_of(room.case, script.pack) is not None
    counted_in = dict(practice.counted_in)
    checks = {
        "newer-rehearsal": bool(practice.newer),
        "no-vignettes": not script.pack.vignettes,
        "no-rooms": not script.link,
        "join-how": is_joining and not plain(event.words),
        "no-room": is_joining and not is_known,
        "room-been": is_joining and room is not None and room.code in counted_in,
        # Two rooms on one case with nearly the same people would differ by what one of them answered.
        "case-been": is_joining
        and room is not None
        and room.together is Together.ROOM
        and room.case in counted_in.values(),
        "room-full": is_joining and room is not None and room.takes_nobody,
    }
    return next((key for key, is_so in checks.items() if is_so), "")


def begun(practice: Practice, session: Session, *, event: Commanded, room: Room | None) -> Practice:
    """Return the rehearsal that opens or joins a room or a pair, unless `why_refused` gives a reason against it."""
    if event.name != JOIN:
        return beginning(practice, session, together=Together(event.name))
    assert room is not None, "where no room is open, joining it is refused"
    return joining(practice, session, room=room)
