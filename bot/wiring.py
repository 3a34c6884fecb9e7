"""The Telegram bot put together and run: everything is made here, once, and nothing anywhere else."""

import asyncio
import signal
from dataclasses import dataclass
from functools import partial
from typing import Any

import structlog

from bot.access.admission import make_code
from bot.assemble import guarded, note_taking
from bot.channels.running import run_channel
from bot.channels.telegram import FACTS
from bot.channels.telegram.connecting import connected, telegram_channel
from bot.channels.telegram.rate_limit import A_CHAT
from bot.channels.telegram.reader import room_link
from bot.conversation.admitted_conversation import AdmittedConversation
from bot.crypto.key_places import key_place
from bot.crypto.keys import load_key_file
from bot.crypto.references import References
from bot.crypto.sealing import KeyRing
from bot.runtime.clock import Clock
from bot.runtime.crash_report import log_failure
from bot.runtime.errors import SettingsFault
from bot.runtime.packs import load_pack, load_wording
from bot.runtime.settings import Settings
from bot.runtime.single_instance import single_instance
from bot.storage.sqlite.opening import open_store
from bot.storage.store import Store
from dialogs.core.script import Script

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Environment:
    """What the bot is given from outside: a clock, references, the seconds between two new messages to one chat, fresh codes."""

    clock: Clock
    references: References
    a_chat: float = A_CHAT
    fresh_code: References = make_code


async def run_telegram(settings: Settings, clock: Clock, *, references: References) -> None:
    """Run the Telegram bot until SIGTERM or Ctrl-C. Raises a `SerafError` where it cannot start or go on."""
    await run_until(_stop_on_signals(), settings, environment=Environment(clock, references))


async def run_until(stopped: asyncio.Event, settings: Settings, *, environment: Environment) -> None:
    """Run the Telegram bot until the event is set. Raises a `SerafError` where it cannot start or go on."""
    if settings.telegram_token is None:
        raise SettingsFault(
            "SERAF_TELEGRAM_TOKEN is missing: put the token from @BotFather in .env, or in the environment"
        )
    asyncio.get_running_loop().set_exception_handler(_log_unhandled)
    place = key_place(settings)
    script, keys = _script(settings), load_key_file(place)
    token, mark = settings.telegram_token.get_secret_value(), partial(keys.lasting, "card")
    with single_instance(settings.store):
        store = await open_store(settings.store, place)
        try:
            conversation = await _conversation(settings, environment, store=store, keys=keys, script=script)
            async with connected(token, settings.telegram_api, stopped=stopped) as bot:
                if not stopped.is_set():
                    await store.channel.keep_bot_name(bot.username)
                    conversation = conversation.linked(room_link(bot.username))
                    channel = telegram_channel(bot, conversation, store=store, a_chat=environment.a_chat)
                    await run_channel(
                        channel,
                        conversation,
                        store=store,
                        mark=mark,
                        audit_months=settings.audit_months,
                        stopped=stopped,
                    )
        finally:
            await store.close()
    log.info("stopped")


def _script(settings: Settings) -> Script:
    """What the conversation is held by, but for its codes and the link to this bot."""
    pack = load_pack(settings.pack)
    return Script(pack, load_wording(), FACTS, notes=note_taking(settings, pack))


async def _conversation(
    settings: Settings, environment: Environment, *, store: Store, keys: KeyRing, script: Script
) -> AdmittedConversation:
    """The conversation, with what comes from outside."""
    return await guarded(
        settings,
        store,
        keys=keys,
        script=script,
        clock=environment.clock,
        references=environment.references,
        lots=environment.fresh_code,
    )


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
