"""A PIN is hashed between two turns: nobody waits for it, nothing is stored before it, and each try counts once."""

import asyncio
import threading
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

import pytest

from bot.access.account import MOST_TRIES, Account, Terms, read_account, written
from bot.access.lock_screen import LockScreen
from bot.channels import inbox as inboxes
from bot.channels.delivery import ChatLanes
from bot.channels.inbox import ChatInbox, Inbox
from bot.channels.protocol import Acted
from bot.channels.turn_queue import TurnQueue
from bot.channels.unsaved_answers import UnsavedAnswers
from bot.channels.web.guard import Followers
from bot.channels.web.inbox import PageInbox
from bot.channels.web.visitor import Visitor
from bot.crypto.pins import Keypads, Pins
from bot.runtime.errors import StoreFault, StoreSlow
from bot.storage.sqlite.memory import in_memory
from bot.storage.sqlite.opening import open_sqlite
from bot.storage.store import Store
from bot.storage.turning import MOST_HASHES, once_derived
from bot.storage.values import Decide, Decision, Done, Inbound, NeedsHash, Outcome, Record, Refused, Repeated, Undecided
from dialogs.core.replies import Toast
from tests.fakes.telegram import FakeClock
from tests.support.people.accounts import altered
from tests.support.people.admitting import PIN, access, admitting
from tests.support.people.households import KEYS, Act, Household, accepted, guarded_at
from tests.support.people.looked_at import Wall

ADA, BEA = "telegram:1", "telegram:2"
WRONG, OTHER = "248614", "135782"
Turns = Callable[[Sequence[Inbound]], Awaitable[tuple[Outcome, ...]]]
LONG = 10
"""Seconds after which a test that hangs fails."""


@dataclass(frozen=True)
class WatchedPins(Pins):
    """PINs of which each hash is preceded by a call."""

    before: Callable[[], object]

    def hashed(self, pin: str, salt: bytes) -> str:
        self.before()
        return super().hashed(pin, salt)


async def household(before: Callable[[], object] = lambda: None, store: Store | None = None) -> Household:
    """Return a store with Ada, whose chat is locked, and Bea, whose chat is open."""
    clock = FakeClock()
    own = LockScreen(WatchedPins(KEYS.pepper, before), Keypads(KEYS), Terms())
    house = Household(clock, replace(guarded_at(clock), door=own), store or in_memory())
    open_now = access(KEYS, at=clock())
    await house.operate(ADA, admitting(altered(open_now, is_locked=True)))
    await house.operate(BEA, admitting(altered(open_now, who="0b0b0b0b")))
    return house


async def tapped(house: Household, pin: str, *, key: str = "a") -> list[Inbound]:
    """Return the taps of a PIN on Ada's card."""
    digits = enumerate(await house.digits(ADA, pin))
    return [house.heard(Act(ADA, f"{key} {number}", data)) for number, data in digits]


async def meanwhile(work: Callable[[], Awaitable[object]]) -> Callable[[], None]:
    """Return a call that has this loop do the work, for the thread that derives."""
    loop = asyncio.get_running_loop()

    async def done() -> None:
        await work()

    return lambda: asyncio.run_coroutine_threadsafe(done(), loop).result(LONG)


def toasts(outcome: Outcome) -> list[str]:
    return [effect.key for effect in accepted(outcome).effects if isinstance(effect, Toast)]


class Gate:
    """A hash that begins, and waits until it may go on."""

    def __init__(self) -> None:
        self._begun, self.may_go_on = threading.Event(), threading.Event()

    def __call__(self) -> None:
        self._begun.set()
        assert self.may_go_on.wait(LONG)

    async def begun(self) -> None:
        assert await asyncio.to_thread(self._begun.wait, LONG)


async def test_another_program_at_the_database_goes_on_while_a_pin_is_hashed(tmp_path: Path) -> None:
    gate, path = Gate(), tmp_path / "own" / "seraf.sqlite"
    path.parent.mkdir(mode=0o700)
    here, there = await open_sqlite(path, KEYS), await open_sqlite(path, KEYS)
    house = await household(gate, here)
    neighbour = Household(house.clock, house.conversation, there)

    unlocking = asyncio.create_task(house.turns(*await tapped(house, PIN)))
    await gate.begun()
    done = await neighbour.take(Act(BEA, "b", words="/start"))
    gate.may_go_on.set()
    await unlocking

    assert isinstance(done, Done)
    assert not (await house.access(ADA)).door.is_locked
    await asyncio.gather(here.close(), there.close())


