"""Runs the Telegram channel: with a store, without one, and while another bot polls with the same token.

Two bots with one token, each with its own store, would each receive a random part of people's acts, and treat the
other's people as strangers. The only sign of another bot is that Telegram ends the open poll (409) when it polls.
"""

import asyncio
import math
import secrets
import time
from collections.abc import AsyncIterator, Collection
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, replace
from functools import partial
from typing import Any, cast

from telegram.error import Conflict, InvalidToken, RetryAfter, TelegramError

from bot.channels.due_work import Upkeep
from bot.channels.protocol import Sending, SendResult
from bot.channels.running import GRACE, Opened, answer_without_store, first_to_end, run_channel, while_leading
from bot.channels.telegram.polling import (
    COPIES_LAST,
    PollBackoff,
    Poller,
    TokenRefusals,
    another_polls,
    retries,
    token_refused,
)
from bot.channels.telegram.reader import ROOM, UpdateReader
from bot.channels.telegram.request import (
    A_CHAT,
    ADVICE,
    READ_SECONDS,
    AiohttpRequest,
    DirectBot,
    RateLimit,
    Route,
    Unreached,
    heed,
    named,
    never,
)
from bot.channels.telegram.sender import TelegramSender
from bot.channels.unsaved_answers import TOKEN, UnsavedAnswers
from bot.conversation.talk import Talk
from bot.operations.watching import Watch
from bot.runtime.background_tasks import BackgroundTasks
from bot.runtime.clock import Clock, local_time
from bot.runtime.errors import NotReached, SettingsFault, StoreUnavailable, TokenShared
from bot.runtime.logs import FaultLog, log
from bot.runtime.person_id import PersonId
from bot.runtime.settings import Settings
from bot.storage.store import Store
from bot.storage.unsaved_cards import UnsavedCards
from bot.watch.meter import meter
from bot.watch.vitals import RESUMES
from dialogs.core.acts import Kind, Overlay
from dialogs.locked import AccountState, Gate, gate_card

QUIET = 10.0
"""Seconds for which a newcomer (a bot that has just started) polls without a conflict before it claims its token.
Another bot polls again within a second of a conflict, and Telegram may delay the answer to a conflict by three."""

AT_LEAST = 1.0  # the minimum seconds between two polls of a newcomer, as Telegram may answer at once
LONGEST_ASKED = 8.0  # seconds to wait for the bot's name
EVERY = 300.0  # a probe is sent if no card with whom to call was delivered for this many seconds
LOOK_EVERY = 15.0  # seconds between two checks whether a probe is needed
FIRST_PAUSE, LONGEST_PAUSE = 20.0, 3600.0
"""Seconds for which a newcomer stops polling after a conflict, since each poll disturbs the other bot. A random
part of the same length is added, or two newcomers could go on disturbing each other."""


@dataclass(frozen=True, slots=True)
class Manners:
    """How the bot approaches Telegram. Tests shorten the waits."""

    a_chat: float = A_CHAT  # seconds between two new messages to one chat
    quiet: float = QUIET  # seconds for which a bot that has just started watches for another bot
    was_accepted: bool = False  # True if Telegram accepted the token in an earlier run, so that a refusal is retried


