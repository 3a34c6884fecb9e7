"""What has been answered of one case, and what that marks on the form. It holds ids and knows no child."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from operator import getitem
from types import MappingProxyType

from seraf.form.circumstances import Facts
from seraf.form.instrument import Instrument, Item, Option
from seraf.form.vocabulary import PRESENT, Age, Meaning


@dataclass(frozen=True, slots=True)
class Responses:
    """Item id to option id, immutable. An item that is not in it has not been answered, which is never zero."""

    pairs: tuple[tuple[str, str], ...] = ()
    by_item: Mapping[str, str] = field(init=False, repr=False, compare=False)
    """The same, to be looked up."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "by_item", dict(self.pairs))

    def get(self, item_id: str) -> str | None:
        """The option id given for the item, or None where it has not been answered."""
        return self.by_item.get(item_id)

    def __contains__(self, item_id: str) -> bool:
        return item_id in self.by_item

    def covers(self, item_ids: frozenset[str]) -> bool:
        """Whether each of these was answered."""
        return item_ids <= self.by_item.keys()

    def give(self, item_id: str, option_id: str) -> "Responses":
        """The same responses with this one given or replaced."""
        return Responses.of({**self.by_item, item_id: option_id})

    def drop(self, item_id: str) -> "Responses":
        """The same responses with this item unanswered again."""
        return Responses(tuple(pair for pair in self.pairs if pair[0] != item_id))

    def __iter__(self) -> Iterator[tuple[str, str]]:
        return iter(self.pairs)

    def __len__(self) -> int:
        return len(self.pairs)

    @classmethod
    def of(cls, mapping: Mapping[str, str]) -> "Responses":
        """Responses from a mapping of item id to option id."""
        # Sorted, so that the same answers are the same value in whatever order they were given: cases
        # are remembered by value.
        return cls(tuple(sorted(mapping.items())))


NOTHING = Responses()
"""No responses."""


@dataclass(frozen=True, slots=True)
class Case:
    """Everything that is known of one case: an age band, responses, and answers to the questions around the items.

    `answers` maps a fact of `vocabulary.ANSWERED_FACTS`, or the id of a pack's own question, to its answer; a fact
    that is not in it has not been asked. `earlier` holds what earlier SERAFs of the same case leave standing, as facts
    of `vocabulary.STANDING`; it is empty where none is looked back on, and changes no number.
    """

    age: Age = Age.NOT_KNOWN
    responses: Responses = NOTHING
    answers: Mapping[str, str] = field(default_factory=dict)
    earlier: Facts = field(default_factory=dict)

    def __post_init__(self) -> None:
        # what is worked out of a case is remembered by it, so that it must stay what it is
        object.__setattr__(self, "answers", MappingProxyType(dict(self.answers)))
        object.__setattr__(self, "earlier", MappingProxyType(dict(self.earlier)))


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


SAYS = ("child", "seen", "colleague", "parent", "agency", "record")
"""Who says so: the child, oneself, a colleague, a parent or carer, another agency, or a record."""

KNOWN = ("today", "week", "month", "earlier", "not-known")
"""Since when the person who asks knows it: the latest first."""


def is_disclosure(instrument: Instrument, item_id: str) -> bool:
    """Whether a child who says so has told of abuse or exploitation."""
    names = {item_id, instrument.item(item_id).section.id}
    return bool(names & (instrument.asking.assault | instrument.manager_discussion.present))


def reason_facts(says: Responses, known: Responses) -> Facts:
    """Who says what is ticked, and since when the first and the last of it is known; nothing of what was skipped."""
    # “Not known” says nothing of when, so it is neither the first nor the last.
    since = sorted((word for _, word in known if word in KNOWN[:-1]), key=KNOWN.index)
    return {
        "says": frozenset(word for _, word in says),
        "first_known": frozenset(since[-1:]),
        "last_known": frozenset(since[:1]),
    }
