"""The Telegram bot put together and run: everything is made here, once, and nothing anywhere else."""

import asyncio
from collections.abc import AsyncIterator, Collection
from contextlib import AbstractAsyncContextManager, asynccontextmanager, nullcontext
from dataclasses import dataclass, field, replace
from typing import Any, Protocol

from bot.assemble import note_taking, ways_in
from bot.channels.running import GRACE, answer_without_store, keep_up_during, run_channel, stopped_by_signals
from bot.channels.telegram import FACTS
from bot.channels.telegram.connecting import Connected, Manners, connected
from bot.channels.telegram.delivery_probe import DeliveryProbe
from bot.channels.telegram.reader import room_link
from bot.channels.telegram.request import Route
from bot.channels.unsaved_answers import UnsavedAnswers
from bot.conversation.conversation import Conversation
from bot.conversation.talk import Talk
from bot.crypto.one_time_codes import make_code
from bot.crypto.references import References
from bot.operations.watching import Watch
from bot.rehearsal.made_ready import made_ready
from bot.rehearsal.mode import REHEARSALS
from bot.runtime.clock import Clock
from bot.runtime.crash_report import log_failure
from bot.runtime.errors import SettingsFault, StoreFault, TokenShared
from bot.runtime.logs import log
from bot.runtime.packs import load_pack, load_wording
from bot.runtime.person_id import PersonId
from bot.runtime.settings import Settings
from bot.runtime.single_instance import Alone
from bot.runtime.starting.uncollected import keep_for_good
from bot.storage.unsaved_cards import UnsavedCards
from bot.store_opening import Opened, StoreOpening
from bot.watch.meter import METER, Meter
from dialogs.core.script import Script

SOON = 1.5
"""Seconds for which the start waits for a store that is slow to open, within the two in which everybody is told whom to call;
where one cannot be opened it does not wait.
"""


@dataclass(frozen=True, slots=True)
class Environment:
    """What the bot is given from outside: a clock, references, its manners, fresh codes, and the lock of the store where it is held
    already.
    """

    clock: Clock
    references: References
    manners: Manners = field(default_factory=Manners)
    fresh_code: References = make_code
    alone: Alone | None = None
    beside: "OtherChannel | None" = None


class OtherChannel(Protocol):
    """Another channel that is run beside this one, on the same store: it listens all the time, and serves while there is one."""

    @property
    def address(self) -> str:
        """Where its pages are, to which a card can lead."""
        ...

    def listening(self) -> AbstractAsyncContextManager[None]:
        """Listen while the block runs."""
        ...

    def serving(self, opened: Opened) -> AbstractAsyncContextManager[Conversation]:
        """Serve people from an open store while the block runs."""
        ...


async def run_telegram(settings: Settings, environment: Environment) -> None:
    """Run the Telegram bot until SIGTERM, SIGHUP or Ctrl-C. Raises a `SerafError` where it cannot start or go on."""
    await run_until(stopped_by_signals(), settings, environment=environment)


async def run_until(stopped: asyncio.Event, settings: Settings, *, environment: Environment) -> None:
    """Run the Telegram bot until the event is set. Raises a `SerafError` where it cannot start or go on.

    Without a store it runs all the same, and tells everybody whom to call; stopped then, it raises what is wrong with it.
    """
    token = _token(settings)
    asyncio.get_running_loop().set_exception_handler(_log_unhandled)
    bare = Talk(_script(settings), environment.clock, environment.references, REHEARSALS)
    METER.set(meter := Meter())
    async with (
        made_ready(bare.script.pack),
        _opening(settings, bare, environment) as opening,
        environment.beside.listening() if environment.beside else nullcontext(),
        UnsavedCards(settings.store, token) as kept,
        Watch(settings, environment.clock, meter=meter, stopped=stopped) as watch,
        connected(
            token,
            route_of(settings),
            clock=environment.clock,
            manners=_manners(environment.manners, watch),
        ) as telegram,
    ):
        answers = UnsavedAnswers(bare, telegram.sender, kept)
        service = Service(settings, bare, opening, watch, telegram, answers, kept, environment.beside, stopped)
        while not stopped.is_set():
            await service.serve()
        await answers.settle(GRACE)
        opening.demand()
    log.info("stopped")


def _manners(manners: Manners, watch: Watch) -> Manners:
    """The manners of this start, by what a run before has left."""
    quiet = 0 if watch.has_just_polled else manners.quiet
    return replace(manners, quiet=quiet, was_accepted=watch.was_token_accepted)


def _opening(settings: Settings, bare: Talk, environment: Environment) -> StoreOpening:
    """What opens the store, alone at it."""
    alone = environment.alone or Alone(settings.store)
    return StoreOpening(settings, bare, alone, fresh_code=environment.fresh_code)


