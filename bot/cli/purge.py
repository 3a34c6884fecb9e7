"""`seraf-bot purge`: what is past its term is erased now, with or without a running bot."""

from dataclasses import replace

import typer

from bot.cli.opening import Desk, at_desk
from bot.errors import StoreFault
from bot.housekeeping import Forgotten, forget
from bot.housekeeping import purge as erase_what_is_over


def purge() -> None:
    """Erase what is past its term, now, and print how much. What is held stays. The bot does the same by itself."""

    async def do(desk: Desk) -> Forgotten:
        """Erase cases first, then forget what belongs to nobody."""
        erased, errors = await erase_what_is_over(desk.store, await desk.conversation(), desk.now)
        forgotten = await forget(desk.store, desk.now, desk.settings.audit_months)
        await desk.store.scrub()
        if errors:
            raise StoreFault(
                f"{len(errors)} assessments are past their term and could not be erased ({', '.join(errors)})."
                " Everything else was. A newer version of the bot may have written them: purge with that one."
            )
        return replace(forgotten, cases=erased)

    gone = at_desk(do)
    for count, what in (
        (gone.cases, "assessments erased"),
        (gone.codes, "codes of invitations forgotten"),
        (gone.events, "keys of events forgotten"),
        (gone.entries, "entries of the audit dropped"),
    ):
        typer.echo(f"{count:>6} {what}")
