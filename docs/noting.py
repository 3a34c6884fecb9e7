"""Pieces of the page about notes: the headings, the language mirror, and how much the screening finds, measured."""

from bot.runtime.packs import SHIPPED, load_pack, load_wording
from bot.screening import ORDER
from docs.markdown import table
from tests.screening import rates

OF = {
    "without an identifier": "sentences of a professional that point to nobody",
    "with an identifier": "sentences with an identifier of a form that is looked for",
    "hard": "sentences that point to somebody in ways that forms do not show",
}


def headings_piece() -> str:
    """The headings of the record."""
    rows = (
        (f"`{each.id}`", each.title, each.ask, _source(each.source)) for each in load_pack(SHIPPED).recording.headings
    )
    return table(("Id", "Heading", "What it asks", "Rests on"), rows)


def mirror_piece() -> str:
    """The words that are better said otherwise."""
    rows = (
        (" · ".join(each.phrases), each.why, each.instead, _source(each.source))
        for each in load_pack(SHIPPED).recording.mirror
    )
    return table(("Words", "Why", "Instead", "Rests on"), rows)


def kinds_piece() -> str:
    """What is looked for."""
    wording = load_wording()
    return "\n".join(f"- {wording.say(f'identifier.{kind}')}" for kind in ORDER) + "\n"


def rates_piece() -> str:
    """How many sentences of each table are refused."""
    rows = ((OF[name], str(refused), str(of), f"{refused / of:.0%}") for name, refused, of in rates())
    return table(("Table", "Refused", "Of", "Rate"), rows)


def _source(heading: str) -> str:
    return heading if heading == "ours" else f"“{heading}”"
