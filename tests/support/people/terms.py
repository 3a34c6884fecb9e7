"""Cases whose retention period begins or ends near a clock change, with independently computed times."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from random import Random

from bot.access.account import Terms
from bot.access.due import with_account
from bot.storage.values import Decide, Decision, Record
from dialogs.core.codec import encode
from dialogs.core.role import Role
from dialogs.core.session import Session
from tests.fakes.telegram import FakeClock
from tests.support.people.households import Household, in_the_middle, standing_at, with_case

CHANGES = (datetime(2026, 3, 29, 1, tzinfo=UTC), datetime(2026, 10, 25, 1, tzinfo=UTC))
"""When clocks in the United Kingdom go forward and back."""

SECOND, MICROSECOND, TWO_DAYS = timedelta(seconds=1), timedelta(microseconds=1), timedelta(days=2)
KINDS = ("unfinished", "unfinished", "finished", "finished", "held")


@dataclass(frozen=True, slots=True)
class Kept:
    """A person's case: the start and days of its retention period, and its kind: unfinished, finished or held."""

    person: str
    kind: str
    since: datetime
    days: int
    session: Session

    @property
    def cut(self) -> datetime:
        """The time at which the case must be erased."""
        return self.since + timedelta(days=self.days)

    @property
    def warned(self) -> datetime:
        """The time of the warning: two days before the erasure, or halfway through a shorter period."""
        return self.cut - TWO_DAYS if self.days > 2 else self.since + timedelta(days=self.days) / 2

    @property
    def text(self) -> str:
        return encode(replace(self.session, card=0))

    def is_there(self, now: datetime) -> bool:
        """Return True if the case must exist at this time."""
        return now >= self.since and (self.kind == "held" or now < self.cut)

    def is_announced(self, now: datetime) -> bool:
        """Return True if the case must exist at this time, and its person must have been warned."""
        return self.kind != "held" and self.warned <= now < self.cut

    def edges(self) -> Iterator[datetime]:
        """Yield the times of warning and erasure, and a second and a microsecond before and after each."""
        for moment in (self.warned, self.cut):
            yield from (moment + by for by in (-SECOND, -MICROSECOND, timedelta(0), MICROSECOND, SECOND))

    def begun(self, house: Household) -> Decide:
        """Create it in a household: admitted, open, with the case and its due time."""
        who = standing_at(FakeClock(self.since), Role.PRACTITIONER, self.person[-8:].rjust(8, "0"))
        finished = self.since if self.kind == "finished" else None

        def decide(record: Record, _: object = None) -> Decision:
            after = with_case(replace(record, active=self.since), self.session)
            assert after.head is not None
            head = replace(after.head, finished=finished, held=self.kind == "held")
            return Decision(with_account(replace(after, heads=(head,)), who, at=self.since, terms=house.terms), ())

        return decide


def terms_by_lot(draw: Random) -> Terms:
    """Return random retention periods of 1 to 400 days. Short ones are as likely as long ones."""
    unfinished, finished = (timedelta(days=draw.choice((draw.randint(1, 9), draw.randint(1, 400)))) for _ in range(2))
    return Terms(unfinished=unfinished, finished=finished)


def cases(draw: Random, terms: Terms, *, people: int) -> list[Kept]:
    """Return cases of this many people whose retention period begins or ends within two days of a clock change."""
    found = []
    for number in range(people):
        kind, change = draw.choice(KINDS), draw.choice(CHANGES)
        days = (terms.finished if kind == "finished" else terms.unfinished).days
        near = change + timedelta(microseconds=draw.randrange(-2 * 86_400_000_000, 2 * 86_400_000_000))
        since = near if draw.random() < 0.5 else near - timedelta(days=days)
        session = in_the_middle(draw, card=draw.randint(1, 50), reference=f"ALDER OTTER {number + 10}")
        found.append(Kept(f"telegram:{number + 1}", kind, since, days, session))
    return found


def moments(kept: list[Kept]) -> list[datetime]:
    """Return, in order, every moment at which a case begins, and the moments around its warning and erasure."""
    return sorted({moment for each in kept for moment in (each.since, *each.edges()) if moment >= each.since})
