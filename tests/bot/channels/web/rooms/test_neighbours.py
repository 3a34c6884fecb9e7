"""Tests of joining a room: limits on seats, freed seats, personal links, and how many must finish to see answers."""

import io
from collections.abc import AsyncIterator

import pytest
from pypdf import PdfReader

from bot.channels.web.guard import Buckets, Rate
from bot.channels.web.rooms.guests import GUEST
from dialogs.core.role import Role
from tests.bot.channels.web.rooms.test_guests import room_of
from tests.support.people.admitting import access, admit
from tests.support.shipped import at
from tests.support.talk.gathering import Reader, next_label, quick
from tests.support.walks.clock import Surroundings
from tests.support.web.rooming import RoomBrowser, RoomHost, Rooming, joined, joining

NOON = at("2026-03-04T10:20").at
WAIT = "Many people are joining at the moment."
FREED = "Whoever runs the room has freed your seat."
BY_LINK = "This room is joined by a link for one person."


def house_of(joins: Buckets | None = None, strangers: Buckets | None = None) -> Rooming:
    house = Rooming(Surroundings(NOON, "BRISK OTTER 41"))
    house.joins, house.strangers = joins or house.joins, strangers or house.strangers
    return house


@pytest.fixture
async def rooming() -> AsyncIterator[Rooming]:
    async with house_of().listening() as house:
        yield house


async def links(rooming: Rooming, code: str) -> list[str]:
    tickets = (await room_of(rooming, code)).tickets
    assert tickets is not None
    return [f"/room/{code}/{tickets.ticket(number)}" for number in range(1, tickets.count + 1)]


async def came(rooming: Rooming, path: str) -> RoomBrowser:
    browser = RoomBrowser(rooming.port, path)
    await browser.open()
    if "Join" in browser.labels:
        await browser.press("Join")
    return browser


async def press(rooming: Rooming, *labels: str) -> RoomHost:
    host = rooming.host
    if "Who can join" not in [each.label for each in (await host.card()).buttons]:
        await host.press("Back")
    return await host.press("Who can join", *labels)


async def colleague_in(rooming: Rooming, number: int = 0) -> RoomHost:
    colleague = RoomHost(rooming.store, rooming.conversation, f"telegram:{100 + number}")
    await admit(rooming.store, [colleague.person], access(rooming.keys, Role.PRACTITIONER, at=NOON))
    return colleague


async def goes_on(person: RoomHost, until: str, reads: Reader) -> None:
    while until not in (labels := [each.label for each in (await person.card()).buttons]):
        await person.press(next_label(await person.text(), labels, reads))


class TestSlowed:
    async def test_seats_are_taken_slowly_from_one_address(self) -> None:
        now = [0.0]
        async with house_of(joins=Buckets(Rate(at_once=3, a_second=0.5), lambda: now[0])).listening() as rooming:
            code = await rooming.host.opened()
            for _ in range(3):
                await joined(rooming, code)
            late, elsewhere = joining(rooming, code), joining(rooming, code)
            elsewhere.wire.source = "127.0.0.2"

            await late.open()
            await late.post({"nonce": late.page.nonce, "join": "join"})
            waits = late.answer.status, WAIT in late.text, late.labels, GUEST in late.cookies
            await elsewhere.open()
            await elsewhere.press("Join")
            now[0] += 2
            await late.press("Join")

            assert waits == (429, True, ["Join"], False)
            assert all("Now answer as you would at work." in each.text for each in (late, elsewhere))
            assert len((await room_of(rooming, code)).seats) == 5

    async def test_links_for_one_person_are_not_slowed_and_a_made_up_one_is(self) -> None:
        async with house_of(joins=Buckets(Rate(at_once=1, a_second=0))).listening() as rooming:
            code = await rooming.host.opened()
            await joined(rooming, code)
            made_up = RoomBrowser(rooming.port, f"/room/{code}/MADEUPMADE")
            await made_up.open()
            await made_up.post({"nonce": made_up.page.nonce, "join": "join"})
            await press(rooming, "12 links")
            browsers = [await came(rooming, path) for path in (await links(rooming, code))[:4]]

            assert made_up.answer.status == 429
            assert all("Now answer as you would at work." in each.text for each in browsers)

    async def test_a_browser_without_a_pass_is_a_stranger_whatever_it_sends(self) -> None:
        async with house_of(strangers=Buckets(Rate(at_once=6, a_second=0))).listening() as rooming:
            code = await rooming.host.opened()
            browser, statuses = joining(rooming, code), []
            await browser.open()
            nonce = browser.page.nonce

            for number in range(3):
                browser.cookies = {GUEST: f"{number:064}"}
                await browser.post({"nonce": "none", "press": "1:z:leave"})
                statuses.append(browser.answer.status)
            for _ in range(3):
                browser.cookies = {}
                await browser.post({"nonce": nonce, "join": "join"})
                statuses.append(browser.answer.status)

            assert statuses == [303, 303, 303, 303, 303, 429]

    async def test_a_pass_to_one_room_lifts_no_limit_on_guessing_another(self) -> None:
        async with house_of(strangers=Buckets(Rate(at_once=5, a_second=0))).listening() as rooming:
            code = await rooming.host.opened()
            browser = await joined(rooming, code)

            statuses = [(await browser.look(f"/room/GUESS{number:03}")).status for number in range(5)]

            assert statuses == [404, 404, 404, 429, 429]
            assert (await browser.look(f"/room/{code}")).status == 200

    async def test_guesses_at_the_link_of_a_screen_are_limited_too(self) -> None:
        async with house_of(strangers=Buckets(Rate(at_once=3, a_second=0))).listening() as rooming:
            code = await rooming.host.opened()
            browser = RoomBrowser(rooming.port, f"/screen/{code}/GUESS")
            await browser.open()
            nonce = browser.page.nonce

            statuses = []
            for _ in range(3):
                await browser.post({"nonce": nonce, "open": "open"})
                statuses.append(browser.answer.status)

            assert statuses == [410, 410, 429]

    async def test_a_press_with_a_pass_to_another_room_counts_for_nothing(self, rooming: Rooming) -> None:
        other = RoomHost(rooming.store, rooming.conversation, "telegram:8")
        await admit(rooming.store, [other.person], access(rooming.keys, Role.TRAINER, at=NOON))
        code, second = await rooming.host.opened(), await other.opened()
        browser = await joined(rooming, code)
        pressed = next(each.attributes["value"] for each in browser.page.buttons if each.words == "Start the SERAF")

        async def kept() -> tuple[object, ...]:
            rooms = [await room_of(rooming, each) for each in (code, second)]
            return (await rooming.store.passes.view(browser.cookies[GUEST], NOON), *rooms)

        before, browser.path = await kept(), f"/room/{second}"
        await browser.post({"nonce": browser.page.nonce, "press": pressed})

        assert await kept() == before
        await browser.open(f"/room/{code}")
        assert "Now answer as you would at work." in browser.text


