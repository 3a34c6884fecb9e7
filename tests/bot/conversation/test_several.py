"""Tests of several cases of one person: the list, opening one, a ninth, and what happens by time to each of them alone."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.channels.web import FACTS
from bot.channels.web.page import Frame, card_page
from bot.conversation.changes import erasure, holding
from bot.conversation.records import with_session
from bot.storage.values import Decide, Decision, Done, Inbound
from dialogs.cards.cases import ListedCase, cases_card, in_order, opened_by
from dialogs.core.acts import OpenCase, code_of
from dialogs.core.keys import URGENT
from dialogs.core.page import PageKind, offered_acts
from dialogs.core.replies import Ring
from dialogs.core.script import Script
from dialogs.core.session import fresh
from seraf.advice.action_plan import Urgency
from seraf.form.responses import NOTHING
from tests.support.people.visiting import REFERENCE, START, TO_ITEM_ONE, Visitor
from tests.support.shipped import OCCASION, SCRIPT, WORDING


async def another(sam: Visitor) -> str:
    """Go to the list and start another case, up to item 1. Return its reference."""
    await sam.press("More", "Another child", "Start another", *TO_ITEM_ONE[2:])
    return sam.record.hand


async def with_cases(number: int) -> tuple[Visitor, list[str]]:
    """Return a person with so many cases, each at item 1, and the references. The last one is in hand."""
    sam = await (await Visitor.let_in()).begin()
    references = [sam.record.hand, *[await another(sam) for _ in range(number - 1)]]
    return sam, references


async def operated(sam: Visitor, decide: Decide) -> Visitor:
    (outcome,) = await sam.store.turns([Inbound(f"order {sam.record.card}", sam.clock.now(), sam.person, decide, None)])
    assert isinstance(outcome, Done)
    sam.record = outcome.record
    return sam


def buttons_of_list(sam: Visitor) -> list[str]:
    assert sam.card is not None
    return [each.label for each in sam.card.buttons if isinstance(each.act, OpenCase)]


async def test_eight_cases_are_kept_and_each_opens_with_its_own_answers() -> None:
    sam, references = await with_cases(8)
    assert len(set(references)) == 8
    await sam.press("No", "More", "Another child")

    assert set(buttons_of_list(sam)) == set(references)
    assert "Your SERAFs · 8 of 8" in sam.text
    for reference in references:
        await sam.press(reference)
        assert (sam.record.hand, f"item {2 if reference == references[-1] else 1} of" in sam.text) == (reference, True)
        await sam.press("More", "Another child")


async def test_a_ninth_is_refused_and_said_so() -> None:
    sam, references = await with_cases(8)
    await sam.press("More", "Another child")
    assert "Start another" not in sam.labels

    await sam.tap("g:start")

    assert sam.toasts == ["eight"]
    assert [head.reference for head in sam.record.heads] == references


async def test_a_button_of_another_card_opens_nothing() -> None:
    sam, _ = await with_cases(2)
    in_case = sam.record.card
    await sam.press("More", "Another child")
    assert sam.card is not None
    first = next(each for each in sam.card.buttons if isinstance(each.act, OpenCase))

    await sam.tap("s:yes", card=in_case)
    assert (sam.toasts, sam.record.hand) == (["stale"], "")
    await sam.tap(code_of(OpenCase(1, "00000000")))
    assert (sam.toasts, sam.record.hand) == (["no-button"], "")
    await sam.tap(first.code, card=sam.record.card - 1)
    assert (sam.toasts, sam.record.hand) == (["stale"], "")
    await sam.tap(first.code)
    assert sam.record.hand == first.label


async def test_erasing_one_leaves_the_others_and_shows_them() -> None:
    sam, references = await with_cases(3)
    await sam.press("More", "Erase", "Erase now")

    assert [head.reference for head in sam.record.heads] == references[:2]
    assert sorted(buttons_of_list(sam)) == sorted(references[:2])
    await sam.command("erase")
    assert (sam.toasts, len(sam.record.heads)) == (["open-first"], 2)
    assert [entry.reference for entry in await sam.entries() if entry.what == "erased"] == [references[2]]


async def test_a_hold_and_an_erasure_by_an_operator_are_of_one_case() -> None:
    sam, (first, second, third) = await with_cases(3)
    await operated(sam, holding(first, sam.clock.now()))
    await operated(sam, erasure(second, sam.clock.now(), by="operator"))

    assert [(head.reference, head.held) for head in sam.record.heads] == [(first, True), (third, False)]
    assert (sam.record.hand, "is held for" in sam.text) == (third, True)
    await sam.press("More", "Erase", "Erase now", first)
    await sam.command("erase")
    assert (sam.toasts, len(sam.record.heads)) == (["held"], 1)


async def test_each_case_ends_at_its_own_term_and_no_act_in_another_prolongs_it() -> None:
    sam, (first, second) = await with_cases(2)
    for _ in range(7):
        await sam.later(days=1).pin()
        await sam.press("No")
    await sam.pass_time()

    assert [head.reference for head in sam.record.heads] == [second]
    assert (sam.record.hand, first in sam.text, "storage time" in sam.text) == (second, True, True)
    assert ("erased-by-time", first) in [(entry.what, entry.reference) for entry in await sam.entries()]


async def test_a_call_of_a_case_that_is_not_on_the_card_rings_and_names_it() -> None:
    sam, (first, second) = await with_cases(2)
    due = START + timedelta(minutes=5)
    await sam.press("More", "Another child", first)
    await sam.set_head(call=replace(sam.head.call, due=due, next=due))
    await sam.press("More", "Another child", second)

    await sam.pass_time(minutes=5)

    assert (sam.record.hand, f"{first}: due at" in sam.text) == (second, True)
    assert Ring() in sam.effects
    await sam.press("No")
    assert "due at" not in sam.text


async def test_what_is_refused_is_said_and_the_others_go_on() -> None:
    sam, (first, second) = await with_cases(2)
    sam.record = replace(sam.record, heads=sam.record.heads[:1], closed=(second,), case=None, hand="")

    assert f"{second} cannot be opened" in sam.text
    assert buttons_of_list(sam) == [first]


async def test_a_profession_given_in_one_case_counts_in_the_others() -> None:
    sam, (first, _) = await with_cases(2)
    profile = sam.session.answers.get("profession")
    changed = replace(sam.session, answers=sam.session.answers.give("profession", "police"))

    await operated(sam, lambda record, _: Decision(with_session(record, changed)))
    await sam.press("More", "Another child", first)

    assert (profile != "police", sam.session.answers.get("profession")) == (True, "police")


@pytest.mark.parametrize("number", [2, 3])
async def test_two_people_never_get_the_same_reference(number: int) -> None:
    sam = await (await Visitor.let_in()).begin()
    others = [Visitor(f"telegram:{each}", beside=sam) for each in range(8, 8 + number)]
    for other in others:
        await (await other.set(sam.access)).begin()

    assert len({sam.record.hand, *(other.record.hand for other in others)}) == number + 1
    assert sam.record.hand == REFERENCE


def test_the_list_begins_with_what_is_overdue_then_by_urgency_then_by_time() -> None:
    now = OCCASION.now
    cases = [
        ListedCase("PLAN", Urgency.PLAN, None, 30, is_judged=True),
        ListedCase("TALK SOON", Urgency.MANAGER, now.at + timedelta(minutes=5), 30, is_judged=True),
        ListedCase("CALL LATER", Urgency.CALL, now.at + timedelta(minutes=9), 30, is_judged=True),
        ListedCase("CALL SOON", Urgency.CALL, now.at + timedelta(minutes=5), 30, is_judged=True),
        ListedCase("TALK LATE", Urgency.MANAGER, now.at - timedelta(minutes=5), 30, is_judged=True),
        ListedCase("NOTHING YET", 0, None, 3, is_judged=False),
    ]

    assert [each.reference for each in in_order(cases, now)] == [
        *("TALK LATE", "CALL SOON", "CALL LATER", "TALK SOON", "PLAN", "NOTHING YET")
    ]


def test_the_list_as_a_page_has_each_case_under_yours_and_opens_it() -> None:
    script = replace(SCRIPT, channel=FACTS)
    cases = [ListedCase(f"REFERENCE {number}", Urgency.CALL, None, number, is_judged=False) for number in range(1, 4)]

    card = cases_card(fresh(5, NOTHING), cases, closed=("CLOSED ONE",), script=script, now=OCCASION.now)

    assert card.page is not None
    assert card.page.shape is PageKind.CASES
    opening = [act for act in offered_acts(card.page) if isinstance(act, OpenCase)]
    assert [opened_by(act, cases, now=OCCASION.now) for act in opening] == [each.reference for each in cases]
    html = str(card_page(card, Frame(script, "/", "nonce")))
    assert [html.count(each.reference) > 1 for each in cases] == [True] * 3
    assert ("<h2>Yours</h2>" in html, "CLOSED ONE cannot be opened" in html) == (True, True)


@pytest.mark.parametrize("script", [SCRIPT, replace(SCRIPT, channel=FACTS)], ids=["chat", "page"])
def test_with_nothing_but_a_closed_case_the_list_speaks_of_no_reference_to_check_and_says_whom_to_call(
    script: Script,
) -> None:
    card = cases_card(fresh(5, NOTHING), (), closed=("CLOSED ONE",), script=script, now=OCCASION.now)

    shown = str(card.page.parts) if card.page else "\n".join(each.text for each in card.paragraphs)
    offered = [*offered_acts(card.page)] if card.page else [each.act for each in card.buttons]
    assert WORDING.say("cases.check") not in shown
    assert "CLOSED ONE cannot be opened" in shown
    assert URGENT.act in offered
