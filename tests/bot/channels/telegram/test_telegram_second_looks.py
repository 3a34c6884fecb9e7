"""A second look through Telegram: two people, two chats, one bot."""

from dataclasses import replace
from random import Random

import pytest

from bot.access.account import Account, read_account, written
from bot.storage.values import Decide, Decision, Inbound, Record
from dialogs.core.teams import Member, Team, TeamPlace
from tests.fakes.telegram import Person
from tests.support.telegram.fixtures import a_home
from tests.support.telegram.home import KIM, SAM, Home
from tests.support.telegram.walker import Walker

home = a_home(roles={KIM: "manager"}, has_teams=True)
FINISHING = ("More", "Finish now", "Not known", "None of the others", "Continue", "Not sure")


@pytest.fixture
async def finished(running_bot: Home, sam: Person) -> Person:
    """Return Sam, whose SERAF is finished, with the action card on the screen."""
    store = await running_bot.opened()
    for person, label in ((SAM, "Sam Reid"), (KIM, "Dana Reid")):
        await store.turns([Inbound(label, running_bot.server.world.clock(), f"telegram:{person}", named(label), None)])
    team = Team("North", (Member("Sam "), Member("Dana", TeamPlace.MANAGES)))
    await store.write(lambda t: t.teams.keep(team))
    await store.close()
    await Walker(sam, Random(3)).begin(until_item=2)
    for label in FINISHING:
        await sam.press(label)
        await sam.settled()
    return sam


def named(label: str) -> Decide:
    """Return what gives a person an id and a label of their own."""

    def decide(record: Record, _: object) -> Decision:
        account = read_account(record.access)
        assert isinstance(account, Account)
        admission = replace(account.admission, name=label)
        return Decision(replace(record, access=written(replace(account, audit_id=label[:4], admission=admission))))

    return decide


async def pressed(person: Person, *labels: str) -> None:
    for label in labels:
        shown = [button.label for button in person.card.buttons]
        known = next(each for each in (label, *shown) if each in shown and each.startswith(label))
        await person.press(known)
        await person.settled()


async def test_a_colleague_is_rung_in_their_chat_reads_answers_and_raises_the_lead(
    running_bot: Home, finished: Person
) -> None:
    kim = running_bot.server.person(KIM, first_name="Kim")
    await kim.send("/start")
    await kim.settled()

    await pressed(finished, "More", "Ask somebody", "1 ", "Ask for a look")
    await kim.until(lambda: "asks you to look at a SERAF" in kim.card.text)
    await kim.settled()
    reference = finished.card.text.split(" · ")[0]
    assert ([message.text for message in kim.chat], "total" in kim.card.text) == ([kim.card.text], False)

    await pressed(kim, "Open it")
    assert f"{reference} · " in kim.card.text
    assert "total" in kim.card.text
    await pressed(kim, "How I see it", "More urgent", "999 now", "Yes", "Not known", "Continue", "Send it")
    await finished.until(lambda: "999" in finished.card.text)
    assert running_bot.server.violations == []


async def test_the_card_of_a_colleague_who_reads_is_replaced_once_the_case_is_erased(
    running_bot: Home, finished: Person
) -> None:
    kim = running_bot.server.person(KIM, first_name="Kim")
    await kim.send("/start")
    await kim.settled()
    await pressed(finished, "More", "Ask somebody", "1 ", "Ask for a look")
    await kim.until(lambda: "asks you to look at a SERAF" in kim.card.text)
    await pressed(kim, "Open it")

    await finished.send("/erase")
    await finished.settled()
    await pressed(finished, "Erase now")

    await kim.until(lambda: "is no longer here for you" in kim.card.text)
    assert all("total" not in message.text for message in kim.chat)
