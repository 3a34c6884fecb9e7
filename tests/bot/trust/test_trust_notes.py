"""Tests of notes in Telegram: stored encrypted with the case alone, removed from the chat, and hidden by the lock."""

from collections.abc import AsyncIterator
from pathlib import Path
from random import Random

import pytest
from structlog.testing import capture_logs

from tests.bot.channels.telegram.faults.test_telegram_secrets import LOUD
from tests.bot.trust.test_trust_free_text import ITEM, PLACES, come_to
from tests.fakes.telegram import FakeClock, FakeTelegram, Person
from tests.support.promising import Promise
from tests.support.telegram.bots import At, python_process, running
from tests.support.telegram.canaries import CANARY, MEDIA
from tests.support.telegram.home import SAM, Home
from tests.support.telegram.trusting import entries
from tests.support.telegram.walker import Walker, tap_pin

NOTE = f"the nurse wrote {CANARY.lower()} in the book"
BLAMING = f"it was a lifestyle {CANARY.lower()}"
REFUSED = f"ring 07700 900123 for {CANARY.lower()}"
NOT_OPEN = "When a child tells you"
QUESTION = f"older boyfriend, {CANARY.lower()}, new phone, out all night"


@pytest.fixture
async def noting(server: FakeTelegram, clock: FakeClock, tmp_path: Path) -> AsyncIterator[Home]:
    home = Home(tmp_path, server, notes=True)
    async with running(home, At(clock)):
        yield home


async def open_note(sam: Person) -> None:
    await come_to(sam, (*ITEM, "Note"))
    await sam.sees("Nothing is kept here yet.")


async def write(sam: Person, text: str, seen: str) -> None:
    await sam.send(text)
    await sam.sees(seen, timeout=20)
    await sam.until(lambda: all(each.by_bot for each in sam.chat), what="what was typed was not removed")
    await sam.settled()


def said_since(sam: Person, acts: int) -> str:
    since = sam.acts[acts:]
    answers = [act.words for act in since if act.deed == "answered"]
    deeds = ("sent", "edited")
    shown = [act.message.text for act in since if act.deed in deeds and act.message and act.message.by_bot]
    return "\n".join((*answers, *shown)).lower()


def files(home: Home) -> str:
    paths = (path for path in sorted(home.folder.rglob("*")) if path.is_file())
    return "\n".join(path.read_bytes().decode("latin-1") for path in paths).lower()


async def test_a_note_is_sealed_with_its_case_and_is_nowhere_else(
    noting: Home, sam: Person, capfd: pytest.CaptureFixture[str]
) -> None:
    with capture_logs() as lines:
        await open_note(sam)
        await write(sam, NOTE, "The note is kept.")

    printed = capfd.readouterr()
    session = await noting.session(SAM)
    record = await noting.record(SAM)
    assert dict(session.answers.notes) == {"V1": NOTE}
    assert record is not None
    assert CANARY.lower() not in record.profile.lower()
    assert CANARY.lower() not in files(noting)
    assert CANARY.lower() not in repr(await entries(noting)).lower()
    assert CANARY.lower() not in (repr(lines) + printed.out + printed.err).lower()
    assert len(sam.chat) == 1


@pytest.mark.parametrize("place", [name for name in PLACES if name != "erased"])
async def test_words_typed_without_an_open_note_are_stored_nowhere(noting: Home, sam: Person, place: str) -> None:
    await come_to(sam, PLACES[place])

    await write(sam, NOTE, NOT_OPEN)

    record = await noting.record(SAM)
    assert CANARY.lower() not in repr((record and record.case, record and record.profile)).lower()
    assert CANARY.lower() not in files(noting)


@pytest.mark.parametrize("kind", MEDIA)
async def test_a_note_card_takes_words_alone(noting: Home, sam: Person, kind: str) -> None:
    await open_note(sam)

    await sam.send_media(MEDIA[kind], CANARY)
    await sam.sees("Pictures and files are not kept")
    await sam.forward(NOTE, sender_name=CANARY)
    await sam.sees("Forwarded messages are not kept")

    assert not (await noting.session(SAM)).answers.notes


async def test_a_refused_note_is_removed_and_stored_nowhere(noting: Home, sam: Person) -> None:
    await open_note(sam)
    acts = len(sam.acts)

    await write(sam, REFUSED, "Not kept: this may contain a telephone number.")

    record = await noting.record(SAM)
    assert record is not None
    assert CANARY.lower() not in repr((record.case, record.profile)).lower()
    assert CANARY.lower() not in files(noting)
    assert CANARY.lower() not in said_since(sam, acts)


async def test_a_locked_chat_shows_no_note_and_takes_none(noting: Home, sam: Person) -> None:
    await open_note(sam)
    await write(sam, NOTE, "The note is kept.")
    acts = len(sam.acts)

    await sam.send("/lock")
    await sam.sees("Tap your PIN")
    await write(sam, f"another {CANARY.lower()}", "Nothing was looked up")

    assert CANARY.lower() not in sam.card.text.lower()
    assert CANARY.lower() not in said_since(sam, acts)
    assert dict((await noting.session(SAM)).answers.notes) == {"V1": NOTE}
    await tap_pin(sam)
    assert NOTE in (await sam.sees("Kept: ")).text


async def test_a_note_and_a_draft_are_gone_once_the_case_is_erased(noting: Home, sam: Person) -> None:
    await open_note(sam)
    await write(sam, NOTE, "The note is kept.")
    await write(sam, BLAMING, "could you say it in other words?")
    assert (await noting.session(SAM)).told.draft == BLAMING

    await sam.send("/erase")
    await sam.sees("Erase BRISK OTTER 41?")
    await sam.press_last("Erase now")
    await sam.until(lambda: not sam.chat, what="the chat was not cleared")

    record = await noting.record(SAM)
    assert record is not None
    assert record.case is None
    assert CANARY.lower() not in record.profile.lower()


async def test_a_note_that_came_twice_is_one_note(noting: Home, sam: Person) -> None:
    """Telegram delivers an unconfirmed update again, so a note may arrive twice."""
    await open_note(sam)
    await write(sam, NOTE, "The note is kept.")
    await write(sam, NOTE, "The note is kept.")

    assert dict((await noting.session(SAM)).answers.notes) == {"V1": NOTE}


@pytest.mark.prove
async def test_no_logger_prints_a_note_at_debug(tmp_path: Path, promise: Promise) -> None:
    """Promise P9: with every logger at DEBUG, no note is printed, whether kept, refused, reconsidered or misplaced, and no question."""
    async with FakeTelegram() as server:
        home, sam = Home(tmp_path, server, notes=True), server.person(SAM)
        await home.admit()
        async with python_process(home, program=("-X", "dev", "-c", LOUD)) as bot:
            await bot.says("ready")
            await Walker(sam, Random(1)).begin()
            await sam.press("Note")
            await sam.sees("Nothing is kept here yet.", timeout=20)
            await write(sam, NOTE, "The note is kept.")
            await write(sam, REFUSED, "Not kept: this may contain")
            await write(sam, BLAMING, "could you say it in other words?")
            await sam.press("Keep my words")
            await sam.sees("Kept: it was", timeout=20)
            await sam.press("Back")
            await write(sam, NOTE, NOT_OPEN)
            await write(sam, QUESTION, "These items")
            await bot.terminated()

    assert "ready" in bot.said
    assert CANARY.lower() not in bot.said.lower()
    promise.reached("P9", asked=4, reached=4, of="notes typed, every logger at DEBUG")
