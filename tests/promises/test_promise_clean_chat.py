"""P11 of docs/promises.md: the chat is empty at the end, on erasure and on panic, long before 48 hours have passed."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta
from functools import partial
from pathlib import Path
from random import Random

import pytest

from bot.channels.due_work import LOOK_EVERY
from bot.channels.telegram.request import A_CHAT
from bot.conversation.talk import Talk
from tests.fakes.telegram import FakeClock, FakeTelegram, Person
from tests.fakes.telegram.faults.script import FaultKind
from tests.support.counts import times
from tests.support.promising import Promise
from tests.support.telegram.bots import process
from tests.support.telegram.chats import AT_ONCE, BLANK, FIRST, Chats, batches, cards, chats, is_empty, is_one_card
from tests.support.telegram.home import Home
from tests.support.telegram.walker import Walker, item_number

FAULTS: tuple[FaultKind, ...] = ("cut_before", "cut_after", "error_502", "garbage")
DELETES = ("deleteMessage", "deleteMessages")
BOTS, CRASHING = 3, 20
"""Bots that run at the same time; and people of a bot that is killed, few enough to search for a lost message."""
STARTS = 60.0

AFTER_HOURS = 47
LEFT_BEHIND = "could not be removed. Please delete it"


async def at_several_bots(
    count: int, does: Callable[[int, int], Awaitable[int]], *, bots: int = BOTS, most: int = AT_ONCE
) -> int:
    """Run batches of people at `bots` bots at the same time, since they mostly wait. Return the sum of the results."""
    room = asyncio.Semaphore(bots)

    async def one(seed: int, people: int) -> int:
        async with room:
            return await does(seed, people)

    async with asyncio.TaskGroup() as group:
        batched = [group.create_task(one(*each)) for each in batches(count, most)]
    return sum(each.result() for each in batched)


async def choose(person: Person, label: str, *, is_last: bool = False) -> None:
    await person.until(lambda: any(label in message.labels for message in cards(person)[-1:]), what=f"no {label}")
    await (person.press_last if is_last else person.press)(label)


QUESTIONS = ("nudes", "older boyfriend, new phone", "she just told me", "who do I ring at night?", "asdf qwerty")
A_SECOND = 1.0


async def asks(here: Chats, person: Person) -> None:
    """Type a question, which has to be removed within a second."""
    asked = await person.send(here.draw.choice(QUESTIONS))
    await person.until(lambda: asked not in person.chat, timeout=A_SECOND, what="a question was not removed")


TYPED, WALKED = ("/erase", "/cancel", "/panic"), ("result", "elsewhere")


async def end(here: Chats, ways: tuple[str, ...], person: Person) -> None:
    """Let a person end the case in a random one of these ways: by a command, from the result, or for something else."""
    way, walker = here.draw.choice(ways), Walker(person, here.draw)
    if ways == TYPED:
        typed, seen = here.draw.choice((("/help", "/start begins"), ("nudes", "These fit")))
        await person.send(typed)
        await person.sees(seen)  # so the bot may not know of its message when it has to remove all
    if way == "elsewhere":
        await walker.begin_again()
        for label in ("Start", "Neither", "No", "No, something else"):  # the profession is known
            await choose(person, label)
        await choose(person, "Done", is_last=True)
        return
    if way == "result":
        await person.ask("/resume")
        await person.until(lambda: bool(item_number(person.card)))
        await walker.walk()
        for label in ("More", "Erase"):
            await choose(person, label)
    else:
        await person.send(way)
    if way != "/panic":
        await person.sees("cannot be undone")
        await choose(person, "Erase now", is_last=True)


@pytest.mark.prove
async def test_nothing_is_left_at_the_end(tmp_path: Path, promise: Promise) -> None:
    """P11: no message of the bot or of the person is left, even if calls failed and sent messages were not recorded."""
    count = times(200, 8)

    async def ended(seed: int, people: int) -> int:
        is_cut = bool(seed // AT_ONCE % 2)
        async with chats(tmp_path, seed, people=people) as here, here.running():
            await (here.each(here.begin) if is_cut else here.begun())
            if not is_cut:
                await here.each(partial(asks, here))
            for kind in here.draw.choices(FAULTS, k=6) if is_cut else ():
                here.home.server.fault(kind=kind, method="sendMessage", skip=here.draw.randint(0, 6))
                here.home.server.fault(kind=kind, method="deleteMessage", skip=here.draw.randint(0, 20), times=3)
            await here.each(partial(end, here, TYPED if is_cut else (*TYPED, *WALKED)))
            await here.until(is_empty, "something was left")
            return sum(map(is_empty, here.people))

    clean = await at_several_bots(count, ended)

    promise.reached("P11", asked=count, reached=clean, of="chats that ended: messages left 0")


async def two_days(here: Chats, active: set[Person]) -> int:
    """Let `active` people tap now and then; Telegram refuses removals for 8 h. Return how many chats stayed clean."""

    def is_kept_short(person: Person) -> bool:
        old = [stay for stay in person.older_than(40) if stay.is_there]
        return len(person.chat) == int(person in active) and old == []

    for hours in (10, 20, 30, 38):
        await here.hours(hours, step=10)
        await asyncio.gather(*(person.press(person.card.labels[0]) for person in active))
    here.home.server.fault_until(here.clock() + timedelta(hours=8), kind="too_many", methods=DELETES)
    await here.hours(46, step=0.5)
    await here.by(46.9, is_kept_short)
    await here.until(is_kept_short, "an old card stood there")
    await here.hours(90, step=2.5, pause=LOOK_EVERY + 0.15)  # the bot checks at least every five hours
    await here.until(is_empty, "an abandoned card stood there")
    return sum(not person.older_than(AFTER_HOURS) for person in here.people)


@pytest.mark.prove
async def test_nothing_is_seen_for_47_hours(tmp_path: Path, promise: Promise) -> None:
    """P11: abandoned cards are removed and used ones replaced in time, although Telegram refuses removals for hours."""
    count = times(200, 5)

    async def lived(seed: int, people: int) -> int:
        async with chats(tmp_path, seed, people=people) as here, here.running():
            await here.begun()
            return await two_days(here, set(here.draw.sample(here.people, people // 2)))

    clean = await at_several_bots(count, lived, bots=2)

    promise.reached("P11", asked=count, reached=clean, of="chats abandoned or in use: nothing seen for 47 hours")


async def down_for_days(here: Chats) -> int:
    """Stop a bot that could remove nothing, and start it too late. Return how many chats then are as they must be."""
    async with here.running():
        await here.begun()
        until = here.clock() + timedelta(minutes=5)
        here.home.server.fault_until(until, kind="error_502", methods=DELETES)
        wrote = here.draw.sample(here.people, len(here.people) // 2)
        await asyncio.gather(*(person.send("hello") for person in wrote))
        await here.until(lambda _: not here.home.server.pending, "it was not heard")
        await asyncio.sleep(0.3)
    here.clock.advance(hours=here.draw.uniform(48.2, 115))

    def is_as_it_must(person: Person) -> bool:
        said = [message for message in cards(person) if LEFT_BEHIND in message.text]
        blank = [message for message in cards(person) if message not in said]
        is_blank = all(message.text == BLANK and not message.buttons for message in blank)
        return is_blank and bool(blank) and len(said) == len(person.chat) - len(cards(person)) == int(person in wrote)

    async with here.running():
        await here.until(is_as_it_must, "it was not blanked, or named")
        await asyncio.gather(*(person.settled() for person in here.people))
    return sum(map(is_as_it_must, here.people))


@pytest.mark.prove
async def test_messages_that_telegram_keeps_are_blanked_or_named(tmp_path: Path, promise: Promise) -> None:
    """P11: after over 48 hours, the bot blanks its own messages, and asks the person to delete theirs."""
    count = times(200, 5)

    async def down(seed: int, people: int) -> int:
        async with chats(tmp_path, seed, people=people) as here:
            return await down_for_days(here)

    clean = await at_several_bots(count, down)

    promise.reached("P11", asked=count, reached=clean, of="chats past 48 hours: its own blanked, the person's named")


async def test_messages_next_to_a_card_are_removed_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with chats(tmp_path, 0, people=1) as here:
        [person] = here.people
        async with here.running():
            await here.begin(person)
            with monkeypatch.context() as broken:
                broken.delattr(Talk, "card")
                await person.send("/help")
                await person.sees("Something went wrong here")
                await person.settled()
        async with here.running():
            await here.until(is_one_card, "the line stood there")


async def at_rest(here: Chats) -> None:
    moved, before = sum(len(person.acts) for person in here.people), -1
    while moved != before:
        await asyncio.sleep(A_CHAT + 0.2)
        moved, before = sum(len(person.acts) for person in here.people), moved


async def killed_in_mid_send(here: Chats) -> int:
    """Kill the bot before it stored the ids of new cards. Return how many chats have one card after a restart."""
    async with process(here.home) as bot:
        await bot.says("ready", seconds=STARTS)
        await here.begun()
        here.home.server.fault(kind="late", method="sendMessage", seconds=60, times=len(here.people))
        await asyncio.gather(*(person.send(here.draw.choice(("hello", "/help"))) for person in here.people))
        await here.until(lambda person: len(cards(person)) == 2, "no new card came")
        bot.kill()
        await bot.ended()
    here.home.server.faults.heal()
    async with process(here.home) as bot:
        await bot.says("ready", seconds=STARTS)
        await here.until(is_one_card, "more was left")
        await here.each(lambda person: person.ask("/resume"))
        await at_rest(here)
        await here.until(is_one_card, "more was left after the next card")
        return sum(map(is_one_card, here.people))


@pytest.mark.prove
async def test_after_a_crash_in_mid_send_one_card_is_left(tmp_path: Path, promise: Promise) -> None:
    """P11: cards whose ids were not recorded are found and removed, and so are the person's messages."""
    count = times(200, 4)

    async def killed(seed: int, people: int) -> int:
        async with FakeTelegram() as server:
            home = Home(tmp_path / str(seed), server, admitted=frozenset(range(FIRST, FIRST + people)))
            return await killed_in_mid_send(Chats(home, FakeClock(), Random(seed)))

    clean = await at_several_bots(count, killed, bots=2, most=CRASHING)

    promise.reached("P11", asked=count, reached=clean, of="crashes in mid-send: one message of the bot's left")
