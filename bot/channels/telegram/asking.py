"""Asking Telegram once who the bot is, for somebody who wants to know whether it answers."""

import asyncio

from telegram import Bot
from telegram.error import InvalidToken, TelegramError

from bot.channels.telegram.poll_backoff import token_refused
from bot.channels.telegram.reaching.request import AiohttpRequest, Route
from bot.channels.telegram.reaching.unreached import ADVICE, Unreached, named
from bot.runtime.errors import NotReached

LONGEST = 8.0
"""Seconds to wait for the answer."""


async def answered_as(token: str, route: Route) -> str:
    """The bot's public name, as Telegram gives it now. `SettingsFault` for a refused token, `NotReached` for any other answer or none."""
    asking, polling = AiohttpRequest(route), AiohttpRequest(route)
    bot = Bot(token, base_url=f"{route.api}/bot", request=asking, get_updates_request=polling)
    try:
        await asyncio.wait_for(bot.initialize(), LONGEST)
    except InvalidToken:
        raise token_refused() from None
    except TimeoutError:
        raise NotReached(f"no answer within {LONGEST:.0f} seconds") from None
    except TelegramError as error:
        advice = f". {ADVICE[error.why]}" if isinstance(error, Unreached) else ""
        raise NotReached(f"{named(error)}{advice}") from None
    finally:
        await asyncio.gather(asking.shutdown(), polling.shutdown())
    return bot.username