class Connected:
    """The library's bot and its sender. The task `claiming` waits until no other bot polls with the token."""

    def __init__(self, bot: DirectBot, sender: TelegramSender, backoff: PollBackoff, manners: Manners) -> None:
        self.bot, self.sender = bot, sender
        self._backoff, self._manners, self._quiet = backoff, manners, manners.quiet
        self._unreached = retries()
        self._others = FaultLog("another program polls with this token")
        self.claiming: asyncio.Task[None] | None = None

    def begin(self) -> None:
        """Begin to claim the token in the background, unless that has begun."""
        if self.claiming is None:
            self.claiming = asyncio.create_task(self._introduce_and_claim(was_accepted=self._manners.was_accepted))

    def takes_over(self) -> None:
        """Poll at once when the claim begins, since another copy of the bot has polled with the token until now."""
        if self.claiming is None:
            self._quiet = 0.0

    def drop_claim(self) -> None:
        """Stop claiming the token unless that has succeeded, since only the copy that leads claims it."""
        if self.claiming is not None and not self.claiming.done():
            self.stand_by()
        meter().stands_by()

    def stand_by(self) -> None:
        """Stop claiming the token, since another copy of the bot polls with it."""
        meter().stands_by()
        if self.claiming is not None:
            self.claiming.cancel()
        self.claiming, self._quiet = None, QUIET
        self._backoff.begin_as_newcomer(COPIES_LAST)

    def poller(self, conversation: Talk, store: Store | None) -> Poller:
        """Return the listener for this conversation."""
        return Poller(UpdateReader(self.bot, conversation), self.sender, store, backoff=self._backoff)

    async def has_token_to_itself(self, stopped: asyncio.Event) -> None:
        """Return once no other bot polls with the token, or once stopped. Raise `SettingsFault` if it is unknown."""
        self.begin()
        assert self.claiming is not None
        claiming = self.claiming

        async def claimed() -> None:
            await asyncio.shield(claiming)

        await first_to_end(claimed(), stopped=stopped)

    def give_way(self) -> None:
        """Claim the token again as a newcomer, because another bot polled before this one."""
        meter().gives_way()
        self._quiet = QUIET
        self._backoff.begin_as_newcomer()
        self.claiming = asyncio.create_task(self._claim())

    async def _introduce_and_claim(self, *, was_accepted: bool) -> None:
        """Ask Telegram for the bot's name until it answers, then claim the token."""
        backoff, refusals = retries(), TokenRefusals()
        while True:
            meter().asks()
            try:
                await self.bot.initialize()
            except InvalidToken:
                if not was_accepted:
                    raise token_refused() from None
                await refusals.wait()
            except RetryAfter as error:
                await heed(error)
            except TelegramError as error:
                log.warning("Telegram not reached", fault=named(error))
                await backoff.wait()
            else:
                break
        refusals.over()
        meter().knows_token()
        await self._claim()

    async def _claim(self) -> None:
        """Return once no other bot has polled for `_quiet` seconds, or at once if that is 0."""
        pause = FIRST_PAUSE
        while not await self._is_quiet():
            meter().gives_way()
            self._others.note(another_polls())
            await asyncio.sleep(pause + pause * secrets.randbelow(1000) / 1000)
            pause = min(2 * pause, LONGEST_PAUSE / 2)
        self._others.over()
        self._quiet = 0.0

    async def _is_quiet(self) -> bool:
        """Poll for `_quiet` seconds, then return True. Return False as soon as another bot polls."""
        loop, left = asyncio.get_running_loop(), self._quiet
        while left > 0:
            begun = loop.time()
            meter().asks()
            # Without an offset, which would confirm updates, and without `allowed_updates`, which the other bot set.
            fields = {"timeout": math.ceil(left)}
            try:
                await self.bot.call("getUpdates", fields, read_seconds=left + READ_SECONDS, is_result_read=False)
            except Conflict:
                return False
            except RetryAfter as error:
                await heed(error)
            except TelegramError as error:
                if isinstance(error, InvalidToken):
                    meter().knows_token(False)
                log.warning("Telegram not reached", fault=named(error))
                await self._unreached.wait()
            else:
                self._unreached.reset()
                meter().knows_token()
                await asyncio.sleep(max(0.0, min(AT_LEAST, left) - (loop.time() - begun)))
                left -= loop.time() - begun
        return True


@asynccontextmanager
async def connected(token: str, route: Route, *, clock: Clock, manners: Manners) -> AsyncIterator[Connected]:
    """Yield the connected bot, which claims its token in the background."""
    backoff = PollBackoff(clock)
    if manners.quiet:
        backoff.begin_as_newcomer()
    async with bot_of(token, route) as bot:
        sender = TelegramSender(bot, RateLimit(time.monotonic, a_chat=manners.a_chat))
        telegram = Connected(bot, sender, backoff, manners)
        try:
            yield telegram
        finally:
            if telegram.claiming is not None:
                telegram.claiming.cancel()
                await asyncio.gather(telegram.claiming, return_exceptions=True)


