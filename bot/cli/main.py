"""The entry point: `seraf-bot` and its commands. A fault ends it with one line each on standard error and status 2."""

import sys
from importlib.metadata import version
from io import TextIOWrapper
from typing import Annotated

import typer

from bot.cli.desk import chat, items, score, summary
from bot.cli.operate import accept, backup, check, init, keys, purge, run_bot
from bot.cli.people import audit, contacts, hold, people
from bot.cli.teach import rehearse, vignette
from bot.runtime.crash_report import keep_to_oneself, stand_by
from bot.runtime.errors import SerafError

app = typer.Typer(
    name="seraf-bot",
    help="Takes a safeguarding professional through SERAF, one question at a time. You do not need a SERAF to call for help.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
app.command("chat")(chat.chat)
app.command("run")(run_bot.run_bot)
app.command("items")(items.items)
app.command("score")(score.score)
app.command("summary")(summary.summary)
app.command("check")(check.check)
app.command("accept")(accept.accept)
app.command("init")(init.init)
app.command("purge")(purge.purge)
app.add_typer(rehearse.app, name="rehearse")
app.add_typer(vignette.app, name="vignette")
app.add_typer(people.app, name="people")
app.add_typer(hold.app, name="hold")
app.add_typer(contacts.app, name="contacts")
app.add_typer(audit.app, name="audit")
app.add_typer(keys.app, name="keys")
app.add_typer(backup.app, name="backup")


def _print_version(wanted: bool) -> None:
    if wanted:
        from bot.storage.sqlite.database.migrate import known_migrations

        schema = known_migrations()[-1].number
        typer.echo(f"seraf-bot {version('seraf-bot')} (schema of the store: {schema})")
        raise typer.Exit


@app.callback()
def _main(
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


def run() -> None:
    """Run the command line. What a terminal has no sign for is shown as a question mark."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="replace")
    try:
        app()
    except SerafError as fault:
        for line in str(fault).splitlines():
            typer.echo(f"seraf-bot: {line}", err=True)
        sys.exit(2)
    except BrokenPipeError:
        sys.stderr.close()  # else Python reports at its end that standard output could not be flushed
        sys.exit(1)


if __name__ == "__main__":
    run()
