"""The card of a session: its paragraphs and buttons, with its heading and telephone numbers marked."""

from dataclasses import replace
from enum import StrEnum
from operator import attrgetter
from typing import assert_never

from dialogs.cards.item_pages import answers_page, question_page
from dialogs.cards.keyboard import act_for, base_rows, rows
from dialogs.cards.overlay_cards import ASKS_FOR, OVERLAY_CARDS, overlay_paragraphs
from dialogs.cards.plain_page import simple_page, ways_left, with_main
from dialogs.cards.plan_page import plan_page
from dialogs.core.acts import WHOM_TO_CALL, Act, GateAct, Given, Kind, Open, Overlay, act_of, code_of
from dialogs.core.keys import CLOSE, MORE, URGENT, Key, Rows, View
from dialogs.core.page import (
    Button,
    Calls,
    Field,
    Listed,
    Number,
    PageKind,
    SectionPart,
    Text,
    TextLook,
    Ticks,
    Ways,
    WholePage,
    altered,
    every,
    offered_acts,
)
from dialogs.core.replies import Card, Paragraph, closed_up
from dialogs.core.script import Script
from dialogs.core.session import Session, is_of_an_adult
from dialogs.form.item_cards import check_line, item_paragraphs, question_paragraphs
from dialogs.form.path import check_page, check_page_count
from dialogs.form.reasons import is_called, urgency_so_far
from dialogs.notes.noting import noting, takes_words, welcome_line, without_notes
from dialogs.phrases.earlier import of_an_adult, said_of_an_adult
from dialogs.phrases.whom_to_call import contact_calls, contact_line
from dialogs.result.result_pages import PAGES, result_page
from seraf.advice.action_plan import Urgency
from seraf.advice.contacts import LocalTime
from state_machines.assessment import ASKING, Phase

OWN_PARTS = (*ASKING, Phase.JUDGEMENT, Phase.CHECK, Phase.WELCOME)  # the phases whose pages say more than their cards
Known = tuple[tuple[str, str], ...]  # known telephone numbers, each as it is written and as it is dialled


def with_landmarks(card: Card, script: Script, *, above: int = 0) -> Card:
    """Return the card with its heading and telephone numbers marked. `above` is the number of notices at its top.

    Only telephone numbers of the pack are marked. A rehearsal's pack has none, so that nobody dials one by mistake.
    """
    return replace(card, paragraphs=landmarked(card.paragraphs, script, above=above))


def landmarked(paragraphs: tuple[Paragraph, ...], script: Script, *, above: int = 0) -> tuple[Paragraph, ...]:
    """Return a card's paragraphs with the heading and the telephone numbers marked, as `with_landmarks` does."""
    return _marked(paragraphs, _heading(paragraphs, above), script.pack.contacts.dialled)


def with_heading(card: Card, *, above: int = 0) -> Card:
    """Return the card with its heading marked: the first strong paragraph below the notices, or else the first one below them."""
    return replace(card, paragraphs=_marked(card.paragraphs, _heading(card.paragraphs, above), ()))


def _heading(paragraphs: tuple[Paragraph, ...], above: int) -> int:
    for at, each in enumerate(paragraphs):
        if at >= above and each.is_strong:
            return at
    return above


def _marked(paragraphs: tuple[Paragraph, ...], heading: int, known: Known) -> tuple[Paragraph, ...]:
    text = "\n".join([each.text for each in paragraphs])
    found: list[Number] = []
    for value, rung in known:
        if value not in text:
            continue
        start = text.find(value)
        while start >= 0:
            end = start + len(value)
            is_new = not found or all(end <= each.start or start >= each.end for each in found)
            # Part of a longer run of digits and letters is not a telephone number.
            if is_new and (not (text[start - 1 : start].isalnum() or text[end : end + 1].isalnum())):
                found.append(Number(start, end, rung))
            start = text.find(value, end)
    left, start = (tuple(sorted(found, key=attrgetter("start"))) if found else ()), 0
    marked: list[Paragraph] = []
    for at, each in enumerate(paragraphs):
        numbers, end = each.numbers, start + len(each.text)
        if left and left[0].start < end:
            here = [number for number in left if number.start < end]
            numbers = tuple([Number(number.start - start, number.end - start, number.dial) for number in here])
            left = left[len(here) :]
        is_heading = at == heading
        is_marked = bool(numbers) or each.is_heading or is_heading
        marked.append(Paragraph(each.text, each.is_strong, each.is_close, is_heading, numbers) if is_marked else each)
        start = end + 1
    return tuple(marked)