@asynccontextmanager
async def bot_of(token: str, route: Route) -> AsyncIterator[DirectBot]:
    """Yield the library's bot with open connection pools. It has made no call yet."""
    asking, polling = AiohttpRequest(route), AiohttpRequest(route)
    try:
        await asyncio.gather(asking.initialize(), polling.initialize())
        yield DirectBot(token, base_url=f"{route.api}/bot", request=asking, get_updates_request=polling)
    finally:
        await asyncio.gather(asking.shutdown(), polling.shutdown())


async def answered_as(token: str, route: Route) -> str:
    """Ask Telegram for the bot's user name. Raise `SettingsFault` if it refuses the token, else `NotReached`."""
    try:
        async with bot_of(token, route) as bot:
            await asyncio.wait_for(bot.initialize(), LONGEST_ASKED)
            return bot.username
    except InvalidToken:
        raise token_refused() from None
    except TimeoutError:
        raise NotReached(f"no answer within {LONGEST_ASKED:.0f} seconds") from None
    except TelegramError as error:
        advice = f". {ADVICE[error.why]}" if isinstance(error, Unreached) else ""
        raise NotReached(f"{named(error)}{advice}") from None


def token_of(settings: Settings) -> str:
    """Return the bot's token. Raise `SettingsFault` if there is none."""
    if settings.telegram_token is None:
        raise SettingsFault(
            "SERAF_TELEGRAM_TOKEN is missing: put the token from @BotFather in .env, or in the environment"
        )
    return settings.telegram_token.get_secret_value()


def route_of(settings: Settings) -> Route:
    """Return the route to the Bot API that the settings describe."""
    proxy = settings.https_proxy.get_secret_value() if settings.https_proxy else None
    return Route(settings.telegram_api, proxy, settings.ssl_cert_file)


