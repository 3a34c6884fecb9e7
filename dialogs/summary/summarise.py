"""The summary of a finished session: its answers, result and actions are put into words."""

from dataclasses import fields, is_dataclass, replace
from datetime import UTC
from typing import Any

from dialogs.core.codes import carry_over_code
from dialogs.core.script import Script
from dialogs.core.session import NO_HAND, Hand, Session
from dialogs.form.item_cards import ask
from dialogs.form.path import ADULT, CHANGEABLE, closing, options
from dialogs.notes.noting import elsewhere_line
from dialogs.phrases.earlier import outstanding_line, reviewed, said_of_an_adult
from dialogs.phrases.number import (
    LOW,
    basis_in_short,
    caution_lines,
    finished_on,
    number_line,
    review_on,
    source_line,
    standing_lines,
)
from dialogs.phrases.whom_to_call import contact_entries, contact_line
from dialogs.summary.actions import actions_of, log_of
from dialogs.summary.people import people_of
from dialogs.summary.summary import (
    Added,
    Begins,
    Count,
    Did,
    Due,
    Fact,
    Summary,
    SummaryAdvice,
    SummaryAnswers,
    SummaryDates,
    SummaryForm,
    SummaryHeading,
    SummaryLine,
    SummaryOption,
    SummaryPart,
    SummaryPeople,
    SummaryReason,
    SummaryResult,
    TappedReason,
)
from seraf.advice.action_plan import Urgency
from seraf.advice.contacts import LocalTime
from seraf.form.circumstances import Circumstance, Facts
from seraf.form.instrument import Instrument, Item, Section
from seraf.form.responses import NOTHING
from seraf.form.vocabulary import Age
from seraf.score.scoring import Discussion, Findings


def of_whom(session: Session, summary: Summary) -> Summary:
    """Return the summary, which says “person” instead of “child” if it is about somebody aged 18 to 25."""
    said: Summary = _said(summary) if session.answers.get("age") == Age.FROM_18_TO_25 else summary
    return said


def _said(value: Any) -> Any:
    match value:
        case str():
            return said_of_an_adult(value)
        case tuple():
            return tuple(map(_said, value))
    if not is_dataclass(value) or isinstance(value, type):
        return value
    # Notes in the person's own words are unchanged
    names = (each.name for each in fields(value) if each.name != "note")
    return replace(value, **{name: _said(getattr(value, name)) for name in names})


def facts(session: Session, found: Findings, *, script: Script) -> tuple[Fact, ...]:
    """Return all questions of the summary other than items, asked or not: those of every case, the short questions,
    and the judgement.
    """
    always = (*CHANGEABLE, *closing(script.pack.instrument))
    settled = script.pack.guidance.advise(found.facts).settled
    others = (each for each in script.pack.guidance.circumstances if each.id not in always)
    return (
        *(_fact(each, session, script=script) for each in always),
        *(_circumstance(each, settled, script=script) for each in others),
        _fact("judgement", session, script=script),
    )


def _fact(question: str, session: Session, *, script: Script) -> Fact:
    wording, given = script.wording, session.answers.get(question) or ""
    label = wording.say(f"about.{question}") if f"about.{question}" in wording else ask(question, script)
    answers = [each for each in options(question) if each != ADULT]
    words = [wording.say_first(f"answer.{question}.{each}", f"answer.{each}") for each in answers]
    choices = tuple(map(SummaryOption, answers, words))
    return _answered(question, label, given=given, choices=choices, script=script)


def _circumstance(circumstance: Circumstance, settled: Facts, *, script: Script) -> Fact:
    """Return a short question with its answer. If the answer was derived from the items, its words say so."""
    choices = tuple(SummaryOption(each, _words(circumstance, each, script=script)) for each in circumstance.words)
    (given,) = settled[circumstance.id]
    fact = _answered(circumstance.id, circumstance.ask, given=given, choices=choices, script=script)
    is_implied = circumstance.is_implied(settled)
    return replace(fact, words=script.wording.say("summary.implied", answer=fact.words)) if is_implied else fact


