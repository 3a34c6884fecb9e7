"""The cards of the glossary, the guide and the help, which open over any card."""

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
    turning,
)
from dialogs.core.replies import Paragraph
from dialogs.phrases.number import source_line
from seraf.reference import Chapter, Guide, Topic

TERMS_A_PAGE = 9


def page_with(index: int) -> str:
    """Return the glossary page that lists the term at this index (from 0), as the `about` of an overlay."""
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
    shown = terms[(page - 1) * TERMS_A_PAGE : page * TERMS_A_PAGE]
    keys = tuple(Key(Open(Overlay(Kind.EXPLAIN, term.id)), text=term.term) for term in shown)
    turns = turning(page, -(-len(terms) // TERMS_A_PAGE), lambda to: Open(Overlay(Kind.TERMS, to)))
    return (*fitting(keys), (*turns, CLOSE), (URGENT,))


def _mirror_words(view: View) -> Paragraphs:
    found = view.script.pack.recording.blaming(view.about)
    if found is None:
        return (Paragraph(view.script.wording.say("toast.no-term"), is_strong=True),)
    words = ", ".join(f"“{phrase.replace('*', '')}”" for phrase in found.phrases[:3])
    return (
        Paragraph(view.script.wording.say("words.title", words=words), is_strong=True),
        Paragraph(found.why),
        Paragraph(found.instead),
        Paragraph(source_line(found.source, view.script)),
    )


EXPLAIN_CARD = OverlayCard(_term_words, lambda _: ((TERMS, CLOSE, URGENT),))
TERMS_CARD = OverlayCard(_list_words, _list_rows)
WORDS_CARD = OverlayCard(_mirror_words, lambda _: ((TERMS, CLOSE, URGENT),))
FOUND = 6  # maximum number of topics that a search offers
MENU = Overlay(Kind.GUIDE)  # the list of chapters
LEAVE = Key(CLOSE.act, "leave-guide")  # the button that closes the guide


@dataclass(frozen=True, slots=True)
class Spot:
    """A position in the guide: a topic, a chapter, or search results (`found`). If all fields are empty, it is the list of chapters."""

    chapter: Chapter | None = None
    topic: Topic | None = None
    found: tuple[Topic, ...] = ()


def spot_of(about: str, guide: Guide) -> Spot:
    """Return the position that an overlay's `about` names, or the list of chapters if the guide no longer has it."""
    name, _, numbers = about.partition("?")
    indices = [int(number) for number in numbers.split(".") if number]
    found = tuple(guide.topics[index] for index in indices if index < len(guide.topics))
    topic = guide.topic(name)
    return Spot(guide.chapter_of(name) if topic else guide.chapter(name), topic, found)


def at_found(found: tuple[Topic, ...], guide: Guide) -> Overlay:
    """Return the overlay that lists the results of a search."""
    return Overlay(Kind.GUIDE, _numbers(found, guide))


def at_topic(topic: Topic, guide: Guide, *, found: tuple[Topic, ...] = ()) -> Overlay:
    """Return the overlay of a topic. Its back button leads to the search results `found`, or without these to its chapter."""
    return Overlay(Kind.GUIDE, topic.id + _numbers(found, guide))


def topics_around(spot: Spot, role: str | None) -> tuple[Topic, ...]:
    """Return the topics of the search or chapter at this position. In a chapter, topics for the person's profession come first."""
    if spot.found or spot.chapter is None:
        return spot.found
    return spot.chapter.for_role(role)


def _words(view: View) -> Paragraphs:
    say, spot = view.script.wording.say, spot_of(view.about, view.script.pack.guide)
    if spot.topic:
        topic = spot.topic
        sources = "\n".join(source_line(source, view.script) for source in topic.sources)
        return (Paragraph(topic.title, is_strong=True), Paragraph(topic.text), Paragraph(sources))
    if spot.found:
        return (Paragraph(say("guide.found-title"), is_strong=True), Paragraph(say("guide.found-text")))
    if spot.chapter:
        return (Paragraph(spot.chapter.title, is_strong=True), Paragraph(say("guide.chapter-text")))
    return (Paragraph(say("guide.title"), is_strong=True), Paragraph(say("guide.text")))


def _rows(view: View) -> Rows:
    guide = view.script.pack.guide
    spot, role = spot_of(view.about, guide), view.session.answers.get("profession")
    topics = topics_around(spot, role)
    if spot.topic:
        after = topics[topics.index(spot.topic) + 1 :] if spot.topic in topics else ()
        onward = (Key(Open(at_topic(after[0], guide, found=spot.found)), "next-card"),) if after else ()
        above = Overlay(Kind.GUIDE, spot.chapter.id) if spot.chapter else MENU
        back = Key(Open(at_found(spot.found, guide) if spot.found else above), "back")
        return ((*onward, back), (LEAVE, URGENT))
    if spot.chapter or spot.found:
        keys = [Key(Open(at_topic(topic, guide, found=spot.found)), text=topic.short) for topic in topics]
        return (*in_rows(keys, 2), (Key(Open(MENU), "back"), LEAVE, URGENT))
    keys = [Key(Open(Overlay(Kind.GUIDE, chapter.id)), text=chapter.title) for chapter in guide.chapters]
    return (*in_rows(keys, 2), (CLOSE, URGENT))


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
