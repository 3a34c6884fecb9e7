"""The words of the guide: its list of chapters, a chapter, a card with the headings that it rests on, and what was found."""

from dialogs.core.replies import Paragraph
from dialogs.core.script import Script
from dialogs.guide.guiding import spot_of
from dialogs.phrases.sources import source_line
from seraf.reference.guide import Topic


def guide_paragraphs(about: str, script: Script) -> tuple[Paragraph, ...]:
    """The paragraphs of a place in the guide. It knows no case, so it shows nothing of one."""
    say, spot = script.wording.say, spot_of(about, script.pack.guide)
    if spot.topic:
        return _topic(spot.topic, script)
    if spot.found:
        return (Paragraph(say("guide.found-title"), is_strong=True), Paragraph(say("guide.found-text")))
    if spot.chapter:
        return (Paragraph(spot.chapter.title, is_strong=True), Paragraph(say("guide.chapter-text")))
    return (Paragraph(say("guide.title"), is_strong=True), Paragraph(say("guide.text")))


def _topic(topic: Topic, script: Script) -> tuple[Paragraph, ...]:
    sources = "\n".join(source_line(source, script) for source in topic.sources)
    return (Paragraph(topic.title, is_strong=True), Paragraph(topic.text), Paragraph(sources))
