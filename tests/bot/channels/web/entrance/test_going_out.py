"""Tests of signing out, by the person or by the provider: a stolen cookie opens nothing afterwards."""

from dataclasses import replace

import pytest

from bot.conversation.records import with_session
from bot.runtime.errors import StoreFault
from bot.storage.tables.admission import SignIns
from bot.storage.values import Decision, Inbound, OwedDocument, Record
from tests.bot.channels.web.entrance.test_coming_in import admitted
from tests.support.talk.summaries import ALL, WORST, finished
from tests.support.web.signing_in import Browser, House


async def is_in(browser: Browser) -> bool:
    page = await browser.get("/")
    assert page.status == 200
    return 'href="/sign-in"' not in page.text


def thief(house: House, browser: Browser) -> Browser:
    stolen = house.browser()
    stolen.jar = dict(browser.jar)
    return stolen


async def test_signing_out_closes_every_browser_of_that_person(house: House) -> None:
    browser, other = await admitted(house), await house.signed_in()
    earlier = thief(house, browser)
    await house.come_back(browser)
    stolen = thief(house, browser)
    assert await is_in(stolen)
    assert await is_in(earlier)
    house.there.subject, house.there.sid = "bea", "sid-2"
    hers = await admitted(house)
    house.there.subject = "ada"

    out = await browser.post("/sign-out", {})

    assert (out.status, out.headers["Location"]) == (303, "/signed-out")
    assert out.cookies["__Host-s"]["max-age"] == "0"
    for each in (browser, other, stolen, earlier):
        assert not await is_in(each)
    assert await is_in(hers)
    assert (await house.standing()).door.is_locked
    assert (await house.said())[-1] == "locked"


async def test_a_stolen_cookie_does_nothing_after_signing_out_either(house: House) -> None:
    browser = await admitted(house)
    stolen = thief(house, browser)
    await browser.post("/sign-out", {})
    before = await house.record()

    answers = [
        await stolen.post("/", {"nonce": "x", "command": "start"}),
        await stolen.get("/document/pdf"),
        await stolen.get("/events"),
        await stolen.post("/sign-out", {}),
    ]

    assert all(answer.status < 500 for answer in answers)
    assert await house.record() == before


async def test_the_way_out_of_the_organisations_sign_in_is_a_link(house: House) -> None:
    """The content security policy forbids a form to the provider. If the provider does not answer, there is no link."""
    page = await house.browser().get("/signed-out")
    assert f'href="{house.there.issuer}/leave?client_id=seraf&amp;' in page.text
    assert "<form" not in page.text


async def test_another_site_signs_nobody_out(house: House) -> None:
    browser = await admitted(house)

    for origin in ("https://other.example", "null", ""):
        assert (await browser.post("/sign-out", {}, origin=origin)).status == 403
    assert (await browser.get("/sign-out")).status == 405
    assert await is_in(browser)


@pytest.mark.parametrize("claims", [{"sid": "sid-1"}, {"sub": "ada"}, {"sub": "ada", "sid": "sid-1"}])
async def test_the_organisations_sign_in_ends_what_it_began(house: House, claims: dict[str, str]) -> None:
    browser = await admitted(house)
    house.there.sid = "sid-2"
    other = await house.signed_in()
    stolen = thief(house, browser)

    said = await house.browser().post(
        "/back-channel", {"logout_token": house.there.signer.logout_token(**claims)}, origin=""
    )

    assert (said.status, said.text, said.headers["Cache-Control"]) == (200, "", "no-store")
    assert not await is_in(browser)
    assert not await is_in(stolen)
    assert await is_in(other) == ("sid" in claims)


async def test_a_departure_is_of_one_person_alone(house: House) -> None:
    browser = await admitted(house)

    for claims in ({"sub": "bea"}, {"sid": "sid-9"}, {"sub": "bea", "sid": "sid-1"}):
        token = house.there.signer.logout_token(**claims)
        assert (await house.browser().post("/back-channel", {"logout_token": token}, origin="")).status == 200

    assert await is_in(browser)


async def test_a_departure_counts_once(house: House) -> None:
    token = house.there.signer.logout_token(sub="ada")
    browser = house.browser()
    assert (await browser.post("/back-channel", {"logout_token": token}, origin="")).status == 200
    signed_in = await admitted(house)

    again = await browser.post("/back-channel", {"logout_token": token}, origin="")

    assert (again.status, again.text) == (400, '{"error": "invalid_request"}')
    assert await is_in(signed_in)


async def test_a_departure_that_could_not_be_stored_is_accepted_when_it_is_repeated(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    browser = await admitted(house)
    token = {"logout_token": house.there.signer.logout_token(sub="ada")}

    def fail(*_: object) -> bool:
        raise StoreFault("full")

    with monkeypatch.context() as patch:
        patch.setattr(SignIns, "sign_off", fail)
        assert (await browser.post("/back-channel", token, origin="")).status == 503

    assert (await browser.post("/back-channel", token, origin="")).status == 200
    assert not await is_in(browser)


PATH = "/document/text"
REFERENCE = "BRISK OTTER 41"


async def test_a_stolen_cookie_gets_it_no_more_after_signing_out(house: House) -> None:
    browser, now = await admitted(house), house.around.now()
    session = finished(WORST, ALL)

    def ask(record: Record, _: object = None) -> Decision:
        after = with_session(record, replace(session, card=record.card + 1))
        return Decision(after, (), (OwedDocument(record.person, REFERENCE, "text", now),))

    await house.serving.store.turns([Inbound("ask", now, house.person, ask, None)])
    stolen = thief(house, browser)
    house.around.pass_seconds(11 * 60)
    assert (await stolen.get(PATH)).status == 303
    house.around.pass_seconds(-11 * 60)
    assert (await stolen.get(PATH)).status == 200

    await browser.post("/sign-out", {})

    answer = await stolen.get(PATH)
    assert (answer.status, REFERENCE in answer.text) == (303, False)