def _words(circumstance: Circumstance, answer: str, *, script: Script) -> str:
    """Return the words of an answer next to its question, since the label of its button may be too short.

    If a question has a single tick, its answers are yes or no; with several ticks, each has its own words.
    """
    say, own = script.wording.say, f"summary.answer.{circumstance.id}.{answer}"
    if own in script.wording:
        return say(own)
    ticked = next((tick.short for tick in circumstance.ticks if tick.answer == answer), answer)
    plain = f"answer.{answer}"
    is_own = ticked != answer and len(circumstance.ticks) > 1
    return ticked if is_own or plain not in script.wording else say(plain)


def _answered(question: str, label: str, *, given: str, choices: tuple[SummaryOption, ...], script: Script) -> Fact:
    words = {choice.id: choice.label for choice in choices}
    if given not in words:
        return Fact(question, label, "", script.wording.say("summary.not-asked"), choices)
    return Fact(question, label, given, words[given], choices)


def parts(session: Session, found: Findings, *, script: Script) -> tuple[SummaryPart, ...]:
    """Return all sections of the instrument with their items, in order."""
    points, sections = dict(found.score.subtotals), script.pack.instrument.sections
    return tuple(_part(each, points[each.id], session=session, script=script) for each in sections)


def _part(section: Section, points: int, *, session: Session, script: Script) -> SummaryPart:
    items = script.pack.instrument.of_section(section.id)
    most = len(items) * max(option.points for option in section.options)
    choices = tuple(SummaryOption(each.id, each.label, each.points, each.is_present) for each in section.options)
    lines = tuple(_line(item, session, script=script) for item in items)
    return SummaryPart(section.id, section.plural, section.ask, choices, points, most, lines)


def _line(item: Item, session: Session, *, script: Script) -> SummaryLine:
    given, say = session.answers.items.get(item.id), script.wording.say
    option = item.option(given) if given else None
    is_ticked = option is not None and option.is_present
    reasons = (session.answers.says, session.answers.known)
    says, known = (each.get(item.id) or "" if is_ticked else "" for each in reasons)
    return SummaryLine(
        id=item.id,
        number=script.pack.instrument.number(item.id),
        label=item.label,
        response=option.id if option else "",
        answer=option.label if option else say("summary.not-asked"),
        points=option.points if option else 0,
        is_ticked=is_ticked,
        is_verified=item.verified,
        note="" if script.hides_notes else session.answers.notes.get(item.id) or "",
        tapped=TappedReason(
            says=says,
            says_words=_within(say(f"who.{says}")) if says else "",
            known=known,
            known_words=_within(say(f"since.{known}")) if known else "",
        ),
    )


def _within(label: str) -> str:
    return f"{label[:1].lower()}{label[1:]}"


