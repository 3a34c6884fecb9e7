"""The tree of a case in stages: where each choice leads, for whom it is in line, and what it means for the child."""

from collections.abc import Iterator

from dialogs.core.script import Script
from dialogs.rehearsal.kit.paper import Leaf, Prose, ThreeColumns
from seraf.cases.vignette import AgreedKey, CaseStage, StageChoice, Vignette
from seraf.form.circumstances import OURS
from seraf.form.vocabulary import FACT_WORDS, NOT_KNOWN
from seraf.rehearsal.critical_actions import ActionOutcome
from seraf.rehearsal.unfolding import key_by, outcome_of, way_of, ways_to_stages

Row = tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]]


def tree(vignette: Vignette, script: Script) -> tuple[Leaf, ...]:
    """Return the stages in the order of the file, with all their choices, or nothing if the case has none."""
    keys: dict[str, AgreedKey] = {}
    for taken in ways_to_stages(vignette):
        way = way_of(vignette, taken)
        keys.setdefault(way[-1].stage.id, key_by(vignette, way, script.pack.instrument))
    say, numbers = script.wording.say, {stage.id: number for number, stage in enumerate(vignette.stages, 1)}
    clocks = {stage.id: stage.clock for stage in vignette.stages}
    places = {name: say("kit.stages.leads", stage=number, clock=clocks[name]) for name, number in numbers.items()}
    return tuple(
        _stage(stage, numbers[stage.id], places, key=keys[stage.id], script=script) for stage in vignette.stages
    )


def _stage(stage: CaseStage, number: int, places: dict[str, str], *, key: AgreedKey, script: Script) -> Leaf:
    say, text = script.wording.say, Prose(stage.text)
    title = say("kit.stages.title", stage=number, clock=stage.clock)
    if not stage.choices:
        return Leaf(title, (text,))
    call = say(f"first-call.{stage.first_call}")
    due = Prose(say("kit.stages.due", call=call, because=stage.first_call_because), is_strong=True)
    rows = [row for choice in stage.choices for row in _rows(choice, places, key=key, script=script)]
    head = (say("kit.stages.choice"), say("kit.stages.fits"), say("kit.stages.follows"))
    missed = Prose(say("kit.stages.child", missed=stage.missed))
    return Leaf(title, (text, due, missed, ThreeColumns(head, tuple(rows))))


def _rows(choice: StageChoice, places: dict[str, str], *, key: AgreedKey, script: Script) -> Iterator[Row]:
    """Yield the row of a choice, and below it those of the replies to what the other end asks back."""
    leads = choice.asks if choice.replies else places[choice.next]
    yield _row(choice, choice.label, leads, key=key, script=script)
    for reply in choice.replies:
        yield _row(reply, f"– {reply.label}", places[reply.next or choice.next], key=key, script=script)


def _row(option: StageChoice, label: str, leads: str, *, key: AgreedKey, script: Script) -> Row:
    say, roles = script.wording.say, [role for role in FACT_WORDS["profession"] if role != NOT_KNOWN]
    fit = [
        say(f"answer.profession.{role}")
        for role in roles
        if outcome_of(script.pack, option, key, given={"profession": role}) is ActionOutcome.AGREED
    ]
    kind = "every" if len(fit) == len(roles) else "some" if fit else "none"
    child = say("kit.stages.child", missed=option.missed) if option.missed else ""
    source = option.source if option.source != OURS else ""
    why = filter(None, (option.then, leads, option.because, child, source))
    return (label,), (say(f"kit.stages.{kind}", roles=", ".join(fit)),), tuple(why)
