"""A summary that somebody asked for is saved from a link: for them alone, while their page is open, and kept nowhere on the way."""

from dataclasses import replace

from bot.conversation.records import with_session
from bot.storage.values import Decision, Inbound, OwedDocument, Record
from tests.bot.channels.web.entrance.test_coming_in import admitted
from tests.bot.channels.web.entrance.test_going_out import thief
from tests.support.talk.summaries import ALL, WORST, finished
from tests.support.web.signing_in import Browser, House

PATH = "/document/text"
REFERENCE = "BRISK OTTER 41"


async def at_the_result(house: House) -> Browser:
    """Somebody who is signed in, and has asked for the text of a summary."""
    browser, now = await admitted(house), house.around.now()
    session = finished(WORST, ALL)

    def ask(record: Record, _: object = None) -> Decision:
        after = with_session(record, replace(session, card=record.card + 1))
        return Decision(after, (), (OwedDocument(record.person, REFERENCE, "text", now),))

    await house.serving.store.turns([Inbound("ask", now, house.person, ask, None)])
    return browser


async def test_it_comes_as_a_file_that_no_browser_keeps(house: House) -> None:
    """By a link on the page; its name is that of the case, and nothing of it is in the address."""
    browser = await at_the_result(house)
    assert f'href="{PATH}"' in (await browser.get("/")).text

    answer = await browser.get(PATH)

    assert answer.status == 200
    assert REFERENCE in answer.text
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["Content-Disposition"].startswith("attachment;")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


async def test_nobody_else_gets_it(house: House) -> None:
    """Neither somebody else who is signed in, nor nobody; nor another kind than was asked for."""
    browser = await at_the_result(house)
    house.there.subject, house.there.sid = "bea", "sid-2"
    hers = await admitted(house)

    for each, path in ((hers, PATH), (house.browser(), PATH), (browser, "/document/pdf"), (browser, "/document/x")):
        answer = await each.get(path)
        assert (answer.status, REFERENCE in answer.text) == (303, False)


async def test_a_stolen_cookie_gets_it_no_more_after_signing_out(house: House) -> None:
    """Nor does anybody while the page is locked."""
    browser = await at_the_result(house)
    stolen = thief(house, browser)
    house.around.pass_seconds(11 * 60)
    assert (await stolen.get(PATH)).status == 303
    house.around.pass_seconds(-11 * 60)
    assert (await stolen.get(PATH)).status == 200

    await browser.post("/sign-out", {})

    answer = await stolen.get(PATH)
    assert (answer.status, REFERENCE in answer.text) == (303, False)
