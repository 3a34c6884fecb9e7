"""After a restore: an administrator confirms, at the desk, that those who are in are those who are to be."""

import typer

from bot.access.account import Account
from bot.cli.frame.break_glass import is_restore_waiting, may_confirm_restore
from bot.cli.frame.opening import Workplace
from bot.cli.frame.plain import many
from bot.cli.frame.roll import roll
from bot.cli.frame.second_person import have_confirmed
from bot.cli.people.listing import people_lines
from bot.runtime.errors import SettingsFault
from bot.storage.values import Entry
from bot.trail.audit import AuditEvent


async def confirm_people(desk: Workplace, *, confirmed_by: str) -> None:
    """Show who is in, have it confirmed, and let the bot serve them. `SettingsFault` where no restore waits for it."""
    if not await is_restore_waiting(desk):
        raise SettingsFault("No restored backup waits to be confirmed. Nothing was changed.")
    present = [known for known in await roll(desk) if isinstance(known.account, Account)]
    for line in people_lines(present, desk.now, terms=desk.terms, has_numbers=False):
        typer.echo(line)
    if not await may_confirm_restore(desk):
        await have_confirmed(desk, confirmed_by, about=AuditEvent.PEOPLE_CONFIRMED)
    await desk.store.write(lambda t: t.restores.confirm(Entry(desk.now, desk.operator, AuditEvent.PEOPLE_CONFIRMED)))
    typer.echo(
        f"{many(len(present), 'person is', more='people are')} in, as the list says. The bot serves them from now on."
    )