class TestSeats:
    async def test_unused_seats_are_seen_freed_and_taken_again(self, rooming: Rooming) -> None:
        code = await rooming.host.opened()
        unused, begun, done = [await joined(rooming, code) for _ in range(3)]
        await begun.finish(Reader(0), until="Past 6 months")
        await done.finish(quick(0))

        seen = await (await press(rooming)).text()
        await press(rooming, "Free unused seats")
        freed = await room_of(rooming, code)
        await unused.press("Start the SERAF")
        result = unused.text, unused.labels, GUEST in unused.cookies
        await unused.press("Join")
        await begun.finish(quick(0))

        assert "Seats taken, but not started: 1." in seen
        assert len(freed.seats) == 2
        assert (FREED in result[0], *result[1:]) == (True, ["Join"], False)
        assert "Now answer as you would at work." in unused.text
        room = await room_of(rooming, code)
        assert (len(room.seats), len(room.finished)) == (3, 2)

    async def test_unfinished_seats_are_freed_and_finished_ones_stay(self, rooming: Rooming) -> None:
        colleague = await colleague_in(rooming)
        code = await rooming.host.opened()
        begun, done = [await joined(rooming, code) for _ in range(2)]
        await begun.finish(Reader(0), until="Past 6 months")
        await done.finish(quick(0))
        await colleague.command("join", code)
        await colleague.press("Join")
        await goes_on(colleague, "Past 6 months", Reader(0))

        await press(rooming, "Free unfinished")
        await colleague.press("Past 6 months")
        result = colleague.said
        await colleague.command("join", code)
        await colleague.press("Join")
        await begun.press("Past 6 months")

        assert result == "seat-freed"
        assert FREED in begun.text
        room = await room_of(rooming, code)
        assert (len(room.seats), len(room.finished)) == (2, 1)

    async def test_a_room_that_neighbours_filled_is_opened_again(self, rooming: Rooming) -> None:
        code = await rooming.host.opened()
        for _ in range(60):
            await joined(rooming, code)
        full = await came(rooming, f"/room/{code}")

        await press(rooming, "Free unused seats")
        late = await came(rooming, f"/room/{code}")

        assert "full" in full.text
        assert "Now answer as you would at work." in late.text
        assert len((await room_of(rooming, code)).seats) == 1

    async def test_the_host_closes_and_reopens_the_room_for_joining(self, rooming: Rooming) -> None:
        colleague = await colleague_in(rooming)
        code = await rooming.host.opened()
        first = await joined(rooming, code)

        await press(rooming, "Nobody else")
        late = await came(rooming, f"/room/{code}")
        await colleague.command("join", code)
        await first.press("Start the SERAF")
        await press(rooming, "Anyone with the code")
        again = await came(rooming, f"/room/{code}")

        assert "full or closed" in late.text
        assert colleague.said == "room-full"
        assert "What is your role?" in first.text
        assert "Now answer as you would at work." in again.text


