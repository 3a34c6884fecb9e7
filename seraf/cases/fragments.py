"""The sentences of a pack from which practice cases are generated, and the answers to items that each settles."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

from seraf.form.circumstances import Condition
from seraf.form.vocabulary import Age


class Teller(StrEnum):
    """The narrator of a part of a case. The parts are in this order."""

    CONCERN = "concern"
    SCHOOL = "school"
    SERVICES = "services"
    CHILD = "child"


class Telling(StrEnum):
    """The way in which a sentence settles an item."""

    PLAIN = "plain"  # a plain statement that the item applies, does not apply, or was not looked into
    SUSPECTED = "suspected"  # somebody suspects it and cannot prove it
    OUTSIDE = "outside"  # it applied just before the section's window
    FAMILY = "family"  # somebody in the family did it, so that it counts only among the vulnerabilities


@dataclass(frozen=True, slots=True)
class Phrasing:
    """One wording of a statement: its narrator, and its sentence with placeholders."""

    teller: Teller
    text: str


@dataclass(frozen=True, slots=True)
class Said:
    """A statement about an item: the answers that it settles, that of the item itself first, and its wordings.

    `because` is the reason for the agreed answer, in the words of the case. `ages` are the ages it fits; empty means
    all. The statement is not used to lengthen a case in which an item in `unless` is present: they do not fit together.
    """

    answers: tuple[tuple[str, str], ...]
    telling: Telling
    because: str
    ages: tuple[Age, ...]
    unless: frozenset[str]
    lines: tuple[Phrasing, ...]

    @property
    def item(self) -> str:
        """The id of the item that the statement is about."""
        return self.answers[0][0]

    @property
    def answer(self) -> str:
        """The id of the option that the statement gives to its item."""
        return self.answers[0][1]

    @property
    def settles(self) -> frozenset[str]:
        """The ids of all items that the statement settles."""
        return frozenset(item for item, _ in self.answers)

    def is_of(self, age: Age) -> bool:
        """Return True if the statement may be used in a case about a child of that age band."""
        return not self.ages or age in self.ages


@dataclass(frozen=True, slots=True)
class Child:
    """A first name, and its pronoun: `he`, `she` or `they`."""

    name: str
    pronoun: str


@dataclass(frozen=True, slots=True)
class Home:
    """Where the child lives, the items that must be present for it, and whether a child there has a social worker."""

    text: str
    needs: frozenset[str]
    has_worker: bool


CALM = ("no", "no")
"""The answers to `danger` and `told_or_seen` of a child who is not in danger and has disclosed nothing."""


@dataclass(frozen=True, slots=True)
class Today:
    """A possible situation of the child today, with its wordings and its answers on danger and on disclosure."""

    danger: str
    told_or_seen: str
    texts: tuple[str, ...]
    because: str
    conditions: tuple[Condition, ...]

    @property
    def is_calm(self) -> bool:
        """True if the child is not in danger, has told nobody of harm, and nobody has seen any."""
        return self.answers == CALM

    @property
    def answers(self) -> tuple[str, str]:
        """The answers to `danger` and `told_or_seen`."""
        return self.danger, self.told_or_seen


@dataclass(frozen=True, slots=True)
class KeyRule:
    """A rule for the agreed answer to an item or question (`place`) that no statement settles.

    The first rule that applies is used. If experts could differ, `other` is a second accepted answer with its reason.
    """

    place: str
    answer: str
    because: str
    other: str
    other_because: str
    conditions: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class CaseHeadings:
    """The title of a made-up case, a sentence about it, the warning that it is made up, and the title of each part."""

    title: str
    about: str
    warning: str
    titles: Mapping[Teller, str]


@dataclass(frozen=True)
class Fragments:
    """The parts from which a made-up case is built. `seraf.reading.cases.frames` lists the keys of its mappings.

    `times` has wordings of each of `TIMES`. `follows` maps an item to another one: if the first is present or not
    known, both get the same answer. `keyed` has the rules for answers that no statement settles, mainly that for the
    judgement.
    """

    headings: CaseHeadings
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

    @cached_property
    def _plain(self) -> Mapping[tuple[str, str], Said]:
        return {
            (statement.item, statement.answer): statement
            for statement in self.said
            if statement.telling is Telling.PLAIN
        }

    def plain(self, item: str, answer: str) -> Said | None:
        """Return the statement that plainly gives this answer to the item, or None."""
        return self._plain.get((item, answer))

    def told(self, telling: Telling) -> tuple[Said, ...]:
        """Return every statement that settles its item in this way, in pack order."""
        return tuple(statement for statement in self.said if statement.telling is telling)


FORMS: dict[str, dict[str, str]] = {
    pronoun: dict(zip(("they", "them", "their", "themself", "are", "were", "have"), forms.split(), strict=True))
    for pronoun, forms in {
        "he": "he him his himself is was has",
        "she": "she her her herself is was has",
        "they": "they them their themself are were have",
    }.items()
}
"""For each pronoun, the word that replaces each placeholder. Capitalised words are derived from these."""

TIMES = ("soon", "earlier", "long")
"""Placeholders for periods: within six months, six to twelve months ago, over a year ago. Each may be capitalised."""

PLACES = frozenset((*FORMS["they"], "They", "Their", "name", "years", "home"))
"""The placeholders that any text about a child may contain."""

DATED = PLACES | {*TIMES, *(time.capitalize() for time in TIMES)}
"""The placeholders that a text may contain if it mentions periods."""


def filled(text: str, places: Mapping[str, str]) -> str:
    """Return the text with its placeholders filled. Raise `KeyError` if a placeholder has no value."""
    return text.format_map(places)


def places_of(child: Child, years: int, *, home: str) -> dict[str, str]:
    """Return the values of the placeholders for a child of that age (years) who lives in `home`."""
    forms = FORMS[child.pronoun]
    begun = {"They": forms["they"].capitalize(), "Their": forms["their"].capitalize()}
    return {**forms, **begun, "name": child.name, "years": str(years), "home": filled(home, forms)}


def times_of(words: Mapping[str, str]) -> dict[str, str]:
    """Return the values of the placeholders for periods, given one wording of each of `TIMES`."""
    return {**words, **{time.capitalize(): f"{word[:1].upper()}{word[1:]}" for time, word in words.items()}}
