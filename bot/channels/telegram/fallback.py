"""Tells everybody whom to call while no bot polls with the token, from another machine, without keys or a store.

It watches `getWebhookInfo`, which disturbs nobody. A poll would show little: Telegram ends a poll (409) only if two
have to wait, and none waits while updates are unconfirmed. So the fallback polls once with a mark, which is an unusual
list of kinds of update. `getWebhookInfo` shows that list, and the next poll of a bot replaces it.
"""

import asyncio
import secrets
import time
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from typing import Any

from telegram.error import Conflict, InvalidToken, RetryAfter, TelegramError

from bot.channels.running import GRACE, WithoutStore, first_to_end
from bot.channels.telegram.connecting import FIRST_PAUSE, QUIET, Manners, bot_of, route_of, token_of
from bot.channels.telegram.polling import PAGE, PollBackoff, token_refused
from bot.channels.telegram.reader import WANTED, UpdateReader
from bot.channels.telegram.request import DirectBot, RateLimit, heed
from bot.channels.telegram.sender import TelegramSender
from bot.channels.unsaved_answers import UnsavedAnswers
from bot.conversation.talk import Talk
from bot.operations.watching import ALIVE, READY, STOPPING, notify_manager
from bot.runtime.errors import PassingFault
from bot.runtime.logs import FaultLog, log
from bot.runtime.settings import NumbersSettings
from bot.storage.unsaved_cards import UnsavedCards

LOOK_EVERY, ANSWER_EVERY = 2.0, 1.0  # seconds between two looks, while another bot may poll and while it answers

UNCONFIRMED = timedelta(seconds=30 - QUIET - 2 * LOOK_EVERY)
"""How long updates are unconfirmed before the fallback polls. Its mark then has to stand for `QUIET` seconds, so that
the first person is answered within thirty."""

LONGEST_PAUSE = 300.0
"""The maximum seconds after a failed claim, plus a random part. It may be short, since a claim is one poll that does
not wait, and if the other bot stops meanwhile nobody is answered."""

MARKS = (
    *("chat_boost", "chat_join_request", "chosen_inline_result", "poll", "poll_answer", "pre_checkout_query"),
    *("purchased_paid_media", "removed_chat_boost", "shipping_query"),
)
"""Kinds of update that never reach this bot. A random choice of them is a mark, so that two fallbacks notice each other."""


