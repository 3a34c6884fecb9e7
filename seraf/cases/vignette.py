"""A vignette: a made-up case with agreed answers."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import time
from enum import StrEnum

from seraf.form.responses import Case, Responses
from seraf.form.vocabulary import Age


class Rule(StrEnum):
    """A rule of the questionnaire that people often miss and that a vignette can train."""

    BOTH_COLUMNS = (
        "both-columns"  # both windows of a significant indicator are 6 points (“Significant risk indicators”)
    )
    FAMILY = "family"  # exploitation within the family is not scored as significant (“Significant risk indicators”)
    UNDER_13 = "under-13"  # under 13 with a significant indicator adds five points, once
    LOOK_BACK = "look-back"  # only what lies within the section's window counts
    SUSPICION = "suspicion"  # the standard is reasoned suspicion, not proof
    NOT_KNOWN = "not-known"  # what was not looked into is not known, which is never “no”
    DISCUSSION = (
        "discussion"  # a significant indicator in Category 1 or 2 needs the manager (“Responding to the SERAF”)
    )
    OTHER_HARM = "other-harm"  # harm of another kind is a reason to call whatever the total
    JUDGEMENT = "judgement"  # high concern at a low score: the judgement decides
    TOLD_OR_SEEN = "told-or-seen"  # what a child told or somebody saw comes before any score


class Theme(StrEnum):
    """A subject of a vignette. People choose by theme, and a test proves that the vignettes of a pack are varied."""

    BOY = "boy"
    GIRL = "girl"
    HOME = "home"  # lives with family
    IN_CARE = "in-care"
    CARE_LEAVER = "care-leaver"
    SCHOOL = "school"  # noticed, or happening, at school, college or training
    ONLINE_ONLY = "online-only"  # the child has met nobody in person
    DISABLED = "disabled"
    MINORITY = "minority"  # from an ethnic minority, mentioned as part of who the child is
    ASYLUM = "asylum"  # here without family, seeking asylum
    PEER = "peer"  # the exploiters are under 18
    DRAWS_IN = "draws-in"  # made to draw others in
    CRIMINAL = "criminal"  # made to commit crimes as well
    TRUST = "trust"  # an adult in a position of trust, a matter for the council's designated officer
    PARENT_FACILITATES = "parent-facilitates"
    ABUSE_AT_HOME = "abuse-at-home"  # abuse within the family that is not exploitation
    MISSING = "missing"
    IN_CONTROL = "in-control"  # 16 or 17 and apparently in control
    HIGH_CONCERN_LOW_NUMBER = "high-concern-low"
    NOTHING_WRONG = "nothing-wrong"
    REVIEW = "review"  # there was a SERAF before


class FirstCall(StrEnum):
    """The first contact that a professional should make."""

    EMERGENCY = "emergency"  # 999
    ART = "art"  # ART, or the Emergency Duty Team out of hours
    ALLOCATED = "allocated"  # the allocated social work team
    ELSEWHERE = "elsewhere"  # social care of the area where the child lives
    LEAD = "lead"  # the team manager or designated safeguarding lead
    NOBODY = "nobody"  # no call today: services already involved continue


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a vignette, which fits on a card: its title, which names the narrator, and its text."""

    title: str
    text: str


