"""Creates and changes accounts by the flat names of their stored fields, however the class is structured."""

from collections.abc import Mapping
from datetime import datetime
from operator import attrgetter
from typing import Any

from bot.access.account import COLUMNS, Account, account_of
from dialogs.core.role import Role


def account_with(who: str, role: Role, until: datetime, name: str = "", **values: Any) -> Account:
    """Return an account with these stored fields."""
    return account_of({"who": who, "role": role, "until": until, "name": name, **values})


def altered(account: Account, **values: Any) -> Account:
    """Return a copy of the account with these stored fields changed."""
    return account_of({**values_of(account), **values})


def values_of(account: Account) -> Mapping[str, Any]:
    """Return all stored fields of an account."""
    return dict(zip(COLUMNS, attrgetter(*COLUMNS.values())(account), strict=True))
