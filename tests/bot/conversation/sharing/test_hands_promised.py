"""P2, P5 and P6 of docs/promises.md where colleagues look at cases and take them over: repeats, forged buttons, guesses and races."""

from random import Random

import pytest

from bot.storage.values import Inbound, Record
from dialogs.core.acts import Share, ShareDeed, code_of
from dialogs.core.events import Pressed
from dialogs.core.spoken import SIGNS, with_check
from dialogs.core.ties import TieKind
from tests.support.counts import times
from tests.support.people.visiting import REFERENCE, Visitor
from tests.support.promising import Promise
from tests.support.second_look.three import Three, ask, code, come_together, fresh, later, looks, offer_to_two

TOUCHES = 40


async def shared(draw: Random) -> Three:
    """Return three of whom the manager reads the worker's case, or is asked about it. The third has nothing to do with it."""
    three = await come_together()
    await draw.choice((looks, lambda each: ask(each, "Hand over"), lambda each: ask(each, "Ask for a look")))(three)
    await fresh(three.worker)
    return three


def forged(three: Three, draw: Random) -> tuple[str, int]:
    """Return the code of a button about sharing, of somebody's card or made up, and the number of somebody's card."""
    shown = [each.code for one in three[:2] if one.card for each in one.card.buttons]
    names = [tie.person for tied in three.worker.record.tied for tie in tied.sharing.ties]
    about = draw.choice(("", REFERENCE, "1", "code", "00000007", "more", "call", "yes", *names))
    made = code_of(Share(draw.choice(list(ShareDeed)), about))
    one = draw.choice(three)
    return draw.choice((made, made, *shown)), one.record.card


async def kept(visitor: Visitor) -> Record:
    found = await visitor.store.recall(visitor.person)
    assert found is not None
    return found[0]


@pytest.mark.prove
async def test_forged_buttons_of_second_looks_reach_no_case(promise: Promise) -> None:
    """P5: a curious colleague presses buttons of others' cards, and made-up ones, with any card's number."""
    runs = times(400, 4)

    for seed in range(runs):
        draw = Random(seed)
        three = await shared(draw)
        before = [await kept(one) for one in three[:2]]
        for _ in range(TOUCHES):
            pressed, card = forged(three, draw)
            await three.night.tap(pressed, card)
            assert (three.night.record.tied, REFERENCE in three.night.text) == ((), False)
        assert [await kept(one) for one in three[:2]] == before
        await three.worker.store.close()

    promise.reached("P5", asked=runs, reached=runs, of="runs of forged buttons about sharing: reads 0, writes 0")


@pytest.mark.prove
async def test_no_guess_of_a_code_opens_anything(promise: Promise) -> None:
    """P5: five guesses a day are all that somebody has, and each finds nothing, while a code is open."""
    guesses, draw, three = times(10_000, 40), Random(39), await come_together()
    await code(three, "Ask for a look")

    for number in range(guesses):
        if number % 5 == 0:
            await later(three, days=1)
            await three.worker.set_head(finished=three.worker.clock.now())
            said = await code(three, "Ask for a look")
        guess = with_check("".join(draw.choices(SIGNS, k=9)))
        await three.night.command("look", guess if guess != said else with_check(SIGNS[0] * 9))
        assert (three.night.toasts, three.night.record.tied) == (["share-code-over"], ())
    await three.worker.store.close()

    promise.reached("P5", asked=guesses, reached=guesses, of="guesses of a code while one is open: opened 0")


def taking(visitor: Visitor, key: str) -> Inbound:
    """Return the tap by which somebody takes a case over."""
    event = Pressed(visitor.bot.occasion(), visitor.record.card, code_of(Share(ShareDeed.TAKE, REFERENCE)))
    return Inbound(key, visitor.clock.now(), visitor.person, visitor.bot.decide(event), None)


@pytest.mark.prove
async def test_a_case_that_two_take_at_once_has_one_holder_and_repeats_change_nothing(promise: Promise) -> None:
    """P2 and P6: taps of two who were asked, again and again, as others repeat and new, in any order."""
    runs = times(500, 5)

    for seed in range(runs):
        draw, three = Random(seed), await come_together()
        await offer_to_two(three)
        takers = [draw.choice(three[1:]) for _ in range(draw.randint(2, 8))]
        taps = [taking(one, f"take {seed} {draw.randint(0, 5)} {one.person}") for one in takers]
        await three.worker.store.turns(taps)
        await three.worker.store.turns(taps)

        records = [await kept(one) for one in three]
        assert sorted(len(record.heads) for record in records) == [0, 0, 1]
        assert records[1 if takers[0] is three.manager else 2].heads
        (holder,) = [tie for tied in records[0].tied for tie in tied.sharing.ties if tie.kind is TieKind.HOLDER]
        assert holder.person == takers[0].person
        assert (await three.worker.words()).count("taken") == 1
        await three.worker.store.close()

    promise.reached("P2", asked=runs, reached=runs, of="runs of repeated takings: taken once")
    promise.reached("P6", asked=runs, reached=runs, of="races of two who take a case over: one holder")
