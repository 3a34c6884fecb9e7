"""Accounts for tests about something else: admitted, the notice read, a PIN chosen."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from bot.access.account import Account, Terms, written
from bot.access.lock_screen import LockScreen
from bot.crypto.pins import Keypads, Pins
from bot.crypto.sealing import KeyRing
from bot.storage.store import Store
from bot.storage.values import Decide, Decision, Inbound, Record
from dialogs.core.role import Role
from tests.support.people.accounts import account_with, altered

PIN = "248613"
"""The PIN of everybody in the tests."""

LONG = timedelta(days=36_500)


def access(
    keys: KeyRing, role: Role = Role.PRACTITIONER, *, at: datetime | None = None, who: str = "0a0b0c0d"
) -> Account:
    """Return an account whose chat is open from `at` (default: now) on, and which stays admitted."""
    now = at or datetime.now(UTC)
    pin = Pins(keys.pepper).hashed(PIN, b"salt of the tests")
    return account_with(who, role, until=now + LONG, noticed=now + LONG, pin=pin, seen=now)


def admitting(standing: Account) -> Decide:
    """Return a decision that gives a person this account."""
    return lambda record, _: Decision(replace(record, access=written(standing)), ())


async def admit(store: Store, people: Iterable[str], standing: Account) -> None:
    """Admit the people who have no account yet. Each gets an id of their own."""
    now = datetime.now(UTC)
    new = [person for person in people if not await _is_known(store, person)]
    decides = [(person, admitting(altered(standing, who=f"{number:08x}"))) for number, person in enumerate(new, 1)]
    await store.turns([Inbound(f"admit {person}", now, person, decide, None) for person, decide in decides])


async def _is_known(store: Store, person: str) -> bool:
    found = await store.recall(person)
    return found is not None and bool(found[0].access)


def door(keys: KeyRing, terms: Terms | None = None) -> LockScreen:
    """Return a lock screen that uses these keys."""
    return LockScreen(Pins(keys.pepper), Keypads(keys), terms or Terms())


__all__ = ["PIN", "Record", "access", "admit", "admitting", "door"]
