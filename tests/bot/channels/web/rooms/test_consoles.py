"""Tests of a trainer's console: opened once, it leads a room, its projector and its guests' pages, and nobody else does."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import partial

import pytest

from bot.channels.web.entrance import front_of
from bot.channels.web.guard import Gatekeeper
from bot.channels.web.page import Bar
from bot.channels.web.pages import Pages
from bot.channels.web.rooms.guests import CONSOLE, EVERY, GUEST, SCREEN
from bot.channels.web.serving import guest_words, listening, room_inbox, room_routes, rooms_alone
from bot.channels.web.site import Site
from bot.cli.pack.room import room_script
from bot.storage.passes import TRAINER, Pass, PassDecision, PassTurn
from bot.storage.sqlite.memory import in_memory
from bot.storage.values import Refused, Shared
from dialogs.core.acts import Rehearse, code_of
from dialogs.core.role import Role
from seraf.rehearsal.critical_actions import Critical
from state_machines.rehearsal import Turn
from tests.bot.channels.web.rooms.conftest import NOON
from tests.support.chromium.windows import free_port
from tests.support.shipped import WORDING
from tests.support.talk.gathering import Reader
from tests.support.walks.clock import Surroundings
from tests.support.web.rooming import RoomBrowser
from tests.support.web.serving import AT_ONCE, BADGE, KIM, let_in, made
from tests.support.web.wire import ORIGIN

GROUP = 10


@dataclass(frozen=True, slots=True)
class Alone:
    """A site of rooms alone, without TLS, and the link of its console."""

    origin: str
    port: int
    link: str
    clock: Surroundings

    def browser(self, path: str) -> RoomBrowser:
        return RoomBrowser(self.port, path, self.origin)

    async def console(self) -> RoomBrowser:
        trainer = self.browser(self.link)
        await trainer.open()
        await trainer.press("Open the console")
        return trainer

    async def guests(self, code: str, count: int, until: str = "My answers") -> list[RoomBrowser]:
        came = []
        for number in range(count):
            guest = self.browser(f"/room/{code}")
            await guest.open()
            await guest.press("Join")
            came.append(await guest.finish(Reader(number), until))
        return came


@pytest.fixture
async def alone() -> AsyncIterator[Alone]:
    port, clock = free_port(), Surroundings(NOON, "BRISK OTTER 41")
    site = Site(f"http://127.0.0.1:{port}", "127.0.0.1", port, is_plain=True)
    async with rooms_alone(site, room_script(), clock=clock, case="teo") as link:
        yield Alone(site.address, port, link.removeprefix(site.address), clock)


def code_on(console: RoomBrowser) -> str:
    """Return the code that the console's first slide shows."""
    return console.answer.text.partition("class=code>")[2][:9].replace("-", "")


@asynccontextmanager
async def followed(browser: RoomBrowser, path: str) -> AsyncIterator[asyncio.StreamReader]:
    """Follow a page while the block runs. Yield what it is told."""
    reader, writer = await asyncio.open_connection("127.0.0.1", browser.wire.port)
    cookies = "; ".join(f"{name}={value}" for name, value in browser.cookies.items())
    writer.write(f"GET {path} HTTP/1.1\r\nHost: {browser.wire.host}\r\nCookie: {cookies}\r\n\r\n".encode())
    await reader.readuntil(b"data: ")
    yield reader
    writer.close()


async def told(guest: RoomBrowser, path: str) -> None:
    """Follow a guest's page until it is told that the answers are open."""
    async with followed(guest, path) as stream:
        await stream.readuntil(b"data: open")


async def test_a_link_opens_one_console_and_looking_at_it_opens_none(alone: Alone) -> None:
    preview, trainer, late = (alone.browser(alone.link) for _ in range(3))

    for each in (preview, trainer, late):
        await each.open()
        assert not each.cookies
    await trainer.press("Open the console")
    again = alone.browser(alone.link)
    await again.send(trainer.sent)
    await late.press("Open the console")

    assert trainer.path == "/trainer"
    assert len(code_on(trainer)) == 8
    assert again.cookies == trainer.cookies, "a second click, or one whose answer was lost, opens the same console"
    assert late.answer.status == 410
    assert not late.cookies
    held = trainer.cookies[CONSOLE.removeprefix("__Host-")]
    assert held not in alone.link
    assert "Secure" not in trainer.answer.headers.get("set-cookie", "")