def show(session: Session, script: Script, now: LocalTime, notice: str = "") -> Card:
    """Return the card of the session, with `notice` above it if that is not empty."""
    session = within_pages(session, script)
    above = (Paragraph(notice),) if notice else ()
    said = (*above, *_paragraphs(session, script, now=now))
    shown = tuple([tuple([button(key, script) for key in row]) for row in keys(session, script, now=now)])
    if (notice or script.notes) and not script.channel.draws_pages:
        said = closed_up(said, len(shown))
    is_adult = session.has_case and is_of_an_adult(session.answers.around.by_item)
    card = Card(
        token=session.card,
        paragraphs=landmarked(of_an_adult(said) if is_adult else said, script, above=len(above)),
        rows=shown,
        takes_words=takes_words(session, script),
        asks_for=ASKS_FOR.get(session.overlay.kind, "") if session.overlay else "",
        goes_first=session.overlay is not None and session.overlay.kind in WHOM_TO_CALL,
    )
    if not script.channel.draws_pages:
        return card
    page = page_of(card, session, script=script, now=now, notice=notice)
    if is_adult:
        title, heading = said_of_an_adult(page.title), said_of_an_adult(page.heading)
        page = replace(page, title=title, heading=heading, parts=altered(page.parts, _of_an_adult))
    return replace(card, page=page)


def _of_an_adult(value: object) -> object | None:
    """Return a text of a page about a young adult, or a field except what was typed into it; None for anything else."""
    if isinstance(value, Field):
        return value._replace(label=said_of_an_adult(value.label), hint=said_of_an_adult(value.hint))
    return said_of_an_adult(value) if isinstance(value, str) and not isinstance(value, StrEnum) else None


def page_of(card: Card, session: Session, *, script: Script, now: LocalTime, notice: str = "") -> WholePage:
    """Return the page of a session's card."""
    overlay = session.overlay
    more: tuple[Button, ...] = ()
    is_plan = session.phase is Phase.RESULT and (overlay is None or overlay.kind in (Kind.ACTION, Kind.OUTCOME))
    if is_plan or MORE.act in [each.act for each in card.buttons]:
        opened = keys(session.beneath(Overlay(Kind.MORE)), script, now=now)
        more = tuple([button(key, script) for row in opened for key in row if key not in (CLOSE, URGENT)])
    is_replaced = is_plan or (overlay is None and session.phase in OWN_PARTS)
    reference = session.reference
    plain = simple_page(card, script, notice=notice, reference=reference, more=more, is_replaced=is_replaced)
    if is_plan:
        return plan_page(plain, session, script=script, now=now)
    title = script.wording.say_first(f"leaf.titles.{overlay.kind if overlay else session.phase}", "leaf.title")
    plain = replace(plain, title=title)
    if overlay is not None:
        page = OVERLAY_CARDS[overlay.kind].page
        return page(View(overlay.about, session, script, now), plain) if page else plain
    match session.phase:
        case Phase.OPENING | Phase.ITEMS | Phase.CLOSING | Phase.JUDGEMENT:
            return question_page(plain, card, session, script=script, now=now)
        case Phase.CHECK:
            return answers_page(plain, card, session, script=script)
        case Phase.WELCOME:
            return _home(plain, card, script=script, now=now)
        case Phase.ELSEWHERE:
            return _elsewhere(plain, session, script=script, now=now)
        case Phase.PAUSED | Phase.ERASED:
            return with_main(plain)
    return plain


