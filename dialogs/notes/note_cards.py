"""The words of the note cards: what to write, what is kept, and the language mirror."""

from dialogs.core.overlays import Kind, Overlay
from dialogs.core.replies import Paragraph
from dialogs.core.script import NoteTaking, Script
from dialogs.core.session import Session
from dialogs.notes.note_keys import note_pages, noted_items
from dialogs.notes.noting import LONGEST
from dialogs.phrases.sources import source_line

NAMED = 3
"""Phrases of an entry of the mirror that stand in its title."""


def welcome_line(notes: NoteTaking | None, script: Script) -> tuple[str, ...]:
    """That notes may be kept, and for how long; nothing where none are taken."""
    if notes is None:
        return ()
    key = "notes.kept" if script.channel.keeps else "notes.not-kept"
    return (script.wording.say(key, unfinished=notes.unfinished_days, finished=notes.finished_days),)


def words_paragraphs(about: str, script: Script) -> tuple[Paragraph, ...]:
    """Words that are better said otherwise, for whoever asks about them; today's pack may have them no more."""
    found = script.pack.recording.blaming(about)
    if found is None:
        return (Paragraph(script.wording.say("toast.no-term"), is_strong=True),)
    words = ", ".join(f"“{phrase.replace('*', '')}”" for phrase in found.phrases[:NAMED])
    return (
        Paragraph(script.wording.say("words.title", words=words), is_strong=True),
        Paragraph(found.why),
        Paragraph(found.instead),
        Paragraph(source_line(found.source, script)),
    )


def note_paragraphs(overlay: Overlay, session: Session, script: Script) -> tuple[Paragraph, ...]:
    """The card of one note, the list of notes, or the language mirror."""
    if overlay.kind is Kind.NOTES:
        return _list(overlay, session, script)
    head = Paragraph(script.wording.say("place.note", reference=session.reference))
    if overlay.kind is Kind.MIRROR:
        return (head, *_mirror(session, script))
    return (head, *_note(overlay.about, session, script))


def _note(place: str, session: Session, script: Script) -> tuple[Paragraph, ...]:
    say, heading = script.wording.say, script.pack.recording.heading(place)
    title = heading.title if heading else script.pack.instrument.item(place).label
    ask = f"{heading.ask} ({source_line(heading.source, script)})" if heading else say("note.item")
    kept = session.notes.get(place)
    return (
        Paragraph(title, is_strong=True),
        Paragraph(ask),
        Paragraph(say("note.kept", text=kept) if kept else say("note.none")),
        Paragraph(say("note.how", most=LONGEST)),
    )


def _list(overlay: Overlay, session: Session, script: Script) -> tuple[Paragraph, ...]:
    say, pack = script.wording.say, script.pack
    pages = note_pages(session, pack)
    page = min(int(overlay.about), pages)
    headings = sum(session.notes.get(each.id) is not None for each in pack.recording.headings)
    items = noted_items(session, pack.instrument)
    counted = say(
        "notes.count",
        headings=headings,
        of_headings=len(pack.recording.headings),
        items=sum(session.notes.get(each) is not None for each in items),
        of_items=len(items),
    )
    return (
        Paragraph(say("place.notes", reference=session.reference, page=page, pages=pages)),
        Paragraph(say("notes.title" if page == 1 else "notes.title-items"), is_strong=True),
        Paragraph(counted),
        Paragraph(say("notes.text")),
    )


def _mirror(session: Session, script: Script) -> tuple[Paragraph, ...]:
    """The first of the phrases in full, the others by name: once it is written again, the next has its turn."""
    say = script.wording.say
    found = script.pack.recording.mirrored(session.draft)
    if not found:
        return (Paragraph(say("mirror.none"), is_strong=True), Paragraph(say("note.kept", text=session.draft)))
    (words, first), *others = found
    also = [say("mirror.also", words=", ".join(f"“{each}”" for each, _ in others))] if others else []
    return (
        Paragraph(say("mirror.title", words=words), is_strong=True),
        Paragraph(say("mirror.draft", text=session.draft)),
        Paragraph(f"{first.why} {first.instead} ({source_line(first.source, script)})"),
        *map(Paragraph, also),
    )
