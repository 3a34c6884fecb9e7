"""The effect of a typed command in every phase."""

from collections.abc import Mapping

from dialogs.core.acts import Kind, Overlay
from dialogs.core.replies import Reply, Toast
from dialogs.core.role import ADMINISTERING, CONSULTING, EVERYBODY, LEADING, RUNNING_ROOMS, Role
from dialogs.core.session import Session
from state_machines.assessment import BEGUN, TABLE, Facts, Phase, Trigger

OVERLAYS = {
    **{each.value: Overlay(each) for each in (Kind.URGENT, Kind.CALL, Kind.CONTACTS, Kind.HELP, Kind.GUIDE, Kind.ASK)},
    "explain": Overlay(Kind.TERMS, "1"),
}
ROLES: Mapping[str, frozenset[Role]] = {
    "start": CONSULTING,
    "urgent": EVERYBODY,
    "call": EVERYBODY,
    "contacts": EVERYBODY,
    "ask": EVERYBODY,
    "explain": EVERYBODY,
    "guide": EVERYBODY,
    "pause": CONSULTING,
    "resume": CONSULTING,
    "help": EVERYBODY,
    "cancel": CONSULTING,
    "erase": CONSULTING,
    "review": CONSULTING,
    "rehearse": CONSULTING,
    "room": RUNNING_ROOMS,
    "join": CONSULTING,
    "pair": CONSULTING,
    "look": CONSULTING,
    "people": ADMINISTERING,
    "team": LEADING,
    "lock": EVERYBODY,
    "panic": EVERYBODY,
}
"""All commands, in the order in which a channel lists them, each with the roles that may use it.

A button counts as the command with the same effect. To answer questions, a role needs the right to `start`.
"""

NAMES = tuple(ROLES)

# The commands that a channel offers in its list, which excludes those for administrators and managers alone.
LISTED = tuple(name for name in NAMES if ROLES[name] not in (ADMINISTERING, LEADING))
# The commands that work while a chat is locked, since they show nothing of a case.
ASKED_CLOSED = ("urgent", "call", "contacts", "help", "ask", "explain", "guide")


def command(session: Session, name: str) -> Reply:
    """Return the reply to a command. For an unknown one, a toast says so, and the session stays unchanged."""
    if name in OVERLAYS:
        return Reply(session.opened(OVERLAYS[name]))
    match name:
        case "pause":
            phase = TABLE.advance(session.phase, Trigger.PAUSE, facts=Facts())
            if phase is None:
                return Reply(session.beneath(None), (Toast("cannot-pause"),))
            return Reply(session.paused(Phase(phase)))
        case "resume":
            if session.phase is Phase.PAUSED and session.detour.paused_in:
                return Reply(session.resumed(session.detour.paused_in))
            toast = Toast("resumed" if session.phase in BEGUN else "cannot-resume")
            return Reply(session.beneath(None), (toast,))
        case "cancel" | "erase" if session.has_case:
            return Reply(session.opened(Overlay(Kind.ERASE)))
        case "cancel" | "erase":
            return Reply(session, (Toast("nothing-kept"),))
        case "lock" | "panic":
            return Reply(session, (Toast("no-lock"),))
        case "people" | "team" | "look":
            return Reply(session, (Toast(f"no-{name}"),))
        case _:
            return Reply(session, (Toast("no-command"),))
