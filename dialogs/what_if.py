"""The cards that say what to find out and what could raise the result. They never say what would lower it."""

from collections.abc import Iterator
from dataclasses import dataclass

from dialogs.core.acts import Go, Kind, Open, Overlay, Page
from dialogs.core.keys import CLOSE, URGENT, Key, OverlayCard, Paragraphs, Rows, View, in_rows, turning
from dialogs.core.replies import Paragraph
from dialogs.core.script import Script
from dialogs.core.session import Session
from dialogs.phrases.number import category_name, category_of
from seraf.form.instrument import Instrument, Item
from seraf.form.vocabulary import Informant
from seraf.score.scoring import Extent
from seraf.what_if.finding_out import Gap, GapEffect, to_find_out
from seraf.what_if.ways_up import Raising, has_open_facts, raising
from state_machines.assessment import Trigger

ROOM = 740  # maximum number of characters of all groups on a card, as estimated here
HEADING = 130  # characters estimated for a group's headings: whom to ask, and what the answers could change
BESIDE = 50  # characters estimated for the words around an item's own texts
OTHERS = 2  # maximum number of other people named for an item whom one could also ask
FIND = Key(Open(Overlay(Kind.FIND, "1")), "find")


@dataclass(frozen=True, slots=True)
class FindGroup:
    """Unknown items to ask one person about (`whom`), or anybody if it is None. A group may continue on the next card."""

    whom: Informant | None
    gaps: tuple[Gap, ...]


def find_pages(session: Session, instrument: Instrument) -> tuple[tuple[FindGroup, ...], ...]:
    """Return the groups on each card, in the order in which to ask. There is at least one card, which may be empty."""
    pages: list[list[FindGroup]] = [[]]
    room = ROOM
    for whom, gaps in to_find_out(session.view(instrument)):
        room -= HEADING
        for gap in gaps:
            length = len(gap.item.short) + len(_why(gap)) + BESIDE
            if pages[-1] and length > room:
                pages.append([])
                room = ROOM - HEADING
            if not pages[-1] or pages[-1][-1].whom is not whom:
                pages[-1].append(FindGroup(whom, ()))
            pages[-1][-1] = FindGroup(whom, (*pages[-1][-1].gaps, gap))
            room -= length
    return tuple(tuple(page) for page in pages)


def _words(view: View) -> Paragraphs:
    session, script = view.session, view.script
    say, pages = script.wording.say, find_pages(session, script.pack.instrument)
    number = min(int(view.about), len(pages))
    is_open = has_open_facts(session.view(script.pack.instrument))
    return (
        Paragraph(say("place.find", reference=session.reference, page=number, pages=len(pages))),
        Paragraph(say("find.no-delay"), is_strong=True),
        *(each for group in pages[number - 1] for each in _group(group, session, script=script)),
        *((Paragraph(say("find.beside")),) if is_open and number == len(pages) else ()),
    )


def find_paragraphs(view: View) -> Paragraphs:
    """Return what all cards of what to find out say, on one page."""
    session, script = view.session, view.script
    own = session.view(script.pack.instrument)
    groups = [FindGroup(whom, gaps) for whom, gaps in to_find_out(own)]
    return (
        Paragraph(script.wording.say("find.no-delay")),
        *(each for group in groups for each in _group(group, session, script=script)),
        *((Paragraph(script.wording.say("find.beside")),) if has_open_facts(own) else ()),
    )


def _group(group: FindGroup, session: Session, *, script: Script) -> tuple[Paragraph, ...]:
    say = script.wording.say
    is_own = group.whom is not None and group.whom == session.answers.get("profession")
    heading = say("find.own") if is_own else say(f"find.{group.whom}" if group.whom else "find.anybody")
    lines = []
    for effect in GapEffect:
        gaps = [gap for gap in group.gaps if gap.effect is effect]
        lines += [say(f"find.effect-{effect.name.lower()}")] if gaps else []
        for gap in gaps:
            others = [say(f"whom.{each}") for each in gap.whom if each != group.whom][:OTHERS]
            key = "find.item-or" if others else "find.item"
            lines.append(say(key, short=gap.item.short, why=_why(gap), others=", ".join(others)))
    return (Paragraph(heading, is_strong=True), Paragraph("\n".join(lines)))


