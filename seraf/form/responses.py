"""What has been answered of one case. It holds ids and knows no child."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from seraf.form.conditions import Facts
from seraf.form.vocabulary import Age


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
