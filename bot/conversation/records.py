"""The session in a person's record: reading it, storing it, taking the next card token, and erasing the case."""

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

ABANDONED = timedelta(days=1)  # an old card is not replaced but removed if its person did nothing for this long


def session_of(record: Record) -> Session:
    """Return the session in a record. Without a case, it is that of the profile, which has the answers about the person."""
    text = record.profile if record.case is None else record.case
    if text in ("", "{}"):
        return fresh(record.card, NOTHING)
    session = decode(text)
    return session if session.card == record.card else replace(session, card=record.card)


def reference_of(record: Record) -> str:
    """Return the reference of the case in a record, or an empty text if there is none or a newer release wrote it."""
    if record.case is not None:
        with suppress(NewerSession):
            return session_of(record).reference
    return ""


def caseless(record: Record) -> Record:
    """Return the record without its case. The answers about the person remain. A case of a newer release is erased as well."""
    try:
        return with_session(record, begin(session_of(record)))
    except NewerSession:
        return replace(record, case=None, phase=str(Phase.WELCOME), edition="")


def with_session(record: Record, session: Session, *, active: datetime | None = None) -> Record:
    """Return the record with this session and, if given, this time of the last act. Without a case, it is stored in the profile."""
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
    """Return the record with the next card token, so that buttons of the previous card do nothing."""
    return replace(record, card=record.card + 1)


def without_stray_case(record: Record, *, at: datetime) -> tuple[Record, tuple[Entry, ...]]:
    """Return the record, without a case that has no account, since it belongs to nobody known; and the audit entries about that."""
    if record.access or record.case is None:
        return record, ()
    return caseless(record), (Entry(at, BOT, AuditEvent.ERASED, reference_of(record)),)
