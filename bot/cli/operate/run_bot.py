"""`seraf-bot run`: the Telegram bot."""

import asyncio

from bot.cli.frame.opening import demand_private_env
from bot.crypto.references import make_reference
from bot.runtime.clock import SystemClock
from bot.runtime.logs import set_up_logs
from bot.runtime.settings import load_settings


def run_bot() -> None:
    """The Telegram bot. Logs “ready” when it is running. Stop it with Ctrl-C or SIGTERM."""
    demand_private_env()
    settings = load_settings()
    set_up_logs()
    from bot.wiring import run_telegram  # the library is slow to import, and no other command needs it

    asyncio.run(run_telegram(settings, SystemClock(), references=make_reference))
