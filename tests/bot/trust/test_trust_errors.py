"""Tests of faults of the bot: the person concerned sees an error id, and the log has the same id and no content."""

import asyncio
import re
from collections.abc import Iterator, MutableMapping
from dataclasses import replace
from typing import Any

import pytest
from structlog.testing import capture_logs

from bot.conversation.conversation import Conversation
from bot.storage.values import Decide, Decision, Record
from dialogs import asking
from dialogs.core.events import Event, Pressed
from tests.fakes.telegram import FakeClock, Person
from tests.support.command_line.cli import run_apart
from tests.support.telegram.home import SAM, Home
from tests.support.telegram.trusting import order
from tests.support.telegram.walker import come_to_item, item_number

SECRET = "secret-words"
SORRY = "Something went wrong here (error "
Lines = list[MutableMapping[str, Any]]


@pytest.fixture
def lines() -> Iterator[Lines]:
    with capture_logs() as logged:
        yield logged


@pytest.fixture
async def sam(lines: Lines, running_bot: Home, sam: Person) -> Person:
    await come_to_item(sam, 2)
    return sam


def failing(record: Record, _: object = None) -> Decision:
    raise LookupError(SECRET)


def the_only(lines: Lines, event: str) -> str:
    (line,) = [line for line in lines if line["event"] == event]
    assert SECRET not in repr(lines)
    assert set(line) <= {"event", "error", "where", "log_level"}
    return str(line["error"])


async def test_a_fault_while_a_question_is_looked_up_shows_nothing_of_it(
    monkeypatch: pytest.MonkeyPatch, lines: Lines, running_bot: Home, sam: Person
) -> None:
    def breaking(_: object, question: str) -> None:
        raise LookupError(question)

    with monkeypatch.context() as broken:
        broken.setattr(asking, "search", breaking)
        await sam.send(f"older boyfriend {SECRET}")
        said = await sam.sees(SORRY)
        await sam.until(lambda: all(each.by_bot for each in sam.chat))

    kind, _, error_id = the_only(lines, "refused").partition(" ")
    assert f"{SORRY}{error_id})" in said.text
    assert (kind, SECRET in said.text) == ("LookupError", False)


async def test_a_fault_in_the_turn_of_a_tap_shows_its_id(
    monkeypatch: pytest.MonkeyPatch, lines: Lines, running_bot: Home, sam: Person
) -> None:
    decide = Conversation.decide

    def breaking(self: Conversation, event: Event, **heard: str) -> Decide:
        return failing if isinstance(event, Pressed) else decide(self, event, **heard)

    with monkeypatch.context() as broken:
        broken.setattr(Conversation, "decide", breaking)
        answer = await sam.answered(await sam.click("No"))
        await sam.settled()

    kind, _, error_id = the_only(lines, "refused").partition(" ")
    assert answer.text.startswith(f"{SORRY}{error_id})")
    assert kind == "LookupError"
    assert len((await running_bot.session(SAM)).answers.items) == 1
    await sam.press("No")
    await sam.until(lambda: item_number(sam.card) == 3)


async def test_a_fault_of_a_command_shows_its_id_and_never_its_message(home: Home, clock: FakeClock) -> None:
    await home.admit(clock())
    strange = f'{{"who": ["{SECRET}"], "role": "admin", "until": 0}}'
    await order(home, clock, lambda record, _: Decision(replace(record, access=strange), ()))

    ran = await asyncio.to_thread(run_apart, home.folder, "people", "list", settings=home.environment)

    assert (ran.status, ran.out) == (1, "")
    assert re.search(r'error="[A-Za-z]+Error [0-9a-f]{8}" where=\S+', ran.err)
    assert ran.err.count("\n") == 1
    assert SECRET not in ran.err
