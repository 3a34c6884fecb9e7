"""Rehearses every shipped vignette to its debrief. A test gives no hints, and the debrief begins with the misses."""

import re
from dataclasses import replace

import pytest

from dialogs.core.session import fresh
from dialogs.rehearsal.core.stage_card import done_in_words
from dialogs.result.actions import lines_of
from seraf.advice.action_plan import CardLine, Planned
from seraf.advice.contacts import LocalTime
from seraf.case_view import CaseView
from seraf.cases.vignette import FirstCall, Vignette
from seraf.form.responses import NOTHING, Responses
from seraf.form.vocabulary import FACT_WORDS
from seraf.rehearsal.critical_actions import PROTECTING, Critical, allowed_calls, keyed_case
from seraf.rehearsal.first_call import first_step
from state_machines.assessment import Phase
from tests.support.counts import times
from tests.support.shipped import INSTRUMENT, NOON, PACK, SCRIPT, WORDING, at
from tests.support.talk.rehearsing_all import as_keyed, debriefed

GIVEN_AWAY = (
    *(
        *("The form can wait", "Call 999", "Call:", "call now", "discuss this with ART", "social care today"),
        "Danger now:",
    ),
)
"""Words that would reveal the right first call."""

RUNG = re.compile(r"\d{5}")
"""Matches a telephone number other than 999 and 101, which are shorter."""


WHOLE = tuple(vignette for vignette in PACK.vignettes if not vignette.stages)
"""The cases that are read at once. Those in stages are played by tests of their own."""


def each_vignette() -> pytest.MarkDecorator:
    return pytest.mark.parametrize("vignette", WHOLE[:: times(1, 4)], ids=lambda vignette: vignette.id)


@pytest.mark.prove
@each_vignette()
def test_a_test_rehearsal_is_silent_before_the_first_call_and_a_followed_key_misses_nothing(
    vignette: Vignette,
) -> None:
    """No card or button hints at the first call, no card shows a telephone number, and model answers miss no action."""
    rehearser = as_keyed(vignette, {})
    asked = rehearser.cards[rehearser.cards.index(next(each for each in rehearser.cards if "part 1 of" in each.text)) :]
    shown = [f"{card.text} {' '.join(button.label for button in card.buttons)}" for card in asked]
    call, *_ = allowed_calls(PACK, vignette.key, given={"profession": "school"})
    rehearser.press(WORDING.say(f"first-call.{call}"))
    result = f"{rehearser.text} {' '.join(rehearser.labels)}"
    rehearser.press("My answers")

    assert [text for text in shown if any(each in text for each in GIVEN_AWAY) or "Call" in text.split()] == []
    assert [text for text in (*shown, result) if RUNG.search(text)] == []
    assert not {"I called", "1 Call", "1 Call 999"} & set(result.split("  "))
    assert rehearser.text.split("\n\n")[2] == "No critical action missed, of 5 asked"


@pytest.mark.prove
@each_vignette()
def test_doing_nothing_leads_the_debrief_although_every_item_is_right(vignette: Vignette) -> None:
    """Danger, disclosure and judgement are denied and nobody is called; all items follow the model answers."""
    nothing = {"danger": "no", "told_or_seen": "no", "judgement": "no"}
    rehearser = as_keyed(vignette, nothing).press("Nobody today", "My answers")
    head = rehearser.text.split("\n\n")[2]

    # Even where nobody has to act today a school discusses its concern with ART.
    assert "First call" in head
    for place, name in (("danger", "Danger now"), ("told_or_seen", "Told or seen"), ("judgement", "Judgement")):
        keyed = vignette.key.of(place)
        assert keyed is not None
        assert (name in head) is not keyed.agrees("no")
    while "Items" not in rehearser.text.split("\n\n"):
        rehearser.press("Next page")
    assert re.search(r"agreed with the model answers on (\d+) of \1 items", rehearser.text)
    assert "Rules that you kept" not in rehearser.text