def _elsewhere(plain: WholePage, session: Session, *, script: Script, now: LocalTime) -> WholePage:
    """Return the page that SERAF is not for this case, with those to call instead, unless it is a rehearsal."""
    title = script.wording.say("leaf.titled", heading=plain.heading)
    if script.is_rehearsal:
        return replace(plain, title=title)
    *texts, _line = (each for each in plain.parts if isinstance(each, Text))
    calls = Calls(contact_calls(script, now, answers=session.answers.around))
    return replace(plain, title=title, parts=(*texts, calls, *ways_left(plain)))


def _home(plain: WholePage, card: Card, *, script: Script, now: LocalTime) -> WholePage:
    """Return the first page: starting is the main button, then what else can be done, and what to know before."""
    say = script.wording.say
    start, *others = (each for each in card.buttons if each.act != URGENT.act)
    names = [each.act.overlay.kind if isinstance(each.act, Open) else "rehearse" for each in others]
    ways = tuple(each._replace(label=say(f"leaf.home.{name}")) for each, name in zip(others, names, strict=True))
    parts = (
        Text(say("welcome.text")),
        Text(say("welcome.no-need"), TextLook.WARNING),
        Ways((start,), is_main=True),
        SectionPart(say("leaf.or"), (Ways(ways),)),
        SectionPart(say("leaf.before"), (Listed(_before_start(script, now)),)),
    )
    return replace(plain, shape=PageKind.HOME, parts=parts)


def keys(session: Session, script: Script, *, now: LocalTime) -> Rows:
    """Return the buttons of the session's card in rows, including the one that opens its notes."""
    return noting(rows(session, script, now=now, pages=_kinds(session, script)), session, script=script)


def pressed(code: str, session: Session, *, script: Script, now: LocalTime) -> Act | None:
    """Return the act with this code if the session's card offers it, else None. The slow rows at the foot are searched last."""
    if session.overlay is None:
        own = base_rows(session, script, now=now, pages=_kinds(session, script))
        if act := act_for(code, own, pack=script.pack):
            return act
    if act := act_for(code, keys(session, script, now=now), pack=script.pack):
        return act
    return _pressed_on_page(code, session, script=script, now=now) if script.channel.draws_pages else None


def _pressed_on_page(code: str, session: Session, *, script: Script, now: LocalTime) -> Act | None:
    """Return the act with this code if the page, which has more than the card, offers it, else None."""
    page = show(session, script, now).page
    assert page is not None, "the channel draws pages"
    if isinstance(act := act_of(code), Given):
        return act if any(every(page.parts, Ticks)) else None
    return next((each for each in offered_acts(page) if not isinstance(each, GateAct) and code_of(each) == code), None)


def within_pages(session: Session, script: Script) -> Session:
    """Return the session at the last page of its card if the page that it was at no longer exists."""
    session = without_notes(session, script)
    if session.phase not in (Phase.CHECK, Phase.RESULT) or session.place == "1":  # there is always a first page
        return session
    kinds = _kinds(session, script)
    if int(session.place) <= len(kinds):
        return session
    return session.at(str(len(kinds)))


def _kinds(session: Session, script: Script) -> tuple[str, ...]:
    if session.phase is Phase.CHECK:
        return ("check",) * (1 if script.channel.draws_pages else check_page_count(session, script.pack))
    return PAGES if session.phase is Phase.RESULT else ()


def button(key: Key, script: Script) -> Button:
    """Return the button of a `Key`, with its label from the wording file."""
    label = key.text or _label(key, script)
    shown = script.wording.say("mark.chosen", label=label) if key.is_chosen else label
    return Button(shown, key.act, key.is_chosen)


def _label(key: Key, script: Script) -> str:
    """Return the label of a `Key`: the one for its question (`answer.allocated.yes`), or the one shared by all (`answer.yes`)."""
    if "." not in key.word:
        return script.wording.say(f"button.{key.word}", number=key.number)
    if key.word in script.wording:
        return script.wording.say(key.word)
    kind, _, rest = key.word.partition(".")
    return script.wording.say(f"{kind}.{rest.rpartition('.')[2]}")


