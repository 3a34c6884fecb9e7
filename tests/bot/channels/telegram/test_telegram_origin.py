"""Tests that only acts of a private chat's owner count, and not those of bots, other people or business accounts."""

from copy import deepcopy
from random import Random
from typing import Any

import pytest

from bot.channels.protocol import Acted, CameBack, NotForUs
from bot.channels.telegram.reader import ReadUpdate, UpdateReader
from bot.channels.telegram.request import DirectBot
from tests.fakes.telegram import FakeTelegram, Person
from tests.fakes.telegram.server import TOKEN
from tests.support.counts import times
from tests.support.people.visiting import Visitor
from tests.support.telegram.fixtures import begun_at
from tests.support.telegram.fuzz import Raw, sound, update
from tests.support.telegram.home import KIM, SAM

sam = begun_at(3)

PRIVATE = {"id": SAM, "type": "private", "first_name": "A"}
FOREIGN: dict[str, tuple[str, Any]] = {
    "a bot": ("from", {"id": SAM, "is_bot": True, "first_name": "A"}),
    "nobody": ("from", None),
    "somebody else": ("from", {"id": KIM, "is_bot": False, "first_name": "A"}),
    "half a person": ("from", {"id": SAM}),
    "a business account": ("business_connection_id", "b1"),
    "a bot of a business": ("sender_business_bot", {"id": 5, "is_bot": True, "first_name": "B"}),
}
"""For each message that only seems to come from Sam, the field that shows its true origin, and the field's value."""


def foreign(draw: Random) -> Raw:
    raw = sound(draw, "message", "edited_message", "my_chat_member", "callback_query")
    [(kind, said)] = raw.items()
    if kind == "callback_query":
        tap = draw.choice(
            ({"from": FOREIGN["a bot"][1]}, {"message": said["message"] | {"business_connection_id": "b1"}})
        )
        return {kind: said | tap}
    name, value = FOREIGN[draw.choice(list(FOREIGN))]
    changed = said | {"chat": PRIVATE, "from": {**FOREIGN["a bot"][1], "is_bot": False}, name: value}
    return {kind: {key: each for key, each in changed.items() if each is not None}}


def is_owners(raw: Raw) -> bool:
    [(kind, said)] = raw.items()
    is_own = kind == "callback_query" or said["chat"]["id"] == said["from"]["id"]
    return is_own and said["from"]["is_bot"] is False and "business_connection_id" not in said


@pytest.fixture
def reader() -> UpdateReader:
    return UpdateReader(DirectBot(TOKEN), Visitor().bot)


def test_updates_of_anybody_but_the_owner_are_ignored(reader: UpdateReader) -> None:
    draw = Random(6)

    for number in range(times(100_000, 600)):
        raw = foreign(draw)
        assert reader.read({"update_id": number, **deepcopy(raw)}) == ReadUpdate(NotForUs(str(number))), raw


def test_only_the_owner_s_acts_count(reader: UpdateReader) -> None:
    draw, counted = Random(7), 0

    for number in range(times(100_000, 900)):
        raw = update(draw)
        if isinstance(reader.read({"update_id": number, **deepcopy(raw)}).heard, Acted | CameBack):
            assert is_owners(raw), raw
            counted += 1

    assert counted > times(100_000, 900) / 10


async def test_in_sams_chat_nothing_comes_of_it(server: FakeTelegram, sam: Person) -> None:
    before, acts, draw = len(server.requests), len(sam.acts), Random(8)
    for name, value in FOREIGN.values():
        for text in ("/erase", "/panic", "/start"):
            mine = {"message_id": sam.card.message_id, "date": 1, "chat": PRIVATE, "from": sam.user, "text": text}
            server.push_raw({"message": mine | {name: value}})
    for _ in range(100):
        server.push_raw(foreign(draw))

    await sam.until(lambda: not server.pending)
    await sam.settled()

    assert {each.method for each in server.requests[before:]} == {"getUpdates"}
    assert len(sam.acts) == acts
