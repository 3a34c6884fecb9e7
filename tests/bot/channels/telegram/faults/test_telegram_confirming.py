"""Tests that an update is confirmed to Telegram once, and only after the store has committed its effects."""

from pathlib import Path
from random import Random

from dialogs.core.session import Session
from tests.fakes.telegram import Person
from tests.support.pack.toml import edited, written
from tests.support.store.builders import sqlite_of
from tests.support.telegram.bots import process, running
from tests.support.telegram.fixtures import real_time
from tests.support.telegram.home import SAM, Home
from tests.support.telegram.walker import Walker, come_to_item, item_number

clock = real_time()


async def test_an_offset_is_sent_once_and_then_no_more(home: Home, sam: Person) -> None:
    """Update ids restart at random after a quiet week, so a stored offset could confirm an update that was not read."""
    async with running(home):
        await Walker(sam, Random(1)).begin(until_item=3)
        await sam.until(lambda: not home.server.pending)

    offsets = [call.params["offset"] for call in home.server.calls("getUpdates") if "offset" in call.params]
    assert len(offsets) == len(set(offsets))
    assert any("offset" not in call.params for call in home.server.calls("getUpdates"))


async def test_an_offset_that_did_not_arrive_is_not_sent_again(home: Home, sam: Person) -> None:
    """Update ids may restart slightly lower. Taps with such ids are still read, and a repeated update counts once."""
    async with running(home):
        await Walker(sam, Random(1)).begin(until_item=2)
        await sam.until(lambda: not home.server.pending)
        home.server.restart_ids(600_000_000)
        home.server.fault(method="getUpdates", kind="cut_before", times=2)
        await sam.click("No")
        await sam.until(lambda: item_number(sam.card) == 3)
        home.server.restart_ids(600_000_000 - 5)
        await sam.click("No")

        await sam.until(lambda: item_number(sam.card) == 4 and not home.server.pending, timeout=15)

    assert len((await home.session(SAM)).answers.items) == 3


async def test_an_uncommitted_update_is_not_confirmed(home: Home, sam: Person) -> None:
    async with running(home):
        await come_to_item(sam, 2)
        other = await home.opened()
        held = await other.read(sqlite_of)
        held.execute("BEGIN IMMEDIATE")

        tap = await sam.click("No")
        await sam.until(lambda: len(home.server.pending) == 1)
        assert [each["update_id"] for each in home.server.pending] == [tap.update_id]
        assert tap.query_id not in [answer.query_id for answer in sam.answers]

        held.execute("COMMIT")
        await other.close()
        await sam.answered(tap)
        await sam.until(lambda: item_number(sam.card) == 3 and not home.server.pending)


async def test_an_update_committed_but_unconfirmed_before_a_kill_counts_once(home: Home, sam: Person) -> None:
    """Telegram sends the unconfirmed update to the next process too, which recognises it as a repeat."""
    async with process(home) as bot:
        await bot.says("ready")
        await Walker(sam, Random(1)).begin(until_item=2)
        await sam.until(lambda: not home.server.pending)
        home.server.fault(method="getUpdates", kind="cut_before", times=1000)
        tap = await sam.click("No")
        await sam.until(lambda: item_number(sam.card) == 3 or bool(home.server.pending))
        bot.kill()
    home.server.faults.heal()

    async with process(home):
        await sam.until(lambda: item_number(sam.card) == 3 and not home.server.pending)
        await sam.answered(tap)

    assert len((await home.session(SAM)).answers.items) == 2


def another_edition(folder: Path, pack: Path) -> Path:
    """Write a copy of the pack with another label for one item and other points for one answer; return its folder."""

    def edit(raw: dict[str, list[dict[str, object]]]) -> None:
        raw["items"][4]["label"] = "A label of the new edition"
        raw["sections"][0]["options"][0]["points"] = 2  # type: ignore[index]

    folder.mkdir(mode=0o700)
    for name, content in edited(pack, "instrument.toml", edit).items():
        (folder / name).write_bytes(written(content))
    return folder


async def test_a_session_finishes_on_the_edition_that_it_began_with(home: Home, sam: Person, tmp_path: Path) -> None:
    walker = Walker(sam, Random(1))
    async with running(home):
        await walker.begin(until_item=3)
        await sam.settled()
    began: Session = await home.session(SAM)

    newer = Home(tmp_path, home.server, pack=another_edition(tmp_path / "newer", home.pack))
    async with running(newer):
        await walker.walk(until_item=5)
        assert "A label of the new edition" not in sam.card.text
        await walker.finish()
        assert (await newer.session(SAM)).fingerprint == began.fingerprint
        await walker.begin_again()
        await walker.walk(until_item=5)
        assert "A label of the new edition" in sam.card.text

    assert (await newer.session(SAM)).fingerprint != began.fingerprint
