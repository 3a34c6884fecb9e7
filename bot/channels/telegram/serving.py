"""Telegram as a program serves it: with a store, without one, and while another bot polls with the same token."""

import asyncio
from collections.abc import AsyncIterator, Collection
from contextlib import AbstractAsyncContextManager, asynccontextmanager, nullcontext
from dataclasses import replace
from typing import Any

from bot.channels.running import GRACE, Opened, answer_without_store, keep_up_during, run_channel
from bot.channels.telegram.connecting import Connected, Manners, connected
from bot.channels.telegram.delivery_probe import DeliveryProbe
from bot.channels.telegram.reader import room_link
from bot.channels.telegram.request import Route
from bot.channels.unsaved_answers import UnsavedAnswers
from bot.conversation.talk import Talk
from bot.operations.watching import Watch
from bot.runtime.errors import SettingsFault, TokenShared
from bot.runtime.logs import log
from bot.runtime.person_id import PersonId
from bot.runtime.settings import Settings
from bot.storage.unsaved_cards import UnsavedCards


def route_of(settings: Settings) -> Route:
    """Return the way to the Bot API."""
    proxy = settings.https_proxy.get_secret_value() if settings.https_proxy else None
    return Route(settings.telegram_api, proxy, settings.ssl_cert_file)


class Telegram:
    """Serves people in Telegram, once nobody else polls with the token. Pages, watch and housekeeping do not wait for that."""

    def __init__(self, settings: Settings, bare: Talk, manners: Manners, *, pages: str) -> None:
        """`pages` is the address of the pages of the same program, if it has any. Raises `SettingsFault` without a token."""
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
        channel = self._bot.channel(self.bare, None)
        alone = asyncio.create_task(self._bot.has_token_to_itself(self._stopped))
        try:
            await asyncio.wait({alone, *until}, return_when=asyncio.FIRST_COMPLETED)
            if alone.done():
                await alone
                if not (self._stopped.is_set() or any(task.done() for task in until)):
                    async with self._probed():
                        await answer_without_store(channel.listener, self._unsaved, until=until)
        except TokenShared:
            self._bot.give_way()
        finally:
            alone.cancel()

    async def with_store(self, opened: Opened) -> None:
        while not self._stopped.is_set():
            await keep_up_during(
                self._bot.has_token_to_itself(self._stopped),
                opened.conversation,
                store=opened.store,
                audit_months=self._settings.audit_months,
                stopped=self._stopped,
            )
            try:
                if not self._stopped.is_set():
                    await self._converse(opened)
            except TokenShared:
                self._bot.give_way()

    async def settle(self) -> None:
        await self._unsaved.settle(GRACE)

    async def _converse(self, opened: Opened) -> None:
        """Hold the conversation until stopped. Raises `TokenShared` where another bot was there first."""
        username = self._bot.bot.username
        conversation = opened.conversation.linked(room_link(username), pages=self._pages)
        self._unsaved.speak_as(conversation)
        log.info("ready", bot=username)
        async with self._probed():
            await run_channel(
                self._bot.channel(conversation, opened.store),
                opened._replace(conversation=conversation),
                unsaved=self._unsaved,
                audit_months=self._settings.audit_months,
                stopped=self._stopped,
            )

    def _probed(self) -> AbstractAsyncContextManager[None]:
        """See meanwhile whether whom to call arrives, where the organisation wants that."""
        if self._settings.watch_chat is None:
            return nullcontext()
        person = str(PersonId.on_telegram(self._settings.watch_chat))
        return DeliveryProbe(self._bot.sender, self.bare, person, kept=self._kept).running()
