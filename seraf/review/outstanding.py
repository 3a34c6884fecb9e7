"""What earlier SERAFs leave standing at a review: how serious one was, and what was said that time alone cannot have ended."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from seraf.form.conditions import Facts
from seraf.form.evidence import named_items, response_of, shown, ticked
from seraf.form.instrument import Instrument, Item
from seraf.form.remembered import remembered
from seraf.form.responses import NOTHING, Case
from seraf.form.vocabulary import EARLIER_CATEGORY, LASTING, NOT_KNOWN, STILL_COUNTS
from seraf.review.carried import Carried
from seraf.review.comparison import is_asked, still_counts
from seraf.score.scoring import band_of, total_of

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


def outstanding(past: Iterable[Past], now: Carried, *, instrument: Instrument) -> Outstanding:
    """What these SERAFs leave standing next to today's, which was made with this instrument."""
    return _outstanding(tuple(past), now, instrument)


@remembered(tuple, Carried)
def _outstanding(every: tuple[Past, ...], now: Carried, instrument: Instrument) -> Outstanding:
    read = tuple((carried, made_with) for carried, made_with in every if made_with is not None)
    weighed = [(_category(carried.case(), made_with), carried) for carried, made_with in read]
    category = max((found for found, _ in weighed), default=0)
    counting = {
        item.id for carried, made_with in read for item in _counting(carried, made_with, now=now, instrument=instrument)
    }
    # Of every code, those with an unknown list too: these facts belong to the format, so they
    # are read without the list.
    told = {fact for carried, _ in every for fact in _lasting(carried, now)}
    return Outstanding(
        category=category,
        # They come oldest first: from the end, it is the latest of those that were as grave.
        gravest=next((carried for found, carried in reversed(weighed) if found == category), None),
        unread=tuple(carried for carried, made_with in every if made_with is None),
        items=tuple(item for item in instrument.items if item.id in counting),
        facts=tuple(fact for fact in LASTING if fact in told),
    )


def _counting(then: Carried, made_with: Instrument, *, now: Carried, instrument: Instrument) -> Iterator[Item]:
    months = (now.year - then.year) * 12 + now.month - then.month
    before, there = then.case(), {item.id for item in ticked(instrument, now.case())}
    for item in ticked(made_with, before):
        # Neither “not known” nor a No takes away today what time cannot have ended (ADR 0038).
        if item.id in there or not is_asked(item, instrument):
            continue
        today = instrument.item(item.id)
        if still_counts(response_of(item, before), today.section.windows, months=months):
            yield today


def _category(case: Case, made_with: Instrument) -> int:
    return band_of(made_with, total_of(made_with, case, certain=shown(made_with, case))).category


def _lasting(then: Carried, now: Carried) -> Iterator[str]:
    before, after = then.facts or NOTHING, now.facts or NOTHING
    # Only a Yes ends it, since then today's own answer leads: a No at the review cannot unsay what a child told.
    return (fact for fact in LASTING if before.get(fact) == "yes" and after.get(fact) != "yes")
