"""Tests of administrators who look up people: nobody else waits meanwhile, and nothing is stored before the result."""

import asyncio
import re
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any

import pytest

from bot.access.account import Account, Removed, read_account
from bot.channels.delivery import ChatLanes
from bot.channels.inbox import ChatInbox
from bot.channels.protocol import Acted
from bot.channels.unsaved_answers import UnsavedAnswers
from bot.conversation.people import deeds
from bot.runtime.errors import StoreFault
from bot.storage.values import Everybody
from dialogs.core.events import Commanded, Event, Pressed
from dialogs.core.role import Role
from tests.support.people.accounts import altered
from tests.support.people.looked_at import Room, Wall
from tests.support.people.staff import fresh, standing
from tests.support.people.visiting import START, Visitor

SOON = 0.02
SAM, BEA = standing("Sam"), standing("Bea", Role.MANAGER)


class Answering(Wall):
    """A sender (`Wall`) that also records the answers to taps and the messages next to the card."""

    def __init__(self) -> None:
        super().__init__()
        self.said: list[str] = []
        self.told: list[str] = []

    async def answer(self, reply_to: str, text: str) -> None:
        self.said.append(text)

    async def tell(self, person: str, text: str) -> str | None:
        self.told.append(text)
        return None


class Office:
    """An administrator called Ann, two other people, and a store that lists everybody only while `may_look` is set."""

    def __init__(self, ann: Visitor, sam: Visitor) -> None:
        self.ann, self.sam = ann, sam
        self.room = Room(ann)
        self.wall = self.room.wall = Answering()
        self.room.lanes = ChatLanes(ann.bot, self.wall, ann.store, str.encode)
        unsaved = UnsavedAnswers(ann.bot, self.wall)
        self.inbox = ChatInbox(ann.bot, self.wall, self.room.lanes, store=ann.store, unsaved=unsaved)
        self.may_look, self.looks, self.fault = asyncio.Event(), 0, False
        self.may_look.set()
        self.meanwhile: Callable[[], Awaitable[object]] | None = None
        self._everybody = ann.store.everybody
        ann.store.everybody = self._slowly  # type: ignore[method-assign, assignment]
        self._acts = 0

    async def _slowly(self, *asked: Any) -> Everybody[Any]:
        self.looks += 1
        found: Everybody[Any] = await self._everybody(*asked)
        if self.meanwhile is not None:
            await self.meanwhile()
        await self.may_look.wait()
        if self.fault:
            raise StoreFault("The store is broken.")
        return found

    async def hear(self, visitor: Visitor, event: Event) -> Acted:
        self._acts += 1
        act = f"act {self._acts}"
        own = f"message of {act}" if isinstance(event, Commanded) else None
        heard = Acted(act, visitor.person, event, own_message=own, reply_to=act)
        await self.inbox.take([heard])
        return heard

    async def command(self, name: str, words: str = "") -> Acted:
        return await self.hear(self.ann, Commanded(self.ann.bot.occasion(), name, words))

    async def press(self, label: str) -> Acted:
        await fresh(self.ann)
        assert self.ann.card is not None
        (code,) = [each.code for each in self.ann.card.buttons if each.label == label]
        return await self.hear(self.ann, Pressed(self.ann.bot.occasion(), self.ann.record.card, code))

    async def sees_sam(self) -> None:
        await self.command("people", "sam")
        await self.settled()

    async def settled(self) -> str:
        await self.inbox.settle(5)
        await self.room.lanes.settle(5)
        await fresh(self.ann)
        assert self.ann.card == self.wall.cards[self.ann.person]
        return self.ann.text


@pytest.fixture
async def office() -> Office:
    ann = await Visitor("telegram:1").set(standing("Ann", Role.ADMIN))
    sam, bea = Visitor("telegram:2", beside=ann), Visitor("telegram:3", beside=ann)
    await sam.set(SAM)
    await bea.set(BEA)
    return Office(ann, sam)


async def test_an_immediate_result_is_shown_at_once(office: Office) -> None:
    await office.command("people", "sam")
    assert "Practitioner. Let in until" in await office.settled()
    await office.press("Lock now")
    assert "Practitioner. Let in until" in await office.settled()

    assert office.wall.said == ["", "Locked. Their PIN opens it again."]
    assert office.wall.did == ["sent", "removed"], "the card, and what was typed"
    assert await office.ann.words() == ["locked"]


