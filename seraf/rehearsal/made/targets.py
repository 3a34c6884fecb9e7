"""The targets of generated cases, the results of sets of answers, and the mixes of answers that reach a target."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import lru_cache
from itertools import combinations

from seraf.cases.fragments import Fragments, Telling
from seraf.cases.seed import Seed
from seraf.cases.vignette import Rule
from seraf.form.circumstances import Facts
from seraf.form.instrument import Instrument, Option, Section
from seraf.form.vocabulary import Age, Meaning


@dataclass(frozen=True, slots=True)
class AnswerKind:
    """Answers of equal value: an option of a section, and the items that have a statement with that option."""

    section: Section
    option: Option
    items: tuple[str, ...]
    is_sign: bool = field(init=False, compare=False)
    """True if the option means that the item is present and the section has two look-back windows."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "is_sign", self.option.is_present and has_two_windows(self.section))


Counted = Iterable[tuple[AnswerKind, int]]
"""Kinds of answers, each with how many such answers there are."""


@dataclass(frozen=True, slots=True)
class AnswerCounts:
    """The number of answers (`told`), and of answers of certain kinds.

    `signs` are present in a section with two windows. `current` and `wide` (present in both windows) are among them.
    """

    told: int
    signs: int
    current: int
    wide: int
    unknown: int


@dataclass(frozen=True, slots=True)
class Outlook:
    """The result of a set of answers: points, categories, and counts of items.

    `added` is the part of `total` that comes from additions, `highest` the category that unknown items allow. `starts`
    maps a category to its lowest total. `opening` and `sign` are the points of the opening statement and of a current
    sign.
    """

    total: int
    added: int
    category: int
    highest: int
    counts: AnswerCounts
    opening: int
    sign: int
    is_low: bool
    starts: Mapping[int, int]

    def falls_by(self, points: int) -> bool:
        """Return True if a total lower by this many points would be in a lower category."""
        return category_at(self.starts, self.total - points) < self.category

    def rises_by(self, points: int) -> bool:
        """Return True if a total higher by this many points would be in a higher category."""
        return category_at(self.starts, self.total + points) > self.category


def has_two_windows(section: Section) -> bool:
    """Return True if the section distinguishes its current look-back window from an earlier one."""
    return any(option.means is Meaning.EARLIER for option in section.options)


def is_wide(section: Section, option: Option) -> bool:
    """Return True if the option means that an item is present in both windows.

    In a section with two windows, that is the option for the current window that has more points.
    """
    current = [each for each in section.options if each.means is Meaning.CURRENT]
    return len(current) > 1 and has_two_windows(section) and option is max(current, key=lambda each: each.points)


def category_at(starts: Mapping[int, int], total: int) -> int:
    """Return the category of a total, given the lowest total of each category."""
    return max((category for category, lowest in starts.items() if lowest <= total), default=min(starts))


def kinds_of(fragments: Fragments, instrument: Instrument, *, age: Age) -> tuple[AnswerKind, ...]:
    """Return each kind of answer, except absent, for which there is a plain statement at this age, in item order."""
    kinds = []
    for section in instrument.sections:
        for option in (option for option in section.options if option.means is not Meaning.ABSENT):
            items = tuple(
                item.id
                for item in instrument.of_section(section.id)
                if (said := fragments.plain(item.id, option.id)) and said.is_of(age)
            )
            kinds.append(AnswerKind(section, option, items))
    return tuple(kind for kind in kinds if kind.items)


def outlook(instrument: Instrument, age: Age, *, counted: Counted, opening: int, sign: int) -> Outlook:
    """Return the result of the answers in `counted`, which has kinds of answers and how many there are of each."""
    given = tuple((kind, count) for kind, count in counted if count)
    points = sum(kind.option.points * count for kind, count in given)
    unknown = tuple((kind, count) for kind, count in given if not kind.option.is_known)
    added = _added(instrument, age, kinds=[kind for kind, _ in given if kind.option.is_present])
    # As `scoring.score` counts it, though the items are still open; the finished case is scored again.
    most = sum(max(option.points for option in kind.section.options) * count for kind, count in unknown)
    most += _added(instrument, age, kinds=[kind for kind, _ in given], could_be=True)
    starts = {band.category: band.lowest for band in instrument.bands}
    category = category_at(starts, points + added)
    signs = tuple((kind, count) for kind, count in given if kind.is_sign)
    current = tuple((kind, count) for kind, count in signs if kind.option.means is Meaning.CURRENT)
    return Outlook(
        total=points + added,
        added=added,
        category=category,
        highest=category_at(starts, points + most),
        counts=AnswerCounts(
            told=sum(count for _, count in given),
            signs=sum(count for _, count in signs),
            current=sum(count for _, count in current),
            wide=sum(count for kind, count in current if is_wide(kind.section, kind.option)),
            unknown=sum(count for _, count in unknown),
        ),
        opening=opening,
        sign=sign,
        is_low=category in instrument.manager_discussion.categories,
        starts=starts,
    )


