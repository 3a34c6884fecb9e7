"""Invitations: one as a code with a link to press or to scan, or many for a list of staff, as slips to hand over on paper."""

import csv
import io
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import segno
import typer

from bot.access.account import Account
from bot.access.admission import LONGEST_NAME, Invitation, grouped, invitation_link, make_who, read_invitation
from bot.assemble import ways_in
from bot.cli.context import CommandContext, roll
from bot.cli.files import write_all
from bot.cli.second_person import demand_announced, have_confirmed, tell_of_use
from bot.cli.terminal import day, hour, many, working
from bot.crypto.at_random import make_code
from bot.runtime.errors import SerafError, SettingsFault, StoreFault
from bot.runtime.packs import load_wording
from bot.runtime.settings import Settings
from bot.runtime.web_settings import Unlock
from bot.storage.values import Issued
from bot.summaries.file import File
from bot.trail.audit import AuditEvent
from bot.trail.chain import Entry
from dialogs.core.role import Role
from dialogs.phrases.number import as_cell

if TYPE_CHECKING:
    from bot.access.slips import Slip

DAYS, MOST_DAYS = 7, 90
"""Days for which a code is valid: by default, and at most."""

QUIET_ZONE = 2
BLOCKS = "█▀▄"

HEADS = ("label", "role")
MOST = 1000
"""People of one list, at most."""

Staff = tuple[tuple[str, Role], ...]


@dataclass(frozen=True, slots=True)
class Offer:
    """An invitation that is open, and until when."""

    invitation: Invitation
    until: datetime


@dataclass(frozen=True, slots=True)
class BotName:
    """The bot's public name, or why it is not known."""

    name: str = ""
    why: str = ""


async def invite_one(
    context: CommandContext, role: Role, *, days: int, name: str, confirmed_by: str = "", is_alone: bool = False
) -> None:
    """Make an invitation, and print it. The audit records it first, so that none goes unrecorded.

    That of an administrator is confirmed by another one before, or was announced (`is_alone`) where none is left.
    """
    label = demand_label(name, "--name") if name else ""
    await _demand_unchanged(context)
    invitation, code, until = Invitation(make_who(), role, label), make_code(), context.now + timedelta(days=days)
    said = [invitation.entry(context.now, by=context.operator)]
    if is_alone:
        if not await demand_announced(context):
            return
        said.insert(0, Entry(context.now, context.operator, AuditEvent.BREAK_GLASS_USED, invitation.audit_id))
    elif role is Role.ADMIN:
        await have_confirmed(context, confirmed_by, about=invitation.audit_id)
    await context.store.write(lambda t: t.audit.append(said))
    await context.store.write(lambda t: t.invitation_codes.issue(code, invitation.text(), until=until))
    await _hand_over(invitation, code, until=until, settings=context.settings)
    if is_alone:
        await tell_of_use(context)


def demand_label(words: str, option: str) -> str:
    """Return a label for the list; raise `SettingsFault` if it does not fit."""
    label = words.strip()
    if not 0 < len(label) <= LONGEST_NAME or not label.isprintable():
        raise SettingsFault(f"{option}: 1 to {LONGEST_NAME} characters on one line; it is only for the list")
    return label


async def _demand_unchanged(context: CommandContext) -> None:
    """Raise `StoreFault` unless every row is what the bot wrote last: whoever changed one may be waiting for a code."""
    found = await context.store.verify()
    if found:
        raise StoreFault(f"No code was made. {found} Look first: seraf-bot check")


async def _hand_over(invitation: Invitation, code: str, *, until: datetime, settings: Settings) -> None:
    """Print the code, what to do with it, and the link where Telegram says what the bot is called."""
    role, spoken = invitation.role, grouped(code)
    article = "an" if role[0] in "aeiou" else "a"
    typer.echo(
        f"Code for {article} {role}, who will be {invitation.audit_id} in the list and in the audit:\n\n  {spoken}\n"
    )
    typer.echo(f"It admits one person, once, until {day(until)}, {hour(until)} (UK time).")
    typer.echo("Give it to that person only, by a way you trust: face to face, or by a number that you know is theirs.")
    typer.echo(f"If it went to somebody else: seraf-bot people withdraw {invitation.audit_id}")
    ways = ways_in(settings)
    if ways.pages:
        typer.echo(f"They open {ways.pages}, sign in, and type this code: {spoken}")
    if not ways.chat:
        return
    called = await _telegram_name(settings)
    if called.name:
        link = invitation_link(called.name, code)
        typer.echo(f"They open this link and press Start, or send to @{called.name}: /start {spoken}\n\n  {link}\n")
        typer.echo(_drawn(link), nl=False)
    else:
        typer.echo(f"They send this to the bot: /start {spoken}\nThere is no link to press: {called.why}.")


def _drawn(link: str) -> str:
    """Return the link as a QR code of half blocks, if the output has characters for them."""
    try:
        BLOCKS.encode(sys.stdout.encoding)
    except UnicodeEncodeError:
        return "This terminal cannot draw a QR code.\n"
    lines = io.StringIO()
    segno.make(link, micro=False).terminal(out=lines, border=QUIET_ZONE, compact=True)
    return lines.getvalue()


