"""A review begins with no answers filled in, and it never reassures falsely: earlier findings come first."""

import random
from collections.abc import Callable
from dataclasses import replace

import pytest

from bot.crypto.code_cipher import CodeCipher
from dialogs.cards.show import show
from dialogs.core.acts import Kind, Overlay
from dialogs.core.replies import Toast
from dialogs.core.script import Script
from dialogs.core.session import Session
from dialogs.phrases.earlier import reviewed
from dialogs.result.actions import lead_of
from dialogs.summary.summarise import summarise
from dialogs.summary.text import as_text
from seraf.advice.action_plan import Urgency
from seraf.form.responses import NOTHING, Responses
from seraf.form.vocabulary import Age
from seraf.review.carry_over import in_format
from state_machines.assessment import Phase
from tests.support.pack import other_board
from tests.support.pack.carrying import CARRIER, MARCH, OLDER, SECOND, of_a_newer_release
from tests.support.pack.carrying import finished as drawn
from tests.support.shipped import CARRY, INSTRUMENT, NOON, REHEARSED_CODES, SCRIPT, WORDING
from tests.support.talk.reviews import code_of, days_later, finished, reviewing, without_codes
from tests.support.talk.talking import Talk
from tests.support.talk.walking import faults_of_form

CODE = code_of(finished())
SECOND_CODE, OLD_CODE = CARRIER.write(SECOND), CARRIER.write(OLDER)
UNKNOWN = replace(INSTRUMENT, items=(replace(INSTRUMENT.items[0], label="Another question"), *INSTRUMENT.items[1:]))
"""An instrument whose review codes this pack does not know."""

MIXED = (2, 1, 1, 3, 2, 3)


def test_a_code_begins_a_review_with_nothing_filled_in() -> None:
    talk = reviewing(CODE)

    assert (talk.session.phase, talk.session.place) == (Phase.OPENING, "danger")
    assert talk.session.answers.items == NOTHING
    assert dict(talk.session.answers.around) == {"stage": "review", "profession": "school"}
    assert "March 2026: age 13–15, 29 items known." in talk.text
    assert talk.labels == ["Go on", "Urgent"]
    assert talk.press("Go on").chosen == []


def test_a_review_is_not_asked_whether_it_is_one() -> None:
    talk = reviewing(CODE).press("Go on", "Neither", "No", "Yes", "13–15", "Form order")

    talk.answer(["No"] * 23 + ["Not in 12 months"] * 7)

    asked = []
    while talk.session.phase is Phase.CLOSING:
        asked.append(talk.session.place)
        talk.press(next(each for each in ("None of the others", "Not known") if each in talk.labels))
    assert "stage" not in asked
    assert asked[0] == "allocated"
    assert asked[-1] == "circumstances"
    assert talk.session.answers.get("stage") == "review"


def test_first_or_review_can_be_changed_on_the_check_page() -> None:
    talk = reviewing(CODE).press("Go on", "Neither", "No", "Yes", "13–15", "Form order").finish()
    while "Change first/review" not in talk.labels:
        talk.press("Next page")

    talk.press("Change first/review", "First")

    assert talk.session.answers.get("stage") == "first"
    assert talk.session.detour.is_changing is False


