"""What changed since earlier assessments, in words, and the scores of all of them as values for a picture."""

from collections.abc import Iterable
from dataclasses import dataclass

from dialogs.core.acts import Kind, Open, Overlay
from dialogs.core.codes import carried_of
from dialogs.core.keys import CLOSE, URGENT, OverlayCard, Paragraphs, Rows, View, turning
from dialogs.core.replies import Paragraph, paged
from dialogs.core.script import Script
from dialogs.core.session import Session
from dialogs.phrases.earlier import age_words, instrument_of, month_of
from dialogs.phrases.number import category_name
from seraf.advice.contacts import LocalTime
from seraf.case_view import CaseView
from seraf.form.instrument import Instrument, Option
from seraf.form.vocabulary import NOT_KNOWN, SECOND_VIEW
from seraf.review.carry_over import NEWEST, SECOND_GROUNDS, TABLES, Carried
from seraf.review.comparison import Comparison, compare
from seraf.score.scoring import Score

# The questions whose changes are listed besides those of the items. No answer is compared as “not known”.
TOLD = ("danger", "told_or_seen", "moved")


def _words(view: View) -> Paragraphs:
    pages, say = changed_pages(view.session, view.script, now=view.now), view.script.wording.say
    number = min(int(view.about), len(pages))
    head = say("place.changed", reference=view.session.reference, page=number, pages=len(pages))
    return (Paragraph(head), *pages[number - 1])


def _rows(view: View) -> Rows:
    pages = len(changed_pages(view.session, view.script, now=view.now))
    turns = turning(min(int(view.about), pages), pages, lambda to: Open(Overlay(Kind.CHANGED, to)))
    return ((*turns, CLOSE), (URGENT,))


def changed_pages(session: Session, script: Script, *, now: LocalTime) -> tuple[tuple[Paragraph, ...], ...]:
    """Return the comparison with the last assessment, divided into pages. Without an earlier one, it is one empty page."""
    return paged(changed_paragraphs(session, script, now=now))


def changed_paragraphs(session: Session, script: Script, *, now: LocalTime) -> Paragraphs:
    """Return the comparison with the last assessment, with its title first, or nothing without an earlier one."""
    ours = carried_of(session, script.pack.instrument, today=now.today)
    if not session.earlier:
        return ()
    return (
        *comparison_paragraphs(session.earlier[-1], ours, script=script),
        Paragraph(course_text(session.earlier, ours, script=script)),
        Paragraph(script.wording.say("changed.duties")),
    )


def comparison_paragraphs(then: Carried, ours: Carried, *, script: Script) -> tuple[Paragraph, ...]:
    """Return the comparison of two assessments, or why it is impossible if the instrument of `then` is not known here."""
    say, made_with = script.wording.say, instrument_of(then, script)
    title = Paragraph(say("changed.title", month=month_of(then)), is_strong=True)
    if made_with is None:
        return (title, Paragraph(say("changed.no-list")))
    found = compare(then, made_with, now=ours, instrument=script.pack.instrument)
    return (
        title,
        Paragraph("\n".join(_numbers(found, (then, made_with), ours=ours, script=script))),
        *(
            Paragraph(
                say(
                    "changed.item",
                    number=script.pack.instrument.number(change.item.id),
                    label=change.item.label,
                    then=_option(change.then, script),
                    now=_option(change.now, script),
                    how=say(f"how.{change.how}"),
                )
            )
            for change in found.changes
        ),
        Paragraph("\n".join(_rest(found, script))),
    )


def course_text(earlier: tuple[Carried, ...], ours: Carried, *, script: Script) -> str:
    """Return the totals and categories of all assessments, oldest first, one in each line."""
    return "\n".join((script.wording.say("course.title"), *(_point(each, script) for each in (*earlier, ours))))


def _point(carried: Carried, script: Script) -> str:
    say, instrument = script.wording.say, instrument_of(carried, script)
    if instrument is None:
        return say("course.no-list", month=month_of(carried))
    number = _number(CaseView(instrument, carried.case()).score, instrument, script=script)
    return say("course.point", month=month_of(carried), number=number)


