"""A person who rehearses a shipped made-up case with its agreed answers, except for some given ones."""

from collections.abc import Mapping

from dialogs.core.acts import Kind
from dialogs.form.item_cards import answer_in_words
from seraf.cases.vignette import Vignette
from state_machines.assessment import Phase
from state_machines.rehearsal import Stage
from tests.support.shipped import SCRIPT
from tests.support.talk.rehearsing import Rehearser

GENERAL = {"concern": "Yes", "how": "Form order", "profession": "School", "safe": "Yes"}
"""The answers to questions for which the case has no agreed answer."""


def as_keyed(vignette: Vignette, changes: Mapping[str, str], *, take: str = "Test") -> Rehearser:
    """Rehearse the case up to the question about the first call. `changes` replaces agreed answers."""
    listed = sorted(SCRIPT.pack.vignettes, key=lambda case: bool(case.stages))
    number = [each.id for each in listed].index(vignette.id)
    rehearser = Rehearser(SCRIPT).press("Rehearse", "Choose a case", *["Next page"] * (number // 5))
    rehearser.press(f"Case {number + 1}", take, *["Next page"] * (len(vignette.parts) - 1), "Start the SERAF")
    while rehearser.practice.stage is not Stage.FIRST_CALL:
        rehearser.press(_next(rehearser, vignette, changes))
    return rehearser


def _next(rehearser: Rehearser, vignette: Vignette, changes: Mapping[str, str]) -> str:
    """Return the label to press on the current card."""
    session, labels = rehearser.practice.session, rehearser.labels
    assert session is not None
    if "Go on" in labels:
        return "Go on"
    if session.phase is Phase.CHECK:
        return "Continue"
    is_asked_at_once = session.overlay is not None and session.overlay.kind is Kind.FOLLOW_UP
    place = session.overlay.about if session.overlay and is_asked_at_once else session.place
    keyed = vignette.key.of(place)
    answer = changes.get(place, keyed.answer if keyed else "")
    label = answer_in_words(place, answer, script=SCRIPT) if answer else GENERAL.get(place, "")
    return next(each for each in (label, "None of the others", "Not known", "No") if each in labels)
