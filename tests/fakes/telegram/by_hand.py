"""Lets a developer act as a person: a typed text is sent to the bot, and `#3` or `[label]` taps a button."""

import asyncio
import math
import sys

from tests.fakes.telegram.people.looking import Unseen
from tests.fakes.telegram.people.person import Person
from tests.fakes.telegram.people.transcripts import line
from tests.fakes.telegram.server import FakeTelegram
from tests.fakes.telegram.state.chats import Act

HELP = "Type a text to send it, #3 or [label] to tap a button of the newest keyboard, Ctrl-D to leave."


def tell(words: str) -> None:
    sys.stdout.write(f"{words}\n")
    sys.stdout.flush()


def described(act: Act) -> str:
    """Return an event of the chat as the screen shows it, with a number for each button."""
    shown = line(act)
    if act.deed in {"sent", "edited"} and act.message is not None and act.message.keyboard:
        numbered = (f"#{place} [{label}]" for place, label in enumerate(act.message.labels, 1))
        return f"{shown}\n    {'  '.join(numbered)}"
    return shown


async def do(person: Person, typed: str) -> None:
    if typed.startswith("[") and typed.endswith("]"):
        await person.click(typed[1:-1])
    elif typed.startswith("#") and typed[1:].isdecimal():
        message = person.keyboard_message
        labels = message.labels if message else ()
        number = int(typed[1:])
        if not 1 <= number <= len(labels) or message is None:
            raise Unseen(f"there is no button #{number}")
        button = message.buttons[number - 1]
        if button.callback_data is None:
            raise Unseen(f"[{button.label}] is a {button.action} button, which tells the bot nothing")
        await person.tap_data(button.callback_data, on=message)
    elif typed:
        await person.send(typed)


async def watch(person: Person) -> None:
    """Print the events of the chat as they happen, until the task is cancelled."""
    shown: list[Act] = []
    while True:
        await person.until(lambda: len(person.acts) > len(shown), timeout=math.inf)
        for act in person.acts[len(shown) :]:
            tell(described(act))
            shown.append(act)


async def drive(server: FakeTelegram, user_id: int) -> None:
    """Let the developer at the keyboard act as one person until the input ends, and then print the bot's violations."""
    person = server.person(user_id, first_name="You")
    tell(HELP)
    watching = asyncio.create_task(watch(person))
    try:
        while typed := await asyncio.to_thread(sys.stdin.readline):
            try:
                await do(person, typed.strip())
            except Unseen as unseen:
                tell(str(unseen))
    finally:
        watching.cancel()
    for violation in server.violations:
        tell(f"violation: {violation}")
