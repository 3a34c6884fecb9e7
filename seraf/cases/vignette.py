"""A vignette: a made-up case with an agreed key, and how it is written down."""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from itertools import groupby

from seraf.form.responses import Case, Responses
from seraf.form.vocabulary import Age


class Rule(StrEnum):
    """A rule of the form that people miss, and can practise."""

    BOTH_COLUMNS = "both-columns"
    """Both windows of one significant indicator are six points, not five (“Significant risk indicators”)."""
    FAMILY = "family"
    """Exploitation within the family is not scored among the significant ones (“Significant risk indicators”)."""
    UNDER_13 = "under-13"
    """Under 13 with a significant indicator adds five points, once."""
    LOOK_BACK = "look-back"
    """What counts has to lie in the window that the section looks back on."""
    SUSPICION = "suspicion"
    """The standard is reasoned suspicion, not proof."""
    NOT_KNOWN = "not-known"
    """What nobody has looked into is not known, which is never no."""
    DISCUSSION = "discussion"
    """Any significant indicator with Category 1 or 2 asks for the manager's talk (“Responding to the SERAF”)."""
    OTHER_HARM = "other-harm"
    """Harm of another kind is a reason to call whatever the total."""
    JUDGEMENT = "judgement"
    """High concern at a low number: the judgement leads."""
    TOLD_OR_SEEN = "told-or-seen"
    """What a child told, or somebody saw, comes before any number."""


class Theme(StrEnum):
    """What a vignette is about, so that somebody can pick one, and a test can prove that there is enough variety."""

    BOY = "boy"
    GIRL = "girl"
    HOME = "home"
    """The child lives with family."""
    IN_CARE = "in-care"
    CARE_LEAVER = "care-leaver"
    SCHOOL = "school"
    """School, college or training is where it is noticed, or where it happens."""
    ONLINE_ONLY = "online-only"
    """Nobody has met anybody: all of it is online."""
    DISABLED = "disabled"
    MINORITY = "minority"
    """The child is of an ethnic minority, and it is told as a part of who they are, as it is of other children."""
    ASYLUM = "asylum"
    """Here without family, seeking asylum."""
    PEER = "peer"
    """Those who exploit are under 18."""
    DRAWS_IN = "draws-in"
    """The child is made to draw others in."""
    CRIMINAL = "criminal"
    """Those who exploit the child make the child commit crimes as well."""
    TRUST = "trust"
    """An adult in a position of trust, of whom the designated officer of the council is told."""
    PARENT_FACILITATES = "parent-facilitates"
    ABUSE_AT_HOME = "abuse-at-home"
    """Abuse within the family that is not exploitation."""
    MISSING = "missing"
    IN_CONTROL = "in-control"
    """The child is 16 or 17 and seems to be in control."""
    HIGH_CONCERN_LOW_NUMBER = "high-concern-low"
    NOTHING_WRONG = "nothing-wrong"
    REVIEW = "review"
    """A SERAF was done before."""


