"""What changed since an earlier SERAF, in words: item by item, the numbers side by side, and what a fall does not mean."""

from collections.abc import Iterable

from dialogs.codes import carried_of
from dialogs.earlier import age_words, instrument_of, month_of
from dialogs.number import named
from dialogs.replies import Paragraph
from dialogs.script import Script
from dialogs.session import Session
from dialogs.sources import source_line
from seraf.carried import Carried
from seraf.comparison import Change, Comparison, compare
from seraf.contacts import LocalTime
from seraf.findings import Findings
from seraf.guidance import Step
from seraf.instrument import Instrument, Option
from seraf.scoring import Score, score


def change_paragraphs(session: Session, found: Findings, script: Script, now: LocalTime) -> tuple[Paragraph, ...]:
    """What changed since the last SERAF that is looked back on; nothing where there is none."""
    if not session.earlier:
        return ()
    then, ours = session.earlier[-1], carried_of(session, script.pack.instrument, now.today)
    steps = [step for step in script.pack.guidance.steps_for(found.facts) if _is_of_a_review(step)]
    return (
        *comparison_paragraphs(then, ours, script),
        Paragraph(course_text(session.earlier, ours, script)),
        Paragraph(script.wording.say("changed.steps"), is_strong=True),
        *(Paragraph(_step(step, script)) for step in steps),
        Paragraph(script.wording.say("changed.duties")),
    )


def comparison_paragraphs(then: Carried, ours: Carried, script: Script) -> tuple[Paragraph, ...]:
    """Two SERAFs side by side; where the list of the first is not known any more, why there is nothing to compare."""
    say, made_with = script.wording.say, instrument_of(then, script)
    title = Paragraph(say("changed.title", month=month_of(then)), is_strong=True)
    if made_with is None:
        return (title, Paragraph(say("changed.no-list")))
    found = compare(then, made_with, ours, script.pack.instrument)
    return (
        title,
        Paragraph("\n".join(_numbers(found, (then, made_with), ours, script))),
        *(Paragraph(_change(change, script)) for change in found.changes),
        Paragraph("\n".join(_rest(found, script))),
    )


def course_text(earlier: tuple[Carried, ...], ours: Carried, script: Script) -> str:
    """The totals and categories over all SERAFs, oldest first, in one line each."""
    return "\n".join((script.wording.say("course.title"), *(_point(each, script) for each in (*earlier, ours))))


def _point(carried: Carried, script: Script) -> str:
    say, instrument = script.wording.say, instrument_of(carried, script)
    if instrument is None:
        return say("course.no-list", month=month_of(carried))
    number = _number(score(instrument, carried.case()), instrument, script)
    return say("course.point", month=month_of(carried), number=number)


def _numbers(found: Comparison, past: tuple[Carried, Instrument], ours: Carried, script: Script) -> Iterable[str]:
    """Category, total and subtotals then and now; age and judgement too, since they may have changed the rest."""
    say, instrument = script.wording.say, script.pack.instrument
    then, made_with = past
    if then.fingerprint != ours.fingerprint:
        yield say("changed.other-list")
    before, after = _number(found.then, made_with, script), _number(found.now, instrument, script)
    yield say("changed.numbers", then=before, now=after)
    earlier = dict(found.then.subtotals)
    for section_id, points in found.now.subtotals:
        name = next(section.plural for section in instrument.sections if section.id == section_id)
        yield say("changed.subtotal", name=name, then=earlier.get(section_id, 0), now=points)
    yield say("changed.age", then=age_words(then, script), now=age_words(ours, script))
    yield say("changed.judgement", then=_judged(then, script), now=_judged(ours, script))


def _number(found: Score, instrument: Instrument, script: Script) -> str:
    """The category, or the range that what is not known leaves, with the total."""
    bands = {band.category: named(band, script) for band in instrument.bands}
    key = "changed.range" if found.is_range else "changed.number"
    lowest, highest = bands[found.lowest.category], bands[found.highest.category]
    return script.wording.say(key, lowest=lowest, highest=highest, total=found.total)


def _judged(carried: Carried, script: Script) -> str:
    return script.wording.say_first(f"answer.judgement.{carried.judgement}", f"answer.{carried.judgement}")


def _change(change: Change, script: Script) -> str:
    instrument, say = script.pack.instrument, script.wording.say
    return say(
        "changed.item",
        number=instrument.number(change.item.id),
        label=change.item.label,
        then=_option(change.then, script),
        now=_option(change.now, script),
        how=say(f"how.{change.how}"),
    )


def _option(option: Option | None, script: Script) -> str:
    return option.label if option else script.wording.say("answer.not-known")


def _rest(found: Comparison, script: Script) -> Iterable[str]:
    say = script.wording.say
    yield say("changed.same", same=found.same) if found.changes else say("changed.none", same=found.same)
    if found.added:
        yield say("changed.added", count=len(found.added))
    if found.dropped:
        yield say("changed.dropped", count=len(found.dropped))
    if found.has_fall:
        yield say("changed.fall")


def _is_of_a_review(step: Step) -> bool:
    """Whether the step is there because this is a review."""
    return any(key == "stage" and words == {"review"} for key, words in step.condition.asks)


def _step(step: Step, script: Script) -> str:
    return script.wording.say("result.step", who=step.who, text=step.text, source=source_line(step.source, script))
