"""The entry point: `seraf-bot` and its commands. A fault ends a command with lines on standard error and an exit status.

The status is 2 if an operator has to correct something, and 75 if a retry may succeed: a service manager restarts the bot after 75,
and not after 2.
"""

import sys
from functools import cache
from importlib import import_module
from io import TextIOWrapper
from typing import Annotated, Any, TextIO, cast

from typer import Context, Exit, Option, Typer, echo
from typer.core import TyperCommand, TyperGroup
from typer.main import get_command, get_group

from bot.cli.terminal import LONGEST, VisibleStream, demand_private_env
from bot.runtime.errors import PassingFault
from bot.runtime.logs import keep_to_oneself, stand_by
from bot.runtime.starting import uncollected
from seraf.errors import SerafError, at_most

PLAIN = None  # help without boxes and colours, which take longer to import than everything else in a command
WRONG, PASSING = 2, 75

COMMANDS = {
    "chat": "bot.cli.consult.chat:chat",
    "run": "bot.cli.operate.run:run_bot",
    "web": "bot.cli.operate.run:run_web",
    "ask": "bot.cli.consult.ask:ask_pack",
    "items": "bot.cli.consult.score:items",
    "score": "bot.cli.consult.score:score",
    "summary": "bot.cli.consult.summary:summary",
    "check": "bot.cli.operate.check:check",
    "status": "bot.cli.operate.run:status",
    "accept": "bot.cli.operate.store:accept",
    "init": "bot.cli.operate.run:init",
    "purge": "bot.cli.operate.store:purge",
    "upgrade": "bot.cli.operate.store:upgrade",
    "rehearse": "bot.cli.pack.rehearse:app",
    "vignette": "bot.cli.pack.rehearse:vignettes",
    "pack": "bot.cli.pack.pack:app",
    "what-if": "bot.cli.pack.pack:compare_packs",
    "calibrate": "bot.cli.pack.pack:calibration",
    "people": "bot.cli.people.people:app",
    "team": "bot.cli.people.team:app",
    "hold": "bot.cli.people.hold:app",
    "contacts": "bot.cli.people.contacts:app",
    "audit": "bot.cli.people.audit:app",
    "keys": "bot.cli.operate.store:app",
    "store": "bot.cli.operate.store:places",
    "backup": "bot.cli.operate.backup:app",
}
"""The module and function of every command. A command is imported only when it is used, so that no other one is slowed down."""

ABOUT = {
    "chat": "Go through a SERAF in the terminal. Type a button's number or label; Ctrl-D leaves. Nothing is stored.",
    "run": "Run the Telegram bot. It logs “ready” when it is running. Stop it with Ctrl-C or SIGTERM.",
    "web": "Serve the web pages. It logs “ready” when they are served. Stop it with Ctrl-C or SIGTERM.",
    "ask": "Print what a question in plain words finds in the pack, and why. For authors of packs: ask nothing about a real child here.",
    "items": "List the items of the pack: ids, labels, options, and whether each was checked against the board's form.",
    "score": "Score cases, JSON in and JSON out: leads, actions, the score, more steps and contacts. A faulty case is not scored.",
    "summary": "Print the summary of a SERAF from its review code, or say that the code was not made here.",
    "check": "Check settings, pack, keys, store, audit, backups, disk, Telegram, clock and file modes. Nothing is changed.",
    "status": "Say whether the bot runs, receives messages and can save answers, in counts and times only.",
    "accept": "Accept rows that another program restored, changed or deleted. Restoring the latest backup is better.",
    "init": "Write .env and the first key file, each with mode 0600. Existing files are left as they are.",
    "purge": "Erase everything past its retention time now, except held assessments. The bot does the same by itself.",
    "upgrade": "Upgrade the store to this version while no bot runs. `run` does the same by itself; no other command does.",
    "rehearse": "Make training papers about made-up cases.",
    "vignette": "Write, check and print made-up cases of your own.",
    "pack": "Make a board's own pack: begin, check, compare and sign it, and try it on cases.",
    "what-if": "Compare two packs by their shares of leads over many cases, by role and hour.",
    "calibrate": "Compare the bot's leads with those of safeguarding leads: print fifty cases, and read their answers.",
    "people": "Administer who may use the bot: invite, withdraw, list, confirm, label, role, lock, renew, remove.",
    "team": "Say who is in which team, who manages it, and who is on call when.",
    "hold": "Keep an assessment for the police or a court, hand it over, and end the hold.",
    "contacts": "Confirm the phone numbers that the bot shows.",
    "audit": "Print, verify and export the audit: who did what, when, on which reference. It never has a response.",
    "keys": "Change the keys that seal the database.",
    "store": "Move the store between a file and PostgreSQL.",
    "backup": "Make, check and restore copies of the live database, encrypted with age.",
}
"""The help of each group, and the first paragraph of the help of each other command. It is here so that a list imports no command."""


