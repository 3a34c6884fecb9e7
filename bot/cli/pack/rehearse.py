"""`seraf-bot rehearse` and `seraf-bot vignette`: training papers, answers typed in from paper, and writing made-up cases."""

from pathlib import Path
from typing import Annotated

from typer import Argument, Option, Typer, echo

from bot.channels.terminal import FACTS
from bot.cli.consult.score import pack_in_use
from bot.cli.terminal import many, plain_console, read_given, typed_lines, working, write_all, write_new
from bot.rehearsal.documents import kit_files, pair_files, pair_lines, preview_file, report_file
from bot.rehearsal.typed_files import (
    draft_of,
    group_lines,
    group_report,
    one_sheet_lines,
    type_in,
    whole_sheets_in,
    write_vignette,
)
from bot.runtime.clock import SystemClock, local_time
from bot.runtime.errors import SettingsFault
from bot.runtime.packs import load_wording
from dialogs.core.script import Script
from seraf.cases.vignette import Vignette
from seraf.errors import PackFault
from seraf.reading.cases.vignettes import read_vignette
from seraf.rehearsal.session_plan import MINUTES, best_match, matched_pairs

MAX_BYTES = 1_000_000  # maximum size in bytes of the file of a made-up case

app = Typer(no_args_is_help=True)
vignettes = Typer(no_args_is_help=True)

Case = Annotated[str, Argument(metavar="CASE", help="The id of a made-up case, as `rehearse cases` lists it.")]
Sheets = Annotated[Path, Argument(metavar="FILE", help="The file of the answer sheets (CSV, without names).")]


@app.command()
def cases() -> None:
    """List the made-up cases with id, title and subject, then the pairs that match, for before and after a session."""
    pack = _script().pack
    if not pack.vignettes:
        echo("This pack has no made-up cases. Write one: seraf-bot vignette new FILE")
    for vignette in pack.vignettes:
        echo(f"{vignette.id:<16}  {vignette.title}. {vignette.about}")
    for pair in matched_pairs(pack):
        echo(f"Matched: {pair.first.id} and {pair.second.id}")


@app.command()
def room(
    case: Annotated[str, Argument(metavar="[CASE]", help="The id of a made-up case. Without it you choose one.")] = "",
    *,
    tls: Annotated[
        tuple[Path, Path] | None, Option(metavar="CERT KEY", help="A certificate and its key (PEM).")
    ] = None,
    address: Annotated[str, Option(help="The name or address that people type, if it is another one.")] = "",
    port: Annotated[int, Option(help="The port. By default 8080, or another one if that is in use.")] = 0,
    browser: Annotated[bool, Option(help="Open your console in the browser.")] = True,
    hotspot: Annotated[bool, Option("--hotspot", help="Say how this machine becomes the phones' network.")] = False,
) -> None:
    """Open a room for a group on this machine: no token, key, account, store or setting. Ctrl-C ends it; nothing is kept."""
    from bot.cli.pack import room as opening  # slow to import, and needed by no other command here

    if hotspot:
        opening.say_hotspot()
        return
    if case:
        _case_named(case, _script())
    opening.open_room(case, tls=tls, address=address, port=port, opens_browser=browser)


@app.command("link")
def link_to_console() -> None:
    """Print a link that opens one trainer's console, once, where `seraf-bot web` or `run --web` serves the pages."""
    from bot.cli.pack import room as opening

    opening.print_link()


@app.command()
def kit(
    case: Case,
    to: Annotated[Path, Option(help="The folder for the papers; nothing in it is overwritten.")],
    *,
    minutes: Annotated[int, Option(help="The length of the session: 45, 90 or 180.")] = 90,
) -> None:
    """Make all papers of a session: handout, answer sheet, plan, model answers for the trainer, attendance note."""
    if minutes not in MINUTES:
        raise SettingsFault(f"There is no plan of {minutes} minutes. Choose one of: {', '.join(map(str, MINUTES))}.")
    script = _script()
    vignette = _case_named(case, script)
    with working("Setting the papers"):
        files = kit_files(vignette, script, minutes=minutes)
    write_all(to, files)
    echo("Print the handout and the answer sheet once for each person. The model answers are for you alone.")


@app.command()
def pair(case: Case, to: Annotated[Path | None, Option(help="The folder for the papers of both.")] = None) -> None:
    """Find the most similar case, to use before and after a session, and show how well the two cases match."""
    script = _script()
    vignette = _case_named(case, script)
    with working("Comparing the cases"):
        match = best_match(script.pack, vignette)
    if match is None:
        raise SettingsFault("This pack has no second case, so there is none to compare with.")
    echo(f"{match.first.id} and {match.second.id}{'' if match.is_matched else ': the nearest, not matched'}")
    for line in pair_lines(match, script):
        echo(f"  {line}")
    if to is not None:
        with working("Setting the papers"):
            files = pair_files(match, script)
        write_all(to, files)


