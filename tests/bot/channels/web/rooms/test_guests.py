"""Tests of guests of a room: opening its link takes no seat, one tap joins, and the guest's pass ends with the room."""

from datetime import timedelta

from bot.channels.web.rooms.guests import GUEST
from bot.storage.passes import LINGERS
from dialogs.rehearsal.core.rooms import Room, decode_room
from tests.support.shipped import at
from tests.support.talk.gathering import Reader, next_label, quick
from tests.support.web.rooming import PAGED, RoomBrowser, Rooming, joined, joining

NOON = at("2026-03-04T10:20").at


async def room_of(rooming: Rooming, code: str) -> Room:
    shared = await rooming.store.passes.room(code, rooming.around.now())
    room = None if shared is None else decode_room(shared.text)
    assert room is not None
    return room


async def test_looking_takes_no_seat_and_leaves_no_cookie(rooming: Rooming) -> None:
    code = await rooming.host.opened()
    browser = joining(rooming, code)

    for path in (f"/room/{code}", f"/room/{code.lower()}", f"/room/{code[:4]}-{code[4:]}"):
        await browser.open(path)
        assert browser.labels == ["Join"]
        assert "You are asked to rehearse this in a room" in browser.text
        assert "talk to your manager" in browser.text
        assert "set-cookie" not in browser.answer.headers
    assert (await room_of(rooming, code)).seats == ()


async def test_a_room_is_open_for_a_day_however_late_something_is_done_in_it(rooming: Rooming) -> None:
    code = await rooming.host.opened()
    rooming.around.pass_seconds(23 * 60 * 60)

    await joined(rooming, code)
    await rooming.host.screen()

    shared = await rooming.store.passes.room(code, rooming.around.now())
    assert shared is not None
    assert shared.until == NOON + timedelta(days=1)


async def test_one_tap_joins_and_the_same_form_sent_twice_takes_one_seat(rooming: Rooming) -> None:
    code = await rooming.host.opened()
    browser = await joined(rooming, code)
    held = browser.cookies[GUEST]

    again = RoomBrowser(rooming.port, f"/room/{code}")
    await again.send(browser.sent)

    assert "Now answer as you would at work." in browser.text
    assert again.cookies[GUEST] == held
    assert len((await room_of(rooming, code)).seats) == 1


async def test_somebody_who_holds_a_seat_finds_it_again(rooming: Rooming) -> None:
    code = await rooming.host.opened()
    browser = await joined(rooming, code)
    await browser.press("Start the SERAF")

    await browser.open(f"/room/{code}")
    assert "What is your role?" in browser.text
    held, browser.cookies = browser.cookies, {}
    await browser.open()
    browser.cookies = held
    await browser.press("Join")

    assert "What is your role?" in browser.text
    assert len((await room_of(rooming, code)).seats) == 1


async def test_the_cookie_is_for_this_site_alone_and_ends_with_the_room(rooming: Rooming) -> None:
    code = await rooming.host.opened()
    browser = joining(rooming, code)
    await browser.open()
    browser.answer = await browser.wire.post(
        browser.path, {"nonce": browser.page.nonce, "join": "join"}, {"Sec-Fetch-Site": "same-origin"}
    )

    attributes = {each.strip().lower() for each in browser.answer.headers["set-cookie"].split(";")[1:]}
    assert {"httponly", "secure", "samesite=strict", "path=/"} <= attributes
    assert f"max-age={24 * 3600}" in attributes


async def test_a_wrong_code_is_reported_as_no_open_room(rooming: Rooming) -> None:
    code = await rooming.host.opened()
    browser = RoomBrowser(rooming.port, "/room")
    await browser.open()

    await browser.send({"code": "WRNG-2345"})
    assert (browser.answer.status, browser.path) == (404, "/room/WRNG2345")
    await browser.open("/room")
    await browser.send({"code": "short"})
    assert "is open under that code" in browser.text
    await browser.send({"code": code.lower()})
    assert browser.labels == ["Join"]


async def test_a_guest_who_leaves_is_forgotten_unless_they_were_counted(rooming: Rooming) -> None:
    code = await rooming.host.opened()
    browser, done = await joined(rooming, code), await joined(rooming, code)
    name = browser.cookies[GUEST]

    await browser.press("Leave")
    assert "You have left the rehearsal." in browser.text
    assert GUEST not in browser.cookies
    assert await rooming.store.passes.view(name, NOON) is None
    await done.finish(quick(0))
    await done.press("Leave", "Leave")
    assert "You can close this page." in done.text
    assert "join again" not in done.text
    await done.open(f"/room/{code}")

    assert "You have rehearsed in that room" in done.text
    assert len((await room_of(rooming, code)).seats) == 1