class PlainFlags:
    """A mixin whose flags are False by default. With Typer's default, None, Typer would import pydantic, which is slow."""

    def get_params(self, ctx: Any) -> list[Any]:
        """Return the arguments and options of the command."""
        params: list[Any] = super().get_params(ctx)  # type: ignore[misc]
        for param in params:
            if getattr(param, "is_bool_flag", False) and param.default is None:
                param.default = False
        return params


class LoneCommand(PlainFlags, TyperCommand):
    """A command that is in no group."""


class ImportedWhenAsked(PlainFlags, TyperGroup):
    """The group of all commands. It imports a command when it is used."""

    _is_listing = False

    def list_commands(self, ctx: Any) -> list[str]:
        """Return the names of the commands in the order of `COMMANDS`."""
        return list(COMMANDS)

    def format_help(self, ctx: Any, formatter: Any) -> None:
        """Write the help with the texts in `ABOUT`, so that no command is imported for it."""
        self._is_listing = True
        try:
            super().format_help(ctx, formatter)
        finally:
            self._is_listing = False

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        """Return the command with this name, or None if there is none."""
        if self._is_listing:
            return TyperCommand(cmd_name, short_help=ABOUT[cmd_name])
        return _command(cmd_name) if cmd_name in COMMANDS else None


@cache
def _command(name: str) -> Any:
    """Import and return a command or a group. The help of a group has the whole first paragraph of each command's help."""
    module, _, attribute = COMMANDS[name].partition(":")
    with uncollected():
        command = getattr(import_module(module), attribute)
    if not isinstance(command, Typer):
        lone = Typer(add_completion=False, rich_markup_mode=PLAIN)
        lone.command(name, cls=LoneCommand)(command)
        return get_command(lone)
    command.rich_markup_mode, command.info.help = PLAIN, ABOUT[name]
    group = get_group(command)
    for member in group.commands.values():
        member.short_help = (member.help or "").partition("\n\n")[0]
    return group


app = Typer(
    rich_markup_mode=PLAIN,
    name="seraf-bot",
    cls=ImportedWhenAsked,
    help="Takes a safeguarding professional through SERAF, one question at a time. You do not need a SERAF to call for help.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _version(wanted: bool) -> None:
    if wanted:
        from importlib.metadata import version  # slow to import, like the migrations

        from bot.storage.sqlite.preparing import known_migrations

        schema = known_migrations()[-1].number
        echo(f"seraf-bot {version('seraf-bot')} (schema of the store: {schema})")
        raise Exit


@app.callback()
def _main(
    context: Context,
    _: Annotated[
        bool,
        Option(
            "--version", callback=_version, is_eager=True, help="Print the version, and which schema its store has."
        ),
    ] = False,
) -> None:
    """Prepare for any command: hide details of unexpected failures, write no core dumps, and refuse settings that others can read."""
    stand_by()
    keep_to_oneself()
    if context.invoked_subcommand != "check":  # `check` reports it among its findings
        demand_private_env()


def run() -> None:
    """Run the command line. Characters that the terminal cannot show are printed as question marks, control characters escaped."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="replace")
    sys.stdout, sys.stderr = (cast(TextIO, VisibleStream(stream)) for stream in (sys.stdout, sys.stderr))
    try:
        app()
    except SerafError as fault:
        for line in at_most(str(fault).split("\n")):
            echo(f"seraf-bot: {line[:LONGEST]}", err=True, color=True)  # without `color` it would remove the escapes
        sys.exit(PASSING if isinstance(fault, PassingFault) else WRONG)
    except PermissionError as error:
        at = error.filename or "a file"
        echo(f"seraf-bot: {at} is closed to this account. Give the bot's account it and its folder.", err=True)
        sys.exit(WRONG)
    except BrokenPipeError:
        sys.stderr.close()  # otherwise Python reports at exit that standard output could not be flushed
        sys.exit(1)


if __name__ == "__main__":
    run()
