"""Two packs compared: what somebody would notice who knows the first and is shown the second."""

from collections.abc import Iterator
from dataclasses import dataclass

from bot.workbench.statements import pack_statements
from seraf.pack import Pack

SHOWN = 300
"""The most characters of a text that is shown of a change."""


@dataclass(frozen=True, slots=True)
class PackDifference:
    """One part of a card that is said otherwise; `before` or `after` is empty where the card or the part is in one pack alone."""

    card: str
    part: str
    before: str
    after: str


def differences(one: Pack, other: Pack) -> Iterator[PackDifference]:
    """What is new, changed or gone, in the order of the second pack, then what only the first one has."""
    before = {(each.card, each.part): each.text for each in pack_statements(one)}
    after = {(each.card, each.part): each.text for each in pack_statements(other)}
    for (card, part), text in after.items():
        if text != before.get((card, part), ""):
            yield PackDifference(card, part, before.get((card, part), ""), text)
    for (card, part), text in before.items():
        if (card, part) not in after:
            yield PackDifference(card, part, text, "")


def as_lines(found: Iterator[PackDifference]) -> Iterator[str]:
    """The differences as lines: what has gone with a minus, what has come with a plus, under the card that it is on."""
    last = ""
    for each in found:
        if each.card != last:
            yield each.card
            last = each.card
        yield from (f"  - {each.part}: {each.before[:SHOWN]}",) if each.before else ()
        yield from (f"  + {each.part}: {each.after[:SHOWN]}",) if each.after else ()
