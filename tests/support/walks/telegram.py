"""Replays a recorded conversation (a walk) in Telegram: with the real bot and store, HTTP, and a simulated person."""

import asyncio
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager, nullcontext, suppress
from datetime import timedelta
from pathlib import Path
from typing import assert_never
from unittest.mock import patch

from bot.channels.due_work import DueWork
from bot.channels.telegram import polling
from bot.channels.telegram.connecting import Manners
from bot.runtime.settings import Settings
from bot.wiring import Environment, run_until
from dialogs.core.replies import Card
from tests.fakes.telegram import FakeTelegram, Message, Person, Unseen
from tests.support.telegram.home import KIM, SAM, Home
from tests.support.telegram.mirror import told_by
from tests.support.telegram.rooms import card_of
from tests.support.walks.boards import pack_folder
from tests.support.walks.clock import Surroundings
from tests.support.walks.core import Scene
from tests.support.walks.model import (
    EMPTY,
    Follow,
    GoesWrong,
    Others,
    Press,
    PressAgain,
    Restarted,
    Send,
    Sight,
    Type,
    Walk,
)
from tests.support.walks.telegram_others import COLLEAGUE, MOST, TRAINER, OthersAround

FOLLOWED = 3
"""How many seconds of the walk's clock pass after other people acted, so that the person's card is updated."""

BETWEEN_MESSAGES = 0.01
"""The seconds between two new messages. The fake Telegram needs no longer pause."""


class Running:
    """A bot in this process, which can be stopped and started again with the same store."""

    def __init__(self, settings: Settings, around: Surroundings) -> None:
        self._settings = settings
        self._outside = Environment(around, around.reference, Manners(BETWEEN_MESSAGES, quiet=0), around.fresh_code)
        self._stopped = asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Start the bot in the background. Until it polls, updates wait at Telegram."""
        self._stopped = asyncio.Event()
        self._task = asyncio.create_task(run_until(self._stopped, self._settings, environment=self._outside))

    async def stop(self) -> None:
        """Stop the bot as SIGTERM does, and raise its error if it failed."""
        self._stopped.set()
        if self._task:
            await self._task


class Chat:
    """The chat of the walk's person with the running bot."""

    def __init__(self, person: Person, running: Running, around: Surroundings, home: Home) -> None:
        self._person = person
        self._others = OthersAround(home.server)
        self._running = running
        self._home = home
        self._around = around

    @property
    def message_count(self) -> int:
        """The number of all messages in the chat, including the person's own."""
        return len(self._person.chat)

    async def play(self, scene: Scene) -> Sight:
        """Perform the act of a scene, and wait for the expected card. Return what is shown then."""
        for step in scene.steps:
            if isinstance(step, Restarted):
                await self._running.stop()
                self._around.heed(scene.steps)
                await self._home.reopen(SAM, self._around.now())  # otherwise a jump of the clock may have locked it
                self._running.start()
            if isinstance(step, GoesWrong):
                self._home.server.fault(kind=step.kind, method=step.method)
            if isinstance(step, Others):
                await self._others.heed(step, card_of(self._person).text if self._person.chat else "")
                self._around.pass_seconds(FOLLOWED)
        self._around.heed(scene.steps)
        toast = await self._do(scene)
        with suppress(Unseen):  # what is shown instead is returned, so the test can compare it
            await self._person.until(lambda: self._shows(scene.card))
        return (*toast, *self._sight())

    async def quiet(self) -> None:
        """Wait until all updates are processed and the chat is quiet."""
        await self._person.settled()

    async def _do(self, scene: Scene) -> Sight:
        match scene.act:
            case Press(label):
                tap = await self._person.click(label)
            case PressAgain():
                tap = await self._person.resend_last_tap()
            case Type(line):
                await self._person.send(line)
                return ()
            case Send(thing):
                await self._send(thing)
                return ()
            case Follow():
                return ()
            case _:
                assert_never(scene.act)
        answer = await self._person.answered(tap)
        return (f"({answer.text})",) if answer.text else ()

    async def _send(self, thing: str) -> None:
        match thing:
            case "photo":
                await self._person.send_photo()
            case "voice message":
                await self._person.send_voice()
            case _:
                await self._person.forward("Look at this")

    def _shows(self, card: Card | None) -> bool:
        """Return True if the chat contains exactly this card, with its token, or no message if `card` is None."""
        chat = [message for message in self._person.chat if not message.media]
        if card is None:
            return not self._person.chat
        messages = [message for message in chat if message.by_bot]
        wanted = [told_by(button, card.token) for button in card.buttons]
        return bool(
            messages
            and len(messages) == len(chat)
            and messages[-1].text == card.text
            and [button.callback_data for button in messages[-1].buttons] == wanted
        )

    def _sight(self) -> Sight:
        messages = [message for message in self._person.chat if message.by_bot and not message.media]
        return sight_of_message(messages[-1]) if messages else (EMPTY,)


