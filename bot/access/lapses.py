"""What time does to a chat and to what is kept: when the next thing is due, and what is due now. Pure, but for the store."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import assert_never

from bot.access.call_reminders import reminded, without_call
from bot.access.standing import Access, Removed, Standings, Terms, Unreadable, is_idle, standing_of
from bot.storage.values import Record
from bot.trail.audit import What
from dialogs.locked import Standing
from state_machines.assessment import Phase

EXPIRED = "expired"
"""The news that a case was erased, since its time was over."""

OPEN = frozenset({Standing.OPEN, Standing.NO_CASES})
"""Standings that an idle chat is locked out of."""


@dataclass(frozen=True, slots=True)
class Lapse:
    """What came of the time that passed: the standing, whether the case is to be erased, whether the person is to be told
    in a new message, and what the audit is told.
    """

    access: Access
    is_over: bool = False
    is_news: bool = False
    what: tuple[What, ...] = ()


def lapse(access: Access, record: Record, *, now: datetime, terms: Terms) -> Lapse:
    """What is due now. It always moves on: what was done once is not due again."""
    what: tuple[What, ...] = ()
    if (
        not access.is_locked
        and is_idle(access, now, terms=terms)
        and standing_of(access, now, terms=terms) is Standing.LOCKED
    ):
        access = locked(access, record)
        what = (What.LOCKED,)
    term = term_of(access, record, terms=terms)
    if term is not None and now >= term:
        news = access.news if access.is_news_due else EXPIRED
        gone = replace(without_call(access), is_hidden=True, is_warned=False, finished=None, news=news, over=None)
        return Lapse(gone, is_over=True, what=(*what, What.ERASED_BY_TIME))
    is_news = access.is_news_due
    if is_news:
        access = replace(access, is_news_due=False, is_hidden=False)
        what = (*what, What.BREAK_GLASS_TOLD) if access.news == What.BREAK_GLASS else what
    is_told = standing_of(access, now, terms=terms) is not Standing.LAPSED
    was, access = access, reminded(access, now, is_told=is_told)
    if term is not None and now >= _warned_from(term, access, terms=terms) and not access.is_warned:
        return Lapse(replace(access, is_warned=True, is_hidden=False), is_news=True, what=what)
    return Lapse(access, is_news=is_news or (is_told and access != was), what=what)


def locked(access: Access, record: Record) -> Access:
    """The standing once the chat is locked. A chat that was left empty stays empty."""
    is_empty = access.is_hidden or record.phase == Phase.ERASED
    return replace(access, is_locked=True, over=None, is_hidden=is_empty, desk="")


def term_of(access: Access, record: Record, *, terms: Terms) -> datetime | None:
    """When the case that is kept is to be erased; None where there is none, or it is held."""
    if record.case is None or access.held:
        return None
    if access.finished is not None:
        # From the first result on: to look at it again does not make it stay longer.
        return access.finished + terms.finished
    # By what was last done while the chat was open: what is pressed in a closed one keeps no case.
    return (access.seen or record.active or access.until) + terms.unfinished


def _warned_from(term: datetime, access: Access, *, terms: Terms) -> datetime:
    """When a person is warned of a term. Where the whole time is no longer than the warning, half of it has to pass first."""
    kept = terms.unfinished if access.finished is None else terms.finished
    return term - (terms.warning if kept > terms.warning else kept / 2)


def is_over(access: Standings | None, record: Record, *, now: datetime, terms: Terms) -> bool:
    """Whether the term of the case that is kept is over. What is held has none."""
    match access:
        case Access():
            term = term_of(access, record, terms=terms)
        case None | Removed(held=""):
            # Without a standing nothing says since when it lies there: the time that its row was given is all there is.
            term = record.due if record.case is not None else None
        case Removed() | Unreadable():
            term = None
        case _:
            assert_never(access)
    return term is not None and now >= term


def next_due(access: Access, record: Record, *, now: datetime, terms: Terms) -> datetime | None:
    """When something is to happen next without the person; None where nothing is."""
    if access.is_news_due:
        return now
    times = [access.until, access.noticed and access.noticed + terms.notice]
    later = [each for each in times if each is not None and each > now]
    if access.seen is not None and standing_of(access, now, terms=terms) in OPEN:
        later.append(access.seen + terms.lock)
    if access.call_next is not None:
        later.append(access.call_next)
    term = term_of(access, record, terms=terms)
    if term is not None:
        later.append(term if access.is_warned else _warned_from(term, access, terms=terms))
    return min(later, default=None)
