"""What counts here: an item, a section, a short question or a question of our own, explained."""

from dialogs.core.acts import Open
from dialogs.core.keys import CLOSE, URGENT, Key, Rows, in_rows
from dialogs.core.overlay_card import OverlayCard, Paragraphs, View
from dialogs.core.overlays import Kind, Overlay
from dialogs.core.replies import Paragraph
from dialogs.core.script import Script
from dialogs.core.session import Session
from dialogs.form.item_cards import ask, of_the_section
from dialogs.form.path import on_card, section_at
from dialogs.form.questions import CARDS
from dialogs.phrases.sources import basis_lines, source_line
from seraf.form.instrument import Item


def _words(view: View) -> Paragraphs:
    about, session, script = view.about, view.session, view.script
    instrument, say = script.pack.instrument, script.wording.say
    if about in instrument:
        return _of_an_item(instrument.item(about), session, script=script)
    section, circumstance = section_at(about, instrument), script.pack.guidance.circumstance(about)
    if section:
        return (Paragraph(section.plural, is_strong=True), Paragraph(say("what.section")))
    if circumstance:
        return (
            Paragraph(say("place.what", reference=session.reference)),
            Paragraph(circumstance.ask, is_strong=True),
            Paragraph(circumstance.what),
            Paragraph("\n".join(basis_lines(circumstance.basis, script))),
        )
    text = say(f"what.{about}") if f"what.{about}" in script.wording else say("what.own-question")
    head = say("place.what", reference=session.reference)
    return (Paragraph(head), Paragraph(ask(about, script), is_strong=True), Paragraph(text))


def _of_an_item(item: Item, session: Session, *, script: Script) -> Paragraphs:
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


def _rows(view: View) -> Rows:
    """What there is to choose from, where it is about a card of ticks; and out."""
    about, pack = view.about, view.script.pack
    section = section_at(about, pack.instrument)
    named = [(item.id, item.short) for item in pack.instrument.of_section(section.id)] if section else []
    if about in CARDS:
        named = [(each.id, each.ticks[0].short) for each in on_card(about, view.session, pack=pack)]
    choices = [Key(Open(Overlay(Kind.WHAT, each)), text=short) for each, short in named]
    return (*in_rows(choices, 2), (CLOSE, URGENT))


WHAT_CARD = OverlayCard(_words, _rows)
