"""A tap that is read from the plain value is read as the library would have read it, and is always its person's own."""

from collections.abc import Callable
from copy import deepcopy
from random import Random
from typing import Any

import pytest

from bot.channels.protocol import Acted
from bot.channels.telegram.reader import LATEST, THE_LIBRARYS_OWN, UpdateReader, plain_tap
from bot.channels.telegram.request import DirectBot
from bot.runtime.clock import SystemClock
from dialogs.core.events import Occasion
from dialogs.core.script import Script
from tests.fakes.telegram.server import TOKEN
from tests.support.counts import times
from tests.support.shipped import OCCASION, SCRIPT
from tests.support.telegram.fuzz import JUNK, Raw, sound, update

Spoil = Callable[[Raw], object]


class AtNoon:
    """A conversation in which it is always the same moment."""

    script: Script = SCRIPT
    clock = SystemClock()

    def occasion(self) -> Occasion:
        """Noon."""
        return OCCASION


READER = UpdateReader(DirectBot(TOKEN), AtNoon())

ODD: dict[str, Spoil] = {
    "from a bot": lambda tap: tap["from"].update(is_bot=True),
    "from nobody knows what": lambda tap: tap["from"].pop("is_bot"),
    "from nobody": lambda tap: tap.pop("from"),
    "from null": lambda tap: tap.update({"from": None}),
    "from somebody without a number": lambda tap: tap["from"].pop("id"),
    "from the person True": lambda tap: tap["from"].update(id=True),
    "from the person 7.0": lambda tap: tap["from"].update(id=7.0),
    "in a group": lambda tap: tap["message"]["chat"].update(type="group"),
    "in another's chat": lambda tap: tap["message"]["chat"].update(id=tap["from"]["id"] + 1),
    "through a business account": lambda tap: tap["message"].update(business_connection_id="b1"),
    "on no message": lambda tap: tap.pop("message"),
    "on a message without a number": lambda tap: tap["message"].update(message_id="5"),
    "before all time": lambda tap: tap["message"].update(date=-1),
    "after all time": lambda tap: tap["message"].update(date=LATEST),
    "without what it carried": lambda tap: tap.pop("data"),
    "without its id": lambda tap: tap.update(id=5),
}
"""What makes a tap one that is not plain."""


def tap(draw: Random) -> Raw:
    """A sound tap in its person's own chat."""
    while (raw := sound(draw, "callback_query"))["callback_query"]["message"]["chat"]["type"] != "private":
        pass
    return {"update_id": 5, **deepcopy(raw)}


def spoilt(draw: Random, raw: Raw) -> Raw:
    """The same with junk, or a name that the library has for itself, at one place."""
    query = raw["callback_query"]
    part: dict[str, Any] = draw.choice((raw, query, query["from"], query["message"], query["message"]["chat"]))
    name = draw.choice((*part, *THE_LIBRARYS_OWN, "from_user", "inline_message_id", "tomorrow", "message", "poll"))
    part[name] = draw.choice(JUNK)
    return raw


def test_any_update_is_read_alike() -> None:
    """By the plain value and by the library, with junk anywhere; most sound taps need no library."""
    draw, plain, count = Random(9), 0, times(100_000, 4_000)

    for number in range(count):
        drawn: Callable[[], Raw] = draw.choice(
            (lambda: update(draw), lambda: tap(draw), lambda: spoilt(draw, tap(draw)), lambda: spoilt(draw, tap(draw)))
        )
        raw = {**drawn(), "update_id": number}
        plain += plain_tap(raw) is not None
        assert READER.read(deepcopy(raw)) == READER.read_with_library(str(number), deepcopy(raw)), raw

    assert plain > count / 5


@pytest.mark.parametrize("spoil", ODD.values(), ids=ODD)
def test_an_odd_tap_is_not_plain(spoil: Spoil) -> None:
    """Whoever it is from and wherever it stands: the library and the checks of origin judge it, and the two read alike."""
    raw = tap(Random(3))
    assert plain_tap(raw) is not None

    spoil(raw["callback_query"])

    assert plain_tap(raw) is None
    assert READER.read(deepcopy(raw)) == READER.read_with_library("5", deepcopy(raw))


def test_a_tap_among_other_things_is_not_plain() -> None:
    """An update says one thing."""
    raw = tap(Random(4))

    assert plain_tap({**raw, "message": {}}) is None
    assert plain_tap({"callback_query": raw["callback_query"], "message": {}}) is None


def test_a_plain_tap_is_its_persons() -> None:
    """They pressed, and nobody else; the button carried what it says."""
    raw = tap(Random(5))
    query = raw["callback_query"]

    heard = READER.read(raw).heard

    assert isinstance(heard, Acted)
    assert heard.person == f"telegram:{query['from']['id']}"
    assert (heard.reply_to, heard.pressed_on) == (query["id"], str(query["message"]["message_id"]))