@pytest.mark.parametrize(
    ("typed", "toast"),
    [
        (CODE[:-1], ("code-unknown", "")),
        (CODE[:-3], ("code-length", "23")),
        (f"{CODE}0", ("code-length", "27")),
        (SECOND_CODE[:-1], ("code-length", "23")),
        (f"{SECOND_CODE}0", ("code-unknown", "")),
        (OLD_CODE[:-1], ("code-length", "19")),
        (f"{OLD_CODE}0", ("code-length", "21")),
        (CODE.replace("-", "")[:21], ("code-length", "21")),
        ("AB2CD", ("code-length", "5")),
        (f"{CODE} there", ("code-unknown", "")),
        (f"{CODE} pl", ("code-length", "28")),
        (f"{CODE} {OLD_CODE[:-2]}", ("code-unknown", "")),
        (f"{SECOND_CODE} {OLD_CODE[:-1]}", ("code-length", "43")),
        (f"{CODE} {CODE[:-5]}", ("code-length", "47")),
        (f"{CODE} {CODE[:-1]}0 {OLD_CODE}", ("code-unknown", "")),
        (f"U{CODE[1:]}", ("code-signs", "")),
        (f"é{CODE[1:]}", ("code-signs", "")),
        ("0" * 20, ("code-unknown", "")),
        ("0" * 24, ("code-unknown", "")),
        ("0" * 26, ("code-unknown", "")),
        (of_a_newer_release(MARCH), ("code-newer", "")),
        (f"{CODE} {of_a_newer_release(MARCH)}", ("code-newer", "")),
        (of_a_newer_release(MARCH, REHEARSED_CODES), ("code-newer", "")),
        (CODE[:-1] + ("A" if CODE[-1] != "A" else "B"), ("code-unknown", "")),
        ("0" * 4_000, ("code-unknown", "")),
        (CodeCipher(CARRY, (UNKNOWN,)).write(replace(MARCH, fingerprint=UNKNOWN.fingerprint)), ("code-unknown", "")),
    ],
)
def test_a_code_that_does_not_open_is_answered_with_what_may_be_wrong(typed: str, toast: tuple[str, str]) -> None:
    talk = Talk().begin().command("review", typed)

    assert talk.session.overlay == Overlay(Kind.REVIEW)
    assert not talk.session.has_case
    (said,) = talk.effects
    assert isinstance(said, Toast)
    assert (said.key, dict(said.values).get("count", "")) == toast
    assert "Look back at an earlier SERAF" in talk.text


def test_several_codes_are_looked_back_on_oldest_first_and_each_once() -> None:
    later = code_of(finished(occasion=days_later(80)))

    together = reviewing(later, CODE.replace("-", " "), later.lower())
    apart = reviewing(later).press("Go on").command("review", CODE)

    for talk in (together, apart):
        assert [each.month for each in talk.session.earlier] == [3, 5]
        assert talk.session.overlay == Overlay(Kind.EARLIER)
        assert talk.session.reference == "CALM HERON 27"
    assert "May 2026" in together.text


@pytest.mark.parametrize("parted", [lambda code: code, lambda code: code.replace("-", " "), str.lower])
def test_older_and_newer_codes_may_be_typed_one_after_another(parted: Callable[[str], str]) -> None:
    draw = random.Random("mixed")
    months = [(2024, month) for month in (10, 11, 12)] + [(2025, month) for month in (1, 2, 3)]
    given = [
        replace(drawn(draw, code_format=each), year=year, month=month)
        for (year, month), each in zip(months, MIXED, strict=True)
    ]
    typed = [parted(CARRIER.write(each)) for each in given]

    for codes in (typed, typed[::-1], [*typed[::2], *typed[1::2]]):
        assert reviewing(*codes).session.earlier == tuple(given)


def test_of_two_codes_of_one_seraf_the_newer_format_counts() -> None:
    """Otherwise the SERAF would count twice, once without what the child disclosed."""
    newest = replace(MARCH, facts=MARCH.facts.give("danger", "missing").give("going_on", "no"))
    second, first = in_format(newest, 2), in_format(newest, 1)
    once = reviewing(*map(CARRIER.write, (newest, first, second)))
    later = reviewing(CARRIER.write(first)).press("Go on").command("review", CARRIER.write(second))
    others = (replace(first, judgement="yes"), replace(second, facts=second.facts.give("danger", "yes")))

    assert once.session.earlier == (newest,)
    assert later.session.earlier == (second,)
    assert later.command("review", CARRIER.write(newest)).session.earlier == (newest,)
    assert reviewing(*map(CARRIER.write, (newest, *others))).session.earlier == (newest, *others)


def test_more_codes_than_can_be_shown_side_by_side_are_refused() -> None:
    codes = [CARRIER.write(replace(MARCH, month=month)) for month in range(1, 8)]

    talk = reviewing(*codes[:6])
    before = talk.session.earlier
    talk.command("review", codes[6])

    assert talk.toasts == ["too-many-codes"]
    assert talk.session.earlier == before
    assert len(before) == 6


