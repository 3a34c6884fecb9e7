"""Who of the list is wanted, in which order, and the list as programs read it: JSON or CSV, with times in UTC."""

import csv
import io
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from bot.access.standing import Access, Removed, standing_of
from bot.cli.frame.opening import Workplace
from bot.cli.frame.roll import Known
from dialogs.core.role import Role
from dialogs.locked.gate import Standing

COLUMNS = ("id", "label", "role", "standing", "until", "active", "held", "number")


class Order(StrEnum):
    """What the list is sorted by."""

    ACTIVE = "active"
    LABEL = "label"
    ROLE = "role"
    UNTIL = "until"


KEYS: Mapping[Order, Callable[[Access], Any]] = {
    Order.ACTIVE: lambda access: 0,  # as it was read: the latest active first
    Order.LABEL: lambda access: (access.name.casefold(), access.who),
    Order.ROLE: lambda access: (access.role, access.name.casefold()),
    Order.UNTIL: lambda access: access.until,
}


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
            each for each in everybody if isinstance(each.access, Access) and self._is_wanted(each.access, desk)
        ]
        standing.sort(key=lambda each: KEYS[self.order](each.access))  # type: ignore[arg-type]
        rest = () if self.is_narrow else tuple(e for e in everybody if not isinstance(e.access, Access))
        return (*standing, *rest)

    def _is_wanted(self, access: Access, desk: Workplace) -> bool:
        is_barred = standing_of(access, desk.now, terms=desk.terms) is Standing.BARRED
        return (self.role is None or access.role is self.role) and (is_barred or not self.is_locked)


def list_as_json(people: tuple[Known, ...], desk: Workplace, *, has_numbers: bool) -> str:
    """The list as JSON: one object a person."""
    return json.dumps([_values(each, desk, has_numbers=has_numbers) for each in people], indent=2, ensure_ascii=False)


def list_as_csv(people: tuple[Known, ...], desk: Workplace, *, has_numbers: bool) -> str:
    """The list as CSV: one line a person, the first names the columns."""
    lines = io.StringIO()
    columns = COLUMNS if has_numbers else COLUMNS[:-1]
    writer = csv.DictWriter(lines, columns, lineterminator="\n")
    writer.writeheader()
    writer.writerows(_values(each, desk, has_numbers=has_numbers) for each in people)
    return lines.getvalue().rstrip("\n")


def _values(known: Known, desk: Workplace, *, has_numbers: bool) -> dict[str, Any]:
    """What is told of one person; of somebody who was removed only that and their id, since all else went with it."""
    access = known.access
    numbered = {"number": known.number} if has_numbers else {}
    told: dict[str, Any] = dict.fromkeys(COLUMNS[:-1], "") | {"held": bool(access.held)}
    if not isinstance(access, Access):
        standing = "removed" if isinstance(access, Removed) else "newer version"
        return told | {"id": known.who, "standing": standing} | numbered
    active = known.record.active
    return (
        told
        | {"id": access.who, "label": access.name, "role": str(access.role)}
        | {"standing": str(standing_of(access, desk.now, terms=desk.terms)), "until": _moment(access.until)}
        | {"active": _moment(active) if active else ""}
        | numbered
    )


def _moment(at: datetime) -> str:
    return at.isoformat(timespec="seconds")
