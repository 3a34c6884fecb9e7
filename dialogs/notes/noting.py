"""Short notes, where an organisation takes them: what is kept of what is typed at a note card, and what never is."""

from dataclasses import replace

from dialogs.core.events import Event, Noted, Typed
from dialogs.core.overlays import Kind, Overlay
from dialogs.core.replies import Reply, Toast
from dialogs.core.script import Script
from dialogs.core.session import Session

LONGEST = 300
"""Characters of one note."""

MOST = 6_000
"""Characters of all notes of a case together."""

OF_NOTES = frozenset({Kind.NOTES, Kind.NOTE, Kind.MIRROR})
"""Overlays that there are only where notes are taken."""

WRITING = frozenset({Kind.NOTE, Kind.MIRROR})
"""Overlays at which what is typed is a note."""


def takes_words(session: Session, script: Script) -> bool:
    """Whether what is typed now is taken as a note: notes are on, and a note card of a case is open."""
    return script.notes is not None and session.has_case and bool(session.overlay and session.overlay.kind in WRITING)


def as_note(event: Event, words: str, *, session: Session, script: Script) -> Event:
    """The event as a note where it was typed at a card that takes one. Everywhere else the words go no further."""
    if isinstance(event, Typed) and words and takes_words(session, script):
        return Noted(event.occasion, words)
    return event


def typed(session: Session, script: Script) -> Reply:
    """What is answered to something typed that is not taken: that it is not kept, and why."""
    return Reply(session, (Toast("typed-no-note" if script.notes else "typed"),))


def take_note(session: Session, text: str, *, script: Script) -> Reply:
    """The session with the note, or with a draft of it where its words are to be thought over; else why it is not kept."""
    if script.notes is None or session.overlay is None or not takes_words(session, script):
        return typed(session, script)
    words, about = tidy(text), session.overlay.about
    room = MOST - sum(len(kept) for place, kept in session.answers.notes if place != about)
    if not words:
        return Reply(session, (Toast("note-empty"),))
    if len(words) > min(LONGEST, room):
        return Reply(session, (Toast("note-long" if len(words) > LONGEST else "note-full", _count(words)),))
    # Before the mirror: words that are thought over are kept as a draft, and what could name somebody is never kept.
    if found := script.notes.screening.could_be(words):
        kinds = ", ".join(script.wording.say(f"identifier.{kind}") for kind in found)
        return Reply(session, (Toast("note-refused", (("kinds", kinds),)),))
    if script.pack.recording.mirrored(words):
        return Reply(
            replace(
                session, overlay=replace(session.overlay, kind=Kind.MIRROR), told=replace(session.told, draft=words)
            )
        )
    return _kept(session, session.overlay, words=words)


def decide_note(session: Session, deed: str) -> Reply:
    """What a button of a note card does: `keep` the draft as it is, write it `again`, or `remove` the note."""
    assert session.overlay is not None, "only a note card has these buttons"
    overlay = replace(session.overlay, kind=Kind.NOTE)
    if deed == "keep":
        return _kept(session, overlay, words=session.told.draft)
    if deed == "remove":
        return Reply(
            replace(session, answers=replace(session.answers, notes=session.answers.notes.drop(overlay.about))),
            (Toast("note-removed"),),
        )
    return Reply(replace(session, overlay=overlay, told=replace(session.told, draft="")))


def without_stale(session: Session) -> Session:
    """The session without a draft that nobody is deciding about any more."""
    overlay = session.overlay
    while overlay is not None and overlay.kind is not Kind.MIRROR:
        overlay = overlay.under
    return (
        session
        if overlay is not None or not session.told.draft
        else replace(session, told=replace(session.told, draft=""))
    )


def without_notes(session: Session, script: Script) -> Session:
    """The session with no note card over it where notes are not taken, as when they were until yesterday."""
    if script.notes is None and session.overlay and session.overlay.kind in OF_NOTES:
        return session.beneath(None)
    return session


def tidy(text: str) -> str:
    """The text on one line, without anything that cannot be seen."""
    return " ".join("".join(char if char.isprintable() else " " for char in text).split())


def _kept(session: Session, overlay: Overlay, *, words: str) -> Reply:
    note = session.answers.notes.give(overlay.about, words)
    return Reply(
        replace(
            session,
            overlay=replace(overlay, kind=Kind.NOTE),
            answers=replace(session.answers, notes=note),
            told=replace(session.told, draft=""),
        ),
        (Toast("note-kept"),),
    )


def _count(words: str) -> tuple[tuple[str, str], ...]:
    return (("length", str(len(words))), ("most", str(LONGEST)))
