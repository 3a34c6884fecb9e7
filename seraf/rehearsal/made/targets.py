"""What a made-up case is to practise, and which answers that takes."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from itertools import combinations

from seraf.cases.fragments import Telling
from seraf.cases.seed import Seed
from seraf.cases.vignette import Rule
from seraf.form.instrument import Instrument
from seraf.form.vocabulary import Age
from seraf.rehearsal.made.tally import AnswerKind, Outlook, outlook, worth_of_a_sign


class Target(StrEnum):
    """An edge. “Below” is the highest total of the category before, “at” the lowest total of the category itself."""

    BELOW_2 = "below-2"
    AT_2 = "at-2"
    BELOW_3 = "below-3"
    AT_3 = "at-3"
    BELOW_4 = "below-4"
    AT_4 = "at-4"
    BOTH_COLUMNS = "both-columns"
    """One indicator in both windows; five points instead of six would be another category."""
    UNDER_13 = "under-13"
    """A current sign and an age under 13; without the addition it would be another category."""
    UNDER_13_EARLIER = "under-13-earlier"
    """The same, resting on a sign of the earlier window alone."""
    FAMILY = "family"
    """Harm within the family; read as a significant indicator it would be another category."""
    LOOK_BACK = "look-back"
    """Something just outside the window; ticked, it would be another category."""
    SUSPICION = "suspicion"
    """Something that is suspected and not proved; left out, it would be another category."""
    NOT_KNOWN = "not-known"
    """What nobody has looked into could make it another category."""
    JUDGEMENT = "judgement"
    """High concern at a low number, without any significant indicator."""
    DISCUSSION = "discussion"
    """A significant indicator in a low category: the manager's talk."""
    OTHER_HARM = "other-harm"
    """Harm of another kind in the lowest category, without any significant indicator."""
    LITTLE = "little"
    """Little is told that counts, and something that lies before the window: the number is low, and so may the worry be."""


@dataclass(frozen=True, slots=True)
class Plan:
    """How a case for an aim is built.

    `goal` has to hold of it, `rules` are what it trains, `ages` whom it may be about. Where `opens` is given, one
    statement is told in that way, or, with `PLAIN`, says something that counts as other harm. `harm` allows other harm
    as well, `asks` leaves things not known, and `presses` lets the child be in danger, or have told of it.
    """

    rules: tuple[Rule, ...]
    goal: Callable[[Outlook], bool]
    ages: tuple[Age, ...] = (Age.FROM_13_TO_15, Age.FROM_16_TO_17)
    opens: Telling | None = None
    harm: bool = True
    asks: bool = False
    presses: bool = True


EDGE = (Rule.LOOK_BACK, Rule.BOTH_COLUMNS)
"""What decides on the edge of a category: which window something lies in."""


def _below(category: int) -> Plan:
    return Plan(EDGE, lambda it: it.total + 1 == it.starts.get(category) and it.signs > 0)


def _at(category: int) -> Plan:
    return Plan(EDGE, lambda it: it.total == it.starts.get(category) and it.signs > 0)


MOST_LITTLE = 3
"""The most that is told of a case in which little is wrong, apart from what nobody has to tick."""

ANY_AGE = (Age.UNDER_13, Age.FROM_13_TO_15, Age.FROM_16_TO_17)
CHILDREN = (Age.UNDER_13,)

PLANS: dict[Target, Plan] = {
    Target.BELOW_2: _below(2),
    Target.AT_2: _at(2),
    Target.BELOW_3: _below(3),
    Target.AT_3: _at(3),
    Target.BELOW_4: _below(4),
    Target.AT_4: _at(4),
    Target.BOTH_COLUMNS: Plan((Rule.BOTH_COLUMNS,), lambda it: it.wide > 0 and it.falls_by(1)),
    Target.UNDER_13: Plan((Rule.UNDER_13,), lambda it: it.current > 0 and it.falls_by(it.added), CHILDREN),
    # The comparison is chained: there are signs, and none of them is current.
    Target.UNDER_13_EARLIER: Plan(
        (Rule.UNDER_13, Rule.LOOK_BACK), lambda it: it.signs > 0 == it.current and it.falls_by(it.added), CHILDREN
    ),
    Target.FAMILY: Plan((Rule.FAMILY, Rule.OTHER_HARM), lambda it: it.rises_by(it.sign), opens=Telling.FAMILY),
    Target.LOOK_BACK: Plan((Rule.LOOK_BACK,), lambda it: it.rises_by(1), opens=Telling.OUTSIDE),
    Target.SUSPICION: Plan((Rule.SUSPICION,), lambda it: it.falls_by(it.opening), opens=Telling.SUSPECTED),
    Target.NOT_KNOWN: Plan(
        (Rule.NOT_KNOWN,),
        lambda it: 1 < it.unknown < 5 and it.told > it.unknown + 1 and it.highest > it.category,
        asks=True,
    ),
    Target.JUDGEMENT: Plan(
        (Rule.JUDGEMENT,),
        lambda it: it.is_low and it.signs == 0 and it.told > 2,
        ANY_AGE,
        harm=False,
        presses=False,
    ),
    Target.DISCUSSION: Plan((Rule.DISCUSSION,), lambda it: it.is_low and it.signs > 0, harm=False, presses=False),
    Target.OTHER_HARM: Plan(
        (Rule.OTHER_HARM,), lambda it: it.category == 1 and it.signs == 0, ANY_AGE, opens=Telling.PLAIN, harm=False
    ),
    Target.LITTLE: Plan(
        (Rule.LOOK_BACK,),
        lambda it: it.category == 1 and it.signs == 0 and it.told <= MOST_LITTLE,
        ANY_AGE,
        opens=Telling.OUTSIDE,
        harm=False,
        presses=False,
    ),
}
"""The plan of each aim."""


