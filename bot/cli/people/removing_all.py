"""Everybody removed at once, when the bot is given up: by two people, in one transaction, and not while something is held."""

import typer

from bot.access.account import Account
from bot.cli.frame.opening import Workplace
from bot.cli.frame.plain import demand_consent, many
from bot.cli.frame.roll import roll
from bot.cli.frame.second_person import have_confirmed
from bot.conversation.changes import removal
from bot.runtime.errors import SettingsFault
from bot.trail.audit import AuditEvent


async def remove_everybody(desk: Workplace, *, is_recorded: bool, confirmed_by: str) -> None:
    """End everybody's access for good, the administrators' too, once another person has confirmed it.

    `SettingsFault` while something is held: with the administrators goes who could confirm that it is handed over.
    """
    everybody = await roll(desk)
    if held := sorted({known.account.held for known in everybody if known.account.held}):
        acts = "\n".join(f"seraf-bot hold export {each}, then: seraf-bot hold lift {each}" for each in held)
        raise SettingsFault(f"Nobody was removed, since something is held. Hand it over first:\n{acts}")
    present = [known for known in everybody if isinstance(known.account, Account)]
    if any(known.record.case is not None for known in present):
        demand_consent("", is_given=is_recorded)
    if present:
        await have_confirmed(desk, confirmed_by, about=AuditEvent.REMOVED)
    done = await desk.change_all([known.record.person for known in present], removal(desk.now))
    erased = sum(each.before.case is not None for each in done)
    typer.echo(f"{many(len(done), 'person', more='people')} removed, {many(erased, 'assessment')} erased.")
    typer.echo("The running bot takes their cards out of the chats within minutes. If none runs, start it for that.")
