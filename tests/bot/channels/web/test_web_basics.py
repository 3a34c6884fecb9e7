"""Tests of a card as a page: the focus, telephone numbers, announced choices, and forms that count once."""

from collections.abc import Sequence

import pytest

from bot.crypto.sealing import KeyRing
from bot.runtime.errors import StoreUnavailable
from bot.storage.sqlite.memory import in_memory
from bot.storage.store import Store
from bot.storage.values import Inbound, Outcome
from bot.watch.meter import METER, Meter, meter
from tests.bot.channels.web.conftest import REFERENCE
from tests.support.shipped import WORDING
from tests.support.walks.clock import Surroundings
from tests.support.web.browser import Browser
from tests.support.web.serving import SAM, Serving, let_in, made

FORBIDS = {
    "content-security-policy": (
        *("default-src 'none'", "style-src 'self'", "script-src 'self'", "img-src 'self'", "connect-src 'self'"),
        *("form-action 'self'", "frame-ancestors 'none'", "base-uri 'none'"),
        *("require-trusted-types-for 'script'", "trusted-types 'none'"),
    ),
    "cross-origin-opener-policy": ("same-origin",),
    "cross-origin-resource-policy": ("same-origin",),
    "x-content-type-options": ("nosniff",),
    "x-frame-options": ("DENY",),
    "x-robots-tag": ("noindex",),
    "strict-transport-security": ("max-age=63072000",),
}
"""For each security header, the parts of its value that every answer must contain."""

CLOSED = {"camera", "microphone", "geolocation", "display-capture", "usb", "serial", "payment", "idle-detection"}
"""Some of the browser features that no page may use."""


async def begun(browser: Browser) -> None:
    await browser.press("Start")
    await browser.press("School")


async def test_a_card_is_a_page_with_one_heading_that_takes_the_focus(sam: Browser) -> None:
    await begun(sam)

    headings = [attributes for element, attributes in sam.page.elements if element == "h1"]
    assert sam.page.heading.startswith("Right now, as far as you know")
    assert [("autofocus" in each, each["tabindex"]) for each in headings] == [(True, "-1")]


async def test_a_passing_message_describes_the_heading_and_is_shown_once(sam: Browser) -> None:
    await begun(sam)
    await sam.command("nonsense")

    assert sam.page.said == "That cannot be done here."
    assert next(each for name, each in sam.page.elements if name == "h1")["aria-describedby"] == "said"
    await sam.open()
    assert sam.page.said == ""


async def test_the_chosen_answer_is_announced_as_pressed(sam: Browser) -> None:
    await begun(sam)
    await sam.press("Neither")

    await sam.press("Back")

    pressed = {each.words: each.is_pressed for each in sam.page.buttons if "aria-pressed" in each.attributes}
    assert [words for words, is_pressed in pressed.items() if is_pressed] == ["Neither ✓"]
    assert pressed["Missing"] is False
    await sam.press("Back")
    assert [each.words for each in sam.page.boxes if "checked" in each.attributes] == ["School ✓"]


async def test_numbers_ring_on_every_page(sam: Browser) -> None:
    await begun(sam)

    links = {each.words: each.attributes["href"] for each in sam.page.links if each.node.is_in("nav")}
    assert links == {
        "999": "tel:999",
        "101": "tel:101",
        "01454 866000": "tel:+441454866000",
        "01454 615165": "tel:+441454615165",
    }


async def test_two_buttons_of_one_page_count_both(serving: Serving, sam: Browser) -> None:
    nonce = sam.page.nonce
    await sam.send_on({"nonce": nonce, "press": "0:g:start"})
    await sam.send_on({"nonce": nonce, "press": "1:s:school"})
    await sam.send({"nonce": nonce, "press": "0:o:help:"})

    assert sam.page.heading.startswith("Right now, as far as you know")
    assert sam.page.said == WORDING.say("toast.stale")


