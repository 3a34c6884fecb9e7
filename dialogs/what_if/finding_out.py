"""What to find out, in words: by whom to ask, so that each is rung once; what could move the category first."""

from dataclasses import dataclass

from dialogs.core.acts import Go, Open
from dialogs.core.keys import CLOSE, URGENT, Key, Rows, in_rows, turning
from dialogs.core.overlay_card import OverlayCard, Paragraphs, View
from dialogs.core.overlays import Kind, Overlay
from dialogs.core.replies import Paragraph
from dialogs.core.script import Script
from dialogs.core.session import Session
from seraf.form.instrument import Instrument
from seraf.form.vocabulary import Informant
from seraf.what_if.finding_out import Gap, GapEffect, to_find_out
from seraf.what_if.ways_up import has_open_facts
from state_machines.assessment import Trigger

ROOM = 740
"""Characters of a card for what is asked, reckoned from the words of the pack alone."""

HEADING = 130
"""Characters for whom to ask and what it could do."""

BESIDE = 50
"""Characters that stand with an item apart from its own words."""

OTHERS = 2
"""How many more are named who may know as well."""


FIND = Key(Open(Overlay(Kind.FIND, "1")), "find")
ANSWER_THESE = Key(Go(Trigger.REOPEN), "answer-these")


@dataclass(frozen=True, slots=True)
class FindGroup:
    """Whom to ask, and about what; a group that goes on stands on two cards."""

    whom: Informant | None
    gaps: tuple[Gap, ...]


def find_pages(session: Session, instrument: Instrument) -> tuple[tuple[FindGroup, ...], ...]:
    """The cards, the weightiest group first; at least one."""
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
    return (
        Paragraph(say("place.find", reference=session.reference, page=number, pages=len(pages))),
        Paragraph(say("find.no-delay"), is_strong=True),
        *(each for group in pages[number - 1] for each in _group(group, session, script=script)),
        *map(Paragraph, _open_facts(session, script) if number == len(pages) else ()),
    )


def _group(group: FindGroup, session: Session, *, script: Script) -> tuple[Paragraph, ...]:
    say = script.wording.say
    is_own = group.whom is not None and group.whom == session.answers.get("profession")
    heading = say("find.own") if is_own else say(f"find.{group.whom}" if group.whom else "find.anybody")
    lines = []
    for effect in GapEffect:
        items = [_line(gap, group.whom, script=script) for gap in group.gaps if gap.effect is effect]
        lines += [say(f"find.effect-{effect.name.lower()}"), *items] if items else []
    return (Paragraph(heading, is_strong=True), Paragraph("\n".join(lines)))


def _line(gap: Gap, asked: Informant | None, *, script: Script) -> str:
    say = script.wording.say
    others = [say(f"whom.{each}") for each in gap.whom if each != asked][:OTHERS]
    key = "find.item-or" if others else "find.item"
    return say(key, short=gap.item.short, why=_why(gap), others=", ".join(others))


def _why(gap: Gap) -> str:
    return gap.item.why or gap.item.consider


def _open_facts(session: Session, script: Script) -> tuple[str, ...]:
    """What is not known apart from the items and could change how high the score may come, once."""
    is_open = has_open_facts(session.view(script.pack.instrument))
    return (script.wording.say("find.beside"),) if is_open else ()


def _rows(view: View) -> Rows:
    """From card to card, onward to the items that are not known, and out."""
    pages = len(find_pages(view.session, view.script.pack.instrument))
    number = min(int(view.about), pages)
    return (*in_rows(turning(Kind.FIND, number, pages=pages)), (ANSWER_THESE, CLOSE, URGENT))


FIND_CARD = OverlayCard(_words, _rows)
