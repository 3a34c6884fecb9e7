"""The documents of a finished assessment. They are made in memory, and are not written to a disk."""

from dataclasses import replace

from bot.access.account import Account, read_account
from bot.storage.values import Record
from bot.summaries.file import File
from bot.summaries.forms import made, name_of
from dialogs.core.script import Script
from dialogs.core.session import NO_HAND, Hand, Session
from dialogs.review.changes import review_course
from dialogs.summary.carried import PDF, PICTURE
from dialogs.summary.summarise import summarise
from seraf.advice.contacts import LocalTime


def hand_of(record: Record) -> Hand:
    """Return label and role of the record's person, as their organisation gave them. Without access control there is neither."""
    account = read_account(record.access)
    return Hand(account.admission.name, str(account.admission.role)) if isinstance(account, Account) else NO_HAND


def document(session: Session, script: Script, *, kind: str, by: Hand, now: LocalTime) -> File | None:
    """Return the document of this kind about a case that `by` holds, or None for a picture without an earlier assessment.

    Raise `DocumentFault` if it cannot be made.
    """
    course = review_course(session, script, now=now)
    if kind == PICTURE:
        if not course:
            return None
        from bot.pictures.images import as_review_course  # drawing and printing are slow to import

        caption = script.wording.say("document.picture", about=course.text)  # the same in words
        return File(name_of(session.reference, "png"), as_review_course(course), caption)
    told = summarise(session, script, by=by, now=now)
    caption = script.wording.say("document.summary", reference=session.reference)
    if course and kind == PDF:
        from bot.pictures.images import as_review_course
        from bot.summaries.paper import Picture, as_pdf

        drawn = Picture(as_review_course(course), course.text)
        return File(name_of(session.reference, PDF), as_pdf(told, script.wording, picture=drawn), caption)
    return replace(made(kind, told, wording=script.wording), caption=caption)
