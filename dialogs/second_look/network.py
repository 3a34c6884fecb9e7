"""The card of several cases that their holder marks as belonging together: what to say of each in one call.

Only the holder says what belongs together: nothing is compared, and nothing is copied from one case to another.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

from dialogs.core.acts import Share, ShareDeed
from dialogs.core.keys import CALL, URGENT, Key, in_rows
from dialogs.core.script import Script
from dialogs.core.session import Session
from dialogs.second_look.card import LEAVE, SharedCase, SharingCard, card_about
from seraf.advice.contacts import LocalTime

FEW = 4  # with more cases, buttons have numbers alone, and one sign of each child is named


@dataclass(frozen=True, slots=True)
class OwnCase:
    """A case of the holder, in the order of their list: what leads it, its gravest signs in short, and whether it is marked."""

    case: SharedCase
    signs: tuple[str, ...] = field(repr=False)
    is_marked: bool


def signs_of(session: Session, script: Script) -> tuple[str, ...]:
    """Return the ticked items of a case in short, those with the most points first."""
    given = [(item, option) for item, option in session.view(script.pack.instrument).marks.given if option is not None]
    ticked = sorted((pair for pair in given if pair[1].is_present), key=lambda pair: -pair[1].points)
    return tuple(item.short or item.label for item, _ in ticked)


def network_card(cases: Sequence[OwnCase], reference: str, *, script: Script, now: LocalTime) -> SharingCard:
    """Return the card, laid over the case of this reference. A tap on a case marks it, or takes the mark away."""
    say, marked = script.wording.say, sum(each.is_marked for each in cases)
    is_network, is_long, words = marked > 1, len(cases) > FEW, script.pack.calling.numbers
    named = [_line(at, each, most=1 if is_long else 3, script=script, now=now) for at, each in enumerate(cases, 1)]
    spoken = [line for line, each in zip(named, cases, strict=True) if each.is_marked]
    others = [f"{at} {each.case.reference}" for at, each in enumerate(cases, 1) if not each.is_marked]
    keys = [
        Key(
            Share(ShareDeed.MARK, each.case.reference),
            text=str(at) if is_long else each.case.reference,
            is_chosen=each.is_marked,
        )
        for at, each in enumerate(cases, 1)
        if len(cases) > 1
    ]
    if is_network:
        title = say("network.title", count=marked)
        left = say("network.others", cases=", ".join(others)) if others else ""
        told = [
            say("network.say"),
            "\n".join(spoken),
            f"{say('network.ask', count=words[marked - 1])} {say('network.apart')}",
            left,
        ]
    else:
        title = say("network.which")
        told = [say("network.alone" if len(cases) == 1 else "network.how"), ", ".join(others)]
    rows = (*in_rows(keys, 4 if is_long else 2), (LEAVE, CALL, URGENT))
    return card_about("", title, texts=told, rows=rows, reference=reference)


def _line(number: int, own: OwnCase, *, most: int, script: Script, now: LocalTime) -> str:
    """Return the line of a case with at most so many of its signs. The others are counted, where there is room."""
    more = len(own.signs[most:]) if most > 1 else 0
    signs = ", ".join((*own.signs[:most], *([script.wording.say("network.more", count=more)] if more else [])))
    return f"{number} {' · '.join(filter(None, (own.case.line(script, now), signs)))}"
