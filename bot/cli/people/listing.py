"""The list of people and of open invitations as lines that fit a terminal of 80 signs, whatever roles and names there are."""

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta

import typer

from bot.access.account import Account, Removed, Terms, state_of
from bot.cli.frame.opening import Workplace
from bot.cli.frame.plain import hour, short
from bot.cli.frame.roll import Known, roll, unseen
from bot.cli.people.choosing import COLUMNS, OFFERED, Form, Wanted, offer_row, person_row
from bot.cli.people.inviting import Offer, open_offers
from bot.cli.people.renewing import near
from dialogs.locked.gate import AccountState

PEOPLE = (("Id", 8), ("Role", 12), ("Standing", 13), ("Admitted until", 14), ("Last active", 18), ("Held", 4))
OFFERS = (("Id", 8), ("Role", 12), ("Counts until", 12), ("Label", 40))
"""Columns, and how wide what stands in them can be."""

NOBODY = "Nobody has come in yet. Invite people with: seraf-bot people invite"
NOBODY_FITS = "Nobody who has come in fits that."
NEVER = "not yet"

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
"""How each standing is called in the list. For programs it has its own name."""

BARRED = "Five wrong PINs: speak to them, then: seraf-bot people renew {who}"
"""What stands below somebody who is shut out, as whoever is only locked is not."""

BESIDE = " " * 10
"""What stands before the second line of an entry, below the role."""

Columns = tuple[tuple[str, int], ...]


async def print_people(
    desk: Workplace, wanted: Wanted, *, within: timedelta | None, form: Form | None, has_numbers: bool
) -> None:
    """The people who are wanted, for a program; or to be read, below the invitations that are open."""
    everyone = await roll(desk)
    everybody = wanted.of(everyone if within is None else near(everyone, desk, within=within), desk)
    if form is not None:
        columns = COLUMNS if has_numbers else COLUMNS[:-1]
        typer.echo(form(columns, (person_row(each, desk) for each in everybody)))
        return
    is_narrow = within is not None or wanted.is_narrow
    offers = [] if within is not None or wanted.is_locked else wanted.invited(await open_offers(desk))
    if offers:
        typer.echo("\n".join(("Open invitations", *offer_lines(offers), "")))
    lines = people_lines(everybody, desk.now, terms=desk.terms, has_numbers=has_numbers)
    typer.echo("\n".join(lines) if everybody else NOBODY_FITS if is_narrow else NOBODY)
    if not is_narrow and (coming := await unseen(desk)):
        typer.echo(f"First administrators not seen yet: {len(coming)}")


async def print_offers(desk: Workplace, wanted: Wanted, *, form: Form | None) -> None:
    """The open invitations that are wanted alone, for a program or to be read."""
    offers = wanted.invited(await open_offers(desk))
    if form is not None:
        typer.echo(form(OFFERED, map(offer_row, offers)))
    else:
        typer.echo("\n".join(offer_lines(offers)) if offers else "No such invitation is open.")


def people_lines(everybody: Iterable[Known], now: datetime, *, terms: Terms, has_numbers: bool) -> Iterator[str]:
    """The heads, then everybody; those who were removed at the end. Telegram numbers only where they were asked for."""
    yield _line(PEOPLE, (head for head, _ in PEOPLE))
    for known in sorted(everybody, key=lambda each: isinstance(each.account, Removed)):
        yield _line(PEOPLE, _cells(known, now, terms=terms))
        named = (
            [known.account.admission.name]
            if isinstance(known.account, Account) and known.account.admission.name
            else []
        )
        numbered = [known.address] if has_numbers else []
        if beside := ", ".join((*named, *numbered)):
            yield BESIDE + beside
        if isinstance(known.account, Account) and state_of(known.account, now, terms=terms) is AccountState.BARRED:
            yield BESIDE + BARRED.format(who=known.account.audit_id)


def offer_lines(offers: Iterable[Offer]) -> Iterator[str]:
    """The heads, then every invitation that is open."""
    yield _line(OFFERS, (head for head, _ in OFFERS))
    for offer in offers:
        # Without the year, since none counts for as long as that: so each fits on a line.
        until = f"{short(offer.until).rpartition(' ')[0]} {hour(offer.until)}"
        yield _line(OFFERS, (offer.invitation.audit_id, offer.invitation.role, until, offer.invitation.name))


def _cells(known: Known, now: datetime, *, terms: Terms) -> tuple[str, ...]:
    held = "yes" if known.account.held else "no"
    account, active = known.account, known.record.active
    if isinstance(account, Removed):
        return known.who, "", "removed", "", "", held
    if not isinstance(account, Account):
        return "", "", "newer version", "", "", held
    said = SAID[state_of(account, now, terms=terms)]
    return (
        account.audit_id,
        account.admission.role,
        said,
        short(account.admission.until),
        _moment(active) if active else NEVER,
        held,
    )


def _line(columns: Columns, cells: Iterable[str]) -> str:
    """Cells, each as wide as its column."""
    padded = [cell.ljust(width) for cell, (_, width) in zip(cells, columns, strict=True)]
    return "  ".join(padded).rstrip()


def _moment(at: datetime) -> str:
    return f"{short(at)} {hour(at)}"
