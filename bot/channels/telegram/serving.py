"""Telegram as the program runs it: with a store, without one, and while another bot polls with the same token."""

import asyncio
from collections.abc import AsyncIterator, Collection
from contextlib import AbstractAsyncContextManager, asynccontextmanager, nullcontext, suppress
from dataclasses import replace
from typing import Any

from bot.channels.protocol import Sender, Sending, SendResult
from bot.channels.recovery import Upkeep
from bot.channels.running import GRACE, Opened, answer_without_store, first_to_end, run_channel
from bot.channels.telegram.connecting import Connected, Manners, connected
from bot.channels.telegram.reader import room_link
from bot.channels.telegram.request import Route
from bot.channels.unsaved_answers import TOKEN, UnsavedAnswers
from bot.conversation.talk import Talk
from bot.operations.watching import Watch
from bot.runtime.background_tasks import BackgroundTasks
from bot.runtime.clock import local_time
from bot.runtime.errors import SettingsFault, TokenShared
from bot.runtime.logs import log
from bot.runtime.person_id import PersonId
from bot.runtime.settings import Settings
from bot.storage.unsaved_cards import UnsavedCards
from bot.watch.meter import meter
from dialogs.core.acts import Kind, Overlay
from dialogs.locked import AccountState, Gate, gate_card

EVERY = 300.0  # seconds after the last delivery of a card with whom to call, after which a probe is sent
LOOK_EVERY = 15.0  # seconds between two checks for such a delivery


class DeliveryProbe:
    """Sends one chat the card with whom to call, and removes it at once, if nobody was sent it for a while."""

    def __init__(self, sender: Sender, conversation: Talk, person: str, *, kept: UnsavedCards) -> None:
        """`kept` lists the cards in chats, so that after a crash the next run removes them."""
        self._sender, self._kept = sender, kept
        self._conversation = conversation
        self._person = person
        self._over = asyncio.Event()
        self._tasks = BackgroundTasks()

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Send probes while the block runs, then remove the last one."""
        self._tasks.run(self._run())
        try:
            yield
        finally:
            self._over.set()
            await self._tasks.settle(0.5)

    async def _run(self) -> None:
        while not self._over.is_set():
            if meter().seconds_since_delivery() >= EVERY:
                meter().probes()
                await self._send()
            with suppress(TimeoutError):
                await asyncio.wait_for(self._over.wait(), LOOK_EVERY)

    async def _send(self) -> None:
        """Send the card that answers anybody who asks whom to call, with a notice that it is a probe, and without buttons."""
        script, now = self._conversation.script, local_time(self._conversation.clock.now())
        gate, notice = Gate(AccountState.STRANGER, Overlay(Kind.URGENT)), script.wording.say("gate.probe")
        card = replace(gate_card(gate, TOKEN, script=script, now=now, notice=notice), rows=())
        sent = await self._sender.send(self._person, card, Sending(is_quiet=True))
        if isinstance(sent, str):
            self._kept.keep(self._person, sent)
            # In the background: if Telegram refuses the chat meanwhile, the next probe finds out.
            self._tasks.run(self._take_away(sent))
        elif sent is SendResult.SHUT:
            log.error("the chat for the probe is shut")

    async def _take_away(self, handle: str) -> None:
        await self._sender.remove(self._person, (handle,))
        self._kept.forget(self._person, handle)


def route_of(settings: Settings) -> Route:
    """Return the route to the Bot API."""
    proxy = settings.https_proxy.get_secret_value() if settings.https_proxy else None
    return Route(settings.telegram_api, proxy, settings.ssl_cert_file)


class Telegram:
    """Serves people in Telegram once nobody else polls with the token. Pages and upkeep do not wait for that."""

    def __init__(self, settings: Settings, bare: Talk, manners: Manners, *, pages: str) -> None:
        """`pages` is the address of the program's own pages, if it has any. Raise `SettingsFault` without a token."""
        if settings.telegram_token is None:
            raise SettingsFault(
                "SERAF_TELEGRAM_TOKEN is missing: put the token from @BotFather in .env, or in the environment"
            )
        self.bare, self._manners = bare, manners
        self._settings, self._token, self._pages = settings, settings.telegram_token.get_secret_value(), pages
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
            UnsavedCards(self._settings.store, self._token) as self._kept,
            connected(self._token, route, clock=clock, manners=manners) as self._bot,
        ):
            self._stopped = stopped
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
        """Hold the conversation until stopped. Raise `TokenShared` if another bot was there first."""
        username = self._bot.bot.username
        conversation = opened.conversation.linked(room_link(username), pages=self._pages)
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

    def _probed(self) -> AbstractAsyncContextManager[None]:
        """Run the delivery probe while the block runs, if a chat is set for it."""
        if self._settings.watch_chat is None:
            return nullcontext()
        person = str(PersonId.on_telegram(self._settings.watch_chat))
        return DeliveryProbe(self._bot.sender, self.bare, person, kept=self._kept).running()
