"""The words of the note cards: what to write, what is kept, and the language mirror."""

from dialogs.core.overlay_card import OverlayCard, Paragraphs, View
from dialogs.core.replies import Paragraph
from dialogs.core.script import NoteTaking, Script
from dialogs.notes.note_keys import list_rows, mirror_rows, note_pages, note_rows, noted_items
from dialogs.notes.noting import LONGEST
from dialogs.phrases.sources import source_line


def welcome_line(notes: NoteTaking | None, script: Script) -> tuple[str, ...]:
    """That notes may be kept, and for how long; nothing where none are taken."""
    if notes is None:
        return ()
    key = "notes.kept" if script.channel.keeps else "notes.not-kept"
    return (script.wording.say(key, unfinished=notes.unfinished_days, finished=notes.finished_days),)


def _note(view: View) -> Paragraphs:
    place, session, script = view.about, view.session, view.script
    say, heading = script.wording.say, script.pack.recording.heading(place)
    title = heading.title if heading else script.pack.instrument.item(place).label
    ask = f"{heading.ask} ({source_line(heading.source, script)})" if heading else say("note.item")
    kept = session.answers.notes.get(place)
    return (
        Paragraph(say("place.note", reference=session.reference)),
        Paragraph(title, is_strong=True),
        Paragraph(ask),
        Paragraph(say("note.kept", text=kept) if kept else say("note.none")),
        Paragraph(say("note.how", most=LONGEST)),
    )


def _list(view: View) -> Paragraphs:
    session, script = view.session, view.script
    say, pack = script.wording.say, script.pack
    pages = note_pages(session, pack)
    page = min(int(view.about), pages)
    headings = sum(session.answers.notes.get(each.id) is not None for each in pack.recording.headings)
    items = noted_items(session, pack.instrument)
    counted = say(
        "notes.count",
        headings=headings,
        of_headings=len(pack.recording.headings),
        items=sum(session.answers.notes.get(each) is not None for each in items),
        of_items=len(items),
    )
    return (
        Paragraph(say("place.notes", reference=session.reference, page=page, pages=pages)),
        Paragraph(say("notes.title" if page == 1 else "notes.title-items"), is_strong=True),
        Paragraph(counted),
        Paragraph(say("notes.text")),
    )


def _mirror(view: View) -> Paragraphs:
    """The first of the phrases in full, the others by name: once it is written again, the next has its turn."""
    session, script = view.session, view.script
    say = script.wording.say
    head = Paragraph(say("place.note", reference=session.reference))
    found = script.pack.recording.mirrored(session.told.draft)
    if not found:
        return (
            head,
            Paragraph(say("mirror.none"), is_strong=True),
            Paragraph(say("note.kept", text=session.told.draft)),
        )
    (words, first), *others = found
    also = [say("mirror.also", words=", ".join(f"“{each}”" for each, _ in others))] if others else []
    return (
        head,
        Paragraph(say("mirror.title", words=words), is_strong=True),
        Paragraph(say("mirror.draft", text=session.told.draft)),
        Paragraph(f"{first.why} {first.instead} ({source_line(first.source, script)})"),
        *map(Paragraph, also),
    )


NOTES_CARD = OverlayCard(_list, list_rows)
NOTE_CARD = OverlayCard(_note, note_rows)
MIRROR_CARD = OverlayCard(_mirror, mirror_rows)
