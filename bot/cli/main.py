"""The entry point: `seraf-bot` and its commands. A fault ends it with one line each on standard error, and a status.

The status is 2 where something has to be put right, and 75 where the same may go well a little later.
"""

import sys
from importlib import import_module
from importlib.metadata import version
from io import TextIOWrapper
from typing import Annotated, Any, TextIO, cast

import typer
from typer.core import TyperGroup
from typer.main import get_command, get_group

from bot.cli.frame.private_files import demand_private_env
from bot.cli.frame.visible import LONGEST, VisibleStream
from bot.runtime.crash_report import keep_to_oneself, stand_by
from bot.runtime.errors import PassingFault, SerafError
from seraf.errors import at_most

WRONG, PASSING = 2, 75
"""Exit statuses. Services are set up to start the bot again after the second, and not after the first."""

COMMANDS = {
    "chat": "bot.cli.desk.chat:chat",
    "run": "bot.cli.operate.run_bot:run_bot",
    "web": "bot.cli.operate.run_web:run_web",
    "items": "bot.cli.desk.items:items",
    "score": "bot.cli.desk.score:score",
    "summary": "bot.cli.desk.summary:summary",
    "check": "bot.cli.operate.check:check",
    "accept": "bot.cli.operate.accept:accept",
    "init": "bot.cli.operate.init:init",
    "purge": "bot.cli.operate.purge:purge",
    "upgrade": "bot.cli.operate.upgrade:upgrade",
    "rehearse": "bot.cli.teach.rehearse:app",
    "vignette": "bot.cli.teach.vignette:app",
    "people": "bot.cli.people.people:app",
    "hold": "bot.cli.people.hold:app",
    "contacts": "bot.cli.people.contacts:app",
    "audit": "bot.cli.people.audit:app",
    "keys": "bot.cli.operate.keys:app",
    "backup": "bot.cli.operate.backup:app",
}
"""Every command, and where it is: it is imported when it is asked for, so that none waits for what another needs."""


class ImportedWhenAsked(TyperGroup):
    """The commands of this table."""

    def list_commands(self, ctx: Any) -> list[str]:
        """Their names, in the order of the table."""
        return list(COMMANDS)

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        """The command of this name; None where there is none."""
        module, colon, name = COMMANDS.get(cmd_name, "").partition(":")
        if not colon:
            return None
        found = getattr(import_module(module), name)
        if isinstance(found, typer.Typer):
            return get_group(found)
        alone = typer.Typer(add_completion=False)
        alone.command(cmd_name)(found)
        return get_command(alone)


app = typer.Typer(
    name="seraf-bot",
    cls=ImportedWhenAsked,
    help="Takes a safeguarding professional through SERAF, one question at a time. You do not need a SERAF to call for help.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _print_version(wanted: bool) -> None:
    if wanted:
        from bot.storage.sqlite.database.migrate import known_migrations

        schema = known_migrations()[-1].number
        typer.echo(f"seraf-bot {version('seraf-bot')} (schema of the store: {schema})")
        raise typer.Exit


@app.callback()
def _main(
    context: typer.Context,
    _: Annotated[
        bool,
        typer.Option(
            "--version",
            callback=_print_version,
            is_eager=True,
            help="Print the version, and which schema its store has.",
        ),
    ] = False,
) -> None:
    """Hold the options that stand before a command. A failure that none met is told without its words, and without a dump."""
    stand_by()
    keep_to_oneself()
    if context.invoked_subcommand != "check":  # which says so in its place, with all else
        demand_private_env()


def run() -> None:
    """Run the command line. What a terminal has no sign for is shown as a question mark, and what would steer it is written out."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="replace")
    sys.stdout, sys.stderr = (cast(TextIO, VisibleStream(stream)) for stream in (sys.stdout, sys.stderr))
    try:
        app()
    except SerafError as fault:
        for line in at_most(str(fault).split("\n")):
            typer.echo(f"seraf-bot: {line[:LONGEST]}", err=True, color=True)  # or it would take out what is written out
        sys.exit(PASSING if isinstance(fault, PassingFault) else WRONG)
    except BrokenPipeError:
        sys.stderr.close()  # else Python reports at its end that standard output could not be flushed
        sys.exit(1)


if __name__ == "__main__":
    run()
