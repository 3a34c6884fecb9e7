"""Pages and pieces drawn from settings, pack and hand-worked scores: what they say is what the software does."""

import csv
from collections.abc import Iterable, Mapping
from pathlib import Path

from bot.channels.telegram.reaching.unreached import ADVICE, Cause
from bot.cli.desk.score import printed_script
from bot.cli.operate.init import example
from bot.runtime.packs import SHIPPED, load_pack
from bot.runtime.settings import setting_names
from bot.runtime.starting.unset import PREFIX
from bot.workbench.shares import grids, shares_of
from docs.markdown import page, table
from seraf.calibration.intake import AGE, CIRCUMSTANCES, PROFESSION, STAGE, assumed_cases
from seraf.form.circumstances import EVIDENCE
from seraf.form.vocabulary import CATEGORIES, EARLIER_CATEGORY, FACT_WORDS, LASTING, NOT_KNOWN, STILL_COUNTS
from seraf.reading.form.request import fact_words

WORKED = Path(__file__).parent.parent / "tests" / "scores" / "worked.csv"
"""Scores worked by hand, which the tests hold against the code."""

WORKED_OUT = ("hours", "home", "category", "highest", "manager_discussion", "other_harm", "unknown")
"""Facts that nobody answers: they follow from the responses."""

SETTINGS_ABOUT = f"""
Settings come from the environment, or from a file `.env` in the folder in which the bot is started. The environment goes
first. `seraf-bot init` writes a `.env` to fill in, with mode 0600, never over one that is there. `seraf-bot check` says
what is wrong, and what to do about it. A wrong setting stops the start with one line each; what was written there is
never printed.

Every name begins with `{PREFIX}`, but for two that other programs know too; both work from `.env` as well. Of `HTTP_PROXY`,
`ALL_PROXY` and `.netrc` nothing is read.
"""

UNREACHED_ABOUT = """
## When Telegram is not reached

The bot waits and tries again, and the log says `Telegram not reached` with a `fault`. A token that Telegram refuses at the start is no such
fault: the bot ends, and says so.
"""

GLOSSARY_ABOUT = """
The words and acronyms of the guidance and of the form, in our own words. In the bot, `/explain` and a word shows them. The
right-hand column is the heading of the guidance on which a meaning rests; “ours” stands for what the guidance does not say.
"""


def settings_page() -> str:
    """Every setting, with its default and what it is for."""
    rows = [(f"`{name}`", f"`{default}`" if default else "–", about) for name, default, about in _settings()]
    whys = table(("In the log", "What it can mean"), [(f"`{why}`", ADVICE[why]) for why in Cause])
    return page(
        "Settings", SETTINGS_ABOUT, table(("Setting", "Default", "What it is for"), rows), UNREACHED_ABOUT, whys
    )


def example_file() -> str:
    """The example of an `.env` file."""
    return example()


def glossary_page() -> str:
    """Every term of the pack."""
    rows = [
        (term.term, ", ".join(term.also), term.text, _source(term.source)) for term in load_pack(SHIPPED).glossary.terms
    ]
    return page("Glossary", GLOSSARY_ABOUT, table(("Term", "Also", "Meaning", "Rests on"), rows))


def facts_piece() -> str:
    """The vocabulary of conditions."""
    return table(("Key", "Words", "Where it comes from"), _facts())


def request_piece() -> str:
    """The facts that a scoring request may give."""
    pack = load_pack(SHIPPED)
    asks = {each.id: each.ask for each in pack.guidance.circumstances}
    rows = (
        (f"`{key}`", " ".join(f"`{word}`" for word in words), asks.get(key, "a question around the items"))
        for key, words in fact_words(pack).items()
    )
    return table(("Fact", "Words", "What it is"), rows)


def items_piece() -> str:
    """The items of the shipped pack."""
    rows = (
        (item.id, item.section.title, item.label, "yes" if item.verified else "**no**")
        for item in load_pack(SHIPPED).instrument.items
    )
    return table(("Id", "Section", "Label on the form", "Checked against the form"), rows)


