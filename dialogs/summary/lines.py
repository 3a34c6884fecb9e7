"""The lines of a summary: the questions around the items, and the sections with every item and its response."""

from dataclasses import replace

from dialogs.core.script import Script
from dialogs.core.session import Session
from dialogs.form.item_cards import ask
from dialogs.form.path import CHANGEABLE
from dialogs.form.questions import ADULT, closing, options
from dialogs.summary.summary import Fact, SummaryLine, SummaryOption, SummaryPart
from seraf.form.circumstances import Circumstance, Facts
from seraf.form.instrument import Item, Section
from seraf.score.scoring import Findings


def facts(session: Session, found: Findings, *, script: Script) -> tuple[Fact, ...]:
    """Every question around the items, also those that were not asked: of each case, then of some; the judgement last."""
    always = (*CHANGEABLE, *closing(script.pack.instrument))
    settled = script.pack.guidance.advise(found.facts).settled
    others = (each for each in script.pack.guidance.circumstances if each.id not in always)
    return (
        *(_fact(each, session, script=script) for each in always),
        *(_circumstance(each, settled, script=script) for each in others),
        _fact("judgement", session, script=script),
    )


def _fact(question: str, session: Session, *, script: Script) -> Fact:
    """A question with its answer, in the words of the check page."""
    wording, given = script.wording, session.answers.get(question) or ""
    label = wording.say(f"about.{question}") if f"about.{question}" in wording else ask(question, script)
    answers = (each for each in options(question) if each != ADULT)
    choices = tuple(
        SummaryOption(each, wording.say_first(f"answer.{question}.{each}", f"answer.{each}")) for each in answers
    )
    return _answered(question, label, given=given, choices=choices, script=script)


def _circumstance(circumstance: Circumstance, settled: Facts, *, script: Script) -> Fact:
    """A short question with what is so of it; what follows from the items was not asked, and is so all the same."""
    choices = tuple(SummaryOption(each, _words(circumstance, each, script=script)) for each in circumstance.words)
    (given,) = settled[circumstance.id]
    fact = _answered(circumstance.id, circumstance.ask, given=given, choices=choices, script=script)
    is_implied = circumstance.is_implied(settled)
    return replace(fact, words=script.wording.say("summary.implied", answer=fact.words)) if is_implied else fact


def _words(circumstance: Circumstance, answer: str, *, script: Script) -> str:
    """An answer as it reads next to its question: the label of a button may be too short for that.

    Where a question has one button alone, whether it was tapped is yes or no; of several each has its own words.
    """
    say, own = script.wording.say, f"summary.answer.{circumstance.id}.{answer}"
    if own in script.wording:
        return say(own)
    ticked = next((tick.short for tick in circumstance.ticks if tick.answer == answer), answer)
    plain = f"answer.{answer}"
    is_own = ticked != answer and len(circumstance.ticks) > 1
    return ticked if is_own or plain not in script.wording else say(plain)


def _answered(question: str, label: str, *, given: str, choices: tuple[SummaryOption, ...], script: Script) -> Fact:
    words = {choice.id: choice.label for choice in choices}
    if given not in words:
        return Fact(question, label, "", script.wording.say("summary.not-asked"), choices)
    return Fact(question, label, given, words[given], choices)


def parts(session: Session, found: Findings, *, script: Script) -> tuple[SummaryPart, ...]:
    """Every section of the form, in its order."""
    points = dict(found.score.subtotals)
    return tuple(
        _part(each, points[each.id], session=session, script=script) for each in script.pack.instrument.sections
    )


def _part(section: Section, points: int, *, session: Session, script: Script) -> SummaryPart:
    items = script.pack.instrument.of_section(section.id)
    most = len(items) * max(option.points for option in section.options)
    choices = tuple(SummaryOption(each.id, each.label, each.points, each.is_present) for each in section.options)
    lines = tuple(_line(item, session, script=script) for item in items)
    return SummaryPart(section.id, section.plural, section.ask, choices, points, most, lines)


def _line(item: Item, session: Session, *, script: Script) -> SummaryLine:
    given, say = session.answers.items.get(item.id), script.wording.say
    option = item.option(given) if given else None
    is_ticked = option is not None and option.is_present
    says, known = (
        each.get(item.id) or "" if is_ticked else "" for each in (session.answers.says, session.answers.known)
    )
    return SummaryLine(
        id=item.id,
        number=script.pack.instrument.number(item.id),
        label=item.label,
        response=option.id if option else "",
        answer=option.label if option else say("summary.not-asked"),
        points=option.points if option else 0,
        is_ticked=is_ticked,
        is_verified=item.verified,
        note=session.answers.notes.get(item.id) or "",
        says=says,
        says_words=_within(say(f"who.{says}")) if says else "",
        known=known,
        known_words=_within(say(f"since.{known}")) if known else "",
    )


def _within(label: str) -> str:
    """The label of a button as it reads within a sentence."""
    return f"{label[:1].lower()}{label[1:]}"
