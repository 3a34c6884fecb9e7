"""A reminder of the next review, which the person may ask for: when it may come, and what it will say."""

from datetime import date, timedelta

from dialogs.core.acts import Open, Remind
from dialogs.core.events import Occasion
from dialogs.core.keys import CLOSE, URGENT, Key, Rows
from dialogs.core.overlay_card import OverlayCard, Paragraphs, View
from dialogs.core.overlays import Kind, Overlay
from dialogs.core.replies import Paragraph, Reminded, Reply, Toast
from dialogs.core.script import Script
from dialogs.core.session import Session
from dialogs.phrases.number import finished_on, in_words, review_on

BEFORE = timedelta(weeks=1)
"""How long before the day by which the review is due."""

CHOICES = ("0", "4", "8")
"""Weeks from today in which a reminder may come; nought is the one that comes before the review."""

STEPS = (-7, -1, 1, 7)
"""Days by which the day that is looked at may be moved."""

LATEST = timedelta(days=366)
"""How long after the judgement a reminder may come at most."""


def _words(view: View) -> Paragraphs:
    """What a reminder is; while a day is being looked for, which day that is."""
    say, session = view.script.wording.say, view.session
    if view.about:
        title = say("remind.day", date=in_words(date.fromisoformat(view.about)))
        return (Paragraph(title, is_strong=True), Paragraph(say("remind.text", reference=session.reference)))
    return (
        Paragraph(say("remind.title"), is_strong=True),
        Paragraph(say("remind.text", reference=session.reference)),
        Paragraph(say("remind.again")),
    )


def _rows(view: View) -> Rows:
    """The keys of when it may come; of a day that is looked at, those that move it."""
    about, session = view.about, view.session
    if not about:
        choices = tuple(Key(Remind(when), f"remind.{when}") for when in CHOICES)
        return (choices, (*_another(session, view.script), CLOSE, URGENT))
    looked_at = date.fromisoformat(about)
    moved = [(step, looked_at + timedelta(days=step)) for step in STEPS]
    steps = [Key(Open(Overlay(Kind.REMIND, day.isoformat())), f"remind.{step}") for step, day in moved]
    earlier = tuple(key for key, (_, day) in zip(steps[:2], moved[:2], strict=True) if day > _judged(session))
    later = tuple(key for key, (_, day) in zip(steps[2:], moved[2:], strict=True) if day <= _judged(session) + LATEST)
    moving = tuple(row for row in (earlier, later) if row)
    return (*moving, (Key(Remind(about), "this-day"), CLOSE, URGENT))


def remind(session: Session, when: str, *, occasion: Occasion, script: Script) -> Reply:
    """The session with a reminder asked for; of a day that has come, that it is too late for it."""
    day = _day(session, when, occasion=occasion, script=script)
    if day <= occasion.now.today:
        return Reply(session, (Toast("reminder-past"),))
    return Reply(session, (Reminded(day), Toast("reminder", (("date", in_words(day)),))))


def _day(session: Session, when: str, *, occasion: Occasion, script: Script) -> date:
    if when not in CHOICES:
        return date.fromisoformat(when)
    if when == CHOICES[0]:
        return review_on(finished_on(session, occasion.now), script) - BEFORE
    return occasion.now.today + timedelta(weeks=int(when))


def _another(session: Session, script: Script) -> tuple[Key, ...]:
    """The way to a day of one's own, which begins at the one before the review; none where no day of judgement is known."""
    if not session.result.finished:
        return ()
    day = review_on(_judged(session), script) - BEFORE
    return (Key(Open(Overlay(Kind.REMIND, day.isoformat())), "another-day"),)


def _judged(session: Session) -> date:
    """The day of the judgement."""
    return date.fromisoformat(session.result.finished)


REMIND_CARD = OverlayCard(_words, _rows)