async def test_other_people_of_the_same_program_go_on_meanwhile() -> None:
    gate = Gate()
    house = await household(gate)
    inbox = Inbox(house.conversation, house.store, TurnQueue(house.store.turns))
    acts = [Act(ADA, str(number), data) for number, data in enumerate(await house.digits(ADA, PIN))]

    unlocking = inbox.hand_in([Acted(act.key, ADA, act.event(house.clock())) for act in acts])
    await gate.begun()
    (done,) = await inbox.hand_in([Acted("b", BEA, Act(BEA, "b", words="/start").event(house.clock()))])
    gate.may_go_on.set()
    await unlocking

    assert isinstance(done, Done)
    assert not (await house.access(ADA)).door.is_locked


async def test_what_somebody_does_after_the_last_digit_comes_after_it() -> None:
    house = await household()

    *_, last, after = await house.turns(*await tapped(house, PIN), house.heard(Act(ADA, "lock", words="/lock")))

    assert (toasts(last), toasts(after)) == ([], ["locked"])
    assert (await house.access(ADA)).door.opened == house.clock()
    assert (await house.access(ADA)).door.is_locked


async def test_a_try_counts_once_however_often_it_is_sent() -> None:
    hashes: list[None] = []
    house = await household(lambda: hashes.append(None))
    batch = await tapped(house, WRONG)
    again = replace(batch[-1], key="sent again under another key")

    *_, counted, repeated, late = await house.turns(*batch, batch[-1], again)
    delivered_again = await house.turns(*batch)

    assert toasts(counted) == ["wrong-pin"]
    assert isinstance(repeated, Repeated)
    assert toasts(late) == ["stale"]
    assert {type(outcome) for outcome in delivered_again} == {Repeated}
    assert (await house.access(ADA)).pin.tries == len(hashes) == 1


async def test_a_try_that_arrives_twice_at_once_counts_once() -> None:
    house = await household()
    *digits, last = await tapped(house, WRONG)
    await house.turns(*digits)

    outcomes = [
        outcome
        for (outcome,) in await asyncio.gather(
            house.turns(last), house.turns(last), house.turns(replace(last, key="sent again"))
        )
    ]

    answered = sorted(toasts(outcome) for outcome in outcomes if isinstance(outcome, Done))
    assert sum(isinstance(outcome, Repeated) for outcome in outcomes) == 1
    assert answered == [["stale"], ["wrong-pin"]]
    assert (await house.access(ADA)).pin.tries == 1


async def test_five_wrong_pins_in_one_batch_bar_before_the_right_one() -> None:
    """Somebody who foresees the numbers of the next cards gets no more tries than by tapping."""
    house = await household()
    record = await house.record(ADA)
    assert record is not None
    pins = [WRONG] * MOST_TRIES + [PIN]
    batch = [
        house.heard(Act(ADA, f"{card} {place}", f"{record.card + card}:k:{place}:{digit}"))
        for card, pin in enumerate(pins)
        for place, digit in enumerate(pin)
    ]

    await house.turns(*batch)

    pin = (await house.access(ADA)).pin
    assert (pin.tries, (await house.access(ADA)).door.is_locked) == (MOST_TRIES, True)
    entries = await house.store.read(lambda t: t.audit.entries())
    assert [entry.what for entry in entries] == [*["wrong-pin"] * (MOST_TRIES - 1), "barred"]


async def test_another_digit_does_not_count_while_the_six_are_hashed() -> None:
    house = await household()
    *digits, last = await tapped(house, PIN)
    await house.turns(*digits)
    more = house.heard(Act(ADA, "more", (await house.digits(ADA, WRONG))[-1]))

    (opened,), (late,) = await asyncio.gather(house.turns(last), house.turns(more))

    assert (toasts(opened), toasts(late)) == ([], ["stale"])
    assert not (await house.access(ADA)).door.is_locked