@pytest.mark.parametrize("path", ["/", "/s.css", "/s.js", "/events", "/nowhere", "/document/pdf", "/favicon.ico"])
async def test_every_answer_forbids_what_is_foreign(sam: Browser, path: str) -> None:
    wire = sam.wire
    answer = await wire.get(path, {"Cookie": "badge=gone.", "Sec-Fetch-Site": "none"} if path == "/events" else {})

    headers = answer.headers
    assert {name: tuple(headers[name].split("; ")) for name in FORBIDS} == FORBIDS
    features = dict(each.split("=") for each in headers["permissions-policy"].split(", "))
    assert features.keys() >= CLOSED
    assert set(features.values()) == {"()"}
    assert headers["referrer-policy"] == ("no-referrer" if answer.status == 404 else "same-origin")
    assert headers["cache-control"] == ("no-cache" if path.startswith("/s.") else "no-store")
    assert "set-cookie" not in headers


async def test_nothing_of_a_case_is_in_an_address_or_a_title(sam: Browser) -> None:
    await begun(sam)

    assert (sam.page.title, sam.answer.headers.get("location")) == (f"{sam.page.heading} – SERAF", None)  # asked of all
    assert REFERENCE in sam.answer.text
    targets = [value for _, each in sam.page.elements for name, value in each.items() if name in ("href", "action")]
    assert {each.partition("?")[0] for each in targets if not each.startswith("tel:")} == {"/", "/s.css", "#numbers"}


async def test_a_page_that_was_not_found_shows_an_error_id_and_nothing_else(sam: Browser) -> None:
    answer = await sam.wire.get("/<script>alert(1)</script>")

    assert answer.status == 404
    assert "alert" not in answer.text
    assert "Error " in answer.text


async def test_hiding_leaves_a_blank_page_that_is_locked(sam: Browser) -> None:
    await begun(sam)

    await sam.press("Hide")
    assert not sam.page.text.strip()
    assert [each.words for each in sam.page.buttons] == ["Go on"]

    await sam.press("Go on")
    assert sam.page.heading == "Locked"
    assert REFERENCE not in sam.answer.text


async def test_without_a_store_everybody_is_shown_whom_to_call(serving: Serving, sam: Browser) -> None:
    await begun(sam)
    serving.is_open = False

    await sam.send({"nonce": sam.page.nonce, "press": "1:s:school"})

    assert sam.answer.status == 503
    assert "999" in {each.words for each in sam.page.links}
    assert REFERENCE not in sam.answer.text
    stranger = Browser(serving.port, badge="")
    assert "999" in {each.words for each in (await stranger.open()).links}
    await stranger.close()


@pytest.mark.parametrize("hours", [13, -13])
async def test_a_page_that_is_half_a_day_old_changes_nothing(
    serving: Serving, sam: Browser, around: Surroundings, hours: int
) -> None:
    await begun(sam)
    around.pass_seconds(hours * 3600)
    before = await serving.store.recall(SAM)

    await sam.press("Neither")

    assert sam.page.said == "That page was open for too long. This is what counts now."
    assert await serving.store.recall(SAM) == before


class FailingStore(Store):
    """A store that refuses every turn while `fails` is true."""

    fails = False

    async def turns(self, inbounds: Sequence[Inbound]) -> tuple[Outcome, ...]:
        if self.fails:
            raise StoreUnavailable("the disk is full")
        return await super().turns(inbounds)


async def test_the_bot_reports_whether_turns_of_pages_are_stored(around: Surroundings) -> None:
    METER.set(Meter())
    keys, house = KeyRing.fresh(), made(around)
    store = FailingStore(in_memory(keys)._engine, keys)  # noqa: SLF001
    house = Serving(store, house.conversation, house.keys)
    await let_in(house, [SAM], now=around.now())
    async with house.listening():
        sam, said = Browser(house.port), []
        for store.fails in (True, False):
            await sam.open()
            await sam.command("start")
            said.append(meter().is_keeping)
        await sam.close()

    assert said == [False, True]


async def test_somebody_who_was_not_admitted_sees_whom_to_call_and_where_a_code_goes(serving: Serving) -> None:
    kim = Browser(serving.port, badge="kim")

    await kim.open()

    assert kim.page.heading == "No access yet"
    assert {"999", "01454 866000"} <= {each.words for each in kim.page.links}
    assert [each.words for each in kim.page.buttons] == ["Come in"]
    await kim.press("Come in")
    assert await serving.store.recall("web:kim") is None
    await kim.close()
