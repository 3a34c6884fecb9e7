"""How a finished session becomes a summary. The words are those of the cards, so that paper and chat never differ."""

from dataclasses import replace
from datetime import UTC

from dialogs.core.codes import carry_over_code
from dialogs.core.script import Script
from dialogs.core.session import Session
from dialogs.phrases.number import LOW, caution_lines, finished_on, number_line, review_on, standing_lines
from dialogs.phrases.outstanding import outstanding_line, reviewed
from dialogs.phrases.sources import basis_in_short, source_line
from dialogs.phrases.whom_to_call import contact_entries, contact_line
from dialogs.summary.actions import actions_of, log_of
from dialogs.summary.adults import of_whom
from dialogs.summary.lines import facts, parts
from dialogs.summary.summary import Added, Begins, Count, Due, Summary, SummaryForm, SummaryHeading, SummaryReason
from seraf.advice.action_plan import Urgency
from seraf.advice.contacts import LocalTime
from seraf.form.instrument import Instrument
from seraf.score.scoring import Discussion, Findings


def summarise(session: Session, script: Script, *, now: LocalTime) -> Summary:
    """The summary of a session whose judgement was given, in words that fit whom it is about."""
    return of_whom(session, _summarised(session, script, now=now))


def _summarised(session: Session, script: Script, *, now: LocalTime) -> Summary:
    view = reviewed(session, script, now=now)
    finished, found = finished_on(session, now), view.find(today=now.today)
    return Summary(
        reference=session.reference,
        made=now.at.astimezone(UTC).isoformat(timespec="seconds"),
        finished=finished.isoformat(),
        review=review_on(finished, script).isoformat(),
        form=_form(script.pack.instrument),
        facts=facts(session, found, script=script),
        parts=parts(session, found, script=script),
        additions=_additions(found, script.pack.instrument),
        count=_count(found, session, script=script),
        discussion=str(found.manager_discussion),
        discussion_words=_discussion(found, script),
        other_harm=found.other_harm,
        harm_words=_harm(found, script),
        judgement=session.answers.get("judgement") or "not-asked",
        leads=_leads(found, script),
        actions=actions_of(session, script, now=now),
        steps=_steps(found, script),
        contacts=_contacts(session, script, now=now),
        mix=_beside(found, script),
        cautions=caution_lines(found, script),
        headings=_headings(session, script),
        warnings=_warnings(found, session, script=script, now=now),
        gaps=(),
        code=carry_over_code(session, script),
        log=log_of(session, script, now=now),
    )


def _form(instrument: Instrument) -> SummaryForm:
    return SummaryForm(
        name=instrument.name,
        board=instrument.board,
        edition=instrument.edition,
        fingerprint=instrument.fingerprint,
        is_verified=instrument.is_verified,
        bands=tuple(Begins(band.category, band.lowest) for band in instrument.bands),
    )


def _additions(found: Findings, instrument: Instrument) -> tuple[Added, ...]:
    pairs = zip(instrument.additions, found.score.additions, strict=True)
    return tuple(Added(each.id, each.label, points) for each, (_, points) in pairs)


def _count(found: Findings, session: Session, *, script: Script) -> Count:
    score = found.score
    judgement = script.wording.say(f"judgement.{session.answers.get('judgement') or 'not-asked'}")
    return Count(
        total=score.total,
        highest=score.highest.total,
        category=score.category,
        highest_category=score.highest.category,
        answered=score.answered,
        of=score.of,
        is_range=score.is_range,
        words=number_line(found, script),
        low=_low(found, script),
        lines=(*standing_lines(found, script), judgement),
    )


def _low(found: Findings, script: Script) -> str:
    return script.wording.say("number.low") if found.score.category <= LOW else ""


def _discussion(found: Findings, script: Script) -> str:
    if found.manager_discussion is Discussion.NO:
        return ""
    return script.wording.say(f"summary.discussion.{found.manager_discussion}")


def _harm(found: Findings, script: Script) -> str:
    if not found.other_harm:
        return ""
    labels = "; ".join(script.pack.instrument.item(each).label for each in found.other_harm)
    return script.wording.say("summary.harm", titles=labels)


def _leads(found: Findings, script: Script) -> tuple[SummaryReason, ...]:
    """What leads, and whatever else holds that is as urgent, or a call now; a milder reason never stands next to a graver one."""
    first, *others = script.pack.guidance.advise(found.facts).leads
    least = min(first.urgency, Urgency.CALL)
    kept = (first, *(lead for lead in others if lead.conditions and lead.urgency >= least))
    return tuple(
        SummaryReason(lead.urgency.word, lead.title, lead.text, basis_in_short(lead.basis, script), lead.basis)
        for lead in kept
    )


def _steps(found: Findings, script: Script) -> tuple[Due, ...]:
    steps = script.pack.guidance.advise(found.facts).steps
    return tuple(Due(step.id, step.text, basis_in_short(step.basis, script), step.basis) for step in steps)


def _contacts(session: Session, script: Script, *, now: LocalTime) -> tuple[str, ...]:
    """Whom to call, in one line; then each with what is known of the number. On paper no number is tapped."""
    written = replace(script, channel=replace(script.channel, dials=False))
    return (contact_line(written, now, answers=session.answers.around), *contact_entries(written, now))


def _beside(found: Findings, script: Script) -> tuple[str, ...]:
    guidance = script.pack.guidance
    return tuple(each.text for each in (*guidance.advise(found.facts).mixes, *guidance.advise(found.facts).notes))


def _headings(session: Session, script: Script) -> tuple[SummaryHeading, ...]:
    return tuple(
        SummaryHeading(
            each.id, each.title, each.ask, source_line(each.source, script), session.answers.notes.get(each.id) or ""
        )
        for each in script.pack.recording.headings
    )


def _warnings(found: Findings, session: Session, *, script: Script, now: LocalTime) -> tuple[str, ...]:
    """What has to be read with a summary whatever its form: what stands from an earlier SERAF first."""
    say = script.wording.say
    stands, low = outstanding_line(session, script, now=now), _low(found, script)
    working = "" if script.pack.instrument.is_verified else say("welcome.working-list")
    return tuple(filter(None, (stands, say("summary.incomplete"), say("close.referral"), working, low)))
