"""`seraf-bot pack`, `what-if` and `calibrate`: a board's own pack, and comparisons with other packs and with people."""

import json
from pathlib import Path
from time import monotonic
from typing import Annotated

from typer import Argument, Option, Typer, echo

from bot.cli.consult.score import pack_in_use, printed_script
from bot.cli.terminal import read_given, working, write_all, write_new
from bot.runtime.clock import SystemClock, local_time
from bot.runtime.errors import SettingsFault
from bot.runtime.files import replace_private, write_private
from bot.runtime.packs import SHIPPED, load_pack, load_wording, pack_files
from bot.storage.values import CountsByMonth
from bot.summaries.file import File
from bot.workbench.calibrating import QUIET, QUIET_ABOUT, grid_lines, grids, printed_sheet, result_lines, shares_of
from bot.workbench.comparing import Changed, Named, all_cases, cases_in, change_of, differing_lines, in_kinds
from bot.workbench.editing import begun_from, digests_of, signature_lines, signed_with
from seraf.calibration.intake import USUAL, assumed_cases
from seraf.calibration.sorting import MOST, all_answers, read_answers, sheet_code, sort_out
from seraf.cases.seed import Seed
from seraf.errors import PackFault
from seraf.form.responses import Case
from seraf.form.signing import WHOLE, Signature
from seraf.pack import FILES, QUOTES, Pack
from seraf.reading.advice.contacts import undated_numbers
from seraf.reading.checks.lines import placed_faults
from seraf.reading.checks.quotes import quotes_file, unexplained
from seraf.reading.checks.searching import AMONG, search_faults
from seraf.reading.form.request import as_request

MAX_BYTES = 50_000_000  # the maximum size in bytes of a file of cases
LONGEST_TRY = 120  # the maximum time in seconds for trying cases

app = Typer(no_args_is_help=True)

Folder = Annotated[Path, Argument(metavar="FOLDER", help="The folder of a pack.")]


@app.command("new")
def begin_pack(
    board: Annotated[str, Argument(metavar="BOARD", help="What the board is called.")],
    to: Annotated[Path, Option("--to", metavar="FOLDER", help="The new folder.")],
) -> None:
    """Begin a pack from the shipped one. Everything that only your board knows is left empty."""
    name = _plain(board, "BOARD")
    try:
        to.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise SettingsFault(f"--to: {to} cannot be made ({error.strerror}). Name a new folder.") from None
    write_all(to, (File(file, content) for file, content in begun_from(pack_files(SHIPPED), name).items()))
    echo(f"What is still to be written: seraf-bot pack check {to}")


@app.command("copy")
def copy_pack(
    to: Annotated[Path, Option("--to", metavar="FOLDER", help="The new folder.")],
    folder: Annotated[Path, Argument(metavar="FOLDER", help="The pack to copy: the shipped one.")] = SHIPPED,
) -> None:
    """Copy a pack unchanged, made-up cases included, so that you can change the copy."""
    files = pack_files(folder)
    try:
        to.mkdir(mode=0o700, parents=True)
        for name, content in files.items():
            (to / name).parent.mkdir(mode=0o700, exist_ok=True)
            write_private(to / name, content)
    except FileExistsError:
        raise SettingsFault(f"--to: {to} is there already, and was left alone. Name a new folder.") from None
    except OSError as error:
        raise SettingsFault(f"--to: {to} cannot be written ({error.strerror}). Name a new folder.") from None
    echo(f"{len(files)} files copied to {to}, for you alone. After each change: seraf-bot pack check {to}")


@app.command("check")
def check_pack(folder: Folder) -> None:
    """Check a pack. All faults are listed with file and line; tables count from 1. The exit status is 2 if there are faults."""
    pack = pack_in_order(folder)
    if hidden := [f"{path}: {fault}" for path, fault in search_faults(pack)]:
        raise PackFault(placed_faults(hidden, pack_files(folder)))
    instrument = pack.instrument
    echo(f"{instrument.edition.board}, {instrument.edition.label}: {len(instrument.items)} items. In order.")
    for line in (*unexplained(pack.guidance), *signature_lines(instrument, pack_files(folder))):
        echo(line)
    if pack.search.asks:
        echo(f"Each of its {len(pack.search.asks)} questions finds what fits among the first {AMONG}.")


@app.command()
def quotes(
    text: Annotated[Path, Argument(metavar="TEXT", help="The guidance as text, with # before each heading.")],
    to: Annotated[Path, Option("--to", metavar="FOLDER", help="The folder of the pack.")],
) -> None:
    """Make the file of hashes with which the bot checks that each quotation in the pack is a sentence of the guidance."""
    try:
        content = quotes_file(read_given(text, MAX_BYTES, advice="split it").decode("utf-8-sig"))
    except UnicodeDecodeError:
        raise SettingsFault(f"{text}: not UTF-8 text; save it as UTF-8.") from None
    except ValueError as error:
        raise SettingsFault(f"{text}: {error}. Write # before each heading.") from None
    if not to.is_dir():
        raise SettingsFault(f"--to: {to} is not a folder. Name the folder of a pack: it has {', '.join(FILES)}.")
    path = to / QUOTES
    try:
        replace_private(path, content)
    except OSError as error:
        raise SettingsFault(f"{path} could not be written ({error.strerror}). Look at its permissions.") from None
    echo(f"Written to {path}; {text} is not needed any more. Look at the quotations: seraf-bot pack check {to}")


