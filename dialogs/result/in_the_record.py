"""Whether it is in the case record: asked once a case, and never in the way."""

from dataclasses import replace

from dialogs.core.acts import Open, Say
from dialogs.core.keys import GO_ON, URGENT, Key, Rows
from dialogs.core.overlay_card import OverlayCard, Paragraphs, View
from dialogs.core.overlays import Kind, Overlay
from dialogs.core.replies import Paragraph
from dialogs.core.script import Script
from dialogs.core.session import Session
from dialogs.phrases.sources import source_line

ASKED = "recorded"
"""The answer that is remembered of the case: `yes`, or `not-yet`."""

TO_RECORD = Key(Open(Overlay(Kind.TO_RECORD)), "to-record")


def say_recorded(session: Session, answer: str) -> Session:
    """The session once that was answered; where it is not recorded yet, what the guidance wants recorded is shown."""
    overlay = None if answer == "yes" else Overlay(Kind.TO_RECORD)
    return replace(session, answers=session.answers.give(ASKED, answer), overlay=overlay)


def recorded_rows(session: Session, pages: tuple[str, ...]) -> Rows:
    """The two answers on the last page of a result, until one was given."""
    if session.answers.get(ASKED) or int(session.place) < len(pages):
        return ()
    return (tuple(Key(Say(each), f"answer.recorded.{each}") for each in ("yes", "not-yet")),)


def recorded_paragraphs(session: Session, script: Script) -> tuple[Paragraph, ...]:
    """The question at the end of a result, until it was answered; then nothing."""
    if session.answers.get(ASKED):
        return ()
    return (Paragraph(script.wording.say("recorded.ask"), is_strong=True),)


def _words(view: View) -> Paragraphs:
    """What the guidance wants in the record: why each item is ticked, and each heading with what it rests on."""
    say, script = view.script.wording.say, view.script
    headings = script.pack.recording.headings
    lines = [say("to-record.heading", title=each.title, source=source_line(each.source, script)) for each in headings]
    return (
        Paragraph(say("to-record.title"), is_strong=True),
        Paragraph("\n".join((say("to-record.reasons"), *lines))),
        Paragraph(say("to-record.text")),
    )


TO_RECORD_CARD = OverlayCard(_words, lambda _: ((GO_ON, URGENT),))
