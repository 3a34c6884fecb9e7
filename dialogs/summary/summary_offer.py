"""A summary sent into the chat as a file: what is said before, and what a tap on it asks for."""

from dataclasses import replace

from dialogs.core.acts import Fetch, Open
from dialogs.core.codes import carry_over_code
from dialogs.core.keys import CLOSE, CODE, URGENT, Key, Rows
from dialogs.core.overlay_card import OverlayCard, Paragraphs, View
from dialogs.core.overlays import Kind, Overlay
from dialogs.core.replies import Document, Paragraph, Reply, Toast
from dialogs.core.script import Script
from dialogs.core.session import Session
from state_machines.assessment import Phase

PDF, TEXT, PICTURE = "pdf", "text", "picture"
"""The kinds of document: the summary for paper, and as plain text; and the course over the reviews as a picture."""

SUMMARY = Key(Open(Overlay(Kind.SUMMARY)), "summary")


def kinds(session: Session, script: Script) -> tuple[str, ...]:
    """What may be asked for here: a file where the channel takes one, and a picture where there is a course."""
    if not script.channel.sends_files:
        return (TEXT,)
    return (PDF, TEXT, PICTURE) if session.earlier else (PDF, TEXT)


def _words(view: View) -> Paragraphs:
    """What a summary is, who could read it then, and that it can be made at a desk instead."""
    session, script = view.session, view.script
    say, own = script.wording.say, f"to-summary.{script.channel.name}"
    desk = (say("to-summary.desk"),) if carry_over_code(session, script) else ()
    return (
        Paragraph(say("to-summary.title", reference=session.reference), is_strong=True),
        *(Paragraph(text) for text in (say(own), say("to-summary.holds"), *desk)),
    )


def _rows(view: View) -> Rows:
    """A key for each kind; the code, which is enough at a desk; and out."""
    asked = tuple(Key(Fetch(kind), f"fetch.{kind}") for kind in kinds(view.session, view.script))
    code = (CODE,) if carry_over_code(view.session, view.script) else ()
    return (asked, (*code, CLOSE, URGENT))


def fetch(session: Session, kind: str) -> Reply:
    """The session with a document asked for; it comes with the card."""
    return Reply(session.beneath(None), (Document(kind), Toast(f"document-{kind}")))


def at_result(session: Session) -> Session | None:
    """The session as it stood at its result, should it be paused there; None where it is not finished."""
    if session.phase is Phase.PAUSED and session.detour.paused_in is Phase.RESULT:
        return replace(session, phase=Phase.RESULT, detour=replace(session.detour, paused_in=None))
    return session if session.phase is Phase.RESULT else None


SUMMARY_CARD = OverlayCard(_words, _rows)