class FirstCall(StrEnum):
    """Whom a professional gets in touch with first."""

    EMERGENCY = "emergency"
    """999."""
    ART = "art"
    """ART, or the Emergency Duty Team out of hours."""
    ALLOCATED = "allocated"
    """The allocated social work team."""
    ELSEWHERE = "elsewhere"
    """The front door of the area where the child lives."""
    LEAD = "lead"
    """The team manager or the designated safeguarding lead."""
    NOBODY = "nobody"
    """Nobody today: those who are already there go on."""


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a vignette that fits a card: a short title (who tells it) and what they tell."""

    title: str
    text: str


@dataclass(frozen=True, slots=True)
class Keyed:
    """The agreed answer to an item or question of a vignette.

    `place` is an item's id or a question's, `answer` the id of an option. `because` says why in one or two sentences of
    ours; `cites` is the sentence of the vignette that supports it, word for word, and empty only where nothing in the
    vignette speaks of it. `rules` are those that somebody who answers otherwise has missed. Where experts could differ,
    `other` is the second reading that counts as agreed too, and `other_because` says why one could read it so.
    """

    place: str
    answer: str
    because: str
    cites: str = ""
    rules: tuple[Rule, ...] = ()
    other: str = ""
    other_because: str = ""

    @property
    def is_contested(self) -> bool:
        """Whether both readings are taught as a discussion, and neither is marked wrong."""
        return bool(self.other)

    def agrees(self, answer: str | None) -> bool:
        """Whether an answer is the agreed one, or the other reading of a contested one."""
        return answer in (self.answer, self.other or self.answer)


@dataclass(frozen=True, slots=True)
class AgreedKey:
    """What the authors of a vignette agreed on.

    `keyed` has every item of the instrument, then the questions that the vignette settles, `judgement` among them.
    `total` (points) and `category` (1 to 4) are stated, so that a checker can prove them. `first_call` comes with its
    reason. `rules` is what the vignette teaches.
    """

    keyed: tuple[Keyed, ...]
    age: Age
    total: int
    category: int
    first_call: FirstCall
    first_call_because: str
    rules: tuple[Rule, ...]
    _by_place: Mapping[str, Keyed] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        age = Keyed("age", str(self.age), "", rules=tuple(rule for rule in self.rules if rule is Rule.UNDER_13))
        object.__setattr__(self, "_by_place", {age.place: age, **{each.place: each for each in self.keyed}})

    @property
    def places(self) -> tuple[Keyed, ...]:
        """Every agreed answer: the age, which the case tells and which needs no reason, then those of `keyed`."""
        return tuple(self._by_place.values())

    def read_as(self, given: Mapping[str, str]) -> "AgreedKey":
        """The key with the other reading at each contested place where that was given."""
        keyed = tuple(
            replace(each, answer=each.other) if each.other and given.get(each.place) == each.other else each
            for each in self.keyed
        )
        return replace(self, keyed=keyed)

    def of(self, place: str) -> Keyed | None:
        """The agreed answer at a place, or None where the vignette says nothing of it."""
        return self._by_place.get(place)

    def case(self, items: frozenset[str]) -> Case:
        """The case that the key describes, as the scoring rules take it; `items` are the ids of the instrument's items."""
        pairs = {each.place: each.answer for each in self.keyed}
        responses = {place: answer for place, answer in pairs.items() if place in items}
        answers = {place: answer for place, answer in pairs.items() if place not in items}
        return Case(self.age, Responses.of(responses), {**answers, "age": str(self.age)})


@dataclass(frozen=True, slots=True)
class Vignette:
    """A made-up case: no real child. `about` is one plain line for a menu, `warning` names what is hard to read in it.

    `themes` say what it is about; a board's own may have none.
    """

    id: str
    title: str
    about: str
    warning: str
    parts: tuple[Part, ...]
    key: AgreedKey
    themes: tuple[Theme, ...] = ()

    @property
    def text(self) -> str:
        """The whole of what is told."""
        return "\n\n".join(part.text for part in self.parts)


def vignette_file(vignette: Vignette) -> str:
    """The TOML of a vignette. Answers that say the same of several places stand once, in their order."""
    key = vignette.key
    around = {"id": vignette.id, "title": vignette.title, "about": vignette.about, "warning": vignette.warning}
    stated = {"age": key.age, "total": key.total, "category": key.category, "first_call": key.first_call}
    because = {"first_call_because": key.first_call_because, "rules": key.rules}
    tables: tuple[tuple[str, Mapping[str, object]], ...] = (
        ("", {**around, "themes": vignette.themes}),
        *(("[[parts]]", {"title": part.title, "text": part.text}) for part in vignette.parts),
        ("[key]", {**stated, **because}),
        *(("[[key.answers]]", row) for row in _answers(key.keyed)),
    )
    return "\n\n".join("\n".join(_lines(head, values)) for head, values in tables) + "\n"


def _answers(keyed: Iterable[Keyed]) -> Iterator[dict[str, object]]:
    for said, alike in groupby(keyed, key=lambda each: replace(each, place="")):
        yield {
            "places": tuple(each.place for each in alike),
            "answer": said.answer,
            "because": said.because,
            "cites": said.cites,
            "rules": said.rules,
            "other": said.other,
            "other_because": said.other_because,
        }


def _lines(head: str, values: Mapping[str, object]) -> Iterator[str]:
    if head:
        yield head
    yield from (f"{name} = {_written(value)}" for name, value in values.items() if value not in ("", ()))


def _written(value: object) -> str:
    """A value as TOML has it: its texts are written as those of JSON, but for one sign that JSON leaves as it is."""
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