def test_an_answer_of_danger_calls_for_999_although_the_key_leaves_it_open() -> None:
    """The model answers accept both answers to danger, but a person who says “in danger” must also call 999."""
    teo = next(each for each in PACK.vignettes if each.id == "teo")

    text = as_keyed(teo, {"danger": "yes"}).press("ART (or EDT)", "My answers").text

    assert "First call. Yours: ART (or EDT). Model answer: 999.\nBy your own answers the child is in danger" in text


@pytest.mark.parametrize(
    ("changes", "call", "lead"),
    [
        ({"judgement": "yes"}, "Nobody today", "You suspect significant harm: call now."),
        ({"judgement": "yes"}, "Manager or lead", "You suspect significant harm: call now."),
        ({"judgement": "not-sure"}, "Nobody today", "Not sure: talk it through today."),
        ({"danger": "yes"}, "ART (or EDT)", "Danger now: call 999."),
        ({"judgement": "yes"}, "ART (or EDT)", ""),
        ({}, "ART (or EDT)", ""),
    ],
)
def test_a_worry_that_nobody_acted_on_is_never_praised(changes: dict[str, str], call: str, lead: str) -> None:
    """The model answers need no action, but the person's own answers call for one."""
    otis = next(each for each in PACK.vignettes if each.id == "otis")
    pages = [as_keyed(otis, changes).press(call, "My answers")]
    text = pages[0].text
    while "Next page" in pages[0].labels:
        text += pages[0].press("Next page").text

    assert (f"By your own answers the result is: “{lead}”" in text) is bool(lead)
    assert ("Rules that you kept" in text) is not bool(lead)
    assert "A school calls ART about any concern" in text


@pytest.mark.parametrize(
    ("name", "changes", "call", "first"),
    [
        ("bea", {}, "Nobody today", "First call. Yours: Nobody today. Model answer: ART (or EDT).\nEach worry was"),
        (
            "leon",
            {"judgement": "yes"},
            "Manager or lead",
            "Model answer: ART (or EDT).\nBy your own answers a call is due",
        ),
        (
            "abby",
            {"profession": "social-care"},
            "Nobody today",
            "Model answer: Manager or lead.\nYou decide on the child's file",
        ),
        ("femi", {"danger": "yes"}, "999", "Danger now: In danger.\n"),
        ("ines", {"danger": "missing"}, "999", "Danger now: Missing.\n"),
    ],
)
def test_one_s_own_card_asks_for_at_least_what_the_duty_asks(
    name: str, changes: dict[str, str], call: str, first: str
) -> None:
    """A school that calls nobody, a judgement by which a call is due, and danger or missing, which both mean 999."""
    vignette = next(each for each in PACK.vignettes if each.id == name)

    assert first in "".join(debriefed(as_keyed(vignette, changes).press(call)))


STANDS_FOR = {
    CardLine.EMERGENCY: (FirstCall.EMERGENCY,),
    CardLine.CARE: (FirstCall.ART, FirstCall.ALLOCATED, FirstCall.ELSEWHERE),
    CardLine.MANAGER: (FirstCall.LEAD,),
}
"""The answers to “whom do you call first?” that agree with each line of the action card."""

NIGHT = at("2026-03-04T23:50")


def is_passed_over(planned: Planned, first_call: FirstCall, role: str, lead: str) -> bool:
    """Return True for an act of one's own, social care's line for who decides there, and what a school's duty outranks."""
    match planned.action.line:
        case CardLine.EMERGENCY:
            return first_call is not FirstCall.EMERGENCY
        case CardLine.CARE:
            return not planned.action.calls or role == "social-care"
        case _:
            return planned.action.line is CardLine.MANAGER and lead == "school"


@pytest.mark.prove
@pytest.mark.parametrize("now", [NOON, NIGHT], ids=["noon", "night"])
@each_vignette()
def test_a_key_is_compared_with_the_very_step_that_the_card_puts_first(vignette: Vignette, now: LocalTime) -> None:
    """For every role, the first call on the action card is that of `first_step`, which checks the model answers."""
    case = keyed_case(PACK.instrument, vignette.key)
    for role in FACT_WORDS["profession"]:
        answers = {**case.answers, "profession": role}
        session = replace(
            fresh(7, NOTHING),
            phase=Phase.RESULT,
            answers=replace(fresh(7, NOTHING).answers, around=Responses.of(answers), items=case.responses),
        )
        facts = CaseView(PACK.instrument, replace(case, answers=answers)).facts
        step, lead = first_step(PACK.guidance, facts, is_open=now is NOON), PACK.guidance.advise(facts).leads[0].id

        lines = {each.line: each.planned for each in lines_of(session, SCRIPT, now=now)}
        first = next(
            line for line in lines if line in STANDS_FOR and not is_passed_over(lines[line], step.call, role, lead)
        )

        assert step.title == lines[first].title
        assert step.call is FirstCall.NOBODY or step.call in STANDS_FOR[first]


