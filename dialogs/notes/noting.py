"""Short notes, if an organisation takes them, and their cards. Text in which an identifier of a person is found is not stored."""

from collections.abc import Iterable
from dataclasses import replace
from typing import assert_never

from dialogs.core.acts import Kind, Noting, Open, Overlay
from dialogs.core.events import Event, Noted, Typed
from dialogs.core.keys import CLOSE, URGENT, Key, OverlayCard, Paragraphs, Rows, View, in_rows, turning
from dialogs.core.replies import Paragraph, Reply, Toast
from dialogs.core.script import Script
from dialogs.core.session import Session
from dialogs.form.path import section_at
from dialogs.phrases.number import source_line
from seraf.form.instrument import Instrument
from seraf.form.second_view import SecondView
from seraf.pack import Pack
from state_machines.assessment import Phase

LONGEST = 300  # maximum number of characters of one note
MOST = 6_000  # maximum number of characters of all notes of a case together
NOT_KEPT = frozenset({"note-moved", "note-empty", "note-long", "note-full", "note-refused", "view-full", "view-blames"})
"""The toasts that say why what was typed is not kept."""

OF_NOTES = frozenset({Kind.NOTES, Kind.NOTE, Kind.MIRROR})  # overlays that exist only if notes are taken
WRITING = frozenset({Kind.NOTE, Kind.MIRROR})  # overlays in which typed text is taken as a note


def place_of_note(session: Session, script: Script) -> str:
    """Return the item or heading that text typed now would be a note about, or an empty text if it would not be taken.

    That of the open note card, or, since the page of an item has a field for its note, the item on the page.
    """
    if script.notes is None or not session.has_case:
        return ""
    if session.overlay is not None:
        return session.overlay.about if session.overlay.kind in WRITING else ""
    return session.place if script.channel.draws_pages and is_at_item(session, script) else ""


def is_at_item(session: Session, script: Script) -> bool:
    """Return True if the place of the session is an item, not a card of ticks."""
    return session.phase is Phase.ITEMS and session.place in script.pack.instrument


def takes_words(session: Session, script: Script) -> bool:
    """Return True if text typed now would be taken as a note."""
    return bool(place_of_note(session, script))


def as_note(event: Event, words: str, *, session: Session, script: Script) -> Event:
    """Return a `Noted` event if the text was typed while the card takes a note, otherwise the event itself, without the text."""
    if isinstance(event, Typed) and words and takes_words(session, script):
        return Noted(event.occasion, words, event.card)
    return event


def take_note(session: Session, note: Noted, *, script: Script) -> Reply:
    """Return the reply to a typed note. The note is stored, made a draft if its wording should be reconsidered, or refused."""
    about, words = place_of_note(session, script), tidy(note.text)
    if not about:
        return Reply(session, (Toast("typed"),))
    if fault := note_refusal(note, session, script=script):
        return Reply(session, (fault,))
    if script.pack.recording.mirrored(words):
        overlay = session.overlay or Overlay(Kind.NOTE, about)
        return Reply(session.drafted(words).beneath(replace(overlay, kind=Kind.MIRROR)))
    return _kept(session, about, words=words, script=script)


def note_refusal(note: Noted, session: Session, *, script: Script) -> Toast | None:
    """Return the toast that says why a typed note is not stored, or None if it may be."""
    if note.card not in (None, session.card):  # the words were typed about something else
        return Toast("note-moved")
    return _refusal(tidy(note.text), room_for(place_of_note(session, script), session), script=script)


def view_refusal(words: str, views: Iterable[SecondView], *, script: Script) -> Toast | None:
    """Return the toast that says why a second person's words are not sent with their view, or None if they are.

    They are sent at once, and no draft is stored, so words that blame a child are refused unless they are quoted.
    """
    room = min(LONGEST, MOST - sum(len(view.words) for view in views))
    if fault := _refusal(words, room, script=script):
        return replace(fault, key="view-full") if fault.key == "note-full" else fault
    found = script.pack.recording.mirrored(words)
    return Toast("view-blames", (("words", found[0][0]),)) if found else None


def _refusal(words: str, room: int, *, script: Script) -> Toast | None:
    """Return the toast that says why words are not kept where there is room for so many characters, or None if they may be."""
    if not words:
        return Toast("note-empty")
    if len(words) > room:
        key, lengths = "note-long" if len(words) > LONGEST else "note-full", ("length", str(len(words)))
        return Toast(key, (lengths, ("most", str(LONGEST))))
    # Before the mirror: a draft is stored while it is reconsidered, and text that could identify anybody never is.
    found = script.notes.screening.could_be(words) if script.notes else ()
    kinds = ", ".join(script.wording.say(f"identifier.{kind}") for kind in found)
    return Toast("note-refused", (("kinds", kinds),)) if found else None


def room_for(about: str, session: Session) -> int:
    """Return the maximum number of characters that a note about this item or heading may have."""
    return min(LONGEST, MOST - sum(len(kept) for place, kept in session.answers.notes if place != about))


def decide_note(session: Session, deed: str, *, script: Script) -> Reply:
    """Return the reply to a button of a note card: `keep` stores the draft, `again` discards it, `remove` deletes the note."""
    about = place_of_note(session, script)
    if deed == "keep":
        return _kept(session, about, words=session.told.draft, script=script)
    after = session.drafted("").beneath(_after(session, about, script))
    if deed == "remove":
        answers = replace(session.answers, notes=session.answers.notes.drop(about))
        return Reply(replace(after, answers=answers), (Toast("note-removed"),))
    return Reply(after)