def _added(instrument: Instrument, age: Age, *, kinds: list[AnswerKind], could_be: bool = False) -> int:
    """Return the points of the additions. One that depends on single items counts only in the finished case."""
    current = [
        kind for kind in kinds if kind.option.means is Meaning.CURRENT or (could_be and not kind.option.is_known)
    ]
    facts: Facts = {
        "age": frozenset({age}),
        "present": frozenset(kind.section.id for kind in kinds),
        "current": frozenset(kind.section.id for kind in current),
    }
    return sum(each.points for each in instrument.additions if each.when.holds(facts))


def worth_of_a_sign(instrument: Instrument) -> int:
    """Return the points of a sign present only in the current window. If options differ, return the minimum."""
    two = [section for section in instrument.sections if has_two_windows(section)]
    points = [option.points for section in two for option in section.options if option.means is Meaning.CURRENT]
    return min(points, default=0)


class Target(StrEnum):
    """What a generated case tests. “Below” is the highest total of the category below, “at” the lowest of this one."""

    BELOW_2 = "below-2"
    AT_2 = "at-2"
    BELOW_3 = "below-3"
    AT_3 = "at-3"
    BELOW_4 = "below-4"
    AT_4 = "at-4"
    BOTH_COLUMNS = "both-columns"
    """An indicator present in both windows. With one point fewer, the category would be lower."""
    UNDER_13 = "under-13"
    """A current sign at an age under 13. Without the addition for that age, the category would be different."""
    UNDER_13_EARLIER = "under-13-earlier"
    """Only earlier signs at an age under 13. Without the addition for that age, the category would be different."""
    FAMILY = "family"
    """Harm within the family. If it were scored as a significant indicator, the category would be different."""
    LOOK_BACK = "look-back"
    """An event just before the look-back window. If it were ticked, the category would be different."""
    SUSPICION = "suspicion"
    """A sign that is suspected but not proved. Without it, the category would be different."""
    NOT_KNOWN = "not-known"
    """Items that nobody has looked into could raise the category."""
    JUDGEMENT = "judgement"
    """High concern at a low score, without any significant indicator."""
    DISCUSSION = "discussion"
    """A significant indicator in a low category: discuss it with a manager."""
    OTHER_HARM = "other-harm"
    """Harm of another kind in the lowest category, without any significant indicator."""
    LITTLE = "little"
    """Few facts with points, and one before the look-back window: a low score, where the concern may be high."""


@dataclass(frozen=True, slots=True)
class Plan:
    """How to build a case for a target.

    The outlook has to meet `goal`. `rules` are practised, and `ages` are the possible age bands. With `opens`, one
    statement settles its item in that way; if it is `PLAIN`, the statement is about other harm. `harm` allows other
    harm elsewhere too, `asks` allows unknown items, and `presses` allows danger or a disclosure today.
    """

    rules: tuple[Rule, ...]
    goal: Callable[[Outlook], bool]
    ages: tuple[Age, ...] = (Age.FROM_13_TO_15, Age.FROM_16_TO_17)
    opens: Telling | None = None
    harm: bool = True
    asks: bool = False
    presses: bool = True


EDGE = (Rule.LOOK_BACK, Rule.BOTH_COLUMNS)
"""The rules practised just below and at the lowest total of a category, where the time of an event decides."""


def _below(category: int) -> Plan:
    return Plan(EDGE, lambda it: it.total + 1 == it.starts.get(category) and it.counts.signs > 0)


def _at(category: int) -> Plan:
    return Plan(EDGE, lambda it: it.total == it.starts.get(category) and it.counts.signs > 0)


MOST_LITTLE = 3
"""The maximum number of answers in a case with few facts. Fillers do not count."""

ANY_AGE = (Age.UNDER_13, Age.FROM_13_TO_15, Age.FROM_16_TO_17)
CHILDREN = (Age.UNDER_13,)

PLANS: dict[Target, Plan] = {
    Target.BELOW_2: _below(2),
    Target.AT_2: _at(2),
    Target.BELOW_3: _below(3),
    Target.AT_3: _at(3),
    Target.BELOW_4: _below(4),
    Target.AT_4: _at(4),
    Target.BOTH_COLUMNS: Plan((Rule.BOTH_COLUMNS,), lambda it: it.counts.wide > 0 and it.falls_by(1)),
    Target.UNDER_13: Plan((Rule.UNDER_13,), lambda it: it.counts.current > 0 and it.falls_by(it.added), CHILDREN),
    # The comparison is chained: there are signs, and none of them is current.
    Target.UNDER_13_EARLIER: Plan(
        (Rule.UNDER_13, Rule.LOOK_BACK),
        lambda it: it.counts.signs > 0 == it.counts.current and it.falls_by(it.added),
        CHILDREN,
    ),
    Target.FAMILY: Plan((Rule.FAMILY, Rule.OTHER_HARM), lambda it: it.rises_by(it.sign), opens=Telling.FAMILY),
    Target.LOOK_BACK: Plan((Rule.LOOK_BACK,), lambda it: it.rises_by(1), opens=Telling.OUTSIDE),
    Target.SUSPICION: Plan((Rule.SUSPICION,), lambda it: it.falls_by(it.opening), opens=Telling.SUSPECTED),
    Target.NOT_KNOWN: Plan(
        (Rule.NOT_KNOWN,),
        lambda it: 1 < it.counts.unknown < 5 and it.counts.told > it.counts.unknown + 1 and it.highest > it.category,
        asks=True,
    ),
    Target.JUDGEMENT: Plan(
        (Rule.JUDGEMENT,),
        lambda it: it.is_low and it.counts.signs == 0 and it.counts.told > 2,
        ANY_AGE,
        harm=False,
        presses=False,
    ),
    Target.DISCUSSION: Plan(
        (Rule.DISCUSSION,), lambda it: it.is_low and it.counts.signs > 0, harm=False, presses=False
    ),
    Target.OTHER_HARM: Plan(
        (Rule.OTHER_HARM,),
        lambda it: it.category == 1 and it.counts.signs == 0,
        ANY_AGE,
        opens=Telling.PLAIN,
        harm=False,
    ),
    Target.LITTLE: Plan(
        (Rule.LOOK_BACK,),
        lambda it: it.category == 1 and it.counts.signs == 0 and it.counts.told <= MOST_LITTLE,
        ANY_AGE,
        opens=Telling.OUTSIDE,
        harm=False,
        presses=False,
    ),
}
"""The plan for each target."""


