"""Who of the list is wanted, in which order, also of those invited; and both as programs read them: JSON or CSV, with times in UTC."""

import csv
import io
import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from bot.access.account import Account, Removed, state_of
from bot.cli.frame.opening import Workplace
from bot.cli.frame.roll import Known
from bot.cli.people.inviting import Offer
from dialogs.core.role import Role
from dialogs.locked.gate import AccountState
from dialogs.phrases.quoting import as_cell

COLUMNS = ("id", "label", "role", "standing", "until", "active", "held", "number")
OFFERED = ("id", "label", "role", "until")

Rows = Iterable[Mapping[str, Any]]
Form = Callable[[tuple[str, ...], Rows], str]
"""How columns and rows become what a program reads."""


class Order(StrEnum):
    """What the list is sorted by."""

    ACTIVE = "active"
    LABEL = "label"
    ROLE = "role"
    UNTIL = "until"


KEYS: Mapping[Order, Callable[[Account], Any]] = {
    Order.ACTIVE: lambda account: 0,  # as it was read: the latest active first
    Order.LABEL: lambda account: (account.admission.name.casefold(), account.audit_id),
    Order.ROLE: lambda account: (account.admission.role, account.admission.name.casefold()),
    Order.UNTIL: lambda account: account.admission.until,
}

OFFER_KEYS: Mapping[Order, Callable[[Offer], Any]] = {
    Order.ROLE: lambda offer: offer.invitation.role,
    Order.UNTIL: lambda offer: offer.until,
}
"""What invitations are sorted by before their labels."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """Who is wanted: of a role, locked after wrong PINs; and in which order."""

    role: Role | None = None
    is_locked: bool = False
    order: Order = Order.ACTIVE

    @property
    def is_narrow(self) -> bool:
        """Whether somebody may be left out."""
        return self.role is not None or self.is_locked

    def of(self, everybody: tuple[Known, ...], desk: Workplace) -> tuple[Known, ...]:
        """Those of everybody, those without a standing at the end, and only where nothing narrows the list."""
        standing = [
            each for each in everybody if isinstance(each.account, Account) and self._is_wanted(each.account, desk)
        ]
        standing.sort(key=lambda each: KEYS[self.order](each.account))  # type: ignore[arg-type]
        rest = () if self.is_narrow else tuple(e for e in everybody if not isinstance(e.account, Account))
        return (*standing, *rest)

    def invited(self, offers: Iterable[Offer]) -> list[Offer]:
        """Those of the invitations that are open: by label, and before that as the order says, where it says anything of them."""
        wanted = [each for each in offers if self.role in (None, each.invitation.role)]
        wanted.sort(key=lambda each: (each.invitation.name.casefold(), each.invitation.audit_id))
        return sorted(wanted, key=OFFER_KEYS[self.order]) if self.order in OFFER_KEYS else wanted

    def _is_wanted(self, account: Account, desk: Workplace) -> bool:
        is_barred = state_of(account, desk.now, terms=desk.terms) is AccountState.BARRED
        return (self.role is None or account.admission.role is self.role) and (is_barred or not self.is_locked)


def list_as_json(columns: tuple[str, ...], rows: Rows) -> str:
    """A list as JSON: one object a row."""
    return json.dumps([{each: row[each] for each in columns} for row in rows], indent=2, ensure_ascii=False)


def list_as_csv(columns: tuple[str, ...], rows: Rows) -> str:
    """A list as CSV: the first line names the columns."""
    lines = io.StringIO()
    writer = csv.DictWriter(lines, columns, extrasaction="ignore", lineterminator="\n")
    writer.writeheader()
    writer.writerows(
        {key: as_cell(each) if isinstance(each, str) else each for key, each in row.items()} for row in rows
    )
    return lines.getvalue().rstrip("\n")


def person_row(known: Known, desk: Workplace) -> dict[str, Any]:
    """What is told of one person; of somebody who was removed only that and their id, since all else went with it."""
    account = known.account
    told: dict[str, Any] = dict.fromkeys(COLUMNS, "") | {"held": bool(account.held), "number": known.number}
    if not isinstance(account, Account):
        standing = "removed" if isinstance(account, Removed) else "newer version"
        return told | {"id": known.who, "standing": standing}
    active = known.record.active
    return (
        told
        | {"id": account.audit_id, "label": account.admission.name, "role": str(account.admission.role)}
        | {"standing": str(state_of(account, desk.now, terms=desk.terms)), "until": _moment(account.admission.until)}
        | {"active": _moment(active) if active else ""}
    )


def offer_row(offer: Offer) -> dict[str, Any]:
    """What is told of one invitation."""
    invitation = offer.invitation
    return {
        "id": invitation.audit_id,
        "label": invitation.name,
        "role": str(invitation.role),
        "until": _moment(offer.until),
    }


def _moment(at: datetime) -> str:
    return at.isoformat(timespec="seconds")
