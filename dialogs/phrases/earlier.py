"""What was said in an earlier SERAF, put next to what is asked now. Nothing of it is ever filled in."""

from datetime import date

from dialogs.core.script import Script
from dialogs.core.session import Session
from seraf.form.instrument import Instrument, Item, Option, Section
from seraf.form.responses import option_given
from seraf.form.vocabulary import Meaning
from seraf.review.carry_over import Carried
from seraf.review.comparison import is_asked


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