def without_stale(session: Session) -> Session:
    """Return the session without its draft of a note, unless the card that asks about the draft is open or under the overlay."""
    overlay = session.overlay
    while overlay is not None and overlay.kind is not Kind.MIRROR:
        overlay = overlay.under
    return session if overlay is not None or not session.told.draft else session.drafted("")


def without_notes(session: Session, script: Script) -> Session:
    """Return the session without an open note card if notes are off, which they may not have been when it was opened."""
    if script.notes is None and session.overlay and session.overlay.kind in OF_NOTES:
        return session.beneath(None)
    return session


def tidy(text: str) -> str:
    """Return the text on one line, without invisible characters and repeated spaces."""
    return " ".join("".join(char if char.isprintable() else " " for char in text).split())


def _kept(session: Session, about: str, *, words: str, script: Script) -> Reply:
    answers = replace(session.answers, notes=session.answers.notes.give(about, words))
    kept = replace(session.drafted(""), overlay=_after(session, about, script), answers=answers)
    return Reply(kept, (Toast("note-kept"),))


def _after(session: Session, about: str, script: Script) -> Overlay | None:
    """Return the overlay once a note is decided about: the note's card, or, on pages, the page that shows the note as well."""
    overlay = session.overlay or Overlay(Kind.NOTE, about)
    if not script.channel.draws_pages:
        return replace(overlay, kind=Kind.NOTE)
    if is_at_item(session, script) and session.place == about:
        return overlay.under
    return replace(overlay, kind=Kind.NOTES, about="1")


A_PAGE = 9  # maximum number of items on one page of the list of notes
ALL_NOTES = Key(Open(Overlay(Kind.NOTES, "1")), "notes")


def noting(rows: Rows, session: Session, *, script: Script) -> Rows:
    """Return the rows of buttons with one that opens the card's note or the list of notes, if notes are taken."""
    if script.notes is None or not rows:
        return rows
    if session.overlay is not None:
        is_more = session.overlay.kind is Kind.MORE and session.has_case
        return (*rows[:-1], (*rows[-1], ALL_NOTES)) if is_more else rows
    match session.phase:
        case Phase.ITEMS if not section_at(session.place, script.pack.instrument):
            is_noted = session.answers.notes.get(session.place) is not None
            note = Key(Open(Overlay(Kind.NOTE, session.place)), "note", is_chosen=is_noted)
            return (*rows[:-1], (*rows[-1], note))
        case Phase.ITEMS | Phase.CHECK | Phase.JUDGEMENT:
            return (*rows[:-1], (*rows[-1], ALL_NOTES))
        case Phase.RESULT:
            return (*rows[:-1], (ALL_NOTES,), rows[-1])
        case Phase.WELCOME | Phase.OPENING | Phase.CLOSING | Phase.PAUSED | Phase.ELSEWHERE | Phase.ERASED:
            return rows
    assert_never(session.phase)


def note_rows(view: View) -> Rows:
    """Return the buttons of a note card: to remove the note, to list all notes, to close the card, and “Urgent”."""
    remove = (Key(Noting("remove"), "remove-note"),) if view.session.answers.notes.get(view.about) else ()
    return ((*remove, ALL_NOTES._replace(word="all-notes")), (CLOSE, URGENT))


def noted_items(session: Session, instrument: Instrument) -> tuple[str, ...]:
    """Return the ids of the items in the list of notes: those that are ticked or have a note."""
    may_have = {item.id for item in session.view(instrument).marks.ticked}
    return tuple(item.id for item in instrument.items if item.id in may_have or session.answers.notes.get(item.id))


def note_pages(session: Session, pack: Pack) -> int:
    """Return how many pages the list of notes has: one of headings, and then those of items."""
    return 1 + -(-len(noted_items(session, pack.instrument)) // A_PAGE)


def list_rows(view: View) -> Rows:
    """Return the buttons of a page of the list of notes: headings on the first page, items on the others."""
    session, pack = view.session, view.script.pack
    pages = note_pages(session, pack)
    number = min(int(view.about), pages)
    items = noted_items(session, pack.instrument)[(number - 2) * A_PAGE : (number - 1) * A_PAGE]
    named = [(each, pack.instrument.item(each).short) for each in items]
    if number == 1:
        named = [(each.id, each.short) for each in pack.recording.headings]
    notes = session.answers.notes
    keys = [
        Key(Open(Overlay(Kind.NOTE, place)), text=text, is_chosen=notes.get(place) is not None) for place, text in named
    ]
    turns = turning(number, pages, lambda to: Open(Overlay(Kind.NOTES, to)))
    return (*in_rows(keys, 2), (*turns, CLOSE), (URGENT,))


def elsewhere_line(session: Session, script: Script) -> tuple[str, ...]:
    """Return the sentence that says how many notes and own words are on the pages alone, or an empty tuple if none is hidden here."""
    count = len(session.answers.notes) + sum(bool(view.words) for view in session.result.views)
    return (script.wording.say("notes.on-pages", count=count),) if script.hides_notes and count else ()


def welcome_line(script: Script) -> tuple[str, ...]:
    """Return the sentence that says for how long notes are stored, or an empty tuple if notes are not taken."""
    notes = script.notes
    if notes is None:
        return ()
    key = "notes.kept" if script.channel.keeps else "notes.not-kept"
    return (script.wording.say(key, unfinished=notes.unfinished_days, finished=notes.finished_days),)


def _note_cards_note(view: View) -> Paragraphs:
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


def _note_cards_list(view: View) -> Paragraphs:
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


NOTES_CARD = OverlayCard(_note_cards_list, list_rows)
NOTE_CARD = OverlayCard(_note_cards_note, note_rows)
MIRROR_CARD = OverlayCard(
    _mirror,
    lambda _: ((Key(Noting("keep"), "keep-words"), Key(Noting("again"), "write-again")), (URGENT,)),
)