@pytest.mark.parametrize("answers", [[], ["Yes"], ["Yes", "No"]])
def test_once_an_item_is_answered_a_code_could_be_another_child_s(answers: list[str]) -> None:
    talk = Talk().open_with().answer(answers)

    talk.command("review", CODE)

    assert talk.session.overlay == Overlay(Kind.AGAIN)
    assert talk.session.earlier == ()


def test_an_opening_question_that_is_changed_from_the_check_page_is_too_late_too() -> None:
    talk = Talk().open_with().finish()
    while "Change danger" not in talk.labels:
        talk.press("Next page")

    talk.press("Change danger").command("review", CODE)

    assert talk.session.overlay == Overlay(Kind.AGAIN)


def test_after_an_erasure_a_review_begins_afresh() -> None:
    talk = reviewing(CODE).command("erase").press("Erase now")

    assert talk.session.earlier == ()
    assert talk.command("review", CODE).session.earlier != ()


def test_a_review_whose_first_question_was_left_by_back_is_still_one() -> None:
    talk = reviewing(CODE).press("Go on", "Back", "Back", "Start")

    assert len(talk.session.earlier) == 1
    assert talk.session.place == "danger"


def test_without_a_key_there_are_no_codes_and_the_words_say_why() -> None:
    talk = Talk(without_codes()).begin()

    assert "Review" not in talk.labels
    assert talk.command("review", CODE).toasts == ["no-codes"]
    assert "Review code" not in finished(script=without_codes()).labels


def test_each_item_shows_its_last_answer_and_none_is_chosen() -> None:
    talk = reviewing(CODE).press("Go on", "Neither", "No", "Yes")

    assert "Last time (March 2026): 13–15" in talk.text
    talk.press("13–15", "Form order")
    for item in INSTRUMENT.items:
        wanted = {"V1": "Yes", "V2": "Not known", "S1": "Past 6 months"}
        absent = "Not in 12 months" if item.section.id == "significant" else "No"
        assert f"Last time (March 2026): {wanted.get(item.id, absent)}" in talk.text
        assert talk.chosen == []
        talk.press(absent)
    assert talk.session.phase is Phase.CLOSING


def test_the_latest_of_several_is_the_last_time() -> None:
    later = finished(["No"] * 23 + ["Not in 12 months"] * 7, occasion=days_later(80))

    talk = reviewing(code_of(later), CODE).press("Go on", "Neither", "No", "Yes", "13–15", "Form order")

    assert "Last time (May 2026): No" in talk.text


def test_a_tick_list_marks_the_answers_of_last_time() -> None:
    talk = reviewing(CODE).press("Go on", "Neither", "No", "Yes", "13–15", "Quick")

    assert "Last time (March 2026): ● Yes, ? not known, – No." in talk.text
    assert f"● {INSTRUMENT.item('V1').label}\n" in talk.text
    assert f"? {INSTRUMENT.item('V2').label}\n" in talk.text
    assert f"– {INSTRUMENT.item('V3').label}\n" in talk.text
    assert talk.chosen == []
    talk.answer([INSTRUMENT.item("V1").short, INSTRUMENT.item("V3").short])
    assert f"✓ ● {INSTRUMENT.item('V1').label}\n" in talk.text
    assert f"✓ – {INSTRUMENT.item('V3').label}\n" in talk.text


def test_no_card_of_a_review_is_too_long() -> None:
    unknown = replace(MARCH, responses=NOTHING, age=Age.NOT_KNOWN)
    begun = reviewing(CARRIER.write(unknown)).session

    for place in (*(item.id for item in INSTRUMENT.items), *(each.id for each in INSTRUMENT.sections[:2])):
        ticked = Responses.of({item.id: "yes" for item in INSTRUMENT.items if item.section.id == place})
        enough = ticked.give("S1", "current")
        there = replace(
            begun, phase=Phase.ITEMS, place=place, overlay=None, answers=replace(begun.answers, items=enough)
        )
        assert faults_of_form(show(there, SCRIPT, NOON), there.card) == []


