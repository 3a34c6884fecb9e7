"""The session in a person's record: reading it, storing it, taking the next card token, and erasing the case."""

from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta

from bot.runtime.clock import EPOCH
from bot.storage.cases import CaseHead, CaseLead, CaseProgress, Held
from bot.storage.values import Record
from bot.trail.audit import BOT, AuditEvent
from bot.trail.chain import Entry
from dialogs.cards.cases import ListedCase
from dialogs.core.codec import NewerSession, decode, encode
from dialogs.core.session import Session, altering, fresh, profile_of
from dialogs.form.path import begin
from seraf.form.responses import NOTHING, Responses
from state_machines.assessment import Phase

altered_record, altered_session = altering(Record), altering(Session)

ABANDONED = timedelta(days=1)  # an old card is not replaced but removed if its person did nothing for this long


def session_of(record: Record) -> Session:
    """Return the session in a record. Without a case in hand, it is that of the profile, which has the answers about the person."""
    text = record.profile if record.case is None else record.case
    if text in ("", "{}"):
        return fresh(record.card, NOTHING)
    session = decode(text)
    if record.case is not None and len(record.heads) > 1:  # of a single case the profile has the same answers
        session = _of_the_person(session, record.profile)
    return session if session.card == record.card else altered_session(session, {"card": record.card})


def _of_the_person(session: Session, profile: str) -> Session:
    """Return the session of a case with the answers about the person that its person gave last, be it in another case."""
    own = profile_of(decode(profile)).by_item if profile not in ("", "{}") else {}
    around = session.answers.around.by_item
    if all(around.get(question) == answer for question, answer in own.items()):
        return session
    return session.answered(Responses.of({**around, **own}))


def references_of(record: Record) -> tuple[str, ...]:
    """Return the references of the cases that the person holds."""
    return tuple([head.reference for head in record.heads])


def without_case(record: Record, reference: str) -> Record:
    """Return the record without this case. If it is in hand, the answers about the person remain, and nothing is in hand any more."""
    heads = tuple([head for head in record.heads if head.reference != reference])
    if record.hand != reference:
        return replace(record, heads=heads)
    profile = record.profile
    with suppress(NewerSession):
        profile = encode(begin(session_of(record)))
    return replace(record, profile=profile, case=None, phase=str(Phase.WELCOME), edition="", hand="", heads=heads)


def caseless(record: Record) -> Record:
    """Return the record without any case. The answers about the person remain. A case of a newer release is erased as well."""
    for reference in references_of(record):
        record = without_case(record, reference)
    if record.hand:  # a case that cannot be opened
        return replace(record, phase=str(Phase.WELCOME), edition="", hand="")
    try:
        return with_session(record, begin(session_of(record)))
    except NewerSession:
        return replace(record, phase=str(Phase.WELCOME), edition="")


def with_head(heads: tuple[CaseHead, ...], head: CaseHead) -> tuple[CaseHead, ...]:
    """Return the heads with this one in place of the one of the same case."""
    if len(heads) == 1:
        return (head,)
    return tuple([head if head.reference == each.reference else each for each in heads])


def touched(record: Record, at: datetime) -> Record:
    """Return the record in which the last act in the case in hand was at this time."""
    heads = (replace(head, touched=at) if head.reference == record.hand else head for head in record.heads)
    return replace(record, heads=tuple(heads))


def at_home(record: Record) -> Record:
    """Return the record with no case in hand. All cases stay."""
    return replace(record, case=None, phase=str(Phase.WELCOME), edition="", hand="") if record.hand else record


def in_hand(record: Record, held: Held) -> Record:
    """Return the record with this case of the person in hand."""
    head = held.head
    after = replace(record, hand=head.reference, case=held.body, phase=head.phase, edition=head.fingerprint)
    return with_next_card(after)


def with_session(record: Record, session: Session, *, active: datetime | None = None) -> Record:
    """Return the record with this session and, if given, this time of the last act.

    A session with a case is written as the case in hand, which it may begin; one without a case, in the profile, and what was in
    hand is erased.
    """
    heads, reference = record.heads, session.reference
    own: dict[str, object]
    if not session.has_case:
        heads = tuple([head for head in heads if head.reference != record.hand])
        own = {"profile": encode(session), "case": None, "hand": ""}
    else:
        before = record.head_of(reference)
        at = active or record.active or EPOCH
        head = before or CaseHead(reference, record.person, at, raised_by=record.person)
        is_new = before is None or record.case is None
        was = session if is_new else session_of(record)
        is_judged = session.is_judged  # until then, what leads is what was shown
        after = replace(
            head,
            fingerprint=session.fingerprint,
            phase=str(session.phase),
            progress=CaseProgress(
                head.progress.revision + (was.answers != session.answers), len(session.answers.items)
            ),
            touched=active or head.touched,
            lead=head.lead
            if is_judged or head.lead.urgency == session.told.urgency
            else CaseLead(session.told.urgency),
        )
        heads = (*heads, after) if before is None else with_head(heads, after)
        own = {
            # Next to a case the profile reveals nothing of it but its reference.
            "profile": encode(fresh(0, profile_of(session))),
            # Another person's card may show it too, so the token of the card is not in it.
            "case": encode(altered_session(session, {"card": 0})),
            "hand": reference,
        }
    return altered_record(
        record,
        {
            **own,
            "card": session.card,
            "heads": heads,
            "phase": str(session.phase),
            "edition": session.fingerprint,
            "active": active or record.active,
        },
    )


def is_at_list(record: Record) -> bool:
    """Return True if the card is the list of the person's cases: none is in hand, and they have one."""
    if record.case is not None or not (record.heads or record.closed):
        return False
    session = session_of(record)
    return session.overlay is None and session.phase in (Phase.WELCOME, Phase.ERASED)


def list_of_cases(record: Record) -> tuple[ListedCase, ...]:
    """Return what the list says of each case that the person holds."""
    return tuple(
        [
            ListedCase(
                head.reference, head.lead.urgency, head.lead.by, head.progress.answered, head.finished is not None
            )
            for head in record.heads
        ]
    )


def with_next_card(record: Record) -> Record:
    """Return the record with the next card token, so that buttons of the previous card do nothing."""
    return replace(record, card=record.card + 1)


def without_stray_case(record: Record, *, at: datetime) -> tuple[Record, tuple[Entry, ...]]:
    """Return the record, without a case that has no account, since it belongs to nobody known; and the audit entries about that."""
    if record.access or not record.heads:
        return record, ()
    return caseless(record), tuple(Entry(at, BOT, AuditEvent.ERASED, each) for each in references_of(record))
