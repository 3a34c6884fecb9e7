"""Tests of a minimal channel of text lines, which plays a whole recorded conversation (a walk)."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import UTC
from typing import Any, cast

import pytest

from bot.channels.delivery import ChatLanes, ShowRequest
from bot.channels.running import Opened, run_channel
from bot.channels.turn_queue import TurnQueue, event_key
from bot.channels.unsaved_answers import UnsavedAnswers
from bot.conversation.conversation import Conversation
from bot.rehearsal.mode import REHEARSALS
from bot.storage.sqlite.memory import in_memory
from bot.storage.store import Store
from dialogs.core.script import Script
from seraf.errors import PackFault
from tests.fakes import lines
from tests.fakes.lines import Lines, person
from tests.support.people.admitting import access, admit, door
from tests.support.shipped import CODES, PACK, REHEARSED_CODES, WORDING
from tests.support.store.builders import KEYS, left_in
from tests.support.walks.clock import Surroundings
from tests.support.walks.core import replay, sight_of
from tests.support.walks.model import FOLDER, TERMINAL, Walk
from tests.support.walks.reading import read_walk
from tests.support.walks.terminal import is_for_a_terminal, typed

ADA, BEA, STRANGER = person("ada"), person("bea"), person("nobody")
ELSEWHERE = "telegram:7"
SAID_OF_TERMINALS = {f"{key}.lines": WORDING.texts[f"{key}.terminal"] for key in ("reader", "to-summary")}
"""The texts that a channel must declare about itself, here those of the terminal."""

WALK = read_walk(FOLDER / "02-one-current-sign.walk")


@dataclass(frozen=True, slots=True)
class AtWork:
    lines: Lines
    store: Store
    conversation: Conversation

    async def shows(self, who: str, sight: tuple[str, ...]) -> bool:
        for _ in range(500):
            if (card := self.lines.cards.get(who)) and sight_of(card) == sight:
                return True
            await asyncio.sleep(0.01)
        return False

    async def says(self, count: int) -> list[str]:
        async with asyncio.timeout(5):
            while len(self.lines.said) < count:
                await asyncio.sleep(0.01)
        return self.lines.said


@asynccontextmanager
async def at_work(walk: Walk = WALK) -> AsyncIterator[AtWork]:
    around, store = Surroundings(walk.at, walk.reference), in_memory()
    texts = {**WORDING.texts, **SAID_OF_TERMINALS}
    script = Script(PACK, replace(WORDING, texts=texts), lines.FACTS, CODES, rehearsal_codes=REHEARSED_CODES)
    code, own = around.fresh_code, door(KEYS)
    conversation = Conversation(script, around, around.reference, REHEARSALS, fresh_code=code, door=own)
    await admit(store, (ADA, BEA, ELSEWHERE), access(KEYS, at=walk.at.astimezone(UTC)))
    channel = Lines(conversation, conversation.occasion())
    opened = Opened(cast(Any, store), conversation, str.encode, TurnQueue(store.turns))
    unsaved = UnsavedAnswers(conversation, channel)
    stopped = asyncio.Event()
    running = run_channel(opened, listener=channel, sender=channel, unsaved=unsaved, audit_months=24, stopped=stopped)
    task = asyncio.create_task(running)
    yield AtWork(channel, store, conversation)
    channel.end()
    await task


async def test_it_plays_a_whole_walk() -> None:
    scenes = [scene for scene in replay(WALK, TERMINAL) if is_for_a_terminal(scene)]

    async with at_work() as work:
        for number, scene in enumerate(scenes):
            work.lines.type(ADA, typed(scene, number))
            assert await work.shows(ADA, sight_of(scene.card)), f"act {number}: {work.lines.cards.get(ADA)}"


def test_a_channel_without_a_declared_readership_does_not_start() -> None:
    with pytest.raises(PackFault) as fault:
        Script(PACK, WORDING, lines.FACTS)

    assert "wording.reader.lines: missing" in str(fault.value)
    assert "wording.to-summary.lines: missing" in str(fault.value)


async def test_a_stranger_is_turned_away_here_too() -> None:
    async with at_work() as work:
        work.lines.type(STRANGER, "/start")

        assert await work.says(1) == [WORDING.say("toast.stranger")]
        assert await work.store.recall(STRANGER) is None


async def test_people_of_another_channel_are_shown_nothing_here() -> None:
    async with at_work() as work:
        lanes = ChatLanes(work.conversation, work.lines, work.store, str.encode)
        for who in (ELSEWHERE, BEA):
            lanes.show(ShowRequest(who))
        await lanes.settle(1)

    assert set(work.lines.cards) == {BEA}


async def test_messages_of_another_channel_are_not_removed_here() -> None:
    """After a restart this channel knows no messages of another channel, so it must leave them alone."""
    async with at_work() as work:
        for who in (ELSEWHERE, BEA):
            await left_in(work.store, who, "a message of before", born=WALK.at)
        async with asyncio.timeout(5):
            while BEA not in work.lines.removed:
                await asyncio.sleep(0.01)

    assert work.lines.removed == [BEA]
    assert [each.person for each in await work.store.read(lambda t: t.messages_to_remove.oldest_first())] == [ELSEWHERE]


def test_the_same_number_of_two_people_makes_two_keys() -> None:
    """If the keys of both events were equal, one person's act could count as a repeat of the other's."""
    assert event_key(ADA, "1") != event_key(BEA, "1")