def sight_of_message(message: Message) -> Sight:
    """Return what a message shows, as a walk writes it."""
    units = message.text.encode("utf-16-le")
    bold = sorted((each["offset"], each["length"]) for each in message.entities if each["type"] == "bold")
    marked, done = "", 0
    for offset, length in bold:
        start, end = 2 * offset, 2 * (offset + length)
        before = units[done:start].decode("utf-16-le")
        assert not before or before.endswith("\n"), f"bold, but no paragraph: {units[start:end].decode('utf-16-le')}"
        marked += f"{before}**{units[start:end].decode('utf-16-le')}**"
        done = end
    sight = (marked + units[done:].decode("utf-16-le")).split("\n\n")
    rows = "\n".join(" ".join(f"[{button.label}]" for button in row) for row in message.keyboard)
    return (*sight, rows)


@asynccontextmanager
async def chatting(walk: Walk, folder: Path) -> AsyncIterator[Chat]:
    """Yield a chat with a running bot, whose store is in `folder`. At the end, no limit of Telegram may be broken."""
    around = Surroundings(walk.at, walk.reference)
    async with FakeTelegram(clock=around.now) as server:
        admitted = frozenset({SAM, KIM, TRAINER, *range(COLLEAGUE, COLLEAGUE + MOST)})
        pack, roles = pack_folder(walk, folder), {SAM: walk.role, TRAINER: "trainer"}
        home = Home(folder, server, admitted, pack=pack, notes=walk.takes_notes, roles=roles)
        await home.admit(around.now())
        running = Running(home.settings, around)
        with looked_after_others_alone(walk), never_cut_off():
            running.start()
            try:
                yield Chat(server.person(SAM), running, around, home)
            finally:
                await running.stop()
        assert server.violations == []


@contextmanager
def never_cut_off() -> Iterator[None]:
    """Within the context, let the bot announce no outage, which it would infer from jumps of the walk's clock."""
    before = polling.TAPS_LIVE
    polling.TAPS_LIVE = timedelta.max
    try:
        yield
    finally:
        polling.TAPS_LIVE = before


@contextmanager
def looked_after_others_alone(walk: Walk) -> Iterator[None]:
    """Within the context, let a bot do periodic work only if other people act in the walk.

    The clock of a walk jumps. A reminder or an old card that becomes due in between would replace the card while the
    person presses it.
    """
    has_others = any(isinstance(step, Others) for turn in walk.turns for step in turn.steps)
    with nullcontext() if has_others else patch.object(DueWork, "run", _nothing_is_due):
        yield


async def _nothing_is_due(_: DueWork) -> None:
    await asyncio.Event().wait()


async def play_all(chat: Chat, scenes: Sequence[Scene]) -> list[Sight]:
    """Return what is shown after each act. Stop after the first that differs from the core."""
    sights = []
    for scene in scenes:
        sights.append(await chat.play(scene))
        if sights[-1] != scene.sight:
            break
    return sights
