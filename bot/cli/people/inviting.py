"""Invitations: a single one as a code with a link and a QR code, or those for a list of staff as slips on paper."""

import csv
import io
import sys
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import segno
from typer import echo

from bot.access.admission import LONGEST_NAME, Invitation, grouped, invitation_link, make_who, read_invitation
from bot.assemble import ways_in
from bot.cli.context import CommandContext, roll
from bot.cli.second_person import demand_announced, have_confirmed, is_restore_waiting
from bot.cli.terminal import day, hour, many, working, write_all
from bot.conversation.changes import telling
from bot.crypto.at_random import make_code
from bot.runtime.errors import SettingsFault, StoreFault
from bot.runtime.packs import load_wording
from bot.runtime.settings import Settings
from bot.runtime.web_settings import Unlock
from bot.storage.values import Issued
from bot.summaries.file import File
from bot.trail.audit import AuditEvent
from bot.trail.chain import Entry
from dialogs.core.role import ADMINISTERING, GIVEN, Role
from dialogs.phrases.number import as_cell
from seraf.errors import SerafError

DAYS, MOST_DAYS = 7, 90  # for how many days a code is valid: the default and the maximum
BLOCKS = "█▀▄"
HEADS = ("label", "role")
MOST = 1000  # the maximum number of people in one list

Staff = tuple[tuple[str, Role], ...]


@dataclass(frozen=True, slots=True)
class Offer:
    """An invitation that was not used yet, and the time at which it expires."""

    invitation: Invitation
    until: datetime


async def invite_one(
    context: CommandContext, role: Role, *, days: int, name: str, confirmed_by: str = "", is_alone: bool = False
) -> None:
    """Record and print an invitation. One for an administrator must be confirmed or, with `is_alone`, announced a day before."""
    label = demand_label(name, "--name") if name else ""
    await _demand_unchanged(context)
    invitation, code, until = Invitation(make_who(), role, label), make_code(), context.now + timedelta(days=days)
    entries = [invitation.entry(context.now, by=context.operator)]
    if is_alone:
        if not await demand_announced(context):
            return
        entries.insert(0, Entry(context.now, context.operator, AuditEvent.BREAK_GLASS_USED, invitation.audit_id))
    elif role in ADMINISTERING:
        await have_confirmed(context, confirmed_by, about=invitation.audit_id)
    await context.store.write(lambda t: t.audit.append(entries))
    await context.store.write(lambda t: t.invitation_codes.issue(code, invitation.text(), until=until))
    await _hand_over(invitation, code, until=until, settings=context.settings)
    if is_alone and await is_restore_waiting(context):
        people = [known.record.person for known in await roll(context) if known.admitted]
        await context.change_all(people, telling(AuditEvent.BREAK_GLASS_USED, context.now))
        echo(
            "The restored backup still waits. Look at `seraf-bot people list`, and put right who is in. Then confirm it, which needs"
            " nobody else now: seraf-bot people confirm\nThe bot then tells everybody that this was done, and the code can be used."
        )


def demand_label(words: str, option: str) -> str:
    """Return the label without spaces around it. Raise `SettingsFault` if it is empty, too long or not printable."""
    label = words.strip()
    if not 0 < len(label) <= LONGEST_NAME or not label.isprintable():
        raise SettingsFault(f"{option}: 1 to {LONGEST_NAME} characters on one line; it is only for the list")
    return label


async def _demand_unchanged(context: CommandContext) -> None:
    """Raise `StoreFault` if another program changed a row of the store, which may have been done to obtain a code."""
    if fault := await context.store.verify():
        raise StoreFault(f"No code was made. {fault} Look first: seraf-bot check")