@app.command()
def diff(
    one: Annotated[Path, Argument(metavar="ONE", help="The folder of the pack that is known.")],
    other: Annotated[Path, Argument(metavar="OTHER", help="The folder of the other.")],
) -> None:
    """Compare the texts that two packs show. The exit status is 2 if a phone number changed but not the day of its last check."""
    known, changed = pack_in_order(one), pack_in_order(other)
    echo("\n".join(differing_lines(known, changed)) or "Both say the same.")
    undated = [f"{path}: {fault}" for path, fault in undated_numbers(changed.contacts, known.contacts)]
    if undated:
        raise PackFault(placed_faults(undated, pack_files(other)))


@app.command("what-if")
def what_if(
    folder: Folder,
    cases: Annotated[Path | None, Argument(metavar="CASES", help="Requests as JSON, one a line.")] = None,
    than: Annotated[
        Path, Option("--than", metavar="FOLDER", help="The pack to compare with: the shipped one.")
    ] = SHIPPED,
) -> None:
    """List the cases, from a file or made up, for which two packs give different categories or leads."""
    one, other, today = pack_in_order(than), pack_in_order(folder), local_time(SystemClock().now()).today
    with working("Making the cases"):
        named = own_cases(cases, one, other=other) if cases else list(all_cases(one, other))
    changes, tried, until = list[Changed](), 0, monotonic() + LONGEST_TRY
    with working("Trying the cases", of=len(named)) as step:
        for case in named:
            if monotonic() > until:
                break
            if change := change_of(case, one, other, today=today):
                changes.append(change)
            tried += 1
            step()
    for line in in_kinds(changes, tried, of=len(named)):
        echo(line)


@app.command("preview")
def preview_pack(folder: Folder, to: Annotated[Path, Option(metavar="FILE", help="A new .pdf or .html file.")]) -> None:
    """Print everything that a pack can show, card by card, to read on paper and sign with ink."""
    from bot.workbench.papers import as_html_preview, as_pdf_preview  # typst is not needed for the other commands

    form = {".pdf": as_pdf_preview, ".html": as_html_preview}.get(to.suffix.lower())
    if form is None:
        raise SettingsFault(f"--to: {to} must end in .pdf or .html.")
    write_new(to, form(pack_in_order(folder), load_wording()))


@app.command()
def sign(
    folder: Folder,
    what: Annotated[list[str], Argument(metavar="WHAT…", help="Ids of items, or `pack` for all of it.")],
    by: Annotated[str, Option(help="Who signs, as the pack has them.")],
    role: Annotated[str, Option(help="As what.")],
    *,
    key: Annotated[Path, Option(metavar="FILE", help="Their SSH key (Ed25519); with its .pub, an agent signs.")],
) -> None:
    """Sign items, or the whole pack, with your own key. Two people have to sign. A change of the text voids a signature."""
    today, files = local_time(SystemClock().now()).today, pack_files(folder)
    instrument = pack_in_order(folder).instrument
    for of in what:
        if of != WHOLE and of not in instrument:
            raise SettingsFault(f"{of!r} is neither an item of this pack nor {WHOLE!r}.")
    unsigned = Signature(_plain(by, "--by"), _plain(role, "--role"), today, digests_of(what, files))
    replace_private(folder / "instrument.toml", signed_with(key, unsigned, files=files))
    echo(f"{', '.join(what)}: signed by {unsigned.by}, {unsigned.role}, on {today.isoformat()}.")
    for line in signature_lines(pack_in_order(folder).instrument, pack_files(folder)):
        echo(line)


def _plain(text: str, option: str) -> str:
    """Return a name with single spaces, for a TOML string. Raise `SettingsFault` if it is empty or cannot be written there."""
    name = " ".join(text.split())
    if not name or '"' in name or "\\" in name or not name.isprintable():
        raise SettingsFault(f"{option}: write it in letters, without quotes.")
    return name


def pack_in_order(folder: Path) -> Pack:
    """Return the pack in a folder. Raise `PackFault` with all its faults and their lines."""
    if not folder.is_dir():
        raise SettingsFault(f"{folder} is not a folder. Name the folder of a pack: it has {', '.join(FILES)}.")
    return load_pack(folder)


calibration = Typer(no_args_is_help=True)

Intake = Annotated[
    Path | None,
    Option("--intake", metavar="FILE", help="Your own cases, a JSON request a line. Default: the assumed intake."),
]
Number = Annotated[int, Option("--cases", min=1, help="How many cases of the assumed intake.")]
Drawn = Annotated[int, Option("--seed", min=1, max=999_999_999, help="Which cases are drawn.")]