class Telegram:
    """Serves people in Telegram once no other bot polls with the token. Browser pages do not wait for that."""

    def __init__(self, settings: Settings, bare: Talk, manners: Manners, *, pages: str) -> None:
        """`pages` is the address of the program's own pages, or empty. Raise `SettingsFault` without a token."""
        self.bare, self._manners = bare, manners
        self._settings, self._token, self._pages = settings, token_of(settings), pages
        self._bot: Connected
        self._unsaved: UnsavedAnswers
        self._kept: UnsavedCards
        self._stopped: asyncio.Event

    @asynccontextmanager
    async def open(self, watch: Watch, stopped: asyncio.Event) -> AsyncIterator[None]:
        quiet = 0 if watch.has_just_polled else self._manners.quiet
        manners = replace(self._manners, quiet=quiet, was_accepted=watch.was_token_accepted)
        route, clock = route_of(self._settings), self.bare.clock
        async with (
            UnsavedCards(self._settings.store.path, self._token) as self._kept,
            connected(self._token, route, clock=clock, manners=manners) as self._bot,
        ):
            self._stopped = stopped
            if not self._settings.store.address:  # else another copy may lead, whose polls this would disturb
                self._bot.begin()
            self._unsaved = UnsavedAnswers(self.bare, self._bot.sender, self._kept)
            yield

    async def without_store(self, until: Collection[asyncio.Task[Any]]) -> None:
        alone = asyncio.create_task(self._bot.has_token_to_itself(self._stopped))
        try:
            await asyncio.wait({alone, *until}, return_when=asyncio.FIRST_COMPLETED)
            if alone.done():
                await alone
                if not (self._stopped.is_set() or any(task.done() for task in until)):
                    async with self._probed():
                        await answer_without_store(self._bot.poller(self.bare, None), self._unsaved, until=until)
        except TokenShared:
            self._bot.give_way()
        finally:
            alone.cancel()

    async def with_store(self, opened: Opened) -> None:
        if opened.store.is_shared:
            self._bot.drop_claim()
        cast(AiohttpRequest, self._bot.bot.request).is_silent = opened.store.leading.is_overtaken
        self._unsaved.speak_as(opened.conversation)
        try:
            await while_leading(opened.store, partial(self._lead, opened), stopped=self._stopped)
        except StoreUnavailable:
            self._bot.takes_over()  # from itself: without a store it tells everybody whom to call
            raise
        finally:
            cast(AiohttpRequest, self._bot.bot.request).is_silent = never

    async def _lead(self, opened: Opened) -> None:
        polled = await opened.store.read(lambda t: t.channel.polled_at())
        if opened.store.is_shared and polled is not None and abs(self.bare.clock.now() - polled) <= RESUMES:
            self._bot.takes_over()  # from a copy that led until just now, and so has the token
        try:
            await self._serve(opened)
        finally:
            if opened.store.is_shared:
                self._bot.stand_by()

    async def _serve(self, opened: Opened) -> None:
        while not self._stopped.is_set():
            # No channel runs while another bot may poll, so the upkeep of the store runs here.
            upkeep = Upkeep(opened.conversation, opened.store).run_after_a_while(self._settings.audit_months)
            await first_to_end(self._bot.has_token_to_itself(self._stopped), upkeep, stopped=self._stopped)
            try:
                if not self._stopped.is_set():
                    await self._converse(opened)
            except TokenShared:
                self._bot.give_way()

    async def settle(self) -> None:
        await self._unsaved.settle(GRACE)

    async def _converse(self, opened: Opened) -> None:
        """Serve people until stopped. Raise `TokenShared` if another bot polled before this one."""
        username = self._bot.bot.username
        conversation = opened.conversation.linked(f"https://t.me/{username}?start={ROOM}-", pages=self._pages)
        self._unsaved.speak_as(conversation)
        log.info("ready", bot=username)
        async with self._probed():
            await run_channel(
                opened._replace(conversation=conversation),
                listener=self._bot.poller(conversation, opened.store),
                sender=self._bot.sender,
                unsaved=self._unsaved,
                audit_months=self._settings.audit_months,
                stopped=self._stopped,
            )

    @asynccontextmanager
    async def _probed(self) -> AsyncIterator[None]:
        """Send probes while the block runs, if the settings name a chat for them. Remove the last one at the end."""
        over, tasks = asyncio.Event(), BackgroundTasks()
        if self._settings.watch_chat is not None:
            tasks.run(self._probe(str(PersonId.on_telegram(self._settings.watch_chat)), over, tasks=tasks))
        try:
            yield
        finally:
            over.set()
            await tasks.settle(0.5)

    async def _probe(self, person: str, over: asyncio.Event, *, tasks: BackgroundTasks) -> None:
        """Send a chat the card with whom to call, and remove it at once, if none was delivered for `EVERY` seconds."""
        sender, kept = self._bot.sender, self._kept

        async def take_away(handle: str) -> None:
            await sender.remove(person, (handle,))
            kept.forget(person, handle)

        while not over.is_set():
            if meter().seconds_since_delivery() >= EVERY:
                meter().probes()
                # The card that strangers get who ask whom to call, without buttons, and with a notice that it is a probe.
                script, now = self.bare.script, local_time(self.bare.clock.now())
                gate, notice = Gate(AccountState.STRANGER, Overlay(Kind.URGENT)), script.wording.say("gate.probe")
                card = replace(gate_card(gate, TOKEN, script=script, now=now, notice=notice), rows=())
                sent = await sender.send(person, card, Sending(is_quiet=True))
                if isinstance(sent, str):
                    kept.keep(person, sent)
                    # In the background: if Telegram refuses the chat meanwhile, the next probe finds out.
                    tasks.run(take_away(sent))
                elif sent is SendResult.SHUT:
                    log.error("the chat for the probe is shut")
            with suppress(TimeoutError):
                await asyncio.wait_for(over.wait(), LOOK_EVERY)
