"""An administrator asks about people: what is asked is kept first, and nobody else waits until everybody was looked up."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest

from bot.access.standing import Access, Removed, read_access
from bot.channels import event_inbox
from bot.channels.chat_lanes import ChatLanes
from bot.channels.event_inbox import EventInbox
from bot.channels.heard import Acted
from bot.channels.unsaved_answers import UnsavedAnswers
from bot.runtime.errors import StoreFault
from bot.storage.everybody import Everybody
from dialogs.core.events import Commanded, Event, Pressed
from dialogs.core.role import Role
from tests.support.people.looked_at import Room, Wall
from tests.support.people.staff import fresh, standing
from tests.support.people.visiting import START, Visitor

SOON = 0.02
LOOKING = "Looking everybody up"
SAM, BEA = standing("Sam"), standing("Bea", Role.MANAGER)
TIMES = (0.0, 3 * SOON)
"""How long everybody is looked up: shorter and longer than a card waits for it."""


class Answering(Wall):
    """A wall that takes down what was said to whoever tapped."""

    def __init__(self) -> None:
        super().__init__()
        self.said: list[str] = []

    async def answer(self, reply_to: str, text: str) -> None:
        """Say it."""
        self.said.append(text)


class Office:
    """An administrator called Ann and two people, in one store, of which everybody is looked up when it is let."""

    def __init__(self, ann: Visitor, sam: Visitor) -> None:
        self.ann, self.sam = ann, sam
        self.room = Room(ann)
        self.wall = self.room.wall = Answering()
        self.room.lanes = ChatLanes(ann.bot, self.wall, ann.store, str.encode)
        unsaved = UnsavedAnswers(ann.bot, self.wall)
        self.inbox = EventInbox(ann.bot, self.wall, self.room.lanes, store=ann.store, unsaved=unsaved)
        self.may_look, self.looks, self.fault = asyncio.Event(), 0, False
        self.may_look.set()
        self._everybody = ann.store.everybody
        ann.store.everybody = self._slowly  # type: ignore[method-assign, assignment]
        self._acts = 0

    async def _slowly(self, *asked: Any) -> Everybody[Any]:
        self.looks += 1
        found: Everybody[Any] = await self._everybody(*asked)
        await self.may_look.wait()
        if self.fault:
            raise StoreFault("The store is broken.")
        return found

    async def hear(self, visitor: Visitor, event: Event) -> Acted:
        """Let the bot hear an act."""
        self._acts += 1
        heard = Acted(f"act {self._acts}", visitor.person, event, reply_to=f"act {self._acts}")
        await self.inbox.take([heard])
        return heard

    async def command(self, name: str, words: str = "") -> Acted:
        """Ann types a command."""
        return await self.hear(self.ann, Commanded(self.ann.bot.occasion(), name, words))

    async def press(self, label: str) -> Acted:
        """Ann presses a button of her card as it is kept."""
        await fresh(self.ann)
        assert self.ann.card is not None
        (code,) = [each.code for each in self.ann.card.buttons if each.label == label]
        return await self.hear(self.ann, Pressed(self.ann.bot.occasion(), self.ann.record.card, code))

    async def settled(self) -> str:
        """Once all is done: what stands on Ann's wall, which is her card as it is kept."""
        await self.inbox.settle(5)
        await self.room.lanes.settle(5)
        await fresh(self.ann)
        assert self.ann.card == self.wall.cards[self.ann.person]
        return self.ann.text


@pytest.fixture
async def office(monkeypatch: pytest.MonkeyPatch) -> Office:
    """Ann, Sam and Bea."""
    monkeypatch.setattr(event_inbox, "LOOKS_FOR", SOON)
    ann = await Visitor("telegram:1").set(standing("Ann", Role.ADMIN))
    sam, bea = Visitor("telegram:2", beside=ann), Visitor("telegram:3", beside=ann)
    await sam.set(SAM)
    await bea.set(BEA)
    return Office(ann, sam)


async def test_what_comes_at_once_is_shown_at_once(office: Office) -> None:
    """Nobody sees that everybody was looked up; what was done is said to whoever tapped."""
    await office.command("people", "sam")
    assert "Practitioner. Let in until" in await office.settled()
    await office.press("Lock now")
    assert "Practitioner. Let in until" in await office.settled()

    assert office.wall.said == ["", "Locked. Their PIN opens it again."]
    assert office.wall.did == ["sent"]
    assert await office.ann.words() == ["locked"]


async def test_others_are_answered_while_everybody_is_looked_up(office: Office) -> None:
    """And the administrator sees that it was asked; nothing was done so far."""
    await office.command("people", "sam")
    await office.settled()
    office.may_look.clear()

    await office.press("Lock now")
    await office.hear(office.sam, Commanded(office.sam.bot.occasion(), "call"))
    await asyncio.sleep(2 * SOON)
    await office.room.lanes.settle(1)

    assert "I am worried that a child may be" in office.wall.cards[office.sam.person].text
    looking = office.wall.cards[office.ann.person]
    assert LOOKING in looking.text
    assert [each.label for each in looking.buttons] == ["Try again", "Close"]
    assert await office.ann.words() == []
    assert office.wall.said == ["", "", ""], "Telegram takes no answer to a tap that is too old"

    office.may_look.set()
    await office.inbox.settle(5)
    await office.room.lanes.settle(5)
    shown = office.wall.cards[office.ann.person].text
    assert shown.startswith("Locked. Their PIN opens it again.\n\nSam\n\nPractitioner. Let in until")
    assert office.wall.said[3:] == []
    assert await office.ann.words() == ["locked"]


