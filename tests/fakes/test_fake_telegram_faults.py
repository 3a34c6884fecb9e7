"""The fake Bot API fails when a test asks for it, and notices a bot that exceeds Telegram's limits."""

import asyncio

import aiohttp
import pytest

from tests.fakes.telegram import FakeTelegram, FaultKind, Person
from tests.fakes.telegram.faults.politeness import Lateness, Sent, Silences, crowding
from tests.fakes.telegram.raw import RawBot
from tests.support.telegram.fixtures import has_written

sam = has_written()


class Late(Lateness):
    """A test double of `Lateness` that always reports the same delay."""

    def __init__(self, seconds: float) -> None:
        super().__init__()
        self._seconds = seconds

    def worst(self, since: float) -> float:
        return self._seconds


@pytest.fixture(autouse=True)
def punctual(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the fake count no delays of a busy machine, except in tests that construct `Late`."""
    monkeypatch.setattr(Lateness, "worst", lambda *_: 0.0)


@pytest.mark.parametrize(("kind", "messages"), [("cut_before", 1), ("cut_after", 2)])
async def test_a_connection_breaks_before_or_after_the_effect(
    server: FakeTelegram, bot: RawBot, sam: Person, kind: FaultKind, messages: int
) -> None:
    server.fault(method="sendMessage", kind=kind)

    with pytest.raises(aiohttp.ClientError):
        await bot.send(7)

    assert len(sam.chat) == messages


@pytest.mark.parametrize(("kind", "status"), [("error_500", 500), ("error_502", 502)])
async def test_a_proxy_answers_with_a_page(
    server: FakeTelegram, bot: RawBot, sam: Person, kind: FaultKind, status: int
) -> None:
    server.fault(kind=kind)

    reply = await bot.call("sendMessage", chat_id=7, text="Hello")

    assert (reply.status, "<html>" in reply.text, len(sam.chat)) == (status, True, 1)


async def test_a_reply_can_be_no_json(server: FakeTelegram, bot: RawBot, sam: Person) -> None:
    server.fault(kind="garbage")

    reply = await bot.call("sendMessage", chat_id=7, text="Hello")

    assert (reply.status, reply.body, len(sam.chat)) == (200, {}, 2)


@pytest.mark.parametrize(("kind", "messages"), [("delay", 1), ("late", 2)])
async def test_a_call_can_take_its_time(
    server: FakeTelegram, bot: RawBot, sam: Person, kind: FaultKind, messages: int
) -> None:
    server.fault(kind=kind, seconds=0.2)

    call = asyncio.create_task(bot.send(7))
    await asyncio.sleep(0.1)

    assert len(sam.chat) == messages
    await call


async def test_too_many_requests_names_its_seconds(server: FakeTelegram, bot: RawBot, sam: Person) -> None:
    server.fault(method="sendMessage", kind="too_many", retry_after=3)

    reply = await bot.call("sendMessage", chat_id=7, text="Hello")

    assert (reply.status, reply.description) == (429, "Too Many Requests: retry after 3")
    assert reply.body["parameters"] == {"retry_after": 3}


async def test_a_call_before_its_time_is_refused_and_noted(server: FakeTelegram, bot: RawBot, sam: Person) -> None:
    """After a 429, no method may be called about the same chat. A call about another chat succeeds."""
    await server.person(8).send("/start")
    server.fault(method="sendMessage", kind="too_many", retry_after=1)
    await bot.call("sendMessage", chat_id=7, text="Hello")
    await asyncio.sleep(0.2)

    replies = [
        await bot.call(method, chat_id=chat) for method, chat in (("getChat", 8), ("leaveChat", 7), ("getChat", 7))
    ]

    assert ([reply.status for reply in replies], len(server.violations)) == ([200, 429, 429], 2)


async def test_a_silence_for_everybody_is_held_against_another_chat_from_its_second_call(
    server: FakeTelegram, bot: RawBot, sam: Person
) -> None:
    """A 429 does not say that it is for every chat, so only the second early call to another chat is a violation."""
    await server.person(8).send("/start")
    server.fault(method="sendMessage", kind="too_many_for_all", retry_after=1)
    await bot.call("sendMessage", chat_id=7, text="Hello")
    await asyncio.sleep(0.2)

    replies = [(await bot.call("getChat", chat_id=8), len(server.violations))]
    await asyncio.sleep(0.2)
    replies.append((await bot.call("getChat", chat_id=8), len(server.violations)))

    assert [(reply.status, noted) for reply, noted in replies] == [(429, 0), (429, 1)]


async def test_a_call_under_way_when_silence_was_asked_is_refused_but_not_noted(
    server: FakeTelegram, bot: RawBot, sam: Person
) -> None:
    server.fault(method="sendMessage", kind="too_many", retry_after=1)

    replies = await asyncio.gather(*(bot.call("sendMessage", chat_id=7, text="Hello") for _ in range(3)))

    assert ([reply.status for reply in replies], server.violations) == ([429, 429, 429], [])


async def test_polling_continues_during_silence(server: FakeTelegram, bot: RawBot, sam: Person) -> None:
    server.fault(method="sendMessage", kind="too_many", retry_after=1)
    await bot.call("sendMessage", chat_id=7, text="Hello")
    await asyncio.sleep(0.2)

    assert (len(await bot.updates()), server.violations) == (1, [])


async def test_a_call_after_the_silence_is_welcome(server: FakeTelegram, bot: RawBot, sam: Person) -> None:
    server.fault(method="sendMessage", kind="too_many", retry_after=1)
    await bot.call("sendMessage", chat_id=7, text="Hello")
    await asyncio.sleep(1.05)

    await bot.send(7)

    assert server.violations == []


async def test_a_fault_can_wait_for_its_turn_and_repeat(server: FakeTelegram, bot: RawBot, sam: Person) -> None:
    server.fault(method="getChat", kind="error_500", skip=1, times=2)

    statuses = [(await bot.call(method, chat_id=7)).status for method in ["getChat", "getMe", *["getChat"] * 3]]

    assert statuses == [200, 200, 500, 500, 200]


async def test_every_call_is_logged(server: FakeTelegram, bot: RawBot, sam: Person) -> None:
    await bot.send(7, "Hello")

    assert [(call.method, call.params["text"]) for call in server.requests] == [("sendMessage", "Hello")]


async def test_two_new_messages_within_a_second_are_crowding(server: FakeTelegram, bot: RawBot, sam: Person) -> None:
    first = await bot.send(7)
    await bot.call("editMessageText", chat_id=7, message_id=first, text="Next")
    assert server.crowding() == []

    await bot.send(7)

    assert len(server.crowding()) == 1


def test_more_than_25_new_messages_in_a_second_are_crowding() -> None:
    sent = [Sent(person, at=person * 0.03) for person in range(26)]

    assert crowding(sent) == ["all chats: more than 25 new messages within 1 s"]


def test_25_new_messages_a_second_are_polite() -> None:
    assert crowding([Sent(person, at=person * 0.04) for person in range(200)]) == []


def test_a_busy_machine_makes_no_bot_impolite() -> None:
    """A delayed message may have been sent in time, and a bot cannot obey a 429 before it arrives."""
    silences = Silences(Late(0.1))
    silences.ask(7, 0.0, 2)

    assert crowding([Sent(7, 0.0, late=0.3), Sent(7, 0.8)]) == []
    assert [silences.broken(7, at) for at in (0.8, 1.2)] == [False, True]
