"""`seraf-bot people`: who gets in, who is there, and whose access ends. Every change is a turn, made while the bot runs."""

from datetime import UTC, datetime
from typing import Annotated

import typer

from bot.access.standing import Access, Removed
from bot.cli.frame.opening import Workplace, at_desk
from bot.cli.frame.plain import Plain, day, demand_consent
from bot.cli.frame.roll import Known, find_person, roll, unseen
from bot.cli.frame.second_person import ConfirmedBy
from bot.cli.people.inviting import DAYS, MOST_DAYS, invite_one, open_offers, withdraw_one
from bot.cli.people.listing import offer_lines, people_lines
from bot.conversation.changes import locking, removal, renewal
from bot.conversation.records import reference_of
from bot.runtime.errors import SettingsFault
from bot.storage.values import Done
from dialogs.core.role import Role

app = typer.Typer(
    name="people", help="Who may use the bot: invite, withdraw, list, lock, renew, remove.", no_args_is_help=True
)

Person = Annotated[str, typer.Argument(metavar="ID", help="The id of `people list`, or the Telegram number.")]

Invited = Annotated[str, typer.Argument(metavar="ID", help="The id of an open invitation in `people list`.")]

NEW_PIN = "Before anything is shown a new PIN is chosen. The person holding the phone chooses it. Speak to them first."


@app.command("invite")
def invite(
    role: Annotated[Role, typer.Option(help="What they may do. An auditor reads the audit and has no cases.")],
    days: Annotated[int, typer.Option(min=1, max=MOST_DAYS, help="Days for which the code works.")] = DAYS,
    *,
    name: Annotated[str, typer.Option(help="What you call them in the list. It is sealed. Never a child's name.")] = "",
    confirmed_by: ConfirmedBy = "",
) -> None:
    """Make a code that admits one person once. It is shown here and kept nowhere. For an administrator, another one confirms."""
    at_desk(lambda desk: invite_one(desk, role, days=days, name=name, confirmed_by=confirmed_by), makes_store=True)


@app.command("list")
def list_people(
    numbers: Annotated[bool, typer.Option("--numbers", help="Their Telegram numbers too.")] = False,
) -> None:
    """Everybody who was ever admitted; those who were removed at the end. Below, the invitations that are open."""

    async def look(desk: Workplace) -> None:
        """Print the list."""
        everybody, offers = await roll(desk), await open_offers(desk)
        if everybody:
            typer.echo("\n".join(people_lines(everybody, desk.now, terms=desk.terms, has_numbers=numbers)))
        else:
            typer.echo("Nobody has come in yet. Invite people with: seraf-bot people invite")
        if coming := unseen(desk, everybody):
            typer.echo(f"First administrators not seen yet: {len(coming)}")
        if offers:
            typer.echo("\n".join(("", "Open invitations", *offer_lines(offers))))

    at_desk(look)


@app.command("withdraw", cls=Plain)
def withdraw(invitation: Invited) -> None:
    """Cancel an unused invitation, such as one sent to the wrong person."""
    at_desk(lambda desk: withdraw_one(desk, invitation))


@app.command("remove", cls=Plain)
def remove(
    person: Person,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask whether their case is in the case record.")] = False,
) -> None:
    """End somebody's access for good. Their case is erased at once, unless it is held. That account can never be let in again."""

    async def do(desk: Workplace) -> None:
        """Remove them, and say what came of it."""
        known = await find_person(desk, person)
        if _is_erased_with(known):
            demand_consent(reference_of(known.record), is_given=yes)
        await _delete_related(desk, known.record.person)  # first, so that one that is cut short can be run again
        done = await desk.change(known.record.person, removal(desk.now))
        if done is None:
            typer.echo("They were removed already, and stay removed. Nothing was changed.")
        else:
            _tell_removed(done, known, desk=desk)

    at_desk(do)


@app.command("lock", cls=Plain)
def lock(person: Person) -> None:
    """Lock somebody's chat at once, as when their phone is lost. They open it again with their PIN."""

    async def do(desk: Workplace) -> None:
        """Lock them, and say what came of it."""
        known = await find_person(desk, person)
        _demand_present(known)
        done = await desk.change(known.record.person, locking(desk.now))
        typer.echo(
            f"{known.name} {'was locked already' if done is None else 'is locked'}. Their PIN opens the chat again."
        )
        typer.echo(f"If somebody else may know the PIN and have the phone: seraf-bot people remove {known.name}")

    at_desk(do)


@app.command("renew", cls=Plain)
def renew(
    person: Person,
    new_pin: Annotated[
        bool, typer.Option("--new-pin", help="They choose a new PIN; the old one no longer works.")
    ] = False,
) -> None:
    """Renew somebody's access, and forgive wrong PINs."""

    async def do(desk: Workplace) -> None:
        """Renew them, and say what came of it."""
        known = await find_person(desk, person)
        _demand_present(known)
        if await desk.change(known.record.person, renewal(desk.now, desk.terms, has_new_pin=new_pin)) is None:
            raise SettingsFault("They were removed just now. A removed id stays removed.")
        typer.echo(f"{known.name} is admitted until {day(desk.now + desk.terms.renewal)}.")
        typer.echo(NEW_PIN if new_pin else "Their PIN is as it was.")

    at_desk(do)


def _is_erased_with(known: Known) -> bool:
    """Whether a case goes with the access of this person."""
    return isinstance(known.access, Access) and known.record.case is not None and not known.access.held


async def _delete_related(desk: Workplace, person: str) -> None:
    """Delete a removed person's reminders, the rooms that they ran, and the pairs that they were in."""
    await desk.store.rooms.forget_of(person, desk.now)
    for reminder in await desk.store.reminders.due(datetime.max.replace(tzinfo=UTC)):
        if reminder.person == person:
            await desk.store.reminders.forget(reminder)


def _tell_removed(done: Done, known: Known, *, desk: Workplace) -> None:
    """Say plainly what the removal did, and what it did not."""
    reference = reference_of(done.before)
    typer.echo(f"{known.name} is removed. Their next message gets the line that every stranger gets.")
    typer.echo("The running bot takes their card out of the chat within seconds; if none runs, it does when it starts.")
    if done.record.case is not None:
        typer.echo(f"Their assessment {reference} is kept, because of the hold on it. Nobody can open it in the chat.")
        typer.echo(f"Once it is not needed any more: seraf-bot hold lift {reference}")
    elif done.before.case is not None:
        typer.echo(f"Their assessment {reference or '(of a newer version)'} was erased.")
        typer.echo("Older backups hold it until they go or the keys are rotated.")
    else:
        typer.echo("They had no assessment.")
    typer.echo("Their Telegram number stays removed: no invitation lets it in again.")
    if known.number in map(str, desk.settings.admins):
        typer.echo("It still stands in SERAF_ADMINS, where it no longer counts: take it out.")


def _demand_present(known: Known) -> None:
    """`SettingsFault` for somebody who was removed."""
    if isinstance(known.access, Removed):
        raise SettingsFault(
            "They were removed, and a removed id stays removed. Nothing was changed. If they come back, invite"
            " them with another Telegram account: seraf-bot people invite"
        )