async def test_the_answers_open_with_the_key_and_the_pass_ends_an_hour_later(rooming: Rooming) -> None:
    host = rooming.host
    code = await host.opened()
    browser = await joined(rooming, code)
    await browser.finish(quick(0))
    await browser.press("My answers")
    assert "Your answers are counted." in browser.text

    await host.press("End the room", "Close and compare", "Open model answers")
    await browser.open()
    assert "once you are told that they are open" in browser.text
    assert not any(claim in browser.text for claim in ("still answering", "not open"))
    await browser.press("My answers")

    assert "critical actions" in browser.text.lower()
    assert not {"Next case", "My progress", "Course picture"} & {*browser.labels}
    rooming.around.pass_seconds((LINGERS - timedelta(seconds=1)).total_seconds())
    await browser.open()
    assert "critical actions" in browser.text.lower()
    rooming.around.pass_seconds(1)
    await browser.open()
    assert "is open under that code" in browser.text
    assert await rooming.store.write(lambda t: t.passes.forget_expired(rooming.around.now())) == 1


async def test_a_form_of_another_guest_or_of_another_day_does_nothing(rooming: Rooming) -> None:
    code = await rooming.host.opened()
    one, other = await joined(rooming, code), await joined(rooming, code)
    press = one.page.widget("Start the SERAF").attributes["value"]

    await other.send({"nonce": one.page.nonce, "press": press})
    assert "Now answer as you would at work." in other.text
    assert "That page was open for too long" in other.text
    rooming.around.pass_seconds(13 * 3600)
    await one.press("Start the SERAF")
    assert "Now answer as you would at work." in one.text


async def test_without_a_store_guests_are_asked_to_wait(rooming: Rooming) -> None:
    code = await rooming.host.opened()
    browser = await joined(rooming, code)
    rooming.is_open = False

    await browser.press("Start the SERAF")

    assert browser.answer.status == 503
    assert "Nothing can be saved just now" in browser.text


async def test_no_number_stands_on_a_page_of_a_rehearsal_but_where_a_real_child_is_asked_about(
    rooming: Rooming,
) -> None:
    code = await rooming.host.opened()
    browser, reads = await joined(rooming, code), Reader(0)
    pages = [browser.answer.text]
    while "My answers" not in browser.labels:
        await browser.press(PAGED.get(label := next_label(browser.text, browser.choices, reads), label))
        pages.append(browser.answer.text)

    assert len(pages) > 40
    assert not [each for each in pages if "tel:" in each]
    assert all("class=stripe" in each for each in pages)
    await browser.press("Real child? Urgent numbers")
    assert "href=tel:999" in browser.answer.text
    assert "Real numbers: for a real child only." in browser.text


async def test_ticks_without_an_answer_about_the_rest_come_back(rooming: Rooming) -> None:
    code = await rooming.host.opened()
    browser, reads = await joined(rooming, code), Reader(0)
    while not any(each.attributes.get("name") == "tick-1" for each in browser.page.fields):
        await browser.press(PAGED.get(label := next_label(browser.text, browser.choices, reads), label))
    (token,) = [each.attributes["value"] for each in browser.page.fields if each.attributes.get("name") == "ticks"]

    await browser.send({"nonce": browser.page.nonce, "ticks": token, "tick-1": "1"})

    assert browser.answer.status == 200
    assert "none of the others applies, or you do not know about them" in browser.answer.text
    ticked = [each.attributes["name"] for each in browser.page.boxes if "checked" in each.attributes]
    assert ticked == ["tick-1"]


async def test_a_real_child_is_not_forgotten_before_somebody_joins(rooming: Rooming) -> None:
    code = await rooming.host.opened()
    browser = RoomBrowser(rooming.port, "/room")

    for path in ("/room", f"/room/{code}", "/room/WRNG2345"):
        await browser.open(path)
        assert "Real child? Urgent numbers" in browser.text
        assert browser.page.numbers[0] == "999"


async def test_a_debrief_is_one_page_whose_critical_actions_come_first(rooming: Rooming) -> None:
    code = await rooming.host.opened()
    browser = await (await joined(rooming, code)).finish(quick(0))
    await rooming.host.press("End the room", "Close and compare", "Open model answers")

    await browser.open()
    await browser.press("My answers")

    headings = [each.words().strip() for each in browser.page.nodes if each.name == "h2"]
    assert (headings[0], headings[1], headings[-1]) == ("Critical actions", "These moved the category", "Afterwards")
    assert "critical action" in browser.page.heading.lower()
