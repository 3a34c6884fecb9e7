"""Tests of the page of the result: it holds all that the text cards of the result and of its actions say and offer."""

import random
from collections.abc import Iterator
from dataclasses import replace

import pytest

from dialogs.cards.show import show
from dialogs.core.acts import Act, Close, GateAct, Go, Kind, Log, Open, Overlay, code_of
from dialogs.core.acts import Page as Turn
from dialogs.core.events import Occasion, Pressed
from dialogs.core.page import Banner, Button, Call, Calls, Doings, Ways, WholePage, every, offered_acts
from dialogs.core.session import Session
from dialogs.phrases.earlier import reviewed, said_of_an_adult
from dialogs.rehearsal.core.practice import Practice
from dialogs.rehearsal.core.stage_card import rehearsed_script
from dialogs.result.actions import lines_of
from dialogs.result.result_pages import PAGES
from dialogs.turn.step import step
from seraf.advice.action_log import WHAT
from seraf.advice.action_plan import CardLine
from seraf.advice.contacts import LocalTime
from seraf.form.vocabulary import Age
from state_machines.assessment import Phase, Trigger
from state_machines.rehearsal import Stage
from tests.dialogs.result.test_action_card import results
from tests.support.counts import each_seed
from tests.support.shipped import NOON, PACK, WEB_SCRIPT
from tests.support.talk.summaries import finished
from tests.support.talk.talking import Talk
from tests.support.walks.core import replayed
from tests.support.walks.model import TELEGRAM
from tests.support.walks.reading import walk_files

IN_ONE = (Kind.ACTION, Kind.MORE, Kind.URGENT)
"""The overlays that a page needs no button for: it shows what is in them itself."""


def logged(session: Session, draw: random.Random, *, now: LocalTime) -> Session:
    """Return the session after up to six taps on its actions, as the text cards offer them."""
    for _ in range(draw.randrange(7)):
        line = draw.choice(lines_of(session, WEB_SCRIPT, now=now)).line
        session = replace(session, overlay=Overlay(Kind.ACTION, line))
        acts = [each.act for each in show(session, WEB_SCRIPT, now).buttons if isinstance(each.act, Log)]
        if acts:
            session = pressed(session, draw.choice(acts), now=now)
    return replace(session, overlay=None, place="1")


def pressed(session: Session, act: Act, *, now: LocalTime) -> Session:
    before = session.card
    after = step(session, Pressed(Occasion(now, ""), session.card, code_of(act)), WEB_SCRIPT).session
    assert after.card == before + 1, f"{act} did nothing"
    return after


def cases(seed: int) -> Iterator[tuple[Session, LocalTime]]:
    draw = random.Random(f"plan {seed}")
    for session, now in results(seed):
        yield logged(session, draw, now=now), now


def walked() -> list[Session]:
    """Return the last session of each walk that ends at a result."""
    ends = [replayed(path, TELEGRAM)[-1].session for path in walk_files()[::9]]
    return [replace(each, overlay=None) for each in ends if each.phase is Phase.RESULT]


