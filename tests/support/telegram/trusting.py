"""Helpers for tests of privacy: they change accounts beside a running bot, let time pass, and look for leaks."""

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
"""Texts that reveal a case: its reference, the place in the form, the score, and the labels of items."""


def of_a_case(texts: Iterable[str]) -> list[str]:
    """Return those texts that reveal a case and occur in `texts`."""
    return [word for text in texts for word in OF_A_CASE if word in text]


def shown_since(person: Person, acts: int) -> list[str]:
    """Return the texts of all messages, edits and answers to taps after the first `acts` events of a chat."""
    since = person.acts[acts:]
    words = [act.words for act in since if act.deed == "answered"]
    return words + [act.message.text for act in since if act.deed in ("sent", "edited") and act.message]


async def order(home: Home, clock: FakeClock, decide: Decide, person: int = SAM) -> None:
    """Apply a decision to a person in the store, beside the bot, as the command line does."""
    store = await home.opened()
    await once_derived(store.turns, [Inbound(f"cli:{token_hex(8)}", clock(), f"telegram:{person}", decide, None)])
    await store.close()


async def standing(home: Home, clock: FakeClock, person: int = SAM, **fields: Any) -> None:
    """Change fields of a person's account in the store, beside the bot. The work on the account becomes due at once."""
    at = clock()

    def decide(record: Record, _: object = None) -> Decision:
        access = altered(_access(record), **fields)
        return Decision(replace(with_next_card(record), access=written(access), due=at), ())

    await order(home, clock, decide, person)


BETWEEN_LOOKS = 0.05
"""The pause between two checks, in seconds."""


async def access_of(home: Home, person: int = SAM) -> Account:
    """Return the stored account of a person."""
    record = await home.record(person)
    assert record is not None
    return _access(record)


async def invited(home: Home, at: datetime, role: Role = Role.PRACTITIONER, *, days: int = 7) -> str:
    """Store an invitation code that admits one person once, within `days` days. Return the code."""
    code, store = make_code(), await home.opened()
    await store.write(
        lambda t: t.invitation_codes.issue(
            code, Invitation(make_who(), role, "Invited").text(), until=at + timedelta(days=days)
        )
    )
    await store.close()
    return code


async def entries(home: Home) -> list[Entry]:
    """Return all entries of the audit, in order."""
    store = await home.opened()
    found = await store.read(lambda t: t.audit.entries())
    await store.close()
    return list(found)


async def words(home: Home) -> list[str]:
    """Return the kinds of all audit entries, in order."""
    return [str(entry.what) for entry in await entries(home)]


async def later(home: Home, clock: FakeClock, sam: Person, **time: float) -> None:
    """Move the clock on, and let the bot poll, so that a message about a silence comes before the next tap."""
    clock.advance(**time)
    home.server.push_raw({})
    await sam.until(lambda: not home.server.pending)
    await sam.settled()


async def locked_by_time(home: Home, clock: FakeClock, sam: Person, **time: float) -> None:
    """Move the clock on, and wait until the lock is stored, so that no tap comes before it."""
    await later(home, clock, sam, **time)
    while not (await access_of(home)).door.is_locked:
        await asyncio.sleep(BETWEEN_LOOKS)
    await sam.settled()


def _access(record: Record) -> Account:
    access = read_account(record.access)
    assert isinstance(access, Account)
    return access