def _paragraphs(session: Session, script: Script, *, now: LocalTime) -> tuple[Paragraph, ...]:
    if session.overlay:
        return overlay_paragraphs(session.overlay, session, script=script, now=now)
    return (*_base(session, script, now=now), *_call_999(session, script))


def _call_999(session: Session, script: Script) -> tuple[Paragraph, ...]:
    """Return the sentence that repeats the call of 999 after the stop card, until the person says that they called."""
    if script.is_silent or not session.has_case or session.phase not in (*ASKING, Phase.CHECK, Phase.JUDGEMENT):
        return ()
    if urgency_so_far(session, script.pack) is not Urgency.EMERGENCY or is_called(session, script.pack):
        return ()
    role = session.answers.get("profession")
    return (Paragraph(script.wording.say_first(f"stop.still-{role}", "stop.still"), is_strong=True, is_close=True),)


def _welcome(script: Script, now: LocalTime) -> tuple[Paragraph, ...]:
    say, kept = script.wording.say, welcome_line(script)
    reader, *lines = _before_start(script, now)
    about_list = lines[len(kept) :]
    return (
        Paragraph(say("welcome.title"), is_strong=True),
        Paragraph(say("welcome.text")),
        Paragraph(say("welcome.no-need")),
        Paragraph("\n".join((reader, *kept))),
        *((Paragraph("\n".join(about_list)),) if about_list else ()),
    )


def _before_start(script: Script, now: LocalTime) -> tuple[str, ...]:
    """Return what to know before the start: who reads along, how long notes are kept, and how far the list can be trusted."""
    say, instrument = script.wording.say, script.pack.instrument
    working = (say("welcome.working-list"),) if not instrument.is_verified else ()
    due = instrument.edition.review_due
    overdue = (say("welcome.overdue", due=f"{due:%B %Y}"),) if now.today > due else ()
    return (say(f"reader.{script.channel.name}"), *welcome_line(script), *working, *overdue)


def _base(session: Session, script: Script, *, now: LocalTime) -> tuple[Paragraph, ...]:
    say = script.wording.say
    match session.phase:
        case Phase.WELCOME:
            return _welcome(script, now)
        case Phase.OPENING | Phase.CLOSING | Phase.JUDGEMENT:
            return question_paragraphs(session, script)
        case Phase.ITEMS:
            return item_paragraphs(session, script)
        case Phase.CHECK:
            number, pages = int(session.place), check_page_count(session, script.pack)
            listed = check_page(session, script.pack, number=number)
            lines = [check_line(place, session, script=script) for place in listed]
            return (
                Paragraph(say("place.check", reference=session.reference, page=number, pages=pages)),
                Paragraph(say("check.title"), is_strong=True, is_close=True),
                Paragraph("\n".join(lines)),
            )
        case Phase.RESULT:
            number = int(session.place)
            key = "place.action-card" if number == 1 else "place.result"
            place = say(key, reference=session.reference, page=number, pages=len(PAGES))
            return (Paragraph(place), *result_page(number, session, script=script, now=now))
        case Phase.PAUSED:
            answered, of = len(session.answers.items), len(script.pack.instrument.items)
            kept = say("paused.kept" if script.channel.keeps else "paused.not-kept", answered=answered, of=of)
            return (
                Paragraph(say("place.paused", reference=session.reference)),
                Paragraph(say("paused.title"), is_strong=True),
                Paragraph(kept),
                Paragraph(say("paused.call")),
            )
        case Phase.ELSEWHERE:
            # A rehearsal leads back: otherwise the worst mistake would end it without a word.
            head = (
                Paragraph(say("place.elsewhere", reference=session.reference)),
                Paragraph(say(f"elsewhere.{session.place}.title"), is_strong=True),
            )
            if script.is_rehearsal:
                return (*head, Paragraph(say(f"elsewhere.{session.place}.rehearsed")))
            return (
                *head,
                Paragraph(say(f"elsewhere.{session.place}.text")),
                Paragraph(contact_line(script, now, answers=session.answers.around)),
            )
        case Phase.ERASED:
            return (Paragraph(say("erased.title"), is_strong=True), Paragraph(say("erased.text")))
    assert_never(session.phase)