def test_changes_after_the_first_call_are_not_compared() -> None:
    """The result reveals answers. A missed danger that is corrected after it still counts as missed."""
    ines = next(each for each in PACK.vignettes if each.id == "ines")
    rehearser = as_keyed(ines, {"danger": "no"}).press("999")
    untouched = "".join(debriefed(as_keyed(ines, {}).press("999")))
    rehearser.press("More", "Change answers")
    while "Change danger" not in rehearser.labels:
        rehearser.press("Next page")
    rehearser.press("Change danger", "In danger")
    while "My answers" not in rehearser.labels:
        rehearser.press(next(each for each in ("Continue", "Go on", "Next page", "Yes") if each in rehearser.labels))

    changed = "".join(debriefed(rehearser))

    assert rehearser.session is not None
    assert rehearser.practice.session is not None
    assert rehearser.practice.session.answers.by_place["danger"] == "yes"
    assert ("Danger now. Yours: Neither." in changed, "1 of 5 critical actions missed" in changed) == (True, True)
    assert ("is not compared" in changed, "is not compared" in untouched) == (True, False)
    assert [each.slips for each in rehearser.practice.history.course] == [(Critical.DANGER,)]


@pytest.mark.parametrize("name", ["pia", "dev", "abby"])
@pytest.mark.parametrize("answer", ["No", "Not known"])
def test_a_debrief_takes_three_pages_and_all_items_are_behind_a_button(name: str, answer: str) -> None:
    """Most answers differ, and all of them are found: first what moved the category, then every item with its reason."""
    vignette = next(each for each in PACK.vignettes if each.id == name)
    word = {"No": "no", "Not known": "not-known"}[answer]
    nothing = {**{item.id: word for item in PACK.instrument.items}, **{each.value: "no" for each in PROTECTING}}
    rehearser = as_keyed(vignette, nothing).press("Nobody today", "My answers")
    first = [rehearser.text]
    while "Next page" in rehearser.labels:
        first.append(rehearser.press("Next page").text)

    rest = [rehearser.press("All items").text]
    while "Next page" in rehearser.labels:
        rest.append(rehearser.press("Next page").text)

    differing = [each for each in vignette.key.keyed if each.place in INSTRUMENT and not each.agrees(word)]
    assert len(first) <= 3
    assert all("All items · " in each for each in rest)
    assert sum(each.count("Model answer: ") for each in rest) >= len(differing)
    while "All items · " in rehearser.text:
        rehearser.press("Back")
    assert rehearser.text == first[-1]


def test_going_further_is_said_at_the_head_and_is_not_a_miss() -> None:
    bea = next(each for each in PACK.vignettes if each.id == "bea")

    text = as_keyed(bea, {"danger": "yes", "told_or_seen": "yes", "judgement": "yes"}).press("999", "My answers").text

    assert text.split("\n\n")[2] == (
        "No critical action missed, of 5 asked;"
        " 4 further than the model answer: Danger now; Told or seen; Judgement; First call"
    )


def test_where_all_was_missed_nothing_is_in_line() -> None:
    ines = next(each for each in PACK.vignettes if each.id == "ines")
    nothing = {**{item.id: "no" for item in PACK.instrument.items}, **{each.value: "no" for each in PROTECTING}}

    text = "".join(debriefed(as_keyed(ines, nothing).press("Nobody today")))

    assert "5 of 5 critical actions missed: Danger now; Told or seen; Judgement; First call; Category" in text
    assert "In line with the model answer" not in text
    assert done_in_words(Critical.DANGER, None, script=SCRIPT) == "not given"
