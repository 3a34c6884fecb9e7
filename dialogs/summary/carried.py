"""The summary of what a review code contains, and the card that offers the summary of a case."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

from dialogs.core.acts import Fetch, Kind, Open, Overlay
from dialogs.core.codes import carry_over_code
from dialogs.core.keys import CLOSE, CODE, URGENT, Key, OverlayCard, Paragraphs, Rows, View
from dialogs.core.replies import Document, Paragraph, Reply, Toast
from dialogs.core.script import Script
from dialogs.core.session import Answers, Result, Session
from dialogs.form.path import advised
from dialogs.notes.noting import elsewhere_line
from dialogs.summary.summarise import of_whom, summarise
from dialogs.summary.summary import Fact, Summary, SummaryAnswers, SummaryPart
from seraf.advice.contacts import LocalTime
from seraf.form.circumstances import EVIDENCE
from seraf.form.responses import Responses
from seraf.form.second_view import Owed
from seraf.form.vocabulary import NOT_KNOWN
from seraf.review.carry_over import FACTS, TABLES, Carried, Words
from state_machines.assessment import Phase

UNSAID_BY_OLDER = frozenset({*FACTS, EVIDENCE})  # facts that are not in a code of the first format

# Facts that every case answers. If a code has no answer for one and cannot say “not known”, the answer is not known.
ALWAYS_ASKED = ("danger", "told_or_seen")


def summarise_carried(carried: Carried, script: Script, *, now: LocalTime) -> Summary:
    """Return the summary of a review code. `gaps` names what is missing because no code contains it.

    A code of the first format does not say whether the child told anyone, or is in danger. Actions would depend on
    that, so they are left out, and the summary says so.
    """
    say, table, is_old = script.wording.say, TABLES[carried.code_format], carried.code_format == 1
    case = carried.case()
    # The first of the month, so that the next review is not dated too late
    session = Session(
        card=0,
        phase=Phase.RESULT,
        place="1",
        fingerprint=carried.fingerprint,
        answers=Answers(around=Responses.of({**case.answers, "age": carried.age}), items=carried.responses),
        result=Result(finished=date(carried.year, carried.month, 1).isoformat(), owed=Owed(case.floor)),
    )
    unsayable = {fact for fact, words in table.items() if NOT_KNOWN not in words}
    given = {**dict.fromkeys(unsayable.intersection(ALWAYS_ASKED), NOT_KNOWN), **dict(session.answers.around)}
    asked = advised(session.answered(Responses.of(given)), script.pack).asked
    unsaid = unsayable.intersection(each.id for each in asked)
    session = session.answered(Responses.of({**dict.fromkeys(unsaid, NOT_KNOWN), **given}))
    guidance = script.pack.guidance
    notes = tuple(each for each in guidance.notes if not UNSAID_BY_OLDER & dict(each.condition.asks).keys())
    silent = replace(script, pack=replace(script.pack, guidance=replace(guidance, notes=notes)))
    made = summarise(session, silent if is_old else script, now=now)
    held = tuple(each for each in made.answers.facts if each.answer or each.id in table)
    missing = [each.label for each in made.answers.facts if each not in held]
    gaps = (say(f"summary.gap.{each}") for each in ("notes", "log"))
    # No code says when a line was due, or what was done
    actions = tuple(replace(each, by="", by_words="", state="not-known", open_words="") for each in made.advice.actions)
    told = replace(
        made,
        dates=replace(made.dates, finished=f"{carried.year:04}-{carried.month:02}"),
        answers=SummaryAnswers(
            facts=tuple(_unsaid_fact(each, table, script=script) for each in held),
            parts=tuple(_unsaid_items(each, script) for each in made.answers.parts),
        ),
        advice=replace(made.advice, actions=actions),
        gaps=(say("summary.gap.reference"), say("summary.gap.day"), *missing, *gaps),
        code=script.codes.write(carried) if script.codes else "",
    )
    if not is_old:
        return told
    # Without leads, actions and steps, and with the sentence that says why.
    advice = replace(told.advice, leads=(), actions=(), steps=())
    warnings = (say("summary.older-code"), *told.warnings)
    return of_whom(session, replace(told, advice=advice, warnings=warnings))


def _unsaid_fact(fact: Fact, table: Mapping[str, Words], *, script: Script) -> Fact:
    """Return the fact. If the code cannot tell “not known” from “not asked”, its words say that it is one of the two."""
    if fact.answer or NOT_KNOWN in table[fact.id]:
        return fact
    return replace(fact, words=script.wording.say("summary.unsaid"))


def _unsaid_items(part: SummaryPart, script: Script) -> SummaryPart:
    """Return the section in which items without an answer say “not known or not asked”."""
    unsaid = script.wording.say("summary.unsaid")
    return replace(part, lines=tuple(each if each.response else replace(each, answer=unsaid) for each in part.lines))


PDF, TEXT, PICTURE = "pdf", "text", "picture"
SUMMARY = Key(Open(Overlay(Kind.SUMMARY)), "summary")


def kinds(session: Session, script: Script) -> tuple[str, ...]:
    """Return the kinds of document on offer: text, and if files can be sent, a PDF, and at a review a picture."""
    if not script.channel.sends_files:
        return (TEXT,)
    return (PDF, TEXT, PICTURE) if session.earlier else (PDF, TEXT)


def _words(view: View) -> Paragraphs:
    session, script = view.session, view.script
    say, own = script.wording.say, f"to-summary.{script.channel.name}"
    desk = (say("to-summary.desk"),) if carry_over_code(session, script) else ()
    title = Paragraph(say("to-summary.title", reference=session.reference), is_strong=True)
    return (title, *map(Paragraph, (say(own), say("to-summary.holds"), *elsewhere_line(session, script), *desk)))


def _rows(view: View) -> Rows:
    asked = tuple(Key(Fetch(kind), f"fetch.{kind}") for kind in kinds(view.session, view.script))
    code = (CODE,) if carry_over_code(view.session, view.script) else ()
    return (asked, (*code, CLOSE, URGENT))


def fetch(session: Session, kind: str) -> Reply:
    """Return the reply to a request for a document: the effect that sends it, and a toast."""
    return Reply(session.beneath(None), (Document(kind), Toast(f"document-{kind}")))


def at_result(session: Session) -> Session | None:
    """Return the session at its result, even if it is paused there. Return None if there is no result yet."""
    if session.phase is Phase.PAUSED and session.detour.paused_in is Phase.RESULT:
        return replace(session, phase=Phase.RESULT, detour=replace(session.detour, paused_in=None))
    return session if session.phase is Phase.RESULT else None


SUMMARY_CARD = OverlayCard(_words, _rows)
