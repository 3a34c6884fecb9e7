"""The fake Bot API, a server on loopback, and the methods with which tests control it."""

import asyncio
import inspect
import math
import time
from collections.abc import Collection
from datetime import datetime
from typing import Any, Self

from aiohttp import web

from tests.fakes.telegram.api import wire
from tests.fakes.telegram.api.methods import METHODS
from tests.fakes.telegram.api.parameters import read
from tests.fakes.telegram.clock import Clock, system_clock
from tests.fakes.telegram.faults.politeness import Lateness, Sent, Silences, crowding
from tests.fakes.telegram.faults.script import Fault, FaultKind, FaultScript
from tests.fakes.telegram.faults.spoiling import spoil
from tests.fakes.telegram.people.group import Group
from tests.fakes.telegram.people.person import Person
from tests.fakes.telegram.people.transcripts import write
from tests.fakes.telegram.state.refusals import Refusal, too_many
from tests.fakes.telegram.state.world import BOT_ID, World

TOKEN = f"{BOT_ID}:not-a-real-token-for-tests-only-0000"
LARGEST_BODY = 50 * 1024 * 1024
_BY_LOWER_NAME = {name.lower(): name for name in METHODS}


class FakeTelegram:
    """A strict Bot API for one bot, over real HTTP: `async with FakeTelegram() as server: ... server.base`."""

    def __init__(self, *, clock: Clock = system_clock, token: str = TOKEN, port: int = 0) -> None:
        self.token = token
        self.world = World(clock)
        self.requests: list[wire.Request] = []
        self.sent_at: list[Sent] = []
        self.violations = self.world.violations
        self.faults = FaultScript()
        self._lateness = Lateness()
        self._silences = Silences(self._lateness)
        self._watching: asyncio.Task[None] | None = None
        self._people: dict[int, Person] = {}
        self._port = port
        self._runner: web.AppRunner | None = None

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(self, *_error: object) -> None:
        await self.stop()

    @property
    def base(self) -> str:
        """The address of the server, to which a bot adds `/bot{token}/{method}`."""
        return f"http://127.0.0.1:{self._port}"

    async def start(self) -> None:
        """Start listening. A server that was stopped uses the same port again."""
        app = web.Application(client_max_size=LARGEST_BODY)
        app.router.add_route("*", "/bot{token}/{method}", self._serve)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.5)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", self._port, reuse_address=True).start()
        self._port = self._runner.addresses[0][1]
        self._watching = asyncio.create_task(self._lateness.watch())
        self.world.updates.open()

    async def stop(self) -> None:
        """Stop listening, as in an outage. No call gets through, and waiting updates are kept."""
        if self._watching is not None:
            self._watching.cancel()
        if self._runner is not None:
            self.world.updates.close()
            await self._runner.cleanup()
            self._runner = None

    def person(self, user_id: int, *, first_name: str = "Person", username: str | None = None) -> Person:
        """Return the simulated person with this id, always the same object."""
        if user_id not in self._people:
            self._people[user_id] = Person(self.world, user_id, first_name=first_name, username=username)
        return self._people[user_id]

    def group(self, chat_id: int, *, title: str = "Team", added_by: Person | None = None) -> Group:
        """Return a new group to which the bot was just added."""
        return Group(self.world, chat_id, title=title, added_by=added_by or self.person(abs(chat_id)))

    def fault(
        self,
        *,
        kind: FaultKind,
        method: str | None = None,
        retry_after: int = 1,
        seconds: float = 0.0,
        chat: int | None = None,
        skip: int = 0,
        times: int = 1,
    ) -> None:
        """Let a fault affect the next `times` calls of `method` about `chat` (None: any), after `skip` such calls."""
        fault = Fault(kind=kind, method=method, chat=chat, retry_after=retry_after, seconds=seconds)
        self.faults.add(fault, skip=skip, times=times)

    def fault_until(
        self, until: datetime, *, kind: FaultKind, methods: Collection[str], retry_after: int = 1, seconds: float = 0.0
    ) -> None:
        """Let a fault affect every call of these methods until the server's clock reaches `until`."""
        if unknown := set(methods) - set(METHODS):
            raise ValueError(f"there are no such methods: {', '.join(sorted(unknown))}")
        fault = Fault(kind=kind, retry_after=retry_after, seconds=seconds)
        self.faults.add_lasting(fault, methods=methods, until=until)

    def push_raw(self, update: dict[str, Any]) -> int:
        """Queue any dictionary as an update, and return its update id."""
        return self.world.updates.push_raw(update)

    def redeliver(self, update_id: int) -> None:
        """Deliver an update again, with the same update id."""
        self.world.updates.redeliver(update_id)

    def restart_ids(self, first_id: int) -> None:
        """Continue with `first_id` as the next update id, as Telegram may do after a week without updates."""
        self.world.updates.restart_ids(first_id)

    @property
    def pending(self) -> tuple[dict[str, Any], ...]:
        """The updates that are neither confirmed nor expired, in order."""
        return self.world.updates.pending

    def crowding(self, *, chat_gap: float = 1.0, per_second: int = 25) -> list[str]:
        """Return one line for each new message that was sent too soon after others."""
        return crowding(self.sent_at, chat_gap=chat_gap, per_second=per_second)

    def transcript(self, whose: Person | Group) -> str:
        """Return the events of a chat as text, one line each."""
        return write(self.world.chats[whose.chat_id].acts)

    def calls(self, method: str) -> list[wire.Request]:
        return [request for request in self.requests if request.method == method]

    async def _serve(self, request: web.Request) -> web.StreamResponse:
        at = time.monotonic()
        if request.match_info["token"] != self.token:
            return wire.no(Refusal(401, "Unauthorized"))
        method = _BY_LOWER_NAME.get(request.match_info["method"].lower())
        if method is None:
            self.violations.append(f"unknown method {request.match_info['method']!r}")
            return wire.no(Refusal(404, "Not Found"))
        try:
            call = wire.Request(method, await wire.read_body(request), at)
            self.requests.append(call)
            self._expect_silence(call)
            return await self._with_fault(request, call)
        except Refusal as refusal:
            return wire.no(refusal)

    def _expect_silence(self, call: wire.Request) -> None:
        if call.method == "getUpdates":
            return
        left = self._silences.left(call.whom, call.at)
        if self._silences.broken(call.whom, call.at):
            self.violations.append(f"{call.method}: sent {left:.2f} s before retry_after had passed")
        if left:
            self._silences.ask(call.whom, time.monotonic(), math.ceil(left))
            raise too_many(math.ceil(left))

    async def _with_fault(self, request: web.Request, call: wire.Request) -> web.StreamResponse:
        fault = self.faults.take(call.method, call.whom, self.world.clock())
        if fault is None:
            return wire.yes(await self._carry_out(call))
        if fault.kind in ("too_many", "too_many_for_all") and call.method != "getUpdates":
            is_for_everybody = fault.kind == "too_many_for_all"
            self._silences.ask(call.whom, time.monotonic(), fault.retry_after, is_for_everybody=is_for_everybody)
        return await spoil(request, fault, lambda: self._carry_out(call))

    async def _carry_out(self, call: wire.Request) -> Any:
        params, wrong = read(call.method, call.params)
        self.violations.extend(wrong)
        result = METHODS[call.method](self.world, params)
        if inspect.isawaitable(result):
            return await result
        if call.method.startswith("send"):
            self.sent_at.append(Sent(params["chat_id"], call.at, self._lateness.worst(call.at - 1.0)))
        return result