class TestLinks:
    async def test_a_sheet_has_a_link_for_each_person_and_the_same_ones_again(self, rooming: Rooming) -> None:
        code = await rooming.host.opened()
        sheets = []
        for label in ("12 links", "24 links", "12 links"):
            host = await press(rooming, label)
            found = await rooming.store.recall(host.person)
            pending = (await rooming.store.read(lambda t: t.documents.owed()))[-1]
            file = rooming.conversation.document(found[0], pending) if found else None
            assert file is not None
            sheets.append([page.extract_text() for page in PdfReader(io.BytesIO(file.content)).pages])

        letters = [path.removeprefix("/room/").replace("/", "") for path in await links(rooming, code)]
        spoken = ["-".join(each[at : at + 4] for at in range(0, 18, 4)) for each in letters]
        assert [len(each) for each in sheets] == [1, 2, 2]
        assert [each for each in spoken[:12] if each not in sheets[0][0] or each not in sheets[1][0]] == []
        assert [each for each in spoken[12:] if each not in sheets[1][1]] == []

    async def test_a_link_takes_one_seat_and_the_code_alone_none(self, rooming: Rooming) -> None:
        colleague = await colleague_in(rooming)
        code = await rooming.host.opened()
        await press(rooming, "12 links")
        one, other, *_ = await links(rooming, code)

        preview = RoomBrowser(rooming.port, one)
        await preview.open()
        looked = len((await room_of(rooming, code)).seats)
        first, again = await came(rooming, one), await came(rooming, one)
        alone, made_up = await came(rooming, f"/room/{code}"), await came(rooming, f"/room/{code}/MADEUPMADE")
        typing = RoomBrowser(rooming.port, "/room")
        await typing.open()
        await typing.send({"code": other.removeprefix("/room/").lower().replace("/", "-")})
        await typing.press("Join")
        await colleague.command("join", code)
        await colleague.press("Join")

        assert (preview.labels, looked) == (["Join"], 0)
        assert all("Now answer as you would at work." in each.text for each in (first, typing))
        assert all(BY_LINK in each.text and GUEST not in each.cookies for each in (again, alone, made_up))
        assert sorted(each.ticket for each in (await room_of(rooming, code)).seats) == [0, 1, 2]

    async def test_a_guest_returns_by_their_link(self, rooming: Rooming) -> None:
        code = await rooming.host.opened()
        await press(rooming, "12 links")
        (path, *_) = await links(rooming, code)
        browser = await came(rooming, path)
        await browser.press("Start the SERAF")

        held, browser.cookies = browser.cookies, {}
        await browser.open(path)
        browser.cookies = held
        await browser.press("Join")
        back = browser.text
        await press(rooming, "Free unfinished")
        await browser.press("School")
        freed = browser.text
        browser = await came(rooming, path)
        await browser.press("Leave")
        again = await came(rooming, path)

        assert "What is your role?" in back
        assert all(words in freed for words in (FREED, BY_LINK))
        assert "Now answer as you would at work." in again.text
        assert len((await room_of(rooming, code)).seats) == 1


class TestShown:
    async def ended(self, rooming: Rooming, *, by_code: int = 0, by_link: int = 0, in_chats: int = 0) -> str:
        host, code = rooming.host, await rooming.host.opened()
        browsers = [await joined(rooming, code) for _ in range(by_code)]
        if by_link:
            await press(rooming, "12 links")
            browsers += [await came(rooming, path) for path in (await links(rooming, code))[:by_link]]
            await host.press("Back")
        for number, browser in enumerate(browsers):
            await browser.finish(quick(number))
        for number in range(in_chats):
            person = await colleague_in(rooming, number)
            await person.command("join", code)
            await person.press("Join")
            await goes_on(person, "My answers", quick(number))
        await host.press("End the room")
        asked = await host.text()
        await host.press("Close and compare")
        shown = await host.text()
        assert ("Fewer than" in asked) == ("In a group of fewer" in shown)
        return shown

    @pytest.mark.parametrize(
        ("by_code", "by_link", "in_chats", "is_shown"),
        [(9, 0, 0, False), (10, 0, 0, True), (0, 5, 0, True), (0, 0, 5, True), (1, 4, 1, False), (0, 3, 1, False)],
    )
    async def test_it_takes_ten_where_anybody_came_by_the_code_alone_and_else_five(
        self, rooming: Rooming, by_code: int, by_link: int, in_chats: int, is_shown: bool
    ) -> None:
        """In a group of five, a host who joined in four browsers would learn the answers of the one other person."""
        text = await self.ended(rooming, by_code=by_code, by_link=by_link, in_chats=in_chats)

        few = "ten" if by_code else "five"
        assert (f"In a group of fewer than {few}, no answers are shown." not in text) is is_shown
        assert ("critical action" in text.lower()) is is_shown

    async def test_a_guest_reads_what_the_host_could_find_out(self, rooming: Rooming) -> None:
        code = await rooming.host.opened()
        browser = joining(rooming, code)
        await browser.open()

        assert "once ten have finished" in browser.text
        assert "they know your answers" in browser.text
