"""An invitation as it is handed over: a code to read aloud, its last day, and a link to press or to scan."""

import io
import sys
from dataclasses import dataclass
from datetime import datetime, timedelta

import segno
import typer

from bot.access.admission import LONGEST_NAME, Invitation, grouped, invitation_link, make_who, read_invitation
from bot.assemble import ways_in
from bot.cli.frame.break_glass import demand_announced, tell_of_use
from bot.cli.frame.opening import Workplace
from bot.cli.frame.plain import day, hour, many
from bot.cli.frame.second_person import have_confirmed
from bot.crypto.one_time_codes import make_code
from bot.runtime.errors import SerafError, SettingsFault, StoreFault
from bot.runtime.settings import Settings
from bot.storage.values import Entry, Issued
from bot.trail.audit import AuditEvent
from dialogs.core.role import Role

DAYS, MOST_DAYS = 7, 90
"""Days for which a code is valid: by default, and at most."""

QUIET_ZONE = 2
BLOCKS = "█▀▄"


@dataclass(frozen=True, slots=True)
class Offer:
    """An invitation that is open: what its code opens, and until when."""

    invitation: Invitation
    until: datetime


async def invite_one(
    desk: Workplace, role: Role, *, days: int, name: str, confirmed_by: str = "", is_alone: bool = False
) -> None:
    """Make an invitation, and print it. The audit records it first, so that none goes unrecorded.

    That of an administrator is confirmed by another one before, or was announced (`is_alone`) where none is left.
    """
    label = demand_label(name, "--name") if name else ""
    await demand_unchanged(desk)
    invitation, code, until = Invitation(make_who(), role, label), make_code(), desk.now + timedelta(days=days)
    said = [invitation.entry(desk.now, by=desk.operator)]
    if is_alone:
        if not await demand_announced(desk):
            return
        said.insert(0, Entry(desk.now, desk.operator, AuditEvent.BREAK_GLASS_USED, invitation.audit_id))
    elif role is Role.ADMIN:
        await have_confirmed(desk, confirmed_by, about=invitation.audit_id)
    issued = Issued(code, invitation.text(), until)
    await desk.store.write(lambda t: t.invitation_codes.issue_all((issued,), said))
    await _hand_over(invitation, code, until=until, settings=desk.settings)
    if is_alone:
        await tell_of_use(desk)


def demand_label(words: str, option: str) -> str:
    """What somebody is to be called; `SettingsFault` where that does not fit the list."""
    label = words.strip()
    if not 0 < len(label) <= LONGEST_NAME or not label.isprintable():
        raise SettingsFault(
            f"{option}: at most {LONGEST_NAME} signs on one line, and one at least; it is only for the list"
        )
    return label


async def _hand_over(invitation: Invitation, code: str, *, until: datetime, settings: Settings) -> None:
    """Print the code, what to do with it, and the link, where Telegram says what the bot is called."""
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
    if ways.chat:
        await _tell_of_chat(code, settings)


async def _tell_of_chat(code: str, settings: Settings) -> None:
    """Say how the code is taken up in the chat, with a link and its picture where Telegram says what the bot is called."""
    spoken, called = grouped(code), await telegram_name(settings)
    if not called.name:
        typer.echo(f"They send this to the bot: /start {spoken}")
        typer.echo(f"There is no link to press: {called.why}.")
        return
    link = invitation_link(called.name, code)
    typer.echo(f"They open this link and press Start, or send this to @{called.name}: /start {spoken}\n\n  {link}\n")
    typer.echo(drawn(link), nl=False)


async def demand_unchanged(desk: Workplace) -> None:
    """`StoreFault` unless every row is what the bot wrote last: whoever changed one may be waiting for a code."""
    found = await desk.store.verify()
    if found:
        raise StoreFault(f"No code was made. {found} Look first: seraf-bot check")


@dataclass(frozen=True, slots=True)
class BotName:
    """The bot's public name; where there is none, why not."""

    name: str = ""
    why: str = ""


async def telegram_name(settings: Settings) -> BotName:
    """What Telegram calls the bot of this token now. No file is asked: who could write that could lead people to a bot of theirs."""
    from bot.channels.telegram.connecting import answered_as  # what asks Telegram is slow to import
    from bot.wiring import route_of

    if settings.telegram_token is None:
        return BotName(why="the settings have no SERAF_TELEGRAM_TOKEN")
    try:
        return BotName(await answered_as(settings.telegram_token.get_secret_value(), route_of(settings)))
    except SerafError as fault:
        return BotName(why=f"Telegram did not say what the bot is called ({fault})")


async def open_offers(desk: Workplace) -> tuple[Offer, ...]:
    """The invitations that are unused and still valid, the first to end first."""
    found = await desk.store.read(lambda t: t.invitation_codes.valid(desk.now))
    return tuple(Offer(read_invitation(each.text), each.until) for each in found)


async def withdraw_one(desk: Workplace, word: str) -> None:
    """Make the code of an invitation useless, and note it; `SettingsFault` where no open one has this id."""
    who = word.strip().lower()
    for offer in await open_offers(desk):
        invitation = offer.invitation
        if invitation.audit_id == who and await _withdrawn(desk, invitation):
            typer.echo(f"The invitation {who} is withdrawn. Its code and its link open nothing any more.")
            return
    raise SettingsFault(
        f"No open invitation has the id {who!r}: `seraf-bot people list` has those that are open. Somebody who has used theirs"
        " is in that list under the same id: seraf-bot people remove ID"
    )


async def withdraw_unused(desk: Workplace) -> None:
    """Make the codes of all open invitations useless, and note each."""
    count = 0
    for offer in await open_offers(desk):
        count += await _withdrawn(desk, offer.invitation)
    typer.echo(f"{many(count, 'invitation')} withdrawn. No code or slip that is unused opens anything any more.")


async def _withdrawn(desk: Workplace, invitation: Invitation) -> bool:
    said = Entry(desk.now, desk.operator, AuditEvent.WITHDRAWN, invitation.audit_id)
    return await desk.store.write(lambda t: t.invitation_codes.withdraw(invitation.text(), said))


def drawn(link: str) -> str:
    """The link as a QR code of half blocks; nothing where the output has no sign for them."""
    try:
        BLOCKS.encode(sys.stdout.encoding)
    except UnicodeEncodeError:
        return "This terminal cannot draw a QR code.\n"
    lines = io.StringIO()
    segno.make(link, micro=False).terminal(out=lines, border=QUIET_ZONE, compact=True)
    return lines.getvalue()
