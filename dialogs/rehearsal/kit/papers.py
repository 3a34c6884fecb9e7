"""All kinds of training documents, including the session plan and the attendance note. Names of people are left blank."""

from collections.abc import Callable, Mapping
from functools import partial

from dialogs.core.script import Script
from dialogs.form.item_cards import answer_in_words, asked_in_words
from dialogs.rehearsal.kit.key_paper import answer_sheet, handout, how_matched, key_leaves, key_paper, story
from dialogs.rehearsal.kit.paper import Blank, Block, Boxed, Bullets, Leaf, Prose, Quoted, TrainingPaper
from dialogs.rehearsal.kit.stage_tree import tree
from seraf.cases.vignette import Vignette
from seraf.rehearsal.critical_actions import other_readings
from seraf.rehearsal.session_plan import MINUTES, PlannedStep, SessionStep, best_match, session_plan


def plan_paper(vignette: Vignette, script: Script, *, minutes: int) -> TrainingPaper:
    """Return the plan of a session of this length, with times. Raise `KeyError` if no plan has this length."""
    say, steps = script.wording.say, session_plan(minutes)
    # The preparation: what to look at and to bring before anyone comes, and the second case if there is one.
    contested = len(other_readings(script.pack, vignette.key))
    lines = (*say("kit.plan.bring").split("\n"), say("kit.plan.contested", count=contested))
    warned = Boxed((say("kit.plan.warning", warning=vignette.warning), *say("kit.plan.safe").split("\n")))
    blocks: list[Block] = [warned, Bullets(lines)]
    if any(planned.step is SessionStep.SECOND_CASE for planned in steps):
        pair = best_match(script.pack, vignette)
        if pair is None:
            blocks.append(Prose(say("kit.pair.none")))
        else:
            blocks.append(Prose(say("kit.plan.second", title=pair.second.title, id=pair.second.id), is_strong=True))
            blocks.append(Bullets(how_matched(pair, script)))
    return TrainingPaper(
        name=f"plan-{minutes}",
        title=say("kit.plan.title", minutes=minutes),
        about=vignette.title,
        leaves=(
            Leaf(say("kit.plan.before"), tuple(blocks)),
            Leaf(say("kit.plan.traps"), (Bullets(traps(vignette, script)),), is_whole=True),
            *(_step(planned, script) for planned in steps),
        ),
        footer=say("kit.footer.plan", title=vignette.title),
    )


def traps(vignette: Vignette, script: Script) -> tuple[str, ...]:
    """Return where people go wrong in this case: its rules, each at the answers that rest on it, then its other readings."""
    say, items, lines = script.wording.say, script.pack.instrument, []
    for rule in vignette.key.rules:
        places = [keyed.place for keyed in vignette.key.keyed if rule in keyed.rules]
        named = [items.item(each).short if each in items else asked_in_words(each, script) for each in places]
        about = say("kit.plan.trap-at", places="; ".join(named)) if named else ""
        lines.append(f"{say(f'rule.{rule}.text')} {about}".strip())
    for reading in other_readings(script.pack, vignette.key):
        key = "kit.plan.trap-call" if reading.moves_call else "kit.plan.trap-reading"
        place, both = reading.keyed.place, (reading.keyed.answer, reading.keyed.other)
        answer, other = (answer_in_words(place, word, script=script) for word in both)
        lines.append(say(key, about=asked_in_words(place, script), answer=answer, other=other))
    return tuple(lines)


def _step(planned: PlannedStep, script: Script) -> Leaf:
    def clock(minutes: int) -> str:
        return f"{minutes // 60}:{minutes % 60:02}"

    say, step = script.wording.say, planned.step
    title = say(
        "kit.plan.step",
        begins=clock(planned.begins),
        ends=clock(planned.begins + planned.minutes),
        title=say(f"kit.step.{step}.title"),
        minutes=planned.minutes,
    )
    blocks: list[Block] = [Bullets(tuple(say(f"kit.step.{step}.do").split("\n")))]
    blocks += map(Quoted, say(f"kit.step.{step}.say").split("\n"))
    # Support is named before anything is read, and before anybody leaves.
    if step in (SessionStep.PRE_BRIEF, SessionStep.SUMMARY):
        blocks.append(Blank(say("kit.support.today")))
    return Leaf(title, tuple(blocks), is_whole=True)


def attendance_note(vignette: Vignette, script: Script, *, minutes: int | None = None) -> TrainingPaper:
    """Return the attendance note for professional development. Without `minutes`, the length is written in by hand."""
    say = script.wording.say
    taught = Bullets(tuple(say(f"rule.{rule}.name") for rule in vignette.key.rules))
    length = Prose(say("kit.note.minutes", minutes=minutes)) if minutes else Blank(say("kit.note.minutes-by-hand"))
    by_hand = (Blank(say("kit.note.name")), Blank(say("kit.note.role")), Blank(say("kit.note.day")), length)
    learnt = tuple(Blank(say(f"kit.note.{name}"), lines=3) for name in ("learnt", "differently"))
    return TrainingPaper(
        name="attendance",
        title=say("kit.note.title"),
        about=say("kit.note.about", title=vignette.title),
        leaves=(
            Leaf("", by_hand),
            *((Leaf(say("kit.note.practised"), (taught,)),) if taught.lines else ()),
            Leaf(say("kit.note.own"), learnt),
            Leaf("", (Blank(say("kit.note.trainer")), Prose(say("kit.note.meaning"))), is_whole=True),
        ),
        footer=say("kit.footer.note"),
    )


HANDOUT, SHEET, KEY, NOTE = "handout", "answer-sheet", "model-answers", "attendance"
PLANS: Mapping[int, str] = {minutes: f"plan-{minutes}" for minutes in MINUTES}
PAPERS: Mapping[str, Callable[[Vignette, Script], TrainingPaper]] = {
    HANDOUT: handout,
    SHEET: lambda _, script: answer_sheet(script),
    KEY: key_paper,
    NOTE: attendance_note,
    **{kind: partial(plan_paper, minutes=minutes) for minutes, kind in PLANS.items()},
}
"""For each kind of training document, the function that makes it."""


def kit_of(vignette: Vignette, script: Script, *, minutes: int) -> tuple[TrainingPaper, ...]:
    """Return all training documents for a session of this length. Raise `KeyError` if no plan has this length."""
    given_out = (handout(vignette, script), answer_sheet(script))
    plan = plan_paper(vignette, script, minutes=minutes)
    return (*given_out, plan, key_paper(vignette, script), attendance_note(vignette, script, minutes=minutes))


def preview_of(vignette: Vignette, script: Script) -> TrainingPaper:
    """Return a made-up case for its author to proofread: the story as people will read it, then all model answers."""
    key = key_paper(vignette, script)
    return TrainingPaper(
        name="preview",
        title=script.wording.say("rehearsal.head"),
        about=vignette.title,
        leaves=(
            *handout(vignette, script).leaves[:1],
            *story(vignette),
            *tree(vignette, script),
            *key_leaves(vignette, script),
        ),
        footer=key.footer,
    )
