"""What earlier SERAFs leave standing and say of an item, and how a card about a young adult is worded."""

import re
from collections.abc import Mapping
from datetime import date

from dialogs.core.replies import Paragraph
from dialogs.core.script import Script
from dialogs.core.session import Session
from dialogs.phrases.number import LOW, category_name, finished_on
from seraf.advice.contacts import LocalTime
from seraf.case_view import CaseView
from seraf.form.instrument import Instrument, Item, Option, Section
from seraf.form.responses import Responses, option_given
from seraf.form.vocabulary import Age, Meaning
from seraf.review.carry_over import Carried
from seraf.review.comparison import Outstanding, is_asked, outstanding

WORDS = (
    (" child", re.compile(r"\b([Tt]he|[Tt]his|[Aa]|[Aa] hurt|[Aa]ny) child\b"), r"\1 person"),
    (" children", re.compile(r"\b([Oo]ther) children\b"), r"\1s"),
    (" children", re.compile(r"\b([Mm]ore|find|keep) children\b"), r"\1 people"),
)
"""What stands in a text about any child, with what is looked for first, and what is said of a young adult instead."""

CHILD = "hild"
"""What each of these has in it, in whatever case: most texts do not."""

ADVISER = "leaving-care"
"""Those who work with care leavers, who are 18 or over."""

HEADING = re.compile(r"(“[^”]*”)")
"""What stands between quotation marks is a heading, or somebody's own words, and is left as it is."""


def is_adult(session: Session) -> bool:
    """Whether the case is a young adult's, or one of whom no age is said yet and for whom an adviser to care leavers asks."""
    return session.has_case and is_of_an_adult(session.answers.around)


def is_of_an_adult(answers: Responses | Mapping[str, str]) -> bool:
    """Whether the answers are about a young adult, or no age is said yet and an adviser to care leavers gave them."""
    is_expected = answers.get("age") is None and answers.get("profession") == ADVISER
    return answers.get("age") == Age.FROM_18_TO_25 or is_expected


def of_an_adult(paragraphs: tuple[Paragraph, ...]) -> tuple[Paragraph, ...]:
    """The paragraphs of a card with nobody called a child."""
    return tuple(map(_said, paragraphs))


def said_of_an_adult(text: str) -> str:
    """The text with nobody called a child; headings stay as they are."""
    if CHILD not in text:
        return text
    parts = HEADING.split(text)
    return "".join([part if CHILD not in part or HEADING.fullmatch(part) else _replaced(part) for part in parts])


def _said(paragraph: Paragraph) -> Paragraph:
    said = said_of_an_adult(paragraph.text)
    return paragraph if said == paragraph.text else paragraph._replace(text=said)


def _replaced(text: str) -> str:
    for sign, pattern, instead in WORDS:
        if sign in text:
            text = pattern.sub(instead, text)
    return text


def month_of(carried: Carried) -> str:
    """The month in which a SERAF was finished, in words."""
    return f"{date(carried.year, carried.month, 1):%B %Y}"


def instrument_of(carried: Carried, script: Script) -> Instrument | None:
    """The instrument that a SERAF was made with, or None where it is not known here any more."""
    if carried.fingerprint == script.pack.instrument.fingerprint:
        return script.pack.instrument
    try:
        return script.codes.instrument(carried.fingerprint) if script.codes else None
    except KeyError:
        return None


def last_line(place: str, session: Session, *, script: Script) -> str:
    """What was said last time of an item or of the age, in one line; empty where there is nothing to look back on."""
    if not session.earlier:
        return ""
    last = session.earlier[-1]
    if place == "age":
        return _line(last, age_words(last, script), script=script)
    if place in script.pack.instrument:
        return _line(last, response_words(script.pack.instrument.item(place), last, script=script), script=script)
    return ""


def age_words(carried: Carried, script: Script) -> str:
    """The age band of a SERAF."""
    return script.wording.say_first(f"answer.age.{carried.age}", f"answer.{carried.age}")


