"""The lists of people and of unused invitations: selected, sorted, and printed in 80 columns, as JSON or as CSV."""

import csv
import io
import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from typer import echo

from bot.access.account import Account, Removed, state_of
from bot.access.due import expiring
from bot.cli.context import CommandContext, Known, held_of, roll, unseen
from bot.cli.people.inviting import Offer, open_offers
from bot.cli.terminal import day, hour
from dialogs.core.role import Role
from dialogs.locked import AccountState
from dialogs.phrases.number import as_cell

# The columns of the JSON and CSV lists of people and of invitations. Their times are in UTC.
COLUMNS = ("id", "label", "role", "standing", "until", "active", "held", "number")
OFFERED = ("id", "label", "role", "until")
# The columns of the printed lists, each with its width in characters.
PEOPLE = (("Id", 8), ("Role", 12), ("Standing", 13), ("Admitted until", 14), ("Last active", 18), ("Held", 4))
OFFERS = (("Id", 8), ("Role", 12), ("Counts until", 12), ("Label", 40))

STANDINGS = {
    AccountState.OPEN: "admitted",
    AccountState.NO_CASES: "admitted",
    AccountState.LOCKED: "locked",
    AccountState.BARRED: "5 wrong PINs",
    AccountState.LAPSED: "lapsed",
    AccountState.NOTICE: "notice unread",
    AccountState.NEW_PIN: "no PIN yet",
    AccountState.UNREACHABLE: "not known",
}
"""The words for each state of an account in printed lists. The JSON and CSV lists have the name of the state instead."""

INDENT = " " * 10  # indents the second line about a person, so that it begins below the role

Rows = Iterable[Mapping[str, Any]]
Form = Callable[[tuple[str, ...], Rows], str]  # writes columns and rows for a program


class Order(StrEnum):
    """The value by which a list is sorted."""

    ACTIVE = "active"
    LABEL = "label"
    ROLE = "role"
    UNTIL = "until"


