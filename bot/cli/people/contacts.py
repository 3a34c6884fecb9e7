"""`seraf-bot contacts`: the telephone numbers of the pack, and what people found when they called them."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Annotated

from typer import Argument, Option, Typer, echo

from bot.cli.context import CommandContext, with_store
from bot.cli.terminal import Plain, day, write_new
from bot.runtime.clock import local_time
from bot.runtime.errors import SettingsFault
from bot.runtime.packs import load_pack, load_wording
from bot.trail.audit import AuditEvent
from bot.trail.chain import Entry
from seraf.advice.contacts import EMERGENCY, Check, Contact, Contacts

app = Typer(no_args_is_help=True)

Which = Annotated[str, Argument(metavar="CONTACT", help="The id of `contacts list`, such as art.")]
On = Annotated[
    datetime | None,
    Option("--on", metavar="DATE", formats=["%Y-%m-%d"], help="The day of the call, such as 2026-11-25; else today."),
]


@app.command("list")
def list_contacts() -> None:
    """List the contacts of the pack, with their telephone numbers and whether each number is confirmed."""

    async def look(context: CommandContext) -> None:
        today = local_time(context.now).today
        for contact in (await _contacts(context)).all:
            echo(f"{contact.id}: {contact.name}, {contact.value or 'no number'}")
            echo(f"    {', '.join(_state(contact, today))}")

    with_store(look)


@app.command("confirm", cls=Plain)
def confirm(contact: Which, on: On = None) -> None:
    """Record that somebody called this contact's number and that it is right. The running bot says so from the next card on."""
    with_store(lambda context: _note(context, contact, on=on, is_right=True), makes_store=True)


@app.command("unconfirm", cls=Plain)
def unconfirm(contact: Which, on: On = None) -> None:
    """Record that this contact's number is wrong or doubtful, whatever the pack says. The bot still shows it, but marked."""
    with_store(lambda context: _note(context, contact, on=on, is_right=False), makes_store=True)


@app.command("print")
def print_contacts(to: Annotated[Path, Option(metavar="FILE", help="A new file, such as staff.pdf.")]) -> None:
    """Make a page for staff (PDF, one side of A4): telephone numbers, what the bot is and is not, and what to do when it is down."""
    from bot.pictures.papers import as_training_paper  # typst is not needed for the other commands
    from bot.workbench.papers import staff_paper

    async def look(context: CommandContext) -> None:
        wording, today = load_wording(), local_time(context.now).today
        paper = staff_paper(await _contacts(context), wording, today=today)
        write_new(to, as_training_paper(paper, wording))

    with_store(look)


async def _note(context: CommandContext, word: str, *, on: datetime | None, is_right: bool) -> None:
    today = local_time(context.now).today
    tried = on.date() if on else today
    if tried > today:
        raise SettingsFault(f"--on: {_plain(tried)} is not here yet; say when the number was tried")
    contacts = await _contacts(context)
    contact = next((one for one in contacts.all if one.id.lower() == word.strip().lower()), None)
    if contact is None:
        ids = ", ".join(one.id for one in contacts.all)
        raise SettingsFault(f"No contact of the pack has the id {word!r}. There are: {ids}")
    if contact.id == EMERGENCY:
        raise SettingsFault("999 is always right and is never tried: it is for emergencies alone.")
    if not contact.value:
        raise SettingsFault(f"{contact.name} has no number in the pack to try. The board sets it in contacts.toml.")
    check = Check(contact.id, contact.value, tried, is_right=is_right)
    what = AuditEvent.CONTACT_CONFIRMED if is_right else AuditEvent.CONTACT_UNCONFIRMED
    entry = Entry(context.now, context.operator, what, contact.id)
    await context.store.write(lambda t: t.contact_checks.keep(check, entry))
    echo(f"{contact.name}, {contact.value}: {', '.join(_state(contact.checked(check), today))}.")
    if is_right:
        echo("It counts for this number only: if the pack's changes, somebody has to try the new one.")
    else:
        echo("The bot still shows it, marked as not confirmed. Put the right one into the pack and confirm it.")


async def _contacts(context: CommandContext) -> Contacts:
    checks = await context.store.read(lambda t: t.contact_checks.latest())
    return load_pack(context.settings.pack).contacts.with_checks(checks)


def _state(contact: Contact, today: date) -> Iterator[str]:
    if not contact.value:
        yield "not set by the board"
        return
    yield "confirmed" if contact.confirmed else "not confirmed"
    if contact.checked_on:
        yield f"last seen to be right on {_plain(contact.checked_on)}"
    if due := contact.due():
        yield f"{'should have been checked' if contact.is_overdue(today) else 'next check'} by {_plain(due)}"


def _plain(on: date) -> str:
    return day(datetime.combine(on, time(12), UTC))
