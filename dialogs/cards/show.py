"""The card of a session, derivable at any time: its words, its buttons, and what a channel finds its way by on it."""

from collections.abc import Iterable
from dataclasses import replace
from operator import attrgetter
from typing import assert_never

from dialogs.cards.keyboard import act_for, base_rows, rows
from dialogs.cards.overlay_cards import ASKS_FOR, overlay_paragraphs
from dialogs.core.acts import WHOM_TO_CALL, Act
from dialogs.core.keys import Key, Rows
from dialogs.core.replies import Button, Card, Number, Paragraph
from dialogs.core.script import Script
from dialogs.core.session import Session
from dialogs.form.item_cards import check_line, item_paragraphs, question_paragraphs
from dialogs.form.path import check_page, check_page_count
from dialogs.form.reasons import is_called, urgency_so_far
from dialogs.notes.noting import noting, takes_words, welcome_line, without_notes
from dialogs.phrases.earlier import is_adult, of_an_adult
from dialogs.phrases.whom_to_call import contact_line
from dialogs.result.result_pages import PAGES, result_page
from seraf.advice.action_plan import Urgency
from seraf.advice.contacts import Contacts, LocalTime
from state_machines.assessment import ASKING, Phase

Known = tuple[tuple[str, str], ...]
"""Each number that is known, with how it is rung."""

START = attrgetter("start")


def with_landmarks(card: Card, script: Script, *, above: int = 0) -> Card:
    """The card with its heading and its numbers; so many paragraphs `above` were put over it, and are none of its own.

    The numbers are the pack's own and no others. In a rehearsal nothing can be rung.
    """
    return replace(card, paragraphs=landmarked(card.paragraphs, script, above=above))


def landmarked(paragraphs: tuple[Paragraph, ...], script: Script, *, above: int = 0) -> tuple[Paragraph, ...]:
    """The paragraphs of a card with its heading and its numbers."""
    at, known = _heading(paragraphs, above), () if script.is_rehearsal else script.pack.contacts.dialled
    return tuple(_marked(paragraphs, at, known))


def with_numbers(card: Card, contacts: Contacts) -> Card:
    """The card with every number of these contacts that stands on it."""
    at = next((at for at, each in enumerate(card.paragraphs) if each.is_heading), None)
    return replace(card, paragraphs=tuple(_marked(card.paragraphs, at, contacts.dialled)))


def with_heading(card: Card, *, above: int = 0) -> Card:
    """The card with its first strong paragraph as the heading; the first of all where none is strong."""
    return replace(card, paragraphs=tuple(_marked(card.paragraphs, _heading(card.paragraphs, above), ())))


def _heading(paragraphs: tuple[Paragraph, ...], above: int) -> int:
    """The place of the heading among the paragraphs."""
    for at, each in enumerate(paragraphs):
        if at >= above and each.is_strong:
            return at
    return above


def _marked(paragraphs: tuple[Paragraph, ...], heading: int | None, known: Known) -> Iterable[Paragraph]:
    """The paragraphs with the one at this place as the heading, and with each number of a contact in them."""
    left, start = _numbers("\n".join([each.text for each in paragraphs]), known), 0
    for at, each in enumerate(paragraphs):
        numbers, end = each.numbers, start + len(each.text)
        if left and left[0].start < end:
            here = [number for number in left if number.start < end]
            numbers = tuple([Number(number.start - start, number.end - start, number.dial) for number in here])
            left = left[len(here) :]
        is_marked = bool(numbers) or each.is_heading or at == heading
        yield Paragraph(each.text, each.is_strong, each.is_close, at == heading, numbers) if is_marked else each
        start = end + 1


def _numbers(text: str, known: Known) -> tuple[Number, ...]:
    """Where each number of a contact stands in a text."""
    found: list[Number] = []
    for value, rung in known:
        if value not in text:
            continue
        start = text.find(value)
        while start >= 0:
            end = start + len(value)
            is_new = not found or all(end <= each.start or start >= each.end for each in found)
            if is_new and _stands_alone(text, start, end=end):
                found.append(Number(start, end, rung))
            start = text.find(value, end)
    return tuple(sorted(found, key=START)) if found else ()


def _stands_alone(text: str, start: int, *, end: int) -> bool:
    """Whether it is no part of a longer run of digits and letters."""
    return not (text[start - 1 : start].isalnum() or text[end : end + 1].isalnum())


def show(session: Session, script: Script, now: LocalTime, notice: str = "") -> Card:
    """The card of the session. A notice, where there is one, stands above it and belongs to nothing."""
    session = within_pages(session, script)
    above = (Paragraph(notice),) if notice else ()
    said = (*above, *_paragraphs(session, script, now=now))
    return Card(
        token=session.card,
        paragraphs=landmarked(of_an_adult(said) if is_adult(session) else said, script, above=len(above)),
        rows=tuple([tuple([button(key, script) for key in row]) for row in keys(session, script, now=now)]),
        takes_words=takes_words(session, script),
        asks_for=ASKS_FOR.get(session.overlay.kind, "") if session.overlay else "",
        goes_first=session.overlay is not None and session.overlay.kind in WHOM_TO_CALL,
    )


def keys(session: Session, script: Script, *, now: LocalTime) -> Rows:
    """What may be pressed on the session's card."""
    return noting(rows(session, script, now=now, pages=_kinds(session, script)), session, script=script)


