"""Tests of summaries over HTTP: sent only after a tap, forwardable unlike other messages, and removed with the chat."""

from datetime import timedelta
from pathlib import Path
from random import Random

import pytest

from bot.channels.telegram import sender
from bot.summaries.file import File
from tests.fakes.telegram import FakeClock, FakeTelegram, FaultKind, Message, Person
from tests.support.shipped import INSTRUMENT
from tests.support.store.canaries import found_in
from tests.support.telegram.bots import REFERENCE, At, running
from tests.support.telegram.home import SAM, Home
from tests.support.telegram.walker import Walker, tap_pin

SENDING = ("sendDocument",)


@pytest.fixture
async def sam(sam: Person, running_bot: Home) -> Person:
    return await at_the_result(sam)


async def at_the_result(sam: Person) -> Person:
    walker = Walker(sam, Random(1))
    await walker.begin()
    await walker.finish()
    return sam


def files(sam: Person) -> list[Message]:
    return [message for message in sam.chat if message.media]


async def ask(sam: Person, label: str = "PDF") -> None:
    await sam.press("More")
    await sam.press("Summary")
    await sam.sees("not protected")
    await sam.click(label)


async def asked(sam: Person, label: str = "PDF") -> Message:
    before = len(files(sam))
    await ask(sam, label)
    await sam.until(lambda: len(files(sam)) > before, timeout=30, what="no file came")
    await sam.settled()
    return files(sam)[-1]


def others(home: Home) -> list[str]:
    return [each.name for each in home.folder.iterdir() if not each.name.startswith("seraf.")]


def is_done(home: Home) -> bool:
    return home.ask("SELECT count(*) FROM parcels") == [(0,)]


async def test_it_alone_can_be_saved_and_sent_on(home: Home, sam: Person) -> None:
    await asked(sam)
    await sam.send("/resume")
    await sam.until(lambda: len(sam.chat) == 2 and not sam.chat[1].media)

    assert [(bool(message.media), message.protected) for message in sam.chat] == [(True, False), (False, True)]


@pytest.mark.parametrize("way", ["/panic", "/lock", "/erase"])
async def test_it_goes_with_the_rest(home: Home, sam: Person, way: str) -> None:
    await asked(sam)

    await sam.send(way)
    if way == "/erase":
        await sam.sees("cannot be undone")
        await sam.press_last("Erase now")

    await sam.until(lambda: not files(sam), what="the file still stands")
    await sam.settled()
    assert home.ask("SELECT count(*) FROM litter") == [(0,)]


@pytest.mark.parametrize(("hours", "left"), [(39.9, 1), (40.0, 0)])
async def test_it_goes_while_telegram_can_still_remove_it(
    server: FakeTelegram, clock: FakeClock, tmp_path: Path, hours: float, left: int
) -> None:
    home, sam = Home(tmp_path, server), server.person(SAM)
    async with running(home, At(clock)):
        await at_the_result(sam)
        await asked(sam)
        await sam.until(lambda: is_done(home))
    clock.advance(hours=hours)
    await home.reopen(SAM, clock())

    async with running(home, At(clock)):
        await sam.until(lambda: len(files(sam)) == left, what="the file still stands")
        await sam.send("hello")
        await sam.sees("Nothing was found")
        await sam.settled()

        assert len(files(sam)) == left


async def test_a_requested_file_comes_after_a_restart(server: FakeTelegram, clock: FakeClock, tmp_path: Path) -> None:
    home, sam = Home(tmp_path, server), server.person(SAM)
    server.fault_until(clock() + timedelta(minutes=1), kind="cut_before", methods=SENDING)
    async with running(home, At(clock)):
        await at_the_result(sam)
        await ask(sam)
        await sam.until(lambda: bool(server.calls("sendDocument")))
    assert not is_done(home)
    assert (
        found_in(
            home.store.read_bytes(),
            [REFERENCE, "SERAF summary", "SERAF SUMMARY", *(item.label for item in INSTRUMENT.items)],
        )
        == []
    )
    assert others(home) == []
    server.faults.heal()

    async with running(home, At(clock)):
        await sam.until(lambda: is_done(home) and len(files(sam)) == 1, timeout=20, what="no file came")
        await sam.settled()

    assert files(sam)[0].content.startswith(b"%PDF")


@pytest.mark.parametrize("kind", ["cut_after", "garbage"])
async def test_one_whose_answer_was_lost_is_removed_once_another_came(home: Home, sam: Person, kind: FaultKind) -> None:
    await asked(sam, "Text")
    card = sam.chat[0].message_id
    home.server.fault(kind=kind, method="sendDocument")

    await ask(sam)
    await sam.until(lambda: len(sam.answers) > 0 and len(home.server.calls("sendDocument")) == 3, timeout=20)
    await sam.until(lambda: is_done(home))
    await sam.settled()

    assert [message.media["document"]["mime_type"] for message in files(sam)] == ["text/plain", "application/pdf"]
    assert sam.chat[0].message_id == card
    await sam.send("/lock")
    await sam.until(lambda: not files(sam), what="a file still stands")


@pytest.mark.parametrize("way", ["/lock", "/panic"])
async def test_a_chat_that_closed_before_it_was_sent_never_gets_it(
    home: Home, clock: FakeClock, sam: Person, way: str
) -> None:
    home.server.fault_until(clock() + timedelta(seconds=9), kind="too_many", methods=SENDING)
    await ask(sam)
    await sam.until(lambda: bool(home.server.calls("sendDocument")))

    await sam.send(way)
    await sam.until(lambda: not home.server.pending)
    clock.advance(10)
    await sam.until(lambda: is_done(home), timeout=20)
    if way == "/lock":
        await sam.sees("Tap your PIN")
        await tap_pin(sam)
        await sam.sees(REFERENCE)
    await sam.settled()

    assert not any(act.message and act.message.media for act in sam.acts)


async def test_failing_uploads_do_not_stop_the_card_and_the_file_comes_later(
    home: Home, clock: FakeClock, sam: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sender, "FILE_WAIT", 0.5)
    home.server.fault_until(clock() + timedelta(seconds=30), kind="error_502", methods=SENDING)
    await ask(sam)
    await sam.until(lambda: bool(home.server.calls("sendDocument")))

    await sam.send("/help")
    await sam.sees("/start begins")
    clock.advance(61)

    await sam.until(lambda: is_done(home), timeout=20)
    assert len(files(sam)) == 1


async def test_a_file_that_telegram_refuses_is_reported_once(
    home: Home, sam: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.conversation.documents.made", lambda *_, **__: File("seraf.pdf", b""))

    await ask(sam)

    await sam.sees("could not be sent")
    await sam.until(lambda: is_done(home))
    assert len(home.server.calls("sendDocument")) == 1
