"""The result, page by page: what to do and whom to call, then the number, why, the next steps, and how it ends."""

from dataclasses import dataclass
from datetime import date

from dialogs.calling import contact_line
from dialogs.changes import change_paragraphs
from dialogs.number import caution_lines, finished_on, in_words, number_line, review_on, standing_lines
from dialogs.paging import paged
from dialogs.recording import recorded_paragraphs
from dialogs.replies import Paragraph
from dialogs.script import Script
from dialogs.session import Session
from dialogs.sources import source_line
from seraf.conditions import ALWAYS
from seraf.contacts import LocalTime
from seraf.findings import Findings, find
from seraf.guidance import Step, When


@dataclass(frozen=True, slots=True)
class ResultPage:
    """One page: what it is about (`do`, `number`, `changed`, `steps` or `close`) and its paragraphs."""

    kind: str
    paragraphs: tuple[Paragraph, ...]


def result_pages(session: Session, script: Script, now: LocalTime) -> tuple[ResultPage, ...]:
    """Every page of the result, in order; the first is always `do`, the last always `close`."""
    found = find(script.pack.instrument, session.case(), now.today)
    changed = change_paragraphs(session, found, script, now)
    return (
        ResultPage("do", _what_to_do(found, session, script, now)),
        *_paged("number", _about_the_number(found, script)),
        *(_paged("changed", changed) if changed else ()),
        *_paged("steps", _next_steps(found, script)),
        ResultPage("close", (*_close(script, finished_on(session, now)), *recorded_paragraphs(session, script))),
    )


def _what_to_do(found: Findings, session: Session, script: Script, now: LocalTime) -> tuple[Paragraph, ...]:
    first, *others = script.pack.guidance.leads_for(found.facts)
    titles = [lead.title for lead in others if lead.condition != ALWAYS]
    also = [script.wording.say("result.also", titles=" ".join(titles))] if titles else []
    judgement = script.wording.say(f"judgement.{session.answers.get('judgement') or 'not-asked'}")
    return (
        Paragraph(first.title, is_strong=True),
        Paragraph(script.wording.say("result.lead", text=first.text, source=source_line(first.source, script))),
        Paragraph(contact_line(script, now, session.answers)),
        *map(Paragraph, also),
        Paragraph(number_line(found, script), is_strong=True),
        Paragraph("\n".join((*standing_lines(found, script), judgement))),
    )


def _about_the_number(found: Findings, script: Script) -> tuple[Paragraph, ...]:
    guidance, say = script.pack.guidance, script.wording.say
    cautions = [f"• {caution}" for caution in caution_lines(found, script)]
    return (
        Paragraph(_subtotals(found, script)),
        *(Paragraph(mix.text) for mix in guidance.mix_for(found.facts)),
        *map(Paragraph, _harm(found, script)),
        *(Paragraph(note.text) for note in guidance.notes_for(found.facts)),
        *((Paragraph("\n".join((say("result.mind"), *cautions))),) if cautions else ()),
    )


def _harm(found: Findings, script: Script) -> tuple[str, ...]:
    """Which of the ticked items show harm of another kind, so that nobody has to guess what is meant on page 1."""
    if not found.other_harm:
        return ()
    labels = (script.pack.instrument.item(each).label for each in found.other_harm)
    return (script.wording.say("result.harm", titles="; ".join(labels)),)


def _subtotals(found: Findings, script: Script) -> str:
    instrument, score = script.pack.instrument, found.score
    counted = [
        (section.plural, points, len(instrument.of_section(section.id)))
        for section, (_, points) in zip(instrument.sections, score.subtotals, strict=True)
    ]
    lines = [
        script.wording.say("result.subtotal", name=name, points=points, items=items) for name, points, items in counted
    ]
    made = [
        (each.label, points) for each, (_, points) in zip(instrument.additions, score.additions, strict=True) if points
    ]
    lines += [script.wording.say("result.addition", label=label, points=points) for label, points in made]
    return "\n".join((*lines, script.wording.say("result.total", total=score.total)))


def _next_steps(found: Findings, script: Script) -> tuple[Paragraph, ...]:
    steps = script.pack.guidance.steps_for(found.facts)
    paragraphs: list[Paragraph] = []
    for when in When:
        due = [step for step in steps if step.when is when]
        heading = [Paragraph(script.wording.say(f"when.{when}"), is_strong=True)] if due else []
        paragraphs += [*heading, *(Paragraph(_step(step, script)) for step in due)]
    return tuple(paragraphs)


def _step(step: Step, script: Script) -> str:
    return script.wording.say("result.step", who=step.who, text=step.text, source=source_line(step.source, script))


def _close(script: Script, finished: date) -> tuple[Paragraph, ...]:
    say, instrument = script.wording.say, script.pack.instrument
    edition = say(
        "close.edition", board=instrument.board, edition=instrument.edition, fingerprint=instrument.fingerprint[:12]
    )
    return (
        Paragraph(say("close.review", date=in_words(review_on(finished))), is_strong=True),
        Paragraph(say("close.referral")),
        Paragraph(say("close.complete")),
        Paragraph(edition),
    )


def _paged(kind: str, paragraphs: tuple[Paragraph, ...]) -> list[ResultPage]:
    return [ResultPage(kind, page) for page in paged(paragraphs)]
