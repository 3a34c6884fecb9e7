"""Texts about earlier assessments and what still applies from them, and card texts adapted to a young adult."""

import re
from datetime import date

from dialogs.core.replies import Paragraph
from dialogs.core.script import Script
from dialogs.core.session import Session
from dialogs.phrases.number import LOW, category_name, finished_on
from seraf.advice.contacts import LocalTime
from seraf.case_view import CaseView
from seraf.form.instrument import Instrument, Item, Option, Section
from seraf.form.responses import option_given
from seraf.form.vocabulary import Meaning
from seraf.review.carry_over import Carried
from seraf.review.comparison import Outstanding, is_asked, outstanding

WORDS = (
    (" child", re.compile(r"\b([Tt]he|[Tt]his|[Aa]|[Aa] hurt|[Aa]ny) child\b"), r"\1 person"),
    (" children", re.compile(r"\b([Oo]ther) children\b"), r"\1s"),
    (" children", re.compile(r"\b([Mm]ore|find|keep) children\b"), r"\1 people"),
)
"""Replacements that adapt a text about children to a young adult: a text to look for first, a pattern, and the new text."""


HEADING = re.compile(r"(“[^”]*”)")  # text in quotation marks is a heading or somebody's own words, and is not changed


def of_an_adult(paragraphs: tuple[Paragraph, ...]) -> tuple[Paragraph, ...]:
    """Return the paragraphs of a card with “person” in place of “child”, as `said_of_an_adult` does."""
    return tuple([paragraph._replace(text=said_of_an_adult(paragraph.text)) for paragraph in paragraphs])


def said_of_an_adult(text: str) -> str:
    """Return the text with “person” for “child” in phrases such as “the child”, but not in quotation marks."""
    if "hild" not in text:  # most texts
        return text
    parts = HEADING.split(text)
    for at, part in enumerate(parts):
        if not HEADING.fullmatch(part):
            for sign, pattern, instead in WORDS:
                parts[at] = pattern.sub(instead, parts[at]) if sign in parts[at] else parts[at]
    return "".join(parts)


def month_of(carried: Carried) -> str:
    """Return the month in which an earlier assessment was finished, such as “March 2026”."""
    return f"{date(carried.year, carried.month, 1):%B %Y}"


def instrument_of(carried: Carried, script: Script) -> Instrument | None:
    """Return the instrument that an earlier assessment was made with, or None if it is not known here any more."""
    if carried.fingerprint == script.pack.instrument.fingerprint:
        return script.pack.instrument
    try:
        return script.codes.instrument(carried.fingerprint) if script.codes else None
    except KeyError:
        return None


def last_line(place: str, session: Session, *, script: Script) -> str:
    """Return the last assessment's answer to an item or the age as one line, or an empty text for any other question."""
    last = session.earlier[-1]
    if place == "age":
        response = age_words(last, script)
    elif place not in script.pack.instrument:
        return ""
    elif was_asked(item := script.pack.instrument.item(place), last, script=script):
        option = option_of(item, last, script=script)
        response = option.label if option else script.wording.say("answer.not-known")
    else:
        response = script.wording.say("review.not-asked")
    return script.wording.say("review.last", month=month_of(last), response=response)


def age_words(carried: Carried, script: Script) -> str:
    """Return the age band of an earlier assessment, in words."""
    return script.wording.say_first(f"answer.age.{carried.age}", f"answer.{carried.age}")


def was_asked(item: Item, carried: Carried, *, script: Script) -> bool:
    """Return True if the instrument of an earlier assessment had this item, in the same words."""
    instrument = instrument_of(carried, script)
    return instrument is not None and is_asked(item, instrument)


def option_of(item: Item, carried: Carried, *, script: Script) -> Option | None:
    """Return the option chosen for an item in an earlier assessment, or None if it was not known or not asked."""
    instrument = instrument_of(carried, script)
    if instrument is None or not is_asked(item, instrument):
        return None
    return option_given(instrument.item(item.id), carried.case().responses)


def marked(item: Item, session: Session, *, script: Script) -> str:
    """Return an item's label on a card of ticks, with a mark for the answer of the last assessment, which `legend` explains."""
    option = option_of(item, session.earlier[-1], script=script)
    key = "review.was-ticked" if option and option.is_present else "section.item" if option else "review.was-unknown"
    return script.wording.say(key, label=item.label)


def legend(section: Section, session: Session, *, script: Script) -> str:
    """Return the text that explains the marks that `marked` puts before labels."""
    words = {option.means: option.label for option in section.options}
    return script.wording.say(
        "review.legend",
        month=month_of(session.earlier[-1]),
        ticked=words[Meaning.CURRENT],
        absent=words[Meaning.ABSENT],
    )


def outstanding_of(session: Session, script: Script, *, now: LocalTime) -> Outstanding | None:
    """Return what still applies from earlier assessments, or None if there is no earlier one."""
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
    """Return the view of the case that includes what still applies from earlier assessments. The result is computed from it."""
    found, view = outstanding_of(session, script, now=now), session.view(script.pack.instrument)
    return view.at_review(found.as_facts()) if found else view


def outstanding_line(session: Session, script: Script, *, now: LocalTime) -> str:
    """Return the highest category of earlier assessments and what from them still counts, or an empty text if there is nothing."""
    found = outstanding_of(session, script, now=now)
    if found is None:
        return ""
    unread = (script.wording.say("standing.unread", month=month_of(each)) for each in found.unread)
    say, instrument = script.wording.say, script.pack.instrument
    numbers = ", ".join(str(instrument.number(item.id)) for item in found.items)
    key = "standing.item" if len(found.items) == 1 else "standing.items"
    what = (*((say(key, numbers=numbers),) if numbers else ()), *(say(f"standing.{each}") for each in found.facts))
    counts = say("standing.counts", what="; ".join(what)) if what else ""
    return " ".join(filter(None, (_category(found, script), *unread, counts)))


def category_line(session: Session, script: Script, *, now: LocalTime) -> str:
    """Return the highest category of earlier assessments as one line, or an empty text if it is below Category 3."""
    found = outstanding_of(session, script, now=now)
    return _category(found, script) if found else ""


def _category(found: Outstanding, script: Script) -> str:
    grave = found.gravest
    if grave is None or found.category <= LOW:
        return ""
    instrument = instrument_of(grave, script) or script.pack.instrument
    band = next(each for each in instrument.bands if each.category == found.category)
    return script.wording.say("standing.category", month=month_of(grave), category=category_name(band, script))
