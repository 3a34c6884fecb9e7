"""Tests of cases that their holder marks as belonging together: one list for one call, and nothing of one in another."""

from dataclasses import replace

import pytest

from bot.conversation.records import session_of, with_session
from bot.storage.values import Decision
from dialogs.core.acts import Share, ShareDeed, code_of
from dialogs.core.codec import decode
from dialogs.core.session import Answers, Result
from dialogs.second_look.card import SharedCase
from dialogs.second_look.network import OwnCase, network_card, signs_of
from docs.phone.measure import VISIBLE, cut_labels, height
from seraf.advice.action_plan import Urgency
from seraf.form.responses import Responses
from tests.bot.conversation.test_several import with_cases
from tests.support.people.visiting import Visitor
from tests.support.second_look.three import Three, a_three, ask, fresh
from tests.support.shipped import INSTRUMENT, NOON, SCRIPT
from tests.support.talk.summaries import ALL, WORST, finished

three = a_three()


async def answering(sam: Visitor, items: dict[str, str], **around: str) -> None:
    """Give these answers in the case in hand directly in the store."""

    def change(record: object, _: object) -> Decision:
        session = session_of(sam.record)
        answers = replace(session.answers, items=Responses.of({**session.answers.items.by_item, **items}))
        for question, answer in around.items():
            answers = answers.give(question, answer)
        return Decision(with_session(sam.record, replace(session, answers=answers)))

    await sam._turn(change)  # noqa: SLF001 - as `set` does


async def three_children() -> tuple[Visitor, list[str]]:
    """Return a person with three cases, of which the last says that others are behind it; the first two have a sign each."""
    sam, references = await with_cases(3)
    for reference, item in zip(references[:2], ("S2", "S4"), strict=True):
        await sam.press("More", "Another child", reference)
        await answering(sam, {item: "current"})
    await sam.press("More", "Another child", references[2])
    await answering(sam, {"S5": "current"}, network="yes")
    return sam, references


async def test_it_is_reached_only_where_the_case_says_that_others_are_behind_it() -> None:
    sam, references = await three_children()
    await sam.press("More")
    assert "Network" in sam.labels

    await sam.press("Another child", references[0], "More")
    assert "Network" not in sam.labels
    await sam.tap(code_of(Share(ShareDeed.NETWORK)))
    assert "belong together" not in sam.text


async def test_what_is_marked_shows_one_list_with_the_signs_of_each_child_alone() -> None:
    sam, (first, second, third) = await three_children()
    await sam.press("More", "Network")
    before = [await body(sam, each) for each in (first, second, third)]
    assert "Which SERAFs of yours belong together?" in sam.text

    await sam.press(first)

    assert "Belonging together: 2 SERAFs of yours" in sam.text
    assert "two children, perhaps one exploiter" in sam.text
    lines = {line[2:].split(" · ")[0]: line for line in sam.text.split("\n") if " · " in line}
    short = {item: INSTRUMENT.item(item).short for item in ("S2", "S4", "S5")}
    assert lines.keys() == {first, third}
    assert [short[each] in lines[first] for each in short] == [True, False, False]
    assert [short[each] in lines[third] for each in short] == [False, False, True]
    assert [await body(sam, each) for each in (first, second, third)] == before


async def test_a_mark_is_taken_away_by_a_tap_and_goes_with_its_case() -> None:
    sam, (first, second, third) = await three_children()
    await sam.press("More", "Network", first, second)
    assert "Belonging together: 3" in sam.text
    await sam.press(second)
    assert "Belonging together: 2" in sam.text

    await sam.press("Back", "More", "Another child", first, "More", "Erase", "Erase now", third, "More", "Network")

    assert "Which SERAFs of yours belong together?" in sam.text
    assert first not in sam.text
    assert sum(head.together for head in sam.record.heads) == 1


async def test_a_case_that_is_handed_over_leaves_the_others(three: Three) -> None:
    worker, manager, _ = three
    await worker.set_head(together=True)
    await ask(three, "Hand over")

    await manager.press("Take it")
    await fresh(worker)

    assert (manager.head.holder, manager.head.together) == (manager.person, False)


async def test_with_one_case_it_says_how_to_begin_another() -> None:
    sam, _ = await with_cases(1)
    await answering(sam, {}, draws_in="yes")

    await sam.press("More", "Network")

    assert "Each child needs a SERAF of their own." in sam.text


async def body(sam: Visitor, reference: str) -> tuple[Answers, Result]:
    tied = sam.record.tied_to(reference)
    assert tied is not None
    session = decode(tied.body(frozenset({tied.tie.kind}), sam.clock.now()))
    return session.answers, session.result


@pytest.mark.parametrize("marked", [0, 2, 8])
def test_eight_children_fit_on_a_phone(marked: int) -> None:
    signs = signs_of(finished(WORST, ALL), SCRIPT)
    cases = [
        OwnCase(SharedCase(f"COPPER THISTLE {at}7", Urgency.EMERGENCY, NOON.at), signs, at < marked) for at in range(8)
    ]

    card = network_card(cases, "COPPER THISTLE 07", script=SCRIPT, now=NOON).card(7, SCRIPT)

    assert height(card) <= VISIBLE
    assert not cut_labels(card)
    assert len(card.text) <= 1_000
