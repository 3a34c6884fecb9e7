"""`seraf-bot what-if` and `calibrate`: a pack's order of urgency, tried on many cases and compared with people's answers."""

import json
from pathlib import Path
from typing import Annotated

import typer

from bot.cli.consult.score import pack_in_use, printed_script
from bot.cli.files import read_given
from bot.cli.pack.pack import cases_content, pack_in_order
from bot.cli.terminal import working
from bot.runtime.errors import SettingsFault
from bot.storage.values import CountsByMonth
from bot.workbench.calibrating import (
    QUIET,
    QUIET_ABOUT,
    grid_lines,
    grids,
    printed_sheet,
    result_lines,
    shares_of,
)
from bot.workbench.comparing import cases_in
from seraf.calibration.intake import USUAL, assumed_cases
from seraf.calibration.sorting import MOST, all_answers, read_answers, sheet_code, sort_out
from seraf.cases.seed import Seed
from seraf.form.responses import Case
from seraf.pack import Pack
from seraf.reading.form.request import as_request

app = typer.Typer(
    help="Whether what leads is what safeguarding leads would do: fifty cases to print, and their answers compared.",
    no_args_is_help=True,
)

ASSUMED = "The intake is assumed: it was drawn from shares that we set by hand. No real case and no safeguarding lead has seen them."

MAX_ANSWERS = 1_000_000
"""The largest file of typed answers, in bytes."""

Intake = Annotated[
    Path | None,
    typer.Option(
        "--intake", metavar="FILE", help="Your own cases, a JSON request a line. Default: the assumed intake."
    ),
]
Number = Annotated[int, typer.Option("--cases", min=1, help="How many cases of the assumed intake.")]
Drawn = Annotated[int, typer.Option("--seed", min=1, max=999_999_999, help="Which cases are drawn.")]


def compare_packs(
    *,
    intake: Intake = None,
    pack: Annotated[Path | None, typer.Option("--pack", metavar="FOLDER", help="The pack after a change.")] = None,
    cases: Number = USUAL,
    seed: Drawn = 1,
) -> None:
    """The shares of leads over many cases, by role and hour, with this pack and with another."""
    here, other = pack_in_use(), None if pack is None else pack_in_order(pack)
    with working("Trying the cases"):
        own = None if intake is None else own_cases(intake, here, other or here)
        drawn = assumed_cases(here, count=cases, seed=seed)
        before = shares_of(printed_script(here), [case for case, _ in own] if own else drawn)
        after = None
        if other is not None:
            # Drawn with the shares of the first pack, so that both get the same answers to the same questions.
            drawn = assumed_cases(other, count=cases, seed=seed, shares=here.intake)
            after = shares_of(printed_script(other), [case for _, case in own] if own else drawn)
    typer.echo(f"{before.cases:,} cases." if own else f"{before.cases:,} cases. {ASSUMED}")
    typer.echo(f"{QUIET[:1].upper()}{QUIET[1:]}: {QUIET_ABOUT}.")
    for grid in grids(before, after):
        typer.echo("\n" + "\n".join(grid_lines(grid)))


@app.command("intake")
def print_intake(*, cases: Number = USUAL, seed: Drawn = 1) -> None:
    """The assumed intake as requests, one a line, such as `score --lines` and `what-if --intake` read."""
    for case in assumed_cases(pack_in_use(), count=cases, seed=seed):
        typer.echo(json.dumps(as_request(case)))


@app.command("sheet")
def print_sheet(
    *,
    intake: Intake = None,
    cases: Annotated[int, typer.Option("--cases", min=1, max=MOST, help="How many cases are on the sheet.")] = 50,
    seed: Drawn = 1,
) -> None:
    """A sheet of cases to print, without what the bot says of them, and where to write what you would do."""
    script = printed_script(pack_in_use())
    chosen = _chosen(script.pack, intake, count=cases, seed=seed)
    for line in printed_sheet(script, chosen, code=sheet_code(chosen, seed=seed), is_assumed=intake is None):
        typer.echo(line)


@app.command("answers")
def compare_answers(
    files: Annotated[list[Path], typer.Argument(metavar="FILE…", help="Typed answers of one person or several.")],
    *,
    intake: Intake = None,
) -> None:
    """How far people agree with the bot and with one another, and where not. Only the answers are read: no names are needed."""
    pack = pack_in_use()
    texts = list[str]()
    for path in files:
        try:
            content = read_given(path, MAX_ANSWERS, advice="answers are never that long")
            texts.append(content.decode("utf-8-sig"))
        except UnicodeDecodeError:
            raise SettingsFault(f"{path}: is not UTF-8 text; save it as UTF-8") from None
    answers = all_answers([read_answers(text) for text in texts])
    chosen = _chosen(pack, intake, count=answers.count, seed=answers.seed)
    if sheet_code(chosen, seed=answers.seed) != answers.code:
        raise SettingsFault(
            f"The answers are to sheet {answers.code}, which has other cases. Use the pack and the --intake with which it was printed."
        )
    for line in result_lines(sort_out(pack, chosen, answers)):
        typer.echo(line)


@app.command("counts")
def print_year(year: Annotated[int, typer.Argument(metavar="YEAR", help="A year that is over.")]) -> None:
    """What was counted in a year, as a page for the papers: leads, answers and outcomes, where SERAF_COUNTS is on. Never under five."""
    from bot.cli.context import CommandContext, with_store  # no other command here opens a store
    from bot.operations.counted import demand_whole_year, year_of, year_page

    async def read(context: CommandContext) -> CountsByMonth:
        demand_whole_year(year, now=context.now, months_kept=context.settings.audit_months)
        return await context.store.read(lambda t: t.monthly_counts.by_month())

    counts = year_of(with_store(read), year)
    if not counts:
        raise SettingsFault(f"{year}: nothing was counted that may be shown. Counting is on where SERAF_COUNTS is.")
    titles = {lead.reason: lead.title for lead in reversed(pack_in_use().guidance.leads)}
    typer.echo("\n".join(year_page(counts, year, titles=titles)))


def own_cases(intake: Path, one: Pack, other: Pack) -> list[tuple[Case, Case]]:
    """Return the cases of a file as each of two packs reads them; raise `SettingsFault` if it has none, and `RequestFault`."""
    cases = [(before, after) for _, before, after in cases_in(cases_content(intake), one, other)]
    if not cases:
        raise SettingsFault(f"{intake}: has no case. Write requests as JSON, one a line.")
    return cases


def _chosen(pack: Pack, intake: Path | None, *, count: int, seed: int) -> tuple[Case, ...]:
    """Return the cases of a sheet: from the assumed intake, or drawn by the seed from a file, in its order."""
    if intake is None:
        return tuple(assumed_cases(pack, count=count, seed=seed))
    cases = [case for case, _ in own_cases(intake, pack, pack)]
    drawn = set(Seed(f"sheet {seed}").ordered([str(at) for at in range(len(cases))], "cases")[:count])
    return tuple(case for at, case in enumerate(cases) if str(at) in drawn)
