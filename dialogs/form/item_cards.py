"""The cards of items and questions, the card that says what counts as a sign, and the rows of the check page."""

from dialogs.core.acts import Kind, Log, Open, Overlay, Say
from dialogs.core.keys import BACK, CLOSE, GO_ON, URGENT, Key, OverlayCard, Paragraphs, Rows, View, fitting, in_rows
from dialogs.core.replies import Paragraph
from dialogs.core.script import Script
from dialogs.core.session import Session
from dialogs.form.path import CARDS, OPENING, PREPARE, on_card, places, section_at
from dialogs.form.reasons import is_called
from dialogs.phrases.earlier import last_line, legend, marked
from dialogs.phrases.number import basis_lines, source_line
from seraf.advice.action_log import UNDO
from seraf.form.circumstances import Circumstance, given_for
from seraf.form.instrument import Item, Section
from seraf.form.vocabulary import NOT_KNOWN
from state_machines.assessment import ASKING, Phase


def _follow_up_words(view: View) -> Paragraphs:
    """Return the card of a question that cannot wait: what it follows from, any earlier answer, and the question itself."""
    session, script = view.session, view.script
    say, question = script.wording.say, script.pack.guidance.circumstance(view.about)
    is_after = session.phase is Phase.RESULT
    head = Paragraph(say("place.action" if is_after else "place.follow-up", reference=session.reference))
    if question is None:
        return (head,)
    if is_after:
        return (head, Paragraph(question.ask, is_strong=True))
    again = said_before(question, session, script=script)
    note = (Paragraph(question.note),) if question.note else ()
    return (head, *again, Paragraph(question.ask, is_strong=True), *note)


def said_before(question: Circumstance, session: Session, *, script: Script) -> tuple[Paragraph, ...]:
    """Return what a question that cannot wait follows from, and any earlier answer to it."""
    say, answers, instrument = script.wording.say, session.answers, script.pack.instrument
    given, noted = answers.get(question.id), answers.get(given_for(question.id)) or ""
    brought = question.brought_by(session.view(instrument).advice_so_far(script.pack.guidance).settled)
    since = [each.partition("=") for each in sorted(brought.difference(noted.split(" ")))]
    if given is None:
        since = [(key, at, word) for key, at, word in since if word in instrument]
    named = "; ".join(dict.fromkeys(_named(key, word, script=script) for key, _, word in since))
    if not named:
        return ()
    if given is None:
        return (Paragraph(say("follow-up.first", ticked=named)),)
    said = next((tick.short for tick in question.ticks if tick.answer == given), say(f"answer.{given}"))
    return (Paragraph(say("follow-up.again", said=said, since=named)),)


def _named(key: str, word: str, *, script: Script) -> str:
    """Return the label of the answer that a question follows from: a ticked item, or an answer to another short question."""
    circumstance = script.pack.guidance.circumstance(key)
    if circumstance is None:
        return script.pack.instrument.item(word).label if word in script.pack.instrument else word
    if ticked := next((tick.short for tick in circumstance.ticks if tick.answer == word), None):
        return ticked
    said = answer_in_words(key, word, script=script)
    return script.wording.say("follow-up.answered", ask=circumstance.ask, said=said)


def alone_rows(question: Circumstance, session: Session) -> Rows:
    """Return the buttons with the answers to a short question that has a card of its own."""
    given = session.answers.get(question.id)
    keys = [Key(Say(tick.answer), text=tick.short, is_chosen=tick.answer == given) for tick in question.ticks]
    return fitting((*keys, Key(Say(NOT_KNOWN), f"answer.{NOT_KNOWN}", is_chosen=given == NOT_KNOWN)))