def pressed(code: str, session: Session, *, script: Script, now: LocalTime) -> Act | None:
    """The act behind a code, if the session's card offers it. Its foot is looked at last: it asks how urgent the case is."""
    if session.overlay is None:
        own = base_rows(session, script, now=now, pages=_kinds(session, script))
        if act := act_for(code, own, pack=script.pack):
            return act
    return act_for(code, keys(session, script, now=now), pack=script.pack)


def within_pages(session: Session, script: Script) -> Session:
    """The session with its page brought back among those that there are, should they have become fewer."""
    session = without_notes(session, script)
    kinds = _kinds(session, script) if session.place != "1" else ()  # there always is a first
    if not kinds or int(session.place) <= len(kinds):
        return session
    return session.at(str(len(kinds)))


def _kinds(session: Session, script: Script) -> tuple[str, ...]:
    match session.phase:
        case Phase.CHECK:
            return ("check",) * check_page_count(session, script.pack)
        case Phase.RESULT:
            return PAGES
        case (
            Phase.WELCOME
            | Phase.OPENING
            | Phase.ITEMS
            | Phase.CLOSING
            | Phase.JUDGEMENT
            | Phase.PAUSED
            | Phase.ELSEWHERE
            | Phase.ERASED
        ):
            return ()
    assert_never(session.phase)


def button(key: Key, script: Script) -> Button:
    """The button of a key, in words."""
    label = key.text or _label(key, script)
    shown = script.wording.say("mark.chosen", label=label) if key.is_chosen else label
    return Button(shown, key.act, key.is_chosen)


def _label(key: Key, script: Script) -> str:
    """The words of a key: of its own, or those that every question of its kind shares (`answer.allocated.yes`, `answer.yes`)."""
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
    """Return the one line that stands on the cards after a stop for 999, until somebody says that they called."""
    if (
        session.phase not in (*ASKING, Phase.CHECK, Phase.JUDGEMENT)
        or script.is_silent
        or is_called(session, script.pack)
    ):
        return ()
    if not session.has_case or urgency_so_far(session, script.pack) is not Urgency.EMERGENCY:
        return ()
    role = session.answers.get("profession")
    return (Paragraph(script.wording.say_first(f"stop.still-{role}", "stop.still"), is_strong=True, is_close=True),)


def _base(session: Session, script: Script, *, now: LocalTime) -> tuple[Paragraph, ...]:
    match session.phase:
        case Phase.WELCOME:
            return _welcome(script, now)
        case Phase.OPENING | Phase.CLOSING | Phase.JUDGEMENT:
            return question_paragraphs(session, script)
        case Phase.ITEMS:
            return item_paragraphs(session, script)
        case Phase.CHECK:
            return _check(session, script)
        case Phase.RESULT:
            return _result(session, script, now=now)
        case Phase.PAUSED:
            return _paused(session, script)
        case Phase.ELSEWHERE:
            return _elsewhere(session, script, now=now)
        case Phase.ERASED:
            return (
                Paragraph(script.wording.say("erased.title"), is_strong=True),
                Paragraph(script.wording.say("erased.text")),
            )
    assert_never(session.phase)


def _welcome(script: Script, now: LocalTime) -> tuple[Paragraph, ...]:
    say, instrument = script.wording.say, script.pack.instrument
    working = (say("welcome.working-list"),) if not instrument.is_verified else ()
    overdue = (
        (say("welcome.overdue", due=f"{instrument.review_due:%B %Y}"),) if now.today > instrument.review_due else ()
    )
    return (
        Paragraph(say("welcome.title"), is_strong=True),
        Paragraph(say("welcome.text")),
        Paragraph(say("welcome.no-need")),
        Paragraph("\n".join((say(f"reader.{script.channel.name}"), *welcome_line(script.notes, script)))),
        *((Paragraph("\n".join((*working, *overdue))),) if working or overdue else ()),
    )


def _check(session: Session, script: Script) -> tuple[Paragraph, ...]:
    say, number = script.wording.say, int(session.place)
    pages = check_page_count(session, script.pack)
    lines = [check_line(place, session, script=script) for place in check_page(session, script.pack, number=number)]
    return (
        Paragraph(say("place.check", reference=session.reference, page=number, pages=pages)),
        Paragraph(say("check.title"), is_strong=True),
        Paragraph("\n".join(lines)),
    )


def _result(session: Session, script: Script, *, now: LocalTime) -> tuple[Paragraph, ...]:
    number = int(session.place)
    key = "place.action-card" if number == 1 else "place.result"
    head = script.wording.say(key, reference=session.reference, page=number, pages=len(PAGES))
    return (Paragraph(head), *result_page(number, session, script=script, now=now))


def _paused(session: Session, script: Script) -> tuple[Paragraph, ...]:
    say = script.wording.say
    answered, of = len(session.answers.items), len(script.pack.instrument.items)
    kept = say("paused.kept" if script.channel.keeps else "paused.not-kept", answered=answered, of=of)
    return (
        Paragraph(say("place.paused", reference=session.reference)),
        Paragraph(say("paused.title"), is_strong=True),
        Paragraph(kept),
        Paragraph(say("paused.call")),
    )


def _elsewhere(session: Session, script: Script, *, now: LocalTime) -> tuple[Paragraph, ...]:
    """Where SERAF ends, and whom to call instead. A rehearsal leads back: else the worst miss would end it without a word."""
    say = script.wording.say
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
