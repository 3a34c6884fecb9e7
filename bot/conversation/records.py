"""What a record keeps of a person's own conversation: the session in it, its reference, its next card, and it without its case."""

from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta

from bot.storage.values import Record
from bot.trail.audit import BOT, AuditEvent
from bot.trail.chain import Entry
from dialogs.core.codec import NewerSession, decode, encode
from dialogs.core.session import Session, altering, fresh, profile_of
from dialogs.form.path import begin
from seraf.form.responses import NOTHING, Responses
from state_machines.assessment import Phase

altered_record = altering(Record)

ABANDONED = timedelta(days=1)
"""Nobody did anything for so long: an old card is not shown anew, but removed."""


def session_of(record: Record) -> Session:
    """The session that a record keeps. What is no case stands in the profile: the person's own answers, and where they look."""
    text = record.profile if record.case is None else record.case
    if text in ("", "{}"):
        return fresh(record.card, NOTHING)
    session = decode(text)
    return session if session.card == record.card else replace(session, card=record.card)


def reference_of(record: Record) -> str:
    """The reference of the case that is kept; empty where there is none, or where a newer release wrote it."""
    if record.case is not None:
        with suppress(NewerSession):
            return session_of(record).reference
    return ""


def caseless(record: Record) -> Record:
    """The record without its case, with what is remembered of the person. A case of a newer release goes all the same."""
    try:
        return with_session(record, begin(session_of(record)))
    except NewerSession:
        return replace(record, case=None, phase=str(Phase.WELCOME), edition="")


def with_session(record: Record, session: Session, *, active: datetime | None = None) -> Record:
    """The record once it keeps this session, `active` where somebody just was; without a case only what is remembered of them."""
    text = encode(session)
    return altered_record(
        record,
        {
            "card": session.card,
            "profile": _beside_a_case(profile_of(session)) if session.has_case else text,
            "case": text if session.has_case else None,
            "phase": str(session.phase),
            "edition": session.fingerprint,
            "active": active or record.active,
        },
    )


def _beside_a_case(profile: Responses) -> str:
    """What is remembered of the person while they have a case: the same for many people, and nothing of the case."""
    return encode(fresh(0, profile))


def with_next_card(record: Record) -> Record:
    """Return the record with the next card, so that no button of the one before counts."""
    return replace(record, card=record.card + 1)


def without_stray_case(record: Record, *, at: datetime) -> tuple[Record, tuple[Entry, ...]]:
    """Return the record of somebody who has an account, or is given one now, and what the audit is told.

    A case that was kept without an account is never theirs: whose it was is not known, so it is erased.
    """
    if record.access or record.case is None:
        return record, ()
    return caseless(record), (Entry(at, BOT, AuditEvent.ERASED, reference_of(record)),)
