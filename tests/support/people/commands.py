"""The agreed table of commands: who may use each of them, the overlay that it opens, and what is shown after it."""

from collections.abc import Callable

from dialogs.core.acts import Kind
from dialogs.core.role import Role
from tests.support.people.visiting import Visitor

EXPECTED = {
    "start": "pmta-",
    "urgent": "pmtao",
    "call": "pmtao",
    "contacts": "pmtao",
    "ask": "pmtao",
    "explain": "pmtao",
    "guide": "pmtao",
    "pause": "pmta-",
    "resume": "pmta-",
    "help": "pmtao",
    "cancel": "pmta-",
    "erase": "pmta-",
    "review": "pmta-",
    "rehearse": "pmta-",
    "room": "--ta-",
    "join": "pmta-",
    "pair": "pmta-",
    "look": "pmta-",
    "people": "---a-",
    "team": "-m-a-",
    "lock": "pmtao",
    "panic": "pmtao",
}
"""For each command, who may use it: practitioner (p), manager (m), trainer (t), administrator (a), auditor (o)."""

LAYS = {
    "urgent": Kind.URGENT,
    "call": Kind.CALL,
    "contacts": Kind.CONTACTS,
    "help": Kind.HELP,
    "ask": Kind.ASK,
    "explain": Kind.TERMS,
    "guide": Kind.GUIDE,
}
"""The commands that everybody may use in every account state, since they show nothing of a case; and their overlays."""

SHUTS = ("lock", "panic")
"""The commands that close a chat, which everybody may use in every account state."""

OF_A_CASE = {
    "start": Kind.AGAIN,
    "cancel": Kind.ERASE,
    "erase": Kind.ERASE,
    "pause": None,
    "resume": None,
    "review": Kind.REVIEW,
    "rehearse": None,
    "room": None,
    "join": None,
    "pair": None,
    "look": None,
    "people": None,
    "team": None,
}
"""The commands for people who may have a case and whose chat is open, and the overlay that each opens over a case."""

TRAINING = (Role.TRAINER, Role.ADMIN)
"""The roles that may open a rehearsal room."""

COMMANDS = (*LAYS, *SHUTS, *OF_A_CASE)

DONE: dict[str, Callable[[Visitor], bool]] = {
    "start": lambda sam: "is still here" in sam.text,
    "urgent": lambda sam: "In danger now: call 999" in sam.text,
    "call": lambda sam: "I am worried that a child may be" in sam.text,
    "contacts": lambda sam: "Who to call" in sam.text,
    "ask": lambda sam: "It is not kept, and it ticks nothing" in sam.text,
    "explain": lambda sam: "Choose a word" in sam.text,
    "guide": lambda sam: "The guidance in short cards" in sam.text,
    "pause": lambda sam: "Saved for a limited time: " in sam.text,
    "resume": lambda sam: "item 1 of 30" in sam.text,
    "help": lambda sam: "/start begins" in sam.text,
    "cancel": lambda sam: "cannot be undone" in sam.text,
    "erase": lambda sam: "cannot be undone" in sam.text,
    "review": lambda sam: "Look back at an earlier SERAF" in sam.text,
    "rehearse": lambda sam: "You read about a made-up child" in sam.text,
    "room": lambda sam: "Made-up cases" in sam.text,
    "join": lambda sam: sam.toasts == ["join-how"],
    "pair": lambda sam: "Made-up cases" in sam.text,
    "look": lambda sam: sam.toasts == ["no-look"],
    "people": lambda sam: "Let in: 1." in sam.text,
    "team": lambda sam: sam.toasts == ["no-team"],
    "lock": lambda sam: sam.access.door.is_locked and "Tap your PIN" in sam.text,
    "panic": lambda sam: sam.access.door.is_locked and sam.card is None,
}
"""For each command, a function that returns True if the person sees that it was done."""
