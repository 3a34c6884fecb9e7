"""The plan of a session, and the note that each who came takes away. A name is written by hand, and nowhere else."""

from dialogs.core.script import Script
from dialogs.rehearsal.kit.key_paper import how_matched
from dialogs.rehearsal.kit.paper import Blank, Block, Boxed, Bullets, Leaf, Prose, Quoted, TrainingPaper
from seraf.cases.vignette import Vignette
from seraf.rehearsal.critical_actions import other_readings
from seraf.rehearsal.session_plan import MINUTES, PlannedStep, SessionStep, best_match, session_plan

LENGTHS = tuple(MINUTES)
"""The sessions that there are plans for, in minutes."""

SUPPORTED = (SessionStep.PRE_BRIEF, SessionStep.SUMMARY)
"""The steps at which support is named: before anything is read, and before anybody leaves."""


def plan_paper(vignette: Vignette, script: Script, *, minutes: int) -> TrainingPaper:
    """The plan of a session of so many minutes, step by step with its time; `KeyError` for another length."""
    say, steps = script.wording.say, session_plan(minutes)
    has_second = any(each.step is SessionStep.SECOND_CASE for each in steps)
    second = _second(vignette, script) if has_second else ()
    return TrainingPaper(
        name=f"plan-{minutes}",
        title=say("kit.plan.title", minutes=minutes),
        about=vignette.title,
        leaves=(_before(vignette, script, needs=second), *(_step(each, script) for each in steps)),
        footer=say("kit.footer.plan", title=vignette.title),
    )


def attendance_note(vignette: Vignette, script: Script, *, minutes: int | None = None) -> TrainingPaper:
    """A note that somebody took part, for a record of professional development: minutes as given, else by hand."""
    say = script.wording.say
    taught = Bullets(tuple(say(f"rule.{rule}.name") for rule in vignette.key.rules))
    length = Prose(say("kit.note.minutes", minutes=minutes)) if minutes else Blank(say("kit.note.minutes-by-hand"))
    by_hand = (Blank(say("kit.note.name")), Blank(say("kit.note.role")), Blank(say("kit.note.day")), length)
    learnt = tuple(Blank(say(f"kit.note.{each}"), lines=3) for each in ("learnt", "differently"))
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


def _before(vignette: Vignette, script: Script, *, needs: tuple[Block, ...]) -> Leaf:
    """What to look at and to bring before anyone comes."""
    say = script.wording.say
    contested = len(other_readings(script.pack, vignette.key))
    lines = (*say("kit.plan.bring").split("\n"), say("kit.plan.contested", count=contested))
    warned = Boxed((say("kit.plan.warning", warning=vignette.warning), *say("kit.plan.safe").split("\n")))
    return Leaf(say("kit.plan.before"), (warned, Bullets(lines), *needs))


def _second(vignette: Vignette, script: Script) -> tuple[Block, ...]:
    pair = best_match(script.pack, vignette)
    if pair is None:
        return (Prose(script.wording.say("kit.pair.none")),)
    second = script.wording.say("kit.plan.second", title=pair.second.title, id=pair.second.id)
    return (Prose(second, is_strong=True), Bullets(how_matched(pair, script)))


def _step(planned: PlannedStep, script: Script) -> Leaf:
    say, step = script.wording.say, planned.step
    title = say(
        "kit.plan.step",
        begins=_clock(planned.begins),
        ends=_clock(planned.begins + planned.minutes),
        title=say(f"kit.step.{step}.title"),
        minutes=planned.minutes,
    )
    support = (Blank(say("kit.support.today")),) if step in SUPPORTED else ()
    blocks = (
        Bullets(tuple(say(f"kit.step.{step}.do").split("\n"))),
        *map(Quoted, say(f"kit.step.{step}.say").split("\n")),
        *support,
    )
    return Leaf(title, blocks, is_whole=True)


def _clock(minutes: int) -> str:
    """Minutes after the start as hours and minutes, such as 0:05."""
    return f"{minutes // 60}:{minutes % 60:02}"
