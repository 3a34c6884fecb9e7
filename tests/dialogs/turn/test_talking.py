"""Tests of whole conversations: commands, typed text and refused content lose nothing in any phase."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from dialogs.core.acts import Kind, Overlay
from dialogs.core.events import IGNORED_KINDS, Ignored, Lapsed
from dialogs.core.replies import Wipe
from seraf.form.responses import Responses
from state_machines.assessment import BEGUN, Phase
from tests.support.shipped import OCCASION
from tests.support.talk.talking import Talk

ALL_NO = ["No"] * 23 + ["Not in 12 months"] * 7


def test_coming_back_shows_what_was_chosen_and_going_back_further_reaches_the_welcome() -> None:
    talk = Talk().open_with().press("Not known", "Back")

    assert talk.session.place == "V1"
    assert talk.chosen == ["Not known"]

    talk.press(*["Back"] * 7)

    assert talk.session.phase is Phase.WELCOME
    assert dict(talk.session.answers.items) == {"V1": "not-known"}


def test_back_from_the_closing_questions_returns_to_the_last_item_and_from_the_check_to_them() -> None:
    talk = Talk().open_with().answer(ALL_NO).press("Not known", "Review", "No", "None of the others")

    assert talk.session.phase is Phase.CHECK
    talk.press("Back")
    assert talk.session.place == "circumstances"
    talk.press("Back")
    assert talk.session.place == "known"
    talk.press("Back", "Back", "Back")
    assert talk.session.place == "S7"


def test_the_profession_is_asked_once_a_person() -> None:
    talk = Talk().open_with().answer(ALL_NO).close().press("No", "More", "Erase", "Erase now")

    talk.begin().press("Start")
    assert talk.session.place == "danger"
    talk.press("Neither", "No", "Yes", "13–15", "Form order")
    talk.answer(ALL_NO).press("Not known", "First", "None of the others")

    assert talk.session.phase is Phase.CHECK
    assert talk.session.answers.get("profession") == "school"


def test_a_way_of_taking_the_items_that_is_remembered_is_not_asked_for() -> None:
    """With a stored order of the items, the first item takes one tap less. Choosing a new role takes one tap more."""
    talk = (
        Talk(profile=Responses.of({"order": "serious"}))
        .begin()
        .press("Start", "School", "Neither", "No", "Yes", "13–15")
    )

    assert talk.session.place == "S1"
    assert talk.taps == 6


def test_the_review_is_due_from_the_day_of_the_judgement() -> None:
    talk = Talk().open_with().answer(ALL_NO).close().press("No")

    later = replace(OCCASION, now=replace(OCCASION.now, at=OCCASION.now.at + timedelta(days=20)))
    talk.occasion = later
    talk.press("More steps", "All steps")
    while "First page" not in talk.labels:
        talk.press("Next page")

    assert "Review by 4 June 2026" in talk.text


@pytest.mark.parametrize(("concern", "age"), [("No, something else", None), ("Yes", "Other adult")])
def test_a_case_that_seraf_is_not_for_is_pointed_elsewhere(concern: str, age: str | None) -> None:
    talk = Talk().begin().press("Start", "School", "Neither", "No", concern, *([age] if age else []))

    assert talk.session.phase is Phase.ELSEWHERE
    assert "Call ART" in talk.text
    assert talk.session.answers.get("age") is None
    talk.press("Back")
    assert (talk.session.phase, talk.session.place) == (Phase.OPENING, "age" if age else "concern")
    talk.press(age or concern, "Done")
    assert (talk.session.phase, talk.session.has_case) == (Phase.ERASED, False)


def test_erasing_asks_once_and_then_nothing_stays() -> None:
    talk = Talk().open_with().answer(["Yes"]).press("More", "Erase", "Keep it")
    assert talk.session.place == "V2"

    talk.press("More", "Erase", "Erase now")

    assert talk.session.phase is Phase.ERASED
    assert not talk.session.has_case
    assert dict(talk.session.answers.around) == {"profession": "school"}
    assert len(talk.session.answers.items) == 0
    assert Wipe() in talk.effects
    assert talk.toasts == ["erased"]
    assert talk.press("Start").session.place == "danger"


def finished() -> Talk:
    return Talk().open_with().answer(["Yes"]).finish()


PHASES: dict[Phase, Callable[[], Talk]] = {
    Phase.WELCOME: lambda: Talk().begin(),
    Phase.OPENING: lambda: Talk().begin().press("Start"),
    Phase.ITEMS: lambda: Talk().open_with(),
    Phase.CLOSING: lambda: finished().press("Back"),
    Phase.CHECK: finished,
    Phase.JUDGEMENT: lambda: finished().press("Continue"),
    Phase.RESULT: lambda: finished().press("Continue", "Yes"),
    Phase.PAUSED: lambda: Talk().open_with().press("More", "Pause"),
    Phase.ELSEWHERE: lambda: Talk().begin().press("Start", "School", "Neither", "No", "No, something else"),
    Phase.ERASED: lambda: Talk().open_with().press("More", "Erase", "Erase now"),
}

EVERY_PHASE = pytest.mark.parametrize("phase", Phase)


@EVERY_PHASE
@pytest.mark.parametrize(
    ("name", "kind"), [("urgent", Kind.URGENT), ("call", Kind.CALL), ("contacts", Kind.CONTACTS), ("help", Kind.HELP)]
)
def test_help_and_numbers_are_one_command_away_in_every_phase_and_lead_back(
    phase: Phase, name: str, kind: Kind
) -> None:
    talk = PHASES[phase]()
    place = talk.session.place

    talk.command(name)

    assert talk.session.overlay == Overlay(kind)
    talk.press("Back")
    assert talk.session.overlay is None
    assert talk.session.place == place
    assert talk.session.phase is (Phase.WELCOME if phase is Phase.ERASED else phase)


@EVERY_PHASE
def test_a_pause_keeps_the_place_where_there_is_one(phase: Phase) -> None:
    talk = PHASES[phase]()
    before = talk.text

    talk.command("pause")

    if phase not in BEGUN:
        assert talk.toasts == ["cannot-pause"]
        return
    assert "Saved for a limited time: " in talk.text
    assert talk.command("resume").text == before


@EVERY_PHASE
def test_resuming_without_a_pause_shows_the_current_place(phase: Phase) -> None:
    talk = PHASES[phase]()

    talk.command("resume")

    expected = [] if phase is Phase.PAUSED else ["resumed" if phase in BEGUN else "cannot-resume"]
    assert talk.toasts == expected


@EVERY_PHASE
@pytest.mark.parametrize("name", ["erase", "cancel"])
def test_erasing_is_a_command_away_and_asks_once(phase: Phase, name: str) -> None:
    talk = PHASES[phase]()
    has_case = talk.session.has_case

    talk.command(name)

    if not has_case:
        assert talk.toasts == ["nothing-kept"]
        return
    assert "BRISK OTTER 41" in talk.text
    assert talk.press("Erase now").session.phase is Phase.ERASED


@EVERY_PHASE
def test_starting_again_never_loses_a_case_in_silence(phase: Phase) -> None:
    talk = PHASES[phase]()

    talk.begin()

    if phase in (Phase.WELCOME, Phase.ERASED):
        assert (talk.session.phase, talk.session.overlay) == (Phase.WELCOME, None)
        return
    assert talk.session.overlay == Overlay(Kind.AGAIN)
    assert "BRISK OTTER 41 is still here" in talk.text
    talk.press("Resume" if phase is Phase.PAUSED else "Go on")
    assert talk.session.phase is (Phase.ITEMS if phase is Phase.PAUSED else phase)


@EVERY_PHASE
def test_a_command_that_there_is_not_changes_nothing(phase: Phase) -> None:
    assert PHASES[phase]().command("delete_everything").toasts == ["no-command"]


@EVERY_PHASE
@pytest.mark.parametrize("name", ["lock", "panic"])
def test_a_conversation_without_a_door_has_nothing_to_lock(phase: Phase, name: str) -> None:
    """A terminal has no lock screen, and a chat handles /lock and /panic before they reach this code."""
    talk = PHASES[phase]()
    place = talk.session.place

    assert talk.command(name).toasts == ["no-lock"]
    assert talk.session.place == place


@EVERY_PHASE
def test_time_that_passes_changes_nothing_in_a_conversation(phase: Phase) -> None:
    talk = PHASES[phase]()
    before = talk.session

    assert talk.take(Lapsed(OCCASION)).session == before
    assert talk.effects == ()


@EVERY_PHASE
@pytest.mark.parametrize("kind", IGNORED_KINDS)
def test_refused_media_is_answered_and_changes_nothing(phase: Phase, kind: str) -> None:
    talk = PHASES[phase]()

    talk.take(Ignored(OCCASION, kind))

    assert talk.toasts == [f"ignored-{kind}"]
    assert f"toast.ignored-{kind}" in talk.script.wording