def with_pin(pin: str, salt: bytes) -> Decide:
    """Return a decision that gives another PIN to a person who is about to tap the last digit."""
    hashed = Pins(KEYS.pepper).hashed(pin, salt)

    def decide(record: Record, _: object) -> Decision:
        account = read_account(record.access)
        assert isinstance(account, Account)
        return Decision(replace(record, access=written(altered(account, pin=hashed))))

    return decide


@pytest.mark.parametrize(("pin", "opens"), [(PIN, True), (OTHER, False)])
async def test_a_pin_that_was_changed_meanwhile_is_asked_for_again(pin: str, opens: bool) -> None:
    changes: list[Callable[[], None]] = []
    hashes: list[None] = []

    def before() -> None:
        hashes.append(None)
        if len(hashes) == 1:
            changes[0]()

    house = await household(before)
    changed = with_pin(pin, b"another salt 16b")
    changes.append(await meanwhile(lambda: house.operate(ADA, changed)))

    await house.turns(*await tapped(house, PIN))

    account = await house.access(ADA)
    assert (account.door.is_locked, account.pin.tries, len(hashes)) == (not opens, int(not opens), 2)


async def test_a_pin_that_changes_for_ever_is_asked_for_a_few_times_and_may_be_tried_again() -> None:
    changes: list[Callable[[], None]] = []
    hashes: list[None] = []

    def before() -> None:
        hashes.append(None)
        if len(hashes) <= MOST_HASHES:
            changes[0]()

    house = await household(before)

    def changed() -> Awaitable[object]:
        return house.operate(ADA, with_pin(PIN, f"the salt no. {len(hashes):04}".encode()))

    changes.append(await meanwhile(changed))
    *digits, last = await tapped(house, PIN)
    await house.turns(*digits)

    (undecided,) = await house.turns(last)
    assert isinstance(undecided, Undecided)
    assert (len(hashes), (await house.access(ADA)).pin.tries) == (MOST_HASHES, 0)
    (done,) = await house.turns(last)

    assert isinstance(done, Done)
    assert not (await house.access(ADA)).door.is_locked


async def test_who_is_cut_off_between_the_turns_has_stored_nothing() -> None:
    gate = Gate()
    house = await household(gate)
    *digits, last = await tapped(house, WRONG)
    await house.turns(*digits)
    before = await house.record(ADA)

    trying = asyncio.create_task(house.turns(last))
    await gate.begun()
    trying.cancel()
    gate.may_go_on.set()
    await asyncio.gather(trying, return_exceptions=True)
    assert await house.record(ADA) == before
    (done,) = await house.turns(last)

    assert toasts(done) == ["wrong-pin"]
    assert (await house.access(ADA)).pin.tries == 1


async def test_a_page_that_is_closed_meanwhile_counts_its_try_all_the_same() -> None:
    gate, kept = Gate(), asyncio.Event()
    house = await household(gate)
    await house.turns(*(await tapped(house, WRONG))[:-1])

    async def turns(batch: Sequence[Inbound]) -> tuple[Outcome, ...]:
        outcomes = await house.store.turns(batch)
        if isinstance(outcomes[0], Done):
            kept.set()
        return outcomes

    inbox = PageInbox(
        house.conversation, house.store, mark=partial(KEYS.lasting, "card"), watch=Followers(), turns=TurnQueue(turns)
    )
    last = Act(ADA, "a", (await house.digits(ADA, WRONG))[-1]).event(house.clock())

    trying = asyncio.create_task(inbox.take(Visitor("web:ada", "session"), Acted("a", ADA, last, reply_to="a")))
    await gate.begun()
    trying.cancel()
    gate.may_go_on.set()
    await asyncio.wait_for(kept.wait(), LONG)

    assert (await house.access(ADA)).pin.tries == 1


def failing_once(store: Store, *, at: int) -> Turns:
    """Return turns of which the call with this number fails, and no other."""
    calls = 0

    async def turns(batch: Sequence[Inbound]) -> tuple[Outcome, ...]:
        nonlocal calls
        calls += 1
        if calls == at:
            raise StoreFault("The disk is full.")
        return await store.turns(batch)

    return turns


