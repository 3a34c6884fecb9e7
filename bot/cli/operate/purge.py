"""`seraf-bot purge`: erase what is past its retention time now, whether or not the bot runs."""

from dataclasses import replace

import typer

from bot.cli.frame.opening import READERS_WAIT, Workplace, at_desk
from bot.cli.frame.plain import many
from bot.operations.housekeeping import Forgotten, forget, forget_removed
from bot.operations.housekeeping import purge as erase_what_is_over
from bot.operations.restored import demand_confirmed
from bot.runtime.errors import InUse, StoreFault
from bot.runtime.single_instance import Alone
from bot.storage.sqlite.write_ahead import HELD_UP

LATER = (
    "What is erased is overwritten. Copies that SQLite made of it may be left in the file until the bot writes that anew, as it does"
    " once a day. To have it done now, stop the bot and run `seraf-bot purge`."
)
"""What is said where the file was not written anew."""

_LEFT = "What is counted here was erased, but copies of it may be left in a file until a `seraf-bot purge` goes through. {fault}"


def purge() -> None:
    """Erase everything past its retention time now, and print how much. Held assessments stay. The bot does the same by itself."""

    async def do(desk: Workplace) -> tuple[Forgotten, tuple[str, ...]]:
        """Erase cases first, then delete what no person owns; report what failed after the rest is done."""
        await demand_confirmed(desk.store)
        erased, errors = await erase_what_is_over(desk.store, await desk.conversation(), now=desk.now)
        forgotten = await forget(desk.store, desk.now, audit_months=desk.settings.audit_months)
        names = await forget_removed(desk.store, desk.now)
        return replace(forgotten, cases=erased, names=names), (*_left(errors), *await _scrubbed(desk))

    gone, faults = at_desk(do)
    for count, one, more, what in (
        (gone.cases, "assessment", "assessments", "erased"),
        (gone.names, "name", "names", "of removed people forgotten"),
        (gone.codes, "code", "codes", "of invitations forgotten"),
        (gone.events, "key", "keys", "of events forgotten"),
        (gone.entries, "entry", "entries", "of the audit dropped"),
    ):
        typer.echo(f"{count:>6} {one if count == 1 else more} {what}")
    if faults:
        raise StoreFault("\n".join(faults))


def _left(errors: tuple[str, ...]) -> tuple[str, ...]:
    """What to tell the operator about assessments that could not be erased."""
    if not errors:
        return ()
    cases = many(len(errors), "assessment is past its term", more="assessments are past their term")
    return (
        f"{cases} and could not be erased ({', '.join(errors)}). Everything else was. A newer version of the bot may have"
        " written what is left: purge with that one.",
    )


async def _scrubbed(desk: Workplace) -> tuple[str, ...]:
    """Write the file anew, so that no copy is left in it; where a bot runs, it does that. What to tell the operator where it failed."""
    try:
        with Alone(desk.settings.store):
            await desk.store.scrub()
    except InUse:
        typer.echo(LATER)
    except StoreFault as fault:
        return (_LEFT.format(fault=fault),)
    return () if await desk.store.is_gone(seconds=READERS_WAIT) else (_LEFT.format(fault=HELD_UP),)