def item_paragraphs(session: Session, script: Script) -> tuple[Paragraph, ...]:
    """Return the paragraphs of the card of one item, or of a card on which a whole section is ticked."""
    say, instrument, reference = script.wording.say, script.pack.instrument, session.reference
    # No progress is shown while answers only prepare a call that is due and was not made.
    is_preparing = session.answers.get("how") == PREPARE and not is_called(session, script.pack)
    section = section_at(session.place, instrument)
    if section:
        items, of = instrument.of_section(section.id), len(instrument.items)
        first, last = instrument.number(items[0].id), instrument.number(items[-1].id)
        key = "place.preparing" if is_preparing else "place.section"
        head = say(key, reference=reference, section=section.plural, first=first, last=last, of=of)
        lines = [_tick_line(item, session, script=script) for item in items]
        marks = [legend(section, session, script=script)] if session.earlier else []
        return (
            Paragraph(head),
            Paragraph(section.ask, is_strong=True),
            Paragraph("\n".join((*marks, *lines))),
            Paragraph(say("review.how" if session.earlier else "section.how")),
        )
    item = instrument.item(session.place)
    section = item.section
    among = [each.id for each in instrument.of_section(section.id)]
    # The place on the form, in any order of the items: “Significant 3 of 7 · item 26 of 30”.
    number, of = instrument.number(item.id), len(instrument.items)
    place = f"{section.title} {among.index(item.id) + 1} of {len(among)} · item {number} of {of}"
    head = say("place.preparing" if is_preparing else "place.item", reference=reference, place=place)
    is_first = _is_first_of_section(item, session, script=script)
    said = of_the_section(section, script) if is_first else ()
    return (
        Paragraph(head),
        Paragraph(item.label, is_strong=True),
        Paragraph(" ".join(_asked(item, is_first=is_first)), is_close=True),
        *_last(item.id, session, script=script),
        *(Paragraph(text) for text in said),
    )


def asked_of_item(place: str, session: Session, *, script: Script) -> tuple[str, ...]:
    """Return what is asked about an item: its gloss, what to consider, and the question. It is empty for anything else."""
    if place not in script.pack.instrument:
        return ()
    item = script.pack.instrument.item(place)
    return _asked(item, is_first=_is_first_of_section(item, session, script=script))


def _asked(item: Item, *, is_first: bool) -> tuple[str, ...]:
    return tuple(filter(None, (item.gloss, item.consider, item.section.ask if is_first else item.section.within)))


def _is_first_of_section(item: Item, session: Session, *, script: Script) -> bool:
    among = {each.id for each in script.pack.instrument.of_section(item.section.id)}
    return next((each for each in places(session, script.pack, phase=Phase.ITEMS) if each in among), "") == item.id


def question_paragraphs(session: Session, script: Script) -> tuple[Paragraph, ...]:
    """Return the paragraphs of the card of a question before or after the items, or of a card of short questions."""
    say, place = script.wording.say, session.place
    head = Paragraph(_question_head(session, script))
    if place in CARDS:
        asked = on_card(place, session, pack=script.pack)
        ticked = {each.id for each in asked for tick in each.ticks if session.answers.get(each.id) == tick.answer}
        lines = [say("section.ticked" if each.id in ticked else "section.item", label=each.ask) for each in asked]
        return (
            head,
            Paragraph(say(f"ask.{place}"), is_strong=True),
            Paragraph("\n".join(lines)),
            Paragraph(say("hint.circumstances")),
        )
    alone = script.pack.guidance.circumstance(place)
    if alone:
        note = (Paragraph(alone.note),) if alone.note else ()
        return (head, Paragraph(alone.ask, is_strong=True), *note)
    hint = (Paragraph(say(f"hint.{place}")),) if f"hint.{place}" in script.wording else ()
    last = _last(place, session, script=script)
    return (head, Paragraph(ask(place, script), is_strong=True), *last, *hint)


def ask(question: str, script: Script) -> str:
    """Return the text of a question: the pack's text if it is a question of the pack, otherwise the bot's own."""
    own = next((each.ask for each in script.pack.instrument.questions if each.id == question), None)
    return own or script.wording.say(f"ask.{question}")


def asked_in_words(place: str, script: Script) -> str:
    """Return the number and label of the item with this id, or, for a question, what it is about."""
    instrument = script.pack.instrument
    if place in instrument:
        return script.wording.say("summary.item", number=instrument.number(place), label=instrument.item(place).label)
    if f"about.{place}" in script.wording:
        return script.wording.say(f"about.{place}")
    circumstance = script.pack.guidance.circumstance(place)
    return circumstance.ask if circumstance else ask(place, script)


def answer_in_words(place: str, given: str, *, script: Script) -> str:
    """Return the label that the button of this answer has."""
    if place in script.pack.instrument:
        return script.pack.instrument.item(place).option(given).label
    circumstance = script.pack.guidance.circumstance(place)
    ticks = circumstance.ticks if circumstance else ()
    ticked = next((tick.short for tick in ticks if tick.answer == given), None)
    return ticked or script.wording.say_first(f"answer.{place}.{given}", f"answer.{given}")


