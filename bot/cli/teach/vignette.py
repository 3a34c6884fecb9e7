"""`seraf-bot vignette`: a made-up case of one's own, written in answers to questions, checked, and looked at on paper."""

from pathlib import Path
from typing import Annotated

import typer

from bot.cli.frame.typed_lines import plain_console, typed_lines
from bot.cli.frame.writing import write_new
from bot.cli.teach.rehearse import teaching_script
from bot.rehearsal.kit import preview_file
from bot.rehearsal.vignette_writing import draft_of, write_vignette
from bot.runtime.at_most import read_at_most
from bot.runtime.errors import PackFault, SettingsFault
from dialogs.core.script import Script
from seraf.cases.vignette import Vignette
from seraf.reading.cases.vignettes import read_vignette

MAX_BYTES = 1_000_000
"""The largest vignette that is read, in bytes."""

app = typer.Typer(
    help="Made-up cases of your own: written question by question, checked, printed.", no_args_is_help=True
)

Written = Annotated[Path, typer.Argument(metavar="FILE", help="The file of a made-up case (TOML).")]


@app.command()
def new(file: Annotated[Path, typer.Argument(metavar="FILE", help="The new file (TOML).")]) -> None:
    """Write a made-up case. Every answer is checked and kept at once; the same command goes on where it was left."""
    script = teaching_script()
    console = plain_console()
    made = write_vignette(file, script, lines=typed_lines(console), say=console.print)
    if made is None:
        typer.echo(f"Kept in {draft_of(file)}. Go on with: seraf-bot vignette new {file}")
        return
    done = {"title": made.title, "total": made.key.total, "category": made.key.category, "file": file}
    typer.echo(script.wording.say("writing.done", **done))


@app.command("check")
def check_vignettes(
    files: Annotated[list[Path], typer.Argument(metavar="FILE…", help="Files of made-up cases.")],
) -> None:
    """Read made-up cases and prove what their keys claim. Every fault is named with its place; status 2 where there is one."""
    script, faults = teaching_script(), list[str]()
    for file in files:
        try:
            made = written_case(file, script)
            typer.echo(f"{file}: “{made.title}”, {made.key.total} points, Category {made.key.category}. In order.")
        except PackFault as fault:
            faults += fault.faults
    if faults:
        raise PackFault(tuple(faults))


@app.command()
def preview(file: Written, to: Annotated[Path, typer.Option(help="The new PDF.")]) -> None:
    """A made-up case on paper: the story as people will read it, then the whole key with its reasons."""
    script = teaching_script()
    write_new(to, preview_file(written_case(file, script), script).content)


def written_case(file: Path, script: Script) -> Vignette:
    """The vignette in a file. `SettingsFault` where it cannot be read, `PackFault` with every fault that it has."""
    try:
        content = read_at_most(file, MAX_BYTES)
    except OSError as error:
        raise SettingsFault(f"{file}: cannot be read ({error.strerror})") from None
    if len(content) > MAX_BYTES:
        raise SettingsFault(f"{file}: over {MAX_BYTES:,} bytes; a made-up case is never that large")
    return read_vignette(str(file), content, script.pack.instrument, guidance=script.pack.guidance)
