"""Promise P16: with many stored sessions the bot starts quickly, answers taps first, then shows people their card."""

import time
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.access.account import Account, written
from bot.conversation.records import with_session
from bot.crypto.at_random import numbered_reference
from bot.crypto.keys import load_key_file
from bot.storage.values import Decision, Inbound, Record, Shown
from dialogs.core.session import Answers, Session
from seraf.form.responses import Responses
from state_machines.assessment import Phase
from tests.fakes.telegram import FakeTelegram
from tests.support.counts import IS_FULL, times
from tests.support.people.accounts import altered
from tests.support.people.admitting import access
from tests.support.promising import Promise
from tests.support.shipped import INSTRUMENT
from tests.support.telegram.bots import process
from tests.support.telegram.home import SAM, Home
from tests.support.telegram.walker import item_number

PEOPLE = times(100_000, 600)
RECENT = 40
"""The number of recently active people, not counting the one who taps."""

READY_SECONDS = 2.0
FIRST = 10_000
AROUND = {"profession": "school", "danger": "no", "going_on": "no", "told_or_seen": "no", "concern": "yes"}
SESSION = Session(
    card=9,
    phase=Phase.ITEMS,
    place="V3",
    reference="BRISK OTTER 41",
    fingerprint=INSTRUMENT.fingerprint,
    answers=Answers(
        around=Responses.of({**AROUND, "age": "13-15", "how": "form", "safe": "yes"}),  # V1 asked the last at once
        items=Responses.of({"V1": "yes", "V2": "no"}),
    ),
)


def begun(person: int, at: datetime, standing: Account) -> Inbound:
    standing_then = written(altered(standing, seen=at))

    def decide(record: Record, _: object = None) -> Decision:
        session = replace(SESSION, reference=numbered_reference(person))
        return Decision(replace(with_session(record, session, active=at), access=standing_then), ())

    return Inbound(key=f"begun {person}", at=at, person=f"telegram:{person}", decide=decide, own_message=None)


async def fill(home: Home, now: datetime) -> None:
    """Store all people with a session and no shown card: a few were active five minutes ago, the others a week ago."""
    recent = [SAM, *range(FIRST, FIRST + RECENT)]
    earlier = range(FIRST + RECENT, FIRST + PEOPLE)
    standing = access(load_key_file(home.key_file), at=now)
    inbounds = [begun(person, now - timedelta(minutes=5), standing) for person in recent]
    inbounds += [begun(person, now - timedelta(days=7), standing) for person in earlier]
    store = await home.opened()
    for start in range(0, len(inbounds), 5_000):
        await store.turns(inbounds[start : start + 5_000])
    await store.close()


@pytest.fixture
async def home(tmp_path: Path) -> AsyncIterator[Home]:
    async with FakeTelegram() as server:
        here = Home(tmp_path, server, admitted=frozenset())  # all who may use it are in the store by then
        await fill(here, datetime.now(UTC))
        yield here
        assert server.violations == []


@pytest.mark.prove
async def test_it_is_back_quickly_and_everybody_sees_their_card(home: Home, promise: Promise) -> None:
    server, sam = home.server, home.server.person(SAM)
    people = [server.person(number) for number in range(FIRST, FIRST + RECENT)]
    for person in (sam, *people):
        server.world.chats[person.chat_id].reachable = True
    message = server.world.add_message(server.world.chats[SAM], server.world.bot, text="A card from before")
    store = await home.opened()
    await store.show(f"telegram:{SAM}", Shown(str(message.message_id), datetime.now(UTC), b"", sending=False))
    await store.close()
    tap = await sam.tap_data("9:s:no", on=message)

    begun_at = time.monotonic()
    async with process(home) as bot:
        await bot.says("ready", seconds=60)
        ready = time.monotonic() - begun_at
        await sam.answered(tap, timeout=20)
        shown_first = sum(bool(person.chat) for person in people)
        await sam.until(lambda: item_number(sam.card) == 4)
        await sam.until(lambda: all(each.chat and item_number(each.card) == 3 for each in people), timeout=30)

    if IS_FULL:
        assert ready <= READY_SECONDS
    assert shown_first < RECENT // 2
    promise.reached("P16", asked=PEOPLE, reached=PEOPLE, of=f"stored sessions, ready after {ready:.2f} s")
