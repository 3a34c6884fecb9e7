"""Pages and parts of pages that are generated from settings, commands, the pack, and scores computed by hand."""

import csv
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import typer
from typer.core import TyperGroup
from typer.main import get_command

from bot.channels.telegram.request import ADVICE, Cause
from bot.cli.consult.score import printed_script
from bot.cli.main import app
from bot.cli.operate.run import example
from bot.runtime.packs import SHIPPED, load_pack
from bot.runtime.settings import setting_names
from bot.runtime.starting import PREFIX
from bot.workbench.calibrating import grids, shares_of
from docs.markdown import page, table
from seraf.calibration.intake import AGE, PROFESSION, STAGE, assumed_cases
from seraf.form.circumstances import EVIDENCE
from seraf.form.vocabulary import (
    CATEGORIES,
    EARLIER_CATEGORY,
    FACT_WORDS,
    FLOOR,
    HEIGHTS,
    LASTING,
    NOT_KNOWN,
    REASONABLE,
    SECOND_VIEW,
    STILL_COUNTS,
)

WORKED = Path(__file__).parent.parent / "tests" / "scores" / "worked.csv"
"""The file of scores that were computed by hand. Tests compare them with the code's results."""

WORKED_OUT = ("hours", "home", "category", "highest", "manager_discussion", "other_harm", "unknown")
"""Facts about which nobody is asked, since they follow from the responses or from the time of day."""

SETTINGS_ABOUT = f"""
Settings come from the environment, or else from a file `.env` in the folder in which the bot is started. `seraf-bot init`
writes a `.env` to fill in, with mode 0600. `seraf-bot check` says what is wrong; no value is ever printed. Every name begins with
`{PREFIX}`, except two that other programs know too. Nothing is read of `HTTP_PROXY`, `ALL_PROXY` and `.netrc`. A default stands in
brackets.
"""

UNREACHED_ABOUT = """
## When Telegram is not reached

The bot waits and tries again, and the log says `Telegram not reached` with a `fault`.
"""


def settings_page() -> str:
    """Return the page with every setting, its default and its purpose."""
    rows = "".join(
        f"- `{name}`{f' (`{default}`)' if default else ''}: {about}\n" for name, default, about in _settings()
    )
    whys = table(("In the log", "What it can mean"), [(f"`{why}`", ADVICE[why]) for why in Cause])
    return page("Settings", SETTINGS_ABOUT, rows, UNREACHED_ABOUT, whys)


def example_file() -> str:
    """Return the example of an `.env` file."""
    return example()


def commands_piece() -> str:
    """Return a list of every command with its arguments and the beginning of its help. `--help` prints all of it."""
    return "".join(f"- `{words}`: {about}\n" for words, about in _commands(get_command(app), ()))


def facts_piece() -> str:
    """Return a list of the facts that a condition can test, with their possible values and their origin."""
    keys = dict[tuple[str, str], list[str]]()
    for key, words, origin in _facts():
        keys.setdefault((origin, words), []).append(key)
    return "".join(f"- {', '.join(each)} ({origin}): {words}\n" for (origin, words), each in keys.items())


def items_piece() -> str:
    """Return a table of the items of the shipped pack."""
    rows = (
        (item.id, f"{item.label}{'' if item.verified else ' (**not checked**)'}")
        for item in load_pack(SHIPPED).instrument.items
    )
    return table(("Id", "Label on the form"), rows)


def options_piece() -> str:
    """Return a table of the sections of the shipped pack, with the question and the points of each option."""
    rows = []
    for section in load_pack(SHIPPED).instrument.sections:
        points = " · ".join(f"{option.label} {option.points}" for option in section.options)
        rows.append((section.plural, section.ask, points))
    return table(("Section", "Look-back", "Options, with their points"), rows)


def bands_piece() -> str:
    """Return a table of the categories of the shipped pack."""
    bands = load_pack(SHIPPED).instrument.bands
    ends = [f"–{after.lowest - 1}" for after in bands[1:]] + [" and over"]
    rows = [
        (f"{band.lowest}{end}", f"Category {band.category}", band.name) for band, end in zip(bands, ends, strict=True)
    ]
    return table(("Total", "Category", "Name on the form"), rows)


def worked_piece() -> str:
    """Return a table of the scores that were computed by hand."""
    with WORKED.open(encoding="utf-8", newline="") as file:
        heads, *rows = csv.reader(file)
    titles = (head.replace("_", " ").capitalize() for head in heads)
    return table(tuple(titles), (tuple(cell or "–" for cell in row) for row in rows))