KEYS: Mapping[Order, Callable[[Account], Any]] = {
    Order.ACTIVE: lambda account: 0,  # the order of the roll: the latest active first
    Order.LABEL: lambda account: (account.admission.name.casefold(), account.audit_id),
    Order.ROLE: lambda account: (account.admission.role, account.admission.name.casefold()),
    Order.UNTIL: lambda account: account.admission.until,
}


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which people to list, and in which order: those in a role, those whose wrong PINs barred their chat, or everybody."""

    role: Role | None = None
    is_locked: bool = False
    order: Order = Order.ACTIVE

    @property
    def is_narrow(self) -> bool:
        """True if the selection may leave people out."""
        return self.role is not None or self.is_locked

    def of(self, everybody: tuple[Known, ...], context: CommandContext) -> tuple[Known, ...]:
        """Return the selected people in the chosen order. If everybody is selected, removed people come last."""
        chosen = list[tuple[Account, Known]]()
        for known in everybody:
            if (account := known.admitted) and self.role in (None, account.admission.role):
                is_barred = state_of(account, context.now, terms=context.terms) is AccountState.BARRED
                if is_barred or not self.is_locked:
                    chosen.append((account, known))
        chosen.sort(key=lambda pair: KEYS[self.order](pair[0]))
        rest = () if self.is_narrow else tuple(known for known in everybody if known.admitted is None)
        return (*(known for _, known in chosen), *rest)

    def invited(self, offers: Iterable[Offer]) -> list[Offer]:
        """Return the invitations of the selected role in the chosen order. Within that, they are sorted by label."""
        chosen = [offer for offer in offers if self.role in (None, offer.invitation.role)]
        chosen.sort(key=lambda offer: (offer.invitation.name.casefold(), offer.invitation.audit_id))
        if self.order is Order.ROLE:
            chosen.sort(key=lambda offer: offer.invitation.role)
        elif self.order is Order.UNTIL:
            chosen.sort(key=lambda offer: offer.until)
        return chosen


def near(everybody: tuple[Known, ...], now: datetime, *, within: timedelta | None) -> tuple[Known, ...]:
    """Return the people whose admission ends within `within`. If it is None, return everybody whose admission is not over."""
    ending = expiring((known.admitted for known in everybody if known.admitted), now, within=within)
    ids = {account.audit_id for account in ending}
    return tuple(known for known in everybody if known.admitted and known.admitted.audit_id in ids)


async def print_people(
    context: CommandContext, wanted: Wanted, *, within: timedelta | None, form: Form | None, has_numbers: bool
) -> None:
    """Print the selected people as `form` writes them. Without it, print unused invitations and a table of the people."""
    everyone = await roll(context)
    everybody = wanted.of(everyone if within is None else near(everyone, context.now, within=within), context)
    if form is not None:
        rows = []
        for known in everybody:
            # A removed person has only an id, since everything else was deleted.
            standing = "removed" if isinstance(known.account, Removed) else "newer version"
            row = {"id": known.who, "standing": standing, "held": bool(held_of(known.record)), "number": known.number}
            if account := known.admitted:
                active = _in_utc(known.record.active) if known.record.active else ""
                row |= {"label": account.admission.name, "role": str(account.admission.role), "active": active}
                row["standing"] = str(state_of(account, context.now, terms=context.terms))
                row["until"] = _in_utc(account.admission.until)
            rows.append(dict.fromkeys(COLUMNS, "") | row)
        echo(form(COLUMNS if has_numbers else COLUMNS[:-1], rows))
        return
    is_narrow = within is not None or wanted.is_narrow
    offers = [] if within is not None or wanted.is_locked else wanted.invited(await open_offers(context))
    if offers:
        echo("\n".join(("Open invitations", *_offer_lines(offers), "")))
    if everybody:
        echo("\n".join(people_lines(everybody, context, has_numbers=has_numbers)))
    elif is_narrow:
        echo("Nobody who has come in fits that.")
    else:
        echo("Nobody has come in yet. Invite people with: seraf-bot people invite")
    if not is_narrow and (coming := await unseen(context)):
        echo(f"First administrators not seen yet: {len(coming)}")


async def print_offers(context: CommandContext, wanted: Wanted, *, form: Form | None) -> None:
    """Print the selected unused invitations as `form` writes them, or, without it, as a table."""
    offers = wanted.invited(await open_offers(context))
    if form is None:
        echo("\n".join(_offer_lines(offers)) if offers else "No such invitation is open.")
        return
    rows = ((offer.invitation, _in_utc(offer.until)) for offer in offers)
    values = ((invited.audit_id, invited.name, str(invited.role), until) for invited, until in rows)
    echo(form(OFFERED, (dict(zip(OFFERED, row, strict=True)) for row in values)))


def people_lines(everybody: Iterable[Known], context: CommandContext, *, has_numbers: bool) -> Iterator[str]:
    """Yield the column headings, then lines about each person, removed people last. `has_numbers` adds Telegram numbers."""
    yield _line(PEOPLE, (head for head, _ in PEOPLE))
    for known in sorted(everybody, key=lambda known: isinstance(known.account, Removed)):
        held, account = "yes" if held_of(known.record) else "no", known.admitted
        state = state_of(account, context.now, terms=context.terms) if account else None
        if account is None or state is None:
            standing = "removed" if isinstance(known.account, Removed) else "newer version"
            yield _line(PEOPLE, (known.who, "", standing, "", "", held))
        else:
            active, until = known.record.active, day(account.admission.until, is_short=True)
            seen = f"{day(active, is_short=True)} {hour(active)}" if active else "not yet"
            yield _line(PEOPLE, (account.audit_id, account.admission.role, STANDINGS[state], until, seen, held))
        label, number = account.admission.name if account else "", ""
        if has_numbers:
            telegram = f"Telegram {known.number}" if known.number else "forgotten"
            number = f"Browser {known.record.person}" if known.signs_in else telegram
        if below := ", ".join(filter(None, (label, number))):
            yield INDENT + below
        if account and state is AccountState.BARRED:
            yield f"{INDENT}Five wrong PINs: speak to them, then: seraf-bot people renew {account.audit_id}"


def _offer_lines(offers: Iterable[Offer]) -> Iterator[str]:
    yield _line(OFFERS, (head for head, _ in OFFERS))
    for offer in offers:
        # Without the year, to fit on a line: an invitation is valid for a few weeks.
        until = f"{day(offer.until, is_short=True).rpartition(' ')[0]} {hour(offer.until)}"
        yield _line(OFFERS, (offer.invitation.audit_id, offer.invitation.role, until, offer.invitation.name))


def _line(columns: tuple[tuple[str, int], ...], cells: Iterable[str]) -> str:
    return "  ".join(cell.ljust(width) for cell, (_, width) in zip(cells, columns, strict=True)).rstrip()


def list_as_json(columns: tuple[str, ...], rows: Rows) -> str:
    """Return the rows of a list as JSON, with an object for each."""
    return json.dumps([{column: row[column] for column in columns} for row in rows], indent=2, ensure_ascii=False)


def list_as_csv(columns: tuple[str, ...], rows: Rows) -> str:
    """Return the rows of a list as CSV. The first line has the column names."""
    lines = io.StringIO()
    writer = csv.DictWriter(lines, columns, extrasaction="ignore", lineterminator="\n")
    writer.writeheader()
    for row in rows:
        writer.writerow({key: as_cell(value) if isinstance(value, str) else value for key, value in row.items()})
    return lines.getvalue().rstrip("\n")


def _in_utc(at: datetime) -> str:
    return at.isoformat(timespec="seconds")
