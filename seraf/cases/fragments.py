"""Sentences of a pack from which made-up cases are built. It knows what a sentence settles, and builds nothing."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from seraf.form.vocabulary import Age


class Teller(StrEnum):
    """Who tells a part of a case; the parts come in this order."""

    CONCERN = "concern"
    SCHOOL = "school"
    SERVICES = "services"
    CHILD = "child"


class Telling(StrEnum):
    """In what way a sentence settles an item, beside the answer that it gives."""

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

    `ages` are those of whom it may be said; none of them means all. Where an item of `unless` is present, it is not said
    merely to make a case longer, since the two would sound odd together.
    """

    answers: tuple[tuple[str, str], ...]
    telling: Telling
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


@dataclass(frozen=True, slots=True)
class Fragments:
    """Everything that a made-up case is built from. `frames`, `because` and `calls` are named in `seraf.reading.cases.frames`.

    `follows` maps an item to another: where the first is present or not known, both have the same answer.
    """

    title: str
    about: str
    warning: str
    titles: Mapping[Teller, str]
    children: tuple[Child, ...]
    homes: tuple[Home, ...]
    frames: Mapping[str, tuple[str, ...]]
    because: Mapping[str, str]
    calls: Mapping[str, str]
    follows: Mapping[str, str]
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

PLACES = frozenset((*FORMS["they"], "They", "Their", "name", "years", "home"))
"""Every place that a text may have."""


def filled(text: str, places: Mapping[str, str]) -> str:
    """The text with its places filled in."""
    for place, word in places.items():
        text = text.replace(f"{{{place}}}", word)
    return text


def places_of(child: Child, years: int, *, home: str) -> dict[str, str]:
    """What fills the places of every text about a child of that age (years) who lives there."""
    forms = FORMS[child.pronoun]
    begun = {"They": forms["they"].capitalize(), "Their": forms["their"].capitalize()}
    return {**forms, **begun, "name": child.name, "years": str(years), "home": filled(home, forms)}
