"""Short questions, in words and keys: on their cards, put at once, and on the check page."""

from dialogs.core.acts import Say
from dialogs.core.keys import Key, Rows, fitting
from dialogs.core.replies import Paragraph
from dialogs.core.script import Script
from dialogs.core.session import Session
from dialogs.form.path import on_card
from seraf.form.circumstances import Circumstance, given_for
from seraf.form.vocabulary import NOT_KNOWN
from state_machines.assessment import Phase


def follow_up_paragraphs(question_id: str, session: Session, *, script: Script) -> tuple[Paragraph, ...]:
    """Return a short question that is put at once, and how to answer it; put again, also what was answered and what came since."""
    say, question = script.wording.say, script.pack.guidance.circumstance(question_id)
    is_after = session.phase is Phase.RESULT
    head = Paragraph(say("place.action" if is_after else "place.follow-up", reference=session.reference))
    if question is None:
        return (head,)
    if is_after:
        return (head, Paragraph(question.ask, is_strong=True))
    again = _said_before(question, session, script=script)
    note = (Paragraph(question.note),) if question.note else ()
    return (head, *again, Paragraph(question.ask, is_strong=True), *note)


def _said_before(question: Circumstance, session: Session, *, script: Script) -> tuple[Paragraph, ...]:
    """Return what brought the question, where that was ticked; put again, also what was answered before."""
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
    """Return the label of an item, or of the answer to a short question, that brought a question about."""
    circumstance = script.pack.guidance.circumstance(key)
    if circumstance is None:
        return script.pack.instrument.item(word).label if word in script.pack.instrument else word
    return next((tick.short for tick in circumstance.ticks if tick.answer == word), circumstance.ask)


def ticks_paragraphs(session: Session, script: Script) -> tuple[Paragraph, ...]:
    """The card of all short questions that matter, a line each, with the ticks that were given."""
    say = script.wording.say
    asked = on_card(session.place, session, pack=script.pack)
    ticked = {each.id for each in asked for tick in each.ticks if session.answers.get(each.id) == tick.answer}
    lines = [say("section.ticked" if each.id in ticked else "section.item", label=each.ask) for each in asked]
    return (
        Paragraph(say(f"ask.{session.place}"), is_strong=True),
        Paragraph("\n".join(lines)),
        Paragraph(say("hint.circumstances")),
    )


def ticked_line(place: str, session: Session, *, script: Script) -> str:
    """One line of the check page for all short questions: what was ticked, and whether all were answered."""
    say, asked = script.wording.say, on_card(place, session, pack=script.pack)
    ticked = [tick.short for each in asked for tick in each.ticks if session.answers.get(each.id) == tick.answer]
    is_open = any(session.answers.get(each.id) is None for each in asked)
    answer = [*ticked, *([say("check.unanswered")] if is_open else [] if ticked else [say("check.nothing")])]
    return say("check.question", about=say(f"about.{place}"), answer=", ".join(answer))


def alone_rows(question: Circumstance, session: Session) -> Rows:
    """What may be answered to a short question that is asked alone."""
    given = session.answers.get(question.id)
    keys = [Key(Say(tick.answer), text=tick.short, is_chosen=tick.answer == given) for tick in question.ticks]
    return fitting((*keys, Key(Say(NOT_KNOWN), f"answer.{NOT_KNOWN}", is_chosen=given == NOT_KNOWN)))
