"""Somebody's access ended for good: asked first at a terminal, by what they are called; then it is said what came of it."""

import typer

from bot.access.account import Account, Removed
from bot.cli.frame.break_glass import AGAIN
from bot.cli.frame.opening import Workplace
from bot.cli.frame.plain import demand_yes
from bot.cli.frame.roll import Known, find_person, roll
from bot.conversation.changes import removal
from bot.conversation.records import reference_of
from bot.runtime.errors import SettingsFault
from bot.storage.tables.tables import Tables
from bot.storage.values import Done
from dialogs.core.role import Role


async def remove_one(desk: Workplace, person: str, *, is_sure: bool) -> None:
    """Remove them once it is sure that they are meant, and say what came of it. The last administrator is not without that."""
    known = await find_person(desk, person)
    is_last = await leads_alone(desk, known)
    if is_last and not is_sure:
        raise SettingsFault(f"{is_last_one(known)}\nIf there is to be none, run it again with --yes.")
    if not isinstance(known.account, Removed):
        demand_yes(_question(known), is_given=is_sure)
    await _delete_related(desk, known.record.person)  # first, so that one that is cut short can be run again
    done = await desk.change(known.record.person, removal(desk.now))
    if done is None:
        typer.echo("They were removed already, and stay removed. Nothing was changed.")
        return
    _tell_removed(done, known, desk=desk)
    if is_last:
        typer.echo("No administrator is left, so that nobody can confirm what needs a second person, or use /people.")
        typer.echo(await _way_to_another(desk))


def is_last_one(known: Known) -> str:
    """What to do first, where they are the last administrator."""
    return (
        f"{known.name} is the last administrator who is admitted: without one nobody can confirm what needs a second person,"
        " or use /people. Nothing was changed. Have another one come in first, which this one confirms: seraf-bot people invite"
        f" --role admin --confirmed-by {known.name}"
    )


async def _way_to_another(desk: Workplace) -> str:
    """How there is an administrator again: one whose access has run out is renewed; where there is none, one is made alone."""
    for known in await roll(desk):
        if isinstance(known.account, Account) and known.account.admission.role is Role.ADMIN:
            return f"Renew one whose access has run out: seraf-bot people renew {known.account.audit_id}"
    return f"Make one, which everybody is told of and which takes a day: {AGAIN}"


async def leads_alone(desk: Workplace, known: Known) -> bool:
    """Whether they are an administrator, and no other is admitted now."""
    if not isinstance(known.account, Account) or known.account.admission.role is not Role.ADMIN:
        return False
    others = [each.account for each in await roll(desk) if each.record.person != known.record.person]
    return not any(
        isinstance(each, Account) and each.admission.role is Role.ADMIN and desk.now < each.admission.until
        for each in others
    )


def _question(known: Known) -> str:
    """Whether this one is meant, with the label and the role of the list; and what goes with them."""
    account, called = known.account, known.name
    if isinstance(account, Account):
        called += f" ({f'“{account.admission.name}”, ' if account.admission.name else ''}{account.admission.role})"
    asked = f"Remove {called} for good? That account can never be let in again"
    if known.record.case is None or account.held:
        return f"{asked}."
    reference = reference_of(known.record)
    case = f"assessment {reference}" if reference else "their assessment"
    return f"{asked}, and {case} is erased for good: it has to be in the case record first."


async def _delete_related(desk: Workplace, person: str) -> None:
    """Delete a removed person's reminders, the rooms that they ran, and the pairs that they were in."""

    def delete(tables: Tables) -> None:
        """All of it, or nothing."""
        tables.rooms.forget_of(person, desk.now)
        tables.reminders.forget_of(person)

    await desk.store.write(delete)


def _tell_removed(done: Done, known: Known, *, desk: Workplace) -> None:
    """Say plainly what the removal did, and what it did not."""
    reference = reference_of(done.before)
    typer.echo(f"{known.name} is removed. Their next message gets the line that every stranger gets.")
    typer.echo(
        "Every browser of theirs is signed out."
        if known.signs_in
        else "The running bot takes their card out of the chat within seconds; if none runs, it does when it starts."
    )
    if done.record.case is not None:
        typer.echo(f"Their assessment {reference} is kept, because of the hold on it. Nobody can open it in the chat.")
        typer.echo(f"Once it is not needed any more: seraf-bot hold lift {reference}")
    elif done.before.case is not None:
        typer.echo(f"Their assessment {reference or '(of a newer version)'} was erased.")
        typer.echo("Older backups hold it until they go or the keys are rotated.")
    else:
        typer.echo("They had no assessment.")
    account = "sign-in" if known.signs_in else "Telegram number"
    typer.echo(
        f"Their {account} stays removed: no invitation{' and no group' if known.signs_in else ''} lets it in again."
    )
    if known.record.person in desk.settings.first_administrators:
        typer.echo("It still stands in SERAF_ADMINS, where it no longer counts: take it out.")
