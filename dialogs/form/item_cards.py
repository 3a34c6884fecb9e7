"""The cards of items and questions, and how a response reads on the check page."""

from dialogs.core.replies import Paragraph
from dialogs.core.script import Script
from dialogs.core.session import Session
from dialogs.form.at_once import is_called
from dialogs.form.circumstance_cards import ticked_line, ticks_paragraphs
from dialogs.form.path import places, section_at
from dialogs.form.questions import CARDS, OPENING, PREPARE
from dialogs.phrases.earlier import last_line, legend, marked
from seraf.form.instrument import Instrument, Item, Section
from seraf.pack import Pack
from state_machines.assessment import Phase


def item_paragraphs(session: Session, script: Script) -> tuple[Paragraph, ...]:
    """The card of one item, or of a whole section in quick mode."""
    section = section_at(session.place, script.pack.instrument)
    if section:
        return _section(section, session, script=script)
    return _item(script.pack.instrument.item(session.place), session, script=script)


def question_paragraphs(session: Session, script: Script) -> tuple[Paragraph, ...]:
    """The card of a question around the items."""
    say, place = script.wording.say, session.place
    if place in CARDS:
        return (Paragraph(_question_head(session, script)), *ticks_paragraphs(session, script))
    alone = script.pack.guidance.circumstance(place)
    if alone:
        note = (Paragraph(alone.note),) if alone.note else ()
        return (Paragraph(_question_head(session, script)), Paragraph(alone.ask, is_strong=True), *note)
    hint = (Paragraph(say(f"hint.{place}")),) if f"hint.{place}" in script.wording else ()
    last = _last(place, session, script=script)
    return (Paragraph(_question_head(session, script)), Paragraph(ask(place, script), is_strong=True), *last, *hint)


def ask(question: str, script: Script) -> str:
    """The question in words: ours, or the pack's own."""
    own = next((each.ask for each in script.pack.instrument.questions if each.id == question), None)
    return own or script.wording.say(f"ask.{question}")


def asked_in_words(place: str, script: Script) -> str:
    """What a place asks, in a few words: the label of its item, or what its question is about."""
    instrument = script.pack.instrument
    if place in instrument:
        return script.wording.say("summary.item", number=instrument.number(place), label=instrument.item(place).label)
    if f"about.{place}" in script.wording:
        return script.wording.say(f"about.{place}")
    circumstance = script.pack.guidance.circumstance(place)
    return circumstance.ask if circumstance else ask(place, script)


def answer_in_words(place: str, given: str, *, script: Script) -> str:
    """An answer as its button says it."""
    if place in script.pack.instrument:
        return script.pack.instrument.item(place).option(given).label
    circumstance = script.pack.guidance.circumstance(place)
    ticks = circumstance.ticks if circumstance else ()
    ticked = next((tick.short for tick in ticks if tick.answer == given), None)
    return ticked or script.wording.say_first(f"answer.{place}.{given}", f"answer.{given}")


def check_line(place: str, session: Session, *, script: Script) -> str:
    """One line of the check page: what was asked, and what was answered."""
    instrument, say = script.pack.instrument, script.wording.say
    if place in instrument:
        item = instrument.item(place)
        return say(
            "check.item",
            number=instrument.number(place),
            label=item.label,
            response=_response(item, session, script=script),
        )
    if place in CARDS:
        return ticked_line(place, session, script=script)
    given = session.answers.get(place)
    answer = answer_in_words(place, given, script=script) if given else say("check.unanswered")
    return say("check.question", about=asked_in_words(place, script), answer=answer)


def _response(item: Item, session: Session, *, script: Script) -> str:
    given = session.answers.items.get(item.id)
    return item.option(given).label if given else script.wording.say("check.unanswered")


def _item(item: Item, session: Session, *, script: Script) -> tuple[Paragraph, ...]:
    say, instrument = script.wording.say, script.pack.instrument
    head = say("place.item", reference=session.reference, place=_place(item, instrument))
    if is_preparing(session, script.pack):
        head = say("place.preparing", reference=session.reference)
    section, is_first = item.section, _is_first(item, session, pack=script.pack)
    asked = (item.gloss, item.consider, section.ask if is_first else section.within)
    said = of_the_section(section, script) if is_first else ()
    return (
        Paragraph(head),
        Paragraph(item.label, is_strong=True),
        Paragraph(" ".join(filter(None, asked)), is_close=True),
        *_last(item.id, session, script=script),
        *(Paragraph(text) for text in said),
    )


def is_preparing(session: Session, pack: Pack) -> bool:
    """Return whether the form goes on as what helps a call that is due and was not made yet: then no progress is counted."""
    return session.answers.get("how") == PREPARE and not is_called(session, pack)


def of_the_section(section: Section, script: Script) -> tuple[str, ...]:
    """What holds for every item of a section: said once, on the first of its cards, and wherever somebody asks what counts."""
    proof = script.wording.say("item.proof" if section.tick else "item.proof-windows")
    return (proof, section.note) if section.note else (proof,)


def _is_first(item: Item, session: Session, *, pack: Pack) -> bool:
    """Whether no other item of its section is shown before it, in whatever order they are taken."""
    among = {each.id for each in pack.instrument.of_section(item.section.id)}
    path = places(session, pack, phase=Phase.ITEMS)
    return next((each for each in path if each in among), None) == item.id


def _place(item: Item, instrument: Instrument) -> str:
    """“Significant 3 of 7 · item 26 of 30”: the place on the form, whatever the order in which it is taken."""
    among = [each.id for each in instrument.of_section(item.section.id)]
    section = f"{item.section.title} {among.index(item.id) + 1} of {len(among)}"
    return f"{section} · item {instrument.number(item.id)} of {len(instrument.items)}"


def _section(section: Section, session: Session, *, script: Script) -> tuple[Paragraph, ...]:
    say, instrument = script.wording.say, script.pack.instrument
    items = instrument.of_section(section.id)
    first, last = instrument.number(items[0].id), instrument.number(items[-1].id)
    head = say(
        "place.section",
        reference=session.reference,
        section=section.plural,
        first=first,
        last=last,
        of=len(instrument.items),
    )
    if is_preparing(session, script.pack):
        head = say("place.preparing", reference=session.reference)
    lines = [_tick_line(item, session, script=script) for item in items]
    marks = [legend(section, session, script=script)] if session.earlier else []
    return (
        Paragraph(head),
        Paragraph(section.ask, is_strong=True),
        Paragraph("\n".join((*marks, *lines))),
        Paragraph(say("review.how" if session.earlier else "section.how")),
    )


def _tick_line(item: Item, session: Session, *, script: Script) -> str:
    tick = item.section.tick
    is_ticked = tick is not None and session.answers.items.get(item.id) == tick.id
    if not session.earlier:
        return script.wording.say("section.ticked" if is_ticked else "section.item", label=item.label)
    line = marked(item, session, script=script)
    return script.wording.say("review.ticked", line=line) if is_ticked else line


def _last(place: str, session: Session, *, script: Script) -> tuple[Paragraph, ...]:
    """What was said last time, where there was one."""
    line = last_line(place, session, script=script)
    return (Paragraph(line),) if line else ()


def _question_head(session: Session, script: Script) -> str:
    say = script.wording.say
    if session.phase is Phase.JUDGEMENT:
        return say("place.judgement", reference=session.reference)
    if session.place == OPENING[0]:
        return say("place.profession", reference=session.reference)
    asked = [each for each in places(session, script.pack, phase=session.phase) if each != OPENING[0]]
    step = asked.index(session.place) + 1
    return say(f"place.{session.phase}", reference=session.reference, step=step, of=len(asked))
