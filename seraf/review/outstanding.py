"""What earlier SERAFs leave standing at a review: how serious one was, and what was said that time alone cannot have ended."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from seraf.case_view import CaseView
from seraf.form.conditions import Facts
from seraf.form.evidence import named_items, option_given
from seraf.form.instrument import Instrument, Item
from seraf.form.responses import Case, Responses
from seraf.form.vocabulary import EARLIER_CATEGORY, LASTING, NOT_KNOWN, STILL_COUNTS
from seraf.review.carried import Carried
from seraf.review.comparison import is_asked, still_counts
from seraf.score.scoring import band_of

Past = tuple[Carried, Instrument | None]
"""An earlier SERAF and the instrument it was made with, None where that is not known any more."""


@dataclass(frozen=True, slots=True)
class Outstanding:
    """What stands at a review.

    `category` (1 to 4) is the highest that an earlier SERAF came to, 0 where that is not known of any; `gravest` is the
    latest of those that came to it, and `unread` those whose list is not known any more. `items` are of the list of today, in
    its order: there then, not said to be there now, and still within their window. `facts` are words of `vocabulary.LASTING`.
    """

    category: int
    gravest: Carried | None
    unread: tuple[Carried, ...]
    items: tuple[Item, ...]
    facts: tuple[str, ...]

    def as_facts(self) -> Facts:
        """The same as facts that the rules of a pack are judged on."""
        words = {str(self.category)} if self.category else set()
        return {
            # A code that cannot be read may have been of Category 4: it is also said to be not known
            # the highest that was read.
            EARLIER_CATEGORY: frozenset(words | ({NOT_KNOWN} if self.unread else set())),
            STILL_COUNTS: named_items(self.items) | frozenset(self.facts),
        }


def outstanding(past: Iterable[Past], now: Case, *, day: date, instrument: Instrument) -> Outstanding:
    """What these SERAFs leave standing next to today's, which was made on this day with this instrument."""
    every = tuple(past)
    read = [(carried, carried.case(), made_with) for carried, made_with in every if made_with is not None]
    weighed = [(_category(case, made_with), carried) for carried, case, made_with in read]
    category = max((found for found, _ in weighed), default=0)
    counting = {
        item.id
        for carried, case, made_with in read
        for item in _counting(case, made_with, today=now.responses, instrument=instrument, months=_months(carried, day))
    }
    # Of every code, those with an unknown list too: these facts belong to the format, so they
    # are read without the list.
    told = {fact for carried, _ in every for fact in _lasting(carried, now.answers)}
    return Outstanding(
        category=category,
        # They come oldest first: from the end, it is the latest of those that were as grave.
        gravest=next((carried for found, carried in reversed(weighed) if found == category), None),
        unread=tuple(carried for carried, made_with in every if made_with is None),
        items=tuple(item for item in instrument.items if item.id in counting),
        facts=tuple(fact for fact in LASTING if fact in told),
    )


def _counting(
    before: Case, made_with: Instrument, *, today: Responses, instrument: Instrument, months: int
) -> Iterator[Item]:
    for item in CaseView(made_with, before).marks.ticked:
        if not is_asked(item, instrument):
            continue
        asked = instrument.item(item.id)
        said = option_given(asked, today)
        # Neither “not known” nor a No takes away today what time cannot have ended (ADR 0038).
        is_there = said is not None and said.is_present
        if not is_there and still_counts(option_given(item, before.responses), asked.section.windows, months=months):
            yield asked


def _months(then: Carried, day: date) -> int:
    """How many months lie between the two."""
    return (day.year - then.year) * 12 + day.month - then.month


def _category(case: Case, made_with: Instrument) -> int:
    return band_of(made_with, CaseView(made_with, case).total).category


def _lasting(then: Carried, answers: Mapping[str, str]) -> Iterator[str]:
    # Only a Yes ends it, since then today's own answer leads: a No at the review cannot unsay what a child told.
    return (fact for fact in LASTING if then.facts.get(fact) == "yes" and answers.get(fact) != "yes")
