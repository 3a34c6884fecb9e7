"""Commands, typed words and what is not taken: from every phase, and never a loss."""

from collections.abc import Callable

import pytest

from dialogs.core.acts import Kind, Overlay
from dialogs.core.events import IGNORED_KINDS, Ignored, Lapsed
from dialogs.turn.commands import NAMES
from state_machines.assessment import BEGUN, Phase
from tests.support.shipped import OCCASION, WORDING
from tests.support.talk.talking import Talk


def finished() -> Talk:
    """A talk on the check page."""
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
"""A conversation in each phase."""

EVERY_PHASE = pytest.mark.parametrize("phase", Phase)


@EVERY_PHASE
def test_there_is_a_conversation_in_each_phase(phase: Phase) -> None:
    """What the other tests of this file begin with is what it says."""
    assert PHASES[phase]().session.phase is phase


@EVERY_PHASE
@pytest.mark.parametrize(
    ("name", "kind"),
    [("urgent", Kind.URGENT), ("call", Kind.CALL), ("contacts", Kind.CONTACTS), ("help", Kind.HELP)],
)
def test_help_and_numbers_are_one_command_away_in_every_phase_and_lead_back(
    phase: Phase, name: str, kind: Kind
) -> None:
    """The overlay lies over the same place, and Back takes it away again."""
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
    """Pause and resume lead back to the same card; where nothing was begun, that is said."""
    talk = PHASES[phase]()
    before = talk.text

    talk.command("pause")

    if phase not in BEGUN:
        assert talk.toasts == ["cannot-pause"]
        return
    assert "Saved for a limited time: " in talk.text
    assert talk.command("resume").text == before


@EVERY_PHASE
def test_resuming_what_is_not_paused_says_where_one_is(phase: Phase) -> None:
    """The card stays, with a word about it."""
    talk = PHASES[phase]()

    talk.command("resume")

    expected = [] if phase is Phase.PAUSED else ["resumed" if phase in BEGUN else "cannot-resume"]
    assert talk.toasts == expected


@EVERY_PHASE
@pytest.mark.parametrize("name", ["erase", "cancel"])
def test_erasing_is_a_command_away_and_asks_once(phase: Phase, name: str) -> None:
    """Where there is a case, a button confirms; where there is none, nothing is pretended."""
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
    """Where something was begun, the person goes on with it or erases it; else the welcome is shown."""
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
    """It is answered with where all of them are listed."""
    talk = PHASES[phase]()

    assert talk.command("delete_everything").toasts == ["no-command"]


@EVERY_PHASE
@pytest.mark.parametrize("name", ["lock", "panic"])
def test_a_conversation_without_a_door_has_nothing_to_lock(phase: Phase, name: str) -> None:
    """In a terminal nothing is kept; the door of a chat takes these commands before they come here."""
    talk = PHASES[phase]()
    place = talk.session.place

    assert talk.command(name).toasts == ["no-lock"]
    assert talk.session.place == place


@EVERY_PHASE
def test_time_that_passes_changes_nothing_in_a_conversation(phase: Phase) -> None:
    """What is due is the door's; the card that stands still counts."""
    talk = PHASES[phase]()
    before = talk.session

    assert talk.take(Lapsed(OCCASION)).session == before
    assert talk.effects == ()


def test_every_command_is_listed_once_and_has_a_line_of_its_own() -> None:
    """In the order in which a menu shows them."""
    assert len(NAMES) == len(set(NAMES))
    assert {name for name in NAMES if f"command.{name}" in WORDING} == set(NAMES)


@EVERY_PHASE
@pytest.mark.parametrize("kind", IGNORED_KINDS)
def test_what_is_not_taken_is_answered_and_changes_nothing(phase: Phase, kind: str) -> None:
    """Pictures, voices, forwards and changed messages are not kept, and the sentence says so."""
    talk = PHASES[phase]()

    talk.take(Ignored(OCCASION, kind))

    assert talk.toasts == [f"ignored-{kind}"]
    assert f"toast.ignored-{kind}" in talk.script.wording


def test_starting_a_new_one_from_a_case_leads_through_its_erasure() -> None:
    """Two children can never be mixed up: the first is erased, by a button, before the second begins."""
    talk = Talk().open_with().press("Yes").begin().press("Start a new one")

    assert talk.session.overlay == Overlay(Kind.ERASE)
    assert talk.press("Erase now", "Start").session.answers.items.get("V1") is None
