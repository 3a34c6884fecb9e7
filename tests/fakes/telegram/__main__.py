"""Starts the fake Bot API by hand: `python -m tests.fakes.telegram`."""

import argparse
import asyncio
import contextlib

from tests.fakes.telegram.by_hand import drive, tell
from tests.fakes.telegram.server import FakeTelegram


def options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.fakes.telegram", description=__doc__)
    parser.add_argument("--port", type=int, default=0, help="the loopback port; 0 takes a free one")
    parser.add_argument("--person", type=int, default=1, help="the Telegram id of the person at the keyboard")
    parser.add_argument("--serve", action="store_true", help="only serve, until interrupted; nobody types")
    return parser.parse_args()


async def main(chosen: argparse.Namespace) -> None:
    """Serve the fake Bot API. Unless `--serve` is given, the developer at the keyboard acts as a person."""
    async with FakeTelegram(port=chosen.port) as server:
        tell(f"Bot API: {server.base}\nToken:   {server.token}")
        if chosen.serve:
            await asyncio.Event().wait()
        await drive(server, chosen.person)


if __name__ == "__main__":
    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(main(options()))