def aims_for(tried: Mapping[Rule, tuple[int, int]]) -> tuple[Target, ...]:
    """Every aim, in the order in which somebody needs it, from how often they had each rule right and wrong.

    Those of rules that were missed come first, the greater share first; then those of rules never tried; then the rest.
    """
    return tuple(sorted(Target, key=lambda aim: -max(_need(tried.get(rule, (0, 0))) for rule in PLANS[aim].rules)))


def _need(tried: tuple[int, int]) -> float:
    """How much a rule needs practice: 1 to 2 where it was missed, 0.5 where it was never tried, 0 where it never was missed."""
    right, wrong = tried
    if wrong:
        return 1 + wrong / (right + wrong)
    return 0 if right else 0.5


MOST = 7
"""The most statements of a case that are not absent: more would not fit the parts, or the head."""
MOST_ALIKE = 4
"""The most items that get the same answer of a section."""
MOST_SIGNS = 3
"""The most present indicators of a section with two windows."""
MOST_UNKNOWN = 2
"""The most items of a section that are left not known."""

Mix = tuple[tuple[AnswerKind, int], ...]
"""How many items get each kind of answer."""


@dataclass(frozen=True, slots=True)
class Ground:
    """What stands before the rest is chosen: the aim, the age, and what the opening statement already counts as.

    `taken` is how many statements the opening is, whether or not it counts.
    """

    aim: Target
    age: Age
    counted: Mix
    taken: int


@lru_cache(maxsize=512)
def mixes(
    instrument: Instrument, ground: Ground, *, kinds: tuple[AnswerKind, ...], followers: frozenset[str]
) -> tuple[Mix, ...]:
    """Every mix with which the goal of the aim is met, in a fixed order. `followers` are never needed for one."""
    goal = PLANS[ground.aim].goal
    opening = sum(kind.option.points * count for kind, count in ground.counted)
    sign = worth_of_a_sign(instrument)
    return tuple(
        mix
        for mix in _counts(kinds, MOST - ground.taken)
        if _fits(mix, followers)
        and goal(outlook(instrument, ground.age, counted=(*ground.counted, *mix), opening=opening, sign=sign))
    )


def _counts(kinds: tuple[AnswerKind, ...], room: int) -> Iterator[Mix]:
    """Every way of giving each kind a count, `room` statements at most."""
    if not kinds:
        yield ()
        return
    first, *others = kinds
    most = MOST_SIGNS if first.is_sign else MOST_ALIKE if first.option.is_known else MOST_UNKNOWN
    for count in range(min(most, room) + 1):
        yield from (((first, count), *rest) for rest in _counts(tuple(others), room - count))


def _fits(mix: Mix, followers: frozenset[str]) -> bool:
    """Whether there are items enough in each section, and not too many signs."""
    if sum(count for kind, count in mix if kind.is_sign) > MOST_SIGNS:
        return False
    return all(len(set(kind.items) - followers) >= _needed(mix, kind) for kind, count in mix if count)


def _needed(mix: Mix, like: AnswerKind) -> int:
    return sum(count for kind, count in mix if kind.section.id == like.section.id)


def answers_of(mix: Mix, given: Mapping[str, str], *, follows: Mapping[str, str], seed: Seed) -> dict[str, str]:
    """Item to answer: what was given, and for each section of the mix one of the ways of giving its answers to items."""
    answers = dict(given)
    for section in dict.fromkeys(kind.section.id for kind, _ in mix):
        parts = [(kind, count) for kind, count in mix if kind.section.id == section and count]
        ways = [way for way in _ways(parts, frozenset(answers)) if _follow({**answers, **dict(way)}, follows, way=way)]
        # There is a way at least: `_fits` counted only items that follow no other.
        answers.update(seed.one(ways, f"items of {section}"))
    return answers


def _ways(parts: list[tuple[AnswerKind, int]], used: frozenset[str]) -> Iterator[tuple[tuple[str, str], ...]]:
    """Every way of giving the answers to items that are not used yet."""
    if not parts:
        yield ()
        return
    (kind, count), *others = parts
    for items in combinations([item for item in kind.items if item not in used], count):
        here = tuple((item, kind.option.id) for item in items)
        yield from ((*here, *rest) for rest in _ways(others, used | set(items)))


def _follow(answers: Mapping[str, str], follows: Mapping[str, str], *, way: Iterable[tuple[str, str]]) -> bool:
    """Whether every item of the way that follows another has the same answer as that one."""
    return all(item not in follows or answers.get(follows[item]) == answer for item, answer in way)
