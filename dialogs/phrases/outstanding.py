"""What earlier SERAFs leave standing at a review, as part of the case, and in one line."""

from dialogs.core.script import Script
from dialogs.core.session import Session
from dialogs.phrases.earlier import instrument_of, month_of
from dialogs.phrases.number import LOW, category_name, finished_on
from seraf.advice.contacts import LocalTime
from seraf.case_view import CaseView
from seraf.review.comparison import Outstanding, outstanding


def outstanding_of(session: Session, script: Script, *, now: LocalTime) -> Outstanding | None:
    """What the SERAFs that are looked back on leave standing; None where none is."""
    if not session.earlier:
        return None
    past = ((each, instrument_of(each, script)) for each in session.earlier)
    view, day = session.view(script.pack.instrument), finished_on(session, now)
    return outstanding(past, view.case, day=day, instrument=view.instrument)


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
