"""Invitations for a list of staff: slips to hand over on paper, and a list of who was invited, without codes."""

import csv
import io
from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from bot.access.account import Account
from bot.access.admission import LONGEST_NAME, Invitation, make_who
from bot.assemble import ways_in
from bot.cli.frame.opening import Workplace
from bot.cli.frame.plain import day, many
from bot.cli.frame.progress import working
from bot.cli.frame.roll import roll
from bot.cli.frame.writing import write_all
from bot.cli.people.inviting import BotName, demand_unchanged, open_offers, telegram_name
from bot.crypto.one_time_codes import make_code
from bot.runtime.errors import SerafError, SettingsFault
from bot.runtime.packs import load_wording
from bot.runtime.web.sign_in_settings import Unlock
from bot.storage.values import Issued
from bot.summaries.file import File
from dialogs.core.role import Role
from dialogs.phrases.quoting import as_cell

if TYPE_CHECKING:
    from bot.access.slips import Slip

HEADS = ("label", "role")
MOST = 1000
"""People of one list, at most."""

Staff = tuple[tuple[str, Role], ...]


async def invite_all(desk: Workplace, source: Path, *, to: Path, days: int) -> None:
    """Write slips and list, then issue all codes in one transaction, so that no code counts of which there is no slip."""
    from bot.access.slips import Slip  # what sets papers is slow to import

    await demand_unchanged(desk)
    until = desk.now + timedelta(days=days)
    staff = await _not_yet_invited(desk, read_staff(source))
    slips = [Slip(Invitation(make_who(), role, name), make_code(), until) for name, role in staff]
    paper, unsaid = await _printed(desk, slips)
    pdf = File(f"{source.stem}-slips.pdf", paper)
    listed = _listed(source, slips)
    write_all(to, (pdf, listed))
    try:
        await desk.store.write(
            lambda t: t.invitation_codes.issue_all(
                [Issued(each.code, each.invitation.text(), until) for each in slips],
                [each.invitation.entry(desk.now, by=desk.operator) for each in slips],
            )
        )
    except SerafError:
        for written in (pdf, listed):
            (to / written.name).unlink(missing_ok=True)
        raise
    typer.echo(f"{many(len(slips), 'invitation')}, each for one person, once, until {day(until)}.")
    typer.echo(
        f"Print {pdf.name}, hand each page over in person, and delete the file: whoever has a page can come in by it."
    )
    typer.echo(
        f"{listed.name} says who was invited; it has no codes. One that went astray: seraf-bot people withdraw ID"
    )
    if unsaid:
        typer.echo(f"The slips have no picture to scan: {unsaid}.")


async def _printed(desk: Workplace, slips: "list[Slip]") -> tuple[bytes, str]:
    """The slips as a paper, and why they have no picture to scan, where they could have one."""
    from bot.access.slips import as_slips

    ways, unlock = ways_in(desk.settings), desk.settings.oidc_unlock
    called = await telegram_name(desk.settings) if ways.chat else BotName()
    with working("Setting the slips"):
        has_pin = ways.chat or unlock is Unlock.PIN
        return as_slips(slips, load_wording(), ways=ways, bot=called.name, has_pin=has_pin), called.why


async def _not_yet_invited(desk: Workplace, staff: Staff) -> Staff:
    """Those of a list under whose label nobody was let in and no invitation is open. `SettingsFault` where that is nobody.

    A list that is given twice would else let in as many people again, by slips that nobody waits for.
    """
    people = {known.account.admission.name for known in await roll(desk) if isinstance(known.account, Account)}
    invited = {offer.invitation.name for offer in await open_offers(desk)}
    new = tuple(each for each in staff if each[0] not in people | invited)
    if again := len(staff) - len(new):
        said = (
            f"Under {again} of these labels somebody was let in or invited before, and gets no invitation: seraf-bot people list"
            "\nWhere a slip was lost, withdraw its invitation, and give the list again: seraf-bot people withdraw ID"
            "\nWhere access ran out: seraf-bot people renew ID. Where it is somebody else, give them a label of their own."
        )
        if not new:
            raise SettingsFault(f"{said}\nNobody was invited.")
        typer.echo(said)
    return new


def read_staff(source: Path) -> Staff:
    """Who is to be invited as what. `SettingsFault` with every fault of the file, line by line."""
    try:
        rows = list(csv.reader(io.StringIO(source.read_text(encoding="utf-8-sig"))))
    except FileNotFoundError:
        raise SettingsFault(f"{source} is not there. Look at its name, and in which folder you are.") from None
    except (OSError, UnicodeDecodeError, csv.Error):
        raise SettingsFault(f"{source} cannot be read as a CSV file in UTF-8.") from None
    heads = tuple(cell.strip().lower() for cell in rows[0]) if rows else ()
    if sorted(heads) != sorted(HEADS):
        raise SettingsFault(f"{source}: the first line has to be: label,role")
    lines = [(at, [cell.strip() for cell in row]) for at, row in enumerate(rows[1:], 2) if any(map(str.strip, row))]
    faults = [*_faults(lines, heads), *([] if 0 < len(lines) <= MOST else [f"there have to be 1 to {MOST} people"])]
    if faults:
        raise SettingsFault("\n".join(f"{source}: {fault}" for fault in faults) + "\nNobody was invited.")
    name, role = heads.index("label"), heads.index("role")
    return tuple((row[name], Role(row[role].lower())) for _, row in lines)


def _faults(lines: list[tuple[int, list[str]]], heads: tuple[str, ...]) -> Iterator[str]:
    """What is wrong in a list of staff. What stands in it is not repeated but for roles."""
    whole = [row for _, row in lines if len(row) == len(HEADS)]
    names = Counter(row[heads.index("label")] for row in whole)
    for at, row in lines:
        if len(row) != len(HEADS):
            yield f"line {at}: a label and a role, with one comma; a label with a comma stands in quotes"
            continue
        name, role = row[heads.index("label")], row[heads.index("role")].lower()
        if not name or len(name) > LONGEST_NAME or not name.isprintable():
            yield f"line {at}: a label has 1 to {LONGEST_NAME} signs"
        elif names[name] > 1:
            yield f"line {at}: another line has the same label, so that the two could not be told apart"
        if role == Role.ADMIN:
            yield f"line {at}: an administrator is invited alone: seraf-bot people invite --role admin"
        elif role not in list(Role):
            yield f"line {at}: {role!r} is no role: {', '.join(each for each in Role if each is not Role.ADMIN)}"


def _listed(source: Path, slips: "list[Slip]") -> File:
    """Who was invited as what under which id, and until when; no codes."""
    lines = io.StringIO()
    writer = csv.writer(lines)
    writer.writerow(("id", *HEADS, "counts until"))
    writer.writerows(
        (each.invitation.audit_id, as_cell(each.invitation.name), each.invitation.role, each.until.date())
        for each in slips
    )
    return File(f"{source.stem}-invited.csv", lines.getvalue().encode())
