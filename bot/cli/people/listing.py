"""The lists of people and of open invitations: who is wanted, in which order; to be read in 80 columns, or as JSON or CSV."""

import csv
import io
import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

import typer

from bot.access.account import Account, Removed, Terms, state_of
from bot.access.due import expiring
from bot.cli.context import CommandContext, Known, roll, unseen
from bot.cli.people.inviting import Offer, open_offers
from bot.cli.terminal import hour, short
from dialogs.core.role import Role
from dialogs.locked import AccountState
from dialogs.phrases.number import as_cell

COLUMNS = ("id", "label", "role", "standing", "until", "active", "held", "number")
OFFERED = ("id", "label", "role", "until")
"""Columns of people and of invitations for programs, with times in UTC."""

PEOPLE = (("Id", 8), ("Role", 12), ("Standing", 13), ("Admitted until", 14), ("Last active", 18), ("Held", 4))
OFFERS = (("Id", 8), ("Role", 12), ("Counts until", 12), ("Label", 40))
"""Columns for people, and the greatest width of what stands in them."""

SAID = {
    AccountState.OPEN: "admitted",
    AccountState.NO_CASES: "admitted",
    AccountState.LOCKED: "locked",
    AccountState.BARRED: "5 wrong PINs",
    AccountState.LAPSED: "lapsed",
    AccountState.NOTICE: "notice unread",
    AccountState.NEW_PIN: "no PIN yet",
    AccountState.UNREACHABLE: "not known",
}
"""The words for each state of an account. Programs are given its own name."""

BARRED = "Five wrong PINs: speak to them, then: seraf-bot people renew {who}"
"""Printed below somebody who is shut out."""

INDENT = " " * 10
"""Stands before the second line of an entry, below the role."""

Columns = tuple[tuple[str, int], ...]
Rows = Iterable[Mapping[str, Any]]
Form = Callable[[tuple[str, ...], Rows], str]
"""Writes columns and rows as a program reads them."""


class Order(StrEnum):
    """What the list is sorted by."""

    ACTIVE = "active"
    LABEL = "label"
    ROLE = "role"
    UNTIL = "until"


KEYS: Mapping[Order, Callable[[Account], Any]] = {
    Order.ACTIVE: lambda access: 0,  # as it was read: the latest active first
    Order.LABEL: lambda access: (access.admission.name.casefold(), access.audit_id),
    Order.ROLE: lambda access: (access.admission.role, access.admission.name.casefold()),
    Order.UNTIL: lambda access: access.admission.until,
}

OFFER_KEYS: Mapping[Order, Callable[[Offer], Any]] = {
    Order.ROLE: lambda offer: offer.invitation.role,
    Order.UNTIL: lambda offer: offer.until,
}
"""What invitations are sorted by before their labels."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which people are listed, by role or locked after wrong PINs, and in which order."""

    role: Role | None = None
    is_locked: bool = False
    order: Order = Order.ACTIVE

    @property
    def is_narrow(self) -> bool:
        """True if somebody may be left out."""
        return self.role is not None or self.is_locked

    def of(self, everybody: tuple[Known, ...], context: CommandContext) -> tuple[Known, ...]:
        """Return those who are wanted. Removed people come last, and only if everybody is wanted."""
        present = [
            (each.account, each)
            for each in everybody
            if isinstance(each.account, Account) and self._is_wanted(each.account, context)
        ]
        present.sort(key=lambda pair: KEYS[self.order](pair[0]))
        rest = () if self.is_narrow else tuple(e for e in everybody if not isinstance(e.account, Account))
        return (*(each for _, each in present), *rest)

    def invited(self, offers: Iterable[Offer]) -> list[Offer]:
        """Return the open invitations that are wanted, in the order if it applies to them, then by label."""
        wanted = [each for each in offers if self.role in (None, each.invitation.role)]
        wanted.sort(key=lambda each: (each.invitation.name.casefold(), each.invitation.audit_id))
        return sorted(wanted, key=OFFER_KEYS[self.order]) if self.order in OFFER_KEYS else wanted

    def _is_wanted(self, access: Account, context: CommandContext) -> bool:
        is_barred = state_of(access, context.now, terms=context.terms) is AccountState.BARRED
        return (self.role is None or access.admission.role is self.role) and (is_barred or not self.is_locked)


def near(everybody: tuple[Known, ...], now: datetime, *, within: timedelta | None) -> tuple[Known, ...]:
    """Return those whose access runs out within a time, or has not run out (None)."""
    soon = expiring((known.account for known in everybody if isinstance(known.account, Account)), now, within=within)
    ending = {access.audit_id for access in soon}
    return tuple(
        known for known in everybody if isinstance(known.account, Account) and known.account.audit_id in ending
    )


