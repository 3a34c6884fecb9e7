"""The agreed table of commands: who may use each, its overlay, and what shows once it was done."""

from collections.abc import Callable

from dialogs.core.acts import Kind
from dialogs.core.role import Role
from tests.support.people.visiting import Visitor

EXPECTED = {
    "start": "pmta-",
    "urgent": "pmtao",
    "call": "pmtao",
    "contacts": "pmtao",
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
    "people": "---a-",
    "lock": "pmtao",
    "panic": "pmtao",
}
"""The table as people agreed on it: practitioner, manager, trainer, admin, auditor (o), each in a column of their own."""

LAYS = {
    "urgent": Kind.URGENT,
    "call": Kind.CALL,
    "contacts": Kind.CONTACTS,
    "help": Kind.HELP,
    "explain": Kind.TERMS,
    "guide": Kind.GUIDE,
}
"""For everybody in every standing, since they show nothing of a case."""

SHUTS = ("lock", "panic")
"""For everybody in every standing."""

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
    "people": None,
}
"""For those who may have a case, while their chat is open; and what each lays over the card of one that is under way."""

TRAINING = (Role.TRAINER, Role.ADMIN)
"""Who runs rooms."""

COMMANDS = (*LAYS, *SHUTS, *OF_A_CASE)

DONE: dict[str, Callable[[Visitor], bool]] = {
    "start": lambda sam: "is still here" in sam.text,
    "urgent": lambda sam: "In danger now: call 999" in sam.text,
    "call": lambda sam: "I am worried that a child may be" in sam.text,
    "contacts": lambda sam: "Who to call" in sam.text,
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
    "people": lambda sam: "Let in: 1." in sam.text,
    "lock": lambda sam: sam.access.door.is_locked and "Tap your PIN" in sam.text,
    "panic": lambda sam: sam.access.door.is_locked and sam.card is None,
}
"""What is to be seen once a command was done."""
