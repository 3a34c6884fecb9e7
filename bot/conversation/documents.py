"""A document that is owed, made in memory from what is kept at that moment; who may still have it is decided here too.

Nothing of it is written to a disk or kept in the store.
"""

from dataclasses import replace

from bot.access.account import Account, Terms, read_account, state_of
from bot.conversation.conversation import Conversation
from bot.conversation.mode import Mode
from bot.conversation.records import session_of
from bot.storage.values import OwedDocument, Record
from bot.summaries.file import File
from bot.summaries.forms import made, name_of
from dialogs.core.script import Script
from dialogs.core.session import Session
from dialogs.locked.gate import AccountState
from dialogs.review.course import ReviewCourse, review_course
from dialogs.summary.summarise import summarise
from dialogs.summary.summary_offer import PDF, PICTURE, at_result
from seraf.advice.contacts import LocalTime


def finished(record: Record, owed: OwedDocument) -> Session | None:
    """The finished session that the document is about; None where it is gone, or goes on, or another is there."""
    if record.case is None:
        return None
    session = at_result(session_of(record))
    return session if session is not None and session.reference == owed.reference else None


def may_have(record: Record, owed: OwedDocument, *, now: LocalTime, terms: Terms, mode: Mode) -> bool:
    """Whether the person may have the document now: their chat is open, and was not closed since they asked for it."""
    account = read_account(record.access)
    if (
        not isinstance(account, Account)
        or account.door.is_hidden
        or state_of(account, now.at, terms=terms) is not AccountState.OPEN
    ):
        return False
    is_since = account.door.opened is None or account.door.opened <= owed.asked
    if owed.is_of_rehearsal:
        return is_since and mode.has_document(record, owed.kind)
    return is_since and finished(record, owed) is not None


def document(conversation: Conversation, record: Record, *, owed: OwedDocument, now: LocalTime) -> File | None:
    """The document; None where there is no finished SERAF of that reference any more, or no rehearsal. `DocumentFault` where
    it cannot be made.
    """
    if owed.is_of_rehearsal:
        return conversation.mode.document(record, owed.kind, script=conversation.today)
    session = finished(record, owed)
    if session is None:
        return None
    script = conversation.script_for(session)
    course = review_course(session, script, now=now)
    if owed.kind == PICTURE:
        return _picture(course, session.reference, script=script) if course else None
    told, caption = (
        summarise(session, script, now=now),
        script.wording.say("document.summary", reference=session.reference),
    )
    if course and owed.kind == PDF:
        from bot.pictures.courses import as_review_course  # what draws and prints is slow to import
        from bot.summaries.paper import Picture
        from bot.summaries.pdf import as_pdf

        drawn = Picture(as_review_course(course), course.text)
        return File(name_of(session.reference, PDF), as_pdf(told, script.wording, picture=drawn), caption)
    return replace(made(owed.kind, told, wording=script.wording), caption=caption)


def _picture(course: ReviewCourse, reference: str, *, script: Script) -> File:
    """The course as a picture, with the same in words."""
    from bot.pictures.courses import as_review_course

    caption = script.wording.say("document.picture", about=course.text)
    return File(name_of(reference, "png"), as_review_course(course), caption)
