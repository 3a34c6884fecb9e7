"""What cannot wait for the result: a question that is put at once, and the stop as soon as a call is due."""

from dataclasses import replace

from dialogs.core.overlays import Kind, Overlay
from dialogs.core.session import Session
from seraf.advice.action_log import WORSE, last_of
from seraf.advice.action_plan import CardLine, Urgency
from seraf.advice.guidance import OF_THE_NUMBER, Lead
from seraf.pack import Pack

STOP = Overlay(Kind.STOP)

CALLED = (CardLine.EMERGENCY, CardLine.CARE)
"""Lines at which a call that is due is made."""


def lead_so_far(session: Session, pack: Pack) -> Lead:
    """Return the most urgent lead that what was answered already calls for."""
    return session.view(pack.instrument).advice_so_far(pack.guidance).leads[0]


def leading_so_far(session: Session, pack: Pack) -> tuple[Lead, ...]:
    """Return the leads that are as urgent as the most urgent one, but for those that rest on the number."""
    leads = session.view(pack.instrument).advice_so_far(pack.guidance).leads
    return tuple([lead for lead in leads if lead.urgency is leads[0].urgency and not lead.rests_on(OF_THE_NUMBER)])


def urgency_so_far(session: Session, pack: Pack) -> Urgency:
    """Return how urgent what was answered already is."""
    return lead_so_far(session, pack).urgency


def is_enough_to_call(session: Session, pack: Pack) -> bool:
    """Return whether what was answered is enough to call now, so that nobody goes on answering before they do."""
    return session.has_case and urgency_so_far(session, pack) >= Urgency.CALL


def is_called(session: Session, pack: Pack) -> bool:
    """Return whether the person has said of the call that is due now that they made it, or tried to.

    999 is not called by a call to social care, nor by saying that one cannot call. An officer acts where others call it.
    """
    is_999 = urgency_so_far(session, pack) is Urgency.EMERGENCY and session.answers.get("profession") != "police"
    last = last_of(session.result.log, CardLine.EMERGENCY if is_999 else CardLine.CARE)
    return last is not None and last.what != WORSE and not (is_999 and last.what == "cannot")


def ask_at_once(session: Session, pack: Pack, *, is_again: bool = True) -> Session:
    """Return the session with the question that cannot wait laid over it, where there is one; else the very same."""
    question = session.view(pack.instrument).to_ask_at_once(pack.guidance, is_again=is_again)
    return session.beneath(Overlay(Kind.FOLLOW_UP, question.id)) if question else session


def speak_up(session: Session, pack: Pack, *, is_again: bool = True) -> Session:
    """Return the session with what cannot wait laid over it: a question, or the stop where there is news.

    News is a higher disposition than was said before, or another reason for 999. A further reason of the same height stops
    nobody a second time: it is said in the call script. Without `is_again` no question is put a second time yet.
    """
    asking = ask_at_once(session, pack, is_again=is_again)
    if asking is not session:
        # What was said so far stays as it is: whatever is news by then is said once that question is answered.
        return asking
    leads = session.view(pack.instrument).advice_so_far(pack.guidance).leads
    urgency, reasons = leads[0].urgency, {lead.reason for lead in leads if lead.urgency is leads[0].urgency}
    is_higher = urgency > session.told.urgency
    is_news = is_higher or (urgency is Urgency.EMERGENCY and not reasons <= set(session.told.reasons))
    if urgency < Urgency.CALL or not is_news:
        # The most that was ever said: an answer that is taken back and given again does not stop anybody a second time (ADR 0038).
        return replace(session, told=replace(session.told, urgency=urgency)) if is_higher else session
    heard = tuple(sorted({*session.told.reasons, *reasons}))
    return replace(session, overlay=STOP, told=replace(session.told, urgency=urgency, reasons=heard))


def stopped_again(session: Session, pack: Pack) -> Session:
    """Return a session that is taken up again with the stop laid over it, as long as the call that is due was not tried."""
    if session.has_case and is_enough_to_call(session, pack) and not is_called(session, pack):
        return session.beneath(STOP)
    return session


def is_stopped(session: Session) -> bool:
    """Return whether the stop card lies over the session's card."""
    return session.overlay is not None and session.overlay.kind is Kind.STOP
