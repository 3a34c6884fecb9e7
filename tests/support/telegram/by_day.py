"""`seraf-bot` by day, as `python -m tests.support.telegram.by_day run`: its clock is ahead by the seconds that AHEAD says."""

import os
from datetime import UTC, datetime, timedelta
from unittest.mock import patch

from bot.cli import main
from bot.runtime.clock import LONDON, SystemClock, is_daytime

AHEAD = "SERAF_TESTS_AHEAD"
PROGRAM = ("-m", "tests.support.telegram.by_day", "run")


def until_day(now: datetime) -> timedelta:
    """Return how far a clock has to be ahead for it to be day in England for the next quarter of an hour."""
    if is_daytime(now) and is_daytime(now + timedelta(minutes=15)):
        return timedelta()
    morning = now.astimezone(LONDON).replace(hour=10, minute=0)
    return (morning if morning > now else morning + timedelta(days=1)) - now


def now(_: SystemClock) -> datetime:
    """Return the time of a bot's clock."""
    return datetime.now(UTC) + timedelta(seconds=float(os.environ[AHEAD]))


if __name__ == "__main__":
    patch.object(SystemClock, "now", now).start()  # each command makes its own clock
    main.run()
