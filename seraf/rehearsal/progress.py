"""The rules that a made-up case practises, and a person's progress over their rehearsals."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import assert_never

from seraf.cases.vignette import Keyed, Rule
from seraf.errors import SerafError
from seraf.form.circumstances import Facts
from seraf.form.instrument import Instrument
from seraf.form.vocabulary import NOT_KNOWN, Age, Meaning
from seraf.rehearsal.critical_actions import PROTECTING, Critical, protects_less


def is_practised(rule: Rule, keyed: Keyed, *, instrument: Instrument, facts: Facts) -> bool:
    """Return True if a different answer here may mean that the rule was missed. `facts` are those of the whole case."""
    if keyed.place not in instrument:
        if rule is Rule.JUDGEMENT:
            return keyed.place == "judgement" and keyed.answer == "yes" and not facts["category"].isdisjoint({"1", "2"})
        if rule is Rule.TOLD_OR_SEEN:
            return keyed.place == "told_or_seen"
        return rule is Rule.NOT_KNOWN and keyed.answer == NOT_KNOWN
    item = instrument.item(keyed.place)
    answer, options = item.option(keyed.answer), item.section.options
    has_two_windows = any(option.means is Meaning.EARLIER for option in options)
    match rule:
        case Rule.BOTH_COLUMNS:
            least = min(option.points for option in options if option.means is Meaning.CURRENT)
            return has_two_windows and answer.means is Meaning.CURRENT and answer.points > least
        case Rule.FAMILY:
            return has_two_windows
        case Rule.UNDER_13:
            return Age.UNDER_13 in facts["age"] and has_two_windows and answer.is_present
        case Rule.NOT_KNOWN:
            return not answer.is_known
        case Rule.DISCUSSION:
            return "yes" in facts["manager_discussion"] and answer.is_present and has_two_windows
        case Rule.OTHER_HARM:
            return item.id in instrument.other_harm and answer.is_present
        case Rule.LOOK_BACK:
            return answer.is_known
        case Rule.SUSPICION:
            return answer.is_present
        case Rule.JUDGEMENT | Rule.TOLD_OR_SEEN:
            return False
    assert_never(rule)


def is_missed(rule: Rule, keyed: Keyed, *, given: str, instrument: Instrument) -> bool:
    """Return True if this answer, which differs from the agreed one, suggests that the person does not know the rule.

    No single item shows whether the addition for a child under 13 is known: only the whole case does, or the answer on
    age.
    """
    if keyed.place not in instrument:
        if rule is Rule.NOT_KNOWN:
            return given == "no"
        # An answer that protects more than the key misses no rule.
        return keyed.place not in PROTECTING or protects_less(keyed, given)
    item = instrument.item(keyed.place)
    answer, agreed = item.option(given), item.option(keyed.answer)
    match rule:
        case Rule.BOTH_COLUMNS | Rule.FAMILY:
            return answer.is_present
        case Rule.LOOK_BACK:
            has_windows = any(option.means is Meaning.EARLIER for option in item.section.options)
            # With two windows any other tick is in the wrong window; with one, the slip is a Yes for a No or the reverse.
            return answer.is_present if has_windows else answer.is_known and answer.is_present is not agreed.is_present
        case Rule.NOT_KNOWN:
            return answer.is_known and not answer.is_present
        case Rule.DISCUSSION | Rule.OTHER_HARM | Rule.SUSPICION:
            return not answer.is_present
        case Rule.UNDER_13 | Rule.JUDGEMENT | Rule.TOLD_OR_SEEN:
            return False
    assert_never(rule)


MOST_KEPT = 200
"""The maximum number of rehearsals stored for a person. A further one replaces the oldest."""

IN_A_ROW = 3
"""A rule counts as mastered after it was met in this many different vignettes without a miss in between."""

VERSION = 2
"""The format version that is written. A newer one is refused, not overwritten. Version 1 lacks critical actions."""


class NewerCourse(SerafError):
    """Raised if a newer release wrote the stored rehearsals."""


class Mode(StrEnum):
    """The way in which a person rehearsed."""

    PRACTICE = "practice"
    """The agreed answer is shown after each item."""
    TEST = "test"
    """The agreed answers are shown at the end."""
    EDGES = "edges"
    """The person did a set of drills; in an earlier release, a case that was generated to test one rule."""
    ROOM = "room"
    """The person rehearsed in a group."""
    PAIR = "pair"
    """The person rehearsed with one other person."""


@dataclass(frozen=True, slots=True)
class Rehearsed:
    """A finished rehearsal.

    `day` is its ISO date (local), `vignette` the id of the case; a generated case has a new id each time. `slips` are
    the critical actions that were missed, out of `asked`, which is 0 in format version 1. `agreed` of `of` items match
    the agreed answers. A rule that was met in one answer and missed in another counts as missed.
    """

    day: str
    vignette: str
    mode: Mode
    slips: tuple[Critical, ...]
    asked: int
    agreed: int
    of: int
    missed: tuple[Rule, ...]
    met: tuple[Rule, ...]

    @property
    def kept(self) -> int:
        """The number of critical actions that were not missed. Over-protective ones are included."""
        return self.asked - len(self.slips)


Course = tuple[Rehearsed, ...]
"""A person's finished rehearsals, oldest first."""