async def test_a_console_leads_the_projector_and_the_pages_of_guests(alone: Alone) -> None:
    """From the first join to the last model answer, which opens on the projector and on all phones at once."""
    console = await alone.console()
    projector = alone.browser("/screen")
    projector.cookies = console.cookies
    guests = await alone.guests(code_on(console), GROUP)
    await guests[0].press("My answers")
    waiting = guests[0].path
    following = asyncio.create_task(told(guests[0], f"{waiting}/events"))

    await console.press("End the room", "Close and compare")
    walls = []
    while "Open model answers" not in console.labels[:3]:
        await console.press(next(label for label in console.labels if label.startswith(("Next", "Show", "Talk"))))
        walls.append((await projector.open("/screen")).text)
    await console.press("Open model answers")
    await asyncio.wait_for(following, 20)
    await console.press("Show the model answer")
    await projector.open("/screen")

    assert [text for text in walls if "Model answer:" in text] == []
    assert "Model answer:" in projector.text
    assert not projector.page.links
    await guests[0].open(waiting)
    assert "Critical actions" in guests[0].text


async def test_a_third_stream_of_one_pass_ends_the_first(alone: Alone) -> None:
    """Or one guest could take all connections, and nobody else would reach any page."""
    console = await alone.console()
    (guest,) = await alone.guests(code_on(console), 1)
    await guest.press("My answers")

    for browser, path in ((guest, f"{guest.path}/events"), (console, "/trainer/events"), (console, "/screen/events")):
        async with followed(browser, path) as first, followed(browser, path) as second, followed(browser, path):
            await asyncio.wait_for(first.readuntil(b"\r\n0\r\n\r\n"), 5)
            await asyncio.sleep(EVERY)
            assert not second.at_eof()
            assert b"\r\n0\r\n\r\n" not in await second.read(4096)


async def test_the_clock_follows_the_plan_and_the_overview_names_every_topic(alone: Alone) -> None:
    console = await alone.console()
    first = console.text
    alone.clock.pass_seconds(12 * 60)
    await console.open("/trainer?plan=45")
    later = console.text
    await console.press("End the room", "Close and compare")

    assert "Pre-brief: 10 min left. Minute 0 of 90." in first
    assert "Read and answer alone: 10 min left. Minute 12 of 45." in later
    topics = [room_script().wording.say(f"critical.{action}") for action in Critical]
    assert [label for label in console.labels if label in topics] == topics
    await console.press("First call")
    assert "Who would you contact first?" in console.page.heading


async def test_a_day_and_the_clock_begin_when_a_room_is_opened(alone: Alone) -> None:
    alone.clock.pass_seconds(23 * 3600)
    console = await alone.console()
    first = console.text
    alone.clock.pass_seconds(20 * 3600)
    await console.open("/trainer")
    await console.press("End the room", "Close and compare", "Leave", "Leave")
    case = next(label for label in console.labels if label.startswith("2."))
    await console.press(case, "Open the room")
    second = console.text
    alone.clock.pass_seconds(23 * 3600)
    await console.open("/trainer")

    assert "Minute 0 of 90." in first
    assert "Minute 0 of 90." in second
    assert len(code_on(console)) == 8


async def test_nobody_without_the_console_turns_a_slide_or_opens_an_answer(alone: Alone) -> None:
    console = await alone.console()
    (guest,) = await alone.guests(code_on(console), 1, until="Start the SERAF")
    forged = {"nonce": "x", "press": f"{10**6}:{code_of(Rehearse(Turn.RELEASE))}"}

    for cookie in (GUEST, SCREEN):
        stranger = alone.browser("/trainer")
        stranger.cookies = {CONSOLE.removeprefix("__Host-"): next(iter(guest.cookies.values())), cookie: "0" * 64}
        for path, status in (("/trainer", 404), ("/trainer/events", 204), ("/trainer/paper/model-answers", 404)):
            await stranger.open(path)
            assert stranger.answer.status == status
        await stranger.open("/trainer")
        await stranger.post(forged)
    await console.post(forged)
    await console.open("/trainer")

    assert "End the room" in console.labels


