"""A complete minimal channel: people type a button's label as a line of text, and read the current card.

It implements a listener and a sender, as somebody who adds a channel would; `bot.channels.running` does the rest.
"""

import asyncio
from collections.abc import Sequence
from itertools import count
from typing import Any

from bot.channels.protocol import Acted, OnReached, Receiver, Sending, SendResult
from bot.channels.turn_queue import event_key
from bot.conversation.talk import Talk
from bot.runtime.person_id import PersonId
from bot.summaries.file import File
from dialogs.core.events import Began, Commanded, Event, Occasion, Pressed, Typed
from dialogs.core.page import Button
from dialogs.core.replies import Card
from dialogs.core.script import ChannelFacts
from dialogs.turn.typed import TypedCommand, Unclear, resolve

FACTS = ChannelFacts(name="lines", keeps=False, can_empty=False)
NO_CARD = Card(0, (), ())


def person(name: str) -> str:
    return str(PersonId(FACTS.name, name))


class Lines:
    """A fake channel with the lines that people typed and that are still unanswered, and each person's card."""

    channel = FACTS.name
    replace_after = removable_for = None
    sends_files = True

    def __init__(self, conversation: Talk, occasion: Occasion) -> None:
        self._conversation = conversation
        self._occasion = occasion
        self._typed: asyncio.Queue[tuple[str, str] | None] = asyncio.Queue()
        self._numbers = count(1)
        self.cards: dict[str, Card] = {}
        self.said: list[str] = []
        self.removed: list[str] = []

    def type(self, who: str, line: str) -> None:
        self._typed.put_nowait((who, line))

    def end(self) -> None:
        """End the input, so that `listen` returns."""
        self._typed.put_nowait(None)

    async def listen(self, inbox: Receiver, on_reached: OnReached) -> None:
        """Pass each typed line to the inbox as an event, until the input ends."""
        on_reached(None, self._conversation.clock.now())
        while typed := await self._typed.get():
            who, line = typed
            key = event_key(who, str(next(self._numbers)))
            await inbox.take([Acted(key, who, self._event(line, self.cards.get(who, NO_CARD)), reply_to=key)])

    def _event(self, line: str, card: Card) -> Event:
        match resolve(line, card):
            case Button() as button:
                return Pressed(self._occasion, card.token, button.code)
            case TypedCommand("start"):
                return Began(self._occasion)
            case TypedCommand(name, words):
                return Commanded(self._occasion, name, words)
            case Unclear():
                return Typed(self._occasion)

    async def send(self, person: str, card: Card, how: Sending) -> str | SendResult:
        """Show a card. There is one card per person, so every card has the same handle."""
        self.cards[person] = card
        return "card"

    async def edit(self, person: str, handle: str, card: Card, **_: Any) -> SendResult:
        """Replace the person's card."""
        self.cards[person] = card
        return SendResult.DONE

    async def send_file(self, person: str, file: File, **_: Any) -> SendResult:
        return SendResult.SHUT

    async def tell(self, person: str, text: str) -> str | None:
        """Record a text that cannot be removed later, so there is no handle to return."""
        self.said.append(text)
        return None

    async def answer(self, reply_to: str, text: str) -> None:
        self.said.append(text)

    async def remove(self, person: str, handles: Sequence[str]) -> tuple[str, ...]:
        self.removed += [person] * len(handles)
        return tuple(handles)
