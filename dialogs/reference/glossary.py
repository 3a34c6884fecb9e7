"""The glossary on the screen: its list by pages, one word, and words that are better said otherwise."""

from dialogs.core.acts import Open
from dialogs.core.keys import CLOSE, TERMS, URGENT, Key, Rows, fitting
from dialogs.core.overlay_card import OverlayCard, Paragraphs, View, titled
from dialogs.core.overlays import Kind, Overlay
from dialogs.core.replies import Paragraph
from dialogs.phrases.sources import source_line

TERMS_A_PAGE = 9

NAMED = 3
"""Phrases of an entry of the language mirror that stand in its title."""


def page_with(index: int) -> str:
    """The page of the list on which the term of that index stands, as an overlay is about it."""
    return str(index // TERMS_A_PAGE + 1)


def _term_words(view: View) -> Paragraphs:
    term = view.script.pack.glossary[view.about]
    source = Paragraph(source_line(term.source, view.script))
    return (Paragraph(term.term, is_strong=True), Paragraph(term.text), source)


def _list_words(view: View) -> Paragraphs:
    pages = -(-len(view.script.pack.glossary.terms) // TERMS_A_PAGE)
    return titled("terms", view.script, view.script.wording.say("terms.text", page=int(view.about), pages=pages))


def _list_rows(view: View) -> Rows:
    terms, page = view.script.pack.glossary.terms, int(view.about)
    start = (page - 1) * TERMS_A_PAGE
    shown = terms[start : start + TERMS_A_PAGE]
    keys = tuple(Key(Open(Overlay(Kind.EXPLAIN, term.id)), text=term.term) for term in shown)
    earlier = (_to_page(page - 1, "earlier"),) if page > 1 else ()
    later = (_to_page(page + 1, "later"),) if start + TERMS_A_PAGE < len(terms) else ()
    return (*fitting(keys), (*earlier, *later, CLOSE), (URGENT,))


def _to_page(page: int, word: str) -> Key:
    return Key(Open(Overlay(Kind.TERMS, str(page))), word)


def _mirror_words(view: View) -> Paragraphs:
    """Words that are better said otherwise; today's pack may have them no more."""
    found = view.script.pack.recording.blaming(view.about)
    if found is None:
        return (Paragraph(view.script.wording.say("toast.no-term"), is_strong=True),)
    words = ", ".join(f"“{phrase.replace('*', '')}”" for phrase in found.phrases[:NAMED])
    return (
        Paragraph(view.script.wording.say("words.title", words=words), is_strong=True),
        Paragraph(found.why),
        Paragraph(found.instead),
        Paragraph(source_line(found.source, view.script)),
    )


EXPLAIN_CARD = OverlayCard(_term_words, lambda _: ((TERMS, CLOSE, URGENT),))
TERMS_CARD = OverlayCard(_list_words, _list_rows)
WORDS_CARD = OverlayCard(_mirror_words, lambda _: ((TERMS, CLOSE, URGENT),))
