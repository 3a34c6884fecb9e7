"""The Telegram bot put together and run: everything is made here, once, and nothing anywhere else."""

import asyncio
import contextlib
import signal
import time
import warnings
from collections.abc import AsyncIterator
from dataclasses import dataclass
from functools import partial
from typing import Any

import structlog
from telegram import Bot
from telegram.error import InvalidToken, RetryAfter, TelegramError

from bot.access.admission import make_code
from bot.channels.chat_lanes import ChatLanes, Mark
from bot.channels.due_work import DueWork
from bot.channels.telegram import FACTS
from bot.channels.telegram.channel import Channel
from bot.channels.telegram.poll_backoff import FIRST_WAIT, LONGEST_WAIT, token_refused
from bot.channels.telegram.polling import Poller
from bot.channels.telegram.rate_limit import A_CHAT, RateLimit
from bot.channels.telegram.reader import ROOM, UpdateReader
from bot.channels.telegram.recovery import Recovery
from bot.channels.telegram.request import AiohttpRequest
from bot.channels.telegram.sender import TelegramSender
from bot.conversation.assemble import guarded, note_taking
from bot.crypto.keys import load_key_file
from bot.crypto.references import References
from bot.runtime.background_tasks import BackgroundTasks
from bot.runtime.clock import Clock
from bot.runtime.crash_report import log_failure
from bot.runtime.errors import SettingsFault
from bot.runtime.packs import load_pack, load_wording
from bot.runtime.settings import Settings
from bot.runtime.single_instance import alone_at
from bot.storage.sqlite.opening import open_store
from bot.storage.store import Store
from dialogs.core.script import Script
from dialogs.turn.commands import NAMES

GRACE = 2.0
"""Seconds for answers and cards that are under way when the bot is stopped."""

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Environment:
    """What the bot is given from outside: a clock, references, the seconds between two new messages to one chat, fresh codes."""

    clock: Clock
    references: References
    a_chat: float = A_CHAT
    lots: References = make_code


async def run_telegram(settings: Settings, clock: Clock, references: References) -> None:
    """Run the Telegram bot until SIGTERM or Ctrl-C. Raises a `SerafError` where it cannot start or go on."""
    await run_until(_stop_on_signals(), settings, Environment(clock, references))


async def run_until(stopped: asyncio.Event, settings: Settings, outside: Environment) -> None:
    """Run the Telegram bot until the event is set. Raises a `SerafError` where it cannot start or go on."""
    if settings.telegram_token is None:
        raise SettingsFault(
            "SERAF_TELEGRAM_TOKEN is missing: put the token from @BotFather in .env, or in the environment"
        )
    asyncio.get_running_loop().set_exception_handler(_note)
    script = _script(settings)
    keys = load_key_file(settings.key_file)
    with alone_at(settings.store):
        store = await open_store(settings.store, settings.key_file)
        try:
            clock, references, lots = outside.clock, outside.references, outside.lots
            conversation = await guarded(
                settings, store, keys, script=script, clock=clock, references=references, lots=lots
            )
            async with _bot(settings, stopped) as bot:
                if not stopped.is_set():
                    await store.channel.keep_bot_name(bot.username)
                    conversation = conversation.linked(f"https://t.me/{bot.username}?start={ROOM}")
                    voice = TelegramSender(bot, RateLimit(time.monotonic, a_chat=outside.a_chat))
                    mark = partial(keys.lasting, "card")
                    await _converse(
                        UpdateReader(bot, conversation), voice, store, mark=mark, settings=settings, stopped=stopped
                    )
        finally:
            await store.close()
    log.info("stopped")


def _script(settings: Settings) -> Script:
    """What the conversation is held by, but for its codes and the link to this bot."""
    pack = load_pack(settings.pack)
    return Script(pack, load_wording(), FACTS, notes=note_taking(settings, pack))


def _note(_: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
    """Log a failure that no task was there to meet."""
    if (error := context.get("exception")) is not None:
        log_failure(error)


async def _converse(
    ear: UpdateReader, voice: TelegramSender, store: Store, *, mark: Mark, settings: Settings, stopped: asyncio.Event
) -> None:
    """Poll and answer until stopped; then let what is under way finish, and keep what was shown."""
    bot, conversation, errands = ear.bot, ear.conversation, BackgroundTasks()
    lanes = ChatLanes(conversation, voice, store, mark)
    channel = Channel(ear, voice, lanes, store)
    recovery = Recovery(ear, store, lanes, voice)
    sweeper = DueWork(conversation, store, lanes, voice.replace_after)
    poller = Poller(bot, channel, store, conversation.clock, recovery.begin)
    say = conversation.script.wording.say
    log.info("ready", bot=bot.username)
    polling, stopping = asyncio.create_task(poller.poll()), asyncio.create_task(stopped.wait())
    errands.run(voice.list_commands([(name, say(f"command.{name}")) for name in NAMES]))
    lasting = (polling, asyncio.create_task(recovery.tidy(settings.audit_months)), asyncio.create_task(sweeper.sweep()))
    try:
        ended, _ = await asyncio.wait((*lasting, stopping), return_when=asyncio.FIRST_COMPLETED)
        for task in ended - {
            stopping
        }:  # none of them ends but by a failure, and without one of them nothing is promised
            await task
    finally:
        for task in (*lasting, stopping):
            task.cancel()
        await asyncio.gather(errands.settle(0), recovery.settle(), channel.settle(GRACE), lanes.settle(GRACE))


@contextlib.asynccontextmanager
async def _bot(settings: Settings, stopped: asyncio.Event) -> AsyncIterator[Bot]:
    """The library's bot, once Telegram has said who it is; it waits for as long as Telegram cannot be reached."""
    assert settings.telegram_token is not None
    warnings.filterwarnings("ignore", message="Please use 'Bot.getUpdates'")  # we read updates raw, one at a time
    asking, polling = AiohttpRequest(), AiohttpRequest()
    bot = Bot(
        settings.telegram_token.get_secret_value(),
        base_url=f"{settings.telegram_api}/bot",
        request=asking,
        get_updates_request=polling,
    )
    introduction, stopping = asyncio.create_task(_introduce(bot)), asyncio.create_task(stopped.wait())
    try:
        await asyncio.wait((introduction, stopping), return_when=asyncio.FIRST_COMPLETED)
        if introduction.done():
            await introduction
        yield bot
    finally:
        introduction.cancel()
        stopping.cancel()
        await asyncio.gather(asking.shutdown(), polling.shutdown())


async def _introduce(bot: Bot) -> None:
    """Ask Telegram who the bot is, until it says so. Raises `SettingsFault` where it does not know the token."""
    wait = FIRST_WAIT
    while True:
        try:
            await bot.initialize()
            return
        except InvalidToken:
            raise token_refused() from None
        except RetryAfter as error:
            seconds = error.retry_after
            await asyncio.sleep(seconds if isinstance(seconds, int) else seconds.total_seconds())
        except TelegramError as error:
            log.warning("Telegram not reached", fault=type(error).__name__)
            await asyncio.sleep(wait)
            wait = min(wait * 2, LONGEST_WAIT)


def _stop_on_signals() -> asyncio.Event:
    stopped = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stopped.set)
    return stopped
