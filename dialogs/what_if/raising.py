"""What could raise a result, on two cards: what is not known first, then what is no target. It never shows how to get to less."""

from collections.abc import Iterator

from dialogs.core.acts import Open, Page
from dialogs.core.keys import CLOSE, URGENT, Key, Rows, in_rows, turning
from dialogs.core.overlay_card import OverlayCard, Paragraphs, View
from dialogs.core.overlays import Kind, Overlay
from dialogs.core.replies import Paragraph
from dialogs.core.script import Script
from dialogs.core.session import Session
from dialogs.phrases.number import category_name, category_of
from seraf.form.instrument import Instrument, Item
from seraf.score.scoring import Extent
from seraf.what_if.ways_up import Raising, Supposed, raising

NAMED = 8
"""Items that are named; the rest are counted."""

UNKNOWN, NUMBER = "unknown", "number"
"""The two cards."""

RAISE = Key(Open(Overlay(Kind.RAISE, "1")), "raise")
TO_STEPS = Key(Page(1), "what-to-do")
"""The way back to the action card."""


def raise_pages(found: Raising) -> tuple[str, ...]:
    """The cards, what is not known first, where there is any."""
    return (UNKNOWN, NUMBER) if found.serious or found.harm or found.others else (NUMBER,)


def _words(view: View) -> Paragraphs:
    session, script = view.session, view.script
    found, say = raising(session.view(script.pack.instrument)), script.wording.say
    pages = raise_pages(found)
    number = min(int(view.about), len(pages))
    head = Paragraph(say("place.raise", reference=session.reference, page=number, pages=len(pages)))
    told = _unknown(found, session, script=script) if pages[number - 1] == UNKNOWN else _number(found, script)
    return (head, *told)


def _unknown(found: Raising, session: Session, *, script: Script) -> Iterator[Paragraph]:
    """What is not known, by what it could call for, and how far it could take the number."""
    say, instrument = script.wording.say, script.pack.instrument
    yield Paragraph(say("raise.unknown-title"), is_strong=True)
    yield Paragraph(say("find.no-delay"))
    for key, items in (("serious", found.serious), ("harm", found.harm), ("others", found.others)):
        if items:
            yield Paragraph(say(f"raise.{key}", items=_listed(items, script)))
    yield from (Paragraph(_supposed(each, instrument, script=script)) for each in found.supposed)
    highest = session.view(instrument).score.highest
    yield Paragraph(say("raise.highest", category=category_of(highest, script), total=highest.total))


def _number(found: Raising, script: Script) -> Iterator[Paragraph]:
    """How far each higher category is, and that this is no target."""
    say = script.wording.say
    if not found.rises:
        yield Paragraph(say("raise.top-title", category=category_name(found.band, script)), is_strong=True)
        yield Paragraph(say("raise.top"))
        return
    yield Paragraph(say("raise.number-title"), is_strong=True)
    lines = [
        say(
            "raise.point" if each.points == 1 else "raise.points",
            category=category_name(each.band, script),
            points=each.points,
        )
        for each in found.rises
    ]
    yield Paragraph("\n".join(lines))
    yield Paragraph(say("raise.sign"))
    yield Paragraph(say("raise.no-target"))


def _listed(items: tuple[Item, ...], script: Script) -> str:
    names = ", ".join(item.short for item in items[:NAMED])
    left = len(items) - NAMED
    return script.wording.say("raise.and-more", items=names, count=left) if left > 0 else names


def _supposed(each: Supposed, instrument: Instrument, *, script: Script) -> str:
    """What would be so if an age, or a question of the board's own, turned out otherwise."""
    say = script.wording.say
    own = next((question.ask for question in instrument.questions if question.id == each.fact), "")
    word = script.wording.say_first(f"answer.{each.fact}.{each.word}", f"answer.{each.word}")
    answer = word[:1].lower() + word[1:]
    supposition = say("raise.if-own", ask=own, answer=answer) if own else say("raise.if-age", age=answer)
    extent = Extent(total=each.total, category=each.band.category)
    return say("raise.then", supposition=supposition, total=each.total, category=category_of(extent, script))


def _rows(view: View) -> Rows:
    """From card to card, back to the action card, and out."""
    pages = len(raise_pages(raising(view.session.view(view.script.pack.instrument))))
    number = min(int(view.about), pages)
    return (*in_rows(turning(Kind.RAISE, number, pages=pages)), (TO_STEPS, CLOSE, URGENT))


RAISE_CARD = OverlayCard(_words, _rows)