@dataclass(frozen=True, slots=True)
class Service:
    """What serves people while the bot runs, with a store and without one."""

    settings: Settings
    bare: Talk
    opening: StoreOpening
    watch: Watch
    telegram: Connected
    unsaved: UnsavedAnswers
    kept: UnsavedCards
    beside: OtherChannel | None
    stopped: asyncio.Event

    async def serve(self) -> None:
        """Serve people from the store while it is open, and without it tell everybody whom to call, until stopped.

        Telegram is heard once nobody else polls with the token. Pages, watch and housekeeping do not wait for that.
        """
        await self._without_store()
        if not self.stopped.is_set():
            async with self._opened(await self.opening.opened) as pages:
                await self._with_store(pages)

    def _probed(self) -> AbstractAsyncContextManager[None]:
        """See meanwhile whether whom to call arrives, where the organisation wants that."""
        chat = self.settings.watch_chat
        if chat is None:
            return nullcontext()
        person = str(PersonId.on_telegram(chat))
        return DeliveryProbe(self.telegram.sender, self.bare, person, kept=self.kept).running()

    async def _without_store(self) -> None:
        """Return when the store is open or the bot is stopped; until then tell everybody whom to call."""
        opening = self.opening
        stopping, failing = asyncio.create_task(self.stopped.wait()), asyncio.create_task(opening.has_failed.wait())
        until = {opening.opened, stopping}
        try:
            await asyncio.wait({*until, failing}, timeout=SOON, return_when=asyncio.FIRST_COMPLETED)
            while not any(each.done() for each in until):
                await self._tell_whom_to_call(until)
        finally:
            stopping.cancel()
            failing.cancel()

    async def _tell_whom_to_call(self, until: Collection[asyncio.Task[Any]]) -> None:
        """Tell everybody whom to call until one of these is done or another bot turns out to have been there first."""
        channel = self.telegram.channel(self.bare, None)
        alone = asyncio.create_task(self.telegram.has_token_to_itself(self.stopped))
        try:
            await asyncio.wait({alone, *until}, return_when=asyncio.FIRST_COMPLETED)
            if alone.done():
                await alone
                if not (self.stopped.is_set() or any(each.done() for each in until)):
                    async with self._probed():
                        await answer_without_store(channel.listener, self.unsaved, until=until)
        except TokenShared:
            self.telegram.give_way()
        finally:
            alone.cancel()

    async def _with_store(self, pages: str) -> None:
        """Hold the conversation until stopped, or until the store is found damaged."""
        store, conversation, *_ = opened = await self.opening.opened
        try:
            while not self.stopped.is_set():
                alone, months = self.telegram.has_token_to_itself(self.stopped), self.settings.audit_months
                await keep_up_during(alone, conversation, store=store, audit_months=months, stopped=self.stopped)
                try:
                    if not self.stopped.is_set():
                        await self._converse(opened, pages)
                except TokenShared:
                    self.telegram.give_way()
        except StoreFault as fault:
            await store.close()
            self.opening.again(fault)
        finally:
            await store.close()

    async def _converse(self, opened: Opened, pages: str) -> None:
        """Hold the conversation in Telegram until stopped. Raises `TokenShared` where another bot was there first."""
        username = self.telegram.bot.username
        conversation = opened.conversation.linked(room_link(username), pages=pages)
        self.unsaved.speak_as(conversation)
        keep_for_good()
        log.info("ready", bot=username)
        async with self._probed():
            await run_channel(
                self.telegram.channel(conversation, opened.store),
                conversation,
                store=opened.store,
                unsaved=self.unsaved,
                mark=opened.mark,
                turns=opened.turns,
                audit_months=self.settings.audit_months,
                stopped=self.stopped,
            )

    @asynccontextmanager
    async def _opened(self, opened: Opened) -> AsyncIterator[str]:
        """While the store is open it is watched, and the channel beside this one is served: at which address of its pages."""
        with self.watch.over(opened.store):
            async with self.beside.serving(opened) if self.beside else nullcontext():
                yield self.beside.address if self.beside else ""


def _token(settings: Settings) -> str:
    if settings.telegram_token is None:
        raise SettingsFault(
            "SERAF_TELEGRAM_TOKEN is missing: put the token from @BotFather in .env, or in the environment"
        )
    return settings.telegram_token.get_secret_value()


def route_of(settings: Settings) -> Route:
    """The way to the Bot API."""
    proxy = settings.https_proxy.get_secret_value() if settings.https_proxy else None
    return Route(settings.telegram_api, proxy, settings.ssl_cert_file)


def _script(settings: Settings) -> Script:
    """What the conversation is held by, but for its codes and the link to this bot."""
    pack = load_pack(settings.pack)
    notes = note_taking(settings, pack)
    return Script(pack, load_wording(), FACTS, notes=notes, ways_in=ways_in(settings))


def _log_unhandled(_: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
    """Log a failure that no task was there to meet."""
    if (error := context.get("exception")) is not None:
        log_failure(error)