def response_words(item: Item, carried: Carried, *, script: Script) -> str:
    """The response to an item of today's list in an earlier SERAF."""
    if not was_asked(item, carried, script=script):
        return script.wording.say("review.not-asked")
    option = option_of(item, carried, script=script)
    return option.label if option else script.wording.say("answer.not-known")


def was_asked(item: Item, carried: Carried, *, script: Script) -> bool:
    """Whether the list of that SERAF had the item, in the same words."""
    instrument = instrument_of(carried, script)
    return instrument is not None and is_asked(item, instrument)


def option_of(item: Item, carried: Carried, *, script: Script) -> Option | None:
    """The option that was given for an item in an earlier SERAF; None where it was not known or not asked."""
    instrument = instrument_of(carried, script)
    if instrument is None or not was_asked(item, carried, script=script):
        return None
    return option_given(instrument.item(item.id), carried.case().responses)


def marked(item: Item, session: Session, *, script: Script) -> str:
    """A line of a tick list, with what was said last time before the label, as the legend says."""
    option = option_of(item, session.earlier[-1], script=script)
    key = "review.was-ticked" if option and option.is_present else "section.item" if option else "review.was-unknown"
    return script.wording.say(key, label=item.label)


def legend(section: Section, session: Session, *, script: Script) -> str:
    """What stands before the labels of a tick list, in words."""
    words = {option.means: option.label for option in section.options}
    return script.wording.say(
        "review.legend",
        month=month_of(session.earlier[-1]),
        ticked=words[Meaning.CURRENT],
        absent=words[Meaning.ABSENT],
    )


def _line(last: Carried, response: str, *, script: Script) -> str:
    return script.wording.say("review.last", month=month_of(last), response=response)


def outstanding_of(session: Session, script: Script, *, now: LocalTime) -> Outstanding | None:
    """What the SERAFs that are looked back on leave standing; None where none is."""
    if not session.earlier:
        return None
    view, day = session.view(script.pack.instrument), finished_on(session, now)
    past = [(each, instrument_of(each, script)) for each in session.earlier]
    return view.once(
        "outstanding",
        lambda: outstanding(past, view.case, day=day, instrument=view.instrument),
        by=(session.earlier, day),
    )


def reviewed(session: Session, script: Script, *, now: LocalTime) -> CaseView:
    """The case with what earlier SERAFs leave standing, as a result is judged on it."""
    found, view = outstanding_of(session, script, now=now), session.view(script.pack.instrument)
    return view.at_review(found.as_facts()) if found else view


def outstanding_line(session: Session, script: Script, *, now: LocalTime) -> str:
    """How serious an earlier SERAF was, and what was said then and must still be so; empty where nothing stands."""
    found = outstanding_of(session, script, now=now)
    if found is None:
        return ""
    unread = (script.wording.say("standing.unread", month=month_of(each)) for each in found.unread)
    return " ".join(filter(None, (_category(found, script), *unread, _counting(found, script))))


def category_line(session: Session, script: Script, *, now: LocalTime) -> str:
    """How serious an earlier SERAF was, in one line; empty where none was in Category 3 or 4."""
    found = outstanding_of(session, script, now=now)
    return _category(found, script) if found else ""


def _category(found: Outstanding, script: Script) -> str:
    grave = found.gravest
    if grave is None or found.category <= LOW:
        return ""
    instrument = instrument_of(grave, script) or script.pack.instrument
    band = next(each for each in instrument.bands if each.category == found.category)
    return script.wording.say("standing.category", month=month_of(grave), category=category_name(band, script))


def _counting(found: Outstanding, script: Script) -> str:
    say, instrument = script.wording.say, script.pack.instrument
    numbers = ", ".join(str(instrument.number(item.id)) for item in found.items)
    key = "standing.item" if len(found.items) == 1 else "standing.items"
    what = (*((say(key, numbers=numbers),) if numbers else ()), *(say(f"standing.{each}") for each in found.facts))
    return say("standing.counts", what="; ".join(what)) if what else ""
