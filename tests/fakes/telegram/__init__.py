"""A strict stand-in for the Telegram Bot API over real HTTP on loopback, and people-like clients to drive a bot."""

from tests.fakes.telegram.clock import FakeClock, system_clock
from tests.fakes.telegram.faults import FaultKind
from tests.fakes.telegram.groups import Group
from tests.fakes.telegram.history import Stay
from tests.fakes.telegram.looking import Unseen
from tests.fakes.telegram.messages import Message
from tests.fakes.telegram.people import Person
from tests.fakes.telegram.queries import Answer, Tap
from tests.fakes.telegram.server import TOKEN, FakeTelegram

__all__ = [
    "TOKEN",
    "Answer",
    "FakeClock",
    "FakeTelegram",
    "FaultKind",
    "Group",
    "Message",
    "Person",
    "Stay",
    "Tap",
    "Unseen",
    "system_clock",
]
