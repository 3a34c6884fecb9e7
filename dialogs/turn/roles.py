"""Which command an event counts as, and whether a role may use it."""

from typing import assert_never

from dialogs.core import acts
from dialogs.core.acts import Act, GateAct, Kind, act_of
from dialogs.core.events import Began, Commanded, Event, Ignored, Lapsed, LookedUp, Noted, Pressed, Typed
from dialogs.core.role import Role
from dialogs.turn.commands import NAMES, ROLES
from state_machines.assessment import Trigger
from state_machines.rehearsal import Turn


def may(role: Role, command: str) -> bool:
    """Return True if the role may use the command."""
    return role in ROLES.get(command, frozenset())


def command_of(event: Event) -> str:
    """Return the command that an event counts as, or an empty text if it counts as none."""
    match event:
        case Began():
            return "start"
        case Commanded(_, name, _):
            return name if name in NAMES else ""
        case Pressed(_, _, code):
            act = act_of(code)
            return command_of_act(act) if act else ""
        case Typed() | Noted() | LookedUp() | Ignored() | Lapsed():
            return ""
    assert_never(event)


def command_of_act(act: Act | GateAct) -> str:
    """Return the command that a button counts as, or an empty text if it only continues what is already open."""
    match act:
        case acts.Open(overlay):
            # An overlay that a command opens has that command's name, except the list of terms.
            kind = Kind.EXPLAIN if overlay.kind is Kind.TERMS else overlay.kind
            return str(kind) if kind in NAMES else ""
        case acts.Go(trigger):
            return str(trigger) if trigger in (Trigger.START, Trigger.PAUSE, Trigger.RESUME, Trigger.ERASE) else ""
        case acts.Rehearse(Turn.HOST):
            return "room"
        case acts.Rehearse():
            return "rehearse"
        case acts.Administer(deed):
            return "team" if deed in acts.OF_TEAMS else "people"
        case acts.ToCases() | acts.OpenCase() | acts.PutFirst():
            return "start"
        case (
            acts.Say()
            | acts.Tick()
            | acts.Rest()
            | acts.Given()
            | acts.Page()
            | acts.Change()
            | acts.Close()
            | acts.Copy()
            | acts.Digit()
            | acts.Clear()
            | acts.Entered()
            | acts.Agree()
            | acts.Share()
        ):
            return ""
        case acts.Noting() | acts.Remind() | acts.Fetch() | acts.Log():
            return ""
    assert_never(act)
