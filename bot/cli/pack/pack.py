"""`seraf-bot pack`: a board's own pack, from the first copy to the papers that are signed."""

from pathlib import Path
from time import monotonic
from typing import Annotated

import typer

from bot.cli.frame.progress import working
from bot.cli.frame.writing import write_all, write_new
from bot.runtime.at_most import read_at_most
from bot.runtime.clock import SystemClock, local_time
from bot.runtime.errors import SettingsFault
from bot.runtime.owner_only_files import replace_private
from bot.runtime.packs import SHIPPED, load_pack, load_wording, pack_files
from bot.summaries.file import File
from bot.workbench.comparing import as_lines, differences
from bot.workbench.making import begun_from
from bot.workbench.signing import as_sentences, signed_by, standing_signatures
from bot.workbench.trying import Changed, all_cases, cases_in, change_of, in_kinds
from seraf.form.signing import WHOLE
from seraf.pack import FILES, Pack

MAX_BYTES = 50_000_000
"""The largest file of cases that is read, in bytes."""

LONGEST_TRY = 120
"""Seconds after which no further case is tried."""

app = typer.Typer(help="A board's own pack: begun, checked, compared, tried on cases.", no_args_is_help=True)

Folder = Annotated[Path, typer.Argument(metavar="FOLDER", help="The folder of a pack.")]
Than = Annotated[Path, typer.Option("--than", metavar="FOLDER", help="The pack it is set beside: the shipped one.")]


@app.command("new")
def begin_pack(
    board: Annotated[str, typer.Argument(metavar="BOARD", help="What the board is called.")],
    to: Annotated[Path, typer.Option("--to", metavar="FOLDER", help="The new folder.")],
) -> None:
    """Begin a pack from the shipped one, with everything left empty that only the board can say."""
    name = _plain(board, "BOARD")
    try:
        to.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise SettingsFault(f"--to: {to} cannot be made ({error.strerror}). Name a new folder.") from None
    write_all(to, (File(file, content) for file, content in begun_from(pack_files(SHIPPED), name).items()))
    typer.echo(f"What is still to be written: seraf-bot pack check {to}")


@app.command("check")
def check_pack(folder: Folder) -> None:
    """Read a pack. Every fault is named with its file and line, tables counted from 1; status 2 where there is one."""
    instrument = pack_in_order(folder).instrument
    typer.echo(f"{instrument.board}, {instrument.edition}: {len(instrument.items)} items. In order.")
    for line in as_sentences(list(standing_signatures(instrument, pack_files(folder)))):
        typer.echo(line)


@app.command()
def diff(
    one: Annotated[Path, typer.Argument(metavar="ONE", help="The folder of the pack that is known.")],
    other: Annotated[Path, typer.Argument(metavar="OTHER", help="The folder of the other.")],
) -> None:
    """What somebody would notice who knows the first pack and is shown the second."""
    lines = list(as_lines(differences(pack_in_order(one), pack_in_order(other))))
    typer.echo("\n".join(lines) or "Both say the same.")


@app.command("what-if")
def what_if(
    folder: Folder,
    cases: Annotated[Path | None, typer.Argument(metavar="CASES", help="Requests as JSON, one a line.")] = None,
    than: Than = SHIPPED,
) -> None:
    """Which cases a pack puts in another category, or meets with another lead: those of a file, or all that can be made."""
    one, other, today = pack_in_order(than), pack_in_order(folder), local_time(SystemClock().now()).today
    with working("Making the cases"):
        named = list(cases_in(cases_content(cases), one, other) if cases else all_cases(one, other))
    if not named:
        raise SettingsFault(f"{cases}: has no case. Write requests as JSON, one a line.")
    found, tried, until = list[Changed](), 0, monotonic() + LONGEST_TRY
    with working("Trying the cases", of=len(named)) as step:
        for case in named:
            if monotonic() > until:
                break
            change = change_of(case, one, other, today=today)
            found += [change] if change else []
            tried += 1
            step()
    for line in in_kinds(found, tried, of=len(named)):
        typer.echo(line)


@app.command("preview")
def preview_pack(
    folder: Folder, to: Annotated[Path, typer.Option("--to", metavar="FILE", help="A new .pdf or .html file.")]
) -> None:
    """Everything that a pack can show somebody, card by card, to be read on paper and signed with ink."""
    from bot.workbench.preview import as_html_preview, as_pdf_preview  # typst is not needed for the other commands

    made = {".pdf": as_pdf_preview, ".html": as_html_preview}.get(to.suffix.lower())
    if made is None:
        raise SettingsFault(f"--to: {to} must end in .pdf or .html.")
    write_new(to, made(pack_in_order(folder), load_wording()))


@app.command()
def sign(
    folder: Folder,
    what: Annotated[list[str], typer.Argument(metavar="WHAT…", help="Ids of items, or `pack` for all of it.")],
    by: Annotated[str, typer.Option(help="Who signs.")],
    role: Annotated[str, typer.Option(help="As what.")],
) -> None:
    """Sign what an item, or all of the pack, says today. Two people have to; whatever is changed then is not signed any more."""
    person, today = (_plain(by, "--by"), _plain(role, "--role")), local_time(SystemClock().now()).today
    instrument, files = pack_in_order(folder).instrument, pack_files(folder)
    for of in what:
        if of != WHOLE and of not in instrument:
            raise SettingsFault(f"{of!r} is neither an item of this pack nor {WHOLE!r}.")
        files["instrument.toml"] = signed_by(person, of, on=today, instrument=instrument, files=files)
    replace_private(folder / "instrument.toml", files["instrument.toml"])
    typer.echo(f"{', '.join(what)}: signed by {person[0]}, {person[1]}, on {today.isoformat()}.")
    for line in as_sentences(list(standing_signatures(pack_in_order(folder).instrument, pack_files(folder)))):
        typer.echo(line)


def _plain(text: str, option: str) -> str:
    """A name as it can stand in the file."""
    said = " ".join(text.split())
    if not said or '"' in said or "\\" in said or not said.isprintable():
        raise SettingsFault(f"{option}: write it in letters, without quotes.")
    return said


def pack_in_order(folder: Path) -> Pack:
    """The pack in a folder. `PackFault` with every fault that can be put right now, each with its line."""
    if not folder.is_dir():
        raise SettingsFault(f"{folder} is not a folder. Name the folder of a pack: it has {', '.join(FILES)}.")
    return load_pack(folder)


def cases_content(path: Path) -> bytes:
    """What is in a file of cases. Raises `SettingsFault`."""
    try:
        content = read_at_most(path, MAX_BYTES)
    except OSError as error:
        raise SettingsFault(f"{path}: cannot be read ({error.strerror})") from None
    if len(content) > MAX_BYTES:
        raise SettingsFault(f"{path}: over {MAX_BYTES:,} bytes; split it")
    return content