def compare_packs(
    *,
    intake: Intake = None,
    pack: Annotated[Path | None, Option("--pack", metavar="FOLDER", help="The pack after a change.")] = None,
    cases: Number = USUAL,
    seed: Drawn = 1,
) -> None:
    """Compare two packs by their shares of leads over many cases, by role and hour."""
    here, other = pack_in_use(), None if pack is None else pack_in_order(pack)
    with working("Trying the cases"):
        own = None if intake is None else own_cases(intake, here, other=other or here)
        drawn = assumed_cases(here, count=cases, seed=seed)
        before = shares_of(printed_script(here), [case for _, case, _ in own] if own else drawn)
        after = None
        if other is not None:
            # Drawn with the shares of the first pack, so that both get the same answers to the same questions.
            drawn = assumed_cases(other, count=cases, seed=seed, shares=here.intake)
            after = shares_of(printed_script(other), [case for _, _, case in own] if own else drawn)
    assumed = (
        "The intake is assumed: it was drawn from shares that we set by hand. No real case and no safeguarding lead has seen"
        " them."
    )
    echo(f"{before.cases:,} cases." if own else f"{before.cases:,} cases. {assumed}")
    echo(f"{QUIET[:1].upper()}{QUIET[1:]}: {QUIET_ABOUT}.")
    for grid in grids(before, after):
        echo("\n" + "\n".join(grid_lines(grid)))


@calibration.command("intake")
def print_intake(*, cases: Number = USUAL, seed: Drawn = 1) -> None:
    """Print the assumed intake, one JSON request a line, for `score --lines` and `what-if --intake`."""
    for case in assumed_cases(pack_in_use(), count=cases, seed=seed):
        echo(json.dumps(as_request(case)))


@calibration.command("sheet")
def print_sheet(
    *,
    intake: Intake = None,
    cases: Annotated[int, Option("--cases", min=1, max=MOST, help="How many cases are on the sheet.")] = 50,
    seed: Drawn = 1,
) -> None:
    """Print a sheet of cases without the bot's results, with space for what you would do."""
    script = printed_script(pack_in_use())
    chosen = _chosen(script.pack, intake, count=cases, seed=seed)
    for line in printed_sheet(script, chosen, code=sheet_code(chosen, seed=seed), is_assumed=intake is None):
        echo(line)


@calibration.command("answers")
def compare_answers(
    files: Annotated[list[Path], Argument(metavar="FILE…", help="Typed answers of one person or several.")],
    *,
    intake: Intake = None,
) -> None:
    """Compare people's answers with the bot and with one another. Only the answers are read, and no names."""
    pack = pack_in_use()
    texts = list[str]()
    for path in files:
        try:
            texts.append(read_given(path, 1_000_000, advice="answers are never that long").decode("utf-8-sig"))
        except UnicodeDecodeError:
            raise SettingsFault(f"{path}: is not UTF-8 text; save it as UTF-8") from None
    answers = all_answers([read_answers(text) for text in texts])
    chosen = _chosen(pack, intake, count=answers.count, seed=answers.seed)
    if sheet_code(chosen, seed=answers.seed) != answers.code:
        raise SettingsFault(
            f"The answers are to sheet {answers.code}, which has other cases. Use the pack and the --intake with which it was printed."
        )
    for line in result_lines(sort_out(pack, chosen, answers)):
        echo(line)


@calibration.command("counts")
def print_year(year: Annotated[int, Argument(metavar="YEAR", help="A year that is over.")]) -> None:
    """Print a year's counts of leads, answers and outcomes, except counts under five. SERAF_COUNTS turns counting on."""
    from bot.cli.context import CommandContext, with_store  # no other command here opens a store
    from bot.operations.counted import demand_whole_year, year_of, year_page

    async def read(context: CommandContext) -> CountsByMonth:
        demand_whole_year(year, now=context.now, months_kept=context.settings.audit_months)
        return await context.store.read(lambda t: t.monthly_counts.by_month())

    counts = year_of(with_store(read), year)
    if not counts:
        raise SettingsFault(f"{year}: nothing was counted that may be shown. Counting is on where SERAF_COUNTS is.")
    titles = {lead.reason: lead.title for lead in reversed(pack_in_use().guidance.leads)}
    echo("\n".join(year_page(counts, year, titles=titles)))


def own_cases(intake: Path, one: Pack, *, other: Pack) -> list[Named]:
    """Return the cases in a file, each as two packs read it. Raise `SettingsFault` if there is none, `RequestFault` for a bad line."""
    cases = list(cases_in(read_given(intake, MAX_BYTES, advice="split it"), one, other))
    if not cases:
        raise SettingsFault(f"{intake}: has no case. Write requests as JSON, one a line.")
    return cases


def _chosen(pack: Pack, intake: Path | None, *, count: int, seed: int) -> tuple[Case, ...]:
    """Return the cases of a sheet: from the assumed intake, or drawn by the seed from a file, in the order of the file."""
    if intake is None:
        return tuple(assumed_cases(pack, count=count, seed=seed))
    cases = [case for _, case, _ in own_cases(intake, pack, other=pack)]
    drawn = set(Seed(f"sheet {seed}").ordered([str(at) for at in range(len(cases))], "cases")[:count])
    return tuple(case for at, case in enumerate(cases) if str(at) in drawn)