def options_piece() -> str:
    """What each section asks, and the points of its options."""
    rows = []
    for section in load_pack(SHIPPED).instrument.sections:
        points = " · ".join(f"{option.label} {option.points}" for option in section.options)
        rows.append((section.plural, section.ask, points))
    return table(("Section", "Look-back", "Options, with their points"), rows)


def bands_piece() -> str:
    """The categories of the shipped pack."""
    bands = load_pack(SHIPPED).instrument.bands
    ends = [f"–{after.lowest - 1}" for after in bands[1:]] + [" and over"]
    rows = [
        (f"{band.lowest}{end}", f"Category {band.category}", band.name) for band, end in zip(bands, ends, strict=True)
    ]
    return table(("Total", "Category", "Name on the form"), rows)


def worked_piece() -> str:
    """The scores worked by hand."""
    with WORKED.open(encoding="utf-8", newline="") as file:
        heads, *rows = csv.reader(file)
    titles = (head.replace("_", " ").capitalize() for head in heads)
    return table(tuple(titles), (tuple(cell or "–" for cell in row) for row in rows))


def shares_piece() -> str:
    """What `seraf-bot what-if` prints of the shipped pack on the assumed intake."""
    pack = load_pack(SHIPPED)
    found = grids(shares_of(printed_script(pack), assumed_cases(pack)))
    return "\n".join(f"**{each.title}**\n\n{table(each.columns, each.rows)}" for each in found)


def assumed_piece() -> str:
    """What the assumed intake assumes of every case, in hundredths, with the words of the buttons."""
    circumstances = {each.id: each for each in load_pack(SHIPPED).guidance.circumstances}
    rows = [("Role", _of_100(PROFESSION)), ("Age", _of_100(AGE)), ("First SERAF or review", _of_100(STAGE))]
    for key, share in CIRCUMSTANCES.items():
        question = circumstances[key]
        words = {tick.answer: tick.short for tick in question.ticks if not question.card}
        rows.append((question.ask, _of_100({words.get(word, word): cases for word, cases in share.items()})))
    return table(("Question", "Of 100 cases in which it is asked"), rows)


def _of_100(share: Mapping[str, int]) -> str:
    return " · ".join(f"{word} {cases / 10:g}" for word, cases in share.items())


def _settings() -> Iterable[tuple[str, str, str]]:
    """Name, default and description of each setting, as the example file has them."""
    for name, block in zip(setting_names(), example().strip().split("\n\n"), strict=True):
        about, _, line = block.rpartition("\n")
        yield name, line.removeprefix(f"{name}="), about.removeprefix("# ")


def _facts() -> Iterable[tuple[str, str, str]]:
    for key, words in FACT_WORDS.items():
        origin = "worked out" if key in WORKED_OUT else "the age question" if key == "age" else "asked"
        yield f"`{key}`", " ".join(f"`{word}`" for word in words), origin
    yield "`present`", "ids of items and sections", "any of them ticked, in either window"
    yield "`current`", "ids of items and sections", "any of them ticked in the current window"
    yield "`earlier`", "ids of items and sections", "any of them ticked, and not in the current window"
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
    yield f"`{EVIDENCE}`", "`yes` `no`", "whether any of the pack's `[[evidence]]` holds"
    for each in load_pack(SHIPPED).guidance.circumstances:
        yield f"`{each.id}`", " ".join(f"`{word}`" for word in each.words), "a short question of this pack"
    yield "the id of a `[[questions]]`", f"`yes` `no` `{NOT_KNOWN}`", "the pack's own question"


def _when(asks: tuple[tuple[str, frozenset[str]], ...]) -> str:
    return " and ".join(f"{key}: {' or '.join(sorted(words))}" for key, words in asks)


def _source(heading: str) -> str:
    return heading if heading == "ours" else f"“{heading}”"