async def print_people(
    context: CommandContext, wanted: Wanted, *, within: timedelta | None, form: Form | None, has_numbers: bool
) -> None:
    """Print the people who are wanted, for a program; or to be read, below the invitations that are open."""
    everyone = await roll(context)
    everybody = wanted.of(everyone if within is None else near(everyone, context.now, within=within), context)
    if form is not None:
        columns = COLUMNS if has_numbers else COLUMNS[:-1]
        typer.echo(form(columns, (_person_row(each, context) for each in everybody)))
        return
    is_narrow = within is not None or wanted.is_narrow
    offers = [] if within is not None or wanted.is_locked else wanted.invited(await open_offers(context))
    if offers:
        typer.echo("\n".join(("Open invitations", *_offer_lines(offers), "")))
    if everybody:
        lines = people_lines(everybody, context.now, terms=context.terms, has_numbers=has_numbers)
        typer.echo("\n".join(lines))
    elif is_narrow:
        typer.echo("Nobody who has come in fits that.")
    else:
        typer.echo("Nobody has come in yet. Invite people with: seraf-bot people invite")
    if not is_narrow and (coming := await unseen(context)):
        typer.echo(f"First administrators not seen yet: {len(coming)}")


async def print_offers(context: CommandContext, wanted: Wanted, *, form: Form | None) -> None:
    """Print the open invitations that are wanted, for a program or to be read."""
    offers = wanted.invited(await open_offers(context))
    if form is not None:
        typer.echo(form(OFFERED, map(_offer_row, offers)))
    else:
        typer.echo("\n".join(_offer_lines(offers)) if offers else "No such invitation is open.")


def people_lines(everybody: Iterable[Known], now: datetime, *, terms: Terms, has_numbers: bool) -> Iterator[str]:
    """Yield the heads, then everybody; those who were removed at the end. Telegram numbers only where they were asked for."""
    yield _line(PEOPLE, (head for head, _ in PEOPLE))
    for known in sorted(everybody, key=lambda each: isinstance(each.account, Removed)):
        yield _line(PEOPLE, _cells(known, now, terms=terms))
        label = known.account.admission.name if isinstance(known.account, Account) else ""
        if below := ", ".join(filter(None, (label, known.address if has_numbers else ""))):
            yield INDENT + below
        if isinstance(known.account, Account) and state_of(known.account, now, terms=terms) is AccountState.BARRED:
            yield INDENT + BARRED.format(who=known.account.audit_id)


def _offer_lines(offers: Iterable[Offer]) -> Iterator[str]:
    """Yield the heads, then every invitation that is open."""
    yield _line(OFFERS, (head for head, _ in OFFERS))
    for offer in offers:
        # Without the year, since none counts for as long as that: so each fits on a line.
        until = f"{short(offer.until).rpartition(' ')[0]} {hour(offer.until)}"
        yield _line(OFFERS, (offer.invitation.audit_id, offer.invitation.role, until, offer.invitation.name))


def _cells(known: Known, now: datetime, *, terms: Terms) -> tuple[str, ...]:
    held = "yes" if known.account.held else "no"
    access, active = known.account, known.record.active
    if isinstance(access, Removed):
        return known.who, "", "removed", "", "", held
    if not isinstance(access, Account):
        return "", "", "newer version", "", "", held
    seen = f"{short(active)} {hour(active)}" if active else "not yet"
    return (
        access.audit_id,
        access.admission.role,
        SAID[state_of(access, now, terms=terms)],
        short(access.admission.until),
        seen,
        held,
    )


def _line(columns: Columns, cells: Iterable[str]) -> str:
    """Return the cells, each as wide as its column."""
    return "  ".join(cell.ljust(width) for cell, (_, width) in zip(cells, columns, strict=True)).rstrip()


def list_as_json(columns: tuple[str, ...], rows: Rows) -> str:
    """Return a list as JSON: one object for each row."""
    return json.dumps([{each: row[each] for each in columns} for row in rows], indent=2, ensure_ascii=False)


def list_as_csv(columns: tuple[str, ...], rows: Rows) -> str:
    """Return a list as CSV: the first line names the columns."""
    lines = io.StringIO()
    writer = csv.DictWriter(lines, columns, extrasaction="ignore", lineterminator="\n")
    writer.writeheader()
    writer.writerows(
        {key: as_cell(each) if isinstance(each, str) else each for key, each in row.items()} for row in rows
    )
    return lines.getvalue().rstrip("\n")


def _person_row(known: Known, context: CommandContext) -> dict[str, Any]:
    """Return the row of a person for a program; a removed person has an id alone, since all else was deleted with them."""
    access = known.account
    row: dict[str, Any] = dict.fromkeys(COLUMNS, "") | {"held": bool(access.held), "number": known.number}
    if not isinstance(access, Account):
        standing = "removed" if isinstance(access, Removed) else "newer version"
        return row | {"id": known.who, "standing": standing}
    active = known.record.active
    return (
        row
        | {"id": access.audit_id, "label": access.admission.name, "role": str(access.admission.role)}
        | {
            "standing": str(state_of(access, context.now, terms=context.terms)),
            "until": _in_utc(access.admission.until),
        }
        | {"active": _in_utc(active) if active else ""}
    )


def _offer_row(offer: Offer) -> dict[str, Any]:
    invitation = offer.invitation
    role, until = str(invitation.role), _in_utc(offer.until)
    return {"id": invitation.audit_id, "label": invitation.name, "role": role, "until": until}


def _in_utc(at: datetime) -> str:
    return at.isoformat(timespec="seconds")
