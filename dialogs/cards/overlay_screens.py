"""The words of each overlay. Urgent help and contacts show nothing of a case."""

from typing import assert_never

from dialogs.call.call_screens import call_paragraphs
from dialogs.cards.overlay_keyboard import TERMS_A_PAGE
from dialogs.core.overlays import Kind, Overlay
from dialogs.core.replies import Paragraph
from dialogs.core.script import Script
from dialogs.core.session import Session
from dialogs.form.at_once import lead_so_far
from dialogs.form.circumstance_cards import follow_up_paragraphs
from dialogs.form.item_cards import ask, of_the_section
from dialogs.form.path import section_at
from dialogs.form.reasons import reason_paragraphs
from dialogs.guide.guide_screens import guide_paragraphs
from dialogs.notes.note_cards import note_paragraphs, words_paragraphs
from dialogs.phrases.sources import source_line
from dialogs.phrases.whom_to_call import contact_entries, contact_line, doubt_line, urgent_line
from dialogs.result.action_line import line_paragraphs, outcome_paragraphs
from dialogs.result.in_the_record import ASKED, to_record_paragraphs
from dialogs.review.changes import changed_paragraphs
from dialogs.review.review_cards import review_paragraphs
from dialogs.what_if.find_cards import find_paragraphs
from dialogs.what_if.raise_cards import raise_paragraphs
from seraf.advice.contacts import LocalTime
from seraf.form.instrument import Item

BEYOND = {Kind.RAISE: raise_paragraphs, Kind.FIND: find_paragraphs}
"""What may be opened from a result and has pages."""


def overlay_paragraphs(overlay: Overlay, session: Session, script: Script, now: LocalTime) -> tuple[Paragraph, ...]:
    """The paragraphs of an overlay."""
    match overlay.kind:
        case Kind.URGENT | Kind.CALL | Kind.CONTACTS:
            return _whom_to_call(overlay.kind, session, script, now)
        case Kind.WHAT:
            return _what(overlay.about, session, script)
        case Kind.EXPLAIN | Kind.TERMS | Kind.GUIDE | Kind.HELP | Kind.WORDS:
            return _looked_up(overlay, script)
        case Kind.MORE | Kind.ERASE | Kind.AGAIN:
            return _about_the_case(overlay.kind, session, script)
        case Kind.DANGER | Kind.TOLD | Kind.ENOUGH | Kind.FOLLOW_UP:
            return _spoken_up(overlay, session, script, now)
        case Kind.CODE | Kind.REVIEW | Kind.EARLIER | Kind.REMIND | Kind.SUMMARY:
            return review_paragraphs(overlay, session, script)
        case Kind.ACTION | Kind.OUTCOME | Kind.REASONS | Kind.CHANGED:
            return _of_the_case(overlay, session, script, now)
        case Kind.CALLING:
            return call_paragraphs(int(overlay.about), session, script, now)
        case Kind.RAISE | Kind.FIND:
            return BEYOND[overlay.kind](int(overlay.about), session, script)
        case Kind.TO_RECORD:
            return to_record_paragraphs(script)
        case Kind.NOTES | Kind.NOTE | Kind.MIRROR:
            return note_paragraphs(overlay, session, script)
    assert_never(overlay.kind)


def _spoken_up(overlay: Overlay, session: Session, script: Script, now: LocalTime) -> tuple[Paragraph, ...]:
    """What cannot wait: what it is, what to do, whom to call; or a question that is put at once."""
    say, lead = script.wording.say, lead_so_far(session, script.pack)
    if overlay.kind is Kind.FOLLOW_UP:
        return follow_up_paragraphs(overlay.about, session, script)
    line = contact_line(script, now, session.answers)
    if overlay.kind is Kind.TOLD:
        return _titled("told", script, say("told.text"), line)
    stays = say("danger.stays" if overlay.kind is Kind.DANGER else "enough.text")
    return (Paragraph(lead.title, is_strong=True), *map(Paragraph, (lead.text, line, stays)))


def _of_the_case(overlay: Overlay, session: Session, script: Script, now: LocalTime) -> tuple[Paragraph, ...]:
    """One line of the action card, what came of it, a reason, or what changed since an earlier SERAF."""
    if overlay.kind is Kind.REASONS:
        return reason_paragraphs(overlay.about, session, script)
    shown = {Kind.ACTION: line_paragraphs, Kind.OUTCOME: outcome_paragraphs, Kind.CHANGED: changed_paragraphs}
    return shown[overlay.kind](overlay.about, session, script, now)


