"""The Telegram bot put together and run: everything is made here, once, and nothing anywhere else."""

import asyncio
import signal
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager, nullcontext
from dataclasses import dataclass
from typing import Any, Protocol

from bot.assemble import note_taking, ways_in
from bot.channels.running import GRACE, run_channel
from bot.channels.telegram import FACTS
from bot.channels.telegram.connecting import Connected, connected
from bot.channels.telegram.rate_limit import A_CHAT
from bot.channels.telegram.reaching.request import Route
from bot.channels.telegram.reader import room_link
from bot.channels.unsaved_answers import UnsavedAnswers
from bot.channels.without_store import answer_without_store
from bot.conversation.admitted_conversation import AdmittedConversation
from bot.conversation.conversation import Conversation
from bot.crypto.one_time_codes import make_code
from bot.crypto.references import References
from bot.operations.watching import Watch
from bot.rehearsal.made_ready import made_ready
from bot.rehearsal.mode import REHEARSALS
from bot.runtime.clock import Clock
from bot.runtime.crash_report import log_failure
from bot.runtime.errors import SettingsFault, StoreFault
from bot.runtime.logs import log
from bot.runtime.packs import load_pack, load_wording
from bot.runtime.settings import Settings
from bot.runtime.single_instance import Alone
from bot.runtime.starting.uncollected import keep_for_good
from bot.storage.memory.store import MemoryStore
from bot.storage.store import Store
from bot.store_opening import Opened, StoreOpening
from bot.watch.meter import METER, Meter
from dialogs.core.script import Script

SOON = 1.5
"""Seconds for which the start waits for a store that is slow to open, within the two in which everybody is told whom to call;
where one cannot be opened it does not wait.
"""


@dataclass(frozen=True, slots=True)
class Environment:
    """What the bot is given from outside: a clock, references, the seconds between two new messages to one chat, fresh codes,
    and the lock of the store where it is held already.
    """

    clock: Clock
    references: References
    a_chat: float = A_CHAT
    fresh_code: References = make_code
    alone: Alone | None = None
    beside: "OtherChannel | None" = None


class OtherChannel(Protocol):
    """Another channel that is run beside this one, on the same store: it listens all the time, and serves while there is one."""

    @property
    def address(self) -> str:
        """Where its pages are, to which a card can lead."""
        ...

    def listening(self) -> AbstractAsyncContextManager[None]:
        """Listen while the block runs."""
        ...

    def serving(self, opened: Opened) -> AbstractAsyncContextManager[AdmittedConversation]:
        """Serve people from an open store while the block runs."""
        ...


async def run_telegram(settings: Settings, environment: Environment) -> None:
    """Run the Telegram bot until SIGTERM or Ctrl-C. Raises a `SerafError` where it cannot start or go on."""
    await run_until(_stop_on_signals(), settings, environment=environment)


async def run_until(stopped: asyncio.Event, settings: Settings, *, environment: Environment) -> None:
    """Run the Telegram bot until the event is set. Raises a `SerafError` where it cannot start or go on.

    Without a store it runs all the same, and tells everybody whom to call; stopped then, it raises what is wrong with it.
    """
    token = _token(settings)
    asyncio.get_running_loop().set_exception_handler(_log_unhandled)
    bare = Conversation(_script(settings), environment.clock, environment.references, REHEARSALS)
    METER.set(meter := Meter())
    async with (
        made_ready(bare.script.pack),
        StoreOpening(
            settings, bare, environment.alone or Alone(settings.store), fresh_code=environment.fresh_code
        ) as opening,
        environment.beside.listening() if environment.beside else nullcontext(),
        Watch(settings, environment.clock, meter=meter, stopped=stopped) as watch,
        connected(token, route_of(settings), stopped=stopped, a_chat=environment.a_chat) as telegram,
    ):
        unsaved = UnsavedAnswers(bare, telegram.sender)
        while not stopped.is_set():
            await _without_store(opening, bare, telegram=telegram, unsaved=unsaved, stopped=stopped)
            if not stopped.is_set():
                async with _serving(await opening.opened, environment.beside, watch=watch) as at:
                    await _with_store(opening, settings, telegram=telegram, unsaved=unsaved, pages=at, stopped=stopped)
        await unsaved.settle(GRACE)
        opening.demand()
    log.info("stopped")


def _token(settings: Settings) -> str:
    if settings.telegram_token is None:
        raise SettingsFault(
            "SERAF_TELEGRAM_TOKEN is missing: put the token from @BotFather in .env, or in the environment"
        )
    return settings.telegram_token.get_secret_value()


async def _without_store(
    opening: StoreOpening, bare: Conversation, *, telegram: Connected, unsaved: UnsavedAnswers, stopped: asyncio.Event
) -> None:
    """Return when the store is open or the bot is stopped; until then tell everybody whom to call."""
    stopping, failing = asyncio.create_task(stopped.wait()), asyncio.create_task(opening.has_failed.wait())
    until = {opening.opened, stopping}
    try:
        await asyncio.wait({*until, failing}, timeout=SOON, return_when=asyncio.FIRST_COMPLETED)
        if not any(each.done() for each in until):
            channel = telegram.channel(bare, MemoryStore().channel)
            await answer_without_store(channel.listener, unsaved, until=until)
    finally:
        stopping.cancel()
        failing.cancel()


async def _with_store(
    opening: StoreOpening,
    settings: Settings,
    *,
    telegram: Connected,
    unsaved: UnsavedAnswers,
    pages: str,
    stopped: asyncio.Event,
) -> None:
    """Hold the conversation until stopped, or until the store is found damaged."""
    store, conversation, mark = await opening.opened
    try:
        await _keep_name(store, telegram.bot.username)
        conversation = conversation.linked(room_link(telegram.bot.username), pages=pages)
        unsaved.speak_as(conversation)
        keep_for_good()
        log.info("ready", bot=telegram.bot.username)
        channel, months = telegram.channel(conversation, store.channel), settings.audit_months
        await run_channel(
            channel, conversation, store=store, unsaved=unsaved, mark=mark, audit_months=months, stopped=stopped
        )
    except StoreFault as fault:
        await store.close()
        opening.again(fault)
    finally:
        await store.close()


@asynccontextmanager
async def _serving(opened: Opened, beside: OtherChannel | None, *, watch: Watch) -> AsyncIterator[str]:
    """While the store is open it is watched, and the channel beside this one is served: at which address of its pages."""
    with watch.over(opened.store):
        async with beside.serving(opened) if beside else nullcontext():
            yield beside.address if beside else ""


async def _keep_name(store: Store, name: str) -> None:
    """Keep the bot's name for links, where the store can: nobody has to wait for it."""
    try:
        await store.channel.keep_bot_name(name)
    except StoreFault as fault:
        log.warning("not noted", fault=str(fault))


def route_of(settings: Settings) -> Route:
    """The way to the Bot API."""
    proxy = settings.https_proxy.get_secret_value() if settings.https_proxy else None
    return Route(settings.telegram_api, proxy, settings.ssl_cert_file)


def _script(settings: Settings) -> Script:
    """What the conversation is held by, but for its codes and the link to this bot."""
    pack = load_pack(settings.pack)
    notes = note_taking(settings, pack)
    return Script(pack, load_wording(), FACTS, notes=notes, ways_in=ways_in(settings))


def _log_unhandled(_: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
    """Log a failure that no task was there to meet."""
    if (error := context.get("exception")) is not None:
        log_failure(error)


def _stop_on_signals() -> asyncio.Event:
    stopped = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stopped.set)
    return stopped
