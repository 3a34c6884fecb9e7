"""The keys of notes: where a note can be opened, which places can have one, and the rows of the note cards."""

from typing import assert_never

from dialogs.core.acts import Noting, Open
from dialogs.core.keys import CLOSE, URGENT, Key, Rows, in_rows, turning
from dialogs.core.overlay_card import View
from dialogs.core.overlays import Kind, Overlay
from dialogs.core.script import Script
from dialogs.core.session import Session
from dialogs.form.path import section_at
from seraf.form.instrument import Instrument
from seraf.pack import Pack
from state_machines.assessment import Phase

A_PAGE = 9
"""Items on one page of the list of notes."""


def noting(rows: Rows, session: Session, *, script: Script) -> Rows:
    """The rows of a card with the way to its notes, where notes are taken: next to Urgent, or under More."""
    if script.notes is None or not rows:
        return rows
    if session.overlay is not None:
        is_more = session.overlay.kind is Kind.MORE and session.has_case
        return (*rows[:-1], (*rows[-1], _all(session))) if is_more else rows
    match session.phase:
        case Phase.ITEMS if not section_at(session.place, script.pack.instrument):
            return (*rows[:-1], (*rows[-1], _to(session.place, session)))
        case Phase.ITEMS | Phase.CHECK | Phase.JUDGEMENT:
            return (*rows[:-1], (*rows[-1], _all(session)))
        case Phase.RESULT:
            return (*rows[:-1], (_all(session),), rows[-1])
        case Phase.WELCOME | Phase.OPENING | Phase.CLOSING | Phase.PAUSED | Phase.ELSEWHERE | Phase.ERASED:
            return rows
    assert_never(session.phase)


def mirror_rows(_: View) -> Rows:
    """Keep the words as they are, or write them again."""
    return ((Key(Noting("keep"), "keep-words"), Key(Noting("again"), "write-again")), (URGENT,))


def note_rows(view: View) -> Rows:
    """Remove the note where there is one, see all, and out."""
    remove = (Key(Noting("remove"), "remove-note"),) if view.session.answers.notes.get(view.about) else ()
    return ((*remove, _list("1", "all-notes")), (CLOSE, URGENT))


def noted_items(session: Session, instrument: Instrument) -> tuple[str, ...]:
    """The items that the list of notes offers: those that are ticked, and those that have a note."""
    may_have = {item.id for item in session.view(instrument).marks.ticked}
    return tuple(item.id for item in instrument.items if item.id in may_have or session.answers.notes.get(item.id))


def note_pages(session: Session, pack: Pack) -> int:
    """How many pages the list of notes has: the headings, then the items."""
    return 1 + -(-len(noted_items(session, pack.instrument)) // A_PAGE)


def list_rows(view: View) -> Rows:
    """The headings on the first page and the items on the others, each a way to its note."""
    session, pack = view.session, view.script.pack
    pages = note_pages(session, pack)
    number = min(int(view.about), pages)
    items = noted_items(session, pack.instrument)[(number - 2) * A_PAGE : (number - 1) * A_PAGE]
    keys = (
        [_note(each.id, each.short, session=session) for each in pack.recording.headings]
        if number == 1
        else [_note(each, pack.instrument.item(each).short, session=session) for each in items]
    )
    return (*in_rows(keys, 2), (*turning(Kind.NOTES, number, pages=pages), CLOSE), (URGENT,))


def _note(place: str, text: str, *, session: Session) -> Key:
    return Key(Open(Overlay(Kind.NOTE, place)), text=text, is_chosen=session.answers.notes.get(place) is not None)


def _to(place: str, session: Session) -> Key:
    return Key(Open(Overlay(Kind.NOTE, place)), "note", is_chosen=session.answers.notes.get(place) is not None)


def _all(session: Session) -> Key:
    return Key(Open(Overlay(Kind.NOTES, "1")), "notes")


def _list(page: str, word: str) -> Key:
    return Key(Open(Overlay(Kind.NOTES, page)), word)
