"""What cannot wait for the result: a question that is put at once, and how urgent a case has become."""

from dataclasses import replace

from dialogs.core.overlays import Kind, Overlay
from dialogs.core.session import Session
from seraf.advice.guidance import Lead
from seraf.advice.so_far import leads_so_far, to_ask_at_once
from seraf.advice.urgency import Urgency
from seraf.pack import Pack


def lead_so_far(session: Session, pack: Pack) -> Lead:
    """The most urgent lead that what was answered already calls for."""
    return leads_so_far(pack.instrument, pack.guidance, case=session.case())[0]


OF_THE_NUMBER = frozenset({"category", "highest"})
"""Facts that rest on the number, which nobody is shown before they gave their judgement."""


def lead_without_number(session: Session, pack: Pack) -> Lead | None:
    """What is as urgent as the most urgent lead and does not rest on the number; None where the number alone is so."""
    leads = leads_so_far(pack.instrument, pack.guidance, case=session.case())
    first = [lead for lead in leads if lead.urgency is leads[0].urgency]
    return next((lead for lead in first if not _of_the_number(lead)), None)


def _of_the_number(lead: Lead) -> bool:
    return any(key in OF_THE_NUMBER for condition in lead.conditions for key, _ in condition.asks)


def urgency_so_far(session: Session, pack: Pack) -> Urgency:
    """How urgent what was answered already is."""
    return lead_so_far(session, pack).urgency


def is_enough_to_call(session: Session, pack: Pack) -> bool:
    """Whether what was answered is enough to call now, so that nobody goes on answering before they do."""
    return session.has_case and urgency_so_far(session, pack) >= Urgency.CALL


def ask_at_once(session: Session, pack: Pack) -> Session:
    """The session with the question that cannot wait laid over it, where there is one; else the very same."""
    question = to_ask_at_once(pack.instrument, pack.guidance, case=session.case())
    return session.beneath(Overlay(Kind.FOLLOW_UP, question.id)) if question else session


def speak_up(before: Session, after: Session, *, place: str, pack: Pack) -> Session:
    """The session with what cannot wait laid over it: a question, danger, a disclosure, or that there is enough to call."""
    asking = ask_at_once(after, pack)
    if asking is not after:
        # What was said so far stays as it is: whatever is news by then is said once that question is answered.
        return asking
    urgency = urgency_so_far(after, pack)
    overlay = _overlay(before, after, place=place, urgency=urgency)
    if overlay is None and urgency <= after.said:
        return after
    # The most that was ever said: an answer that is taken back and given again does not interrupt
    # a second time (ADR 0016).
    return replace(after, overlay=overlay or after.overlay, said=max(after.said, urgency))


def _overlay(before: Session, after: Session, *, place: str, urgency: Urgency) -> Overlay | None:
    given = after.answers.get(place)
    if place == "told_or_seen" and given == "yes":
        return Overlay(Kind.TOLD)
    is_news = urgency > after.said or (place == "danger" and given != before.answers.get(place))
    is_danger = place == "danger" or (place == "safe" and given == "danger")
    if urgency is Urgency.EMERGENCY and (is_news or is_danger):
        return Overlay(Kind.DANGER)
    return Overlay(Kind.ENOUGH) if urgency is Urgency.CALL and is_news else None
