"""The Telegram bot put together and run: everything is made here, once, and nothing anywhere else."""

import asyncio
import contextlib
import signal
import time
import warnings
from collections.abc import AsyncIterator, Mapping

import structlog
from telegram import Bot
from telegram.error import InvalidToken, TelegramError

from bot.channels.telegram import FACTS
from bot.channels.telegram.channel import Channel
from bot.channels.telegram.hearing import Ear
from bot.channels.telegram.lanes import Lanes, Mark
from bot.channels.telegram.ledger import Ledger
from bot.channels.telegram.manners import Manners
from bot.channels.telegram.polling import Poller
from bot.channels.telegram.recovery import Recovery
from bot.channels.telegram.request import AiohttpRequest
from bot.channels.telegram.speaking import Voice
from bot.clock import Clock
from bot.conversation import Conversation
from bot.errors import SettingsFault
from bot.keys import load_key_file
from bot.packs import instrument_bytes, load_pack, load_wording
from bot.references import References
from bot.settings import Settings
from bot.storage.protocol import Store
from bot.storage.sqlite import open_sqlite
from dialogs.commands import NAMES
from dialogs.script import Script
from seraf.instrument import Instrument
from seraf.reading import read_instrument

GRACE = 2.0
"""Seconds for what is under way when the bot is stopped, twice: for answers, then for cards."""

log = structlog.get_logger()


async def run_telegram(settings: Settings, clock: Clock, references: References) -> None:
    """Run the Telegram bot until SIGTERM or Ctrl-C. Raises a `SerafError` where it cannot start or go on."""
    if settings.telegram_token is None:
        raise SettingsFault(
            "SERAF_TELEGRAM_TOKEN is missing: put the token from @BotFather in .env, or in the environment"
        )
    script = Script(load_pack(settings.pack), load_wording(), FACTS)
    keys = load_key_file(settings.key_file)
    stopped = _stop_on_signals()
    store = await open_sqlite(settings.store, keys)
    try:
        conversation = Conversation(script, clock, references, await _editions(store, settings, script))
        async with _bot(settings, stopped) as bot:
            if not stopped.is_set():
                await _converse(bot, conversation, store, settings, lambda text: keys.mark("card", text), stopped)
    finally:
        await store.close()
    log.info("stopped")


async def _converse(
    bot: Bot, conversation: Conversation, store: Store, settings: Settings, mark: Mark, stopped: asyncio.Event
) -> None:
    """Poll and answer until stopped; then let what is under way finish, and keep what was shown."""
    voice, ledger = Voice(bot, Manners(time.monotonic)), Ledger(store)
    lanes = Lanes(conversation, store, voice, ledger, mark)
    channel = Channel(Ear(bot, conversation, settings.admitted), voice, lanes, store)
    recovery = Recovery(conversation, store, lanes, voice)
    poller = Poller(bot, channel, store, conversation.clock, recovery.after_outage)
    say = conversation.script.wording.say
    commands = [(name, say(f"command.{name}")) for name in NAMES]
    log.info("ready", bot=bot.username)
    polling = asyncio.create_task(poller.poll())
    others = [
        asyncio.create_task(each) for each in (voice.list_commands(commands), recovery.after_start(), stopped.wait())
    ]
    try:
        await asyncio.wait((polling, others[-1]), return_when=asyncio.FIRST_COMPLETED)
        if polling.done():
            await polling
    finally:
        for task in (polling, *others):
            task.cancel()
        await channel.settle(GRACE)
        await ledger.write()


@contextlib.asynccontextmanager
async def _bot(settings: Settings, stopped: asyncio.Event) -> AsyncIterator[Bot]:
    """The library's bot, once Telegram has said who it is; it waits for as long as Telegram cannot be reached."""
    assert settings.telegram_token is not None
    warnings.filterwarnings("ignore", message="Please use 'Bot.get_updates'")  # we read updates raw, one at a time
    request = AiohttpRequest()
    bot = Bot(
        settings.telegram_token.get_secret_value(),
        base_url=f"{settings.telegram_api}/bot",
        request=request,
        get_updates_request=request,
    )
    try:
        await _introduce(bot, stopped)
        yield bot
    finally:
        await request.shutdown()


async def _introduce(bot: Bot, stopped: asyncio.Event) -> None:
    wait = 0.5
    while not stopped.is_set():
        try:
            await bot.initialize()
            return
        except InvalidToken:
            raise SettingsFault(
                "SERAF_TELEGRAM_TOKEN: Telegram refuses this token; copy it again from @BotFather"
            ) from None
        except TelegramError as error:
            log.warning("Telegram not reached", fault=type(error).__name__)
        with contextlib.suppress(asyncio.TimeoutError):
            await asyncio.wait_for(stopped.wait(), wait)
        wait = min(wait * 2, 10.0)


async def _editions(store: Store, settings: Settings, script: Script) -> Mapping[str, Instrument]:
    """Every instrument that a session may have begun with. Today's is kept before anybody can begin with it."""
    await store.keep_edition(script.pack.instrument.fingerprint, instrument_bytes(settings.pack))
    return {fingerprint: read_instrument(content) for fingerprint, content in (await store.editions()).items()}


def _stop_on_signals() -> asyncio.Event:
    stopped = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stopped.set)
    return stopped
