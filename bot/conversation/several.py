"""A person's several cases: the list of them, and the acts that open one from it and go back to it. No answer is read here."""

from dataclasses import replace
from datetime import UTC

from bot.conversation.records import (
    at_home,
    in_hand,
    is_at_list,
    list_of_cases,
    session_of,
    touched,
    with_head,
    with_next_card,
    with_session,
)
from bot.conversation.talk import Talk
from bot.storage.cases import CaseLead
from bot.storage.values import Decision, Lookup, Record
from dialogs.cards.cases import opened_by, what_leads
from dialogs.cards.show import pressed, within_pages
from dialogs.core.acts import RESHOWN, OpenCase, ToCases, act_of
from dialogs.core.events import Commanded, Event, Pressed
from dialogs.core.replies import Toast
from dialogs.core.script import Script
from dialogs.core.session import Session
from dialogs.form.path import begin
from seraf.advice.contacts import LocalTime

OF_ONE = ("erase", "cancel")  # the commands about one case, which have no meaning in the list


def answer_of_list(talk: Talk, record: Record, *, event: Event, lookup: Lookup) -> Decision | None:
    """Return the decision about an event that leads to the list of cases or from it into a case, or None for any other event."""
    at, session = event.occasion.now.at.astimezone(UTC), session_of(record)
    match event:
        case Pressed(occasion, token, code) if isinstance(act := act_of(code), ToCases):
            script = talk.script_for(session)
            shown = within_pages(session, script)
            if token != record.card or pressed(code, shown, script=script, now=occasion.now) != act:
                return None
            left = at_home(
                with_lead(touched(record, at), begin(session), session=session, script=script, now=occasion.now)
            )
            return Decision(replace(with_next_card(left), active=at))
        case Pressed(occasion, token, code) if isinstance(act := act_of(code), OpenCase) and is_at_list(record):
            reference = opened_by(act, list_of_cases(record), now=occasion.now) if token == record.card else ""
            if not reference:
                return Decision(replace(record, active=at), (Toast("stale" if token != record.card else "no-button"),))
            held = lookup.case(reference)
            if held is None:
                return Decision(replace(with_next_card(record), active=at), (Toast("case-closed"),))
            opened = in_hand(record, held)
            there = session_of(opened)
            over = there.overlay  # the case was left from an overlay, which was done with
            while over is not None and over.kind not in RESHOWN:
                over = over.under
            there = there.beneath(over)
            opened = with_session(opened, there, active=at)
            return Decision(with_lead(opened, session, session=there, script=talk.script_for(there), now=occasion.now))
        case Commanded(_, name) if name in OF_ONE and is_at_list(record):
            return Decision(replace(record, active=at), (Toast("open-first"),))
    return None


def with_lead(record: Record, before: Session, *, session: Session, script: Script, now: LocalTime) -> Record:
    """Return the record in whose head of the case in hand stands what leads, if that may have changed."""
    is_same = (before.answers, before.result, before.phase) == (session.answers, session.result, session.phase)
    if record.head is None or (is_same and before.reference == session.reference):
        return record
    urgency, by = what_leads(session, script, now=now)
    head = replace(record.head, lead=CaseLead(urgency, None if by is None else by.astimezone(UTC)))
    return replace(record, heads=with_head(record.heads, head))
