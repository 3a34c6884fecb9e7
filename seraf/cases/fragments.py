"""Sentences of a pack from which made-up cases are built. It knows what a sentence settles, and builds nothing."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from seraf.form.circumstances import Condition
from seraf.form.vocabulary import Age


class Teller(StrEnum):
    """Who tells a part of a case; the parts come in this order."""

    CONCERN = "concern"
    SCHOOL = "school"
    SERVICES = "services"
    CHILD = "child"


class Telling(StrEnum):
    """In what way a sentence settles an item, apart from the answer that it gives."""

    PLAIN = "plain"
    """It says so, or says that it is not so, or that nobody has looked."""
    SUSPECTED = "suspected"
    """Somebody suspects it, and nobody can prove it."""
    OUTSIDE = "outside"
    """It was so just before the window that the section looks back on."""
    FAMILY = "family"
    """Somebody in the family did it, so that it counts among the vulnerabilities alone."""


@dataclass(frozen=True, slots=True)
class Phrasing:
    """One way of saying it: who says it, and the sentence with its places."""

    teller: Teller
    text: str


@dataclass(frozen=True, slots=True)
class Said:
    """What may be said of an item: the answers that it settles, the item's own first, and the lines that say so.

    `because` says in the words of the case why the answer is the agreed one. `ages` are those of whom it may be said; none
    of them means all. Where an item of `unless` is present, it is not said merely to make a case longer, since the two
    would sound odd together.
    """

    answers: tuple[tuple[str, str], ...]
    telling: Telling
    because: str
    ages: tuple[Age, ...]
    unless: frozenset[str]
    lines: tuple[Phrasing, ...]

    @property
    def item(self) -> str:
        """The item that it is about."""
        return self.answers[0][0]

    @property
    def answer(self) -> str:
        """The id of the option that the item gets."""
        return self.answers[0][1]

    @property
    def settles(self) -> frozenset[str]:
        """Every item that it settles."""
        return frozenset(item for item, _ in self.answers)

    def is_of(self, age: Age) -> bool:
        """Whether it may be said of a child of that age."""
        return not self.ages or age in self.ages


@dataclass(frozen=True, slots=True)
class Child:
    """A first name and the pronoun that goes with it: `he`, `she` or `they`."""

    name: str
    pronoun: str


@dataclass(frozen=True, slots=True)
class Home:
    """Where the child lives, the items that have to be present for that, and whether it means an allocated social worker."""

    text: str
    needs: frozenset[str]
    has_worker: bool


CALM = ("no", "no")
"""Neither danger, nor anything told or seen."""


@dataclass(frozen=True, slots=True)
class Today:
    """Where the child is now and what was told or seen, in several ways, with the answers that this gives to both questions."""

    danger: str
    told_or_seen: str
    texts: tuple[str, ...]
    because: str
    conditions: tuple[Condition, ...]

    @property
    def is_calm(self) -> bool:
        """Whether the child is in no danger, and nothing was told or seen."""
        return self.answers == CALM

    @property
    def answers(self) -> tuple[str, str]:
        """To whether the child is in danger, and to whether something was told or seen."""
        return self.danger, self.told_or_seen


@dataclass(frozen=True, slots=True)
class KeyRule:
    """How the key answers a place of which no sentence speaks, where any of the conditions holds; of a place the first is taken.

    Where experts could differ, `other` is the second reading, with its own reason.
    """

    place: str
    answer: str
    because: str
    other: str
    other_because: str
    conditions: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class Fragments:
    """Everything that a made-up case is built from. `frames`, `because` and `calls` are named in `seraf.reading.cases.frames`.

    `times` has the words for each of `TIMES`. `follows` maps an item to another: where the first is present or not known,
    both have the same answer. `keyed` is how the key reads what is not said outright, the judgement above all.
    """

    title: str
    about: str
    warning: str
    titles: Mapping[Teller, str]
    children: tuple[Child, ...]
    homes: tuple[Home, ...]
    times: Mapping[str, tuple[str, ...]]
    frames: Mapping[str, tuple[str, ...]]
    because: Mapping[str, tuple[str, ...]]
    calls: Mapping[str, tuple[str, ...]]
    follows: Mapping[str, str]
    today: tuple[Today, ...]
    keyed: tuple[KeyRule, ...]
    said: tuple[Said, ...]
    _plain: Mapping[tuple[str, str], Said] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        plain = {(each.item, each.answer): each for each in self.said if each.telling is Telling.PLAIN}
        object.__setattr__(self, "_plain", plain)

    def plain(self, item: str, answer: str) -> Said | None:
        """What says this answer of the item plainly, or None where nothing does."""
        return self._plain.get((item, answer))

    def told(self, telling: Telling) -> tuple[Said, ...]:
        """Everything that is told in that way, in the order of the pack."""
        return tuple(each for each in self.said if each.telling is telling)


FORMS: dict[str, dict[str, str]] = {
    "he": {
        "they": "he",
        "them": "him",
        "their": "his",
        "themself": "himself",
        "are": "is",
        "were": "was",
        "have": "has",
    },
    "she": {
        "they": "she",
        "them": "her",
        "their": "her",
        "themself": "herself",
        "are": "is",
        "were": "was",
        "have": "has",
    },
    "they": {each: each for each in ("they", "them", "their", "themself", "are", "were", "have")},
}
"""What stands in the places of a text, by pronoun; those for the beginning of a sentence are made from them."""

TIMES = ("soon", "earlier", "long")
"""When something was: within six months, six to twelve months ago, more than a year ago. Each has a form for a beginning."""

PLACES = frozenset((*FORMS["they"], "They", "Their", "name", "years", "home"))
"""Every place that a text about a child may have."""

DATED = PLACES | {*TIMES, *(each.capitalize() for each in TIMES)}
"""Every place of a text that may also say when."""


def filled(text: str, places: Mapping[str, str]) -> str:
    """The text with its places filled in. A place that has nothing to be filled with is a `KeyError`."""
    return text.format_map(places)


def places_of(child: Child, years: int, *, home: str) -> dict[str, str]:
    """What fills the places of every text about a child of that age (years) who lives there."""
    forms = FORMS[child.pronoun]
    begun = {"They": forms["they"].capitalize(), "Their": forms["their"].capitalize()}
    return {**forms, **begun, "name": child.name, "years": str(years), "home": filled(home, forms)}


def times_of(words: Mapping[str, str]) -> dict[str, str]:
    """What fills the places that say when, from one way of saying each of `TIMES`."""
    return {**words, **{each.capitalize(): f"{word[:1].upper()}{word[1:]}" for each, word in words.items()}}