async def test_a_store_that_fails_at_the_second_turn_has_counted_nothing() -> None:
    house = await household()
    *digits, last = await tapped(house, WRONG)
    await house.turns(*digits)
    turns = failing_once(house.store, at=2)

    with pytest.raises(StoreFault):
        await once_derived(turns, [last])
    assert (await house.access(ADA)).pin.tries == 0
    (done,) = await once_derived(turns, [last])

    assert toasts(done) == ["wrong-pin"]
    assert (await house.access(ADA)).pin.tries == 1


class Saying(Wall):
    """Record the answers to taps."""

    def __init__(self) -> None:
        super().__init__()
        self.said: dict[str, str] = {}

    async def answer(self, reply_to: str, text: str) -> None:
        self.said[reply_to] = text


def chat_inbox(house: Household, wall: Wall, lanes: ChatLanes, turns: Turns) -> ChatInbox:
    unsaved = UnsavedAnswers(house.conversation, wall)
    return ChatInbox(house.conversation, wall, lanes, store=house.store, unsaved=unsaved, turns=TurnQueue(turns))


async def test_a_batch_is_confirmed_only_once_its_pin_is_decided(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(inboxes, "PATIENCE", 0.01)
    gate, wall = Gate(), Saying()
    house = await household(gate)
    await house.turns(*(await tapped(house, WRONG))[:-1])
    lanes = ChatLanes(house.conversation, wall, house.store, str.encode)
    inbox = chat_inbox(house, wall, lanes, house.store.turns)
    last = Act(ADA, "a", (await house.digits(ADA, WRONG))[-1]).event(house.clock())
    batch = [Acted("a", ADA, last, reply_to="a")]

    with pytest.raises(StoreSlow):
        await inbox.take(batch)
    assert (await house.access(ADA)).pin.tries == 0
    gate.may_go_on.set()
    monkeypatch.setattr(inboxes, "PATIENCE", LONG)
    await inbox.take(batch)
    await inbox.settle(LONG)
    await lanes.settle(LONG)

    assert wall.said["a"] == inbox.say(Toast("wrong-pin", (("left", str(MOST_TRIES - 1)),)))
    assert (await house.access(ADA)).pin.tries == 1


async def test_a_store_that_fails_then_takes_back_no_answer_of_others() -> None:
    house = await household()
    await house.turns(*(await tapped(house, PIN))[:-1])
    wall = Saying()
    lanes = ChatLanes(house.conversation, wall, house.store, str.encode)
    inbox = chat_inbox(house, wall, lanes, failing_once(house.store, at=2))
    last = Act(ADA, "a", (await house.digits(ADA, PIN))[-1]).event(house.clock())
    start = Act(BEA, "b", words="/urgent").event(house.clock())

    await inbox.take([Acted("b", BEA, start, reply_to="b"), Acted("a", ADA, last, reply_to="a")])
    await inbox.settle(LONG)
    await lanes.settle(LONG)

    assert wall.said["b"] == ""
    assert wall.said["a"] == inbox.say(Toast("closed-unreachable"))
    assert BEA in wall.cards
    assert (await house.access(ADA)).door.is_locked


async def test_a_hash_that_fails_refuses_its_event_alone() -> None:
    def before() -> None:
        raise MemoryError

    house = await household(before)

    *_, refused, done = await house.turns(*await tapped(house, PIN), house.heard(Act(BEA, "b", words="/start")))

    assert isinstance(refused, Refused)
    assert refused.error.startswith("MemoryError")
    assert isinstance(done, Done)


async def test_what_is_asked_for_shows_neither_pin_nor_salt_nor_hash() -> None:
    house = await household()
    *_, last = batch = await tapped(house, PIN)

    (*_, asked) = await house.store.turns(batch)
    assert isinstance(asked, Undecided)
    assert isinstance(asked.needed, NeedsHash)
    hashed = asked.needed.derive(asked.needed.pin, asked.needed.salt)
    shown = repr(asked) + repr(replace(last, derived={asked.needed: hashed}))

    assert asked.needed.pin == PIN
    assert PIN not in shown
    assert str(asked.needed.salt) not in shown
    assert hashed not in shown
