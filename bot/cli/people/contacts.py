"""`seraf-bot contacts`: which telephone numbers people have tried, and that somebody has just tried one."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Annotated

import typer

from bot.cli.frame.opening import Workplace, at_desk
from bot.cli.frame.plain import Plain, day
from bot.cli.frame.writing import write_new
from bot.runtime.clock import local_time
from bot.runtime.errors import SettingsFault
from bot.runtime.packs import load_pack, load_wording
from bot.storage.values import Entry
from bot.trail.audit import AuditEvent
from seraf.advice.contacts import EMERGENCY, Check, Contact, Contacts

app = typer.Typer(
    name="contacts", help="The phone numbers that the bot shows, and who has tried them.", no_args_is_help=True
)

Which = Annotated[str, typer.Argument(metavar="CONTACT", help="The id of `contacts list`, such as art.")]
On = Annotated[
    datetime | None,
    typer.Option(
        "--on", metavar="DATE", formats=["%Y-%m-%d"], help="When it was tried, such as 2026-11-25; else today."
    ),
]


@app.command("list")
def list_contacts() -> None:
    """Every contact of the pack, with its number and how far that is to be trusted."""

    async def look(desk: Workplace) -> None:
        """Print the list."""
        today = local_time(desk.now).today
        for contact in (await _contacts(desk)).all:
            typer.echo(f"{contact.id}: {contact.name}, {contact.value or 'no number'}")
            typer.echo(f"    {', '.join(_state(contact, today))}")

    at_desk(look)


@app.command("confirm", cls=Plain)
def confirm(contact: Which, on: On = None) -> None:
    """Note that somebody called this number and that it is right. The running bot shows it on the next card."""
    at_desk(lambda desk: _note(desk, contact, on=on, is_right=True), makes_store=True)


@app.command("unconfirm", cls=Plain)
def unconfirm(contact: Which, on: On = None) -> None:
    """Note that this number is not right, or not sure any more, whatever the pack says. It is shown all the same, and marked."""
    at_desk(lambda desk: _note(desk, contact, on=on, is_right=False), makes_store=True)


@app.command("print")
def print_contacts(
    to: Annotated[Path, typer.Option("--to", metavar="FILE", help="A new file, such as staff.pdf.")],
) -> None:
    """A page for staff (PDF, one side of A4): the numbers, what the bot is and is not, and what to do when it is down."""
    from bot.pictures.training_paper import as_training_paper  # typst is not needed for the other commands
    from bot.workbench.staff_paper import staff_paper

    async def look(desk: Workplace) -> None:
        """Write the page."""
        wording, today = load_wording(), local_time(desk.now).today
        paper = staff_paper(await _contacts(desk), wording, today=today)
        write_new(to, as_training_paper(paper, wording))

    at_desk(look)


async def _note(desk: Workplace, word: str, *, on: datetime | None, is_right: bool) -> None:
    """Keep what was found, of the number that stands in the pack now, and say what the bot makes of it."""
    today = local_time(desk.now).today
    tried = on.date() if on else today
    if tried > today:
        raise SettingsFault(f"--on: {_plain(tried)} is not here yet; say when the number was tried")
    contact = _demand(await _contacts(desk), word)
    check = Check(contact.id, contact.value, tried, is_right=is_right)
    what = AuditEvent.CONTACT_CONFIRMED if is_right else AuditEvent.CONTACT_UNCONFIRMED
    await desk.store.write(lambda t: t.contact_checks.keep(check, Entry(desk.now, desk.operator, what, contact.id)))
    typer.echo(f"{contact.name}, {contact.value}: {', '.join(_state(contact.checked(check), today))}.")
    if is_right:
        typer.echo("It counts for this number only: if the pack's changes, somebody has to try the new one.")
    else:
        typer.echo(
            "The bot still shows it, marked as not confirmed. Put the right one into the pack, then confirm that."
        )


async def _contacts(desk: Workplace) -> Contacts:
    """The pack's contacts as people found them."""
    return load_pack(desk.settings.pack).contacts.with_checks(
        await desk.store.read(lambda t: t.contact_checks.latest())
    )


def _demand(contacts: Contacts, word: str) -> Contact:
    """The contact of this id that has a number to try; `SettingsFault` where there is none."""
    found = [contact for contact in contacts.all if contact.id.lower() == word.strip().lower()]
    if not found:
        ids = ", ".join(contact.id for contact in contacts.all)
        raise SettingsFault(f"No contact of the pack has the id {word!r}. There are: {ids}")
    if found[0].id == EMERGENCY:
        raise SettingsFault("999 is always right and is never tried: it is for emergencies alone.")
    if not found[0].value:
        raise SettingsFault(
            f"{found[0].name} has no number in the pack, so there is none to try. The board sets it in contacts.toml."
        )
    return found[0]


def _state(contact: Contact, today: date) -> Iterator[str]:
    """How far a number is to be trusted, in a few words."""
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