async def test_others_are_answered_while_everybody_is_looked_up(office: Office) -> None:
    await office.sees_sam()
    before = office.wall.cards[office.ann.person]
    office.may_look.clear()

    await office.press("Lock now")
    await office.hear(office.sam, Commanded(office.sam.bot.occasion(), "call"))
    await asyncio.sleep(SOON)
    await office.room.lanes.settle(1)

    assert "I am worried that a child may be" in office.wall.cards[office.sam.person].text
    assert office.wall.cards[office.ann.person] == before
    assert (await office.ann.words(), office.wall.said) == ([], ["", ""])

    office.may_look.set()
    assert (await office.settled()).startswith("Sam\n")
    assert office.wall.said[2:] == ["Locked. Their PIN opens it again."]
    assert await office.ann.words() == ["locked"]


@pytest.mark.parametrize("label", ["Lock now", "Remove"])
async def test_a_repeated_request_is_done_once(office: Office, label: str) -> None:
    await office.sees_sam()
    if label == "Remove":
        await office.press("Remove")
        await office.settled()
        label = "Remove for good"
    office.may_look.clear()

    for _ in range(3):
        await office.press(label)
    office.may_look.set()
    await office.settled()

    assert [each for each in await office.ann.words() if each in {"locked", "removed"}] == [
        "locked" if label == "Lock now" else "removed"
    ]


@pytest.mark.parametrize("meanwhile", ["call", "lock", "demoted", "removed"])
async def test_an_outdated_or_forbidden_request_does_nothing(office: Office, meanwhile: str) -> None:
    await office.sees_sam()
    office.may_look.clear()
    await office.press("Lock now")
    match meanwhile:
        case "demoted":
            await office.ann.set(altered((await fresh(office.ann)).access, role=Role.MANAGER))
        case "removed":
            await office.ann.set(Removed())
        case command:
            await office.command(command)
    office.may_look.set()

    await office.inbox.settle(5)
    await office.room.lanes.settle(5)

    assert [each for each in await office.ann.words() if each == "locked"] == (
        ["locked"] if meanwhile == "lock" else []
    )
    sam = read_account((await fresh(office.sam)).record.access)
    assert isinstance(sam, Account)
    assert not sam.door.is_locked
    card = office.ann.bot.card((await fresh(office.ann)).record)
    assert card is None or office.wall.cards[office.ann.person] == card


async def test_a_failing_store_is_reported_and_the_same_button_works_later(office: Office) -> None:
    await office.sees_sam()
    office.fault = True
    await office.press("Lock now")
    assert "Practitioner. Let in until" in await office.settled()
    assert office.wall.said[-1].startswith("Not saved")
    assert await office.ann.words() == []

    office.fault = False
    await office.press("Lock now")

    await office.settled()
    assert await office.ann.words() == ["locked"]


async def test_an_event_that_comes_twice_is_done_once(office: Office) -> None:
    await office.sees_sam()
    office.may_look.clear()
    heard = await office.press("Lock now")

    await office.inbox.take([heard])
    office.may_look.set()
    await office.settled()
    await office.inbox.take([heard])
    await office.settled()

    assert await office.ann.words() == ["locked"]


async def test_very_many_are_renewed_by_one_tap(office: Office) -> None:
    many = await near(office, *(f"x{number:03}" for number in range(130)))

    await office.press("Renew all now")

    assert "Let in: 133." in await office.settled()
    assert office.wall.said[-1] == "Renewed until 2 June 2026: 130."
    for each in many:
        assert (await fresh(each)).access.admission.until == START + timedelta(days=90)
    assert await office.ann.words() == ["renewed"] * 130
    said = [each.reference for each in await office.ann.entries()]
    assert said == [each.access.audit_id for each in many]


async def test_where_an_id_was_drawn_twice_nothing_is_done_to_either(office: Office) -> None:
    twin = await Visitor("telegram:4", beside=office.ann).set(standing("Sam"))
    await office.command("people", "sam")
    assert "Which of them?" in await office.settled()
    await office.press("1")
    await office.settled()

    await office.press("Lock now")
    await office.settled()

    assert office.wall.said[-1] == "That has changed meanwhile. Nothing more was done."
    assert not (await fresh(office.sam)).access.door.is_locked
    assert not (await fresh(twin)).access.door.is_locked
    assert await office.ann.words() == []


async def near(office: Office, *names: str) -> list[Visitor]:
    people = [Visitor(f"telegram:{number}", beside=office.ann) for number, _ in enumerate(names, 10)]
    for each, name in zip(people, names, strict=True):
        await each.set(standing(name, days=2))
    await office.command("people")
    await office.settled()
    for label in (f"Runs out soon ({len(names)})", f"Renew all ({len(names)})"):
        await office.press(label)
        await office.settled()
    return people


