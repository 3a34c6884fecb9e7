"""What can be looked up from any card: the glossary, the guide and help."""

from dataclasses import dataclass

from dialogs.core.acts import Kind, Open, Overlay
from dialogs.core.keys import (
    CLOSE,
    CONTACTS,
    GUIDE,
    SCRIPT,
    TERMS,
    URGENT,
    Key,
    OverlayCard,
    Paragraphs,
    Rows,
    View,
    fitting,
    in_rows,
    titled,
)
from dialogs.core.replies import Paragraph
from dialogs.core.script import Script
from dialogs.phrases.number import source_line
from seraf.reference import Chapter, Guide, Topic

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


FOUND = 6
"""The most cards that are offered for words that were typed."""

MENU = Overlay(Kind.GUIDE)
"""The list of chapters."""

LEAVE = Key(CLOSE.act, "leave-guide")
"""Out of the guide at once, to what lies under it."""


@dataclass(frozen=True, slots=True)
class Spot:
    """A place in the guide. Nothing of it at all is the list of chapters; `found` are the cards that were found, if any."""

    chapter: Chapter | None = None
    topic: Topic | None = None
    found: tuple[Topic, ...] = ()


def spot_of(about: str, guide: Guide) -> Spot:
    """The place that an overlay is about; the list of chapters where today's guide has no such place."""
    name, _, numbers = about.partition("?")
    indices = [int(number) for number in numbers.split(".") if number]
    found = tuple(guide.topics[index] for index in indices if index < len(guide.topics))
    topic = guide.topic(name)
    return Spot(guide.chapter_of(name) if topic else guide.chapter(name), topic, found)


def at_chapter(chapter: Chapter) -> Overlay:
    """The list of a chapter's cards."""
    return Overlay(Kind.GUIDE, chapter.id)


def at_found(found: tuple[Topic, ...], guide: Guide) -> Overlay:
    """The list of what was found."""
    return Overlay(Kind.GUIDE, _numbers(found, guide))


def at_topic(topic: Topic, guide: Guide, *, found: tuple[Topic, ...] = ()) -> Overlay:
    """A card, opened from its chapter or from what was found."""
    return Overlay(Kind.GUIDE, topic.id + _numbers(found, guide))


def topics_around(spot: Spot, role: str | None) -> tuple[Topic, ...]:
    """The cards in the list at which somebody is, or from which they opened the card: a person's own role first."""
    if spot.found or spot.chapter is None:
        return spot.found
    return spot.chapter.for_role(role)


def _words(view: View) -> Paragraphs:
    say, spot = view.script.wording.say, spot_of(view.about, view.script.pack.guide)
    if spot.topic:
        return _topic(spot.topic, view.script)
    if spot.found:
        return (Paragraph(say("guide.found-title"), is_strong=True), Paragraph(say("guide.found-text")))
    if spot.chapter:
        return (Paragraph(spot.chapter.title, is_strong=True), Paragraph(say("guide.chapter-text")))
    return (Paragraph(say("guide.title"), is_strong=True), Paragraph(say("guide.text")))


def _topic(topic: Topic, script: Script) -> Paragraphs:
    sources = "\n".join(source_line(source, script) for source in topic.sources)
    return (Paragraph(topic.title, is_strong=True), Paragraph(topic.text), Paragraph(sources))


def _rows(view: View) -> Rows:
    """From the chapters to the cards, from card to card, and back to where somebody was."""
    guide = view.script.pack.guide
    spot, role = spot_of(view.about, guide), view.session.answers.get("profession")
    if spot.topic:
        return ((*_next(spot.topic, spot, guide=guide, role=role), _back(spot, guide)), (LEAVE, URGENT))
    if spot.chapter or spot.found:
        cards = [_card_key(topic, spot, guide=guide) for topic in topics_around(spot, role)]
        return (*in_rows(cards, 2), (_to(MENU, "back"), LEAVE, URGENT))
    chapters = [Key(Open(at_chapter(chapter)), text=chapter.title) for chapter in guide.chapters]
    return (*in_rows(chapters, 2), (CLOSE, URGENT))


def _card_key(topic: Topic, spot: Spot, *, guide: Guide) -> Key:
    return Key(Open(at_topic(topic, guide, found=spot.found)), text=topic.short)


def _next(topic: Topic, spot: Spot, *, guide: Guide, role: str | None) -> tuple[Key, ...]:
    cards = topics_around(spot, role)
    after = cards[cards.index(topic) + 1 :] if topic in cards else ()
    return (_to(at_topic(after[0], guide, found=spot.found), "next-card"),) if after else ()


def _back(spot: Spot, guide: Guide) -> Key:
    """Back to the list from which the card was opened."""
    if spot.found:
        return _to(at_found(spot.found, guide), "back")
    return _to(at_chapter(spot.chapter) if spot.chapter else MENU, "back")


def _to(overlay: Overlay, word: str) -> Key:
    return Key(Open(overlay), word)


def _numbers(found: tuple[Topic, ...], guide: Guide) -> str:
    return f"?{'.'.join(str(guide.topics.index(topic)) for topic in found[:FOUND])}" if found else ""


GUIDE_CARD = OverlayCard(_words, _rows)


def _help_words(view: View) -> Paragraphs:
    script = view.script
    say, own = script.wording.say, f"help.{script.channel.name}"
    texts = (own, *(("help.notes",) if script.notes else ()))
    shown = (say(each) for each in texts if each in script.wording)
    return titled("help", script, say("help.text"), *shown, say("welcome.no-need"))


HELP_CARD = OverlayCard(_help_words, lambda _: ((GUIDE, TERMS), (CONTACTS, SCRIPT), (CLOSE, URGENT)))
