"""Tests of a room's screen: its link opens once, and it counts people live, compares answers and names nobody."""

import asyncio
import json
import re
from html import unescape

import pytest

from bot.channels.web.rooms.guests import CONSOLE, SCREEN
from dialogs.rehearsal.guest.slides import CHOSEN
from seraf.rehearsal.critical_actions import Critical
from tests.support.shipped import PACK, at
from tests.support.talk.gathering import Reader, quick
from tests.support.web.rooming import RoomBrowser, RoomHost, Rooming, joined
from tests.support.web.wire import HOST, read_head

NOON = at("2026-03-04T10:20").at
GROUP = 10


async def opened(rooming: Rooming, host: RoomHost) -> RoomBrowser:
    screen = RoomBrowser(rooming.port, await host.screen())
    await screen.open()
    await screen.press("Open the screen")
    return screen


async def onward(screen: RoomBrowser) -> bool:
    found = next((each.attributes["href"] for each in screen.page.links if each.attributes.get("rel") == "next"), "")
    if found:
        await screen.open(found)
    return bool(found)


async def slides(screen: RoomBrowser) -> list[str]:
    found = [screen.answer.text]
    while await onward(screen):
        found.append(screen.answer.text)
    return found


async def event(screen: RoomBrowser) -> dict[str, str]:
    """Return the data of the first event that the screen's stream sends."""
    reader, writer = await asyncio.open_connection("127.0.0.1", screen.wire.port)
    writer.write(
        f"GET /screen/events HTTP/1.1\r\nHost: {HOST}\r\nCookie: {SCREEN}={screen.cookies[SCREEN]}\r\n\r\n".encode()
    )
    status, _ = await read_head(reader)
    assert status == 200
    said = await asyncio.wait_for(reader.readuntil(b"\n\n"), 5)
    writer.close()
    found: dict[str, str] = json.loads(said[said.index(b"{") : said.rindex(b"}") + 1])
    return found


async def test_a_link_opens_one_screen_and_looking_at_it_opens_none(rooming: Rooming) -> None:
    host = rooming.host
    await host.opened()
    path = await host.screen()
    preview, trainer, late = (RoomBrowser(rooming.port, path) for _ in range(3))

    for each in (preview, trainer, late):
        await each.open()
        assert each.labels == ["Open the screen"]
        assert not each.cookies
    await trainer.press("Open the screen")
    await late.press("Open the screen")

    assert trainer.path == "/screen"
    assert "Scan this, or go to" in trainer.text
    assert re.search(r"put in this code:</p>\s*<p class=code>", trainer.answer.text)
    assert late.answer.status == 410
    assert not late.cookies
    assert await host.screen() != path


@pytest.mark.parametrize("token", ["", "x", "WRONG2345WRONG", "%C3%A9"])
async def test_a_guess_opens_nothing(rooming: Rooming, token: str) -> None:
    code = await rooming.host.opened()
    guess = RoomBrowser(rooming.port, f"/screen/{code}/{token or 'none'}")

    await guess.open()
    await guess.press("Open the screen")

    assert guess.answer.status == 410


async def test_only_who_holds_the_pass_sees_a_slide(rooming: Rooming) -> None:
    host = rooming.host
    code = await host.opened()
    guest = await joined(rooming, code)
    value = next(iter(guest.cookies.values()))
    stranger = RoomBrowser(rooming.port, "/screen")

    for cookies in ({}, {SCREEN: value}, {SCREEN: "0" * 64}):
        stranger.cookies = dict(cookies)
        for path, status in (
            ("/screen", 404),
            ("/screen/events", 204),
            ("/screen/qr.png", 404),
        ):
            await stranger.open(path)
            assert stranger.answer.status == status


async def test_a_screen_keeps_asking_while_the_store_cannot_be_reached(rooming: Rooming) -> None:
    await rooming.host.opened()
    screen = await opened(rooming, rooming.host)
    rooming.is_open = False

    await screen.open("/screen/events")

    assert screen.answer.status == 503