async def test_two_with_one_id_are_both_renewed_where_all_are(office: Office) -> None:
    twins = await near(office, "Cy", "Cy", "Di")

    await office.press("Renew all now")
    await office.settled()

    assert office.wall.said[-1] == "Renewed until 2 June 2026: 3."
    assert [(await fresh(each)).access.admission.until for each in twins] == [START + timedelta(days=90)] * 3
    assert await office.ann.words() == ["renewed"] * 3


async def test_a_person_changed_meanwhile_is_judged_by_their_current_state(office: Office) -> None:
    cy, di, ed = await near(office, "Cy", "Di", "Ed")
    later = START + timedelta(days=60)

    async def meanwhile() -> None:
        await cy.set(standing("Cy", days=60))
        await di.set(Removed())

    office.meanwhile = meanwhile
    await office.press("Renew all now")
    await office.settled()

    assert office.wall.said[-1] == "Renewed until 2 June 2026: 1."
    assert (await fresh(cy)).access.admission.until == later
    assert isinstance(read_account((await fresh(di)).record.access), Removed)
    assert (await fresh(ed)).access.admission.until == START + timedelta(days=90)


async def open_invitations(office: Office) -> list[str]:
    return [each.text for each in await office.ann.store.read(lambda t: t.invitation_codes.valid(START))]


async def test_an_invitation_that_is_asked_again_is_one(office: Office) -> None:
    await office.command("people", "Cy")
    await office.settled()
    office.may_look.clear()
    await office.press("Trainer")
    await office.press("Trainer")
    office.may_look.set()

    shown = await office.settled()

    (code,) = re.findall(r"^/start (\S+)$", shown, re.MULTILINE)
    assert len(await open_invitations(office)) == 1
    assert await office.ann.words() == ["invited"]
    new = await Visitor("telegram:9", beside=office.ann).start(code.replace("-", ""))
    assert new.access.admission.name == "Cy"


async def test_a_person_who_loses_the_role_meanwhile_makes_no_code(office: Office) -> None:
    await office.command("people", "Cy")
    await office.settled()

    async def demote() -> None:
        await office.ann.set(altered((await fresh(office.ann)).access, role=Role.MANAGER))

    office.meanwhile = demote
    await office.press("Trainer")
    await office.inbox.settle(5)

    assert await open_invitations(office) == []
    assert await office.ann.words() == []


async def test_an_invitation_that_was_used_meanwhile_is_not_withdrawn(office: Office) -> None:
    await office.command("people", "Cy")
    await office.settled()
    await office.press("Trainer")
    (code,) = re.findall(r"^/start (\S+)$", await office.settled(), re.MULTILINE)
    for label in ("Done", "Invitations (1)", "1"):
        await office.press(label)
        await office.settled()
    new = Visitor("telegram:9", beside=office.ann)

    async def come() -> None:
        await new.start(code.replace("-", ""))

    office.meanwhile = come
    await office.press("Withdraw")
    await office.settled()

    assert new.access.admission.name == "Cy"
    assert office.wall.said[-1] == "That has changed meanwhile. Nothing more was done."
    assert await office.ann.words() == ["invited", "admitted"]


@pytest.mark.parametrize("is_fault", [False, True])
async def test_a_typed_command_is_removed_whatever_became_of_the_look_up(office: Office, *, is_fault: bool) -> None:
    office.may_look.clear()
    office.fault = is_fault
    await office.command("people", "sam")
    await office.command("call")
    office.may_look.set()

    assert "I am worried that a child may be" in await office.settled()
    assert await office.ann.store.read(lambda t: t.messages_to_remove.of(office.ann.person)) == ()
    assert office.wall.did.count("removed") >= 2


async def test_a_fault_of_the_bot_is_reported_and_leaves_a_way_on(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    await office.sees_sam()

    def fail(_: object) -> None:
        raise ValueError("an invitation of another release")

    with monkeypatch.context() as broken:
        broken.setattr(deeds, "roster_of", fail)
        await office.press("Lock now")
        await office.settled()
    said = [*office.wall.said, *office.wall.told]
    assert sum("Something went wrong here" in each for each in said) == 1
    assert await office.ann.words() == []

    await office.press("Lock now")
    await office.settled()
    assert await office.ann.words() == ["locked"]
