"""The benchmark's tour through all questions and back: each card, and the button to press on it. All bots show it."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from bot.channels.telegram.sender import draw
from bot.runtime.clock import local_time
from dialogs.core.acts import Copy
from dialogs.core.events import Occasion
from dialogs.core.replies import Card
from state_machines.assessment import Phase
from tests.support.shipped import INSTRUMENT, OCCASION, SCRIPT
from tests.support.talk.talking import Talk

TO_ITEM_ONE = ("Start", "School", "Neither", "No", "Yes", "13–15", "Form order")
"""The labels of the buttons that lead from the welcome card to the first item."""

ONWARD = ("Prepare the call", "Go on", "None of the others", "First", "Not sure")
"""Labels that are pressed wherever they are offered. Other questions get “Not known”; for items `EVERY` decides."""

EVERY = 4
"""Of this many consecutive items, one is ticked, the next one gets “Not known”, and the others get “No”."""


@dataclass(frozen=True, slots=True)
class Stop:
    """A card, and the button that is pressed on it."""

    card: Card
    label: str


@dataclass(frozen=True, slots=True)
class Tour:
    """The labels that lead from the welcome card to the first card of the round; and the round, which ends there."""

    way_in: tuple[str, ...]
    round: tuple[Stop, ...]


def tour() -> Tour:
    """Return the tour: every item, the later questions, the check and all pages of the result, then back to item 1.

    The first time round differs, so it belongs to `way_in`. `round` is the second, which repeats.
    """
    now = local_time(datetime.now(UTC))
    talk = Talk(SCRIPT, occasion=Occasion(now, OCCASION.reference))
    talk.begin().press(*TO_ITEM_ONE)
    first, second, third = (tuple(_round(talk)) for _ in range(3))
    assert [each.label for each in second] == [each.label for each in third], "the round does not repeat"
    return Tour((*TO_ITEM_ONE, *(each.label for each in first)), second)


def _round(talk: Talk) -> Iterator[Stop]:
    """Yield the stops from the first item that is asked until this item is reached again."""
    is_over, first = False, talk.session.place
    while True:
        is_over = is_over or _is_read(talk)
        label = _back(talk) if is_over else _onward(talk)
        yield Stop(talk.card, label)
        talk.press(label)
        if is_over and talk.session.place == first:
            return


def _is_read(talk: Talk) -> bool:
    """Return True if the conversation is at the last page of the result."""
    is_result = talk.session.phase is Phase.RESULT and talk.session.overlay is None
    return is_result and not {"The number", "Next page"} & set(talk.labels)


def _onward(talk: Talk) -> str:
    session, offered = talk.session, talk.labels
    for label in (*ONWARD, "Next page", "The number", "Continue"):
        if label in offered and not (label == "Next page" and session.phase is Phase.CHECK and session.place != "1"):
            return label
    if session.phase is Phase.ITEMS and not session.overlay:
        number = INSTRUMENT.number(session.place)
        not_known = offered.index("Not known")
        # After a ticked significant sign, the items come in lists and not one by one, so the way back would differ.
        ticked = 0 if "Yes" in offered else not_known - 1
        return offered[{0: ticked, 1: not_known}.get(number % EVERY, not_known - 1)]
    return "Not known"


def _back(talk: Talk) -> str:
    if talk.session.phase is Phase.RESULT:
        return "Change answers" if "Change answers" in talk.labels else "More"
    return "Back"


def as_telegram(card: Card, number: int) -> dict[str, Any]:
    """Return the card as JSON for the Bot API. Its callback data has its number in the round and the button's code."""
    drawing, rows = draw(card), replace(card, token=number).rows
    return {
        "text": drawing["text"],
        "entities": drawing["entities"],
        "rows": [
            [
                {"text": each.label, "callback_data": f"{number}:{each.code}"}
                for each in row
                if not isinstance(each.act, Copy)
            ]
            for row in rows
        ],
    }


def write_cards(path: Path, round_: tuple[Stop, ...]) -> None:
    """Write the cards of the round to a JSON file, which the peers read, since they do not use our code."""
    path.write_text(json.dumps([as_telegram(each.card, number) for number, each in enumerate(round_)]))