def _looked_up(overlay: Overlay, script: Script) -> tuple[Paragraph, ...]:
    """What is the same for everybody and every case."""
    match overlay.kind:
        case Kind.EXPLAIN:
            return _explain(overlay.about, script)
        case Kind.WORDS:
            return words_paragraphs(overlay.about, script)
        case Kind.TERMS:
            return _terms(int(overlay.about), script)
        case Kind.GUIDE:
            return guide_paragraphs(overlay.about, script)
        case _:
            return _titled("help", script, *_help(script))


def _whom_to_call(kind: Kind, session: Session, script: Script, now: LocalTime) -> tuple[Paragraph, ...]:
    """What helps to ring somebody, and shows nothing of a case."""
    if kind is Kind.URGENT:
        return _urgent(script, now)
    if kind is Kind.CONTACTS:
        return _titled("contacts", script, *contact_entries(script, now))
    return _titled("call", script, contact_line(script, now, session.answers), script.wording.say("call.script"))


def _titled(name: str, script: Script, *texts: str) -> tuple[Paragraph, ...]:
    title = Paragraph(script.wording.say(f"{name}.title"), is_strong=True)
    return (title, *map(Paragraph, texts))


def _help(script: Script) -> tuple[str, ...]:
    """How to use it: what every channel can do, and what this one can beside."""
    say, own = script.wording.say, f"help.{script.channel.name}"
    texts = (own, *(("help.notes",) if script.notes else ()))
    return (say("help.text"), *(say(each) for each in texts if each in script.wording), say("welcome.no-need"))


def _urgent(script: Script, now: LocalTime) -> tuple[Paragraph, ...]:
    say = script.wording.say
    lines = (urgent_line(script, now), *doubt_line(script, now))
    return _titled("urgent", script, *lines, say("welcome.no-need"), say("urgent.keep"))


def _what(about: str, session: Session, script: Script) -> tuple[Paragraph, ...]:
    instrument, say = script.pack.instrument, script.wording.say
    if about in instrument:
        return _what_counts(instrument.item(about), session, script)
    section, circumstance = section_at(about, instrument), script.pack.guidance.circumstance(about)
    if section:
        return (Paragraph(section.plural, is_strong=True), Paragraph(say("what.section")))
    if circumstance:
        return (
            Paragraph(say("place.what", reference=session.reference)),
            Paragraph(circumstance.ask, is_strong=True),
            Paragraph(circumstance.what),
            Paragraph(source_line(circumstance.source, script)),
        )
    text = say(f"what.{about}") if f"what.{about}" in script.wording else say("what.own-question")
    head = say("place.what", reference=session.reference)
    return (Paragraph(head), Paragraph(ask(about, script), is_strong=True), Paragraph(text))


def _what_counts(item: Item, session: Session, script: Script) -> tuple[Paragraph, ...]:
    say = script.wording.say
    return (
        Paragraph(say("place.what", reference=session.reference)),
        Paragraph(item.label, is_strong=True),
        Paragraph(f"{item.explanation}\n{item.section.ask}"),
        Paragraph("\n".join((say("what.counts"), *(f"• {each}" for each in item.counts)))),
        Paragraph("\n".join((say("what.excludes"), *(f"• {each}" for each in item.excludes))), is_close=True),
        Paragraph("\n".join(of_the_section(item.section, script))),
        Paragraph(source_line(item.source, script), is_close=True),
    )


def _explain(term_id: str, script: Script) -> tuple[Paragraph, ...]:
    term = script.pack.glossary[term_id]
    return (Paragraph(term.term, is_strong=True), Paragraph(term.text), Paragraph(source_line(term.source, script)))


def _terms(page: int, script: Script) -> tuple[Paragraph, ...]:
    pages = -(-len(script.pack.glossary.terms) // TERMS_A_PAGE)
    return _titled("terms", script, script.wording.say("terms.text", page=page, pages=pages))


def _about_the_case(kind: Kind, session: Session, script: Script) -> tuple[Paragraph, ...]:
    say = script.wording.say
    title = Paragraph(say(f"{kind}.title", reference=session.reference), is_strong=True)
    return (title, Paragraph(say(_text_of(kind, session), reference=session.reference)))


def _text_of(kind: Kind, session: Session) -> str:
    """The key of the text; whoever said whether it is recorded is not asked that again before they erase."""
    recorded = session.answers.get(ASKED) if kind is Kind.ERASE else None
    return f"erase.text-{recorded}" if recorded else f"{kind}.text"