@app.command()
def enter(case: Case, file: Sheets) -> None:
    """Type in the answers that people circled on paper. Each line is saved at once; the same command continues later."""
    script = _script()
    vignette, console = _case_named(case, script), plain_console()
    whole = type_in(file, vignette, script, lines=typed_lines(console), say=console.print)
    if not whole:
        echo("No sheet is whole yet.")
    elif len(whole) == 1:
        _print(one_sheet_lines(whole[0], vignette, script), between="\n\n")
    else:
        report = group_report(whole, vignette, script, today=local_time(SystemClock().now()).today)
        _print((*group_lines(report, script), script.wording.say("enter.one-by-one", file=file)))


@app.command()
def results(
    file: Sheets,
    *,
    sheet: Annotated[int | None, Option(help="The number of one sheet: its own debrief.")] = None,
    to: Annotated[Path | None, Option(help="Write the comparison to this new file: .csv or .pdf.")] = None,
) -> None:
    """Show the results of the sheets in a file: the comparison of the group, or the debrief of a single sheet."""
    script = _script()
    case, whole = whole_sheets_in(file, script)
    if not whole:
        raise SettingsFault(f"No sheet in {file} is whole. Type some in: seraf-bot rehearse enter CASE {file}")
    vignette = _case_named(case, script)
    if sheet is not None:
        one = next((typed for typed in whole if typed.number == sheet), None)
        if one is None:
            raise SettingsFault(f"There is no whole sheet {sheet} in {file}; it has {many(len(whole), 'whole sheet')}.")
        _print(one_sheet_lines(one, vignette, script), between="\n\n")
        return
    report = group_report(whole, vignette, script, today=local_time(SystemClock().now()).today)
    if to is None:
        _print(group_lines(report, script))
        return
    document = report_file(report, script, ending=to.suffix.lower().lstrip("."))
    if document is None:
        raise SettingsFault(f"{to}: the comparison is written as .csv or .pdf. Name such a file.")
    write_new(to, document.content)


def _script() -> Script:
    return Script(pack_in_use(), load_wording(), FACTS)


def _case_named(name: str, script: Script) -> Vignette:
    vignette = next((one for one in script.pack.vignettes if one.id == name), None)
    if vignette is None:
        known = ", ".join(one.id for one in script.pack.vignettes) or "none"
        raise SettingsFault(f"There is no made-up case {name!r} in this pack. It has: {known}.")
    return vignette


def _print(lines: tuple[str, ...], *, between: str = "\n") -> None:
    plain_console().print(between.join(lines))


@vignettes.command()
def new(file: Annotated[Path, Argument(metavar="FILE", help="The new file (TOML).")]) -> None:
    """Write a made-up case. Each answer is checked and saved at once; the same command continues later."""
    script, console = _script(), plain_console()
    vignette = write_vignette(file, script, lines=typed_lines(console), say=console.print)
    if vignette is None:
        echo(f"Kept in {draft_of(file)}. Go on with: seraf-bot vignette new {file}")
        return
    key = vignette.key
    done = {"title": vignette.title, "total": key.total, "category": key.category, "file": file}
    echo(script.wording.say("writing.done", **done))


@vignettes.command("check")
def check_vignettes(files: Annotated[list[Path], Argument(metavar="FILE…", help="Files of made-up cases.")]) -> None:
    """Check made-up cases and their model answers. All faults are listed with their place. The exit status is 2 if there are faults."""
    script, faults = _script(), list[str]()
    for file in files:
        try:
            case = _written_case(file, script)
            echo(f"{file}: “{case.title}”, {case.key.total} points, Category {case.key.category}. In order.")
        except PackFault as fault:
            faults += fault.faults
    if faults:
        raise PackFault(tuple(faults))


@vignettes.command()
def preview(
    file: Annotated[Path, Argument(metavar="FILE", help="The file of a made-up case (TOML).")],
    to: Annotated[Path, Option(help="The new PDF.")],
) -> None:
    """Print a made-up case: the story for participants, then all model answers with their reasons."""
    script = _script()
    write_new(to, preview_file(_written_case(file, script), script).content)


def _written_case(file: Path, script: Script) -> Vignette:
    content = read_given(file, MAX_BYTES, advice="a made-up case is never that large")
    return read_vignette(str(file), content, script.pack.instrument, guidance=script.pack.guidance)