async def _hand_over(invitation: Invitation, code: str, *, until: datetime, settings: Settings) -> None:
    role, spoken = invitation.role, grouped(code)
    article = "an" if role[0] in "aeiou" else "a"
    echo(f"Code for {article} {role}, who will be {invitation.audit_id} in the list and in the audit:\n\n  {spoken}\n")
    echo(f"It admits one person, once, until {day(until)}, {hour(until)} (UK time).")
    echo("Give it to that person only, by a way you trust: face to face, or by a number that you know is theirs.")
    echo(f"If it went to somebody else: seraf-bot people withdraw {invitation.audit_id}")
    ways = ways_in(settings)
    if ways.pages:
        echo(f"They open {ways.pages}, sign in, and type this code: {spoken}")
    if not ways.chat:
        return
    name, reason = await _telegram_name(settings)
    if not name:
        echo(f"They send this to the bot: /start {spoken}\nThere is no link to press: {reason}.")
        return
    link = invitation_link(name, code)
    echo(f"They open this link and press Start, or send to @{name}: /start {spoken}\n\n  {link}\n")
    try:
        BLOCKS.encode(sys.stdout.encoding)
    except UnicodeEncodeError:
        echo("This terminal cannot draw a QR code.")
        return
    segno.make(link, micro=False).terminal(border=2, compact=True)


async def _telegram_name(settings: Settings) -> tuple[str, str]:
    """Return the bot's name as Telegram gives it, since a file could name another bot, and, if it is empty, the reason."""
    from bot.channels.telegram.connecting import answered_as, route_of  # the Telegram library is slow to import

    if settings.telegram_token is None:
        return "", "the settings have no SERAF_TELEGRAM_TOKEN"
    try:
        return await answered_as(settings.telegram_token.get_secret_value(), route_of(settings)), ""
    except SerafError as fault:
        return "", f"Telegram did not say what the bot is called ({fault})"


async def open_offers(context: CommandContext) -> tuple[Offer, ...]:
    """Return the invitations that are valid and not used yet. The first to expire comes first."""
    valid = await context.store.read(lambda t: t.invitation_codes.valid(context.now))
    return tuple(Offer(read_invitation(code.text), code.until) for code in valid)


async def withdraw_one(context: CommandContext, word: str) -> None:
    """Withdraw the unused invitation with this id, and record it in the audit. Raise `SettingsFault` if there is none."""
    who = word.strip().lower()
    for offer in await open_offers(context):
        if offer.invitation.audit_id == who and await _withdrawn(context, offer):
            echo(f"The invitation {who} is withdrawn. Its code and its link open nothing any more.")
            return
    raise SettingsFault(
        f"No open invitation has the id {who!r}: `seraf-bot people list` has those that are open. Somebody who has used theirs"
        " is in that list under the same id: seraf-bot people remove ID"
    )


async def withdraw_unused(context: CommandContext) -> None:
    """Withdraw all unused invitations, and record each in the audit."""
    count = sum([await _withdrawn(context, offer) for offer in await open_offers(context)])
    echo(f"{many(count, 'invitation')} withdrawn. No code or slip that is unused opens anything any more.")


async def _withdrawn(context: CommandContext, offer: Offer) -> bool:
    entry = Entry(context.now, context.operator, AuditEvent.WITHDRAWN, offer.invitation.audit_id)
    return await context.store.write(lambda t: t.invitation_codes.withdraw(offer.invitation.text(), entry))


async def invite_all(context: CommandContext, source: Path, *, to: Path, days: int) -> None:
    """Write slips and a list, and only then issue all codes, in one transaction. So every valid code is on a slip."""
    from bot.access.slips import Slip, as_slips  # typesetting is slow to import

    await _demand_unchanged(context)
    settings, until = context.settings, context.now + timedelta(days=days)
    staff = await _not_yet_invited(context, read_staff(source))
    slips = [Slip(Invitation(make_who(), role, name), make_code(), until) for name, role in staff]
    ways = ways_in(settings)
    bot, reason = await _telegram_name(settings) if ways.chat else ("", "")
    with working("Setting the slips"):
        has_pin = ways.chat or settings.oidc_unlock is Unlock.PIN
        paper = as_slips(slips, load_wording(), ways=ways, bot=bot, has_pin=has_pin)
    listed = io.StringIO()
    writer = csv.writer(listed)
    writer.writerow(("id", *HEADS, "counts until"))
    invitations = [slip.invitation for slip in slips]
    writer.writerows((one.audit_id, as_cell(one.name), one.role, until.date()) for one in invitations)
    pdf = File(f"{source.stem}-slips.pdf", paper)
    names = File(f"{source.stem}-invited.csv", listed.getvalue().encode())
    write_all(to, (pdf, names))
    issued = [Issued(slip.code, slip.invitation.text(), until) for slip in slips]
    entries = [invitation.entry(context.now, by=context.operator) for invitation in invitations]
    try:
        await context.store.write(lambda t: t.invitation_codes.issue_all(issued, entries))
    except SerafError:
        for file in (pdf, names):
            (to / file.name).unlink(missing_ok=True)
        raise
    echo(
        f"{many(len(slips), 'invitation')}, each for one person, once, until {day(until)}.\n"
        f"Print {pdf.name}, hand each page over in person, and delete the file: whoever has a page can come in by it.\n"
        f"{names.name} says who was invited; it has no codes. One that went astray: seraf-bot people withdraw ID"
    )
    if reason:
        echo(f"The slips have no picture to scan: {reason}.")


