"""The command that an event counts as, typed or by a button, and whether a role may use it."""

from collections.abc import Mapping
from typing import assert_never

from dialogs.core.acts import (
    Act,
    Administer,
    Agree,
    Change,
    Clear,
    Close,
    Copy,
    Digit,
    Fetch,
    GateAct,
    Go,
    Kind,
    Log,
    Noting,
    Open,
    Page,
    Rehearse,
    Remind,
    Rest,
    Say,
    Tick,
    act_of,
)
from dialogs.core.events import Began, Commanded, Event, Ignored, Lapsed, Noted, Pressed, Typed
from dialogs.core.role import Role
from dialogs.turn.commands import NAMES, ROLES
from state_machines.assessment import Trigger
from state_machines.rehearsal import Turn


def may(role: Role, command: str) -> bool:
    """True if the role may use the command."""
    return role in ROLES.get(command, frozenset())


def command_of(event: Event) -> str:
    """Return the command that an event counts as, typed or by a button, or ""."""
    match event:
        case Began():
            return "start"
        case Commanded(_, name, _):
            return name if name in NAMES else ""
        case Pressed(_, _, code):
            act = act_of(code)
            return command_of_act(act) if act else ""
        case Typed() | Noted() | Ignored() | Lapsed():
            return ""
    assert_never(event)


def command_of_act(act: Act | GateAct) -> str:
    """Return the command that a button counts as, or "" if it continues what is open already."""
    match act:
        case Open(overlay):
            return OVERLAYS[overlay.kind]
        case Go(trigger):
            return str(trigger) if trigger in (Trigger.START, Trigger.PAUSE, Trigger.RESUME, Trigger.ERASE) else ""
        case Rehearse(Turn.HOST):
            return "room"
        case Rehearse():
            return "rehearse"
        case Administer():
            return "people"
        case Say() | Tick() | Rest() | Page() | Change() | Close() | Copy() | Noting() | Remind() | Fetch() | Log():
            return ""
        case Digit() | Clear() | Agree():
            return ""
    assert_never(act)


OVERLAYS: Mapping[Kind, str] = {
    **dict.fromkeys(Kind, ""),
    Kind.URGENT: "urgent",
    Kind.CALL: "call",
    Kind.CONTACTS: "contacts",
    Kind.HELP: "help",
    Kind.EXPLAIN: "explain",
    Kind.TERMS: "explain",
    Kind.GUIDE: "guide",
    Kind.ERASE: "erase",
    Kind.REVIEW: "review",
}
"""The command that opens the same overlay, or "" if only a card of a case does."""
