"""`seraf-bot ask`: what a question in somebody's own words finds in the pack, and why."""

from typing import Annotated

from typer import Argument, echo

from bot.cli.consult.score import pack_in_use
from bot.screening import screener
from seraf.search.index import index_of
from seraf.search.ranking import Fit, search

FITS = {
    Fit.CLEAR: "One fits best.",
    Fit.SEVERAL: "These fit.",
    Fit.ITEMS: "These fit, and several items of the form.",
    Fit.FAINT: "Nothing fits just that. These come near.",
    Fit.NOTHING: "Nothing was found.",
    Fit.LONG: "Not looked up, since it is too long.",
}


def ask_pack(question: Annotated[str, Argument(metavar="QUESTION", help="What somebody may type, in quotes.")]) -> None:
    """Print what a question in plain words finds in the pack, and why. For authors of packs: ask nothing about a real child here.

    Nothing is stored, but a shell may keep what you type.
    """
    pack = pack_in_use()
    answer = search(index_of(pack), question)
    if answer.fit is not Fit.LONG and (kinds := screener(pack).could_be(question)):
        echo(f"The bot would not look this up: it may contain {', '.join(kinds)}.")
    if answer.calls_first:
        echo("Whom to call comes first.")
    echo(FITS[answer.fit])
    for found in answer.found:
        echo(f"{found.score:5.1f}  {found.entry.key}  {found.entry.title}")
        for why, points in found.points:
            echo(f"       {points:5.1f}  {why}")
    if answer.items:
        echo(f"Items in the order of the question: {', '.join(item.id for item in answer.items)}.")
