"""Parts of the page about notes: the kinds of identifier for which a note is refused, and how many sentences are."""

from bot.runtime.packs import load_wording
from bot.screening import ORDER
from docs.markdown import table
from tests.screening import rates

OF = {
    "without an identifier": "sentences of a professional that point to nobody",
    "with an identifier": "sentences with an identifier of a form that is looked for",
    "hard": "sentences that point to somebody in ways that forms do not show",
}


def kinds_piece() -> str:
    """Return the list of the kinds of identifier that notes are screened for."""
    wording = load_wording()
    return "\n".join(f"- {wording.say(f'identifier.{kind}')}" for kind in ORDER) + "\n"


def rates_piece() -> str:
    """Return a table of how many sentences of each test set are refused by the screening of notes."""
    rows = ((OF[name], str(refused), str(of), f"{refused / of:.0%}") for name, refused, of in rates())
    return table(("Table", "Refused", "Of", "Rate"), rows)
