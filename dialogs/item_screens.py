"""The cards of items and questions, and how a response reads on the check page."""

from dialogs.earlier import last_line, legend, marked
from dialogs.path import asked_circumstances, places, section_at, tick_of
from dialogs.questions import CIRCUMSTANCES
from dialogs.replies import Paragraph
from dialogs.script import Script
from dialogs.session import Session
from seraf.instrument import Instrument, Item, Section
from state_machines.assessment import Phase


def item_paragraphs(session: Session, script: Script) -> tuple[Paragraph, ...]:
    """The card of one item, or of a whole section in quick mode."""
    section = section_at(session.place, script.pack.instrument)
    if section:
        return _section(section, session, script)
    return _item(script.pack.instrument.item(session.place), session, script)


def question_paragraphs(session: Session, script: Script) -> tuple[Paragraph, ...]:
    """The card of a question around the items."""
    say, place = script.wording.say, session.place
    if place == CIRCUMSTANCES:
        return _circumstances(session, script)
    hint = (Paragraph(say(f"hint.{place}")),) if f"hint.{place}" in script.wording else ()
    last = _last(place, session, script)
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
    circumstance = script.pack.guidance.circumstance(place)
    if circumstance:
        return circumstance.ask
    return script.wording.say(f"about.{place}") if f"about.{place}" in script.wording else ask(place, script)


def answer_in_words(place: str, given: str, script: Script) -> str:
    """An answer as its button says it."""
    if place in script.pack.instrument:
        return script.pack.instrument.item(place).option(given).label
    circumstance = script.pack.guidance.circumstance(place)
    ticks = circumstance.ticks if circumstance else ()
    ticked = next((tick.short for tick in ticks if tick.answer == given), None)
    return ticked or script.wording.say_first(f"answer.{place}.{given}", f"answer.{given}")


def check_line(place: str, session: Session, script: Script) -> str:
    """One line of the check page: what was asked, and what was answered."""
    instrument, say = script.pack.instrument, script.wording.say
    if place in instrument:
        item = instrument.item(place)
        return say(
            "check.item", number=instrument.number(place), label=item.label, response=_response(item, session, script)
        )
    if place == CIRCUMSTANCES:
        return _circumstances_line(session, script)
    given = session.answers.get(place)
    answer = answer_in_words(place, given, script) if given else say("check.unanswered")
    return say("check.question", about=asked_in_words(place, script), answer=answer)


def _response(item: Item, session: Session, script: Script) -> str:
    given = session.responses.get(item.id)
    return item.option(given).label if given else script.wording.say("check.unanswered")


def _item(item: Item, session: Session, script: Script) -> tuple[Paragraph, ...]:
    say, instrument = script.wording.say, script.pack.instrument
    gloss = (Paragraph(item.gloss),) if item.gloss else ()
    note = (Paragraph(item.section.note),) if item.section.note else ()
    head = say("place.item", reference=session.reference, place=_place(item, instrument))
    return (
        Paragraph(head),
        Paragraph(item.label, is_strong=True),
        *gloss,
        Paragraph(f"{item.consider}\n{item.section.ask}"),
        *_last(item.id, session, script),
        Paragraph(say("item.proof" if tick_of(item.section) else "item.proof-windows")),
        *note,
    )


def _place(item: Item, instrument: Instrument) -> str:
    """“Significant 3 of 7 · item 26 of 30”: the place on the form, whatever the order in which it is taken."""
    among = instrument.of_section(item.section.id)
    section = f"{item.section.title} {among.index(item) + 1} of {len(among)}"
    return f"{section} · item {instrument.number(item.id)} of {len(instrument.items)}"


def _section(section: Section, session: Session, script: Script) -> tuple[Paragraph, ...]:
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
    lines = [_tick_line(item, session, script) for item in items]
    marks = [legend(section, session, script)] if session.earlier else []
    return (
        Paragraph(head),
        Paragraph(section.ask, is_strong=True),
        Paragraph("\n".join((*marks, *lines))),
        Paragraph(say("review.how" if session.earlier else "section.how")),
    )


def _tick_line(item: Item, session: Session, script: Script) -> str:
    tick = tick_of(item.section)
    is_ticked = tick is not None and session.responses.get(item.id) == tick.id
    if not session.earlier:
        return script.wording.say("section.ticked" if is_ticked else "section.item", label=item.label)
    line = marked(item, session, script)
    return script.wording.say("review.ticked", line=line) if is_ticked else line


def _last(place: str, session: Session, script: Script) -> tuple[Paragraph, ...]:
    """What was said last time, where there was one."""
    line = last_line(place, session, script)
    return (Paragraph(line),) if line else ()


def _circumstances(session: Session, script: Script) -> tuple[Paragraph, ...]:
    """The card of all short questions that matter, a line each, with the ticks that were given."""
    say = script.wording.say
    asked = asked_circumstances(session, script.pack)
    ticked = {each.id for each in asked for tick in each.ticks if session.answers.get(each.id) == tick.answer}
    lines = [say("section.ticked" if each.id in ticked else "section.item", label=each.ask) for each in asked]
    return (
        Paragraph(_question_head(session, script)),
        Paragraph(say("ask.circumstances"), is_strong=True),
        Paragraph("\n".join(lines)),
        Paragraph(say("hint.circumstances")),
    )


def _circumstances_line(session: Session, script: Script) -> str:
    """One line of the check page for all short questions: what was ticked, and whether all were answered."""
    say, asked = script.wording.say, asked_circumstances(session, script.pack)
    ticked = [tick.short for each in asked for tick in each.ticks if session.answers.get(each.id) == tick.answer]
    is_open = any(session.answers.get(each.id) is None for each in asked)
    answer = [*ticked, *([say("check.unanswered")] if is_open else [] if ticked else [say("check.nothing")])]
    return say("check.question", about=say("about.circumstances"), answer=", ".join(answer))


def _question_head(session: Session, script: Script) -> str:
    say = script.wording.say
    if session.phase is Phase.JUDGEMENT:
        return say("place.judgement", reference=session.reference)
    asked = places(session, script.pack, session.phase)
    step = asked.index(session.place) + 1
    return say(f"place.{session.phase}", reference=session.reference, step=step, of=len(asked))
