"""Observing a chat, and waiting until something appears in it."""

# ruff: noqa: ASYNC109 (when these waits time out, they show the chat, which asyncio.timeout cannot)

from collections.abc import Callable
from datetime import timedelta

from tests.fakes.telegram.people.history import Stay, stays
from tests.fakes.telegram.people.transcripts import write
from tests.fakes.telegram.state.chats import Act, Chat
from tests.fakes.telegram.state.messages import Message
from tests.fakes.telegram.state.world import World

PATIENCE = 10.0  # seconds
LOOK_EVERY = 0.02  # seconds between two checks of a condition that no event of the chat announces


class Unseen(AssertionError):
    """The error if an expected text, button or event did not appear. Its message shows what was there instead."""


class Onlooker:
    """An observer of one chat."""

    def __init__(self, world: World, room: Chat) -> None:
        self._world = world
        self._room = world.chats.setdefault(room.chat_id, room)
        self.chat_id = room.chat_id

    @property
    def chat(self) -> tuple[Message, ...]:
        """The current messages of the chat, the bot's and people's own, oldest first."""
        return self._room.visible

    @property
    def card(self) -> Message:
        for message in reversed(self.chat):
            if message.by_bot:
                return message
        raise Unseen(f"the bot has written nothing\n{self.transcript}")

    @property
    def newest(self) -> int:
        """The id of the bot's newest message, or 0 if there is no message of the bot."""
        return max((message.message_id for message in self.chat if message.by_bot), default=0)

    @property
    def acts(self) -> tuple[Act, ...]:
        """The events of the chat, oldest first."""
        return tuple(self._room.acts)

    @property
    def history(self) -> tuple[Stay, ...]:
        """Every message that was ever in the chat, with its versions and the time of its deletion."""
        return stays(self._room.acts)

    def older_than(self, hours: float) -> tuple[Stay, ...]:
        """Return every message that was in the chat for longer than `hours`, including deleted ones."""
        now, limit = self._world.clock(), timedelta(hours=hours)
        return tuple(stay for stay in self.history if stay.age(now) > limit)

    @property
    def keyboard_message(self) -> Message | None:
        return next((message for message in reversed(self.chat) if message.keyboard), None)

    @property
    def transcript(self) -> str:
        return write(self._room.acts)

    async def sees(self, words: str, *, timeout: float = PATIENCE) -> Message:
        """Wait until the bot has written these words. Return its newest such message, or raise Unseen."""

        def seen() -> list[Message]:
            return [message for message in self.chat if message.by_bot and words in message.text]

        await self._wait(lambda: bool(seen()), timeout, f"{words!r} was not seen")
        return seen()[-1]

    async def until(self, condition: Callable[[], bool], *, timeout: float = PATIENCE, what: str = "") -> None:
        """Wait until a condition holds, checked after each event and every 20 ms. Raise Unseen if it never does."""
        if not await self._room.bell.until(condition, seconds=timeout, look_every=LOOK_EVERY):
            raise Unseen(f"{what or 'the condition did not hold'} within {timeout} s\n{self.transcript}")

    async def _wait(self, condition: Callable[[], bool], timeout: float, what: str) -> None:
        if not await self._room.bell.until(condition, seconds=timeout):
            raise Unseen(f"{what} within {timeout} s\n{self.transcript}")
