"""The responses of a case, and which items they mark as present or unknown. They are ids and identify no child."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from operator import getitem
from types import MappingProxyType

from seraf.form.circumstances import Facts
from seraf.form.instrument import Instrument, Item, Option
from seraf.form.second_view import SecondView
from seraf.form.vocabulary import PRESENT, Age, Meaning


@dataclass(frozen=True, slots=True)
class Responses:
    """An immutable mapping of item ids to option ids. An item that is missing is unanswered, which is never zero."""

    pairs: tuple[tuple[str, str], ...] = ()
    by_item: Mapping[str, str] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "by_item", dict(self.pairs))

    def get(self, item_id: str) -> str | None:
        """Return the id of the option given for the item, or None if the item is unanswered."""
        return self.by_item.get(item_id)

    def __contains__(self, item_id: str) -> bool:
        return item_id in self.by_item

    def covers(self, item_ids: frozenset[str]) -> bool:
        """Return True if all of these items were answered."""
        return item_ids <= self.by_item.keys()

    def give(self, item_id: str, option_id: str) -> "Responses":
        """Return the responses with this one, which replaces an earlier response to the item."""
        return Responses.of({**self.by_item, item_id: option_id})

    def drop(self, item_id: str) -> "Responses":
        """Return the responses without the response to this item."""
        return Responses(tuple(pair for pair in self.pairs if pair[0] != item_id))

    def __iter__(self) -> Iterator[tuple[str, str]]:
        return iter(self.pairs)

    def __len__(self) -> int:
        return len(self.pairs)

    @classmethod
    def of(cls, mapping: Mapping[str, str]) -> "Responses":
        """Return the responses in a mapping of item ids to option ids."""
        # Sorted, so that the order of answering makes no difference: cases are remembered by value.
        return cls(tuple(sorted(mapping.items())))


NOTHING = Responses()


@dataclass(frozen=True, slots=True)
class Case:
    """Everything known about a case: the age band, the responses to items, and the answers to all other questions.

    `answers` maps a fact of `vocabulary.ANSWERED_FACTS`, or the id of a pack's own question, to its answer; a fact that
    is missing was not asked. `earlier` has the facts `EARLIER_CATEGORY` and `STILL_COUNTS`, which say what still
    applies from earlier SERAFs of this case; it is empty if there are none, and affects no points. Neither do `views`,
    how others see the case, and `floor`, the urgency below which what leads never falls (one of `HEIGHTS`, or empty).
    """

    age: Age = Age.NOT_KNOWN
    responses: Responses = NOTHING
    answers: Mapping[str, str] = field(default_factory=dict)
    earlier: Facts = field(default_factory=dict)
    views: tuple[SecondView, ...] = ()
    floor: str = ""

    def __post_init__(self) -> None:
        # Results are remembered by case, so that a case must never change.
        object.__setattr__(self, "answers", MappingProxyType(dict(self.answers)))
        object.__setattr__(self, "earlier", MappingProxyType(dict(self.earlier)))


def option_given(item: Item, responses: Responses) -> Option | None:
    """Return the option given for the item. An unanswered item and one that is not known both give None."""
    given = responses.get(item.id)
    option = item.option(given) if given is not None else None
    return option if option is not None and option.is_known else None


@dataclass(frozen=True, slots=True)
class Marks:
    """What the responses alone say: each item with its option, the ticked items, and the unknown items.

    `present`, `current`, `earlier` (before the current look-back window) and `not_known` are ids of items and sections.
    """

    given: tuple[tuple[Item, Option | None], ...]
    ticked: tuple[Item, ...]
    unknown: tuple[Item, ...]
    present: frozenset[str]
    current: frozenset[str]
    earlier: frozenset[str]
    not_known: frozenset[str]


def marks(instrument: Instrument, responses: Responses) -> Marks:
    """Return what these responses say about each item of the instrument."""
    options = map(getitem, instrument.known, map(responses.by_item.get, instrument.order))
    given = tuple(zip(instrument.items, options, strict=True))
    ticked, unknown = list[Item](), list[Item]()
    present, current, earlier, not_known = set[str](), set[str](), set[str](), set[str]()
    for item, option in given:
        names = (item.id, item.section.id)  # conditions name an item or its whole section
        if option is None:
            unknown.append(item)
            not_known.update(names)
        elif option.means in PRESENT:
            ticked.append(item)
            present.update(names)
            (current if option.means is Meaning.CURRENT else earlier).update(names)
    named = (frozenset(present), frozenset(current), frozenset(earlier), frozenset(not_known))
    return Marks(given, tuple(ticked), tuple(unknown), *named)


SAYS = ("child", "seen", "colleague", "parent", "agency", "record")
"""Who reported something: the child, the professional, a colleague, a parent or carer, another agency, or a record."""

KNOWN = ("today", "week", "month", "earlier", "not-known")
"""How long the professional has known about an item, the shortest time first."""


def is_disclosure(instrument: Instrument, item_id: str) -> bool:
    """Return True if a child who says that this item applies has disclosed abuse or exploitation."""
    names = {item_id, instrument.item(item_id).section.id}
    return bool(names & (instrument.asking.assault | instrument.manager_discussion.present))


def reason_facts(says: Responses, known: Responses) -> Facts:
    """Return facts about the reasons for ticks: who reported them, and the longest and shortest time known."""
    # “Not known” gives no time, so it is neither the first nor the last.
    since = sorted((word for _, word in known if word in KNOWN[:-1]), key=KNOWN.index)
    return {
        "says": frozenset(word for _, word in says),
        "first_known": frozenset(since[-1:]),
        "last_known": frozenset(since[:1]),
    }
