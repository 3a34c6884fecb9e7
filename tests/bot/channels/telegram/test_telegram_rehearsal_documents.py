"""Tests of the picture of a person's rehearsals over HTTP: sent once, next to the card, and removed with the chat."""

from datetime import timedelta
from pathlib import Path
from random import Random

import pytest

from tests.bot.channels.telegram.test_telegram_documents import files, others
from tests.fakes.telegram import FakeClock, FakeTelegram, Person
from tests.support.telegram.bots import At, running
from tests.support.telegram.home import SAM, Home
from tests.support.telegram.walker import Walker, is_result, item_number

ON = ("Next page", "Start the SERAF", "ART (or EDT)")
"""Labels of buttons that continue a rehearsal and occur on no card of a SERAF before its result."""


@pytest.fixture
async def sam(sam: Person, running_bot: Home) -> Person:
    return await rehearsed(sam)


async def rehearsed(sam: Person) -> Person:
    walker = Walker(sam, Random(1))
    await sam.send("/rehearse")
    await sam.sees("a made-up child")
    await sam.settled()
    await sam.press("Next case")
    await sam.sees("the model answer after each question")
    await sam.press("Test")
    while not is_result(sam.card):
        on = [each for each in ON if each in sam.card.labels and not item_number(sam.card)]
        await sam.press(on[0] if on else walker.next_label(sam.card))
    await sam.press("My answers")
    await sam.press("My progress")
    return sam


async def drawn(sam: Person) -> None:
    await sam.press("Picture")
    await sam.until(lambda: len(files(sam)) == 1, timeout=30, what="no picture came")
    await sam.settled()


def is_done(home: Home) -> bool:
    return home.ask("SELECT count(*) FROM rehearsal_parcels") == [(0,)]


def kept(home: Home) -> list[tuple[object, ...]]:
    return home.ask("SELECT born FROM litter")


async def test_a_finished_rehearsal_gives_one_picture_with_a_caption(home: Home, sam: Person) -> None:
    await drawn(sam)
    await sam.until(lambda: is_done(home))
    await sam.press("Back")
    await sam.settled()

    (file,) = files(sam)
    assert file.content.startswith(b"\x89PNG")
    assert file.media["document"]["file_name"] == "own-course.png"
    assert file.text.startswith("One rehearsal, on 4 March 2026.")
    assert len(home.server.calls("sendDocument")) == 1
    assert others(home) == []
    store = await home.opened()
    assert "document" not in [str(entry.what) for entry in await store.read(lambda t: t.audit.entries())]
    await store.close()


@pytest.mark.parametrize("is_left", [False, True])
async def test_messages_left_in_chats_are_removed_meanwhile(
    server: FakeTelegram, clock: FakeClock, tmp_path: Path, *, is_left: bool
) -> None:
    home, sam = Home(tmp_path, server), server.person(SAM)
    async with running(home, At(clock)):
        await rehearsed(sam)
        await drawn(sam)
        await sam.until(lambda: is_done(home))
        if is_left:
            await sam.press("Leave")
            await sam.settled()

    store = await home.opened()
    await store.write(
        lambda t: t.messages_to_remove.add(f"telegram:{SAM}", "1", born=clock() + timedelta(seconds=1))
    )  # looked at after the picture
    await store.close()

    async with running(home, At(clock)):
        await sam.until(lambda: len(kept(home)) == (not is_left), what="nothing was removed")
        await sam.send("hello")
        await sam.sees("Nothing was found")
        await sam.settled()

        assert len(files(sam)) == (not is_left)
