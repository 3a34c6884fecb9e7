"""The papers of the kit by their kind, as they are printed by a command and fetched from the chat."""

from collections.abc import Callable, Mapping
from functools import partial

from dialogs.core.script import Script
from dialogs.rehearsal.kit.key_paper import answer_sheet, handout, key_leaves, key_paper, story
from dialogs.rehearsal.kit.paper import TrainingPaper
from dialogs.rehearsal.kit.session_paper import LENGTHS, attendance_note, plan_paper
from seraf.cases.vignette import Vignette

Drafting = Callable[[Vignette, Script], TrainingPaper]

HANDOUT, SHEET, KEY, NOTE = "handout", "answer-sheet", "model-answers", "attendance"
"""The kinds of paper that every session needs, whatever its length."""

PLANS: Mapping[int, str] = {minutes: f"plan-{minutes}" for minutes in LENGTHS}
"""The kind of the plan of each length, in minutes."""

PAPERS: Mapping[str, Drafting] = {
    HANDOUT: handout,
    SHEET: lambda _, script: answer_sheet(script),
    KEY: key_paper,
    NOTE: attendance_note,
    **{kind: partial(plan_paper, minutes=minutes) for minutes, kind in PLANS.items()},
}
"""What makes each kind."""


def kit_of(vignette: Vignette, script: Script, *, minutes: int) -> tuple[TrainingPaper, ...]:
    """All the papers of one session of so many minutes; `KeyError` where there is no plan for that length."""
    given_out = (handout(vignette, script), answer_sheet(script))
    plan = plan_paper(vignette, script, minutes=minutes)
    return (*given_out, plan, key_paper(vignette, script), attendance_note(vignette, script, minutes=minutes))


def preview_of(vignette: Vignette, script: Script) -> TrainingPaper:
    """A vignette as its author reads it once more: the story as people will read it, then the whole key."""
    key = key_paper(vignette, script)
    return TrainingPaper(
        name="preview",
        title=script.wording.say("rehearsal.head"),
        about=vignette.title,
        leaves=(*handout(vignette, script).leaves[:1], *story(vignette), *key_leaves(vignette, script)),
        footer=key.footer,
    )
