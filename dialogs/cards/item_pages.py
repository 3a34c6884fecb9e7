"""The pages of items and questions, the page on which all answers are checked, and the pages that say what counts as a sign."""

from collections.abc import Iterator
from dataclasses import replace

from dialogs.cards.note_pages import note_field
from dialogs.cards.plain_page import opens, parts_of, question_of, ways_left, ways_of
from dialogs.core import acts
from dialogs.core.acts import Change, Go, Kind, Rest, Say, Tick
from dialogs.core.keys import View
from dialogs.core.page import (
    AnswerRow,
    AnswerRows,
    Box,
    Button,
    Listed,
    More,
    PageKind,
    PagePart,
    QuestionPart,
    Saved,
    SectionPart,
    Text,
    TextLook,
    Ticks,
    Ways,
    WholePage,
)
from dialogs.core.replies import Card, Paragraph
from dialogs.core.script import Script
from dialogs.core.session import Session
from dialogs.form.item_cards import (
    WHAT_CARD,
    asked_of_item,
    check_line,
    check_row,
    is_ticked,
    of_the_section,
    said_before,
)
from dialogs.form.path import CARDS, check_groups, on_card, places, rest_of, section_at
from dialogs.phrases.earlier import legend, marked
from dialogs.phrases.number import source_line
from seraf.advice.contacts import LocalTime
from seraf.form.instrument import Section
from state_machines.assessment import ASKING, Phase, Trigger

STEERING = ("profession", "judgement")
"""Questions whose answer steers much and is given once. It is chosen, and then sent by a button."""


def question_page(plain: WholePage, card: Card, session: Session, *, script: Script, now: LocalTime) -> WholePage:
    """Return the page of an item, a question or a card of ticks. `plain` is the page that its card makes without any group."""
    say, place, instrument = script.wording.say, session.place, script.pack.instrument
    lead = asked_of_item(place, session, script=script)
    warnings, below = _below(card)
    hints = tuple(each.text for each in below[bool(lead) :])
    section = section_at(place, instrument)
    is_ticks = place in CARDS or section is not None
    answers = (Tick, Rest) if is_ticks else (Say,)

    def is_elsewhere(button: Button) -> bool:
        return isinstance(button.act, answers) or opens(button, (Kind.WHAT, Kind.NOTE))

    on_page = [item.id for item in instrument.of_section(section.id)] if section else [place]
    first, last = (instrument.number(each) if each in instrument else 0 for each in (on_page[0], on_page[-1]))
    title = say("leaf.item" if first == last else "leaf.items", number=last, first=first, of=len(instrument.items))
    if is_ticks:
        asked: PagePart = _ticks(session, script)
    else:
        choices = tuple(each for each in card.buttons if isinstance(each.act, Say))
        is_radio = place in STEERING
        asked = QuestionPart(choices, lead, hints, is_radio=is_radio, send=say("leaf.continue") if is_radio else "")
    return replace(
        plain,
        shape=PageKind.TICKS if is_ticks else PageKind.QUESTION,
        title=_title(plain, place, script) if not last else title,
        heading=say("leaf.which", ask=section.ask) if section else plain.heading,
        parts=(
            *warnings,
            asked,
            *_saved(session, script, card=card),
            More(say("button.what"), what_parts(View(place, session, script, now))),
            *note_field(session, script),
            *ways_of(card, script, is_elsewhere),
        ),
        step=last,
        of=len(instrument.items) if last else 0,
    )


def _title(plain: WholePage, place: str, script: Script) -> str:
    """Return the title of a question: its heading if it is asked of every case, or else one that does not say what it is about."""
    is_of_all = script.pack.guidance.circumstance(place) is None
    say = script.wording.say
    return say("leaf.titled", heading=plain.heading) if is_of_all else say("leaf.question")


def _below(card: Card) -> tuple[tuple[Text, ...], tuple[Paragraph, ...]]:
    """Return what stands below the heading of a card: what must not be missed, as parts of a page, and the other paragraphs."""
    at = next(at for at, each in enumerate(card.paragraphs) if each.is_heading)
    below = card.paragraphs[at + 1 :]
    warnings = tuple(Text(each.text, TextLook.WARNING, each.numbers) for each in below if each.is_strong)
    return warnings, tuple(each for each in below if not each.is_strong)


def answers_page(plain: WholePage, card: Card, session: Session, *, script: Script) -> WholePage:
    """Return the page with all answers in groups, each with the button that changes it."""
    say, instrument = script.wording.say, script.pack.instrument
    confirm = next(each for each in card.buttons if each.act == Go(Trigger.CONFIRM))
    reasons = tuple(each for each in card.buttons if opens(each, (Kind.REASONS,)))

    def is_elsewhere(button: Button) -> bool:
        return isinstance(button.act, Change | acts.Page) or button in (confirm, *reasons)

    def row(place: str) -> AnswerRow:
        about, answer = check_row(place, session, script=script)
        return AnswerRow(about, answer, Button(say("leaf.change"), Change(place), about=_named(place, about, script)))

    groups, onward = dict(check_groups(session, script.pack)), Ways((confirm, *reasons), is_main=True)
    unknown, given = groups["not-known"], session.answers.items
    groups["not-known"] = tuple(each for each in unknown if given.get(each))
    groups["unanswered"] = tuple(each for each in unknown if not given.get(each))
    sections = [
        SectionPart(say(f"leaf.check-{name}", count=len(groups[name])), (AnswerRows(tuple(map(row, groups[name]))),))
        for name in ("ticked", "not-known", "unanswered", "not-ticked", "case")
        if groups[name]
    ]
    warnings, _ = _below(card)
    return replace(
        plain,
        shape=PageKind.ANSWERS,
        parts=(*warnings, onward, *sections, onward, *ways_of(card, script, is_elsewhere)),
        caption=say("leaf.check-all", answered=len(given), of=len(instrument.items)),
    )