def _why(gap: Gap) -> str:
    return gap.item.inquiry.why or gap.item.consider


def _rows(view: View) -> Rows:
    pages = len(find_pages(view.session, view.script.pack.instrument))
    turns = turning(min(int(view.about), pages), pages, lambda to: Open(Overlay(Kind.FIND, to)))
    return (*in_rows(turns), (Key(Go(Trigger.REOPEN), "answer-these"), CLOSE, URGENT))


FIND_CARD = OverlayCard(_words, _rows)
NAMED = 8  # maximum number of items named in one list; the others are counted
UNKNOWN, NUMBER = "unknown", "number"  # the card of unknown items, and that of the points up to a higher category
RAISE = Key(Open(Overlay(Kind.RAISE, "1")), "raise")


def raise_pages(found: Raising) -> tuple[str, ...]:
    """Return the names of the cards about what could raise the result: unknown items, if there are any, then points."""
    return (UNKNOWN, NUMBER) if found.serious or found.harm or found.others else (NUMBER,)


def _raising_words(view: View) -> Paragraphs:
    session, script = view.session, view.script
    found, say = raising(session.view(script.pack.instrument)), script.wording.say
    pages = raise_pages(found)
    number = min(int(view.about), len(pages))
    head = Paragraph(say("place.raise", reference=session.reference, page=number, pages=len(pages)))
    told = _unknown(found, session, script=script) if pages[number - 1] == UNKNOWN else _number(found, script)
    return (head, *told)


def raise_paragraphs(view: View) -> Paragraphs:
    """Return what both cards of what could raise the result say, on one page."""
    session, script = view.session, view.script
    found = raising(session.view(script.pack.instrument))
    told = {UNKNOWN: lambda: _unknown(found, session, script=script), NUMBER: lambda: _number(found, script)}
    return tuple(each for page in raise_pages(found) for each in told[page]())


def _unknown(found: Raising, session: Session, *, script: Script) -> Iterator[Paragraph]:
    say, instrument = script.wording.say, script.pack.instrument
    yield Paragraph(say("raise.unknown-title"), is_strong=True)
    yield Paragraph(say("find.no-delay"))
    for key, items in (("serious", found.serious), ("harm", found.harm), ("others", found.others)):
        if items:
            yield Paragraph(say(f"raise.{key}", items=_listed(items, script)))
    for each in found.supposed:
        # What would follow if an age, or a question of the board's own, had another answer.
        own = next((question.ask for question in instrument.questions if question.id == each.fact), "")
        word = script.wording.say_first(f"answer.{each.fact}.{each.word}", f"answer.{each.word}")
        answer = word[:1].lower() + word[1:]
        supposition = say("raise.if-own", ask=own, answer=answer) if own else say("raise.if-age", age=answer)
        category = category_of(Extent(total=each.total, category=each.band.category), script)
        yield Paragraph(say("raise.then", supposition=supposition, total=each.total, category=category))
    highest = session.view(instrument).score.highest
    yield Paragraph(say("raise.highest", category=category_of(highest, script), total=highest.total))


def _number(found: Raising, script: Script) -> Iterator[Paragraph]:
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


def _raising_rows(view: View) -> Rows:
    pages = len(raise_pages(raising(view.session.view(view.script.pack.instrument))))
    turns = turning(min(int(view.about), pages), pages, lambda to: Open(Overlay(Kind.RAISE, to)))
    return (*in_rows(turns), (Key(Page(1), "what-to-do"), CLOSE, URGENT))


RAISE_CARD = OverlayCard(_raising_words, _raising_rows)
