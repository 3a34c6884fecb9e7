"""Several copies of the program over one store: any request may come to any copy, and nothing is lost, weaker or doubled."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from functools import partial
from pathlib import Path
from urllib.parse import urlencode

import pytest

from bot.access.admission import Invitation
from bot.channels.running import Opened
from bot.channels.turn_queue import TurnQueue
from bot.channels.web import inbox, pages
from bot.channels.web.serving import WebPages
from bot.crypto.sealing import KeyRing
from bot.runtime.errors import StoreFault
from bot.storage.sqlite.opening import open_sqlite
from bot.storage.store import Store
from bot.storage.tables.admission import FIRST_PAUSE, TRIES
from dialogs.core.codec import SESSIONS, NewerSession
from dialogs.core.role import Role
from seraf.advice.contacts import Check
from tests.bot.channels.web.test_web_following import followed
from tests.support.chromium.windows import free_port
from tests.support.people.admitting import PIN, access, admit
from tests.support.shipped import WORDING
from tests.support.store.builders import record_of
from tests.support.walks.boards import script_of
from tests.support.walks.clock import Surroundings
from tests.support.walks.core import replayed
from tests.support.walks.model import WEB
from tests.support.walks.reading import read_walk, walk_files
from tests.support.web.browser import Browser
from tests.support.web.others import OthersBeside
from tests.support.web.rooming import TOAST, RoomBrowser, Rooming, joined
from tests.support.web.running import balanced, home_of_pages, settings_of, two_copies
from tests.support.web.seeing import seen
from tests.support.web.serving import SAM, Badges, Serving, let_in, made
from tests.support.web.signing_in import House, listening_at, opened
from tests.support.web.walker import Browsing

Copies = tuple[Serving, Serving]
FILES = {path.stem: path for path in walk_files()}
CODE, SOON = "ABCDEFGHJKMNPQ", 5.0


@pytest.fixture
async def copies(tmp_path: Path, around: Surroundings) -> AsyncIterator[Copies]:
    async with two_copies(tmp_path, around) as both:
        await let_in(both[0], [SAM], now=around.now())
        yield both


@pytest.fixture
async def sam(copies: Copies) -> AsyncIterator[Browser]:
    browser = balanced(*copies)
    await browser.open()
    yield browser
    await browser.close()


@pytest.mark.parametrize("stem", ["21-erase-and-start-anew", "61-notes", "51-nobody-answers"])
async def test_a_walk_shows_the_same_cards_and_toasts_as_at_one_copy(tmp_path: Path, stem: str) -> None:
    walk = read_walk(FILES[stem])
    around, scenes = Surroundings(walk.at, walk.reference), replayed(FILES[stem], WEB)
    script = script_of(WEB, walk)
    async with two_copies(tmp_path, around, script=script) as both:
        await let_in(both[0], [SAM], role=Role(walk.role), now=around.now())
        browser = balanced(*both)
        await browser.open()
        browsing = Browsing(browser, around, OthersBeside(both[0]), script)

        faults = [await browsing.play(scene) for scene in scenes]

        await browser.close()
    assert [each for each in faults if each] == []
    assert any(scene.said for scene in scenes)


async def test_a_pin_is_given_at_both_copies(copies: Copies, sam: Browser) -> None:
    await sam.command("lock")
    await sam.give_pin(f"{PIN[:-1]}{(int(PIN[-1]) + 1) % 10}")
    assert WORDING.say("toast.wrong-pin", left="4") in sam.answer.text

    await sam.give_pin(PIN)

    assert sam.page.heading == "SERAF consultation"


async def test_wrong_codes_at_both_copies_end_after_as_many_as_at_one(copies: Copies, around: Surroundings) -> None:
    text, until = Invitation("0a0b0c0d", Role.PRACTITIONER).text(), around.now() + timedelta(days=1)
    await copies[0].store.write(lambda t: t.invitation_codes.issue(CODE, text, until=until))
    stranger = balanced(*copies, badge="eve")
    await stranger.open()
    for number in range(TRIES):
        await stranger.command("start", f"WRNG-{number:04}")

    await stranger.command("start", CODE)
    assert await copies[1].store.recall("web:eve") is None
    around.pass_seconds(FIRST_PAUSE.total_seconds())
    await stranger.command("start", CODE)

    assert await copies[1].store.recall("web:eve") is not None
    await stranger.close()


async def test_a_form_that_is_sent_to_both_copies_counts_once(copies: Copies, sam: Browser) -> None:
    await sam.press("Start")
    await sam.press("School")
    before, neither = await record_of(copies[0].store, SAM), sam.button("Neither").attributes
    fields = {"nonce": sam.page.nonce, neither["name"]: neither["value"]}

    here, there = [await Browser(each.port).send(fields) for each in copies]

    assert (await record_of(copies[0].store, SAM)).card == before.card + 1
    assert here.heading == there.heading != sam.page.heading


async def test_a_page_that_one_copy_streams_changes_when_the_other_writes(
    copies: Copies, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pages, "EVERY", 0.05)
    stream, writer = await followed(copies[1])
    first, other = await stream.next(), Browser(copies[0].port)
    await other.open()

    await other.press("Start")

    assert (
        first
        != await stream.next()
        == next(each["data-shown"] for _, each in other.page.elements if "data-shown" in each)
    )
    await other.close()
    writer.close()


async def test_a_toast_that_comes_late_is_shown_by_the_other_copy_and_once(
    copies: Copies, monkeypatch: pytest.MonkeyPatch
) -> None:
    may = asyncio.Event()

    async def fail(*_: object) -> None:
        await may.wait()
        raise StoreFault("The store is broken.")

    await let_in(copies[0], ["web:kim"], role=Role.ADMIN, now=copies[0].conversation.clock.now())
    monkeypatch.setattr(inbox, "SHORTLY", 0.05)
    monkeypatch.setattr(copies[0].store, "everybody", fail)
    here, there = (Browser(each.port, "kim") for each in copies)
    await here.open()
    await here.command("people")
    assert "Not saved" not in here.answer.text

    may.set()
    async with asyncio.timeout(SOON):
        while "Not saved" not in there.answer.text:
            await there.open()
    await there.open()

    assert "Not saved" not in there.answer.text
    await here.close()
    await there.close()


async def stores(folder: Path, keys: KeyRing) -> tuple[Store, Store]:
    """Return two stores on one database."""
    first, second = [await open_sqlite(folder / "store" / "seraf.sqlite", keys) for _ in range(2)]
    return first, second


async def test_a_sign_in_begins_at_one_copy_and_ends_at_the_other(tmp_path: Path) -> None:
    keys = KeyRing.fresh()
    ours, theirs = await stores(tmp_path, keys)
    async with opened(store=ours, keys=keys) as first:
        second = House(
            made(first.around, keys=keys, store=theirs), first.there, first.around, first.wire, first.settings
        )
        async with listening_at(second):
            browser = first.browser()
            sent = await browser.get("/sign-in")
            back = await first.there.let_in(sent.headers["Location"])
            browser.port = second.port

            await browser.get(f"/callback?{urlencode(back)}")

            browser.port = first.port
            assert seen((await browser.get("/")).text).heading == "No access yet"
    await theirs.close()


async def test_a_guest_is_told_by_the_other_copy(tmp_path: Path, around: Surroundings) -> None:
    keys = KeyRing.fresh()
    ours, theirs = await stores(tmp_path, keys)
    here, there = (Rooming(around, store=each, keys=keys).listening() for each in (ours, theirs))
    async with here as first, there as second:
        guest = await joined(first, await first.host.opened())
        await guest.post({"nonce": "old", "press": "1:n"})
        assert TOAST in guest.cookies
        other = RoomBrowser(second.port, guest.path)
        other.cookies = guest.cookies

        await other.open()

        assert WORDING.on("web").say("browser.old") in other.answer.text
        assert TOAST not in other.cookies


async def test_a_copy_that_only_serves_pages_follows_the_checks_and_forgets_cases(
    tmp_path: Path, around: Surroundings
) -> None:
    home = home_of_pages(tmp_path)
    house = made(around)
    ours, theirs = await stores(tmp_path, house.keys)
    await admit(ours, [SAM], access(house.keys, at=around.now()))
    copy = Opened(ours, house.conversation, partial(house.keys.lasting, "card"), TurnQueue(ours.turns))
    pages = WebPages(settings_of(home, free_port()), house.conversation, identity=Badges())
    check = Check("art", "1", around.now().date(), is_right=False)
    async with pages.listening(), pages.serving(copy):
        SESSIONS.know("a case", object())  # type: ignore[arg-type]
        await theirs.write(lambda t: t.contact_checks.keep(check))

        async with asyncio.timeout(SOON):
            while house.conversation.checked.latest != (check,) or SESSIONS._known:  # noqa: SLF001 - what is in memory
                await asyncio.sleep(0.05)
    await ours.close()
    await theirs.close()


async def test_a_case_of_another_pack_is_not_answered_with_this_form(copies: Copies, sam: Browser) -> None:
    """A copy with a newer pack began it, and this one has to be restarted with the same."""
    await sam.press("Start")
    while "of 30" not in sam.answer.text:
        shown = sam.page.labels
        await sam.press(
            next(label for label in ("Form order", "13–15", "Neither", "School", "No", "Yes") if label in shown)
        )
    record = await record_of(copies[0].store, SAM)
    other = replace(record, case=(record.case or "").replace(record.edition, "0" * 64))

    with pytest.raises(NewerSession):
        copies[1].conversation.card(other)
