"""What time does to a chat and its case: what is due now and next, reminders of a call, notices of an end. Pure functions."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import assert_never

from bot.access.account import (
    NO_CALL,
    Account,
    AnyAccount,
    CallReminder,
    Removed,
    Terms,
    Unreadable,
    is_idle,
    state_of,
    written,
)
from bot.runtime.clock import LONDON, morning_of
from bot.storage.values import Record
from bot.trail.audit import AuditEvent
from dialogs.core.replies import CallDone, CallDue
from dialogs.core.role import Role
from dialogs.locked import AccountState

EXPIRED = "expired"
"""The news that a case was erased, since its time was over."""

OPEN = frozenset({AccountState.OPEN, AccountState.NO_CASES})
"""States that an idle chat is locked out of."""

AGAIN = timedelta(minutes=15)
"""How long after its time somebody is reminded of a call again."""

NOTICES = (timedelta(days=14), timedelta(days=3))
"""How long before the end of an admission its person and the administrators are told, at nine in the morning."""

SOON = NOTICES[0]
"""How long before its end an admission is near it."""


@dataclass(frozen=True, slots=True)
class Lapse:
    """What came of the time that passed: the account, whether the case is to be erased, whether the person is to be told
    in a new message, and what the audit is told.
    """

    account: Account
    is_over: bool = False
    is_news: bool = False
    what: tuple[AuditEvent, ...] = ()


def lapse(account: Account, record: Record, *, now: datetime, terms: Terms) -> Lapse:
    """Return what is due now. It always moves on: what was done once is not due again."""
    what: tuple[AuditEvent, ...] = ()
    door = account.door
    if (
        not door.is_locked
        and is_idle(door, now, terms=terms)
        and state_of(account, now, terms=terms) is AccountState.LOCKED
    ):
        account = account.locked(record.phase)
        what = (AuditEvent.LOCKED,)
    term = term_of(account, record, terms=terms)
    if term is not None and now >= term:
        notices = account.notices if account.notices.is_news_due else replace(account.notices, news=EXPIRED)
        gone = replace(account.without_case(), notices=notices)
        return Lapse(gone, is_over=True, what=(*what, AuditEvent.ERASED_BY_TIME))
    is_news = account.notices.is_news_due
    if is_news:
        account = replace(account.shown(), notices=replace(account.notices, is_news_due=False))
        what = (*what, AuditEvent.BREAK_GLASS_TOLD) if account.notices.news == AuditEvent.BREAK_GLASS else what
    is_told = state_of(account, now, terms=terms) is not AccountState.LAPSED
    was, call = account.call, reminded(account.call, now, is_told=is_told)
    if call != was:
        account = replace(account.shown() if is_told else account, call=call)
    if term is not None and now >= _warned_from(term, account, terms=terms) and not account.term.is_warned:
        warned = replace(account.shown(), term=replace(account.term, is_warned=True))
        return Lapse(warned, is_news=True, what=what)
    return Lapse(account, is_news=is_news or (is_told and call != was), what=what)


def term_of(account: Account, record: Record, *, terms: Terms) -> datetime | None:
    """Return when the case that is kept is to be erased; None where there is none, or it is held."""
    if record.case is None or account.term.held:
        return None
    if account.term.finished is not None:
        # From the first result on: to look at it again does not make it stay longer.
        return account.term.finished + terms.finished
    # By what was last done while the chat was open: what is pressed in a closed one keeps no case.
    return (account.door.seen or record.active or account.admission.until) + terms.unfinished


def _warned_from(term: datetime, account: Account, *, terms: Terms) -> datetime:
    """When a person is warned of a term. Where the whole time is no longer than the warning, half of it has to pass first."""
    kept = terms.unfinished if account.term.finished is None else terms.finished
    return term - (terms.warning if kept > terms.warning else kept / 2)


def is_over(account: AnyAccount | None, record: Record, *, now: datetime, terms: Terms) -> bool:
    """Return True if the term of the case that is kept is over. What is held has none."""
    match account:
        case Account():
            term = term_of(account, record, terms=terms)
        case None | Removed(held=""):
            # Without an account nothing says since when it lies there: the time that its row was given is all there is.
            term = record.due if record.case is not None else None
        case Removed() | Unreadable():
            term = None
        case _:
            assert_never(account)
    return term is not None and now >= term


def next_due(account: Account, record: Record, *, now: datetime, terms: Terms) -> datetime | None:
    """Return when something is to happen next without the person; None where nothing is."""
    if account.notices.is_news_due:
        return now
    door = account.door
    times = [account.admission.until, door.noticed and door.noticed + terms.notice]
    later = [each for each in times if each is not None and each > now]
    if door.seen is not None and state_of(account, now, terms=terms) in OPEN:
        later.append(door.seen + terms.lock)
    if account.call.next is not None:
        later.append(account.call.next)
    term = term_of(account, record, terms=terms)
    if term is not None:
        later.append(term if account.term.is_warned else _warned_from(term, account, terms=terms))
    return min(later, default=None)


def with_account(record: Record, account: Account, *, at: datetime, terms: Terms) -> Record:
    """Return the record with an account, and with the time at which the next thing is due."""
    return replace(record, access=written(account), due=next_due(account, record, now=at, terms=terms))


def reminders_of(due: datetime) -> tuple[datetime, ...]:
    """Return when somebody is reminded of a call: at its time, a quarter of an hour later, and at nine the next morning."""
    # At any hour, since the person asked for that minute.
    at = due.astimezone(UTC)
    return (at, at + AGAIN, morning_of(due.astimezone(LONDON).date() + timedelta(days=1)))


def is_about_a_call(call: CallReminder, effects: tuple[object, ...]) -> bool:
    """Return True if a turn could change of which call somebody is reminded."""
    return bool(call.reference or _wishes(effects))


def asked(call: CallReminder, effects: tuple[object, ...], *, reference: str) -> CallReminder:
    """Return the reminder after a turn: a later call takes the place of an earlier one, and none outlives its case.

    `reference` is that of the case after the turn; empty where there is none.
    """
    for wish in _wishes(effects):
        call = NO_CALL
        if isinstance(wish, CallDue):
            due = wish.due.astimezone(UTC)
            call = CallReminder(reference, due, due)
    return call if reference and call.reference == reference else NO_CALL


def reminded(call: CallReminder, now: datetime, *, is_told: bool) -> CallReminder:
    """Return the reminder once what is due by now was said, with the time of the next; the same where nothing is due.

    Of what was missed meanwhile only the latest is said. For somebody who is not to be told (`is_told`) it is past all the same.
    """
    if call.due is None or call.next is None or now < call.next:
        return call
    later = next((each for each in reminders_of(call.due) if each > now), None)
    past = replace(call, next=later)
    return replace(past, is_said=True) if is_told else past.seen()


def due_at(due: datetime, now: datetime) -> str:
    """Return the time as people in England live it, with its day where that is not today."""
    local = due.astimezone(LONDON)
    time = f"{local:%H:%M}"
    return time if local.date() == now.astimezone(LONDON).date() else f"{time} on {local.day} {local:%B}"


def _wishes(effects: tuple[object, ...]) -> list[CallDue | CallDone]:
    return [each for each in effects if isinstance(each, CallDue | CallDone)]


def expiring(everybody: Iterable[Account], now: datetime, *, within: timedelta | None = SOON) -> tuple[Account, ...]:
    """Return those who are admitted now and will not be once this time has passed (None: ever); the first to end comes first."""
    admitted = (each for each in everybody if now < each.admission.until)
    near = (each for each in admitted if within is None or each.admission.until - now <= within)
    return tuple(sorted(near, key=lambda each: (each.admission.until, each.audit_id)))


def run_out(everybody: Iterable[Account], now: datetime) -> tuple[Account, ...]:
    """Return those whose admission is over and can be renewed, administrators first, since they can renew the others."""
    over = (each for each in everybody if each.admission.until <= now)
    return tuple(
        sorted(over, key=lambda each: (each.admission.role is not Role.ADMIN, each.admission.until, each.audit_id))
    )


def if_ending(account: AnyAccount | None, now: datetime) -> Account | None:
    """Return the account of somebody whose admission is near its end, or over; None of everybody else, so that nobody keeps it."""
    return account if isinstance(account, Account) and account.admission.until - now <= SOON else None


def notices_due(account: Account, now: datetime, *, terms: Terms) -> int:
    """Return how many notices should have been given by now. None is, where an admission is never longer than its notice."""
    spans = [span for span in NOTICES if span < terms.renewal]
    return sum(now >= morning_of((account.admission.until - span).astimezone(LONDON).date()) for span in spans)


def is_to_be_told(account: Account, now: datetime, *, terms: Terms) -> bool:
    """Return True if a notice is due that was not given. Nobody is told of an end that has come: their card says so."""
    admission = account.admission
    return now < admission.until and notices_due(account, now, terms=terms) > admission.told_end


def told(account: Account, now: datetime, *, terms: Terms) -> Account:
    """Return the account of somebody who is told now: the latest notice alone, however many were missed."""
    due = notices_due(account, now, terms=terms)
    return replace(account.shown(), admission=replace(account.admission, told_end=due, is_end_said=True))
