"""`seraf-bot rehearse` and `seraf-bot vignette`: training papers, and made-up cases of one's own."""

from pathlib import Path
from typing import Annotated

from typer import Argument, Option, Typer, echo

from bot.channels.terminal import FACTS
from bot.cli.consult.score import pack_in_use
from bot.cli.terminal import read_given, working, write_all, write_new
from bot.rehearsal.documents import kit_files, pair_files, pair_lines, preview_file, template_of
from bot.runtime.errors import SettingsFault
from bot.runtime.packs import load_wording
from dialogs.core.script import Script
from seraf.cases.vignette import Vignette
from seraf.errors import PackFault
from seraf.reading.cases.vignettes import read_vignette
from seraf.reading.checks.lines import placed_faults
from seraf.rehearsal.session_plan import MINUTES, best_match, matched_pairs

MAX_BYTES = 1_000_000  # maximum size in bytes of the file of a made-up case
TOO_LONG = "a made-up case is never that large"

app = Typer(no_args_is_help=True)
vignettes = Typer(no_args_is_help=True)

Case = Annotated[str, Argument(metavar="CASE", help="The id of a made-up case, as `rehearse cases` lists it.")]


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
    """Print a link that opens one trainer's console, once, where `seraf-bot web` or `run --web` serves the pages. The audit notes it."""
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


def _script() -> Script:
    return Script(pack_in_use(), load_wording(), FACTS)


def _case_named(name: str, script: Script) -> Vignette:
    vignette = next((one for one in script.pack.vignettes if one.id == name), None)
    if vignette is None:
        known = ", ".join(one.id for one in script.pack.vignettes) or "none"
        raise SettingsFault(f"There is no made-up case {name!r} in this pack. It has: {known}.")
    return vignette


@vignettes.command()
def new(file: Annotated[Path, Argument(metavar="FILE", help="The new file (TOML).")]) -> None:
    """Write the commented file of a made-up case, to be filled in."""
    script = _script()
    write_new(file, template_of(file, script), then=script.wording.say("new-case.written", file=file))


@vignettes.command("check")
def check_vignettes(files: Annotated[list[Path], Argument(metavar="FILE…", help="Files of made-up cases.")]) -> None:
    """Check made-up cases and their model answers. All faults are listed with their line. The exit status is 2 if there are faults."""
    script, faults = _script(), list[str]()
    for file in files:
        content = read_given(file, MAX_BYTES, advice=TOO_LONG)
        try:
            case = _read_case(file, content, script)
            echo(f"{file}: “{case.title}”, {case.key.total} points, Category {case.key.category}. In order.")
        except PackFault as fault:
            faults += placed_faults(fault.faults, {str(file): content})
    if faults:
        raise PackFault(tuple(faults))


@vignettes.command()
def preview(
    case: Annotated[
        str, Argument(metavar="CASE", help="A case of the pack by its name, or the file of a made-up case (TOML).")
    ],
    to: Annotated[Path, Option(help="The new PDF.")],
) -> None:
    """Print a made-up case: the story for participants with its stages, then all model answers with their reasons."""
    script, file = _script(), Path(case)
    if file.suffix == ".toml" or file.exists():
        vignette = _read_case(file, read_given(file, MAX_BYTES, advice=TOO_LONG), script)
    else:
        vignette = _case_named(case, script)
    write_new(to, preview_file(vignette, script).content)


def _read_case(file: Path, content: bytes, script: Script) -> Vignette:
    pack = script.pack
    return read_vignette(str(file), content, pack.instrument, guidance=pack.guidance, contacts=pack.contacts)