@dataclass(frozen=True, slots=True)
class Tally:
    """In how many rehearsals a rule was met, and in how many it was missed."""

    right: int
    wrong: int


def add(course: Course, rehearsed: Rehearsed) -> Course:
    """Return the rehearsals with this one added. If there are more than `MOST_KEPT`, the oldest is dropped."""
    return (*course, rehearsed)[-MOST_KEPT:]


def tallies(course: Course) -> Mapping[Rule, Tally]:
    """Return a tally for each rule that was met or missed, in the order of `Rule`."""
    outcomes = {rule: [is_met for _, is_met in _outcomes(course, rule)] for rule in Rule}
    return {rule: Tally(met.count(True), met.count(False)) for rule, met in outcomes.items() if met}


def is_mastered(course: Course, rule: Rule) -> bool:
    """Return True if the rule was met in three different vignettes since it was last missed.

    A repeated vignette counts once: it may only show that the person remembers the case.
    """
    met: set[str] = set()
    for vignette, is_met in _outcomes(course, rule):
        if not is_met:
            met.clear()
        else:
            met.add(vignette)
    return len(met) >= IN_A_ROW


def mastered(course: Course) -> tuple[Rule, ...]:
    """Return the mastered rules, in the order of `Rule`."""
    return tuple(rule for rule in Rule if is_mastered(course, rule))


def weak_rules(course: Course) -> tuple[Rule, ...]:
    """Return the rules that were missed and are not mastered, most missed first. In a tie `TOLD_OR_SEEN` is first."""
    wrong = {rule: tally.wrong for rule, tally in tallies(course).items() if tally.wrong}
    weak = [rule for rule in wrong if not is_mastered(course, rule)]
    return tuple(sorted(weak, key=lambda rule: (-wrong[rule], rule is not Rule.TOLD_OR_SEEN)))


def encode_course(course: Course) -> str:
    """Return the rehearsals as one line of JSON."""
    rows = [
        [row.day, row.vignette, row.mode, row.slips, row.asked, row.agreed, row.of, row.missed, row.met]
        for row in course
    ]
    return json.dumps({"v": VERSION, "course": rows}, separators=(",", ":"), ensure_ascii=False)


def decode_course(text: str) -> Course:
    """Return the rehearsals in a JSON text. Raise `NewerCourse` if this release does not know its version."""
    raw = json.loads(text)
    if raw["v"] > VERSION:
        raise NewerCourse(
            "The store was written by a newer release: run that release, or restore a backup of this one."
        )
    course = []
    for row in raw["course"]:
        if raw["v"] == VERSION:
            day, vignette, mode, slips, asked, agreed, of, missed, met = row
        else:  # version 1: `agreed` was of all answers, and critical actions were unknown
            day, vignette, mode, agreed, of, missed, met, _ = row
            slips, asked = (), 0
        rehearsed = Rehearsed(
            day=day,
            vignette=vignette,
            mode=Mode(mode),
            slips=tuple(map(Critical, slips)),
            asked=asked,
            agreed=agreed,
            of=of,
            missed=tuple(map(Rule, missed)),
            met=tuple(map(Rule, met)),
        )
        course.append(rehearsed)
    return tuple(course)


def _outcomes(course: Course, rule: Rule) -> Iterator[tuple[str, bool]]:
    """Yield, for each rehearsal that met or missed the rule, its vignette, and True if the rule was not missed."""
    for rehearsed in course:
        if rule in rehearsed.missed or rule in rehearsed.met:
            yield rehearsed.vignette, rule not in rehearsed.missed