def check_row(place: str, session: Session, *, script: Script) -> tuple[str, str]:
    """Return an item, a question or a card of short questions as what it is about, and the answer."""
    say, given = script.wording.say, session.answers.get(place) or session.answers.items.get(place)
    if place in CARDS:
        asked = on_card(place, session, pack=script.pack)
        ticked = [tick.short for each in asked for tick in each.ticks if session.answers.get(each.id) == tick.answer]
        given_to = [session.answers.get(each.id) for each in asked]
        rest = "check.unanswered" if None in given_to else "check.not-known" if NOT_KNOWN in given_to else ""
        answers = ticked or ([] if None in given_to else [say("check.nothing")])
        answers += [say(rest)] if rest else []
        return say(f"about.{place}"), ", ".join(answers)
    answer = answer_in_words(place, given, script=script) if given else say("check.unanswered")
    return asked_in_words(place, script), answer


def check_line(place: str, session: Session, *, script: Script) -> str:
    """Return `check_row` as a sentence."""
    about, answer = check_row(place, session, script=script)
    return script.wording.say("check.line", about=about, answer=answer)


def of_the_section(section: Section, script: Script) -> tuple[str, ...]:
    """Return the texts that apply to all items of a section. Its first card and the card that says what counts as a sign have them."""
    proof = script.wording.say("item.proof" if section.tick else "item.proof-windows")
    return (proof, section.note) if section.note else (proof,)


def is_ticked(item: Item, session: Session) -> bool:
    """Return True if an item of a section with ticks is ticked."""
    tick = item.section.tick
    return tick is not None and session.answers.items.get(item.id) == tick.id


def _tick_line(item: Item, session: Session, *, script: Script) -> str:
    if not session.earlier:
        return script.wording.say("section.ticked" if is_ticked(item, session) else "section.item", label=item.label)
    line = marked(item, session, script=script)
    return script.wording.say("review.ticked", line=line) if is_ticked(item, session) else line


def _last(place: str, session: Session, *, script: Script) -> tuple[Paragraph, ...]:
    line = last_line(place, session, script=script) if session.earlier else ""
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


def _rows(view: View) -> Rows:
    question = view.script.pack.guidance.circumstance(view.about)
    if question is None:
        return ((GO_ON,), (URGENT,))
    line = view.session.overlay and view.session.overlay.under
    undo = ((Key(Log(line.about, UNDO), "logged.undo"),),) if line and line.kind is Kind.ACTION else ()
    what, session = Key(Open(Overlay(Kind.WHAT, question.id)), "what"), view.session
    # Back to the answer that led to the question.
    is_ticked = session.place in CARDS or section_at(session.place, view.script.pack.instrument)
    back = (CLOSE if is_ticked else BACK,) if session.phase in ASKING else ()
    return (*alone_rows(question, session), *undo, (what, *back, URGENT))


FOLLOW_UP_CARD = OverlayCard(_follow_up_words, _rows)


def _words(view: View) -> Paragraphs:
    about, session, script = view.about, view.session, view.script
    instrument, say = script.pack.instrument, script.wording.say
    if about in instrument:
        item = instrument.item(about)
        return (
            Paragraph(say("place.what", reference=session.reference)),
            Paragraph(item.label, is_strong=True),
            Paragraph(f"{item.explanation}\n{item.section.ask}"),
            Paragraph("\n".join((say("what.counts"), *(f"• {each}" for each in item.counts)))),
            Paragraph("\n".join((say("what.excludes"), *(f"• {each}" for each in item.excludes))), is_close=True),
            Paragraph("\n".join(of_the_section(item.section, script))),
            Paragraph(source_line(item.source, script), is_close=True),
        )
    section, circumstance = section_at(about, instrument), script.pack.guidance.circumstance(about)
    if section:
        return (Paragraph(section.plural, is_strong=True), Paragraph(say("what.section")))
    if circumstance:
        return (
            Paragraph(say("place.what", reference=session.reference)),
            Paragraph(circumstance.ask, is_strong=True),
            Paragraph(circumstance.what),
            Paragraph("\n".join(basis_lines(circumstance.basis, script, is_judged=session.is_judged))),
        )
    text = say(f"what.{about}") if f"what.{about}" in script.wording else say("what.own-question")
    head = say("place.what", reference=session.reference)
    return (Paragraph(head), Paragraph(ask(about, script), is_strong=True), Paragraph(text))


def _what_counts_rows(view: View) -> Rows:
    about, pack = view.about, view.script.pack
    section = section_at(about, pack.instrument)
    named = [(item.id, item.short) for item in pack.instrument.of_section(section.id)] if section else []
    if about in CARDS:
        named = [(each.id, each.ticks[0].short) for each in on_card(about, view.session, pack=pack)]
    choices = [Key(Open(Overlay(Kind.WHAT, each)), text=short) for each, short in named]
    return (*in_rows(choices, 2), (CLOSE, URGENT))


WHAT_CARD = OverlayCard(_words, _what_counts_rows)