async def test_papers_are_fetched_from_the_console(alone: Alone) -> None:
    console = await alone.console()

    for kind in ("handout", "plan-90", "model-answers"):
        await console.open(f"/trainer/paper/{kind}")
        assert console.answer.body.startswith(b"%PDF")
    for kind in ("own-course", "room-results", "room-links"):
        await console.open(f"/trainer/paper/{kind}")
        assert console.answer.status == 404


async def test_whoever_leaves_a_room_chooses_the_next_case(alone: Alone) -> None:
    console = await alone.console()
    (guest,) = await alone.guests(code_on(console), 1, until="Start the SERAF")
    await console.press("End the room", "Close and compare", "Leave", "Leave")
    await guest.open()

    case = next(label for label in console.labels if label.startswith("2."))
    await console.press(case, "Open the room")

    assert len(code_on(console)) == 8


@pytest.mark.parametrize("host", ["", "telegram:7"])
async def test_no_pass_but_a_trainers_opens_or_ends_a_room(host: str) -> None:
    """The store refuses it, whatever a turn decides."""
    store, room = in_memory(), Shared("ABCD2345", "{}", NOON.replace(year=2027))
    kept = Pass("name", room.name, room.until, host=host)
    trainer = Pass("trainer", "", room.until, host=TRAINER)
    turns = (
        PassTurn("1", NOON, "trainer", lambda _, __: PassDecision(trainer)),
        PassTurn(
            "2",
            NOON,
            "trainer",
            lambda _, __: PassDecision(Pass("trainer", room.name, room.until, host=TRAINER), opens=room),
        ),
        PassTurn("3", NOON, "name", lambda _, __: PassDecision(kept, ends=True), room.name),
        PassTurn(
            "4",
            NOON,
            "name",
            lambda _, __: PassDecision(
                Pass("name", "WXYZ2345", room.until, host=host), opens=Shared("WXYZ2345", "{}", room.until)
            ),
        ),
    )

    *_, opening = await store.passes.turns(turns)

    assert isinstance(opening, Refused)
    assert await store.passes.room(room.name, NOON) == room
    assert await store.passes.room("WXYZ2345", NOON) is None
    await store.close()


@pytest.mark.parametrize(("role", "leads"), [(Role.TRAINER, True), (Role.PRACTITIONER, False)])
async def test_a_trainer_who_signed_in_has_a_console_that_knows_nothing_of_their_account(
    around: Surroundings, role: Role, *, leads: bool
) -> None:
    serving, words = made(around), guest_words(WORDING)
    await let_in(serving, [KIM], role=role, now=around.now())
    talk, mark = serving.conversation, partial(serving.keys.lasting, "card")
    rooms = room_inbox(talk, serving.store, mark=mark, address=ORIGIN)
    pages = Pages(talk, serving.badges, front_of(talk), serving.inbox_now)
    routes = room_routes(serving.site, words, inbox=lambda: rooms, bar=Bar, may_lead=pages.may_lead)
    async with listening(Gatekeeper(serving.site, words), (*pages.routes(), *routes), grace=AT_ONCE) as port:
        trainer = RoomBrowser(port, "/")
        trainer.cookies = {BADGE: KIM.removeprefix("web:")}
        await trainer.open()
        form = {"nonce": trainer.page.nonce, "command": "room"}
        assert ('formaction="/trainer"' in trainer.answer.text) is leads

        trainer.path, trainer.cookies[SCREEN] = "/trainer", "0" * 64
        await trainer.post({**form, "nonce": "forged"})
        assert CONSOLE not in trainer.cookies
        await trainer.post(form)
        await trainer.open("/trainer")

        assert (CONSOLE in trainer.cookies) is leads
        assert (SCREEN in trainer.cookies) is not leads, "an earlier room's screen does not hide the new room's"
        assert ("First in, last out" in trainer.answer.text) is leads
        view = await rooms.view(trainer.cookies.get(CONSOLE, ""))
        assert (view is not None) is leads
        assert "kim" not in str(view and (view.kept.host, view.kept.text))
        await trainer.open("/")
        assert (CONSOLE in trainer.cookies) is leads, "going back to the bot leaves the console open"
    await serving.store.close()
