"""Every set of answers that hits an edge, found by counting and never by trying one's luck; a seed then takes one of them."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from itertools import combinations

from seraf.cases.seed import Seed
from seraf.form.instrument import Instrument
from seraf.form.vocabulary import Age
from seraf.rehearsal.made.tally import AnswerKind, outlook, worth_of_a_sign
from seraf.rehearsal.made.targets import PLANS, Target

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
