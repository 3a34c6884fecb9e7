"""What the responses mark on the form: each item with its option, and which items are ticked or not known."""

from collections.abc import Sequence
from dataclasses import dataclass
from operator import getitem

from seraf.form.instrument import Instrument, Item, Option
from seraf.form.responses import Responses
from seraf.form.vocabulary import PRESENT, Meaning


def option_given(item: Item, responses: Responses) -> Option | None:
    """Return the option given for the item, or None where it is unanswered or not known: the two count the same."""
    given = responses.get(item.id)
    option = item.option(given) if given is not None else None
    return option if option is not None and option.is_known else None


@dataclass(frozen=True, slots=True)
class Marks:
    """What hangs on the responses alone: each item with its option, and which are ticked or not known, in the order of the form.

    `present`, `current`, `earlier` (not within the current window) and `not_known` are the same as conditions name them.
    """

    given: tuple[tuple[Item, Option | None], ...]
    ticked: tuple[Item, ...]
    unknown: tuple[Item, ...]
    present: frozenset[str]
    current: frozenset[str]
    earlier: frozenset[str]
    not_known: frozenset[str]


def marks(instrument: Instrument, responses: Responses) -> Marks:
    """Return what these responses mark on the form."""
    options = map(getitem, instrument.known, map(responses.by_item.get, instrument.order))
    given = tuple(zip(instrument.items, options, strict=True))
    there = [(item, option.means) for item, option in given if option and option.means in PRESENT]
    ticked = tuple([item for item, _ in there])
    unknown = tuple([item for item, option in given if option is None])
    current = [item for item, means in there if means is Meaning.CURRENT]
    earlier = [item for item, means in there if means is Meaning.EARLIER]
    named = [named_items(items) for items in (ticked, current, earlier, unknown)]
    return Marks(given, ticked, unknown, *named)


def named_items(items: Sequence[Item]) -> frozenset[str]:
    """Return the ids of the items and of their sections, as conditions name them."""
    return frozenset([each for item in items for each in (item.id, item.section.id)])