def summarise(session: Session, script: Script, *, now: LocalTime, by: Hand = NO_HAND) -> Summary:
    """Return the summary of a session with a judgement that `by` holds, in words for a child or, where it is about one, a young adult."""
    view = reviewed(session, script, now=now)
    finished, found = finished_on(session, now), view.find(today=now.today)
    advice = script.pack.guidance.advise(found.facts)
    # Leads as urgent as the first, or of the urgency to call now, so that a minor reason never weakens a grave one.
    first, *others = advice.leads
    least = min(first.urgency, Urgency.CALL)
    kept = (first, *(lead for lead in others if lead.conditions and lead.urgency >= least))
    # A number on paper cannot be tapped.
    on_paper = replace(script, channel=replace(script.channel, dials=False))
    people = people_of(session, script, by=by, now=now)
    noted = NOTHING if script.hides_notes else session.answers.notes
    return of_whom(
        session,
        Summary(
            reference=session.reference,
            dates=SummaryDates(
                made=now.at.astimezone(UTC).isoformat(timespec="seconds"),
                finished=finished.isoformat(),
                review=review_on(finished, script).isoformat(),
            ),
            form=_form(script.pack.instrument),
            answers=SummaryAnswers(facts(session, found, script=script), parts(session, found, script=script)),
            result=_result(found, session.answers.get("judgement") or "not-asked", script=script),
            advice=SummaryAdvice(
                leads=tuple(
                    SummaryReason(one.urgency.word, one.title, one.text, basis_in_short(one.basis, script), one.basis)
                    for one in kept
                ),
                actions=actions_of(session, script, now=now),
                steps=tuple(
                    Due(one.id, one.text, basis_in_short(one.basis, script), one.basis) for one in advice.steps
                ),
                contacts=(contact_line(on_paper, now, answers=session.answers.around), *contact_entries(on_paper, now)),
                mix=tuple(each.text for each in (*advice.mixes, *advice.notes)),
            ),
            cautions=caution_lines(found, script),
            headings=tuple(
                SummaryHeading(one.id, one.title, one.ask, source_line(one.source, script), noted.get(one.id) or "")
                for one in script.pack.recording.headings
            ),
            warnings=_warnings(found, session, script=script, now=now),
            gaps=(),
            code=carry_over_code(session, script),
            log=_signed_log(log_of(session, script, now=now), people, script=script),
            people=people,
        ),
    )


def _warnings(found: Findings, session: Session, *, script: Script, now: LocalTime) -> tuple[str, ...]:
    """Return the warnings of a summary in any format; the first says what still applies from an earlier SERAF."""
    say, stands = script.wording.say, outstanding_line(session, script, now=now)
    working = "" if script.pack.instrument.is_verified else say("welcome.working-list")
    always = (say("summary.incomplete"), say("summary.makes-none"))
    return tuple(filter(None, (stands, *elsewhere_line(session, script), *always, working, _low(found, script))))


def _form(instrument: Instrument) -> SummaryForm:
    edition = instrument.edition
    return SummaryForm(
        name=edition.name,
        board=edition.board,
        edition=edition.label,
        fingerprint=instrument.fingerprint,
        is_verified=instrument.is_verified,
        bands=tuple(Begins(band.category, band.lowest) for band in instrument.bands),
    )


def _signed_log(log: tuple[Did, ...], people: SummaryPeople, *, script: Script) -> tuple[Did, ...]:
    """Return the log. If the case has changed hands, each entry says whose it is; a talk that a view closed is its writer's."""
    views = {view.at: view.label for view in people.views}
    signed = ((each, views.get(each.at) or people.label_of(each.at)) for each in log)
    return tuple(
        replace(each, words=script.wording.say("summary.log-by", entry=each.words, who=who)) if who else each
        for each, who in signed
    )


def _result(found: Findings, judgement: str, *, script: Script) -> SummaryResult:
    score, discussion, say = found.score, found.manager_discussion, script.wording.say
    instrument = script.pack.instrument
    pairs = zip(instrument.additions, score.additions, strict=True)
    harm = "; ".join(instrument.item(each).label for each in found.other_harm)
    return SummaryResult(
        additions=tuple(Added(each.id, each.label, points) for each, (_, points) in pairs),
        count=Count(
            total=score.total,
            highest=score.highest.total,
            category=score.category,
            highest_category=score.highest.category,
            answered=score.answered,
            of=score.of,
            is_range=score.is_range,
            words=number_line(found, script),
            low=_low(found, script),
            lines=(*standing_lines(found, script), say(f"judgement.{judgement}")),
        ),
        discussion=str(discussion),
        discussion_words=say(f"summary.discussion.{discussion}") if discussion is not Discussion.NO else "",
        other_harm=found.other_harm,
        harm_words=say("summary.harm", titles=harm) if harm else "",
        judgement=judgement,
    )


def _low(found: Findings, script: Script) -> str:
    return script.wording.say("number.low") if found.score.category <= LOW else ""