class Fallback:
    """Watches for unconfirmed updates, and answers them while no bot polls."""

    def __init__(self, bot: DirectBot, conversation: Talk, answers: UnsavedAnswers) -> None:
        self._bot, self._conversation, self._answers = bot, conversation, answers
        self._reader, self._clock = UpdateReader(bot, conversation), conversation.clock
        self._backoff = PollBackoff(self._clock)
        self._alone = FaultLog("fallback answers")
        self._is_token_accepted = False
        self._mark = frozenset[str]()

    async def run(self) -> None:
        """Watch and answer. This never returns. Raise `SettingsFault` if Telegram has never accepted the token."""
        log.info("fallback watches")
        while True:
            await self._watch()
            self._alone.note(
                PassingFault("No bot polls with this token. Look at the bot and its log, and start it again")
            )
            await self._answer()
            self._answers.speak_as(self._conversation)  # which removes every card
            self._alone.over()

    async def _watch(self) -> None:
        """Return once updates have been unconfirmed for long and no bot polls. Remove the cards of a killed run."""
        since = paused_until = self._clock.now()
        pause, most = FIRST_PAUSE, 0
        while True:
            try:
                count, mark = await self._look()
                now = self._clock.now()
                if not mark:  # a bot has polled since
                    self._answers.speak_as(self._conversation)
                if count == 0:
                    pause, paused_until = FIRST_PAUSE, now
                # A bot that confirms updates leaves few. Taps also expire, a few at a time.
                if count <= most // 2:
                    since, most = now, 0
                most = max(most, count)
                if most and now >= paused_until and now - since >= UNCONFIRMED:
                    if await self._claim():
                        return
                    seconds = pause + pause * secrets.randbelow(1000) / 1000
                    log.warning("fallback waits", seconds=round(seconds))
                    paused_until, pause = self._clock.now() + timedelta(seconds=seconds), min(2 * pause, LONGEST_PAUSE)
            except TelegramError as error:
                await self._wait_after(error)
                since, most = self._clock.now(), 0  # what happened meanwhile is unknown
            await asyncio.sleep(LOOK_EVERY)

    async def _claim(self) -> bool:
        """Poll with a new mark. Return True if nobody replaces it, and updates stay unconfirmed, for `QUIET` seconds."""
        number = 1 + secrets.randbelow(2 ** len(MARKS) - 1)
        self._mark = frozenset(kind for place, kind in enumerate(MARKS) if number >> place & 1)
        until = self._clock.now() + timedelta(seconds=QUIET)
        with suppress(Conflict):  # then its mark is not seen
            await self._poll(allowed_updates=[*WANTED, *sorted(self._mark)])
        while self._clock.now() < until:
            await asyncio.sleep(ANSWER_EVERY)
            count, mark = await self._look()
            if mark != self._mark or not count:
                return False
        return True

    async def _answer(self) -> None:
        """Answer everybody until a bot polls. Updates stay unconfirmed, so that the bot answers them when it returns."""
        answered, confirmed = set[int](), dict[str, int]()
        while True:
            try:
                count, mark = await self._look()
                if not mark:
                    return
                if mark != self._mark:  # of another fallback, which gives way to this one
                    await self._poll(allowed_updates=[*WANTED, *sorted(self._mark)])
                elif count:
                    page, confirmed = await self._poll(**confirmed), {}
                    new = [raw for raw in page if raw["update_id"] not in answered]
                    answered.update(raw["update_id"] for raw in new)
                    heard = [self._reader.read(raw).heard for raw in new]
                    WithoutStore(self._answers).cannot_keep(heard, is_tried_again=False)
                    if len(page) >= PAGE:  # Telegram hands out no more: people after these would not be answered
                        confirmed = {"offset": page[PAGE // 2]["update_id"]}
            except Conflict:
                return
            except TelegramError as error:
                await self._wait_after(error)
            await asyncio.sleep(ANSWER_EVERY)

    async def _look(self) -> tuple[int, frozenset[str]]:
        """Return the number of unconfirmed updates, and the mark of the latest poll, which is empty after a bot's."""
        notify_manager(ALIVE)
        info = await self._bot.call("getWebhookInfo", {})
        count = info.get("pending_update_count") if isinstance(info, dict) else None
        if type(count) is not int:
            raise TelegramError("no count of updates")
        self._is_token_accepted = True
        self._backoff.reset()
        asked = info.get("allowed_updates") or ()
        return count, frozenset(kind for kind in MARKS if kind in asked)

    async def _poll(self, **fields: Any) -> list[dict[str, Any]]:
        """Return the unconfirmed updates, without waiting for any: a poll that waits would end that of another bot."""
        updates = await self._bot.call("getUpdates", {"timeout": 0, **fields})
        listed = updates if isinstance(updates, list) else []
        return [raw for raw in listed if isinstance(raw, dict) and type(raw.get("update_id")) is int]

    async def _wait_after(self, error: TelegramError) -> None:
        if isinstance(error, InvalidToken) and not self._is_token_accepted:
            raise token_refused() from None
        if isinstance(error, RetryAfter):
            await heed(error)
        else:
            await self._backoff.wait_after(error)


async def tell_numbers(
    settings: NumbersSettings, bare: Talk, *, manners: Manners, place: Path, stopped: asyncio.Event
) -> None:
    """Run the fallback until stopped. `place` is a path next to which it lists its cards, which a later run removes."""
    token = token_of(settings)
    async with UnsavedCards(place, token) as kept, bot_of(token, route_of(settings)) as bot:
        sender = TelegramSender(bot, RateLimit(time.monotonic, a_chat=manners.a_chat))
        answers = UnsavedAnswers(bare, sender, kept)
        notify_manager(READY)
        try:
            await first_to_end(Fallback(bot, bare, answers).run(), stopped=stopped)
        finally:
            notify_manager(STOPPING)
            await answers.settle(GRACE)
    log.info("stopped")
