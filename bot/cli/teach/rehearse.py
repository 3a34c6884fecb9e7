"""`seraf-bot rehearse`: papers to teach with, answers on paper typed in, and what came of them. Nobody's name is asked for."""

from pathlib import Path
from typing import Annotated

import typer

from bot.channels.terminal import FACTS
from bot.cli.desk.pack_in_use import pack_in_use
from bot.cli.frame.plain import many
from bot.cli.frame.progress import working
from bot.cli.frame.typed_lines import plain_console, typed_lines
from bot.cli.frame.writing import write_all, write_new
from bot.rehearsal.kit import kit_files, pair_files, pair_lines, report_file
from bot.rehearsal.sheet_files import (
    group_lines,
    group_report,
    one_sheet_lines,
    read_sheet_file,
    type_in,
    whole_in,
)
from bot.runtime.clock import SystemClock, local_time
from bot.runtime.errors import SettingsFault
from bot.runtime.packs import load_wording
from dialogs.core.script import Script
from seraf.cases.vignette import Vignette
from seraf.rehearsal.session_plan import MINUTES, best_match, matched_pairs

app = typer.Typer(help="Papers to teach with on made-up cases, and answers on paper typed in.", no_args_is_help=True)

Case = Annotated[str, typer.Argument(metavar="CASE", help="The id of a made-up case, as `rehearse cases` lists it.")]
Sheets = Annotated[Path, typer.Argument(metavar="FILE", help="The file of the answer sheets (CSV, without names).")]


@app.command()
def cases() -> None:
    """The made-up cases: id, title, and what each is about; then which two are matched for before and after."""
    pack = teaching_script().pack
    if not pack.vignettes:
        typer.echo("This pack has no made-up cases. Write one: seraf-bot vignette new FILE")
    for each in pack.vignettes:
        typer.echo(f"{each.id:<16}  {each.title}. {each.about}")
    for pair in matched_pairs(pack):
        typer.echo(f"Matched: {pair.first.id} and {pair.second.id}")


@app.command()
def kit(
    case: Case,
    to: Annotated[Path, typer.Option(help="The folder for the papers; nothing in it is overwritten.")],
    *,
    minutes: Annotated[int, typer.Option(help="The length of the session: 45, 90 or 180.")] = 90,
) -> None:
    """All papers of a session: handout, answer sheet, plan, model answers for the trainer, attendance note."""
    if minutes not in MINUTES:
        raise SettingsFault(f"There is no plan of {minutes} minutes. Choose one of: {', '.join(map(str, MINUTES))}.")
    script = teaching_script()
    vignette = case_named(case, script)
    with working("Setting the papers"):
        files = kit_files(vignette, script, minutes=minutes)
    write_all(to, files)
    typer.echo("Print the handout and the answer sheet once for each person. The model answers are for you alone.")


@app.command()
def pair(
    case: Case, to: Annotated[Path | None, typer.Option(help="The folder for the papers of both cases.")] = None
) -> None:
    """The case that is most like this one, for before and after a session; and how the two are matched."""
    script = teaching_script()
    vignette = case_named(case, script)
    with working("Comparing the cases"):
        found = best_match(script.pack, vignette)
    if found is None:
        raise SettingsFault("This pack has no second case, so there is none to compare with.")
    typer.echo(f"{found.first.id} and {found.second.id}" + ("" if found.is_matched else ": the nearest, not matched"))
    for line in pair_lines(found, script):
        typer.echo(f"  {line}")
    if to is not None:
        with working("Setting the papers"):
            files = pair_files(found, script)
        write_all(to, files)


@app.command()
def enter(case: Case, file: Sheets) -> None:
    """Type in what people circled on paper. Every line is kept at once; the same command goes on where it was left."""
    script = teaching_script()
    vignette, console = case_named(case, script), plain_console()
    whole = type_in(file, vignette, script, lines=typed_lines(console), say=console.print)
    if not whole:
        typer.echo("No sheet is whole yet.")
    elif len(whole) == 1:
        _print(one_sheet_lines(whole[0], vignette, script), between="\n\n")
    else:
        told = group_report(whole, vignette, script, today=local_time(SystemClock().now()).today)
        _print((*group_lines(told, script), script.wording.say("enter.one-by-one", file=file)))


@app.command()
def results(
    file: Sheets,
    *,
    sheet: Annotated[int | None, typer.Option(help="The number of one sheet: its own debrief.")] = None,
    to: Annotated[Path | None, typer.Option(help="Write the comparison to this new file: .csv or .pdf.")] = None,
) -> None:
    """What came of the sheets in a file: the comparison of the group, or the debrief of one sheet."""
    script = teaching_script()
    kept = read_sheet_file(file, script)
    whole = whole_in(kept, script)
    if not whole:
        raise SettingsFault(f"No sheet in {file} is whole. Type some in: seraf-bot rehearse enter CASE {file}")
    vignette = case_named(kept.case, script)
    if sheet is not None:
        one = next((each for each in whole if each.number == sheet), None)
        if one is None:
            raise SettingsFault(f"There is no whole sheet {sheet} in {file}; it has {many(len(whole), 'whole sheet')}.")
        _print(one_sheet_lines(one, vignette, script), between="\n\n")
        return
    told = group_report(whole, vignette, script, today=local_time(SystemClock().now()).today)
    if to is None:
        _print(group_lines(told, script))
        return
    made = report_file(told, script, ending=to.suffix.lower().lstrip("."))
    if made is None:
        raise SettingsFault(f"{to}: the comparison is written as .csv or .pdf. Name such a file.")
    write_new(to, made.content)


def teaching_script() -> Script:
    """The pack and the words, without keys or store."""
    return Script(pack_in_use(), load_wording(), FACTS)


def case_named(name: str, script: Script) -> Vignette:
    """The made-up case of that id; `SettingsFault` with all ids where there is none."""
    found = next((each for each in script.pack.vignettes if each.id == name), None)
    if found is None:
        known = ", ".join(each.id for each in script.pack.vignettes) or "none"
        raise SettingsFault(f"There is no made-up case {name!r} in this pack. It has: {known}.")
    return found


def _print(lines: tuple[str, ...], *, between: str = "\n") -> None:
    """Print lines at the width of the terminal, words whole."""
    plain_console().print(between.join(lines))