def aims_for(tried: Mapping[Rule, tuple[int, int]]) -> tuple[Target, ...]:
    """Return every target, most needed first, given how often a person met and missed each rule (`tried`).

    Targets of missed rules come first, by their share of misses; then targets of rules never tried; then the rest.
    """

    def need(rule: Rule) -> float:
        right, wrong = tried.get(rule, (0, 0))
        if wrong:
            return 1 + wrong / (right + wrong)
        return 0 if right else 0.5

    return tuple(sorted(Target, key=lambda aim: -max(map(need, PLANS[aim].rules))))


MOST = 7
"""The maximum number of statements that do not deny an item. More would fit neither the parts nor a reader's memory."""
MOST_ALIKE = 4
"""The maximum number of items in a section that have the same answer."""
MOST_SIGNS = 3
"""The maximum number of present items in sections with two look-back windows."""
MOST_UNKNOWN = 2
"""The maximum number of unknown items in a section."""

Mix = tuple[tuple[AnswerKind, int], ...]
"""Kinds of answers, each with the number of items that get such an answer."""


@dataclass(frozen=True, slots=True)
class Ground:
    """The fixed start of a case: its target, the age, and the present answers of the opening statement (`counted`).

    `taken` is the number of opening statements (0 or 1), even if they have no points.
    """

    aim: Target
    age: Age
    counted: Mix
    taken: int


@lru_cache(maxsize=512)
def mixes(
    instrument: Instrument, ground: Ground, *, kinds: tuple[AnswerKind, ...], followers: frozenset[str]
) -> tuple[Mix, ...]:
    """Return every mix that reaches the goal. No mix needs items in `followers`, which copy another item's answer."""
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
    """Yield every way of giving each kind a count, so that there are at most `room` answers."""
    if not kinds:
        yield ()
        return
    first, *others = kinds
    most = MOST_SIGNS if first.is_sign else MOST_ALIKE if first.option.is_known else MOST_UNKNOWN
    for count in range(min(most, room) + 1):
        yield from (((first, count), *rest) for rest in _counts(tuple(others), room - count))


def _fits(mix: Mix, followers: frozenset[str]) -> bool:
    """Return True if each kind has enough items that follow no other item, and there are not too many signs."""
    if sum(count for kind, count in mix if kind.is_sign) > MOST_SIGNS:
        return False
    needed = Counter[str]()
    for kind, count in mix:
        needed[kind.section.id] += count
    return all(len(set(kind.items) - followers) >= needed[kind.section.id] for kind, count in mix if count)


def answers_of(mix: Mix, given: Mapping[str, str], *, follows: Mapping[str, str], seed: Seed) -> dict[str, str]:
    """Return a mapping from item to answer: those in `given`, and one way of assigning the mix to items."""
    answers = dict(given)
    for section in dict.fromkeys(kind.section.id for kind, _ in mix):
        parts = [(kind, count) for kind, count in mix if kind.section.id == section and count]
        ways = []
        for way in _ways(parts, frozenset(answers)):
            # An item that follows another has the same answer as that one.
            now = {**answers, **dict(way)}
            if all(item not in follows or now.get(follows[item]) == answer for item, answer in way):
                ways.append(way)
        # There is a way at least: `_fits` counted only items that follow no other.
        answers.update(seed.one(ways, f"items of {section}"))
    return answers


def _ways(parts: list[tuple[AnswerKind, int]], used: frozenset[str]) -> Iterator[tuple[tuple[str, str], ...]]:
    """Yield every way of assigning the answers to items that are not in `used`."""
    if not parts:
        yield ()
        return
    (kind, count), *others = parts
    for items in combinations([item for item in kind.items if item not in used], count):
        here = tuple((item, kind.option.id) for item in items)
        yield from ((*here, *rest) for rest in _ways(others, used | set(items)))
