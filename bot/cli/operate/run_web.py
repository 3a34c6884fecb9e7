"""`seraf-bot web`: the pages in a browser."""

import asyncio
from contextlib import suppress

from bot.runtime.clock import SystemClock
from bot.runtime.errors import StoreFault
from bot.runtime.logs import set_up_logs
from bot.runtime.settings import load_settings
from bot.runtime.single_instance import Alone


def run_web() -> None:
    """The pages in a browser. Logs “ready” when they are served. Stop it with Ctrl-C or SIGTERM."""
    settings = load_settings()
    alone = Alone(settings.store)
    with suppress(StoreFault):  # it is tried again with the store, and people are told meanwhile
        alone.demand()
    set_up_logs()
    from bot.crypto.references import make_reference
    from bot.wiring import Environment, run  # slow to import: a second bot ends before that

    asyncio.run(run(settings, Environment(SystemClock(), make_reference, alone=alone), telegram=False, web=True))
