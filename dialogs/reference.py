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
        return titled("terms", view.script)
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
MENU = Overlay(Kind.GUIDE)  # the list of chapters
LEAVE = Key(CLOSE.act, "leave-guide")  # the button that closes the guide


@dataclass(frozen=True, slots=True)
class Spot:
    """A position in the guide: a topic or a chapter. If both are empty, it is the list of chapters."""

    chapter: Chapter | None = None
    topic: Topic | None = None


def spot_of(about: str, guide: Guide) -> Spot:
    """Return the position that an overlay's `about` names, or the list of chapters if the guide no longer has it."""
    topic = guide.topic(about)
    return Spot(guide.chapter_of(about) if topic else guide.chapter(about), topic)


def at_topic(topic: Topic) -> Overlay:
    """Return the overlay of a topic."""
    return Overlay(Kind.GUIDE, topic.id)


def _words(view: View) -> Paragraphs:
    say, spot = view.script.wording.say, spot_of(view.about, view.script.pack.guide)
    if spot.topic:
        topic = spot.topic
        sources = "\n".join(source_line(source, view.script) for source in topic.sources)
        return (Paragraph(topic.title, is_strong=True), Paragraph(topic.text), Paragraph(sources))
    if spot.chapter:
        return (Paragraph(spot.chapter.title, is_strong=True), Paragraph(say("guide.chapter-text")))
    return (Paragraph(say("guide.title"), is_strong=True), Paragraph(say("guide.text")))


def _rows(view: View) -> Rows:
    guide = view.script.pack.guide
    spot, role = spot_of(view.about, guide), view.session.answers.get("profession")
    topics = spot.chapter.for_role(role) if spot.chapter else ()
    if spot.topic:
        after = topics[topics.index(spot.topic) + 1 :] if spot.topic in topics else ()
        onward = (Key(Open(at_topic(after[0])), "next-card"),) if after else ()
        back = Key(Open(Overlay(Kind.GUIDE, spot.chapter.id) if spot.chapter else MENU), "back")
        return ((*onward, back), (LEAVE, URGENT))
    if spot.chapter:
        keys = [Key(Open(at_topic(topic)), text=topic.short) for topic in topics]
        return (*in_rows(keys, 2), (Key(Open(MENU), "back"), LEAVE, URGENT))
    keys = [Key(Open(Overlay(Kind.GUIDE, chapter.id)), text=chapter.title) for chapter in guide.chapters]
    return (*in_rows(keys, 2), (CLOSE, URGENT))


GUIDE_CARD = OverlayCard(_words, _rows)


def _help_words(view: View) -> Paragraphs:
    script = view.script
    say, own = script.wording.say, f"help.{script.channel.name}"
    texts = (own, *(("help.notes",) if script.notes else ()))
    shown = (say(each) for each in texts if each in script.wording)
    return titled("help", script, say("help.text"), *shown, say("welcome.no-need"))


HELP_CARD = OverlayCard(_help_words, lambda _: ((GUIDE, TERMS), (CONTACTS, SCRIPT), (CLOSE, URGENT)))