async def _telegram_name(settings: Settings) -> BotName:
    """Ask Telegram what the bot of this token is called. No file is asked: who could write it could lead people to another bot."""
    from bot.channels.telegram.connecting import answered_as  # what asks Telegram is slow to import
    from bot.channels.telegram.serving import route_of

    if settings.telegram_token is None:
        return BotName(why="the settings have no SERAF_TELEGRAM_TOKEN")
    try:
        return BotName(await answered_as(settings.telegram_token.get_secret_value(), route_of(settings)))
    except SerafError as fault:
        return BotName(why=f"Telegram did not say what the bot is called ({fault})")


async def open_offers(context: CommandContext) -> tuple[Offer, ...]:
    """Return the invitations that are unused and still valid, the first to end first."""
    valid = await context.store.read(lambda t: t.invitation_codes.valid(context.now))
    return tuple(Offer(read_invitation(each.text), each.until) for each in valid)


async def withdraw_one(context: CommandContext, word: str) -> None:
    """Withdraw an open invitation, and enter that in the audit; raise `SettingsFault` if none has this id."""
    who = word.strip().lower()
    for offer in await open_offers(context):
        if offer.invitation.audit_id == who and await _withdrawn(context, offer):
            typer.echo(f"The invitation {who} is withdrawn. Its code and its link open nothing any more.")
            return
    raise SettingsFault(
        f"No open invitation has the id {who!r}: `seraf-bot people list` has those that are open. Somebody who has used theirs"
        " is in that list under the same id: seraf-bot people remove ID"
    )


async def withdraw_unused(context: CommandContext) -> None:
    """Withdraw all open invitations, and enter each in the audit."""
    count = sum([await _withdrawn(context, offer) for offer in await open_offers(context)])
    typer.echo(f"{many(count, 'invitation')} withdrawn. No code or slip that is unused opens anything any more.")


async def _withdrawn(context: CommandContext, offer: Offer) -> bool:
    said = Entry(context.now, context.operator, AuditEvent.WITHDRAWN, offer.invitation.audit_id)
    return await context.store.write(lambda t: t.invitation_codes.withdraw(offer.invitation.text(), said))


async def invite_all(context: CommandContext, source: Path, *, to: Path, days: int) -> None:
    """Write slips and list, then issue all codes in one transaction, so that no code counts of which there is no slip."""
    from bot.access.slips import Slip  # what sets papers is slow to import

    await _demand_unchanged(context)
    until = context.now + timedelta(days=days)
    staff = await _not_yet_invited(context, read_staff(source))
    slips = [Slip(Invitation(make_who(), role, name), make_code(), until) for name, role in staff]
    paper, unsaid = await _printed(context.settings, slips)
    pdf, listed = File(f"{source.stem}-slips.pdf", paper), _listed(source, slips)
    write_all(to, (pdf, listed))
    try:
        await context.store.write(
            lambda t: t.invitation_codes.issue_all(
                [Issued(each.code, each.invitation.text(), until) for each in slips],
                [each.invitation.entry(context.now, by=context.operator) for each in slips],
            )
        )
    except SerafError:
        for written in (pdf, listed):
            (to / written.name).unlink(missing_ok=True)
        raise
    typer.echo(
        f"{many(len(slips), 'invitation')}, each for one person, once, until {day(until)}.\n"
        f"Print {pdf.name}, hand each page over in person, and delete the file: whoever has a page can come in by it.\n"
        f"{listed.name} says who was invited; it has no codes. One that went astray: seraf-bot people withdraw ID"
    )
    if unsaid:
        typer.echo(f"The slips have no picture to scan: {unsaid}.")


async def _printed(settings: Settings, slips: "list[Slip]") -> tuple[bytes, str]:
    """Return the slips as a paper, and why they have no picture to scan, if they could have one."""
    from bot.access.slips import as_slips

    ways = ways_in(settings)
    called = await _telegram_name(settings) if ways.chat else BotName()
    with working("Setting the slips"):
        has_pin = ways.chat or settings.oidc_unlock is Unlock.PIN
        return as_slips(slips, load_wording(), ways=ways, bot=called.name, has_pin=has_pin), called.why


async def _not_yet_invited(context: CommandContext, staff: Staff) -> Staff:
    """Return those under whose label nobody was let in and no invitation is open. Raise `SettingsFault` if there are none.

    Otherwise a list that is given twice would let in as many people again, by slips that nobody waits for.
    """
    people = {known.account.admission.name for known in await roll(context) if isinstance(known.account, Account)}
    invited = {offer.invitation.name for offer in await open_offers(context)}
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
    """Return who is to be invited as what. Raise `SettingsFault` with every fault of the file, line by line."""
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
    """Yield what is wrong in a list of staff. Of its content only roles are repeated."""
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
    """Return a list of who was invited as what under which id, and until when, without codes."""
    lines = io.StringIO()
    writer = csv.writer(lines)
    writer.writerow(("id", *HEADS, "counts until"))
    writer.writerows(
        (each.invitation.audit_id, as_cell(each.invitation.name), each.invitation.role, each.until.date())
        for each in slips
    )
    return File(f"{source.stem}-invited.csv", lines.getvalue().encode())