@pytest.mark.parametrize("label", ["Lock now", "Remove"])
async def test_what_was_asked_is_done_once_however_often_it_is_asked_again(office: Office, label: str) -> None:
    """By an impatient administrator, who asks on the card that says so; the first is not done any more."""
    await office.command("people", "sam")
    await office.settled()
    if label == "Remove":
        await office.press("Remove")
        await office.settled()
        label = "Remove for good"
    office.may_look.clear()

    await office.press(label)
    await office.press("Try again")
    await office.press("Try again")
    office.may_look.set()
    await office.settled()

    assert office.looks >= 4
    assert [each for each in await office.ann.words() if each in {"locked", "removed"}] == [
        "locked" if label == "Lock now" else "removed"
    ]


@pytest.mark.parametrize("seconds", TIMES)
@pytest.mark.parametrize("meanwhile", ["close", "call", "lock", "demoted", "removed"])
async def test_whoever_went_on_or_may_not_any_more_does_nothing(office: Office, meanwhile: str, seconds: float) -> None:
    """What they went on to stands there, and no card of people."""
    await office.command("people", "sam")
    await office.settled()
    office.may_look.clear()
    await office.press("Lock now")
    match meanwhile:
        case "close":
            await office.press("Close")
        case "demoted":
            await office.ann.set(standing("Ann", Role.MANAGER))
        case "removed":
            await office.ann.set(Removed())
        case command:
            await office.command(command)
    await asyncio.sleep(seconds)
    office.may_look.set()

    await office.inbox.settle(5)
    await office.room.lanes.settle(5)

    assert [each for each in await office.ann.words() if each == "locked"] == (
        ["locked"] if meanwhile == "lock" else []
    )
    sam = read_access((await fresh(office.sam)).record.access)
    assert isinstance(sam, Access)
    assert not sam.is_locked
    card = office.ann.bot.card((await fresh(office.ann)).record)
    assert card is None or LOOKING not in card.text
    if card is not None and meanwhile != "demoted":
        assert office.wall.cards[office.ann.person] == card


async def test_a_store_that_fails_leaves_it_to_be_asked_again(office: Office) -> None:
    """The card says so; the way on does what was asked."""
    await office.command("people", "sam")
    await office.settled()
    office.fault = True
    await office.press("Lock now")
    assert LOOKING in await office.settled()
    assert await office.ann.words() == []

    office.fault = False
    await office.press("Try again")

    assert "Practitioner. Let in until" in await office.settled()
    assert await office.ann.words() == ["locked"]


async def test_an_event_that_comes_twice_is_done_once(office: Office) -> None:
    """The bot was killed between what was asked and what was done, and hears it again: it shows what was asked."""
    await office.command("people", "sam")
    await office.settled()
    office.may_look.clear()
    heard = await office.press("Lock now")

    await office.inbox.take([heard])
    await office.room.lanes.settle(1)
    assert LOOKING in office.wall.cards[office.ann.person].text
    office.may_look.set()
    await office.settled()

    assert await office.ann.words() == ["locked"]


async def test_very_many_are_renewed_by_one_tap_in_parts_and_others_come_between(office: Office) -> None:
    """All of them, each once, and it is said of how many; nobody who has no part in it."""
    many = [Visitor(f"telegram:{number}", beside=office.ann) for number in range(100, 230)]
    for number, each in enumerate(many):
        await each.set(standing(f"x{number:03}", days=2))
    await office.command("people")
    await office.settled()
    await office.press("Runs out soon (130)")
    await office.settled()

    await office.press("Renew all (130)")

    assert "Let in: 133." in await office.settled()
    assert office.wall.said[-1] == "Renewed until 2 June 2026: 130."
    for each in many:
        assert (await fresh(each)).access.until == START + timedelta(days=90)
    assert await office.ann.words() == ["renewed"] * 130
    said = [each.reference for each in await office.ann.entries()]
    assert said == [each.access.who for each in many]


async def test_who_closes_the_card_meanwhile_stops_it_between_two_parts(office: Office) -> None:
    """Whoever was renewed is, and is in the audit; nobody else is."""
    many = [Visitor(f"telegram:{number}", beside=office.ann) for number in range(100, 230)]
    for number, each in enumerate(many):
        await each.set(standing(f"x{number:03}", days=2))
    await office.command("people")
    await office.settled()
    await office.press("Runs out soon (130)")
    await office.settled()
    turns = office.ann.store.turns

    async def closing(inbounds: Any) -> Any:
        """Keep the first part, then let Ann lock her chat."""
        outcomes = await turns(inbounds)
        if inbounds[0].key.endswith(":everybody:0"):
            office.ann.store.turns = turns  # type: ignore[method-assign]
            await office.command("lock")
        return outcomes

    office.ann.store.turns = closing  # type: ignore[method-assign]
    await office.press("Renew all (130)")
    await office.settled()

    renewed = [(await fresh(each)).access.until == START + timedelta(days=90) for each in many]
    assert renewed == [True] * 50 + [False] * 80
    assert await office.ann.words() == [*["renewed"] * 50, "locked"]


async def test_where_an_id_was_drawn_twice_nothing_is_done_to_either(office: Office) -> None:
    """Nobody knows whom the administrator means."""
    twin = await Visitor("telegram:4", beside=office.ann).set(standing("Sam"))
    await office.command("people", "sam")
    assert "Which of them?" in await office.settled()
    await office.press("1")
    await office.settled()

    await office.press("Lock now")
    await office.settled()

    assert office.wall.said[-1] == "That has changed meanwhile. Nothing was done."
    assert not (await fresh(office.sam)).access.is_locked
    assert not (await fresh(twin)).access.is_locked
    assert await office.ann.words() == []
