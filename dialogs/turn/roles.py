"""Which role may use which command. The table is read top to bottom; a command that is not in it is nobody's."""

from collections.abc import Mapping
from enum import StrEnum

from dialogs.core.events import Began, Commanded, Event, Pressed
from dialogs.turn.commands import NAMES


class Role(StrEnum):
    """What somebody was admitted as."""

    PRACTITIONER = "practitioner"
    MANAGER = "manager"
    TRAINER = "trainer"
    ADMIN = "admin"
    AUDITOR = "auditor"


EVERYBODY = frozenset(Role)
CONSULTING = EVERYBODY - {Role.AUDITOR}
"""Who may have an assessment. An auditor reads the audit, and never sees a case."""

ROLES: Mapping[str, frozenset[Role]] = {
    "urgent": EVERYBODY,
    "call": EVERYBODY,
    "contacts": EVERYBODY,
    "help": EVERYBODY,
    "explain": EVERYBODY,
    "guide": EVERYBODY,
    "lock": EVERYBODY,
    "panic": EVERYBODY,
    "start": CONSULTING,
    "pause": CONSULTING,
    "resume": CONSULTING,
    "cancel": CONSULTING,
    "erase": CONSULTING,
    "review": CONSULTING,
    "rehearse": CONSULTING,
    "room": frozenset({Role.TRAINER, Role.ADMIN}),
    "join": CONSULTING,
    "pair": CONSULTING,
}
"""Role × command. What a button does is counted as its command. To answer anything takes `start`."""


BUTTONS: Mapping[str, str] = {
    "o:urgent:": "urgent",
    "o:call:": "call",
    "o:contacts:": "contacts",
    "o:help:": "help",
    "o:explain:": "explain",
    "o:terms:": "explain",
    "o:guide:": "guide",
    "o:erase:": "erase",
    "o:review:": "review",
    "g:erase": "erase",
    "g:pause": "pause",
    "g:resume": "resume",
    "g:start": "start",
    "z:": "rehearse",
}
"""The beginnings of the codes of buttons that are a command's."""


def may(role: Role, command: str) -> bool:
    """Whether the role may use the command."""
    return role in ROLES.get(command, frozenset())


def command_of(event: Event) -> str:
    """The command that an event is, typed or by a button; empty where it is none."""
    match event:
        case Began():
            return "start"
        case Commanded(_, name, _) if name in NAMES:
            return name
        case Pressed(_, _, code):
            return next((name for beginning, name in BUTTONS.items() if code.startswith(beginning)), "")
        case _:
            return ""
