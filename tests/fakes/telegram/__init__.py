"""A strict test double of the Telegram Bot API over real HTTP on loopback, and simulated people who use a bot."""

from tests.fakes.telegram.clock import FakeClock, system_clock
from tests.fakes.telegram.faults.script import FaultKind
from tests.fakes.telegram.people.group import Group
from tests.fakes.telegram.people.history import Stay
from tests.fakes.telegram.people.looking import Unseen
from tests.fakes.telegram.people.person import Person
from tests.fakes.telegram.server import TOKEN, FakeTelegram
from tests.fakes.telegram.state.messages import Message
from tests.fakes.telegram.state.queries import Answer, Tap

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