@dataclass(frozen=True, slots=True)
class Keyed:
    """The agreed answer to an item or question of a vignette.

    `place` is the id of the item or question, `answer` the id of an option. `because` is our reason in one or two
    sentences; `cites` is the supporting sentence of the vignette, word for word, and empty if there is none. `rules`
    are the rules that a person with a different answer missed. If experts could differ, `other` is a second answer that
    is accepted as well, and `other_because` its reason.
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
        """True if a second answer is accepted. Both are then discussed, and neither is marked wrong."""
        return bool(self.other)

    def agrees(self, answer: str | None) -> bool:
        """Return True if this is the agreed answer, or the second answer if there is one."""
        return answer in (self.answer, self.other or self.answer)


@dataclass(frozen=True, slots=True)
class AgreedKey:
    """The agreed answers of a vignette (its key), and what its authors concluded from them.

    `keyed` has every item of the instrument, then the questions that the vignette settles, including `judgement`.
    `total` (points) and `category` (1 to 4) are stated so that a check can prove them. `first_call` has its own reason.
    `rules` are the rules that the vignette trains.
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
        object.__setattr__(self, "_by_place", {age.place: age, **{keyed.place: keyed for keyed in self.keyed}})

    @property
    def places(self) -> tuple[Keyed, ...]:
        """Every agreed answer: that on age, which needs no reason, then those of `keyed`."""
        return tuple(self._by_place.values())

    def read_as(self, given: Mapping[str, str]) -> "AgreedKey":
        """Return the agreed answers, with the second one instead of the first wherever `given` has the second."""
        readings = tuple(
            replace(keyed, answer=keyed.other) if keyed.other and given.get(keyed.place) == keyed.other else keyed
            for keyed in self.keyed
        )
        return replace(self, keyed=readings)

    def of(self, place: str) -> Keyed | None:
        """Return the agreed answer to this item or question, or None if the vignette does not settle it."""
        return self._by_place.get(place)

    def case(self, items: frozenset[str]) -> Case:
        """Return the case that has the agreed answers. `items` are the ids of the instrument's items."""
        pairs = {keyed.place: keyed.answer for keyed in self.keyed}
        responses = {place: answer for place, answer in pairs.items() if place in items}
        answers = {place: answer for place, answer in pairs.items() if place not in items}
        return Case(self.age, Responses.of(responses), {**answers, "age": str(self.age)})


CALLS: Mapping[str, FirstCall] = {
    "emergency": FirstCall.EMERGENCY,
    "art": FirstCall.ART,
    "edt": FirstCall.ART,
    "elsewhere": FirstCall.ELSEWHERE,
    "allocated": FirstCall.ALLOCATED,
    "lead": FirstCall.LEAD,
    "nobody": FirstCall.NOBODY,
}
"""The first call that each `StageChoice.rings` is. Any other contact, such as the police on 101, is none."""

IN_HOUSE = ("allocated", "lead", "nobody")
"""Whom somebody rings without a contact of the pack: the allocated team, their manager or safeguarding lead, nobody."""


@dataclass(frozen=True, slots=True)
class StageChoice:
    """Something to do at a stage of a vignette, or a reply to what the other end `asks` back.

    `rings` is the id of a contact, one of `IN_HOUSE`, or empty. Whether a first call is in line is decided by the bot's
    own card, and `fits` is None; anything else `fits` or not. `then` is what follows at once, `because` why it is in line
    or not, by the heading `source` or “ours”, and `missed` what it would mean for the child. `next` is the id of the next
    stage; it is empty for a reply that leads where its choice does.
    """

    label: str
    then: str
    because: str
    next: str = ""
    rings: str = ""
    fits: bool | None = None
    missed: str = ""
    source: str = ""
    asks: str = ""
    replies: "tuple[StageChoice, ...]" = ()


@dataclass(frozen=True, slots=True)
class CaseStage:
    """A stage of a vignette: a weekday (0 is Monday) and a time, what is known then, and what can be done. An end has no `choices`.

    `first_call` is step 1 of the card for what is known by then, `missed` what happens to the child if it is left undone.
    `answers` hold from this stage on, instead of the agreed ones, until a later stage says otherwise.
    """

    id: str
    clock: str
    day: int
    at: time
    text: str
    first_call: FirstCall = FirstCall.NOBODY
    first_call_because: str = ""
    missed: str = ""
    answers: tuple[Keyed, ...] = ()
    choices: tuple[StageChoice, ...] = ()


@dataclass(frozen=True, slots=True)
class Vignette:
    """A made-up case, with no real child behind it. `about` describes it in a menu; `warning` names what may distress.

    A vignette that a board wrote itself may have no `themes`. One with `stages` unfolds: its `parts` are then those that
    somebody reads who does what is due at each stage.
    """

    id: str
    title: str
    about: str
    warning: str
    parts: tuple[Part, ...]
    key: AgreedKey
    themes: tuple[Theme, ...] = ()
    stages: tuple[CaseStage, ...] = ()

    @property
    def text(self) -> str:
        """The whole story, without the titles of its parts."""
        return "\n\n".join(part.text for part in self.parts)
