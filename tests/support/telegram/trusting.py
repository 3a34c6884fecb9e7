"""Helpers of the tests of trust: changing an account next to a running bot, passing time, and what no closed chat may show."""

import asyncio
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta
from secrets import token_hex
from typing import Any

from bot.access.account import Account, read_account, written
from bot.access.admission import Invitation, make_who
from bot.conversation.records import with_next_card
from bot.crypto.at_random import make_code
from bot.storage.turning import once_derived
from bot.storage.values import Decide, Decision, Inbound, Record
from bot.trail.chain import Entry
from dialogs.core.role import Role
from tests.fakes.telegram import FakeClock, Person
from tests.support.people.accounts import altered
from tests.support.shipped import INSTRUMENT
from tests.support.telegram.bots import REFERENCE
from tests.support.telegram.home import SAM, Home

NEUTRAL = "This is a private service. It cannot help you here."

OF_A_CASE = (REFERENCE, "· item", "Category ", "Total", "nswered", *(item.label for item in INSTRUMENT.items))
"""What is shown of a case: its reference, its place, its items, its number."""


def of_a_case(texts: Iterable[str]) -> list[str]:
    """Return the parts of a case in these texts."""
    return [word for text in texts for word in OF_A_CASE if word in text]


def shown_since(person: Person, acts: int) -> list[str]:
    """Return every version of a message and every answer to a tap after so many acts in the chat."""
    since = person.acts[acts:]
    words = [act.words for act in since if act.deed == "answered"]
    return words + [act.message.text for act in since if act.deed in ("sent", "edited") and act.message]


async def order(home: Home, clock: FakeClock, decide: Decide, person: int = SAM) -> None:
    """Change somebody by the command line, next to the bot."""
    store = await home.opened()
    await once_derived(store.turns, [Inbound(f"cli:{token_hex(8)}", clock(), f"telegram:{person}", decide, None)])
    await store.close()


async def standing(home: Home, clock: FakeClock, person: int = SAM, **fields: Any) -> None:
    """Change fields of somebody's account, next to the bot."""
    at = clock()

    def decide(record: Record, _: object = None) -> Decision:
        access = altered(_access(record), **fields)
        return Decision(replace(with_next_card(record), access=written(access), due=at), ())

    await order(home, clock, decide, person)


BETWEEN_LOOKS = 0.05
"""Seconds."""


async def access_of(home: Home, person: int = SAM) -> Account:
    """Return somebody's stored account."""
    record = await home.record(person)
    assert record is not None
    return _access(record)


async def invited(home: Home, at: datetime, role: Role = Role.PRACTITIONER, *, days: int = 7) -> str:
    """Return a code that admits one person once, within so many days."""
    code, store = make_code(), await home.opened()
    await store.write(
        lambda t: t.invitation_codes.issue(
            code, Invitation(make_who(), role, "Invited").text(), until=at + timedelta(days=days)
        )
    )
    await store.close()
    return code


async def entries(home: Home) -> list[Entry]:
    """Return the audit."""
    store = await home.opened()
    found = await store.read(lambda t: t.audit.entries())
    await store.close()
    return list(found)


async def words(home: Home) -> list[str]:
    """Return the events of the audit."""
    return [str(entry.what) for entry in await entries(home)]


async def later(home: Home, clock: FakeClock, sam: Person, **time: float) -> None:
    """Let time pass, and the bot poll, so that the notice of a long silence comes before the next tap."""
    clock.advance(**time)
    home.server.push_raw({})
    await sam.until(lambda: not home.server.pending)
    await sam.settled()


async def locked_by_time(home: Home, clock: FakeClock, sam: Person, **time: float) -> None:
    """Do the same until the lock is recorded, so that no tap comes in between."""
    await later(home, clock, sam, **time)
    while not (await access_of(home)).door.is_locked:
        await asyncio.sleep(BETWEEN_LOOKS)
    await sam.settled()


def _access(record: Record) -> Account:
    access = read_account(record.access)
    assert isinstance(access, Account)
    return access