def texts_of(value: object) -> Iterator[str]:
    """Yield every text of a page's parts."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, tuple):
        for each in value:
            yield from texts_of(each)


def page_of(session: Session, now: LocalTime = NOON) -> WholePage:
    page = show(session, WEB_SCRIPT, now).page
    assert page is not None
    return page


def calls_of(value: object) -> Iterator[Call]:
    if isinstance(value, Calls):
        yield from value.calls
    elif isinstance(value, tuple):
        for each in value:
            yield from calls_of(each)


def text_cards(session: Session, *, now: LocalTime) -> Iterator[Session]:
    """Yield the session at each text card of its result: its pages, its actions, and More."""
    for number in range(len(PAGES)):
        yield session.at(str(number + 1))
    for line in lines_of(session, WEB_SCRIPT, now=now):
        yield replace(session, overlay=Overlay(Kind.ACTION, line.line))
    yield replace(session, overlay=Overlay(Kind.MORE))


def is_needed(act: Act | GateAct) -> bool:
    if isinstance(act, Open):
        return act.overlay.kind not in IN_ONE
    return not isinstance(act, Turn | Close) and act != Go(Trigger.BACK)


def check_holds_all(session: Session, now: LocalTime) -> None:
    page = page_of(session, now)
    texts = [*texts_of(page.parts), page.heading]
    whole, offers = "\n".join(texts), {*offered_acts(page)}
    view = reviewed(session, WEB_SCRIPT, now=now)
    advice = view.advice(PACK.guidance)
    is_adult = session.answers.get("age") == Age.FROM_18_TO_25
    due = [each.text for group in (advice.steps, advice.mixes, advice.notes) for each in group]
    for line in lines_of(session, WEB_SCRIPT, now=now):
        due += [line.planned.title, line.planned.action.why, *line.planned.details]
    due += [WEB_SCRIPT.wording.say("close.referral"), WEB_SCRIPT.wording.say("close.complete")]
    for each in due:
        assert (said_of_an_adult(each) if is_adult else each) in texts
    for at in text_cards(session, now=now):
        card = show(at, WEB_SCRIPT, now)
        missing = [each for each in card.buttons if is_needed(each.act) and each.act not in offers]
        assert missing == []
        numbers = {each.value for each in PACK.contacts.all if each.value and each.value in card.text}
        assert {each for each in numbers if each not in whole} == set()
        if at.overlay is None or at.overlay.kind is Kind.ACTION:
            done = [each for each in card.text.splitlines() if each.startswith("✓ ") or ": no answer" in each]
            assert {each for each in done if at.overlay and each not in whole} == set()


@each_seed(120, 1)
def test_the_plan_holds_and_offers_all_that_the_text_cards_of_the_result_do(seed: int) -> None:
    for session, now in cases(seed):
        check_holds_all(session, now)


def test_the_plan_of_a_walk_holds_and_offers_all_that_its_text_cards_do() -> None:
    sessions = walked()
    assert len(sessions) >= 4
    for session in sessions:
        check_holds_all(session, NOON)


@each_seed(60, 1)
def test_every_text_place_of_the_result_and_each_action_is_drawn_as_the_whole_plan(seed: int) -> None:
    for session, now in cases(seed):
        plan = page_of(session, now)
        for at in text_cards(session, now=now):
            if at.overlay is None or at.overlay.kind is Kind.ACTION:
                assert page_of(at, now) == plan


@each_seed(120, 1)
def test_no_answer_in_one_tap_leads_where_called_and_then_no_answer_does(seed: int) -> None:
    tried = 0
    for session, now in results(seed):
        for line in (CardLine.CARE, CardLine.POLICE, CardLine.EMERGENCY):
            once, called = Log(line, "no-answer"), Log(line, "called")
            if called not in offered_acts(page_of(session, now)):
                continue
            tried += 1
            assert once in offered_acts(page_of(session, now))
            one = pressed(session, once, now=now)
            two = pressed(pressed(session, called, now=now), once, now=now)
            assert [each.what for each in two.result.log] == ["called", "no-answer"]
            assert one.result.log == two.result.log[1:]
            assert replace(one, card=two.card, result=two.result) == two
            for place in (Overlay(Kind.ACTION, line), None):
                first, second = (replace(each, overlay=place) for each in (one, two))
                assert show(first, WEB_SCRIPT, now).text == show(second, WEB_SCRIPT, now).text
                assert page_of(first, now) == page_of(second, now)
    assert tried


@pytest.mark.parametrize(
    ("now", "rung"), [(NOON, ["police"]), (NOON.moved(NOON.at.replace(hour=23)), ["police", "edt"])]
)
def test_a_social_worker_gets_the_police_at_once_and_at_night_those_to_hand_over_to(
    now: LocalTime, rung: list[str]
) -> None:
    session = finished({"safe": "not-tonight", "profession": "social-care", "judgement": "yes", "age": "13-15"}, {})
    plan = next(each for each in page_of(session, now).parts if isinstance(each, Doings))
    care = [
        each for each in plan.doings if Log(CardLine.CARE, "called") in [each.act for each in every(each.parts, Button)]
    ]

    assert [each.id for each in calls_of(care[0].parts)] == rung


def test_an_office_that_did_not_answer_twice_comes_after_101() -> None:
    session = finished({"told_or_seen": "yes", "profession": "school", "judgement": "yes", "age": "13-15"}, {})

    def rung(session: Session) -> list[str]:
        plan = next(each for each in page_of(session).parts if isinstance(each, Doings))
        return [each.id for each in calls_of(plan.doings[0].parts)]

    assert rung(session) == ["art", "police"]
    again = Log(CardLine.CARE, "no-answer")
    assert rung(once := pressed(session, again, now=NOON)) == ["art", "police"]
    assert rung(pressed(once, again, now=NOON)) == ["police", "art"]


@pytest.mark.parametrize(
    ("around", "taps", "is_red"),
    [
        ({"danger": "yes", "profession": "school"}, (), True),
        ({"danger": "yes", "profession": "school"}, ("no-answer",), True),
        ({"danger": "yes", "profession": "school"}, ("called", "taken"), False),
        ({"danger": "yes", "profession": "police"}, (), False),
        ({"told_or_seen": "yes", "profession": "school"}, (), False),
    ],
)
def test_only_a_plan_that_999_leads_is_red(around: dict[str, str], taps: tuple[str, ...], is_red: bool) -> None:
    session = finished({"age": "13-15", "judgement": "yes", **around}, {})
    for each in taps:
        session = pressed(session, Log(CardLine.EMERGENCY, each), now=NOON)

    assert [bool(each.calls) for each in page_of(session).parts if isinstance(each, Banner)] == [is_red]


@each_seed(40, 2)
def test_in_a_rehearsal_nothing_is_logged_and_nobody_dialled(seed: int) -> None:
    for session, now in cases(seed):
        script = rehearsed_script(Practice(stage=Stage.SERAF, session=session), WEB_SCRIPT)
        page = show(session, script, now).page
        assert page is not None
        assert [each for each in offered_acts(page) if isinstance(each, Log)] == []
        assert {each.dial for each in calls_of(page.parts)} <= {""}
        real = {each.value for each in PACK.contacts.all if len(each.value) > 3}
        assert {each for each in real if each in "\n".join(texts_of(page.parts))} == set()


@each_seed(60, 1)
def test_whatever_a_page_offers_can_be_pressed(seed: int) -> None:
    for session, now in cases(seed):
        for act in offered_acts(page_of(session, now)):
            code = code_of(act)
            reply = step(session, Pressed(Occasion(now, "BRISK OTTER 41"), session.card, code), WEB_SCRIPT)
            assert [each for each in reply.effects if getattr(each, "key", "") in ("stale", "no-button")] == []


def test_what_follows_from_a_call_is_asked_at_the_top_and_once() -> None:
    session = finished({"told_or_seen": "yes", "profession": "school", "judgement": "yes", "age": "13-15"}, {})
    asked = pressed(session, Log(CardLine.CARE, "called"), now=NOON)
    answers = [each for each in offered_acts(page_of(asked)) if isinstance(each, Log) and each.line == CardLine.CARE]

    assert {each.what for each in answers} == {*WHAT["called"].asks, "undo"}
    assert len(answers) == len({*answers})


@pytest.mark.parametrize("first", ["In danger", "Neither"])
def test_a_stop_page_offers_all_that_its_card_does_and_says_what_goes_on(first: str) -> None:
    talk = Talk(WEB_SCRIPT).start().press(first)
    talk = talk if first == "In danger" else talk.press("Yes")
    page, card = talk.card.page, talk.card
    assert page is not None
    ways = {each.act: each.label for part in page.parts if isinstance(part, Ways) for each in part.buttons}

    assert {each.act for each in card.buttons if is_needed(each.act)} <= {*offered_acts(page)}
    assert ways[Close()] == next(each.label for each in card.buttons if each.act == Close())
    assert page.back is not None
    assert page.back.act == Go(Trigger.BACK)
    assert {each.value for each in PACK.contacts.all if each.value and each.value in card.text} <= {
        each.value for each in calls_of(page.parts)
    }


def test_an_entry_is_taken_back_at_a_stop_and_the_call_is_still_to_be_made() -> None:
    stopped = Talk(WEB_SCRIPT).start().press("In danger").session
    unanswered = pressed(stopped, Log(CardLine.EMERGENCY, "no-answer"), now=NOON)
    anew = replace(unanswered, overlay=stopped.overlay)
    undo = next(each for each in offered_acts(page_of(anew)) if isinstance(each, Log) and each.what == "undo")
    again = pressed(anew, undo, now=NOON)

    assert again.result.log == ()
    assert (again.phase, again.place) == (stopped.phase, stopped.place)
    assert Log(CardLine.EMERGENCY, "called") in offered_acts(page_of(again))
