"""Tests that a late result restores nothing: the chat shows the current state, whatever was stored meanwhile."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence

import pytest

from bot.channels import inbox as inboxes
from bot.channels.delivery import ShowRequest
from bot.channels.inbox import ChatInbox
from bot.channels.protocol import Acted, Sending, SendResult, StillCurrent
from bot.channels.unsaved_answers import UnsavedAnswers
from bot.conversation.changes import locking, removal
from bot.runtime.errors import StoreSlow, StoreUnavailable
from bot.storage.values import Decide, Inbound, Outcome
from dialogs.core.events import Pressed
from dialogs.core.replies import Card
from tests.support.people.looked_at import Room
from tests.support.people.visiting import Visitor

Turns = Callable[[Sequence[Inbound]], Awaitable[tuple[Outcome, ...]]]


@pytest.fixture
async def room() -> Room:
    found = Room(await (await Visitor.let_in()).begin())
    await found.show()
    return found


def answering_late(turns: Turns, until: asyncio.Event) -> Turns:
    """Return a `turns` function whose first call is stored at once, but returns only when `until` is set."""
    is_first = True

    async def late(inbounds: Sequence[Inbound]) -> tuple[Outcome, ...]:
        nonlocal is_first
        waits, is_first = is_first, False
        outcomes = await turns(inbounds)
        if waits:
            await until.wait()
        return outcomes

    return late


def gone_after(event: asyncio.Event) -> Callable[..., Awaitable[bool]]:
    """Return a replacement for `Store.is_gone` that returns True only once the event is set."""

    async def is_gone(*, seconds: float) -> bool:
        return await asyncio.wait_for(event.wait(), seconds)

    return is_gone


@pytest.mark.parametrize("closing", [locking, removal])
async def test_a_tap_that_was_stored_late_opens_no_chat_that_was_closed_since(
    room: Room, closing: Callable[..., Decide], monkeypatch: pytest.MonkeyPatch
) -> None:
    sam, until = room.sam, asyncio.Event()
    monkeypatch.setattr(inboxes, "PATIENCE", 0.01)
    monkeypatch.setattr(sam.store, "turns", answering_late(sam.store.turns, until))
    inbox = ChatInbox(sam.bot, room.wall, room.lanes, store=sam.store, unsaved=UnsavedAnswers(sam.bot, room.wall))
    assert sam.card is not None
    (yes,) = [button.code for button in sam.card.buttons if button.label == "Yes"]
    tap = Acted("tap", sam.person, Pressed(sam.bot.occasion(), sam.record.card, yes), reply_to="tap")

    with pytest.raises(StoreSlow):
        await inbox.take([tap])
    await sam.store.turns([Inbound("desk", sam.clock.now(), sam.person, closing(sam.clock.now()), None)])
    closed = await room.look()
    taken_down = list(room.wall.did)
    until.set()
    await inbox.take([tap])

    assert await room.look() == closed
    assert "Item" not in closed
    assert room.wall.did == taken_down


async def test_a_card_that_failed_holds_up_none_that_waited_for_it(room: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    """If the waiting card were dropped, a chat that was locked meanwhile would show the case until somebody acts."""
    edit, begun, go_on = room.wall.edit, asyncio.Event(), asyncio.Event()

    async def fail_once(person: str, handle: str, card: Card, *, is_current: StillCurrent) -> SendResult:
        monkeypatch.setattr(room.wall, "edit", edit)
        begun.set()
        await go_on.wait()
        raise ValueError

    monkeypatch.setattr(room.wall, "edit", fail_once)
    room.lanes.show(ShowRequest(room.sam.person))
    await begun.wait()
    room.sam.later(minutes=10)
    room.lanes.show(ShowRequest(room.sam.person))
    go_on.set()
    await room.lanes.settle(1)

    assert "Tap your PIN" in room.wall.cards[room.sam.person].text


async def test_an_erasure_that_was_held_up_takes_no_newer_card_away(
    room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    sam, gone = room.sam, asyncio.Event()

    monkeypatch.setattr(sam.store, "is_gone", gone_after(gone))
    await room.due_work.look()
    await sam.pass_time(days=7)
    erased = ShowRequest(sam.person, sam.record)
    room.lanes.show_once_gone(erased)
    await (await (await sam.start()).pin()).begin()
    room.lanes.show(ShowRequest(sam.person))
    await asyncio.sleep(0.01)
    assert room.wall.cards[sam.person] == sam.card
    gone.set()
    await room.lanes.settle(1)

    assert room.wall.cards[sam.person] == sam.card
    assert room.wall.did == ["sent", "removed"], "the old card went for the new one, which stays"


async def test_a_tap_that_erases_is_answered_once_no_file_holds_the_case(
    room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    sam, gone = room.sam, asyncio.Event()

    answered: list[str] = []

    async def answer(reply_to: str, text: str) -> None:
        answered.append(reply_to)

    monkeypatch.setattr(sam.store, "is_gone", gone_after(gone))
    monkeypatch.setattr(room.wall, "answer", answer)
    inbox = ChatInbox(sam.bot, room.wall, room.lanes, store=sam.store, unsaved=UnsavedAnswers(sam.bot, room.wall))
    for label in ("More", "Erase", "Erase now"):
        found = await sam.store.recall(sam.person)
        assert found is not None
        sam.record = found[0]
        assert sam.card is not None
        (code,) = [button.code for button in sam.card.buttons if button.label == label]
        tap = Acted(label, sam.person, Pressed(sam.bot.occasion(), sam.record.card, code), reply_to=label)
        await inbox.take([tap])
        await asyncio.sleep(0.01)

    assert answered == ["More", "Erase"]
    gone.set()
    await inbox.settle(1)

    assert answered == ["More", "Erase", "Erase now"]


async def test_a_chat_locks_in_time_although_the_lock_cannot_be_stored(
    room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With a full disk the bot can still read, and so can show that the chat is locked."""

    async def full(_: Sequence[Inbound]) -> tuple[Outcome, ...]:
        raise StoreUnavailable

    monkeypatch.setattr(room.sam.store, "turns", full)
    room.sam.later(minutes=10)

    with pytest.raises(StoreUnavailable):
        await room.due_work.look()
    await room.lanes.settle(1)

    assert "Tap your PIN" in room.wall.cards[room.sam.person].text


@pytest.mark.parametrize(("how", "may_be_there"), [(SendResult.OUTDATED, False), (SendResult.UNSURE, True)])
async def test_an_unsent_card_is_not_searched_for(
    room: Room, monkeypatch: pytest.MonkeyPatch, *, how: SendResult, may_be_there: bool
) -> None:
    send, asked = room.wall.send, list[bool]()

    async def outdated_once(person: str, card: Card, sending: Sending) -> str | SendResult:
        asked.append(sending.may_have_strays)
        return how if len(asked) == 1 else await send(person, card, sending)

    monkeypatch.setattr(room.wall, "send", outdated_once)
    room.lanes.show(ShowRequest(room.sam.person, is_new=True))
    await room.lanes.settle(1)

    assert asked == [False, may_be_there]
    found = await room.sam.store.recall(room.sam.person)
    assert found is not None
    assert found[1].delivered


async def test_a_current_card_is_not_removed_with_left_messages(room: Room) -> None:
    """The current card may still be listed for removal, after an attempt to replace it that came too late."""
    room.lanes.show(ShowRequest(room.sam.person, to_remove=("message 0", "another")))
    await room.lanes.settle(1)

    assert room.wall.did == ["removed"], "the other one alone"
