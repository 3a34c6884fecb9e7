"""`seraf-bot run`: the Telegram bot."""

import asyncio
from contextlib import suppress

from bot.runtime.clock import SystemClock
from bot.runtime.errors import StoreFault
from bot.runtime.logs import set_up_logs
from bot.runtime.settings import load_settings
from bot.runtime.single_instance import Alone


def run_bot() -> None:
    """The Telegram bot. Logs “ready” when it is running. Stop it with Ctrl-C or SIGTERM."""
    settings = load_settings()
    alone = Alone(settings.store)
    with suppress(StoreFault):  # it is tried again with the store, and people are told meanwhile
        alone.demand()
    set_up_logs()
    from bot.crypto.references import make_reference
    from bot.wiring import run_telegram  # slow to import: a second bot ends before that

    asyncio.run(run_telegram(settings, SystemClock(), references=make_reference, alone=alone))
