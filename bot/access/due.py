"""What becomes due as time passes: the lock of an idle chat, the erasure of a case, call reminders, and notices that an admission ends."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import assert_never

from bot.access.account import Account, AnyAccount, Removed, Terms, Unreadable, state_of, written
from bot.runtime.clock import LONDON, morning_of
from bot.storage.cases import NO_CALL, CallReminder, CaseHead
from bot.storage.values import Record
from bot.trail.audit import AuditEvent
from dialogs.core.replies import CallDone, CallDue
from dialogs.core.role import ADMINISTERING
from dialogs.locked import AccountState

EXPIRED = "expired"  # the value of `Notices.news` after a case was erased at the end of its term
OPEN = frozenset({AccountState.OPEN, AccountState.NO_CASES})  # the states in which an idle chat locks

NOTICES = (timedelta(days=14), timedelta(days=3))
"""How long before the end of an admission its person is notified. Each notice is given at nine in the morning."""

SOON = NOTICES[0]  # how long before its end an admission counts as near it


@dataclass(frozen=True, slots=True)
class Lapse:
    """What became due for a person: the new account and heads, the cases to erase (`over`), whether to send a message, audit events.

    `unopened` are the references of cases about which somebody was asked who has not opened it.
    """

    account: Account
    heads: tuple[CaseHead, ...]
    over: tuple[CaseHead, ...] = ()
    is_news: bool = False
    what: tuple[AuditEvent, ...] = ()
    unopened: tuple[str, ...] = ()


def lapse(account: Account, record: Record, *, now: datetime, terms: Terms) -> Lapse:
    """Return the person after everything due at `now` was applied, with audit events. A second call at the same time changes nothing."""
    what: tuple[AuditEvent, ...] = ()
    door = account.door
    if not door.is_locked and state_of(account, now, terms=terms) is AccountState.LOCKED:  # by idleness
        account = account.locked(record.phase)
        what = (AuditEvent.LOCKED,)
    over = tuple([head for head in record.heads if _is_past(term_of(head, terms=terms), now)])
    if over:
        left = tuple([head for head in record.heads if head not in over])
        # Its reference says which one it was, where others are left.
        about = ", ".join(head.reference for head in over) if left else ""
        said = replace(account.notices, news=EXPIRED, about=about)
        account = replace(account, notices=account.notices if account.notices.is_news_due else said)
        account = account.emptied() if any(head.reference == record.hand for head in over) else account
        return Lapse(account, left, over, what=what)
    is_news = account.notices.is_news_due
    if is_news:
        account = replace(account.shown(), notices=replace(account.notices, is_news_due=False))
        what = (*what, AuditEvent.BREAK_GLASS_TOLD) if account.notices.news == AuditEvent.BREAK_GLASS else what
    is_told = state_of(account, now, terms=terms) is not AccountState.LAPSED
    heads, unopened = [], list[str]()
    for head in record.heads:
        if head.call.unopened is not None and now >= head.call.unopened:
            # Nothing is passed on: the holder is told, and once more when what leads is due.
            if is_told and _is_unopened(record, head, now):
                unopened.append(head.reference)
                account, is_news = account.shown(), True
            by = head.lead.by
            again = by if unopened and by is not None and by > now else None
            head = replace(head, call=replace(head.call, unopened=again))
        call = reminded(head.call, now, is_told=is_told)
        term, is_warned = term_of(head, terms=terms), head.is_warned
        if term is not None and not is_warned and now >= _warned_from(term, head, terms=terms):
            account, is_warned, is_news = account.shown(), True, True
        if call != head.call and is_told:
            account, is_news = account.shown(), True
        is_same = (call, is_warned) == (head.call, head.is_warned)
        heads.append(head if is_same else replace(head, call=call, is_warned=is_warned))
    return Lapse(account, tuple(heads), is_news=is_news, what=what, unopened=tuple(unopened))


def _is_unopened(record: Record, head: CaseHead, now: datetime) -> bool:
    tied = record.tied_to(head.reference)
    waiting = () if tied is None else tied.sharing.at(now).ties
    return any(tie.kind.is_request and tie.opened is None and not tie.is_claimed for tie in waiting)


def term_of(head: CaseHead, *, terms: Terms) -> datetime | None:
    """Return the time at which a case is erased, or None if it is on hold."""
    if head.held:
        return None
    if head.finished is not None:
        # From the first result: looking at it again does not extend the term.
        return head.finished + terms.finished
    # From the last act in this case, and no other.
    return head.touched + terms.unfinished


def _is_past(term: datetime | None, now: datetime) -> bool:
    return term is not None and now >= term


def _warned_from(term: datetime, head: CaseHead, *, terms: Terms) -> datetime:
    """Return when to warn of an erasure: `terms.warning` before it, or halfway through a term that is not longer than `terms.warning`."""
    whole = terms.unfinished if head.finished is None else terms.finished
    return term - (terms.warning if whole > terms.warning else whole / 2)


def is_over(account: AnyAccount | None, record: Record, *, now: datetime, terms: Terms) -> bool:
    """Return True if a case of a person is due to be erased at `now`. A case on hold never is."""
    match account:
        case Account():
            return any(_is_past(term_of(head, terms=terms), now) for head in record.heads)
        case None | Removed():
            # Without an account, the only known time is that of its row.
            return _is_past(record.due, now) and not all(head.held for head in record.heads)
        case Unreadable():
            return False
    assert_never(account)


def locks_at(account: Account, now: datetime, *, terms: Terms) -> datetime | None:
    """Return when the open chat locks unless the person acts before, or None if it is not open."""
    seen = account.door.seen
    return seen + terms.lock if seen is not None and state_of(account, now, terms=terms) in OPEN else None


def next_due(account: Account, record: Record, *, now: datetime, terms: Terms) -> datetime | None:
    """Return the next time at which the bot has to act for this account without an act of the person, or None."""
    if account.notices.is_news_due:
        return now
    door = account.door
    times = [account.admission.until, door.noticed and door.noticed + terms.notice]
    later = [time for time in times if time is not None and time > now]
    if (locks := locks_at(account, now, terms=terms)) is not None:
        later.append(locks)
    for head in record.heads:
        later += [time for time in (head.call.next, head.call.unopened) if time is not None]
        if (term := term_of(head, terms=terms)) is not None:
            later.append(term if head.is_warned else _warned_from(term, head, terms=terms))
    return min(later, default=None)


def come(record: Record, account: Account) -> Record:
    """Return the record after its owner did anything: reminders of calls that stand above the card count as seen."""
    if account.door.is_hidden:
        return record
    for head in record.heads:
        if head.call is not NO_CALL and head.call.is_said:
            seen = replace(head, call=head.call.seen())
            record = replace(record, heads=tuple([seen if each is head else each for each in record.heads]))
    return record


def with_account(record: Record, account: Account, *, at: datetime, terms: Terms) -> Record:
    """Return the record with this account, and with the next time at which it is due. Digits tapped on an earlier card are deleted."""
    if account.pin.taps and account.pin.taps.partition(":")[0] != str(record.card):
        account = account.tapped("")
    return replace(record, access=written(account), due=next_due(account, record, now=at, terms=terms))


def reminders_of(due: datetime) -> tuple[datetime, ...]:
    """Return when a call's reminders are given: when the call is due, a quarter of an hour later, and at nine the next morning."""
    # At any hour, since the person asked for that minute.
    at = due.astimezone(UTC)
    return (at, at + timedelta(minutes=15), morning_of(due.astimezone(LONDON).date() + timedelta(days=1)))


