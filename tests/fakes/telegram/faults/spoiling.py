"""What each kind of fault does to a call."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any, assert_never

from aiohttp import web

from tests.fakes.telegram.api import wire
from tests.fakes.telegram.faults.script import Fault
from tests.fakes.telegram.state.refusals import CONFLICT, Refusal, too_many


async def spoil(request: web.Request, fault: Fault, carry_out: Callable[[], Awaitable[Any]]) -> web.Response:
    """Return the response that the fault demands. `carry_out` gives the call its effect, if the fault allows it."""
    match fault.kind:
        case "too_many" | "too_many_for_all":
            return wire.no(too_many(fault.retry_after))
        case "unauthorized":
            return wire.no(Refusal(401, "Unauthorized"))
        case "conflict":
            return wire.no(Refusal(409, CONFLICT))
        case "cut_before":
            return wire.cut(request)
        case "error_500":
            return wire.page(500)
        case "error_502":
            return wire.page(502)
        case "cut_after":
            await carry_out()
            return wire.cut(request)
        case "garbage":
            await carry_out()
            return wire.garbage()
        case "delay":
            await asyncio.sleep(fault.seconds)
            return wire.yes(await carry_out())
        case "late":
            result = await carry_out()
            await asyncio.sleep(fault.seconds)
            return wire.yes(result)
        case _:
            assert_never(fault.kind)
