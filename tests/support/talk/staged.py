"""A person who plays a made-up case in stages, and then answers its SERAF as is agreed for what they have read."""

from dialogs.core.acts import Kind
from dialogs.core.script import Script
from dialogs.form.item_cards import answer_in_words
from dialogs.rehearsal.core.practice import case_of
from seraf.cases.vignette import Vignette
from state_machines.assessment import Phase
from state_machines.rehearsal import Stage
from tests.support.talk.rehearsing import Rehearser
from tests.support.talk.rehearsing_all import GENERAL


def begun(vignette: Vignette, script: Script) -> Rehearser:
    """Return somebody at the first stage of the case."""
    rehearser = Rehearser(script).press("Rehearse", "Choose a case")
    at = [each.id for each in sorted(script.pack.vignettes, key=lambda case: bool(case.stages))].index(vignette.id)
    return rehearser.press(*["Next page"] * (at // 5), f"Case {at + 1}", "Begin")


def chosen(rehearser: Rehearser, *labels: str) -> Rehearser:
    """Press these choices and replies, and read on to where something can be chosen."""
    for label in labels:
        rehearser.press(label)
        while "Next page" in rehearser.labels:
            rehearser.press("Next page")
    return rehearser


def answered(rehearser: Rehearser, role: str = "School") -> Rehearser:
    """Answer the SERAF as is agreed for what was read so far, until the first call is asked or the story goes on."""
    rehearser.press("The SERAF" if "The SERAF" in rehearser.labels else "Start the SERAF")
    while rehearser.practice.stage is Stage.SERAF:
        rehearser.press(_next(rehearser, role))
    return rehearser


def _next(rehearser: Rehearser, role: str) -> str:
    session, labels, script = rehearser.practice.session, rehearser.labels, rehearser.script
    assert session is not None
    if "Go on" in labels:
        return "Go on"
    if session.phase is Phase.CHECK:
        return "Continue"
    is_at_once = session.overlay is not None and session.overlay.kind is Kind.FOLLOW_UP
    place = session.overlay.about if session.overlay and is_at_once else session.place
    if place == "profession":
        return role
    keyed = case_of(rehearser.practice, script.pack).key.of(place)
    label = answer_in_words(place, keyed.answer, script=script) if keyed else GENERAL.get(place, "")
    return next(each for each in (label, "None of the others", "Not known", "No") if each in labels)