def _numbers(found: Comparison, past: tuple[Carried, Instrument], *, ours: Carried, script: Script) -> Iterable[str]:
    """Yield category, total and subtotals of then and now, and also age and judgement, which may explain a change."""
    say, instrument = script.wording.say, script.pack.instrument
    then, made_with = past
    if then.fingerprint != ours.fingerprint:
        yield say("changed.other-list")
    before, after = _number(found.then, made_with, script=script), _number(found.now, instrument, script=script)
    yield say("changed.numbers", then=before, now=after)
    earlier = dict(found.then.subtotals)
    for section_id, points in found.now.subtotals:
        name = next(section.plural for section in instrument.sections if section.id == section_id)
        yield say("changed.subtotal", name=name, then=earlier.get(section_id, 0), now=points)
    yield say("changed.age", then=age_words(then, script), now=age_words(ours, script))
    yield say("changed.judgement", then=_judged(then, script), now=_judged(ours, script))
    if height := then.facts.get(SECOND_VIEW):
        yield say("changed.raised", height=say(f"height.{height}"))
    if grounds := then.facts.get(SECOND_GROUNDS):
        yield say("changed.grounds", grounds=say(f"answer.{grounds}"))
    for fact in TOLD:
        label = _label(fact, script) if fact in TABLES[then.code_format] else ""
        if label and (then.facts.get(fact) or NOT_KNOWN) != (ours.facts.get(fact) or NOT_KNOWN):
            then_words, now_words = (_answer(fact, each, script=script) for each in (then, ours))
            yield script.wording.say("changed.fact", label=label, then=then_words, now=now_words)


def _answer(fact: str, carried: Carried, *, script: Script) -> str:
    """Return the answer in words. In older codes a Yes to danger included missing, so today's words would be wrong."""
    word = carried.facts.get(fact) or NOT_KNOWN
    own = (f"answer.{fact}.{word}",) if carried.code_format == NEWEST else ()
    return script.wording.say_first(*own, f"answer.{word}")


def _label(fact: str, script: Script) -> str:
    if f"about.{fact}" in script.wording:
        return script.wording.say(f"about.{fact}")
    asked = script.pack.guidance.circumstance(fact)
    return asked.ask if asked else ""


def _number(found: Score, instrument: Instrument, *, script: Script) -> str:
    bands = {band.category: category_name(band, script) for band in instrument.bands}
    key = "changed.range" if found.is_range else "changed.number"
    lowest, highest = bands[found.lowest.category], bands[found.highest.category]
    return script.wording.say(key, lowest=lowest, highest=highest, total=found.total)


def _judged(carried: Carried, script: Script) -> str:
    return script.wording.say_first(f"answer.judgement.{carried.judgement}", f"answer.{carried.judgement}")


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


CHANGED_CARD = OverlayCard(_words, _rows)


@dataclass(frozen=True, slots=True)
class ReviewPoint:
    """An assessment in the picture: its month in words, its total, and the highest total that its unknown items allow.

    Both totals are None if its instrument is not known here any more.
    """

    month: str
    total: int | None
    highest: int | None


@dataclass(frozen=True, slots=True)
class ReviewCourse:
    """The totals of all assessments of a case. `bands` has the lowest total of each category; `text` is the picture in words."""

    title: str
    legend: str
    bands: tuple[tuple[int, str], ...]
    points: tuple[ReviewPoint, ...]
    text: str


def review_course(session: Session, script: Script, *, now: LocalTime) -> ReviewCourse | None:
    """Return the totals of all assessments up to this one, or None if there is no earlier one."""
    if not session.earlier:
        return None
    say, instrument = script.wording.say, script.pack.instrument
    ours = carried_of(session, instrument, today=now.today)
    return ReviewCourse(
        title=say("course.picture", reference=session.reference),
        legend=say("course.legend"),
        bands=tuple((band.lowest, say("summary.band", category=band.category)) for band in instrument.bands),
        points=tuple(_course_point(each, script) for each in (*session.earlier, ours)),
        text=course_text(session.earlier, ours, script=script),
    )


def _course_point(carried: Carried, script: Script) -> ReviewPoint:
    instrument = instrument_of(carried, script)
    if instrument is None:
        return ReviewPoint(month_of(carried), None, None)
    found = CaseView(instrument, carried.case()).score
    return ReviewPoint(month_of(carried), found.total, found.highest.total)
