"""A reminder of the next review, which the person may ask for: when it may come, and what it will say."""

from datetime import date, timedelta

from dialogs.acts import Remind
from dialogs.events import Occasion
from dialogs.keys import CLOSE, URGENT, Key, Rows
from dialogs.number import finished_on, in_words, review_on
from dialogs.replies import Paragraph, Reminded, Reply, Toast
from dialogs.script import Script
from dialogs.session import Session

BEFORE = 1
"""Weeks before the day by which the review is due."""

CHOICES = (0, 4, 8)
"""Weeks from today in which a reminder may come; nought is the one that comes before the review."""


def remind_paragraphs(session: Session, script: Script) -> tuple[Paragraph, ...]:
    """What a reminder is."""
    say = script.wording.say
    return (
        Paragraph(say("remind.title"), is_strong=True),
        Paragraph(say("remind.text", reference=session.reference)),
        Paragraph(say("remind.again")),
    )


def remind_rows() -> Rows:
    """The keys of when it may come."""
    return (tuple(Key(Remind(weeks), f"remind.{weeks}") for weeks in CHOICES), (CLOSE, URGENT))


def remind(session: Session, weeks: int, occasion: Occasion) -> Reply:
    """The session with a reminder asked for."""
    day = _day(session, weeks, occasion)
    return Reply(session, (Reminded(day), Toast("reminder", (("date", in_words(day)),))))


def _day(session: Session, weeks: int, occasion: Occasion) -> date:
    if weeks:
        return occasion.now.today + timedelta(weeks=weeks)
    return review_on(finished_on(session, occasion.now)) - timedelta(weeks=BEFORE)