def asked(call: CallReminder, effects: tuple[object, ...]) -> CallReminder:
    """Return the call reminder of a case after a turn in it with these effects."""
    for wish in call_wishes(effects):
        call = call.without_call()
        if isinstance(wish, CallDue):
            due = wish.due.astimezone(UTC)
            call = replace(call, due=due, next=due)
    return call


def reminded(call: CallReminder, now: datetime, *, is_told: bool) -> CallReminder:
    """Return the call reminder once every reminder due by `now` is given, with the time of the next one.

    Of several missed reminders only the latest is shown. If `is_told` is False, none is shown, but they count as given.
    """
    if call.due is None or call.next is None or now < call.next:
        return call
    past = replace(call, next=next((time for time in reminders_of(call.due) if time > now), None))
    return replace(past, is_said=True) if is_told else past.seen()


def due_at(due: datetime, now: datetime) -> str:
    """Return the time `due` in England as text, with its date unless that is the date of `now`."""
    local = due.astimezone(LONDON)
    time = f"{local:%H:%M}"
    return time if local.date() == now.astimezone(LONDON).date() else f"{time} on {local.day} {local:%B}"


def call_wishes(effects: tuple[object, ...]) -> list[CallDue | CallDone]:
    """Return those of the effects that set or end a call reminder."""
    return [effect for effect in effects if isinstance(effect, CallDue | CallDone)]


def expiring(everybody: Iterable[Account], now: datetime, *, within: timedelta | None = SOON) -> tuple[Account, ...]:
    """Return the accounts whose admission ends within `within`, soonest first. With None, return all whose admission is not over."""
    admitted = (account for account in everybody if now < account.admission.until)
    near = (account for account in admitted if within is None or account.admission.until - now <= within)
    return tuple(sorted(near, key=lambda account: (account.admission.until, account.audit_id)))


def run_out(everybody: Iterable[Account], now: datetime) -> tuple[Account, ...]:
    """Return the accounts whose admission is over. Administrators come first, since they can renew the others."""
    over = [account for account in everybody if account.admission.until <= now]
    over.sort(key=lambda item: (item.admission.role not in ADMINISTERING, item.admission.until, item.audit_id))
    return tuple(over)


def if_ending(account: AnyAccount | None, now: datetime) -> Account | None:
    """Return the account if its admission is over or ends within `SOON`, else None. So callers need not keep all accounts in memory."""
    return account if isinstance(account, Account) and account.admission.until - now <= SOON else None


def notices_due(account: Account, now: datetime, *, terms: Terms) -> int:
    """Return how many of `NOTICES` are due by `now`. A notice that would precede the admission itself does not count."""
    spans = [span for span in NOTICES if span < terms.renewal]
    return sum(now >= morning_of((account.admission.until - span).astimezone(LONDON).date()) for span in spans)


def is_to_be_told(account: Account, now: datetime, *, terms: Terms) -> bool:
    """Return True if a notice of the admission's end is due and was not given. After the end, the card says so instead."""
    admission = account.admission
    return now < admission.until and notices_due(account, now, terms=terms) > admission.told_end


def told(account: Account, now: datetime, *, terms: Terms) -> Account:
    """Return the account after the latest notice of its admission's end was given. Earlier notices that were missed count as given."""
    due = notices_due(account, now, terms=terms)
    return replace(account.shown(), admission=replace(account.admission, told_end=due, is_end_said=True))