async def test_while_it_is_open_it_shows_how_to_join_the_story_and_counts(rooming: Rooming) -> None:
    host = rooming.host
    code = await host.opened()
    screen = await opened(rooming, host)

    first = screen.answer.text
    shown = await slides(screen)
    quiet = await event(screen)
    guest = await joined(rooming, code)
    await guest.finish(Reader(0), until="Past 6 months")
    live = await event(screen)

    assert f"{code[:4]}-{code[4:]}" in first
    assert "REHEARSAL" in first
    assert all("REHEARSAL" in each for each in shown)
    assert [word for word in ("part 1 of", "How many have answered each item") if word not in "".join(shown)] == []
    assert (quiet["people"][:1], live["people"][:1]) == ("0", "1")
    assert (quiet["item-1"], live["item-1"]) == ("0", "1")
    await screen.open("/screen/qr.png")
    assert screen.answer.body.startswith(b"\x89PNG")


async def test_once_it_is_closed_it_compares_one_thing_at_a_time(rooming: Rooming) -> None:
    host = rooming.host
    code = await host.opened()
    screen = await opened(rooming, host)
    for number in range(GROUP):
        await (await joined(rooming, code)).finish(quick(number))
    await host.press("End the room", "Close and compare")

    await screen.open("/screen?slide=open-2")
    shown = await slides(screen)

    assert f"{GROUP} of {GROUP}" in shown[0]
    assert "Model answer" not in shown[0]
    whole = "".join(shown)
    places = [whole.find(words) for words in ("Danger now", "What stands out", "To talk about at the end")]
    assert -1 not in places
    assert sorted(places) == places
    assert "<svg" in whole
    assert "BRISK OTTER" not in whole


async def test_it_asks_shows_and_talks_before_anything_of_the_model_answer_which_opens_for_all_at_once(
    rooming: Rooming,
) -> None:
    """Each topic has four slides. A closed answer keeps its place, so that no number of a slide changes when it opens."""
    host = rooming.host
    code = await host.opened()
    screen = await opened(rooming, host)
    for number in range(GROUP):
        await (await joined(rooming, code)).finish(quick(number))
    await host.press("End the room", "Close and compare")
    await screen.open("/screen")

    held = [unescape(each) for each in await slides(screen)]
    await host.press("Open model answers")
    await screen.open("/screen")
    shown = [unescape(each) for each in await slides(screen)]

    key = next(each for each in PACK.vignettes if each.title in shown[0]).key
    asking = [number for number, each in enumerate(shown) if "Two minutes in pairs" in each]
    because = [each.because for each in key.keyed if each.because]
    given_away = [*because, *(each.cites for each in key.keyed if each.cites), "Model answer:", "in line", "missed it"]
    assert len(asking) == len(Critical) + CHOSEN
    assert len(held) == len(shown)
    assert [words for words in given_away for each in held if words in each] == []
    for number in asking:
        question, bars, talk, reveal = shown[number : number + 4]
        assert "<svg" not in question
        assert [each for each in given_away for told in (question, bars, talk) if each in told] == []
        assert "Model answer:" in reveal
        assert "The model answers are closed" in held[number + 3]


async def test_it_changes_nothing_and_ends_when_its_host_leaves(rooming: Rooming) -> None:
    host = rooming.host
    await host.opened()
    screen = await opened(rooming, host)
    before = await rooming.store.everyone()

    for slide in await slides(screen):
        assert "<form" not in slide
        assert "<button" not in slide
    assert await rooming.store.everyone() == before
    await host.press("End the room", "Close and compare", "Leave", "Leave")
    await screen.open("/screen")

    assert "This room is over." in screen.text
    assert (await event(screen))["phase"] == "over"


async def test_another_room_of_the_same_host_is_not_shown(rooming: Rooming) -> None:
    host = rooming.host
    await host.opened()
    screen = await opened(rooming, host)
    await host.press("End the room", "Close and compare", "Leave", "Leave")
    await host.opened("Case 1")

    await screen.open("/screen")

    assert "This room is over." in screen.text


async def test_beside_a_console_a_screen_shows_its_own_room_until_that_is_over(rooming: Rooming) -> None:
    host = rooming.host
    code, (console, admitted) = await host.opened(), await rooming.inbox.admit("a form", case="teo")
    assert admitted.kept is not None
    screen, led = RoomBrowser(rooming.port, await host.screen()), admitted.kept.room
    screen.cookies = {CONSOLE: console}

    await screen.open()
    await screen.press("Open the screen")
    own = screen.text
    await host.press("End the room", "Close and compare", "Leave", "Leave")
    await screen.open("/screen")

    assert f"{code[:4]}-{code[4:]}" in own
    assert f"{led[:4]}-{led[4:]}" in screen.text
