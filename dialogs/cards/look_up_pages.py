"""The pages on which something can be looked up: a word, the guide, or an earlier assessment."""

from dataclasses import replace

from dialogs.cards.plain_page import parts_of, ways_left, with_main
from dialogs.core.acts import Kind, Open, Overlay
from dialogs.core.keys import View
from dialogs.core.page import Button, Field, Listed, More, PageKind, PagePart, Text, TextLook, Ways, WholePage
from dialogs.core.replies import Paragraph
from dialogs.core.script import Script
from dialogs.phrases.number import source_line
from dialogs.reference import TERMS_A_PAGE, at_topic, spot_of
from dialogs.review.reviewing import earlier_lines
from seraf.reference import Chapter


def look_up(command: str, script: Script) -> Field:
    """Return the field for a word or a code that this command takes."""
    say = script.wording.say
    return Field("words", say(f"browser.field.{command}"), say(f"browser.look-up.{command}"), command=command)


def word_page(view: View, plain: WholePage) -> WholePage:
    """Return the page of a word: its last text, the source, is smaller."""
    *texts, source = [each for each in plain.parts if not isinstance(each, Ways)]
    last = source._replace(look=TextLook.HINT) if isinstance(source, Text) else source
    return replace(plain, shape=PageKind.REFERENCE, parts=(*texts, last, *ways_left(plain)))


def terms_page(view: View, plain: WholePage) -> WholePage:
    """Return the page of half of the glossary, as large as a page may be, and a button for the other half."""
    say, terms = view.script.wording.say, view.script.pack.glossary.terms
    half = len(terms) // TERMS_A_PAGE // 2 * TERMS_A_PAGE  # the first term of a page in the chat
    is_second = half > 0 and (int(view.about) - 1) * TERMS_A_PAGE >= half
    first, second = terms[:half], terms[half:]
    shown, others = (second, first) if is_second else (first, second) if half else (terms, ())
    words = tuple(Button(each.term, Open(Overlay(Kind.EXPLAIN, each.id))) for each in shown)
    parts: tuple[PagePart, ...] = (Ways(words),)
    if others:
        label = say("leaf.words", first=others[0].term[0].upper(), last=others[-1].term[0].upper())
        other = Button(label, Open(Overlay(Kind.TERMS, str((0 if is_second else half) // TERMS_A_PAGE + 1))))
        parts = (*parts, Ways((other,), is_main=True))
    return replace(plain, shape=PageKind.REFERENCE, parts=parts)


def guide_page(view: View, plain: WholePage) -> WholePage:
    """Return the page of the guide: a topic, or the topics of a chapter; and without these all, by chapter."""
    guide, role = view.script.pack.guide, view.session.answers.get("profession")
    spot = spot_of(view.about, guide)
    page = replace(plain, shape=PageKind.REFERENCE)
    if spot.topic:
        sources = tuple(Text(source_line(each, view.script), TextLook.HINT) for each in spot.topic.sources)
        return replace(page, parts=(*parts_of(Paragraph(spot.topic.text)), *sources, *ways_left(plain)))
    if spot.chapter:
        return page

    def opened(chapter: Chapter) -> More:
        topics = [Button(each.short, Open(at_topic(each))) for each in chapter.for_role(role)]
        return More(chapter.title, (Ways(tuple(topics)),))

    return replace(page, parts=(Text(view.script.wording.say("guide.text")), *map(opened, guide.chapters)))


def review_page(view: View, plain: WholePage) -> WholePage:
    """Return the page that takes the review codes of earlier assessments."""
    say = view.script.wording.say
    field = look_up("review", view.script)._replace(hint=say("review.begin"))
    return replace(plain, parts=(field, Text(say("review.asked-again")), Text(say("review.no-code"))))


def earlier_page(view: View, plain: WholePage) -> WholePage:
    """Return the page of the earlier assessments, with a field for another code."""
    lines = Listed(tuple(earlier_lines(view)))
    texts = (
        Text(view.script.wording.say("earlier.text")),
        More(view.script.wording.say("leaf.another-code"), (look_up("review", view.script),)),
    )
    return with_main(replace(plain, parts=(lines, *texts, *ways_left(plain))))
