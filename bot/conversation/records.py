"""Reads and writes the session in a person's record, and returns the record with its next card or without its case."""

from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta

from bot.storage.values import Record
from bot.trail.audit import BOT, AuditEvent
from bot.trail.chain import Entry
from dialogs.core.codec import NewerSession, decode, encode
from dialogs.core.session import Session, altering, fresh, profile_of
from dialogs.form.path import begin
from seraf.form.responses import NOTHING
from state_machines.assessment import Phase

altered_record = altering(Record)

ABANDONED = timedelta(days=1)  # after this time without an act, an old card is removed instead of shown again


def session_of(record: Record) -> Session:
    """Return the session in a record. Without a case it is read from the profile, which has the answers about the person."""
    text = record.profile if record.case is None else record.case
    if text in ("", "{}"):
        return fresh(record.card, NOTHING)
    session = decode(text)
    return session if session.card == record.card else replace(session, card=record.card)


def reference_of(record: Record) -> str:
    """Return the reference of the stored case, or an empty string if there is no case or if a newer release wrote it."""
    if record.case is not None:
        with suppress(NewerSession):
            return session_of(record).reference
    return ""


def caseless(record: Record) -> Record:
    """Return the record without its case, but with the answers about the person. A case of a newer release is erased as well."""
    try:
        return with_session(record, begin(session_of(record)))
    except NewerSession:
        return replace(record, case=None, phase=str(Phase.WELCOME), edition="")


def with_session(record: Record, session: Session, *, active: datetime | None = None) -> Record:
    """Return the record with this session and, if given, this time of last activity. Without a case, the profile has the session."""
    text = encode(session)
    return altered_record(
        record,
        {
            "card": session.card,
            # Next to a case the profile is the same for many people, and reveals nothing of the case.
            "profile": encode(fresh(0, profile_of(session))) if session.has_case else text,
            "case": text if session.has_case else None,
            "phase": str(session.phase),
            "edition": session.fingerprint,
            "active": active or record.active,
        },
    )


def with_next_card(record: Record) -> Record:
    """Return the record with the next card, so that no button of the previous one counts."""
    return replace(record, card=record.card + 1)


def without_stray_case(record: Record, *, at: datetime) -> tuple[Record, tuple[Entry, ...]]:
    """Return the record and audit entries. A case that was stored without an account is erased, since it belongs to nobody known."""
    if record.access or record.case is None:
        return record, ()
    return caseless(record), (Entry(at, BOT, AuditEvent.ERASED, reference_of(record)),)