async def _not_yet_invited(context: CommandContext, staff: Staff) -> Staff:
    """Return the staff whose label no account or unused invitation has. Raise `SettingsFault` if nobody is left."""
    # A list that is given twice would otherwise admit twice as many people, with slips that nobody expects.
    people = {known.admitted.admission.name for known in await roll(context) if known.admitted}
    invited = {offer.invitation.name for offer in await open_offers(context)}
    new = tuple((name, role) for name, role in staff if name not in people | invited)
    if again := len(staff) - len(new):
        notice = (
            f"Under {again} of these labels somebody was let in or invited before, and gets no invitation: seraf-bot people list"
            "\nWhere a slip was lost, withdraw its invitation, and give the list again: seraf-bot people withdraw ID"
            "\nWhere access ran out: seraf-bot people renew ID. Where it is somebody else, give them a label of their own."
        )
        if not new:
            raise SettingsFault(f"{notice}\nNobody was invited.")
        echo(notice)
    return new


def read_staff(source: Path) -> Staff:
    """Return the labels and roles in a CSV file. Raise `SettingsFault` with all faults of the file, in order of lines."""
    lines = read_lines(source, HEADS)
    faults, staff = list[str](), list[tuple[str, Role]]()  # faults repeat roles, but no labels
    names = Counter(cells["label"] for _, cells in lines if cells)
    for at, cells in lines:
        if not cells:
            faults.append(f"line {at}: a label and a role, with one comma; a label with a comma stands in quotes")
            continue
        name, role = cells["label"], cells["role"].lower()
        if not name or len(name) > LONGEST_NAME or not name.isprintable():
            faults.append(f"line {at}: a label has 1 to {LONGEST_NAME} signs")
        elif names[name] > 1:
            faults.append(f"line {at}: another line has the same label, so that the two could not be told apart")
        if role in ADMINISTERING:
            faults.append(f"line {at}: an administrator is invited alone: seraf-bot people invite --role admin")
        elif role not in list(Role):
            known = ", ".join(GIVEN)
            faults.append(f"line {at}: {role!r} is no role: {known}")
        else:
            staff.append((name, Role(role)))
    if not 0 < len(lines) <= MOST:
        faults.append(f"there have to be 1 to {MOST} people")
    if faults:
        raise SettingsFault("\n".join(f"{source}: {fault}" for fault in faults) + "\nNobody was invited.")
    return tuple(staff)


def read_lines(source: Path, heads: Sequence[str]) -> list[tuple[int, Mapping[str, str]]]:
    """Return the lines of a CSV file, each with its number and its cells by column; a line of another length has no cells.

    Raise `SettingsFault` if the file cannot be read, or if its first line does not name these columns.
    """
    try:
        rows = list(csv.reader(io.StringIO(source.read_text(encoding="utf-8-sig"))))
    except FileNotFoundError:
        raise SettingsFault(f"{source} is not there. Look at its name, and in which folder you are.") from None
    except (OSError, UnicodeDecodeError, csv.Error):
        raise SettingsFault(f"{source} cannot be read as a CSV file in UTF-8.") from None
    first = [cell.strip().lower() for cell in rows[0]] if rows else []
    if sorted(first) != sorted(heads):
        raise SettingsFault(f"{source}: the first line has to be: {','.join(heads)}")
    lines = ((at, [cell.strip() for cell in row]) for at, row in enumerate(rows[1:], 2) if any(map(str.strip, row)))
    return [(at, dict(zip(first, row, strict=True)) if len(row) == len(first) else {}) for at, row in lines]
