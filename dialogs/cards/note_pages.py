"""The pages of notes: the field on the page of an item, one note, all notes of a case, and the page that asks to reconsider words."""

from collections.abc import Iterator
from dataclasses import replace

from dialogs.core.acts import Kind, Noting, Open, Overlay
from dialogs.core.keys import View
from dialogs.core.page import (
    AnswerRow,
    AnswerRows,
    Button,
    Field,
    More,
    PageKind,
    PagePart,
    SectionPart,
    Text,
    TextLook,
    Ways,
    WholePage,
)
from dialogs.core.script import Script
from dialogs.core.session import Session
from dialogs.notes.noting import ALL_NOTES, is_at_item, noted_items, place_of_note, room_for
from dialogs.phrases.number import source_line


def note_field(session: Session, script: Script) -> Iterator[More]:
    """Yield the field for a note about the item on the page, which opens by a press, or nothing if notes are not taken."""
    if place := place_of_note(session, script):
        key = "leaf.note-kept" if session.answers.notes.get(place) else "leaf.note-add"
        yield More(script.wording.say(key), _writing(place, session, script=script))


def _writing(place: str, session: Session, *, script: Script, text: str = "") -> tuple[PagePart, ...]:
    """Return the field for a note about this place, with its text, and the button that removes a kept note."""
    say, heading = script.wording.say, script.pack.recording.heading(place)
    kept, most = session.answers.notes.get(place) or "", room_for(place, session)
    label = heading.ask if heading else say("note.item")
    hint = say("leaf.note-hint", most=most)
    field = Field("typed", label, say("leaf.note-send"), hint, text=text or kept, most=most)
    remove = Button(say("button.remove-note"), Noting("remove"))
    return (field, *((Ways((remove,)),) if kept and not text else ()))


def note_page(view: View, plain: WholePage) -> WholePage:
    """Return the page of a note: its field, and, of a heading, where that stands in the guidance. Back leads to the list."""
    session, script, say = view.session, view.script, view.script.wording.say
    heading = script.pack.recording.heading(view.about)
    source = (Text(source_line(heading.source, script), TextLook.HINT),) if heading else ()
    is_here = is_at_item(session, script) and session.place == view.about
    back = plain.back if is_here else Button(say("button.back"), ALL_NOTES.act)
    parts = (*_writing(view.about, session, script=script), *source)
    return replace(plain, parts=parts, back=back)


def notes_page(view: View, plain: WholePage) -> WholePage:
    """Return the page of all notes: the headings, and the items that are ticked or noted, each with its note."""
    session, pack, say = view.session, view.script.pack, view.script.wording.say

    def row(place: str, label: str) -> AnswerRow:
        kept = session.answers.notes.get(place)
        way = Button(say("leaf.change" if kept else "leaf.note-write"), Open(Overlay(Kind.NOTE, place)), about=label)
        return AnswerRow(label, kept or say("leaf.note-none"), way)

    headings = tuple(row(each.id, each.title) for each in pack.recording.headings)
    items = tuple(row(each, pack.instrument.item(each).label) for each in noted_items(session, pack.instrument))
    groups = ((say("leaf.notes-headings"), headings), (say("leaf.notes-items"), items))
    sections: list[PagePart] = [SectionPart(title, (AnswerRows(rows),)) for title, rows in groups if rows]
    caption, heading = say("leaf.notes-caption"), say("leaf.notes-heading")
    parts = (Text(say("notes.text")), *sections)
    return replace(plain, shape=PageKind.ANSWERS, heading=heading, caption=caption, parts=parts)


def mirror_page(view: View, plain: WholePage) -> WholePage:
    """Return the page that asks to reconsider the wording of a note: why, the words in their field, and how to keep them."""
    session, script, say = view.session, view.script, view.script.wording.say
    found = script.pack.recording.mirrored(session.told.draft)
    why: list[PagePart] = [Text(f"{each.why} {each.instead}") for _, each in found]
    if len(found) > 1:
        why = [SectionPart(f"“{words}”", (Text(f"{each.why} {each.instead}"),)) for words, each in found]
    sources = [Text(source_line(each.source, script), TextLook.HINT) for _, each in found[:1]]
    keep, again = Button(say("leaf.note-as-it-is"), Noting("keep")), Button(say("leaf.note-drop"), Noting("again"))
    field = _writing(view.about, session, script=script, text=session.told.draft)
    warning = Text(say("leaf.note-not-yet"), TextLook.WARNING)
    return replace(plain, parts=(warning, *why, *sources, *field, Ways((keep, again))))
