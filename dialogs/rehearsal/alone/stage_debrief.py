"""The debrief of a case in stages: at each, what was due, what was done, and what it would have meant for the child."""

from collections.abc import Iterator

from dialogs.core.page import Listed, PagePart, SectionPart, Text, TextLook
from dialogs.core.replies import Paragraph
from dialogs.core.script import Script
from dialogs.rehearsal.core.practice import Practice
from dialogs.rehearsal.core.stages import stages_of
from seraf.form.circumstances import OURS
from seraf.rehearsal.critical_actions import ActionOutcome
from seraf.rehearsal.first_call import REACHES
from seraf.rehearsal.unfolding import StageDebrief


def stage_paragraphs(practice: Practice, script: Script) -> tuple[Paragraph, ...]:
    """Return the stages at which something due was left undone, the most urgent first, then the others; or nothing if the
    case has no stages.
    """
    told = stages_of(practice, script.pack)
    if not told:
        return ()
    paragraphs = [Paragraph(_head(told, script), is_strong=True)]
    for each in _left_undone(told):
        paragraphs.append(Paragraph("\n".join((_title(each, script), *_lines(each, script)))))
    if others := _others(told, script):
        paragraphs += (
            Paragraph(script.wording.say("rehearsal.stages.others"), is_strong=True),
            *map(Paragraph, others),
        )
    return tuple(paragraphs)


def stage_section(practice: Practice, script: Script) -> Iterator[PagePart]:
    """Yield the section of a page that has the same, or nothing if the case has no stages."""
    told, say = stages_of(practice, script.pack), script.wording.say
    if not told:
        return
    undone = (SectionPart(_title(each, script), tuple(map(Text, _lines(each, script)))) for each in _left_undone(told))
    others = _others(told, script)
    below = (Text(say("rehearsal.stages.others")), Listed(others)) if others else ()
    head = Text(_head(told, script), TextLook.STRONG)
    yield SectionPart(say("leaf.stages"), (head, *undone, *below))


def _head(told: tuple[StageDebrief, ...], script: Script) -> str:
    missed = len(_left_undone(told))
    return script.wording.say(f"rehearsal.stages.{'missed' if missed else 'none'}", missed=missed, of=len(told))


def _left_undone(told: tuple[StageDebrief, ...]) -> list[StageDebrief]:
    missed = [each for each in told if each.outcome is ActionOutcome.MISSED]
    return sorted(missed, key=lambda each: -REACHES[each.step.stage.first_call])


def _title(each: StageDebrief, script: Script) -> str:
    done = ". ".join(option.label for option in each.step.done)
    return script.wording.say("rehearsal.stages.title", clock=each.step.stage.clock, done=done)


def _lines(each: StageDebrief, script: Script) -> Iterator[str]:
    """Yield what was in line, why, what it would have meant for the child, and what the SERAF lacked by then."""
    say, stage = script.wording.say, each.step.stage
    (choice, *_), last = each.step.done, each.step.done[-1]
    is_reply = last is not choice and last.fits is False and choice not in each.due
    if choice in each.due:
        yield last.because
    else:
        yield say("rehearsal.stages.due", due=" · ".join(option.label for option in each.due))
        yield " ".join(
            dict.fromkeys((choice.because, *((last.because,) if is_reply else ()), stage.first_call_because))
        )
    yield say("rehearsal.stages.child", missed=last.missed or choice.missed or stage.missed)
    yield from _seen(each, script)
    if choice.source != OURS:
        yield say("rehearsal.stages.decides", heading=choice.source)


def _seen(each: StageDebrief, script: Script) -> Iterator[str]:
    """Yield the signs that could be known by then and that the reader had answered otherwise in their SERAF."""
    instrument = script.pack.instrument
    if each.overlooked:
        items = (f"{instrument.number(keyed.place)}. {instrument.item(keyed.place).short}" for keyed in each.overlooked)
        yield script.wording.say("rehearsal.stages.overlooked", items=", ".join(items))


def _others(told: tuple[StageDebrief, ...], script: Script) -> tuple[str, ...]:
    lines: list[str] = []
    for each in told:
        if each.outcome is not ActionOutcome.MISSED:
            further = each.outcome is ActionOutcome.OVER_PROTECTIVE
            more = (script.wording.say("rehearsal.stages.further"),) if further else ()
            because = dict.fromkeys(option.because for option in each.step.done)
            lines.append("\n".join((_title(each, script), " ".join((*because, *more)), *_seen(each, script))))
    return tuple(lines)