def test_an_item_that_another_list_did_not_have_or_put_in_other_words_was_not_asked() -> None:
    script = replace(SCRIPT, codes=CARRIER)
    theirs = replace(MARCH, fingerprint=other_board.INSTRUMENT.fingerprint, responses=NOTHING)

    talk = reviewing(CARRIER.write(theirs), script=script).press("Go on", "Neither", "No", "Yes", "13–15", "Form order")

    assert "Last time (March 2026): not asked last time" in talk.text
    assert talk.finish().session.phase is Phase.CHECK
    quick = reviewing(CARRIER.write(theirs), script=script).press("Go on", "Neither", "No", "Yes", "13–15", "Quick")
    assert f"? {INSTRUMENT.item('V1').label}" in quick.text


@pytest.mark.parametrize("script", [without_codes(), SCRIPT])
def test_a_review_works_although_the_earlier_item_list_is_unknown(script: Script) -> None:
    begun = reviewing(CODE).press("Go on", "Neither", "No", "Yes", "13–15", "Form order").session
    orphaned = tuple(replace(each, fingerprint="00") for each in begun.earlier)
    there: Session = replace(begun, earlier=orphaned)

    assert "Last time (March 2026): not asked last time" in show(there, script, NOON).text


CALM = [*["No"] * 23, *["Not in 12 months"] * 7]
GRAVE = [*["No"] * 23, "Past 6 months", "Both", "Not in 12 months", "Past 6 months", *["Not in 12 months"] * 3]

GRAVE_LINE = "In March 2026 this was Category 4 (significant). What it called for still stands."
COUNTS = "Said before, and it still counts: items 24, 25, 27. Check now."


def calm_review(*codes: str, days: int = 90) -> Talk:
    talk = reviewing(*codes, days=days).press("Go on", "Neither", "No", "Yes", "13–15", "Form order").answer(CALM)
    while "Continue" not in talk.labels:
        talk.press(next(each for each in ("None of the others", "Not known") if each in talk.labels))
    return talk.press("Continue", "No")


def urgency(talk: Talk) -> Urgency:
    return lead_of(reviewed(talk.session, talk.script, now=talk.occasion.now), talk.script).urgency


def test_a_calm_review_of_category_4_leads_to_the_manager_with_its_reason_first() -> None:
    talk = calm_review(code_of(finished(GRAVE)))

    assert urgency(talk) >= Urgency.MANAGER
    assert f"Last time still counts: talk within the hour.\n{GRAVE_LINE} {COUNTS}" in talk.text
    assert "Keep the concern open" not in talk.text


def test_duties_of_category_4_remain_when_all_its_answers_leave_the_window() -> None:
    talk = calm_review(code_of(finished(GRAVE)), days=540)

    assert urgency(talk) >= Urgency.MANAGER
    assert GRAVE_LINE in talk.text
    assert "still counts: items" not in talk.text


def test_the_record_and_the_script_say_it_too() -> None:
    talk = calm_review(code_of(finished(GRAVE)))
    summary = summarise(talk.session, talk.script, now=talk.occasion.now)

    assert summary.warnings[0] == f"{GRAVE_LINE} {COUNTS}"
    assert summary.advice.leads[0].title == "Last time still counts: talk within the hour."
    assert GRAVE_LINE.split(".")[0] in as_text(summary, WORDING)
    assert f"Say first: {GRAVE_LINE}" in talk.press("Call").text


def test_a_calm_review_of_a_calm_one_is_as_it_was() -> None:
    talk = calm_review(code_of(finished(CALM)))

    assert "still" not in talk.text
    assert "Say first" not in talk.press("Call").text


def test_no_category_is_shown_before_the_judgement() -> None:
    talk = reviewing(code_of(finished(GRAVE))).press("Go on", "Neither", "No", "Yes", "13–15", "Form order")
    talk.answer(CALM[:3]).command("call")

    assert "Category" not in talk.text


@pytest.mark.parametrize("taken_back", ["# Ask", "# Lead"])
def test_its_lines_are_due_within_the_hour(taken_back: str) -> None:
    assert "by 13:00" in calm_review(code_of(finished(GRAVE))).press(taken_back).text