def shares_piece() -> str:
    """Return the output of `seraf-bot what-if` for the shipped pack and the assumed intake."""
    pack = load_pack(SHIPPED)
    found = grids(shares_of(printed_script(pack), assumed_cases(pack)))
    return "\n".join(f"**{each.title}**\n\n{_grid(each.columns, each.rows)}" for each in found)


def _grid(columns: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Return a table, or a single line if each row has only one value after its name."""
    return table(columns, rows) if len(columns) > 2 else f"{', '.join(map(' '.join, rows))}\n"


def assumed_piece() -> str:
    """Return a table of the assumed answers to each question: of 100 cases in which it is asked, how many give each."""
    pack = load_pack(SHIPPED)
    circumstances = {each.id: each for each in pack.guidance.circumstances}
    rows = [("Role", _of_100(PROFESSION)), ("Age", _of_100(AGE)), ("First SERAF or review", _of_100(STAGE))]
    for key, share in pack.intake.answers.items():
        question = circumstances[key]
        words = {tick.answer: tick.short for tick in question.ticks if not question.card}
        rows.append((question.ask, _of_100({words.get(word, word): cases for word, cases in share.items()})))
    return table(("Question", "Of 100 cases in which it is asked"), rows)


def _of_100(share: Mapping[str, int]) -> str:
    return " · ".join(f"{word} {cases / 10:g}" for word, cases in share.items())


def _settings() -> Iterable[tuple[str, str, str]]:
    """Yield the name, default and description of each setting, as the example file has them."""
    for name, block in zip(setting_names(), example().strip().split("\n\n"), strict=True):
        about, _, line = block.rpartition("\n")
        yield name, line.removeprefix(f"{name}="), about.removeprefix("# ")


def _commands(command: Any, words: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    if isinstance(command, TyperGroup):
        context = typer.Context(command)
        for name in command.list_commands(context):
            yield from _commands(command.get_command(context, name), (*words, name))
        return
    arguments = [_argument(each) for each in command.params if each.param_type_name == "argument"]
    sentence = re.split(r"(?<=\.)\s", command.help)[0]
    begun = re.match(r"(?:\S+\s){3,}?\S+(?=[:;]\s)", sentence)
    yield " ".join((*words, *arguments)), f"{begun[0]}." if begun else sentence


def _argument(argument: Any) -> str:
    name = (argument.metavar or argument.name).strip("[]…").upper()
    several = "…" if argument.nargs != 1 else ""
    return f"{name}{several}" if argument.required else f"[{name}{several}]"


def _facts() -> Iterable[tuple[str, str, str]]:
    for key, words in FACT_WORDS.items():
        origin = "worked out" if key in WORKED_OUT else "the age question" if key == "age" else "asked"
        yield f"`{key}`", " ".join(f"`{word}`" for word in words), origin
    yield "`present`", "ids of items and sections", "any of them ticked, in either period"
    yield "`current`", "ids of items and sections", "any of them ticked in the current period"
    yield "`earlier`", "ids of items and sections", "any of them ticked, and not in the current period"
    yield "`mix`", "`none`, or section ids joined by `+` in pack order", "the sections that gave points"
    yield "`not_known`", "ids of items and sections", "any of them not known or not answered"
    yield (
        f"`{EARLIER_CATEGORY}`",
        " ".join(f"`{word}`" for word in (*CATEGORIES, NOT_KNOWN)),
        "the highest of a review's codes",
    )
    lasting = " ".join(f"`{word}`" for word in LASTING)
    yield (
        f"`{STILL_COUNTS}`",
        f"ids of items and sections, {lasting}",
        "so at an earlier SERAF, denied now, and not ended by time",
    )
    heights = " ".join(f"`{word}`" for word in HEIGHTS)
    yield (
        f"`{SECOND_VIEW}`",
        f"{heights} `{REASONABLE}`",
        "what other people raise the case to",
    )
    yield f"`{FLOOR}`", heights, "what led before the case changed hands"
    yield f"`{EVIDENCE}`", "`yes` `no`", "whether any of the pack's `[[evidence]]` holds"
    for each in load_pack(SHIPPED).guidance.circumstances:
        yield f"`{each.id}`", " ".join(f"`{word}`" for word in each.words), "short question"
    yield "the id of a `[[questions]]`", f"`yes` `no` `{NOT_KNOWN}`", "the pack's own question"