def _named(place: str, about: str, script: Script) -> str:
    """Return what a button changes, for those who hear it alone: an item by its number, or else `about`."""
    instrument = script.pack.instrument
    return script.wording.say("leaf.item-about", number=instrument.number(place)) if place in instrument else about


def follow_up_page(view: View, plain: WholePage) -> WholePage:
    """Return the page of a question that cannot wait: what it follows from, the question, and what counts."""
    session, script = view.session, view.script
    question = script.pack.guidance.circumstance(view.about)
    if question is None:
        return plain
    is_after = session.phase is Phase.RESULT
    again = () if is_after else tuple(each.text for each in said_before(question, session, script=script))
    caption = script.wording.say("leaf.plan" if is_after else "leaf.at-once")
    page = question_of(replace(plain, caption=caption), lead=again, without=(Kind.WHAT,))
    return replace(page, parts=(*page.parts, More(script.wording.say("button.what"), what_parts(view))))


def what_page(view: View, plain: WholePage) -> WholePage:
    """Return the page of what counts as a sign."""
    return replace(plain, shape=PageKind.REFERENCE, parts=what_parts(view))


def found_item_page(view: View, plain: WholePage) -> WholePage:
    """Return the page of an item that was found, with the way to it."""
    return replace(plain, shape=PageKind.REFERENCE, parts=(*what_parts(view), *ways_left(plain)))


def _ticks(session: Session, script: Script) -> Ticks:
    """Return the boxes of a card of ticks in the order of `given_at`, and what can be said of everything that is not ticked."""
    say, place, instrument = script.wording.say, session.place, script.pack.instrument
    section = section_at(place, instrument)
    if section:
        items = instrument.of_section(section.id)
        label = (lambda item: marked(item, session, script=script)) if session.earlier else (lambda item: item.label)
        boxes = [Box(label(item), is_ticked(item, session)) for item in items]
        legends = (legend(section, session, script=script),) if session.earlier else ()
        lead = (say("leaf.ticks-how"), *filter(None, (section.note,)), *legends)
    else:
        asked = on_card(place, session, pack=script.pack)
        boxes = [
            Box(
                each.ask if len(each.ticks) == 1 else f"{each.ask} {tick.short}",
                session.answers.get(each.id) == tick.answer,
            )
            for each in asked
            for tick in each.ticks
        ]
        lead = (say("leaf.ticks-known"),)
    rest = [
        (say("leaf.rest-no" if at == 0 else "leaf.rest-not-known"), each)
        for at, each in enumerate(rest_of(place, script.pack))
    ]
    return Ticks(tuple(boxes), lead, say("leaf.rest-asked"), say("leaf.rest-hint"), tuple(rest), say("leaf.continue"))


def _saved(session: Session, script: Script, *, card: Card) -> Iterator[Saved]:
    """Yield what was answered at the place before this one, with the button that goes back to it."""
    back = next((each for each in card.buttons if each.act == Go(Trigger.BACK)), None)
    path = places(session, script.pack, phase=session.phase) if session.phase in ASKING else ()
    at = path.index(session.place) if session.place in path else 0
    if back is None or at == 0 or session.detour.is_changing:
        return
    before = path[at - 1]
    section = section_at(before, script.pack.instrument)
    if section or session.answers.by_place.get(before):
        about = section.plural if section else check_row(before, session, script=script)[0]
        line = _of_ticks(section, session, script=script) if section else check_line(before, session, script=script)
        way = back._replace(label=script.wording.say("leaf.change"), about=_named(before, about, script))
        yield Saved(script.wording.say("leaf.saved", line=line), way)


def _of_ticks(section: Section, session: Session, *, script: Script) -> str:
    """Return how many items of a section are ticked, and what was answered of the others if that is the same of all."""
    say, items = script.wording.say, script.pack.instrument.of_section(section.id)
    ticked = [item for item in items if is_ticked(item, session)]
    others = [session.answers.items.get(item.id) for item in items if item not in ticked]
    if len({*others}) != 1 or others[0] is None:
        return say("leaf.saved-some", ticked=len(ticked), of=len(items))
    return say("leaf.saved-ticks", ticked=len(ticked), others=len(others), answer=items[0].option(others[0]).label)


def what_parts(view: View) -> tuple[PagePart, ...]:
    """Return what counts as a sign of this item, or what a question means. Of a card of ticks, it is a button for each."""
    about, script, say = view.about, view.script, view.script.wording.say
    if about not in script.pack.instrument:
        words = WHAT_CARD.words(view)
        at = next((at for at, each in enumerate(words) if each.is_strong), 0)
        opened = [Button(key.text, key.act) for row in WHAT_CARD.rows(view) for key in row if key.text]
        texts = tuple(part for each in words[at + 1 :] for part in parts_of(each))
        return (*texts, *((Ways(tuple(opened)),) if opened else ()))
    item = script.pack.instrument.item(about)
    hints = (*of_the_section(item.section, script), source_line(item.source, script))
    return (
        Text(item.explanation),
        Text(item.section.ask),
        SectionPart(say("leaf.counts"), (Listed(item.counts),)),
        SectionPart(say("leaf.excludes"), (Listed(item.excludes),)),
        *(Text(each, TextLook.HINT) for each in hints),
    )
