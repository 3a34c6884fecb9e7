"""Admissions that are near their end: whose they are, and when each person is told. Pure functions."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta

from bot.access.standing import Access, Standings, Terms
from bot.runtime.clock import LONDON, morning_of
from dialogs.core.role import Role

NOTICES = (timedelta(days=14), timedelta(days=3))
"""How long before the end of an admission its person and the administrators are told, at nine in the morning."""

SOON = NOTICES[0]
"""How long before its end an admission is near it."""


def expiring(everybody: Iterable[Access], now: datetime, *, within: timedelta | None = SOON) -> tuple[Access, ...]:
    """Those who are admitted now and will not be once this time has passed (None: ever); the first to end comes first."""
    admitted = (access for access in everybody if now < access.until)
    near = (access for access in admitted if within is None or access.until - now <= within)
    return tuple(sorted(near, key=lambda access: (access.until, access.who)))


def run_out(everybody: Iterable[Access], now: datetime) -> tuple[Access, ...]:
    """Those whose admission is over and can be renewed, administrators first, since they can renew the others."""
    over = (access for access in everybody if access.until <= now)
    return tuple(sorted(over, key=lambda access: (access.role is not Role.ADMIN, access.until, access.who)))


def if_ending(access: Standings | None, now: datetime) -> Access | None:
    """The standing of somebody whose admission is near its end, or over; None of everybody else, so that nobody keeps it in memory."""
    return access if isinstance(access, Access) and access.until - now <= SOON else None


def notices_due(access: Access, now: datetime, *, terms: Terms) -> int:
    """How many notices should have been given by now. None is, where an admission is never longer than its notice."""
    spans = [span for span in NOTICES if span < terms.renewal]
    return sum(now >= morning_of((access.until - span).astimezone(LONDON).date()) for span in spans)


def is_to_be_told(access: Access, now: datetime, *, terms: Terms) -> bool:
    """Whether a notice is due that was not given. Nobody is told of an end that has come: their card says so."""
    return now < access.until and notices_due(access, now, terms=terms) > access.told_end


def told(access: Access, now: datetime, *, terms: Terms) -> Access:
    """The standing of somebody who is told now: the latest notice alone, however many were missed."""
    return replace(access, told_end=notices_due(access, now, terms=terms), is_end_said=True, is_hidden=False)
