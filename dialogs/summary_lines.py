"""The lines of a summary: the questions around the items, and the sections with every item and its response."""

from dialogs.item_screens import ask
from dialogs.path import CHANGEABLE
from dialogs.questions import ADULT, closing, options
from dialogs.script import Script
from dialogs.session import Session
from dialogs.summary import Choice, Fact, Line, Part
from seraf.findings import Findings
from seraf.instrument import Instrument, Item, Section


def questions(instrument: Instrument) -> tuple[str, ...]:
    """The questions that a summary lists, in the order in which they are put; the judgement is the last."""
    return (*CHANGEABLE, *closing(instrument), "judgement")


def fact(question: str, session: Session, script: Script) -> Fact:
    """A question with its answer, in the words of the check page."""
    wording, given = script.wording, session.answers.get(question) or ""
    label = wording.say(f"about.{question}") if f"about.{question}" in wording else ask(question, script)
    choices = tuple(Choice(each, _words(question, each, script)) for each in options(question) if each != ADULT)
    words = {choice.id: choice.label for choice in choices}
    if given not in words:
        return Fact(question, label, "", _unanswered(script), choices)
    return Fact(question, label, given, words[given], choices)


def _words(question: str, answer: str, script: Script) -> str:
    return script.wording.say_first(f"answer.{question}.{answer}", f"answer.{answer}")


def parts(session: Session, found: Findings, script: Script) -> tuple[Part, ...]:
    """Every section of the form, in its order."""
    points = dict(found.score.subtotals)
    return tuple(_part(each, points[each.id], session, script) for each in script.pack.instrument.sections)


def _part(section: Section, points: int, session: Session, script: Script) -> Part:
    items = script.pack.instrument.of_section(section.id)
    most = len(items) * max(option.points for option in section.options)
    choices = tuple(Choice(each.id, each.label, each.points, each.is_present) for each in section.options)
    lines = tuple(_line(item, session, script) for item in items)
    return Part(section.id, section.plural, section.ask, choices, points, most, lines)


def _line(item: Item, session: Session, script: Script) -> Line:
    given = session.responses.get(item.id)
    option = item.option(given) if given else None
    return Line(
        id=item.id,
        number=script.pack.instrument.number(item.id),
        label=item.label,
        response=option.id if option else "",
        answer=option.label if option else _unanswered(script),
        points=option.points if option else 0,
        is_ticked=option is not None and option.is_present,
        is_verified=item.verified,
        note=session.notes.get(item.id) or "",
    )


def _unanswered(script: Script) -> str:
    return script.wording.say("check.unanswered")
