"""A requested summary can be saved from a link while its page is open, and no longer."""

from dataclasses import replace

from bot.conversation.records import with_session
from bot.storage.values import Decision, Inbound, OwedDocument, Record
from tests.bot.channels.web.entrance.test_coming_in import admitted
from tests.bot.channels.web.entrance.test_going_out import thief
from tests.support.talk.summaries import ALL, WORST, finished
from tests.support.web.signing_in import House

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
