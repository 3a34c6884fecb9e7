"""A person who rehearses a shipped made-up case with its agreed answers, except for some given ones.

In a case in stages, they do what is due at each stage, unless a test chooses for them.
"""

from collections.abc import Mapping

from dialogs.core.acts import Kind
from dialogs.core.script import Script
from dialogs.form.item_cards import answer_in_words
from dialogs.rehearsal.core.practice import case_of
from seraf.cases.vignette import Vignette
from seraf.rehearsal.unfolding import straight, way_of
from state_machines.assessment import Phase
from state_machines.rehearsal import Stage
from tests.support.shipped import SCRIPT
from tests.support.talk.rehearsing import Rehearser

GENERAL = {"concern": "Yes", "how": "Form order", "profession": "School", "safe": "Yes"}
"""The answers to questions for which the case has no agreed answer."""


def as_keyed(vignette: Vignette, changes: Mapping[str, str], *, take: str = "Test") -> Rehearser:
    """Rehearse the case up to the question about the first call. `changes` replaces agreed answers."""
    rehearser = begun(vignette, take=take)
    while vignette.stages and (taken := straight(vignette, rehearser.practice.asked)[len(rehearser.practice.asked) :]):
        chosen(rehearser, way_of(vignette, rehearser.practice.asked)[-1].options[int(taken)].label)
    return answered(rehearser, changes)


def begun(vignette: Vignette, script: Script = SCRIPT, *, take: str = "Test") -> Rehearser:
    """Return somebody at the last part of the story of a case, or at the first stage of one in stages."""
    listed = sorted(script.pack.vignettes, key=lambda case: bool(case.stages))
    number = [each.id for each in listed].index(vignette.id)
    whole = -(-sum(not each.stages for each in listed) // 5) * 5
    page = number // 5 if not vignette.stages else (whole + number - sum(not each.stages for each in listed)) // 5
    rehearser = Rehearser(script).press("Rehearse", "Choose a case", *["Next page"] * page, f"Case {number + 1}")
    if vignette.stages:
        return rehearser.press("Begin")
    return rehearser.press(take, *["Next page"] * (len(vignette.parts) - 1))


def chosen(rehearser: Rehearser, *labels: str) -> Rehearser:
    """Press these choices and replies of a case in stages, and read on to where something can be chosen."""
    for label in labels:
        rehearser.press(label)
        while "Next page" in rehearser.labels:
            rehearser.press("Next page")
    return rehearser


def answered(rehearser: Rehearser, changes: Mapping[str, str]) -> Rehearser:
    """Answer the SERAF as is agreed for what was read so far, until the first call is asked, or the story goes on."""
    rehearser.press("The SERAF" if "The SERAF" in rehearser.labels else "Start the SERAF")
    while rehearser.practice.stage in (Stage.SERAF, Stage.FEEDBACK):
        rehearser.press(_next(rehearser, changes))
    return rehearser


def debriefed(rehearser: Rehearser) -> list[str]:
    """Return the pages of the debrief, without those behind “All items”."""
    pages = [rehearser.press("My answers").text]
    while "Next page" in rehearser.labels:
        pages.append(rehearser.press("Next page").text)
    return pages


def _next(rehearser: Rehearser, changes: Mapping[str, str]) -> str:
    """Return the label to press on the current card."""
    session, labels, script = rehearser.practice.session, rehearser.labels, rehearser.script
    assert session is not None
    if "Go on" in labels:
        return "Go on"
    if session.phase is Phase.CHECK:
        return "Continue"
    is_asked_at_once = session.overlay is not None and session.overlay.kind is Kind.FOLLOW_UP
    place = session.overlay.about if session.overlay and is_asked_at_once else session.place
    keyed = case_of(rehearser.practice, script.pack).key.of(place)
    answer = changes.get(place, keyed.answer if keyed else "")
    label = answer_in_words(place, answer, script=script) if answer else GENERAL.get(place, "")
    return next(each for each in (label, "None of the others", "Not known", "No") if each in labels)
